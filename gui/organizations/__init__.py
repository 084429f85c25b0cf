"""Choosing, making and removing customers."""
