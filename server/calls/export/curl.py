"""A call as a command of curl."""

import re

from server.calls.call import Call
from server.calls.redaction import REDACTED


def as_curl(call: Call, base_url: str) -> str:
    """Return a shell command (bash) that sends the request again.

    ``base_url`` is the URL up to the path ("http://127.0.0.1:8765"). The token is not in a call:
    the command takes it from the variable ``TOKEN``. Redacted passwords stay redacted.
    """
    target = call.path + (f"?{call.query}" if call.query else "")
    method = ["--head"] if call.method == "HEAD" else ["--request", _quoted(call.method.encode())]
    words = ["curl", "--globoff", *method, _quoted((base_url.rstrip("/") + target).encode())]
    lines = [" ".join(words)]
    names = set()
    for name, value in call.request_headers:
        names.add(name.lower())
        line = _header(name, value)
        if line:
            lines.append(line)
    command = ""
    if call.request_body:
        if "content-type" not in names:
            # curl would name a form.
            lines.append("--header 'Content-Type:'")
        if b"\0" in call.request_body:
            command = f"printf {_printf_quoted(call.request_body)} | "
            lines.append("--data-binary @-")
        else:
            # Not --data-binary, which reads a file when the body begins with @.
            lines.append(f"--data-raw {_quoted(call.request_body)}")
    return command + " \\\n  ".join(lines)


_LEFT_OUT = frozenset(
    {
        "host",
        "content-length",
        "connection",
        "accept-encoding",
        "transfer-encoding",
        "keep-alive",
        "te",
        "trailer",
        "upgrade",
        "expect",
        "proxy-connection",
        "proxy-authorization",
    }
)
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_BARE_BASIC = re.compile(r"basic\s", re.IGNORECASE)


def _header(name: str, value: str) -> str:
    """Return the option for a header, "" for one that curl makes by itself."""
    lowered = name.lower()
    if lowered in _LEFT_OUT or not _NAME.fullmatch(name):
        return ""
    if lowered == "authorization" and _BARE_BASIC.match(value):
        return '--user ":$TOKEN"'
    if lowered == "authorization":
        scheme = value.removesuffix(REDACTED)
        scheme = scheme if scheme != value and re.fullmatch(r"[A-Za-z ]*", scheme) else ""
        return f'--header "{name}: {scheme}$TOKEN"'
    if not value:
        return f"--header {_quoted(f'{name};'.encode())}"
    return f"--header {_quoted(f'{name}: {value}'.encode('latin-1', 'replace'))}"


_PRINTABLE = re.compile(rb"[\x20-\x7e\n\t]*")


def _quoted(text: bytes) -> str:
    """Return text as one word of bash, whatever bytes are in it (except NUL)."""
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError:
        decoded = ""
    if _PRINTABLE.fullmatch(text) or (decoded and decoded.isprintable()):
        decoded = decoded.replace("'", "'\\''")
        return f"'{decoded}'"
    return "$'" + "".join(map(_ansi_escaped, text)) + "'"


def _ansi_escaped(byte: int) -> str:
    character = chr(byte)
    if character in "'\\":
        return f"\\{character}"
    return character if 0x20 <= byte <= 0x7E else f"\\x{byte:02x}"


def _printf_quoted(text: bytes) -> str:
    """Return text as a format for printf, which can write NUL."""
    plain = (chr(b) if chr(b).isalnum() and b < 0x80 else f"\\{b:03o}" for b in text)
    return "'" + "".join(plain) + "'"
