"""Rules about tokens: refused ones, their forms, and their end."""

from server.calls.diagnosis.places import TOKENS
from server.calls.diagnosis.rule import Found, Rule, Severity, rule
from server.calls.diagnosis.scene import Scene
from server.calls.reading import header
from server.calls.redaction import REDACTED

_PASTE = (
    "Generate a token on the Tokens page, paste it into API Token in Okta (Provisioning > "
    "Integration), then press Test API Credentials and Save."
)


@rule(
    "token-missing",
    "No token was sent",
    Severity.ERROR,
    "The request has no Authorization header. In Okta the API Token field under Provisioning > "
    "Integration is empty, or the app's authentication mode is not HTTP Header. A browser that is "
    "pointed at the base URL sends none either.",
)
def token_missing(scene: Scene) -> Found | None:
    if scene.call.status != 401 or header(scene.call, "authorization") is not None:
        return None
    return Found("The request came without a token.", _PASTE, TOKENS)


@rule(
    "token-bearer-twice",
    "Bearer stands there twice",
    Severity.ERROR,
    "Some app types of Okta put the word Bearer in front of the token by themselves, others want "
    "it typed. Typed into the former, it arrives twice: Bearer Bearer. Apps made with the App "
    'Integration Wizard and OIN apps add it; the "SCIM 2.0 Test App (Header Auth)" does not.',
)
def token_bearer_twice(scene: Scene) -> Found | None:
    words = (header(scene.call, "authorization") or "").lower().split()
    if scene.call.status != 401 or words[:2] != ["bearer", "bearer"]:
        return None
    return Found(
        "The Authorization header says Bearer twice: this type of app in Okta adds it itself.",
        "Paste the token alone into API Token in Okta, without the word Bearer, then save.",
        TOKENS,
    )


@rule(
    "token-form",
    "The Authorization header cannot be read",
    Severity.ERROR,
    "A header was sent, but no token can be taken out of it: blanks or quotation marks were copied "
    "along, the scheme is none that SCIM uses, or Basic credentials lack their password. The token "
    "itself may be right.",
)
def token_form(scene: Scene) -> Found | None:
    if scene.call.status != 401 or token_missing.check(scene) or token_bearer_twice.check(scene):
        return None
    if any(sign in scene.detail for sign in (_REVOKED, _EXPIRED, *_UNKNOWN)):
        return None
    return Found(
        f"The token could not be read: {scene.problem or 'the header has an unknown form'}.",
        "Copy the token again with the copy button on the Tokens page, and paste it into API Token "
        "in Okta (Provisioning > Integration).",
        TOKENS,
    )


@rule(
    "token-revoked",
    "The token was revoked",
    Severity.ERROR,
    "Somebody revoked this token in Blink SCIM Desk, or it was rotated and its overlap is over. "
    "Okta keeps using the old one until a new one is saved there, and every task fails meanwhile.",
)
def token_revoked(scene: Scene) -> Found | None:
    if scene.call.status != 401 or _REVOKED not in scene.detail:
        return None
    return Found(f"{scene.problem}.", f"{_PASTE} Then retry under Dashboard > Tasks.", TOKENS)


@rule(
    "token-expired",
    "The token has expired",
    Severity.ERROR,
    "Tokens end at the time that was chosen when they were made. Okta does not notice beforehand: "
    "leavers stay active at Blink until a new token is saved in Okta and the tasks are retried.",
)
def token_expired(scene: Scene) -> Found | None:
    if scene.call.status != 401 or _EXPIRED not in scene.detail:
        return None
    return Found(f"{scene.problem}.", f"{_PASTE} Then retry under Dashboard > Tasks.", TOKENS)


@rule(
    "token-unknown",
    "The token is unknown",
    Severity.ERROR,
    "The text that was sent is no token of this installation: it was cut while copying, belongs to "
    "another Blink environment, was deleted, or is some other secret of the customer's.",
)
def token_unknown(scene: Scene) -> Found | None:
    if scene.call.status != 401 or not any(sign in scene.detail for sign in _UNKNOWN):
        return None
    return Found(f"{scene.problem.partition(': ')[0]}.", _PASTE, TOKENS)


@rule(
    "rate-limit",
    "Too many requests with a bad token",
    Severity.ERROR,
    "After 60 refusals a minute from one address the answer is 429 with Retry-After. Okta pauses "
    "the task for that time (five minutes if none is given), doubles it each time, and gives up "
    "after ten attempts. A valid token is accepted at once, without waiting.",
)
def rate_limit(scene: Scene) -> Found | None:
    if scene.call.status != 429:
        return None
    return Found(
        "Too many requests without a valid token came from this address, so it has to wait.",
        "Correct the token in Okta (Provisioning > Integration): a valid one is accepted at once.",
        TOKENS,
    )


@rule(
    "token-expires-soon",
    "The token is about to expire",
    Severity.WARNING,
    "The token that was used ends within a week. Rotate it: the new token and the old one both "
    "work for an overlap of your choice, so that no task fails while Okta is changed.",
)
def token_expires_soon(scene: Scene) -> Found | None:
    if "token-expires-soon" not in scene.remarks:
        return None
    return Found(
        scene.remarks["token-expires-soon"],
        "Rotate the token on the Tokens page, and save the new one in Okta.",
        TOKENS,
    )


@rule(
    "authorization-form",
    "How the token was sent",
    Severity.NOTE,
    "Okta's app types send a token as Bearer and the token, as the token alone (OIN apps of mode "
    "Header), or as the password of Basic. All three are accepted here; at Blink itself the form "
    "depends on the app.",
)
def authorization_form(scene: Scene) -> Found | None:
    value = header(scene.call, "authorization") or ""
    if scene.operation != "connection-test" or value.lower().startswith("bearer"):
        return None
    if not value.endswith(REDACTED):
        return None
    form = "as the password of Basic" if value.lower().startswith("basic") else "without Bearer"
    return Found(
        f"The token was sent {form}, which is accepted.",
        "Nothing to do, as long as the app in Okta is meant to send it so.",
        TOKENS,
    )


_REVOKED = "was revoked on"
_EXPIRED = "token expired on"
_UNKNOWN = ("The API token is unknown", "This is not an API token")

AUTHORIZATION_RULES: tuple[Rule, ...] = (
    token_missing,
    token_bearer_twice,
    token_revoked,
    token_expired,
    token_unknown,
    token_form,
    rate_limit,
    token_expires_soon,
    authorization_form,
)
