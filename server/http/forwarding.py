"""Who called, and under which address they reached us, also through a tunnel or proxy."""

import ipaddress
import re
from collections.abc import Iterator

from starlette.types import Scope

_FORWARDED_HEADERS = frozenset(
    {
        b"forwarded",
        b"x-forwarded-for",
        b"x-forwarded-proto",
        b"x-forwarded-host",
        b"x-forwarded-port",
        b"x-forwarded-prefix",
    }
)


def client_address(scope: Scope) -> str:
    """Return the address of the caller, without its port ("203.0.113.7"; "" when unknown).

    What proxies say (``Forwarded``, RFC 7239, or ``X-Forwarded-For``) is believed only when the
    connection comes from this computer, where the tunnel's agent runs. Of several addresses the
    last that is not this computer counts: the ones before it could be the caller's invention.
    """
    client = scope.get("client")
    if not client:
        return ""
    address: str = client[0]
    said = _said_by_proxy(scope, address)
    if not said:
        return address
    chain = [values["for"] for values in _elements(said) if "for" in values]
    if not chain:
        chain = said.get(b"x-forwarded-for", "").split(",")
    for node in reversed(chain):
        found = _node_address(node.strip())
        if found is None:
            break
        if not found.is_loopback:
            return str(found)
    return address


def base_url(scope: Scope) -> str:
    """Return the URL under which the caller sees this server, without a path.

    "https://x.ngrok.app", or with the path that a proxy takes away ("X-Forwarded-Prefix").
    A host that is not a plain host name or address never gets into it.
    """
    client = scope.get("client")
    said = _said_by_proxy(scope, client[0]) if client else {}
    if not said:
        return f"{scope['scheme']}://{_own_host(scope)}"
    first = next(_elements(said), {})
    scheme = (first.get("proto") or _first(said, b"x-forwarded-proto")).lower()
    if scheme not in ("http", "https"):
        scheme = scope["scheme"]
    host = first.get("host") or _first(said, b"x-forwarded-host")
    if not valid_host(host):
        host = _own_host(scope)
    port = _first(said, b"x-forwarded-port")
    if port and not _PORT_IN_HOST.search(host) and valid_host(f"{host}:{port}"):
        host = host if port == _DEFAULT_PORTS[scheme] else f"{host}:{port}"
    prefix = _first(said, b"x-forwarded-prefix").rstrip("/")
    return f"{scheme}://{host}{prefix if _PREFIX.fullmatch(prefix) else ''}"


def valid_host(host: str) -> bool:
    """Say whether a text is a host as it may stand in a URL, with or without a port."""
    match = _HOST.fullmatch(host)
    if not match or len(host) > 255:
        return False
    port = match["port"]
    if port and not 0 < int(port) < 65536:
        return False
    if match["ipv6"] is None:
        return True
    try:
        ipaddress.IPv6Address(match["ipv6"])
    except ValueError:
        return False
    return True


_DEFAULT_PORTS = {"http": "80", "https": "443"}
_HOST = re.compile(
    r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?)"
    r"(?::(?P<port>[0-9]{1,5}))?"
)
_PORT_IN_HOST = re.compile(r":[0-9]+\Z")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
_FORWARDED_PAIR = re.compile(
    r'\s*([A-Za-z-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+))\s*(;|,|\Z)', re.DOTALL
)


def _said_by_proxy(scope: Scope, address: str) -> dict[bytes, str]:
    """Return the forwarding headers by name, if there are any and their sender is believed."""
    said: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in _FORWARDED_HEADERS:
            text = value.decode("latin-1")
            said[name] = f"{said[name]},{text}" if name in said else text
    return said if said and is_loopback(address) else {}


def is_loopback(address: str) -> bool:
    """Say whether an address is this computer's own."""
    return address.startswith(("127.", "::ffff:127.")) or address == "::1"


def _elements(said: dict[bytes, str]) -> Iterator[dict[str, str]]:
    """Yield the elements of ``Forwarded``, none at all when it is malformed (RFC 7239 4)."""
    text = said.get(b"forwarded", "")
    elements: list[dict[str, str]] = [{}]
    position = 0
    while position < len(text):
        match = _FORWARDED_PAIR.match(text, position)
        if not match:
            return
        name, quoted, plain, end = match.groups()
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain
        elements[-1].setdefault(name.lower(), value)
        if end == ",":
            elements.append({})
        position = match.end()
    yield from elements


def _node_address(node: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address of a node, which may carry a port and brackets (RFC 7239 6)."""
    if node.startswith("["):
        node = node[1:].partition("]")[0]
    elif node.count(":") == 1:
        node = node.partition(":")[0]
    try:
        return ipaddress.ip_address(node)
    except ValueError:
        return None


def _first(said: dict[bytes, str], name: bytes) -> str:
    return said.get(name, "").partition(",")[0].strip()


def _own_host(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"host":
            host: str = value.decode("latin-1").strip()
            if valid_host(host):
                return host
            break
    server = scope.get("server")
    if not server:
        return "localhost"
    address, port = server
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
