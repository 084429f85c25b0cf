"""The people whom Okta knows."""
