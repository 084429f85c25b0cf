"""What a filter means (RFC 7644 3.4.2.2), evaluated on a resource in memory.

The rules, which ``storage.filters`` follows in SQL:

- A path means all values that it reaches: those of every element of a multi-valued attribute. A
  value that is null, an empty text, list or object is not there (RFC 7643 2.5).
- A comparison is true when any value satisfies it. ``ne`` is the exception: it is true when
  ``eq`` is false, so when no value is equal, also when there is none at all.
- ``eq null`` and ``eq ""`` are true when there is no value, ``ne`` of both when there is one,
  which is also what ``pr`` says.
- Texts are compared without regard to letter case (``str.casefold``) unless the attribute is
  ``caseExact``; their order is that of code points. Dates are compared as moments, by ``co``,
  ``sw`` and ``ew`` as texts.
- ``path[filter]`` is true when one element satisfies the whole filter.
"""

from collections.abc import Callable, Iterable, Mapping
from operator import contains, eq, ge, gt, le, lt
from typing import Any, Final, TypeAlias, assert_never

from server.scim.filters.tree import And, Comparison, Filter, Not, Or, Present, ValuePath
from server.scim.schemas import Attribute, BoundPath
from server.scim.times import normalised

Resource: TypeAlias = Mapping[str, Any]
Predicate: TypeAlias = Callable[[Resource], bool]


def matches(condition: Filter, resource: Resource) -> bool:
    """Say whether a resource, or an element of a multi-valued attribute, satisfies a filter."""
    return compile_filter(condition)(resource)


def compile_filter(condition: Filter) -> Predicate:
    """Compile a filter that is applied to more than one resource."""
    match condition:
        case Comparison():
            return _comparison(condition)
        case Present(path):
            values = _reader(path)
            return lambda resource: any(map(_is_there, values(resource)))
        case And(terms):
            all_terms = [compile_filter(term) for term in terms]
            return lambda resource: all(term(resource) for term in all_terms)
        case Or(terms):
            any_terms = [compile_filter(term) for term in terms]
            return lambda resource: any(term(resource) for term in any_terms)
        case Not(term):
            negated = compile_filter(term)
            return lambda resource: not negated(resource)
        case ValuePath(path, inner):
            return _value_path(path, inner)
        case _:
            assert_never(condition)


def compile_element_filter(attribute: Attribute, condition: Filter) -> Callable[[Any], bool]:
    """Compile what stands between the brackets of a path; it is applied to single elements."""
    selects = compile_filter(condition)
    if attribute.type == "complex":
        return selects
    return lambda element: selects({"value": element})


def comparison_key(attribute: Attribute) -> Callable[[Any], Any]:
    """Return the function whose results are compared in place of an attribute's values."""
    if attribute.type == "dateTime":
        return _moment
    if attribute.type == "string" and not attribute.case_exact:
        return str.casefold
    return _itself


_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "eq": eq,
    "ne": eq,
    "co": contains,
    "sw": str.startswith,
    "ew": str.endswith,
    "gt": gt,
    "ge": ge,
    "lt": lt,
    "le": le,
}


def _comparison(condition: Comparison) -> Predicate:
    operator, leaf = condition.operator, condition.path.leaf
    values = _reader(condition.path)
    negated = operator == "ne"
    if condition.value is None or (condition.value == "" and operator in ("eq", "ne")):
        return lambda resource: any(map(_is_there, values(resource))) is negated
    as_text = operator in ("co", "sw", "ew") and leaf.type == "dateTime"
    key = _itself if as_text else comparison_key(leaf)
    compare, wanted = _COMPARE[operator], key(condition.value)

    def satisfied(resource: Resource) -> bool:
        for value in values(resource):
            if _is_there(value) and compare(key(value), wanted):
                return not negated
        return negated

    return satisfied


def _value_path(path: BoundPath, inner: Filter) -> Predicate:
    values = _reader(path)
    selects = compile_element_filter(path.attribute, inner)
    return lambda resource: any(selects(element) for element in values(resource))


def _reader(path: BoundPath) -> Callable[[Resource], Iterable[Any]]:
    """Return a function that lists the values that a path reaches, also null and empty ones."""
    urn, name = path.urn, path.attribute.name
    sub_name = path.sub_attribute.name if path.sub_attribute else None

    def read(resource: Resource) -> Iterable[Any]:
        holder = resource.get(urn) or {} if urn else resource
        value = holder.get(name)
        if value is None:
            return ()
        elements = value if isinstance(value, list) else (value,)
        if sub_name is None:
            return elements
        return [element.get(sub_name) for element in elements]

    return read


def _is_there(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_is_there, value.values()))
    return value is not None and value != "" and value != []


def _itself(value: Any) -> Any:
    return value


def _moment(value: str) -> str:
    return normalised(value) or value
