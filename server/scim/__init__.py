"""The SCIM protocol (RFC 7643, 7644) as functions over plain JSON values."""
