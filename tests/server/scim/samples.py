"""The resource types that are shipped, believable documents, and short ways to patch them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.scim.documents import load_resource_types
from server.scim.errors import ScimError, ScimType
from server.scim.patch import Patched, apply_patch

USER, GROUP = load_resource_types(Path(__file__).parents[3] / "resources" / "schemas")

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BLINK = "urn:ietf:params:scim:schemas:extension:blink:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

Json = dict[str, Any]


def jensen() -> Json:
    """A canonical document of a user."""
    return {
        "schemas": [CORE, ENTERPRISE],
        "userName": "bjensen@example.com",
        "externalId": "00u1",
        "name": {"givenName": "Barbara", "familyName": "Jensen"},
        "title": "Tour Guide",
        "active": True,
        "emails": [
            {"value": "bjensen@example.com", "type": "work", "primary": True},
            {"value": "babs@jensen.org", "type": "home"},
        ],
        "addresses": [{"locality": "Hollywood", "country": "US", "type": "work"}],
        ENTERPRISE: {
            "employeeNumber": "701984",
            "department": "Tour Operations",
            "manager": {"value": "26118915", "$ref": "../Users/26118915"},
        },
    }


def team() -> Json:
    """A canonical document of a group."""
    return {
        "schemas": [GROUP.schema.id],
        "displayName": "Tour Guides",
        "members": [{"value": "2819c223", "type": "User"}, {"value": "902c246b"}],
    }


def patch_body(*operations: Json) -> Json:
    return {"schemas": [PATCH], "Operations": list(operations)}


def patched(*operations: Json, stored: Json | None = None) -> Patched:
    """Apply operations to a user, and see to it that what was stored is left as it is."""
    stored = jensen() if stored is None else stored
    before = json.dumps(stored)
    result = apply_patch(USER, stored, patch_body(*operations))
    assert json.dumps(stored) == before
    return result


def patched_group(*operations: Json) -> Patched:
    return apply_patch(GROUP, team(), patch_body(*operations))


def codes(remarks: list[Any]) -> list[str]:
    return [remark.code for remark in remarks]


def refusal(call: Callable[..., object], *arguments: Any, **named: Any) -> ScimError:
    """Return the error that a call raises."""
    with pytest.raises(ScimError) as raised:
        call(*arguments, **named)
    return raised.value


def assert_refused(
    error: ScimError, scim_type: ScimType | None, *words: str, status: int = 400
) -> None:
    """Check an error whole: status, scimType, and that its detail names what it is about."""
    assert (error.status, error.scim_type) == (status, scim_type)
    for word in words:
        assert word in error.detail


def outcome(call: Callable[..., object], *arguments: Any) -> ScimError | None:
    """Return the SCIM error that a call raises, None when it succeeds; others pass through."""
    try:
        call(*arguments)
    except ScimError as error:
        return error
    return None
