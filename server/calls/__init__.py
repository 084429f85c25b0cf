"""What a recorded call is, and how it is redacted, explained and exported."""
