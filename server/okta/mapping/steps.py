"""What a person does in Okta for a mapping, as text to copy (set-up guide, steps 2 to 4)."""

from server.okta.mapping.app_profile import AppAttribute
from server.okta.mapping.rows import MappingRow, UsernameFormat, UsernameKind, ValueKind

_MAPPINGS = (
    "Open the Provisioning tab of the Blink app and scroll down to Blink Attribute Mappings."
)

_FILLED_IN = {
    ValueKind.SAME: "enter this value in the text box: {text}",
    ValueKind.PROFILE: "select this Okta attribute from the dropdown menu: {text}",
    ValueKind.EXPRESSION: "enter this expression in the text field: {text}",
}


def steps(attribute: AppAttribute, row: MappingRow | None) -> str:
    """Return the numbered steps that make a row in Okta, or that unmap it (None)."""
    if row is None:
        return _numbered(
            _MAPPINGS,
            f"Click the cross icon against {_called(attribute)}.",
            "Click OK. The attribute shows as Not mapped.",
        )
    return _numbered(
        *_added(attribute),
        _MAPPINGS,
        f"Click the pencil icon against {_called(attribute)}; if it is not listed, click "
        "Show Unmapped Attributes first.",
        f'Against Attribute value select "{row.kind.value}" and '
        + _FILLED_IN[row.kind].format(text=row.text),
        f'Against Apply on choose "{row.apply_on.value}".',
        "Type the name of one of your users in the preview box and check the value in the green "
        "section.",
        "Click Save.",
    )


def username_steps(username: UsernameFormat) -> str:
    """Return the numbered steps that set the username format in Okta."""
    custom = username.kind is UsernameKind.CUSTOM
    return _numbered(
        "Open the Sign On tab of the Blink app and click Edit.",
        f'Against Application username format select "{username.kind.value}"'
        + (f" and enter this expression: {username.expression}" if custom else "."),
        f'Against Update application username on choose "{username.apply_on.value}".',
        "Click Save.",
    )


def _added(attribute: AppAttribute) -> tuple[str, ...]:
    if not attribute.custom:
        return ()
    return (
        "If the Blink app does not have the attribute yet: on the Provisioning tab click Go to "
        f"Profile Editor, then Add Attribute, with the data type {attribute.type}, the display "
        f'name "{attribute.title}", the variable name {attribute.variable}, the external name '
        f"{attribute.external_name} and the external namespace {attribute.external_namespace}.",
    )


def _called(attribute: AppAttribute) -> str:
    return f"{attribute.title} ({attribute.variable})"


def _numbered(*lines: str) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
