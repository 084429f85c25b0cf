"""Tests, and the programs that show and measure."""
