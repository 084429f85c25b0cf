"""Rules about requests that did not get as far as SCIM, and about the time that they took."""

from server.calls.diagnosis.places import SETTINGS
from server.calls.diagnosis.rule import Found, Rule, Severity, rule
from server.calls.diagnosis.scene import Scene

SLOW = 1_000_000
"""Microseconds from which on an exchange is called slow; Okta waits for 60 seconds."""

_RETRY = "then retry the task under Dashboard > Tasks in Okta."


@rule(
    "client-gone",
    "The client left before the answer",
    Severity.ERROR,
    "The connection was closed before the answer was sent. Okta waits 60 seconds; a tunnel or "
    "proxy in between may wait for less. What the request asked for may have been done all the "
    "same, so Okta's repetition can be refused as a duplicate.",
)
def client_gone(scene: Scene) -> Found | None:
    if scene.call.status != 0:
        return None
    seconds = scene.call.duration / 1_000_000
    return Found(
        f"The client closed the connection after {seconds:.1f} s, before it had an answer.",
        f"Look at the tunnel or proxy in between, {_RETRY}",
    )


@rule(
    "slow-exchange",
    "A slow exchange",
    Severity.WARNING,
    "From the first byte of the request to the last of the answer it took a second or more. This "
    "server answers in milliseconds, so mostly the request itself came slowly, through a tunnel or "
    "a busy network; a large import page or a large group can take its time too.",
)
def slow_exchange(scene: Scene) -> Found | None:
    if scene.call.duration < SLOW or scene.call.status == 0:
        return None
    return Found(
        f"The exchange took {scene.call.duration / 1_000_000:.1f} s; Okta gives up after 60 s.",
        "Look for others like it: if many are slow, look at the network or tunnel in between.",
        f"log:slower:{SLOW // 1_000_000}s",
    )


@rule(
    "request-too-slow",
    "The request was not complete in time",
    Severity.ERROR,
    "The request began, but its end did not come in time. A tunnel or proxy holds it back, or the "
    "sender announced a longer body (Content-Length) than it sent.",
)
def request_too_slow(scene: Scene) -> Found | None:
    if scene.call.status != 408:
        return None
    return Found(f"{scene.problem}.", f"Look at the tunnel or proxy in between, {_RETRY}")


@rule(
    "https-on-http",
    "https was spoken to an http port",
    Severity.ERROR,
    "This server speaks http; the https that Okta needs comes from the tunnel or proxy in front "
    "of it. A URL that begins with https was used for the local address itself, or the tunnel "
    "forwards https to it.",
)
def https_on_http(scene: Scene) -> Found | None:
    if "tls-on-http-port" not in scene.remarks:
        return None
    return Found(
        "The client spoke https to this server's http port.",
        "Use a URL that begins with http:// for the local address, and the tunnel's https address "
        "for Okta.",
        SETTINGS,
    )


@rule(
    "not-http",
    "The request is not HTTP",
    Severity.ERROR,
    "The bytes that arrived are no HTTP request. A port scanner, a program for another protocol, "
    "or a proxy that rewrites requests wrongly.",
)
def not_http(scene: Scene) -> Found | None:
    if scene.call.method or scene.call.status != 400 or https_on_http.check(scene):
        return None
    return Found(
        f"{scene.problem or 'The request cannot be read'}.",
        "Look at what sent it; Okta does not send such requests.",
    )


@rule(
    "wrong-base-url",
    "The base URL is wrong",
    Severity.ERROR,
    "Okta appends /Users and /Groups to the base URL that it was given. When that does not end in "
    "/scim/v2 (or /scim), or ends in /Users already, its requests miss the SCIM endpoints.",
)
def wrong_base_url(scene: Scene) -> Found | None:
    if scene.call.status not in (404, 405) or scene.operation not in ("elsewhere", "other"):
        return None
    return Found(
        f"There is no SCIM endpoint for {scene.call.method} at {scene.call.path[:80]}.",
        "Copy the base URL from the top of the window into Okta; it ends in /scim/v2, without "
        "/Users.",
        SETTINGS,
    )


@rule(
    "headers-too-large",
    "The headers are too large",
    Severity.ERROR,
    "The request line and the headers together are larger than is accepted. A proxy in between "
    "adds long headers or cookies, or a filter is very long.",
)
def headers_too_large(scene: Scene) -> Found | None:
    if scene.call.status != 431:
        return None
    return Found(f"{scene.problem}.", "Look for a proxy that adds long headers or cookies.")


@rule(
    "body-too-large",
    "The body is too large",
    Severity.ERROR,
    "The body, or the number of operations in it, is beyond what is accepted. Okta pushes large "
    "groups in several requests, other clients may have to be told to.",
)
def body_too_large(scene: Scene) -> Found | None:
    if scene.call.status != 413:
        return None
    return Found(f"{scene.problem}.", "Send fewer members, users or operations in one request.")


@rule(
    "wrong-content-type",
    "The body's form is not accepted",
    Severity.ERROR,
    "SCIM bodies are JSON in UTF-8, sent as application/scim+json or application/json and without "
    "compression. Okta and Entra do so by themselves.",
)
def wrong_content_type(scene: Scene) -> Found | None:
    if scene.call.status != 415:
        return None
    return Found(
        f"{scene.problem}.",
        "Send the body as application/scim+json in UTF-8, without compression.",
    )


@rule(
    "own-mistake",
    "Blink SCIM Desk made a mistake",
    Severity.ERROR,
    "The server could not answer because of a defect of its own. The reference in the error stands "
    "in the program's log beside what went wrong. Okta does not repeat the task by itself.",
)
def own_mistake(scene: Scene) -> Found | None:
    if scene.call.status != 500:
        return None
    return Found(
        "This is a mistake of Blink SCIM Desk, not of Okta.",
        f"Give the reference in the error to the makers of Blink SCIM Desk, {_RETRY}",
    )


@rule(
    "unavailable",
    "The server could not answer just then",
    Severity.ERROR,
    "The directory could not be written (disk full, file locked by another program), or the server "
    "was stopping. The answer carries Retry-After where waiting helps.",
)
def unavailable(scene: Scene) -> Found | None:
    if scene.call.status != 503:
        return None
    return Found(
        f"{scene.problem or 'The server could not answer just then'}.",
        f"Set that right, {_RETRY}",
        SETTINGS,
    )


@rule(
    "not-offered",
    "This part of SCIM is not offered",
    Severity.ERROR,
    "/Me stands for the user who is signed in, and an API token belongs to an organization, not to "
    "a user. Okta and Entra never ask for it.",
)
def not_offered(scene: Scene) -> Found | None:
    if scene.call.status != 501:
        return None
    return Found(f"{scene.problem}.", "Use /Users and the id of the user instead.")


TRANSPORT_RULES: tuple[Rule, ...] = (
    https_on_http,
    not_http,
    client_gone,
    request_too_slow,
    headers_too_large,
    body_too_large,
    wrong_content_type,
    wrong_base_url,
    not_offered,
    own_mistake,
    unavailable,
    slow_exchange,
)
