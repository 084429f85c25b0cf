"""The forms in which calls go to the clipboard, declared."""

from collections.abc import Callable
from typing import NamedTuple

from server.calls.call import Call
from server.calls.export import as_curl


class Form(NamedTuple):
    """A form: its key, as the menu says it, as a toast says it, and how a call is written.

    ``write`` takes a call and the URL of this server up to the path.
    """

    key: str
    title: str
    name: str
    icon: str
    write: Callable[[Call, str], str]


def url(call: Call, base_url: str) -> str:
    """Return where a call went, at this server."""
    return base_url + (f"{call.path}?{call.query}" if call.query else call.path)


FORMS = (
    Form("curl", "As cURL", "cURL command", "terminal", as_curl),
    Form(
        "request-body",
        "Request body",
        "request body",
        "",
        lambda call, _url: call.request_body.decode("utf-8", "replace"),
    ),
    Form(
        "response-body",
        "Response body",
        "response body",
        "",
        lambda call, _url: call.response_body.decode("utf-8", "replace"),
    ),
    Form("url", "URL", "URL", "link", url),
)
