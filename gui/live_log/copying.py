"""What the clipboard takes beside the forms of ``server.calls.export``."""

from server.calls.call import Call

ICONS = {"curl": "terminal", "markdown": "remark"}
"""Of the forms that have one."""


def url(call: Call, base_url: str) -> str:
    """Return where a call went, at this server."""
    return base_url + (f"{call.path}?{call.query}" if call.query else call.path)
