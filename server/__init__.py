"""What SCIM, Blink and Okta mean; no screen and no SQL."""
