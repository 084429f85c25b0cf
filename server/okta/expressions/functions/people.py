"""Functions about the person's Okta user, manager, assistant, directory and Workday (6.5, 6.7)."""

from collections.abc import Callable
from typing import Any, Final

from server.okta.expressions.context import Context, LazyProfile, Profile
from server.okta.expressions.errors import ExpressionError, failure
from server.okta.expressions.functions.specification import (
    REFERENCE,
    FunctionSpec,
    Parameter,
    Result,
)
from server.okta.expressions.inferred import INTERNAL_PROPERTIES

USER_SOURCE: Final = REFERENCE + "#user-functions"
LINKED_SOURCE: Final = REFERENCE + "#linked-object-function"
MANAGER_SOURCE: Final = REFERENCE + "#manager-and-assistant-functions"
DIRECTORY_SOURCE: Final = REFERENCE + "#directory-and-workday-functions"

DIRECTORY: Final = "active_directory"
"""The only source of managers that Okta's functions take."""


def get_internal_property(context: Context, name: str | None) -> Any:
    """Return the user's id or status."""
    if name not in INTERNAL_PROPERTIES:
        raise failure(
            f"user.getInternalProperty does not know {name or 'null'}.",
            f"Write one of {', '.join(INTERNAL_PROPERTIES)}.",
        )
    return context.internal.get(name)


def get_linked_object(context: Context, name: str | None) -> Profile | None:
    """Return the profile of the user who is linked by a primary name."""
    if name is None:
        return None
    return context.linked(name) if callable(context.linked) else context.linked.get(name)


def profile_of(person: LazyProfile, source: str | None) -> Profile | None:
    """Return a manager's or assistant's profile."""
    if source != DIRECTORY:
        raise wrong_source(source)
    return person() if callable(person) else person


def wrong_source(source: str | None) -> ExpressionError:
    """Return the error for a source that is not Active Directory."""
    return failure(
        f"Managers are not known from {source or 'null'}.",
        f'The source has to be "{DIRECTORY}".',
    )


def get_manager_user(context: Context, source: str | None) -> Profile | None:
    """Return the manager's Okta profile."""
    return profile_of(context.manager, source)


def get_assistant_user(context: Context, source: str | None) -> Profile | None:
    """Return the assistant's Okta profile."""
    return profile_of(context.assistant, source)


def get_manager_app_user(context: Context, source: str | None, app: str | None) -> Any:
    """Return the manager's app user."""
    if source != DIRECTORY:
        raise wrong_source(source)
    return context.manager_app.get(app or "")


def get_assistant_app_user(context: Context, source: str | None, app: str | None) -> Any:
    """Return the assistant's app user."""
    if source != DIRECTORY:
        raise wrong_source(source)
    return context.assistant_app.get(app or "")


def has_directory_user(context: Context) -> bool:
    """Say whether the person has exactly one Active Directory account."""
    return len(context.directory_users) == 1


def find_directory_user(context: Context) -> Profile | None:
    """Return the Active Directory account; None when there is none or several."""
    return context.directory_users[0] if len(context.directory_users) == 1 else None


def has_workday_user(context: Context) -> bool:
    """Say whether the person has a Workday account."""
    return bool(context.workday_users)


def find_workday_user(context: Context) -> Profile | None:
    """Return the Workday account; None when there is none or several."""
    return context.workday_users[0] if len(context.workday_users) == 1 else None


_AROUND: Final = {
    "manager": {"firstName": "Maria"},
    "assistant": {"firstName": "Alan"},
    "manager_app": {"google": {"email": "maria@example.com"}},
    "assistant_app": {"google": {"email": "alan@example.com"}},
    "linked": {"manager": {"email": "maria@example.com"}},
    "internal": {"id": "00u1", "status": "ACTIVE"},
    "directory_users": [{"managerUpn": "maria@example.com"}],
    "workday_users": [{"employeeID": "123456"}],
}


def declared(
    name: str,
    parameters: tuple[Parameter, ...],
    returns: Result,
    help_text: str,
    example: str,
    result: Any,
    source: str,
    function: Callable[..., Any],
    *,
    null_person: bool = False,
) -> FunctionSpec:
    """Return a declaration with the context that all examples share."""
    return FunctionSpec(
        name,
        parameters,
        returns,
        help_text,
        example,
        result,
        source,
        function,
        example_context=_AROUND,
        pure=False,
        takes_context=True,
        null_person=null_person,
    )


_SOURCE: Final = Parameter("source")
_APP: Final = Parameter("app")

PEOPLE_FUNCTIONS: Final = (
    declared(
        "user.getInternalProperty",
        (Parameter("name"),),
        "String",
        'The Okta user\'s "id" or "status".',
        'user.getInternalProperty("id")',
        "00u1",
        USER_SOURCE,
        get_internal_property,
    ),
    declared(
        "user.getLinkedObject",
        (Parameter("primaryName"),),
        "user",
        "The user who is linked to the person by this name; an attribute follows.",
        'user.getLinkedObject("manager").email',
        "maria@example.com",
        LINKED_SOURCE,
        get_linked_object,
        null_person=True,
    ),
    declared(
        "getManagerUser",
        (_SOURCE,),
        "user",
        'The manager\'s Okta profile; the source is "active_directory".',
        'getManagerUser("active_directory").firstName',
        "Maria",
        MANAGER_SOURCE,
        get_manager_user,
        null_person=True,
    ),
    declared(
        "getManagerAppUser",
        (_SOURCE, _APP),
        "app user",
        "The manager's account in an app.",
        'getManagerAppUser("active_directory", "google").email',
        "maria@example.com",
        MANAGER_SOURCE,
        get_manager_app_user,
        null_person=True,
    ),
    declared(
        "getAssistantUser",
        (_SOURCE,),
        "user",
        'The assistant\'s Okta profile; the source is "active_directory".',
        'getAssistantUser("active_directory").firstName',
        "Alan",
        MANAGER_SOURCE,
        get_assistant_user,
        null_person=True,
    ),
    declared(
        "getAssistantAppUser",
        (_SOURCE, _APP),
        "app user",
        "The assistant's account in an app.",
        'getAssistantAppUser("active_directory", "google").email',
        "alan@example.com",
        MANAGER_SOURCE,
        get_assistant_app_user,
        null_person=True,
    ),
    declared(
        "hasDirectoryUser",
        (),
        "Boolean",
        "Whether the person has exactly one Active Directory account.",
        "hasDirectoryUser()",
        True,
        DIRECTORY_SOURCE,
        has_directory_user,
    ),
    declared(
        "findDirectoryUser",
        (),
        "directory user",
        "The Active Directory account; null when there is none or several.",
        "findDirectoryUser().managerUpn",
        "maria@example.com",
        DIRECTORY_SOURCE,
        find_directory_user,
    ),
    declared(
        "hasWorkdayUser",
        (),
        "Boolean",
        "Whether the person has a Workday account.",
        "hasWorkdayUser()",
        True,
        DIRECTORY_SOURCE,
        has_workday_user,
    ),
    declared(
        "findWorkdayUser",
        (),
        "workday user",
        "The Workday account; null when there is none or several.",
        "findWorkdayUser().employeeID",
        "123456",
        DIRECTORY_SOURCE,
        find_workday_user,
    ),
)
