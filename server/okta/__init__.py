"""The other side of the wire: what Okta holds and sends."""
