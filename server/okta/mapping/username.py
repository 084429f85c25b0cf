"""The app's username, made by the format that is set on Okta's tab "Sign On" (spec C5)."""

from collections.abc import Mapping
from typing import Final

from server.okta.mapping.rows import UsernameFormat, UsernameKind

_AD_ONLY: Final = "hasDirectoryUser() ? {} : null"

_EXPRESSIONS: Final[Mapping[UsernameKind, str]] = {
    UsernameKind.OKTA: "user.login",
    UsernameKind.OKTA_PREFIX: 'String.substringBefore(user.login, "@")',
    UsernameKind.EMAIL: "user.email",
    UsernameKind.EMAIL_PREFIX: 'String.substringBefore(user.email, "@")',
    UsernameKind.EMAIL_LOWERCASE: "String.toLowerCase(user.email)",
    UsernameKind.AD_SAM: _AD_ONLY.format("findDirectoryUser().samAccountName"),
    UsernameKind.AD_SAM_DOMAIN: _AD_ONLY.format(
        'findDirectoryUser().samAccountName + "@" '
        '+ String.substringAfter(findDirectoryUser().userPrincipalName, "@")'
    ),
    UsernameKind.AD_UPN: _AD_ONLY.format("findDirectoryUser().userPrincipalName"),
    UsernameKind.AD_UPN_PREFIX: _AD_ONLY.format(
        'String.substringBefore(findDirectoryUser().userPrincipalName, "@")'
    ),
    UsernameKind.AD_EMPLOYEE_ID: _AD_ONLY.format("findDirectoryUser().employeeID"),
}
"""What each format stands for; the names of the AD attributes are AD's own (inferred)."""


def username_expression(username: UsernameFormat) -> str | None:
    """Return the expression that a format stands for, or None for no username at all."""
    if username.kind is UsernameKind.CUSTOM:
        return username.expression
    return _EXPRESSIONS.get(username.kind)


def format_of(expression: str) -> UsernameFormat:
    """Return the format that an expression stands for, a custom one when it is none of Okta's."""
    text = expression.strip()
    for kind, known in _EXPRESSIONS.items():
        if text == known:
            return UsernameFormat(kind)
    return UsernameFormat(UsernameKind.CUSTOM, text)
