"""Filters as SQL mean what they mean in memory, and use the indexes."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.blink.identity import keys_of
from server.scim.errors import ScimError
from server.scim.filters.evaluation import comparison_key, matches
from server.scim.filters.parser import parse_filter
from server.scim.lists import parse_query
from server.scim.schemas import BoundPath
from storage.filters import compile_order, compile_sql, register_functions
from storage.migrations import DIRECTORY
from tests.server.scim.samples import BLINK, ENTERPRISE, USER
from tests.server.scim.strategies import TIMES, filters, people


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    for number in sorted(DIRECTORY.migrations):
        migration = DIRECTORY.migrations[number]
        assert isinstance(migration, tuple)
        for statement in migration:
            connection.execute(statement)
    connection.execute(
        "INSERT INTO organization (id, name, folded_name, created) VALUES (1, 'A', 'a', '')"
    )
    register_functions(connection)
    yield connection
    connection.close()


def fill(connection: sqlite3.Connection, persons: list[Any]) -> list[dict[str, Any]]:
    """Store users and return them as the resources that a client would see."""
    connection.execute("DELETE FROM user")
    resources = []
    for number, (attributes, created, version) in enumerate(persons, start=1):
        extensions = [urn for urn in (ENTERPRISE, BLINK) if urn in attributes]
        document = {"schemas": [USER.schema.id, *extensions], **attributes}
        keys = keys_of(document)
        scim_id = f"user-{number}"
        connection.execute(
            "INSERT INTO user (id, organization_id, scim_id, provisioned, active, version, created,"
            " last_modified, user_name, external_id, employee_number, document)"
            " VALUES (?, 1, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                scim_id,
                keys.active,
                version,
                created,
                created,
                keys.user_name,
                keys.external_id,
                keys.employee_number,
                json.dumps(document),
            ),
        )
        for email in keys.emails:
            connection.execute("INSERT INTO user_email VALUES (1, ?, ?)", (email, number))
        meta = {
            "resourceType": "User",
            "created": created,
            "lastModified": created,
            "location": f"https://desk.example/scim/v2/Users/{scim_id}",
            "version": f'W/"{version}"',
        }
        resources.append({"id": scim_id, **document, "meta": meta})
    return resources


def found(connection: sqlite3.Connection, text: str) -> list[str]:
    where, parameters = compile_sql(parse_filter(text, USER))
    rows = connection.execute(
        f"SELECT scim_id FROM user WHERE organization_id = 1 AND provisioned = 1 AND {where}"
        " ORDER BY id",
        parameters,
    )
    return [row[0] for row in rows]


@settings(max_examples=500, deadline=None)
@given(persons=people, text=filters)
def test_a_filter_finds_in_sql_what_it_matches_in_memory(
    connection: sqlite3.Connection, persons: list[Any], text: str
) -> None:
    resources = fill(connection, persons)
    parsed = parse_filter(text, USER)
    assert found(connection, text) == [
        resource["id"] for resource in resources if matches(parsed, resource)
    ]


def plan(connection: sqlite3.Connection, text: str) -> str:
    where, parameters = compile_sql(parse_filter(text, USER))
    rows = connection.execute(
        "EXPLAIN QUERY PLAN SELECT document FROM user WHERE organization_id = 1"
        f" AND provisioned = 1 AND {where} ORDER BY id LIMIT 100",
        parameters,
    )
    return "\n".join(row[3] for row in rows)


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ('userName eq "ann"', "INDEX user_user_name (user_name=?"),
        ('userName sw "ann"', "INDEX user_user_name (user_name>? AND user_name<?)"),
        ('externalId eq "00u1"', "INDEX user_external_id ("),
        (f'{ENTERPRISE}:employeeNumber eq "7"', "INDEX user_employee_number ("),
        ('id eq "user-1"', "(scim_id=?"),
        ('emails.value eq "ann@b.example"', "rowid=?"),
        ('emails eq "ann@b.example"', "PRIMARY KEY (organization_id=? AND value=?"),
        ('emails[type eq "work"].value eq "ann@b.example"', "rowid=?"),
        ('externalId eq "00u1" and active eq true', "INDEX user_external_id ("),
    ],
)
def test_look_ups_use_an_index(connection: sqlite3.Connection, text: str, index: str) -> None:
    assert index in plan(connection, text)


@pytest.mark.parametrize("opening", ["({} or title pr)", "(title pr or {})", "not ({})"])
def test_a_filter_of_64_levels_is_answered(connection: sqlite3.Connection, opening: str) -> None:
    resources = fill(connection, [({"userName": "ann", "active": True}, TIMES[0], 1)])
    text = 'emails[type eq "work"]'
    for level in range(63):
        text = opening.format(text)
        if level % 2:
            text = text.replace(" or ", " and ", 1)
    assert found(connection, text) == [
        resource["id"] for resource in resources if matches(parse_filter(text, USER), resource)
    ]


def test_a_filter_of_a_thousand_terms_is_answered(connection: sqlite3.Connection) -> None:
    fill(connection, [({"userName": "ann", "active": True}, TIMES[0], 1)])
    assert found(connection, " or ".join(["title pr"] * 800 + ["id pr"])) == ["user-1"]


def test_what_sqlite_could_not_parse_is_refused_in_words() -> None:
    text = "emails[type pr]"
    for level in range(6):
        text = f"({text} {('and', 'or')[level % 2]} {text})"
    for level in range(56):
        text = f"({text} {('and', 'or')[level % 2]} id pr)"
    with pytest.raises(ScimError) as refusal:
        compile_sql(parse_filter(text, USER))
    assert (refusal.value.status, refusal.value.scim_type) == (400, "invalidFilter")


def sort_key(resource: dict[str, Any], path: BoundPath) -> Any:
    """The key that RFC 7644 3.4.2.3 gives a resource, None when it has none."""
    holder = resource.get(path.urn, {}) if path.urn else resource
    value = holder.get(path.attribute.name)
    if isinstance(value, list):
        value = next((v for v in value if v.get("primary")), value[0])
    if path.sub_attribute and value is not None:
        value = value.get(path.sub_attribute.name)
    return None if value is None else comparison_key(path.leaf)(value)


@settings(max_examples=200, deadline=None)
@given(
    persons=people,
    name=st.sampled_from(
        (
            "userName",
            "displayName",
            "emails",
            "name.familyName",
            "meta.created",
            "active",
            "externalId",
            "phoneNumbers.type",
            f"{ENTERPRISE}:employeeNumber",
        )
    ),
    descending=st.booleans(),
)
def test_the_order_is_that_of_the_comparison_keys_with_absent_ones_last(
    connection: sqlite3.Connection, persons: list[Any], name: str, descending: bool
) -> None:
    resources = fill(connection, persons)
    path = parse_query(USER, {"sortBy": name}).sort
    assert path is not None
    order = compile_order(path, descending)
    rows = connection.execute(f"SELECT scim_id FROM user ORDER BY {order}, id")
    keyed = [(sort_key(resource, path), resource["id"]) for resource in resources]
    present = sorted(
        (pair for pair in keyed if pair[0] is not None), key=lambda p: p[0], reverse=descending
    )
    absent = [pair for pair in keyed if pair[0] is None]
    expected = [*absent, *present] if descending else [*present, *absent]
    assert [row[0] for row in rows] == [scim_id for _, scim_id in expected]
