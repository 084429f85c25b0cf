"""What a person sees and does: the only place for PySide6."""
