"""Functions about the person's groups (spec 6.4)."""

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any, Final

from server.okta.expressions.context import Context
from server.okta.expressions.errors import ExpressionError, failure
from server.okta.expressions.functions.specification import REFERENCE, FunctionSpec, Parameter
from server.okta.expressions.inferred import ANY_OKTA_TYPE
from server.okta.expressions.regexes import check_time, matches_whole
from server.okta.expressions.values import Value

SOURCE: Final = REFERENCE + "#group-functions"
GET_GROUPS_SOURCE: Final = REFERENCE + "#get-groups-for-users"
TOKENS_SOURCE: Final = "https://developer.okta.com/docs/guides/customize-tokens-static/main/"

MOST_GROUPS: Final = 100
"""The largest limit that the group functions take."""

Group = Mapping[str, Any]


def name_of(group: Group) -> str:
    """Return a group's name, which Okta keeps in its profile."""
    found = group.get("name")
    if found is None:
        found = (group.get("profile") or {}).get("name")
    return found if isinstance(found, str) else ""


def is_member_of_group_name(context: Context, name: str | None) -> bool:
    """Say whether a group has exactly this name."""
    return any(name_of(group) == name for group in context.groups)


def is_member_of_group(context: Context, group_id: str | None) -> bool:
    """Say whether a group has this id."""
    return group_id is not None and any(group.get("id") == group_id for group in context.groups)


def is_member_of_any_group(context: Context, *group_ids: str | None) -> bool:
    """Say whether a group has one of the ids."""
    wanted = set(group_ids) - {None}
    return any(group.get("id") in wanted for group in context.groups)


def is_member_of_group_name_starts_with(context: Context, start: str | None) -> bool:
    """Say whether a group's name begins so."""
    return start is not None and any(name_of(group).startswith(start) for group in context.groups)


def is_member_of_group_name_contains(context: Context, part: str | None) -> bool:
    """Say whether a group's name contains the text."""
    return part is not None and any(part in name_of(group) for group in context.groups)


def is_member_of_group_name_regex(context: Context, pattern: str | None) -> bool:
    """Say whether a group's whole name matches the regular expression."""
    if pattern is None:
        raise failure("The regular expression is null.")
    return any(matches_whole(pattern, name_of(group), context.deadline) for group in context.groups)


def get_filtered_groups(
    context: Context,
    allowed: list[Value] | None,
    body: Callable[[Context], Value],
    limit: int,
) -> list[Value]:
    """Return what the body gives for each of the person's groups whose id is allowed."""
    inner = copy(context)
    results: list[Value] = []
    for group in context.groups:
        if group.get("id") in (allowed or ()):
            inner.group = group
            check_time(context.deadline)
            results.append(body(inner))
    return limited(results, limit)


def limited(found: list[Value], limit: int) -> list[Value]:
    """Return what was found; a wrong limit, or more than it, is an error."""
    if not 1 <= limit <= MOST_GROUPS:
        raise failure(f"The limit has to be from 1 to {MOST_GROUPS}; it is {limit:d}.")
    if len(found) > limit:
        raise failure(f"{len(found)} groups match, more than the limit of {limit:d}.")
    return found


# ----------------------------------------------------------------------------- user.getGroups


def get_groups(context: Context, *criteria: Value) -> list[Value]:
    """Return the groups that meet all criteria."""
    tests = [criterion_test(criterion) for criterion in criteria]
    found: list[Value] = []
    for group in context.groups:
        check_time(context.deadline)
        if all(test(group) for test in tests):
            found.append(group)
    return found


def criterion_test(criterion: Value) -> Callable[[Group], bool]:
    """Return the test that one map means; several values in it are alternatives."""
    if not isinstance(criterion, Mapping):
        raise wrong_criterion("A criterion is a map: {'group.type': {'OKTA_GROUP'}}.")
    keys = [key for key in criterion if key != "operator"]
    operator = criterion.get("operator", "STARTS_WITH")
    if operator not in ("EXACT", "STARTS_WITH"):
        raise wrong_criterion("The operator is 'EXACT' or 'STARTS_WITH'.")
    unknown = [key for key in keys if key not in CRITERIA]
    if unknown or not keys:
        raise wrong_criterion(f"A criterion has one of the keys {', '.join(CRITERIA)}.")

    def test(group: Group) -> bool:
        return all(CRITERIA[key](group, texts(criterion[key]), operator == "EXACT") for key in keys)

    return test


def texts(value: Value) -> tuple[Value, ...]:
    """Return a criterion's values."""
    return tuple(value) if isinstance(value, list) else (value,)


def wrong_criterion(hint: str) -> ExpressionError:
    """Return the error for a map that says nothing about groups."""
    return failure("user.getGroups does not understand its criteria.", hint)


def by_name(group: Group, wanted: tuple[Value, ...], exact: bool) -> bool:
    """Compare names: the beginning unless exact; a ``.*`` at the end says nothing more."""
    name = name_of(group)
    for each in wanted:
        if isinstance(each, str) and (
            name == each if exact else name.startswith(each.removesuffix(".*"))
        ):
            return True
    return False


def by_source(group: Group, wanted: tuple[Value, ...], exact: bool) -> bool:
    """Compare the id of the app that a group comes from."""
    return group.get("source_id") in wanted


CRITERIA: Final[Mapping[str, Callable[[Group, tuple[Value, ...], bool], bool]]] = {
    "group.id": lambda group, wanted, exact: group.get("id") in wanted,
    "group.source.id": by_source,
    "group.type": lambda group, wanted, exact: group.get("type") in wanted,
    "group.profile.name": by_name,
}


# ------------------------------------------------------------------------------------ Groups.*


def groups_by(test: Callable[[str, str], bool]) -> Callable[..., list[Value] | None]:
    """Return the implementation of one of ``Groups.*``: names, or null when there are none."""

    def names(
        context: Context, app: str | None, pattern: str | None, limit: int
    ) -> list[Value] | None:
        found: list[Value] = [
            name_of(group)
            for group in context.groups
            if pattern is not None and of_app(group, app) and test(name_of(group), pattern)
        ]
        return limited(found, limit) or None

    return names


def of_app(group: Group, app: str | None) -> bool:
    """Say whether a group comes from an app, named by its variable name or its id."""
    if app == "OKTA":
        return group.get("type") in ANY_OKTA_TYPE
    if app == "active_directory":
        return "okta:windows_security_principal" in (group.get("objectClass") or ())
    return app is not None and app == group.get("source_id")


_GROUPS: Final = {
    "groups": [
        {"id": "00g1", "name": "Sales", "type": "OKTA_GROUP"},
        {"id": "00g2", "name": "San Francisco admins", "type": "OKTA_GROUP"},
    ]
}


def membership(
    name: str, parameter: Parameter, help_text: str, example: str, function: Callable[..., bool]
) -> FunctionSpec:
    """Return the declaration of one of the functions ``isMemberOf...``."""
    return FunctionSpec(
        name,
        (parameter,),
        "Boolean",
        help_text,
        f"{name}({example})",
        True,
        SOURCE,
        function,
        example_context=_GROUPS,
        pure=False,
        slow=True,
        takes_context=True,
    )


def claims_only(last_name: str, help_text: str, pattern: str, result: list[str]) -> FunctionSpec:
    """Return the declaration of one of ``Groups.*``."""
    tests: Mapping[str, Callable[[str, str], bool]] = {
        "contains": lambda name, pattern: pattern in name,
        "startsWith": lambda name, pattern: name.startswith(pattern),
        "endsWith": lambda name, pattern: name.endswith(pattern),
    }
    return FunctionSpec(
        f"Groups.{last_name}",
        (Parameter("app"), Parameter("pattern"), Parameter("limit", "int")),
        "Array",
        f"Names of the person's groups from an app {help_text}. In claims only.",
        f'Groups.{last_name}("OKTA", "{pattern}", 100)',
        result,
        SOURCE,
        groups_by(tests[last_name]),
        example_context=_GROUPS | {"usage": "claims"},
        in_mappings=False,
        pure=False,
        takes_context=True,
    )


GROUP_FUNCTIONS: Final = (
    membership(
        "isMemberOfGroupName",
        Parameter("name"),
        "Whether the person is in a group of exactly this name.",
        '"Sales"',
        is_member_of_group_name,
    ),
    membership(
        "isMemberOfGroup",
        Parameter("groupId"),
        "Whether the person is in the group with this id.",
        '"00g1"',
        is_member_of_group,
    ),
    membership(
        "isMemberOfAnyGroup",
        Parameter("groupIds", variadic=True),
        "Whether the person is in one of the groups with these ids.",
        '"00g1", "00g9"',
        is_member_of_any_group,
    ),
    membership(
        "isMemberOfGroupNameStartsWith",
        Parameter("start"),
        "Whether the person is in a group whose name begins so.",
        '"San Fr"',
        is_member_of_group_name_starts_with,
    ),
    membership(
        "isMemberOfGroupNameContains",
        Parameter("part"),
        "Whether the person is in a group whose name contains the text.",
        '"admin"',
        is_member_of_group_name_contains,
    ),
    membership(
        "isMemberOfGroupNameRegex",
        Parameter("regex"),
        "Whether the person is in a group whose whole name matches the Java expression.",
        '".*admin.*"',
        is_member_of_group_name_regex,
    ),
    FunctionSpec(
        "getFilteredGroups",
        (
            Parameter("allowlist", "array"),
            Parameter("expression", "expression"),
            Parameter("limit", "int"),
        ),
        "Array",
        "What the expression gives for each of the person's groups whose id is in the list; "
        "group.name and the like are known in it.",
        'getFilteredGroups({"00g1", "00g9"}, "group.name", 50)',
        ["Sales"],
        TOKENS_SOURCE,
        get_filtered_groups,
        example_context=_GROUPS,
        pure=False,
        slow=True,
        takes_context=True,
    ),
    FunctionSpec(
        "user.getGroups",
        (Parameter("criteria", "any"), Parameter("moreCriteria", "any", variadic=True)),
        "Array",
        "The person's groups that meet all criteria; .![name] behind it gives their names.",
        "user.getGroups({'group.profile.name': 'San'}).![name]",
        ["San Francisco admins"],
        GET_GROUPS_SOURCE,
        get_groups,
        example_context=_GROUPS,
        pure=False,
        slow=True,
        takes_context=True,
    ),
    claims_only("contains", "that contain the pattern", "admin", ["San Francisco admins"]),
    claims_only("startsWith", "that begin with the pattern", "Sal", ["Sales"]),
    claims_only("endsWith", "that end with the pattern", "admins", ["San Francisco admins"]),
)
