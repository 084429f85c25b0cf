"""Filters: their grammar, their meaning in memory; the stores compile the same tree to SQL."""
