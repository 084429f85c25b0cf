"""The server as a person sees it."""
