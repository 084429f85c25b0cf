"""The names that an expression may use, and the check of a whole tree before evaluation."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from server.okta.expressions.context import Context, Profile
from server.okta.expressions.errors import ExpressionError, function_error, property_error
from server.okta.expressions.functions import FUNCTIONS
from server.okta.expressions.functions.specification import FunctionSpec
from server.okta.expressions.inferred import BARE_NAMES_ARE_OF_THE_SOURCE
from server.okta.expressions.tree import (
    Call,
    Name,
    Node,
    Place,
    Projection,
    Property,
    children,
)


class AnyName:
    """The attributes of an object whose schema is not known: every name is one."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        return True


ANY: Final = AnyName()

FIXED_ROOTS: Final = frozenset({"appuser", "appUser", "idpuser", "app", "org", "session", "access"})
SOURCES: Final = frozenset({"user", "source"})
CLAIMS: Final = frozenset({"claims", "saml"})
GROUP_ATTRIBUTES: Final = frozenset(
    {"id", "name", "type", "description", "status", "objectClass", "profile", "source_id"}
)


@dataclass(frozen=True, slots=True)
class Names:
    """What may be named besides the person's own attributes.

    Each value holds the names of an object's attributes, ``ANY`` when they are not known (then a
    missing one is found at evaluation), or None when there is no such object here.

    Attributes:
        people: Attributes of managers, assistants and linked users; None: the same as the person's.
        apps, app_settings: By the name that expressions use; None: every name passes.
        usage: "mapping", or "claims" or "saml", where more is known.
    """

    appuser: Container[str] | None = None
    idpuser: Container[str] | None = None
    app: Container[str] | None = ANY
    org: Container[str] | None = frozenset({"name", "subDomain", "domain"})
    people: Container[str] | None = None
    directory: Container[str] = ANY
    workday: Container[str] = ANY
    apps: Mapping[str, Container[str]] | None = field(default_factory=dict)
    app_settings: Mapping[str, Container[str]] | None = field(default_factory=dict)
    usage: str = "mapping"

    @classmethod
    def of(cls, context: Context) -> "Names":
        """Return the names of what a context holds: every object's own attributes, no others."""
        people = [context.manager, context.assistant]
        linked = context.linked.values() if isinstance(context.linked, Mapping) else ()
        return cls(
            appuser=context.appuser,
            idpuser=context.idpuser,
            app=context.app,
            org=context.org,
            people=united([*people, *linked]),
            directory=united(context.directory_users),
            workday=united(context.workday_users),
            apps=context.apps,
            app_settings=context.app_settings,
            usage=context.usage,
        )


def united(profiles: Iterable[Any]) -> Container[str]:
    """Return the names that any of the profiles has; all names when there is no profile."""
    known: list[Profile] = [profile for profile in profiles if isinstance(profile, Mapping)]
    return frozenset().union(*known) if known else ANY


UNCHECKED: Final = Names(ANY, ANY, ANY, ANY, ANY, ANY, ANY, None, None)
"""Every name of an object or attribute passes; only functions are checked."""


@dataclass(slots=True)
class Scope:
    """The names that are known at one place of an expression.

    Attributes:
        expression: The whole text, for messages.
        attributes: The person's attributes.
        in_group: Whether ``group`` is bound, inside ``getFilteredGroups``.
        in_element: Whether bare names are properties of an element, inside a projection.
        references: The person's attributes that have been met.
        constant: Whether nothing has been met that differs between people or times.
    """

    expression: str
    attributes: Container[str]
    names: Names
    in_group: bool = False
    in_element: bool = False
    references: set[str] = field(default_factory=set)
    constant: bool = True

    def root(self, name: str) -> Container[str] | None:
        """Return the attributes of the object that a bare name means; None: there is none."""
        names = self.names
        if name in SOURCES:
            return self.attributes
        match name:
            case "appuser" | "appUser":
                return names.appuser
            case "idpuser":
                return names.idpuser
            case "app":
                return names.app
            case "org":
                return names.org
            case "session" | "access":
                return ANY if names.usage in CLAIMS else None
            case "group":
                return GROUP_ATTRIBUTES if self.in_group else self.instance(name)
        return self.instance(name)

    def instance(self, name: str) -> Container[str] | None:
        """Return the attributes of a named app user, or of an app's settings."""
        names = self.names
        if name.endswith("_app") and (names.app_settings is None or name in names.app_settings):
            return ANY if names.app_settings is None else names.app_settings[name]
        return ANY if names.apps is None else names.apps.get(name)

    def result(self, spec: FunctionSpec) -> Container[str] | None:
        """Return the attributes of what a function gives; None when it gives no object."""
        match spec.returns:
            case "user":
                return self.attributes if self.names.people is None else self.names.people
            case "directory user":
                return self.names.directory
            case "workday user":
                return self.names.workday
            case "app user":
                return ANY
        return None

    def within(self, *, in_element: bool) -> "Scope":
        """Return the scope of a projection's body; what is met there is remembered here."""
        return Scope(
            self.expression,
            self.attributes,
            self.names,
            self.in_group,
            in_element,
            self.references,
            self.constant,
        )

    def for_group(self, expression: str) -> "Scope":
        """Return the scope of an expression that is evaluated for a group."""
        return Scope(
            expression, self.attributes, self.names, in_group=True, references=self.references
        )


def function_of(call: Call) -> FunctionSpec | None:
    """Return the declaration of what a call calls, or None for an unknown function."""
    if call.target is None:
        return FUNCTIONS.get(call.name) if "." not in call.name else None
    if isinstance(call.target, Name):
        return FUNCTIONS.get(f"{call.target.name}.{call.name}")
    return None


def check(node: Node, scope: Scope) -> None:
    """Check every name of a tree, taken or not, from left to right (spec section 9, check 2).

    Raises:
        ExpressionError: Of the kind "property" or "function".
    """
    match node:
        case Name():
            check_bare(node, scope)
        case Property():
            check_property(node, scope)
        case Call():
            spec = checked_function(node, scope)
            scope.constant = scope.constant and spec.pure
            for argument in node.arguments:
                check(argument, scope)
        case Projection():
            check(node.base, scope)
            inner = scope.within(in_element=True)
            check(node.body, inner)
            scope.constant = scope.constant and inner.constant
        case _:
            for child in children(node):
                check(child, scope)


def check_bare(node: Name, scope: Scope) -> None:
    """Check a name without a dot: an element's property, an object, or an attribute."""
    scope.constant = False
    name = node.name
    if scope.in_element or name in SOURCES:
        return
    known = scope.root(name) is not None
    if known and (name in FIXED_ROOTS or (scope.in_group and name == "group")):
        return
    if BARE_NAMES_ARE_OF_THE_SOURCE and name in scope.attributes:
        scope.references.add(name)
    elif not known:
        raise unknown_root(name, node.at, scope)


def check_property(node: Property, scope: Scope) -> None:
    """Check ``base.name``."""
    base = node.base
    known: Container[str] | None = ANY
    shown = ""
    if isinstance(base, Name) and not scope.in_element:
        scope.constant = False
        known = scope.root(base.name)
        shown = f"{base.name}."
        if known is None:
            if base.name not in scope.attributes or scope.attributes is ANY:
                raise unknown_root(base.name, base.at, scope, node.name)
            scope.references.add(base.name)
    else:
        check(base, scope)
        if is_attribute(base) and not scope.in_element:
            raise property_error(node.name, scope.expression, node.at)
        if isinstance(base, Call):
            spec = function_of(base)
            known = scope.result(spec) if spec else None
    known = ANY if known is None else known
    if node.name not in known:
        near = nearest(node.name, known)
        suggestion = f"Did you mean {shown}{near}?" if near else ""
        raise property_error(node.name, scope.expression, node.at, suggestion)
    if isinstance(base, Name) and base.name in SOURCES and not scope.in_element:
        scope.references.add(node.name)


def is_attribute(node: Node) -> bool:
    """Say whether a node is one of the person's attributes, which have no properties."""
    return isinstance(node, Property) and isinstance(node.base, Name) and node.base.name in SOURCES


def checked_function(call: Call, scope: Scope) -> FunctionSpec:
    """Return the declaration of what is called, or raise for the name or the argument count."""
    spec = function_of(call)
    if spec is None:
        name = call.name
        if isinstance(call.target, Name) and scope.root(call.target.name) is None:
            name = f"{call.target.name}.{call.name}"
        elif call.target is not None and not isinstance(call.target, Name):
            check(call.target, scope)
        raise function_error(name, scope.expression, call.at, instead_of(call))
    if not spec.in_mappings and scope.names.usage not in CLAIMS:
        raise function_error(
            spec.name,
            scope.expression,
            call.at,
            f"{spec.name} works in claims only, not in mappings: use user.getGroups.",
        )
    if not spec.takes(len(call.arguments)):
        raise function_error(spec.name, scope.expression, call.at, spec.arity_text())
    return spec


def instead_of(call: Call) -> str:
    """Return what to write instead of a function that does not exist."""
    target = call.target
    if (target is not None and not isinstance(target, Name)) or (
        isinstance(target, Name) and target.name[:1].islower() and target.name not in SOURCES
    ):
        near = nearest(call.name, (spec.last_name for spec in FUNCTIONS.values()))
        for spec in FUNCTIONS.values():
            if near and spec.last_name == near and spec.namespace:
                return f"Values have no methods here: use {spec.name}."
        return "Values have no methods here: use the functions of String and Arrays."
    if isinstance(target, Name):
        written = f"{target.name}.{call.name}"
        near = nearest(written, FUNCTIONS)
    else:
        near = nearest(call.name, [name for name in FUNCTIONS if "." not in name])
    if not near:
        lasts = {spec.last_name: spec.name for spec in FUNCTIONS.values()}
        near = lasts.get(nearest(call.name, lasts), "")
    return f"Did you mean {near}?" if near else ""


def unknown_root(name: str, place: Place, scope: Scope, behind: str = "") -> ExpressionError:
    """Return the error for a name that is neither an object nor an attribute."""
    reasons = {
        "appuser": "appuser is known only in mappings from an app to Okta.",
        "appUser": "appUser is known only in mappings from an app to Okta.",
        "idpuser": "idpuser is known only in username transforms of identity providers.",
        "session": "session is known only in SAML attribute statements.",
        "access": "access is known only in claims.",
    }
    suggestion = reasons.get(name, "")
    if not suggestion:
        roots = ["user", "source", "app", "org", "appuser", *(scope.names.apps or ())]
        near = nearest(name, roots if behind else (), 0.7)
        attribute = nearest(behind, scope.attributes) or behind
        if near:
            suggestion = f"Did you mean {near}.{attribute if near in SOURCES else behind}?"
        elif not behind:
            near = nearest(name, scope.attributes)
            suggestion = f"Did you mean user.{near}?" if near else "A text belongs between quotes."
    return property_error(name, scope.expression, place, suggestion)


def nearest(name: str, known: Any, cutoff: float = 0.6) -> str:
    """Return the known name that is most like a wrong one, letter case aside, or ""."""
    if isinstance(known, AnyName):
        return ""
    try:
        candidates = {str(each).lower(): str(each) for each in known}
    except TypeError:
        return ""
    found = get_close_matches(name.lower()[:100], list(candidates), 1, cutoff)
    return candidates[found[0]] if found else ""
