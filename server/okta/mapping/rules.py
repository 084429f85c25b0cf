"""What can be wrong with mappings, or with the people whom they are applied to.

Each rule is declared here, once, with its severity, its sentence and its cure; ``lint`` and
``preflight`` find the cases.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Severity(Enum):
    """How bad a finding is, the worst first.

    ERROR: Okta or Blink would refuse the person, or somebody else's account would be overwritten.
    WARNING: It is accepted, but is hardly what is wanted. NOTE: Good to know.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    A case fills ``{variable}``, ``{title}``, ``{value}`` and ``{advice}`` into its texts.
    """

    id: str
    severity: Severity
    sentence: str
    cure: str


_ERROR, _WARNING, _NOTE = Severity

# Of the mappings alone.

NAMESPACE_MISSING: Final = Rule(
    "namespace-missing",
    _WARNING,
    "{variable} has no external namespace, so Okta never sends it.",
    "In Okta's Profile Editor give the attribute the external namespace {value}; Okta wants it to "
    "be added anew for that.",
)
NAMESPACE_UNKNOWN: Final = Rule(
    "namespace-unknown",
    _WARNING,
    "{variable} is sent under a namespace that Blink does not know: {value}.",
    "Set the external namespace to Blink's urn:ietf:params:scim:schemas:extension:blink:2.0:User, "
    "to the enterprise one or to the core one, exactly as they are written.",
)
NAMESPACE_WRONG: Final = Rule(
    "namespace-wrong",
    _WARNING,
    "{variable} is sent under the wrong namespace, where Blink does not look for it.",
    "Set its external namespace to {value}.",
)
EXTERNAL_NAME_INVALID: Final = Rule(
    "external-name-invalid",
    _WARNING,
    "{variable} has an external name that cannot be read, so it is never sent: {value}",
    "Write an external name such as title, name.givenName or emails.^[primary==true].value.",
)
EXTERNAL_NAME_TWICE: Final = Rule(
    "external-name-twice",
    _WARNING,
    "{variable} is sent to the same place as {value}: one of the two overwrites the other.",
    "Give one of them another external name, or unmap it.",
)
MOBILE_WITHOUT_TYPE: Final = Rule(
    "mobile-without-type",
    _WARNING,
    "{variable} is sent without the type mobile, so Blink does not take it for the mobile number.",
    "Set its external name to phoneNumbers.^[type=='mobile'].value.",
)
LOCALE_UNDERSCORE: Final = Rule(
    "locale-underscore",
    _WARNING,
    "{variable} is mapped to a locale in Okta's form, such as en_GB; Blink asks for en-GB.",
    'Map it with the expression String.replace(user.locale, "_", "-"), or write the constant with '
    "a hyphen.",
)
MANAGER_NOT_AN_ID: Final = Rule(
    "manager-not-an-id",
    _WARNING,
    "{variable} is mapped to {value}, but Blink needs the id of the manager's user there.",
    "Map it to an attribute that holds the id, such as user.managerId.",
)
REQUIRED_UNMAPPED: Final = Rule(
    "required-unmapped",
    _ERROR,
    "{variable} is required and not mapped, so nobody can be provisioned.",
    "Map {title}; for Username, choose a format on Okta's tab Sign On.",
)
NAMES_UNMAPPED: Final = Rule(
    "names-unmapped",
    _WARNING,
    "Neither given name nor family name is mapped, so Blink shows nobody's name.",
    "Map givenName to user.firstName and familyName to user.lastName.",
)
CONSTANT_FOR_UNIQUE: Final = Rule(
    "constant-for-unique",
    _ERROR,
    "{variable} is the same for all users, but Blink tells people apart by it: only the first "
    "would be accepted.",
    "Map it from the Okta profile.",
)
CREATE_ONLY_PUSHED: Final = Rule(
    "create-only-pushed",
    _NOTE,
    "{variable} applies on Create, yet each later update sends it again as it was at the create.",
    "To keep Okta from overwriting it at Blink, delete the attribute from the app's profile.",
)
EXPRESSION_WRONG: Final = Rule(
    "expression-wrong", _ERROR, "{value}", "Correct the mapping of {variable}. {advice}"
)
ROW_WITHOUT_ATTRIBUTE: Final = Rule(
    "row-without-attribute",
    _WARNING,
    "{variable} is mapped, but the app profile has no such attribute.",
    "Add the attribute to the app profile, or unmap it.",
)

# Of people.

NO_VALUE: Final = Rule("no-value", _ERROR, "{variable} is required and has no value.", "{advice}")
EXPRESSION_FAILS: Final = Rule(
    "expression-fails",
    _ERROR,
    "The mapping of {variable} fails for some people.",
    "Let the expression test for null and for an empty text first.",
)
VALUE_MISFIT: Final = Rule(
    "value-misfit", _ERROR, "Invalid value data type for property {variable}", "{advice}"
)
USERNAME_SHARED: Final = Rule(
    "username-shared",
    _ERROR,
    "Several people get the same username: Okta would find the first one's account by it and "
    "overwrite it with the next.",
    "Choose another username format, or give one of them another login or email.",
)
EMAIL_SHARED: Final = Rule(
    "email-shared",
    _ERROR,
    "Several people have the same work email: Blink accepts the first and refuses the others.",
    "Give each of them an address of their own, or none.",
)
MOBILE_SHARED: Final = Rule(
    "mobile-shared",
    _ERROR,
    "Several people have the same mobile number: Blink accepts the first and refuses the others.",
    "Give each of them a number of their own, or none.",
)
EMPLOYEE_NUMBER_SHARED: Final = Rule(
    "employee-number-shared",
    _WARNING,
    "Several people have the same employee number, by which Blink links accounts.",
    "Correct the number in Okta, so that nobody is linked to another one's account.",
)
REFUSED: Final = Rule("refused", _ERROR, "{value}", "{advice}")
WOULD_LINK: Final = Rule(
    "would-link",
    _NOTE,
    "People would be linked to accounts that Blink already has, by email or employee number.",
    "Check that each account is theirs.",
)
ALREADY_THERE: Final = Rule(
    "already-there",
    _NOTE,
    "People have a user at Blink already, which Okta would find by the username and update.",
    "Nothing is to be done if these users are theirs.",
)
NAME_MISSING: Final = Rule(
    "name-missing",
    _WARNING,
    "People have neither a given name nor a family name.",
    "Give them a name in Okta: Blink shows it to everybody.",
)
CONTACT_MISSING: Final = Rule(
    "contact-missing",
    _WARNING,
    "People have neither a work email nor a mobile number, so Blink cannot invite them.",
    "Give them an address or a number in Okta.",
)
MANAGER_IS_AN_EMAIL: Final = Rule(
    "manager-is-an-email",
    _WARNING,
    "{variable} is an email address for some people, but Blink needs the id of the manager's user.",
    "Map it to an attribute that holds the id, such as user.managerId.",
)
NOT_ACTIVE: Final = Rule(
    "not-active",
    _NOTE,
    "People are deactivated in Okta, so they were not checked: Okta provisions none of them.",
    "Nothing is to be done.",
)
REMARK: Final = Rule("remark", _NOTE, "{value}", "")

REMARK_RULES: Final = {
    "mobile-not-international": Rule(
        "mobile-not-international",
        _WARNING,
        "Mobile numbers are not in international form.",
        "Write them as +447700900123 in Okta, or bring them into this form in the mapping.",
    ),
    "ignored-by-blink": Rule(
        "ignored-by-blink",
        _NOTE,
        "Attributes are sent that Blink ignores.",
        "Nothing is to be done; unmap them to keep the payload short.",
    ),
    "attribute-unknown": Rule(
        "attribute-unknown",
        _WARNING,
        "Attributes are sent that Blink does not have, so their values are lost.",
        "Correct the external name and namespace in Okta's Profile Editor, or unmap them.",
    ),
}
"""The receiver's remarks that have a rule of their own, by their codes; others are a ``REMARK``."""

COVERED_REMARKS: Final = frozenset({"account-linked"})
"""The remarks that other findings tell already."""
