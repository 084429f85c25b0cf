"""Every call, as it arrives."""
