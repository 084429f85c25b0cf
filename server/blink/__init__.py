"""What is Blink's own: uniqueness, linking, defaults, and the wording of refusals."""
