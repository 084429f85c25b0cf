"""Everybody through the mappings, before Okta sends anybody."""
