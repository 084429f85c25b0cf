"""Request bodies: how much is read, and what is accepted as JSON."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
from typing import Any

import orjson
from starlette.types import Receive

from server.scim.errors import ScimError, ScimType, shortened

BODY_LIMIT = 1024 * 1024
NESTING_LIMIT = 64
MEDIA_TYPES = ("application/scim+json", "application/json")


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""


async def read_body(
    receive: Receive, headers: Iterable[tuple[bytes, bytes]], limit: int = BODY_LIMIT
) -> bytes:
    """Return the whole request body.

    Raises:
        ScimError: 413 for more than ``limit`` bytes, 415 for a compressed body.
        ClientGone: The rest of it will never come.
    """
    for name, value in headers:
        if name == b"content-length" and int(value) > limit:
            raise _too_large(limit)
        if name == b"content-encoding" and value.strip().lower() != b"identity":
            raise ScimError(
                415,
                f"The body is compressed ({shortened(value.decode('latin-1'))}), and compressed "
                "bodies are not accepted. Send it without Content-Encoding.",
            )
    message = await receive()
    if message["type"] != "http.request":
        raise ClientGone
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        if len(body) > limit:
            raise _too_large(limit)
        return body
    return await _read_on(receive, body, limit)


async def _read_on(receive: Receive, first: bytes, limit: int) -> bytes:
    body = bytearray(first)
    more = True
    while more:
        if len(body) > limit:
            raise _too_large(limit)
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        body += message.get("body", b"")
        more = message.get("more_body", False)
    if len(body) > limit:
        raise _too_large(limit)
    return bytes(body)


def _too_large(limit: int) -> ScimError:
    return ScimError(
        413,
        f"The body is larger than {limit // 1024} KiB, the most that is accepted. "
        "Split the request into smaller ones.",
        headers={"Connection": "close"},
    )


def parse_json(body: bytes, content_type: str | None) -> Any:
    """Return a body's JSON value.

    ``content_type`` is the header's value; None, a missing one, is accepted.

    Raises:
        ScimError: 415 for another media type or charset, 400 ``invalidSyntax`` for everything
            that is not I-JSON (RFC 7493) nested at most 64 levels deep.
    """
    if content_type is not None:
        unsupported = _unsupported(content_type)
        if unsupported:
            raise ScimError(415, unsupported)
    # A body with few brackets cannot be deep; only the others pay for being measured.
    if body.count(b"{") + body.count(b"[") > NESTING_LIMIT and _depth(body) > NESTING_LIMIT:
        raise _syntax_error(
            f"The body is nested more than {NESTING_LIMIT} levels deep. "
            "Send the resource itself, without wrapping it."
        )
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _explained(body, error) from None


@lru_cache(maxsize=64)
def _unsupported(content_type: str) -> str | None:
    """Return why a Content-Type is refused, or None when it is accepted."""
    media_type, *parameters = content_type.split(";")
    if media_type.strip().lower() not in MEDIA_TYPES:
        return (
            f"The Content-Type {shortened(content_type)} is not supported. "
            f"Send the body as {MEDIA_TYPES[0]} (or {MEDIA_TYPES[1]})."
        )
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        charset = value.strip().strip('"').lower()
        if name.strip().lower() == "charset" and charset not in ("utf-8", "utf8"):
            return (
                f"The charset {shortened(value.strip())} is not supported. "
                "JSON is sent in UTF-8: leave the charset out or set it to utf-8."
            )
    return None


# The closing quote is optional: a string without an end is passed over once, not once a quote.
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_NOT_BRACKETS = bytes(c for c in range(256) if c not in b"[]{}")
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def _depth(body: bytes) -> int:
    """Return how deep brackets are nested outside of strings, in time linear in the body."""
    brackets = _STRING.sub(b"", body).translate(None, _NOT_BRACKETS)
    return max(accumulate(map(_STEP.__getitem__, brackets)), default=0)


def _explained(body: bytes, error: orjson.JSONDecodeError) -> ScimError:
    if not body.strip():
        return _syntax_error("The body is empty. Send a JSON object.")
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return _syntax_error(
            "The body begins with a byte order mark. Send JSON in UTF-8 without one."
        )
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as problem:
        return _syntax_error(
            f"The body is not UTF-8: byte {problem.start + 1} does not fit. "
            "JSON is always sent in UTF-8."
        )
    place = f"line {error.lineno}, column {error.colno}"
    if _NOT_A_NUMBER.match(text, error.pos) or _NOT_A_NUMBER.match(text, error.pos - 1):
        return _syntax_error(
            f"NaN and Infinity are not JSON ({place}). Leave the attribute out instead."
        )
    if "surrogate" in error.msg:
        return _syntax_error(
            f"The string at {place} holds half of a character (a lone surrogate such as "
            "\\ud800). Send both halves or the character itself."
        )
    return _syntax_error(f"The body is not JSON: {error.msg} at {place}.")


_NOT_A_NUMBER = re.compile(r"-?(?:NaN|Infinity)")


def _syntax_error(detail: str) -> ScimError:
    scim_type: ScimType = "invalidSyntax"
    return ScimError(400, detail, scim_type)
