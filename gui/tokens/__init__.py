"""The tokens of an organization."""
