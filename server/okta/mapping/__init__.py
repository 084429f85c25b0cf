"""From an Okta profile to what Blink does with it: app profile, mappings, payload, preflight."""
