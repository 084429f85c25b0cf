import base64
from dataclasses import dataclass, field

import pytest

from server.blink.directory import Organization
from server.http.authentication import Authenticator
from server.http.throttle import FailureThrottle
from server.http.tokens import KnownToken, new_token, token_digest
from server.scim.errors import ScimError

ACME = Organization(1, "Acme")
NOW = 1_795_461_874.0  # 2026-11-23T19:24:34Z


@dataclass
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass
class Tokens:
    """Fits ``TokenLookup``."""

    known: dict[bytes, KnownToken] = field(default_factory=dict)
    touched: list[tuple[int, str, str]] = field(default_factory=list)
    broken: bool = False

    def issue(self, expires: str | None = None, revoked: str | None = None) -> str:
        token = new_token()
        number = len(self.known) + 1
        self.known[token_digest(token)] = KnownToken(number, "Okta", ACME, expires, revoked, None)
        return token

    def find(self, digest: bytes) -> KnownToken | None:
        return self.known.get(digest)

    def touch(self, token_id: int, now: str, peer: str) -> None:
        if self.broken:
            raise OSError("the disk is full")
        self.touched.append((token_id, now, peer))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
def authenticator(tokens: Tokens, clock: Clock) -> Authenticator:
    return Authenticator(tokens, clock, FailureThrottle(clock))


def basic(credentials: str) -> str:
    return f"Basic {base64.b64encode(credentials.encode()).decode()}"


def refusal(authenticator: Authenticator, header: str | None, peer: str = "p") -> ScimError:
    with pytest.raises(ScimError) as caught:
        authenticator.authenticate(header, peer)
    return caught.value


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "BEARER {}", "{}"])
def test_a_token_is_accepted_as_bearer_and_bare(
    authenticator: Authenticator, tokens: Tokens, form: str
) -> None:
    token = tokens.issue()
    assert authenticator.authenticate(form.format(token), "p").organization == ACME


@pytest.mark.parametrize("user", ["", "okta", "any one", "\u00fcser"])
def test_a_token_is_accepted_as_the_password_of_basic(
    authenticator: Authenticator, tokens: Tokens, user: str
) -> None:
    token = tokens.issue()
    assert authenticator.authenticate(basic(f"{user}:{token}"), "p").id == 1


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("Bearer Bearer {}", "Bearer twice"),
        ("bearer bearer {}", "Bearer twice"),
        ("Bearer bearer", "Bearer twice"),
        ("Bearer  {}", "blanks or line breaks around"),
        ("Bearer {} ", "blanks or line breaks around"),
        (" {}", "blanks or line breaks around"),
        ("{}\t", "blanks or line breaks around"),
        ("{} x", "blanks or line breaks inside"),
        ("Bearer {} x", "blanks or line breaks inside"),
        ('Bearer "{}"', "quotation marks"),
        ("'{}'", "quotation marks"),
        ("Bearer{}", "no blank between Bearer"),
        ("Bearer", "no token"),
        ("basic", "no token"),
        ("Basic {}", "not base64"),
        ("Token {}", "scheme that is not supported"),
        ("SSWS {}", "scheme that is not supported"),
        ("Bearer x{}", "not an API token of Blink SCIM Desk"),
        ("{}x", "is unknown"),
        ("", "is empty"),
        ("  ", "is empty"),
    ],
)
def test_each_wrong_form_has_its_own_cure(
    authenticator: Authenticator, tokens: Tokens, form: str, words: str
) -> None:
    token = tokens.issue()
    error = refusal(authenticator, form.format(token))
    assert error.status == 401
    assert words in error.detail
    assert token not in error.detail
    challenge = error.headers["WWW-Authenticate"]
    assert challenge == 'Bearer realm="Blink SCIM Desk", error="invalid_token"'


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("no colon {}", "no colon"),
        ("{}:", "no password"),
        ("user:{} ", "blanks or line breaks around"),
        ("user:'{}'", "quotation marks"),
        ("user:wrong", "not an API token"),
    ],
)
def test_each_wrong_form_of_basic_has_its_own_cure(
    authenticator: Authenticator, tokens: Tokens, form: str, words: str
) -> None:
    token = tokens.issue()
    error = refusal(authenticator, basic(form.format(token)))
    assert error.status == 401
    assert words in error.detail
    assert token not in error.detail


def test_a_missing_header_is_challenged_without_an_error_code(
    authenticator: Authenticator,
) -> None:
    error = refusal(authenticator, None)
    assert error.status == 401
    assert error.headers == {"WWW-Authenticate": 'Bearer realm="Blink SCIM Desk"'}


def test_a_revoked_token_is_refused_with_the_time(
    authenticator: Authenticator, tokens: Tokens
) -> None:
    token = tokens.issue(revoked="2026-11-20T08:15:00.000Z")
    assert "revoked on 2026-11-20 08:15 UTC" in refusal(authenticator, token).detail


def test_a_token_expires_at_its_moment(
    authenticator: Authenticator, tokens: Tokens, clock: Clock
) -> None:
    token = tokens.issue(expires="2026-11-23T19:25:34.000Z")
    clock.now = NOW + 59.999
    assert authenticator.authenticate(token, "p").id == 1
    clock.now = NOW + 60
    assert "expired on 2026-11-23 19:25 UTC" in refusal(authenticator, token).detail


def test_the_last_use_is_written_once_a_minute_for_each_token(
    authenticator: Authenticator, tokens: Tokens, clock: Clock
) -> None:
    first, second = tokens.issue(), tokens.issue()
    for seconds, token in [(0, first), (1, first), (2, second), (59.9, first), (60, first)]:
        clock.now = NOW + seconds
        authenticator.authenticate(token, "203.0.113.7")
    assert tokens.touched == [
        (1, "2026-11-23T19:24:34.000Z", "203.0.113.7"),
        (2, "2026-11-23T19:24:36.000Z", "203.0.113.7"),
        (1, "2026-11-23T19:25:34.000Z", "203.0.113.7"),
    ]


def test_a_use_that_cannot_be_written_refuses_nobody(
    authenticator: Authenticator, tokens: Tokens, caplog: pytest.LogCaptureFixture
) -> None:
    tokens.broken = True
    assert authenticator.authenticate(tokens.issue(), "p").id == 1
    assert "could not be stored" in caplog.text


def test_the_61st_failure_of_a_minute_is_throttled(
    authenticator: Authenticator, clock: Clock
) -> None:
    statuses = [refusal(authenticator, "wrong").status for _ in range(60)]
    clock.now += 20.5
    error = refusal(authenticator, "wrong")
    assert set(statuses) == {401}
    assert error.status == 429
    assert error.headers["Retry-After"] == "40"
    assert "try again in 40 seconds" in error.detail


def test_a_valid_token_is_never_throttled(authenticator: Authenticator, tokens: Tokens) -> None:
    token = tokens.issue()
    for _ in range(100):
        refusal(authenticator, "wrong")
    assert authenticator.authenticate(token, "p").id == 1


def test_the_throttle_ends_with_its_minute_and_is_kept_by_address(
    authenticator: Authenticator, clock: Clock
) -> None:
    for _ in range(61):
        refusal(authenticator, "wrong", "a")
    assert refusal(authenticator, "wrong", "a").status == 429
    assert refusal(authenticator, "wrong", "b").status == 401
    clock.now += 60
    assert refusal(authenticator, "wrong", "a").status == 401


def test_the_throttle_forgets_the_addresses_that_failed_longest_ago(clock: Clock) -> None:
    throttle = FailureThrottle(clock, limit=1, capacity=3)
    for address in ("a", "b", "a", "c", "d"):
        throttle.failed(address)
    assert len(throttle) == 3
    assert throttle.failed("a") == 60
    assert throttle.failed("b") is None


def test_a_token_that_expires_within_a_week_is_said_so_once_an_hour(
    authenticator: Authenticator, tokens: Tokens, clock: Clock
) -> None:
    tokens.issue(expires="2026-11-30T19:24:00.000Z")
    tokens.issue(expires="2026-12-01T19:24:34.000Z")
    tokens.issue()
    soon, later, never = tokens.known.values()
    notice = "The API token expires on 2026-11-30 19:24 UTC."
    assert authenticator.expiry_notice(soon) == notice
    assert authenticator.expiry_notice(later) is None
    assert authenticator.expiry_notice(never) is None
    clock.now += 3599
    assert authenticator.expiry_notice(soon) is None
    clock.now += 1
    assert authenticator.expiry_notice(soon) == notice
    clock.now += 86_400
    assert authenticator.expiry_notice(later) is not None
