"""The errors that a SCIM client is told of (RFC 7644 3.12)."""

from collections.abc import Mapping
from typing import Any, Literal

ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"

ScimType = Literal[
    "invalidFilter",
    "tooMany",
    "uniqueness",
    "mutability",
    "invalidSyntax",
    "invalidPath",
    "noTarget",
    "invalidValue",
    "invalidVers",
    "sensitive",
    "invalidCursor",
    "expiredCursor",
    "invalidCount",
]


class ScimError(Exception):
    """A refusal that becomes a SCIM error body.

    ``detail`` is one or two sentences that a support person can read aloud: they name the
    attribute, the value (shortened, never a secret one) and the cure. Okta shows them to its
    admin behind "Errors reported by remote server:".
    """

    def __init__(
        self,
        status: int,
        detail: str,
        scim_type: ScimType | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.scim_type = scim_type
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """Return the JSON body; ``status`` is a string in it, as RFC 7644 3.12 wants it."""
        body: dict[str, Any] = {"schemas": [ERROR_SCHEMA], "status": str(self.status)}
        if self.scim_type:
            body["scimType"] = self.scim_type
        body["detail"] = self.detail
        return body


def shortened(value: object, limit: int = 60) -> str:
    """Return a value as it may stand in a ``detail``: quoted if text, and cut when it is long."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: limit + 1])
    text = f"{text[:limit]}…" if len(text) > limit else text
    return f'"{text}"' if isinstance(value, str) else text
