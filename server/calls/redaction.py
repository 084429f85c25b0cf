"""Takes the secrets out of a call before it is kept."""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote, unquote_plus

from server.calls.call import Headers
from server.calls.json_redaction import redacted_json

REDACTED = "[redacted]"


_CHARACTERS_OF_ONE = r"[A-Za-z0-9_.~+/=-]+"


class Redactor:
    """Replaces tokens, cookies and passwords, and leaves everything else as it was sent.

    ``token_prefix`` is what every token of ours begins with; such a token is replaced wherever it
    stands.
    """

    def __init__(self, token_prefix: str) -> None:
        self._prefix = token_prefix
        self._prefix_bytes = token_prefix.encode()
        self._token = re.compile(re.escape(token_prefix) + _CHARACTERS_OF_ONE)
        self._escaped_token = re.compile(
            ("".join(map(_one_of, token_prefix)) + r"[^\s\"'&]*").encode(), re.IGNORECASE
        )

    def headers(self, headers: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Return headers as text; of an Authorization only the scheme's name is left."""
        result = []
        for raw_name, raw_value in headers:
            name, secret = _header_name(raw_name)
            value = raw_value.decode("latin-1")
            if secret or "%" in value or self._prefix in value:
                value = self._header(name, value, secret)
            result.append((name, value))
        return tuple(result)

    def text(self, text: str) -> str:
        """Return any text without tokens, also percent-encoded ones in a path."""
        if self._prefix in text:
            text = self._token.sub(REDACTED, text)
        if "%" in text and self._token.search(unquote(text)):
            parts = text.split("/")
            text = "/".join(REDACTED if self._token.search(unquote(p)) else p for p in parts)
        return text

    def query(self, query: str) -> str:
        """Return a query or form without tokens, secrets, and filters that name a password."""
        if not query:
            return query
        if _ESCAPED_LETTER.search(query):
            decoded = unquote_plus(query)
            if self._prefix not in decoded and not _names_a_secret(decoded):
                return query
        elif self._prefix not in query and not _names_a_secret(query):
            return query
        return "&".join(map(self._parameter, query.split("&")))

    def body(self, body: bytes, content_type: str = "", content_encoding: str = "") -> bytes:
        """Return a body without tokens and passwords.

        JSON keeps its formatting. Where a body cannot be read as JSON or as a form, everything
        from the word "password" on is withheld.
        """
        if not body:
            return body
        if content_encoding and content_encoding.strip().lower() != "identity":
            return _note(len(body), "compressed")
        if not self._is_suspicious(body):
            return body
        if "x-www-form-urlencoded" in content_type.lower():
            return self.query(body.decode("latin-1")).encode("latin-1")
        redacted = redacted_json(body, REDACTED, self._prefix)
        if redacted is None:
            redacted = self._escaped_token.sub(REDACTED.encode(), _withheld(body))
        return self._token.sub(REDACTED, redacted.decode("utf-8", "surrogateescape")).encode(
            "utf-8", "surrogateescape"
        )

    def _is_suspicious(self, body: bytes) -> bool:
        return (
            b"\\u" in body
            or (b"%" in body and _ESCAPED_LETTER_IN_BYTES.search(body) is not None)
            or b"\0" in body
            or self._prefix_bytes in body
            or b"passw" in body.lower()
        )

    def _header(self, name: str, value: str, secret: bool) -> str:
        if name.lower() in _AUTHORIZATION:
            schemes = _SCHEMES.match(value)
            return f"{schemes[0] if schemes else ''}{REDACTED}"
        return REDACTED if secret else self.text(value)

    def _parameter(self, parameter: str) -> str:
        name, equals, value = parameter.partition("=")
        if not equals:
            return REDACTED if _names_a_secret(unquote_plus(name)) else self.text(parameter)
        if _names_a_secret(unquote_plus(name)) or "passw" in unquote_plus(value).lower():
            return f"{self.text(name)}={REDACTED}"
        return f"{self.text(name)}={self.text(value)}"


_AUTHORIZATION = ("authorization", "proxy-authorization")
_SCHEMES = re.compile(r"(?:(?:Bearer|Basic|Digest|Token|SSWS|Negotiate)\s+)+", re.IGNORECASE)
_SECRET_WORDS = ("token", "secret", "passw", "apikey", "api-key", "api_key", "credential")
_ESCAPED_LETTER = re.compile(r"%(?:[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff])")
_ESCAPED_LETTER_IN_BYTES = re.compile(_ESCAPED_LETTER.pattern.encode())


def _names_a_secret(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _SECRET_WORDS)


@lru_cache(maxsize=512)
def _header_name(name: bytes) -> tuple[str, bool]:
    """Return a header's name as text, and whether its value is secret."""
    text = name.decode("latin-1")
    lowered = text.lower()
    return text, "authorization" in lowered or "cookie" in lowered or _names_a_secret(lowered)


def _one_of(character: str) -> str:
    """Return a pattern for a letter in either case, plain, or escaped as in JSON or in a URL."""
    codes = "|".join(f"{ord(c):02x}" for c in (character.lower(), character.upper()))
    return f"(?:{re.escape(character)}|\\\\u00(?:{codes})|%(?:{codes}))"


_PASSWORD = re.compile("".join(map(_one_of, "passw")).encode(), re.IGNORECASE)
_VALUE_KEY = re.compile(("[\"']" + "".join(map(_one_of, "value"))).encode(), re.IGNORECASE)


def _withheld(body: bytes) -> bytes:
    """Return a body that cannot be parsed, up to the place where a password may begin.

    A PATCH operation may give its value before the path that says that it is a password, so
    the first "value" counts too.
    """
    if b"\0" in body and _PASSWORD.search(body.replace(b"\0", b"")):
        return _note(len(body), "in another encoding")
    match = _PASSWORD.search(body)
    if not match:
        return body
    value = _VALUE_KEY.search(body, 0, match.start())
    start = value.start() if value else match.start()
    return body[:start] + _note(len(body) - start, "that may hold a password")


def _note(size: int, reason: str) -> bytes:
    return f"[{size} bytes {reason} were withheld]".encode()
