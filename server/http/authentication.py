"""Who calls: from an Authorization header to a token and its organization."""

import base64
import binascii
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from server.http.throttle import FailureThrottle
from server.http.tokens import TOKEN_PREFIX, KnownToken, TokenLookup, token_digest
from server.scim.errors import ScimError

REALM = "Blink SCIM Desk"
TOUCH_INTERVAL = 60.0
EXPIRY_NOTICE = 7 * 86_400.0
NOTICE_INTERVAL = 3600.0

_log = logging.getLogger(__name__)


class Authenticator:
    """Finds the token of a request, and refuses requests without a valid one.

    Okta sends the token as ``Bearer T`` or bare, depending on the app's type, and as the password
    of ``Basic`` in Basic Auth apps. ``clock`` returns seconds since the epoch.
    """

    def __init__(
        self, tokens: TokenLookup, clock: Callable[[], float], throttle: FailureThrottle
    ) -> None:
        self._tokens = tokens
        self._clock = clock
        self._throttle = throttle
        self._touched: dict[int, float] = {}
        self._noticed: dict[int, float] = {}
        self._notice_from = ""
        self._notice_until = 0.0

    def authenticate(self, authorization: str | None, peer: str) -> KnownToken:
        """Return the valid token in the value of an Authorization header.

        ``peer`` is the client's address; too many failures from one are answered with 429, but a
        valid token is always accepted, because behind a tunnel everybody has one address.

        Raises:
            ScimError: 401 saying what is wrong with the header and the cure, or 429.
        """
        try:
            known = self._known(authorization)
        except ScimError as error:
            wait = self._throttle.failed(peer)
            if wait is None:
                raise
            raise ScimError(
                429,
                f"Too many requests without a valid token came from this address. Correct the "
                f"token, and try again in {wait} seconds. The last one: {error.detail}",
                headers={"Retry-After": str(wait)},
            ) from None
        self._touch(known, peer)
        return known

    def expiry_notice(self, known: KnownToken) -> str | None:
        """Return a sentence when a token expires within ``EXPIRY_NOTICE`` seconds.

        Once an hour is enough of it for each token: a remark on every call would hide the others.
        """
        if known.expires is None:
            return None
        now = self._clock()
        if not 0 <= self._notice_until - now <= TOUCH_INTERVAL:
            # Writing a time takes longer than all else here, and a minute does not matter.
            self._notice_until = now + TOUCH_INTERVAL
            self._notice_from = _text(now + EXPIRY_NOTICE)
        if known.expires > self._notice_from:
            return None
        if 0 <= now - self._noticed.get(known.id, -NOTICE_INTERVAL) < NOTICE_INTERVAL:
            return None
        self._noticed[known.id] = now
        return f"The API token expires on {_readable(known.expires)}."

    def _known(self, authorization: str | None) -> KnownToken:
        token = token_in(authorization)
        known = self._tokens.find(token_digest(token))
        if known is None:
            raise _refused(_unknown(token))
        if known.revoked is not None:
            raise _refused(
                f"The API token was revoked on {_readable(known.revoked)}. "
                f"Generate a new one in Blink SCIM Desk and {_PASTE}."
            )
        if known.expires is not None and known.expires <= _text(self._clock()):
            raise _refused(
                f"The API token expired on {_readable(known.expires)}. "
                f"Generate a new one in Blink SCIM Desk and {_PASTE}."
            )
        return known

    def _touch(self, known: KnownToken, peer: str) -> None:
        now = self._clock()
        last = self._touched.get(known.id)
        if last is not None and 0 <= now - last < TOUCH_INTERVAL:
            return
        self._touched[known.id] = now
        try:
            self._tokens.touch(known.id, _text(now), peer)
        except Exception:
            _log.warning("The last use of token %d could not be stored", known.id, exc_info=True)


def token_in(authorization: str | None) -> str:
    """Return the token in the value of an Authorization header.

    Raises:
        ScimError: 401 for a header that cannot hold a token; the text names the cure and never
            quotes the header.
    """
    if authorization is None:
        raise ScimError(
            401,
            "The request has no Authorization header. In Okta, enter the API token of Blink SCIM "
            "Desk under Provisioning > Integration > API Token.",
            headers={"WWW-Authenticate": f'Bearer realm="{REALM}"'},
        )
    if not authorization.strip():
        raise _refused(f"The Authorization header is empty. Copy the token and {_PASTE}.")
    if authorization[0].isspace() or authorization[-1].isspace():
        raise _blanks("around")
    scheme, blank, rest = authorization.partition(" ")
    if not blank:
        return _bare(authorization)
    scheme = scheme.lower()
    if scheme == "bearer":
        return _bearer(rest)
    if scheme == "basic":
        return _basic(rest)
    if scheme.startswith(TOKEN_PREFIX):
        raise _blanks("inside")
    raise _refused(
        "The Authorization header uses a scheme that is not supported. In Okta, choose HTTP Header "
        "as authentication mode: the header must be Bearer and the token."
    )


_PASTE = "paste it into API Token in Okta (Provisioning > Integration)"
_QUOTES = "\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb"


def _bare(value: str) -> str:
    if value.lower() in ("bearer", "basic"):
        raise _refused(
            f"The Authorization header names a scheme, but no token. Copy it and {_PASTE}."
        )
    if value.lower().startswith("bearer"):
        raise _refused(
            "There is no blank between Bearer and the token. If you typed Bearer yourself, put "
            "one blank after it."
        )
    return _clean(value)


def _bearer(rest: str) -> str:
    if rest[0].isspace():
        raise _blanks("around")
    if rest.lower() == "bearer" or rest.lower().startswith("bearer "):
        raise _refused(
            "The Authorization header says Bearer twice. This type of app in Okta adds Bearer "
            "itself: paste the token alone into API Token, without the word Bearer."
        )
    return _clean(rest)


def _basic(rest: str) -> str:
    try:
        decoded = base64.b64decode(rest.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise _refused(
            "The Basic credentials are not base64. In Okta, choose Basic Auth and enter the token "
            "as password, or choose HTTP Header and paste the token."
        ) from None
    try:
        credentials = decoded.decode("utf-8")
    except UnicodeDecodeError:
        credentials = decoded.decode("latin-1")
    _, colon, password = credentials.partition(":")
    if not colon:
        raise _refused(
            "The Basic credentials have no colon between user name and password. Enter any user "
            "name, and the token as password."
        )
    if not password:
        raise _refused(
            "The Basic credentials have no password. Enter any user name, and the token as its "
            "password."
        )
    if password != password.strip():
        raise _blanks("around")
    return _clean(password)


def _clean(token: str) -> str:
    if token[0] in _QUOTES or token[-1] in _QUOTES:
        raise _refused(f"The token stands in quotation marks. Copy it without them and {_PASTE}.")
    if len(token.split()) != 1:
        raise _blanks("inside")
    return token


def _blanks(where: str) -> ScimError:
    return _refused(
        f"There are blanks or line breaks {where} the token. Copy it again with the copy button "
        f"and {_PASTE}."
    )


def _unknown(token: str) -> str:
    if token.startswith(TOKEN_PREFIX):
        return (
            "The API token is unknown: it was deleted, belongs to another installation, or was not "
            f"copied whole. Generate a new one in Blink SCIM Desk and {_PASTE}."
        )
    return (
        "This is not an API token of Blink SCIM Desk (they begin with "
        f"{TOKEN_PREFIX.rstrip('_')}). Generate one and {_PASTE}."
    )


def _refused(detail: str) -> ScimError:
    challenge = f'Bearer realm="{REALM}", error="invalid_token"'
    return ScimError(401, detail, headers={"WWW-Authenticate": challenge})


def _text(seconds: float) -> str:
    """Return a time as tokens hold it, "2026-11-23T18:48:00.123Z"."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _readable(time: str) -> str:
    """Return "2026-11-23 18:48 UTC" for "2026-11-23T18:48:00.123Z"."""
    return f"{time[:10]} {time[11:16]} UTC"
