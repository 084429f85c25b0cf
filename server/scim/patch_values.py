"""What an operation makes of the value of one attribute (RFC 7644 3.5.2.1 to 3.5.2.3).

Values are never changed in place: what a PATCH began with is kept until all of it succeeded.
"""

from typing import Any, Literal

from server.scim.errors import ScimError
from server.scim.filters.evaluation import compile_element_filter
from server.scim.filters.tree import And, Comparison, Filter
from server.scim.paths import PatchPath
from server.scim.remarks import Remark
from server.scim.schemas import Attribute
from server.scim.validation import refuse_immutable
from server.scim.values import (
    check_required,
    identity,
    is_unassigned,
    note,
    note_unknown,
    read_element,
    read_value,
    refuse_primaries,
    settled,
)

OperationName = Literal["add", "replace", "remove"]
Element = dict[str, Any]


def changed_value(
    op: OperationName, path: PatchPath, before: Any, value: Any, remarks: list[Remark]
) -> Any:
    """Return the attribute's new value, or None when it has none any more.

    ``before`` is the whole value of ``path.bound.attribute``, None when there is none.

    Raises:
        ScimError: 400 ``invalidValue``, ``mutability`` or ``noTarget``.
    """
    attribute = path.bound.attribute
    if attribute.multi_valued:
        return _Elements(path, before or [], remarks).changed(op, value) or None
    if path.bound.sub_attribute is not None:
        return _with_part(op, path, before, value, remarks)
    if op == "remove":
        return None
    if is_unassigned(value) and not isinstance(value, dict):
        return None if op == "replace" else before
    if attribute.type == "complex":
        return _merged(op, attribute, before, value, remarks) or None
    return read_value(attribute, value, "", remarks)


def _with_part(
    op: OperationName, path: PatchPath, holder: Element | None, value: Any, remarks: list[Remark]
) -> Element | None:
    """Return a complex value with one sub-attribute written or removed."""
    name = path.bound.leaf.name
    if op == "remove":
        op, value = "replace", None
    return _merged(op, path.bound.attribute, holder, {name: value}, remarks) or None


def _merged(
    op: OperationName,
    attribute: Attribute,
    before: Element | None,
    value: Any,
    remarks: list[Remark],
) -> Element:
    """Return a complex value in which the sub-attributes of ``value`` are written.

    Those that it leaves out are kept (RFC 7644 3.5.2.3), those that it sets to null are removed.
    """
    members = value if isinstance(value, dict) else read_element(attribute, value, "", remarks)
    prefix = f"{attribute.name}."
    merged = dict(before or ())
    for key, item in members.items():
        sub_attribute = attribute.sub_attributes.get(key.lower())
        if sub_attribute is None:
            note_unknown(f"{prefix}{key}", remarks)
            continue
        if sub_attribute.mutability == "readOnly":
            continue
        name = sub_attribute.name
        after = read_value(sub_attribute, item, prefix, remarks)
        if after is None and op == "add":
            continue
        old = merged.get(name)
        if sub_attribute.mutability == "immutable" and old is not None and after != old:
            refuse_immutable(sub_attribute, prefix)
        if after is None:
            merged.pop(name, None)
        else:
            merged[name] = after
    if before and before.get("value") != merged.get("value"):
        _drop_stale_reference(before, merged)
    if merged:
        check_required(attribute.sub_attributes, merged, prefix)
    return merged


def _drop_stale_reference(before: Element, merged: Element) -> None:
    """A ``$ref`` that was not sent along with a new ``value`` still points at the old one."""
    if "$ref" in before and merged.get("$ref") == before["$ref"]:
        del merged["$ref"]


class _Elements:
    """The values of a multi-valued attribute, and an operation on some or all of them."""

    def __init__(self, path: PatchPath, before: list[Any], remarks: list[Remark]) -> None:
        self.path = path
        self.attribute = path.bound.attribute
        self.before = before
        self.remarks = remarks

    def changed(self, op: OperationName, value: Any) -> list[Any]:
        if self.path.filter is None and self.path.bound.sub_attribute is None:
            if op == "remove":
                return self.without(value)
            if op == "replace":
                return read_value(self.attribute, value, "", self.remarks) or []
            return self.added(value)
        chosen = self.chosen(self.path.filter)
        if op == "remove" and self.path.bound.sub_attribute is None:
            return [e for i, e in enumerate(self.before) if i not in chosen]
        if not chosen:
            return self.before if op == "remove" else self.created(op, value)
        return self.written(op, chosen, value)

    def chosen(self, condition: Filter | None) -> set[int]:
        """Return the positions of the elements that the path means."""
        if condition is None:
            return set(range(len(self.before)))
        selects = compile_element_filter(self.attribute, condition)
        return {i for i, element in enumerate(self.before) if selects(element)}

    def without(self, value: Any) -> list[Any]:
        """Remove all elements, or those that Entra lists as the value of a "remove"."""
        if value is None:
            return []
        note(
            self.remarks,
            "remove-by-value",
            f"The values of {self.attribute.name} to remove were taken from the operation's "
            '"value"; RFC 7644 has them in its "path".',
        )
        listed = read_value(self.attribute, value, "", self.remarks) or []
        whole = {identity(self.attribute, element) for element in listed}
        values = {
            identity(self.attribute, element)
            for element in listed
            if self.attribute.type == "complex" and "value" in element and "type" not in element
        }
        return [e for e in self.before if not self.is_listed(e, whole, values)]

    def is_listed(self, element: Any, whole: set[Any], values: set[Any]) -> bool:
        if identity(self.attribute, element) in whole:
            return True
        if not values or "value" not in element:
            return False
        return identity(self.attribute, {"value": element["value"]}) in values

    def added(self, value: Any) -> list[Any]:
        """Append elements; one that is there already takes what the new one adds to it."""
        elements = list(self.before)
        positions = {identity(self.attribute, e): i for i, e in enumerate(elements)}
        touched = set()
        for element in read_value(self.attribute, value, "", self.remarks) or ():
            position = positions.get(identity(self.attribute, element))
            if position is None:
                position = len(elements)
                elements.append(element)
            elif isinstance(element, dict):
                elements[position] = {**elements[position], **element}
            touched.add(position)
        return self.with_one_primary(elements, touched)

    def written(self, op: OperationName, chosen: set[int], value: Any) -> list[Any]:
        elements = list(self.before)
        for position in chosen:
            elements[position] = self.written_element(op, elements[position], value)
        elements = self.with_one_primary(elements, chosen)
        kept = [element for element in elements if element]
        return settled(self.attribute, kept, "", self.remarks)

    def written_element(self, op: OperationName, element: Any, value: Any) -> Any:
        if self.path.bound.sub_attribute is not None:
            return _with_part(op, self.path, element, value, self.remarks)
        if op == "replace":
            # "All matching record values SHALL be replaced" (RFC 7644 3.5.2.3).
            new = read_element(self.attribute, value, "", self.remarks)
            if isinstance(new, dict):
                self.check_immutable(element, new)
            return new
        if self.attribute.type != "complex":
            return read_element(self.attribute, value, "", self.remarks) or element
        if is_unassigned(value):
            return element
        return _merged(op, self.attribute, element, value, self.remarks)

    def check_immutable(self, before: Element, after: Element) -> None:
        for sub_attribute in self.attribute.sub_attributes.values():
            name = sub_attribute.name
            if sub_attribute.mutability == "immutable" and name in before:
                old = before[name]
                if after.setdefault(name, old) != old:
                    refuse_immutable(sub_attribute, f"{self.attribute.name}.")

    def created(self, op: OperationName, value: Any) -> list[Any]:
        """Add the element that the path describes, as Entra expects, or refuse (noTarget).

        An element is only made from what labels it: a filter on ``value`` means one that exists.
        """
        if is_unassigned(value):
            return self.before
        described = _described(self.path.filter)
        sub_attribute = self.path.bound.sub_attribute
        whole = sub_attribute is None and op == "add" and isinstance(value, dict)
        if described is None or not (whole or sub_attribute):
            raise ScimError(
                400,
                f"No value of {self.attribute.name} matches the filter in the path: "
                "there is nothing to change.",
                "noTarget",
            )
        part = {sub_attribute.name: value} if sub_attribute else value
        element = _merged(op, self.attribute, None, {**described, **part}, self.remarks)
        note(
            self.remarks,
            "element-created",
            f"No value of {self.attribute.name} matched the path: one was created from it.",
        )
        return self.added([element])

    def with_one_primary(self, elements: list[Any], touched: set[int]) -> list[Any]:
        """Let the element that has just become primary be the only one (RFC 7644 3.5.2)."""
        if "primary" not in self.attribute.sub_attributes:
            return elements
        new = [i for i in touched if _is_primary(elements[i]) and not self.was_primary(i)]
        if len(new) > 1:
            refuse_primaries(self.attribute, "", len(new))
        if not new:
            return elements
        return [
            {**element, "primary": False} if _is_primary(element) and i != new[0] else element
            for i, element in enumerate(elements)
        ]

    def was_primary(self, position: int) -> bool:
        return position < len(self.before) and _is_primary(self.before[position])


def _is_primary(element: Any) -> bool:
    return element is not None and element.get("primary") is True


def _described(condition: Filter | None) -> Element | None:
    """Return the element that ``type eq "work" and primary eq true`` describes, or None."""
    if condition is None:
        return {}
    terms = condition.terms if isinstance(condition, And) else (condition,)
    element = {}
    for term in terms:
        if not isinstance(term, Comparison) or term.operator != "eq" or term.value is None:
            return None
        if term.path.attribute.name == "value":
            return None
        element[term.path.attribute.name] = term.value
    return element
