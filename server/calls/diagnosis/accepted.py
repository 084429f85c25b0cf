"""Rules about requests that were accepted: what was understood, ignored, lost."""

from collections.abc import Iterable
from uuid import UUID

from server.calls.diagnosis.places import ORGANIZATION, attribute_in, log_of, mapping_of
from server.calls.diagnosis.rule import Found, Rule, Severity, rule
from server.calls.diagnosis.scene import Scene
from server.calls.differences import AttributeChange
from server.calls.reading import member, parsed

_TO_APP = "(Provisioning > To App > Attribute Mappings)"


@rule(
    "account-linked",
    "Linked to an existing account",
    Severity.NOTE,
    "Blink takes over an account that it had before when its work email, else its employee "
    "number, is that of the user who is created. The account keeps its id and what was not sent. "
    "Linking by employee number surprises when numbers were given out twice.",
)
def account_linked(scene: Scene) -> Found | None:
    if "account-linked" not in scene.remarks:
        return None
    return Found(
        scene.remarks["account-linked"],
        "See by the changes that it is the same person; if not, correct the employee number in "
        "Okta.",
        mapping_of("employeeNumber"),
    )


@rule(
    "ignored-by-blink",
    "Blink ignores some attributes",
    Severity.NOTE,
    "Okta's template sends more than Blink keeps, displayName and nickName among others. This "
    "server keeps them, so that one sees what was sent; Blink itself does not list them.",
)
def ignored_by_blink(scene: Scene) -> Found | None:
    if "ignored-by-blink" not in scene.remarks:
        return None
    first = scene.remarks["ignored-by-blink"].rpartition(": ")[2].partition(",")[0]
    return Found(
        scene.remarks["ignored-by-blink"],
        f"Nothing to do. To tidy up, unmap them in Okta {_TO_APP}.",
        mapping_of(first.removesuffix(".")),
    )


@rule(
    "attribute-unknown",
    "An attribute is in no schema",
    Severity.WARNING,
    "An attribute was dropped, because neither SCIM nor Blink's extension knows it under the name "
    "and namespace that Okta gave it. A custom attribute needs Blink's namespace, "
    "urn:ietf:params:scim:schemas:extension:blink:2.0:User, and its identifier as external name.",
)
def attribute_unknown(scene: Scene) -> Found | None:
    for code in ("attribute-unknown", "schema-unknown"):
        if code in scene.remarks:
            return Found(
                scene.remarks[code],
                "Compare external name and namespace in Okta's Profile Editor with the "
                "organization's attributes.",
                ORGANIZATION,
            )
    return None


@rule(
    "created-disabled",
    "The user was left disabled",
    Severity.WARNING,
    "At Blink a user without active is a disabled one. Okta always sends it; scripts and other "
    "identity providers may not. A switch of the organization turns the default round.",
)
def created_disabled(scene: Scene) -> Found | None:
    if "active-defaulted" not in scene.remarks:
        return None
    return Found(
        scene.remarks["active-defaulted"],
        "Send active with every user, or change the organization's switch.",
        ORGANIZATION,
    )


@rule(
    "mobile-not-international",
    "The mobile number is not international",
    Severity.WARNING,
    "Blink sends its invitation to the mobile number, which it asks for in international form, "
    "such as +447700900123. A national number is kept, but may reach nobody.",
)
def mobile_not_international(scene: Scene) -> Found | None:
    if "mobile-not-international" not in scene.remarks:
        return None
    return Found(
        scene.remarks["mobile-not-international"],
        f"Correct the number in the user's Okta profile, or its mapping {_TO_APP}.",
        mapping_of('phoneNumbers[type eq "mobile"].value'),
    )


@rule(
    "locale-converted",
    "The locale was converted",
    Severity.NOTE,
    "Okta writes locales as en_US, Blink wants BCP 47, en-US. What is meant is clear, so it was "
    "converted.",
)
def locale_converted(scene: Scene) -> Found | None:
    if "locale-converted" not in scene.remarks:
        return None
    return Found(
        scene.remarks["locale-converted"],
        'Nothing to do here; at Blink map locale as String.replace(user.locale, "_", "-").',
        mapping_of("locale"),
    )


@rule(
    "dialect",
    "A dialect of SCIM was understood",
    Severity.NOTE,
    "Okta and Entra write some things in their own way: operations in capitals, booleans as texts, "
    "values outside of the path. This server understands them; a stricter one refuses them.",
)
def dialect(scene: Scene) -> Found | None:
    found = [text for code, text in scene.call.remarks if code in _DIALECT]
    if not found:
        return None
    more = f" (and {len(found) - 1} more like it)" if len(found) > 1 else ""
    return Found(f"{found[0]}{more}", "Nothing to do.")


@rule(
    "members-left-out",
    "The group was emptied",
    Severity.WARNING,
    "A PUT replaces the whole group. One without members leaves the group without any.",
)
def members_left_out(scene: Scene) -> Found | None:
    if "members-missing" not in scene.remarks:
        return None
    return Found(
        scene.remarks["members-missing"],
        "If that was not meant, push the group again from Okta (Push Groups > Push Now).",
    )


@rule(
    "member-absent",
    "A member to be removed was none",
    Severity.NOTE,
    "Okta removed somebody who was not in the group, mostly because an earlier call removed them "
    "already, or because they were never provisioned.",
)
def member_absent(scene: Scene) -> Found | None:
    if "member-absent" not in scene.remarks:
        return None
    return Found(scene.remarks["member-absent"], "Nothing to do.")


@rule(
    "attributes-cleared",
    "A profile push cleared attributes",
    Severity.WARNING,
    "Okta has no partial push: each update carries the whole app profile, and what is not mapped, "
    "or is mapped for Create only, or evaluates to null, is missing in it. A PUT then clears it. "
    'Unmapping ("Do not map") does not protect a value; deleting the attribute from the app\'s '
    "profile in Okta's Profile Editor does.",
)
def attributes_cleared(scene: Scene) -> Found | None:
    if scene.call.method != "PUT" or scene.operation.startswith("group-"):
        return None
    gone = [c.path for c in _changes(scene) if c.before is not None and c.after is None]
    if not gone:
        return None
    return Found(
        f"The whole profile was sent without {_listed(gone)}, which {scene.subject} had before.",
        f"If that was not meant, map the attribute in Okta {_TO_APP}, or delete it from the app's "
        "profile in the Profile Editor.",
        mapping_of(gone[0]),
    )


@rule(
    "renamed",
    "The userName changed",
    Severity.NOTE,
    "Look-ups by the old userName find nobody from now on. When Okta still uses the old one, say "
    "because its username format is applied at creation only, it tries to create the person anew "
    "and gets 409.",
)
def renamed(scene: Scene) -> Found | None:
    change = next((c for c in _changes(scene) if c.path == "userName" and c.before), None)
    if change is None or change.after is None:
        return None
    return Found(
        f"{change.before} is called {change.after} now.",
        "See that the username format in Okta (Sign On) updates on Create and update.",
        log_of("id", scene.call.path.rpartition("/")[2]),
    )


@rule(
    "manager-not-an-id",
    "The manager is not an id",
    Severity.WARNING,
    "manager.value holds the SCIM id of the manager's own user. Okta's user.managerId mostly holds "
    "an email address or a number of the HR system, with which Blink finds nobody.",
)
def manager_not_an_id(scene: Scene) -> Found | None:
    for change in _changes(scene):
        if change.path.endswith("manager.value") and isinstance(change.after, str):
            if _is_uuid(change.after):
                return None
            return Found(
                f"The manager is given as {change.after[:60]}, which is no id of a user.",
                f"Map managerValue to an expression that gives the manager's SCIM id {_TO_APP}.",
                mapping_of("manager"),
            )
    return None


@rule(
    "password-ignored",
    "Blink keeps no password",
    Severity.NOTE,
    "Okta pushes a password because Sync Password is on. Blink's people sign in through Okta, so "
    "the password is accepted, and neither kept nor logged.",
)
def password_ignored(scene: Scene) -> Found | None:
    if scene.operation != "password" or scene.failed:
        return None
    return Found(
        f"The new password of {scene.subject} was accepted and thrown away.",
        "Switch Sync Password off in Okta (Provisioning > To App).",
    )


@rule(
    "bulk-partly-refused",
    "Parts of a bulk request were refused",
    Severity.WARNING,
    "A bulk request is answered with 200 as a whole; each operation has a status of its own in the "
    "answer.",
)
def bulk_partly_refused(scene: Scene) -> Found | None:
    if scene.operation != "bulk" or scene.failed:
        return None
    answers = member(parsed(scene.call.response_body), "Operations")
    statuses = [member(answer, "status") for answer in answers or () if isinstance(answers, list)]
    refused = sum(isinstance(s, str) and s[:1] in ("4", "5") for s in statuses)
    if not refused:
        return None
    return Found(
        f"{refused} of {len(statuses)} operations were refused.",
        "Look for the statuses from 400 on in the answer; each has its own detail.",
    )


@rule(
    "import-unsupported",
    "Blink offers no import",
    Severity.NOTE,
    "Blink's Okta app supports creating, updating and deactivating users; import from Blink is not "
    "offered. This server answers an import, so that it can be tried.",
)
def import_unsupported(scene: Scene) -> Found | None:
    if scene.operation not in ("import", "group-import") or scene.client != "Okta":
        return None
    return Found(
        "Okta imports from here, which Blink itself does not offer.",
        "Leave Import New Users and Profile Updates off in Okta's integration with Blink.",
    )


@rule(
    "made-by-hand",
    "Not sent by Okta or Entra",
    Severity.NOTE,
    "By its User-Agent the request comes from a script, a terminal or a testing tool. What it "
    "shows need not be what Okta would do.",
)
def made_by_hand(scene: Scene) -> Found | None:
    if scene.client in ("Okta", "Entra", "Replay", "Simulator") or not scene.call.method:
        return None
    name = "a client that does not say its name" if scene.client == "unknown" else scene.client
    return Found(f"Sent by {name}, not by Okta or Entra.", "Nothing to do, if that was you.")


ACCEPTED_RULES: tuple[Rule, ...] = (
    account_linked,
    attributes_cleared,
    attribute_unknown,
    created_disabled,
    mobile_not_international,
    manager_not_an_id,
    members_left_out,
    bulk_partly_refused,
    renamed,
    ignored_by_blink,
    locale_converted,
    dialect,
    member_absent,
    password_ignored,
    import_unsupported,
    made_by_hand,
)

_DIALECT = frozenset(
    """boolean-as-text number-as-text dotted-name operation-case remove-by-value element-created
    plain-value single-value schemas-missing duplicate-value operations-empty
    date-reduced""".split()
)
"""The codes of remarks that say how something unusual was understood."""


def _changes(scene: Scene) -> Iterable[AttributeChange]:
    return scene.changes.attributes


def _listed(paths: list[str]) -> str:
    """Return "title, department and 3 others"."""
    names = [attribute_in(path) or path for path in dict.fromkeys(map(_shown, paths))]
    if len(names) <= 3:
        return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"{', '.join(names[:3])} and {len(names) - 3} others"


def _shown(path: str) -> str:
    return path.rpartition(":")[2] if path.lower().startswith("urn:") else path


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
