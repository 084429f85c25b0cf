"""Who sent a call, by the mark that this program sets, or else by its User-Agent."""

from server.calls.call import Call

ORIGIN_HEADER = "X-Blink-Desk-Origin"
"""With it the program's own clients say which of ``ORIGIN_MARKS`` they are; it is not recorded."""

ORIGIN_MARKS = ("Replay", "Simulator")


def from_okta(call: Call) -> bool:
    """Say whether Okta's SCIM client sent the call."""
    return origin(call) == "Okta"


def from_entra(call: Call) -> bool:
    """Say whether Entra's provisioning service sent the call."""
    return origin(call) == "Entra"


def origin(call: Call) -> str:
    """Return the name of the client: "Replay", "Okta", "Entra", "curl", or its own word."""
    if call.origin_mark:
        return call.origin_mark
    agent = next((v for n, v in call.request_headers if n.lower() == "user-agent"), "")
    lowered = agent.lower()
    for sign, name in _CLIENTS:
        if sign in lowered:
            return name
    own = agent.partition("/")[0].strip()[:30]
    return own if own and own.isprintable() else "unknown"


_CLIENTS = (
    ("okta", "Okta"),
    ("azure", "Entra"),
    ("entra", "Entra"),
    ("microsoft", "Entra"),
    ("msscim", "Entra"),
    ("curl/", "curl"),
    ("postman", "Postman"),
    ("scim2", "scim2"),
    ("python-httpx", "httpx"),
    ("mozilla", "browser"),
)
