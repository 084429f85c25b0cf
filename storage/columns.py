"""Where the values of users and groups are kept: in columns, in rows, or else in the document.

Columns hold comparison keys: texts of attributes that are not ``caseExact`` are folded with
``str.casefold``, dates are in the form of ``server.scim.times.timestamp``. The document must be
stored as TEXT.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the values of a multi-valued attribute are that are not in the document.

    ``source`` is what stands behind FROM, ``link`` ties it to the resource, ``order`` is the order
    of the values, and ``parts`` maps their sub-attributes to SQL.
    """

    source: str
    link: str
    order: str
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """What SQL finds without looking into the document.

    ``values`` maps a path ("userName", "meta.created") to an SQL expression, ``lists`` maps a path
    through a multi-valued attribute ("emails.value") to a query of the ids and values of rows,
    to which a condition on ``value`` is added. ``rows`` maps a multi-valued attribute to its rows.
    ``selective`` names the paths whose values belong to one or few resources.
    """

    id: str
    document: str
    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Rows] = field(default_factory=dict)
    selective: frozenset[str] = frozenset()


_ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

USER_COLUMNS: Final = Columns(
    id="user.id",
    document="user.document",
    values={
        "id": "user.scim_id",
        "userName": "user.user_name",
        "externalId": "user.external_id",
        "active": "user.active",
        f"{_ENTERPRISE}:employeeNumber": "user.employee_number",
        "meta": "user.scim_id",
        "meta.resourceType": "'User'",
        "meta.created": "user.created",
        "meta.lastModified": "user.last_modified",
        "meta.version": "'W/\"' || user.version || '\"'",
        # Only its presence can be asked for, and it is always there.
        "meta.location": "user.scim_id",
    },
    lists={
        # The organizations are few; naming them lets SQLite use the index, which begins with them.
        "emails.value": "SELECT user_id FROM user_email "
        "WHERE organization_id IN (SELECT id FROM organization) AND ",
        "groups.value": "SELECT person FROM (SELECT user.id AS person, scim_group.scim_id AS value"
        " FROM scim_group CROSS JOIN group_member ON group_id = scim_group.id"
        " CROSS JOIN user ON user.scim_id = group_member.value) WHERE ",
    },
    rows={
        # The direct groups only: those that a user is in through another group are shown, but
        # looking for them in all users would take a search of the whole tree for each.
        "groups": Rows(
            source="group_member AS membership JOIN scim_group AS element"
            " ON element.id = membership.group_id",
            link="membership.value = user.scim_id",
            order="element.id",
            parts={
                "value": "element.scim_id",
                "$ref": "element.scim_id",
                "display": "element.display",
                "type": "'direct'",
            },
        ),
    },
    selective=frozenset(("id", "userName", "externalId", f"{_ENTERPRISE}:employeeNumber")),
)

GROUP_COLUMNS: Final = Columns(
    id="scim_group.id",
    document="scim_group.document",
    values={
        "id": "scim_group.scim_id",
        "displayName": "scim_group.display_name",
        "externalId": "scim_group.external_id",
        "meta": "scim_group.scim_id",
        "meta.resourceType": "'Group'",
        "meta.created": "scim_group.created",
        "meta.lastModified": "scim_group.last_modified",
        "meta.version": "'W/\"' || scim_group.version || '\"'",
        "meta.location": "scim_group.scim_id",
    },
    lists={"members.value": "SELECT group_id FROM group_member WHERE "},
    rows={
        "members": Rows(
            source="group_member AS element",
            link="element.group_id = scim_group.id",
            order="element.position",
            parts={
                "value": "element.value",
                "$ref": "element.value",
                "display": "json_extract(element.display, '$')",
                "type": "element.type",
            },
        ),
    },
    selective=frozenset(("id", "displayName", "externalId")),
)
