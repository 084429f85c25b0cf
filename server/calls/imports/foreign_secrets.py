"""Takes the secrets out of calls that other programs recorded: more kinds than our own have."""

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote_plus

from server.calls.call import Call, Headers
from server.calls.export.cleaning import redacted_call
from server.calls.json_rewriting import rewritten_json
from server.calls.redaction import REDACTED, Redactor

_WORDS = (
    "token",
    "secret",
    "passw",
    "apikey",
    "api-key",
    "api_key",
    "credential",
    "authorization",
    "cookie",
    "session",
    "private",
    "assertion",
    "signature",
    "csrf",
    "xsrf",
    "jwt",
    "samlre",
)
"""In the name of a member, header or parameter they say that its value is secret."""

_PARAMETERS = frozenset(("code", "state", "nonce", "key", "sig", "sid", "auth", "ticket", "pin"))
"""Names of parameters that, as a whole, say so."""

_SPOKEN = re.compile(
    r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"
    r"|(?<=\bBearer )[A-Za-z0-9._~+/=-]{16,}|(?<=\bBasic )[A-Za-z0-9+/=]{16,}"
    r"|(?<=\bSSWS )[A-Za-z0-9._~+/=-]{16,}",
    re.IGNORECASE,
)
"""Web tokens (JWT), and what stands behind the name of an authentication scheme."""


def without_secrets(call: Call, redactor: Redactor) -> Call:
    """Return a call without tokens, passwords, cookies and keys, whoever made them."""
    call = redacted_call(call, redactor)
    return replace(
        call,
        path=_spoken(call.path),
        query=_query(call.query),
        request_headers=_headers(call.request_headers),
        request_body=_body(call.request_body, call.request_headers),
        response_headers=_headers(call.response_headers),
        response_body=_body(call.response_body, call.response_headers),
        before=_body(call.before, ()),
    )


def _spoken(text: str) -> str:
    return _SPOKEN.sub(REDACTED, text)


def _is_secret(name: str) -> bool:
    lowered = name.lower()
    return any(word in lowered for word in _WORDS)


def _query(query: str) -> str:
    return "&".join(map(_parameter, query.split("&"))) if query else query


def _parameter(parameter: str) -> str:
    name, equals, value = parameter.partition("=")
    known = unquote_plus(name).lower()
    if not equals:
        return REDACTED if _SPOKEN.search(unquote_plus(name)) else name
    secret = known in _PARAMETERS or _is_secret(known) or _SPOKEN.search(unquote_plus(value))
    return f"{name}={REDACTED if secret else value}"


def _headers(headers: Headers) -> Headers:
    return tuple((name, _header(name.lower(), value)) for name, value in headers)


def _header(name: str, value: str) -> str:
    if REDACTED in value:
        return value
    if _is_secret(name) or ("auth" in name and not name.endswith("authenticate")):
        return REDACTED
    if name in ("referer", "location", "content-location", "link"):
        # They may carry a query with secrets in it.
        address, mark, query = value.partition("?")
        return _spoken(address) + mark + _query(query)
    return _spoken(value)


def _body(body: bytes, headers: Headers) -> bytes:
    kind = next((value.lower() for name, value in headers if name.lower() == "content-type"), "")
    if not body:
        return body
    if "multipart/" in kind:
        return b"[%d bytes that may hold a password were withheld]" % len(body)
    rewritten = rewritten_json(body, _spoken, _text, _number)
    if rewritten is not None:
        return rewritten
    text = body.decode("utf-8", "replace")
    return (_query(text) if "x-www-form-urlencoded" in kind else _spoken(text)).encode()


def _text(members: Sequence[str], text: str) -> str:
    if text and any(map(_is_secret, members)) and not text.startswith("urn:"):
        return REDACTED
    return _spoken(text)


def _number(members: Sequence[str], literal: str) -> str:
    return "0" if any(map(_is_secret, members)) else literal
