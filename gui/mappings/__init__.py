"""The Mappings page: Okta's attribute mappings, and what they lead to at Blink."""
