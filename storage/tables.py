"""The tables as Peewee models, for the rare queries; ``storage.migrations`` makes the tables.

The models are bound to no database: a query is run with ``query.execute(database)``. What a SCIM
call touches (users, the look-up of a token, the calls) is plain SQL instead, because Peewee's
builder costs about 150 microseconds a query.
"""

from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


class OrganizationRow(Model):
    """A customer, its switches, and the counts of its users and groups, which triggers keep.

    ``schema_version`` counts the changes of its custom attributes.
    """

    id = AutoField()
    name = TextField()
    folded_name = TextField(unique=True)
    group_push = BooleanField(default=False)
    active_by_default = BooleanField(default=False)
    users = IntegerField(default=0)
    active_users = IntegerField(default=0)
    created = TextField()
    groups = IntegerField(default=0)
    schema_version = IntegerField(default=0)

    class Meta:
        table_name = "organization"


class TokenRow(Model):
    """A token: its SHA-256 and last four characters, never its text; ``lifetime`` in seconds."""

    id = AutoField()
    organization = ForeignKeyField(OrganizationRow, on_delete="CASCADE")
    digest = BlobField(unique=True)
    last_four = TextField()
    label = TextField()
    lifetime = IntegerField(null=True)
    created = TextField()
    expires = TextField(null=True)
    last_used = TextField(null=True)
    last_used_from = TextField(null=True)
    revoked = TextField(null=True)

    class Meta:
        table_name = "token"


class CustomAttributeRow(Model):
    """An attribute that an organization added to the Blink extension; ``choices`` is a JSON list.

    ``removed`` says that its values are being deleted: it is hidden already.
    """

    id = AutoField()
    organization = ForeignKeyField(OrganizationRow, on_delete="CASCADE")
    identifier = TextField()
    folded_identifier = TextField()
    label = TextField()
    kind = TextField()
    choices = TextField()
    description = TextField()
    removed = BooleanField(default=False)

    class Meta:
        table_name = "custom_attribute"
        indexes = ((("organization", "folded_identifier"), True),)


class UserRow(Model):
    """A user: the canonical JSON document, and the folded keys that it is looked up by.

    ``id`` is in the order in which users were created or linked, ``scim_id`` is what clients see,
    ``display`` is what its groups show of it.
    """

    id = AutoField()
    organization = ForeignKeyField(OrganizationRow, on_delete="CASCADE", index=False)
    scim_id = TextField(unique=True)
    provisioned = BooleanField()
    active = BooleanField()
    version = IntegerField()
    created = TextField()
    last_modified = TextField()
    user_name = TextField(null=True)
    external_id = TextField(null=True)
    work_email = TextField(null=True)
    mobile = TextField(null=True)
    employee_number = TextField(null=True)
    document = TextField()
    display = TextField(default="")

    class Meta:
        table_name = "user"


class UserEmailRow(Model):
    """Each of a user's email addresses, folded."""

    organization_id = IntegerField()
    value = TextField()
    user = ForeignKeyField(UserRow, on_delete="CASCADE", on_update="CASCADE")

    class Meta:
        table_name = "user_email"
        primary_key = CompositeKey("organization_id", "value", "user")
        without_rowid = True


class GroupRow(Model):
    """A group: the canonical JSON document without its members, and what it is looked up by.

    ``display`` is its displayName, ``display_name`` the same folded.
    """

    id = AutoField()
    organization = ForeignKeyField(OrganizationRow, on_delete="CASCADE")
    scim_id = TextField(unique=True)
    version = IntegerField()
    created = TextField()
    last_modified = TextField()
    display = TextField()
    display_name = TextField()
    external_id = TextField(null=True)
    document = TextField()

    class Meta:
        table_name = "scim_group"


class GroupMemberRow(Model):
    """A member, in the order of addition.

    ``value`` is its SCIM id, ``type`` "User" or "Group", ``display`` its name as JSON.
    """

    group_id = IntegerField()
    position = IntegerField()
    value = TextField()
    type = TextField()
    display = TextField()

    class Meta:
        table_name = "group_member"
        primary_key = CompositeKey("group_id", "position")
        without_rowid = True


class DeletedGroupRow(Model):
    """A deleted group that still has members to be deleted."""

    id = IntegerField(primary_key=True)

    class Meta:
        table_name = "deleted_group"


class PopulationRow(Model):
    """The people of an organization, or those of an import under way or of one that failed.

    ``attributes`` is the JSON list of the custom attributes of their Okta profile, ``people`` how
    many there are, ``version`` counts the changes.
    """

    id = AutoField()
    organization = ForeignKeyField(OrganizationRow, on_delete="CASCADE")
    current = BooleanField(default=False)
    attributes = TextField()
    people = IntegerField(default=0)
    version = IntegerField(default=0)
    created = TextField()

    class Meta:
        table_name = "population"


class PersonRow(Model):
    """A person whom Okta knows.

    ``login`` is folded, ``name`` is what the list is sorted by, ``words`` what a search looks
    through; both are folded, too.
    """

    id = AutoField()
    population = ForeignKeyField(PopulationRow, on_delete="CASCADE", index=False)
    okta_id = TextField()
    login = TextField()
    name = TextField()
    words = TextField()
    document = TextField()

    class Meta:
        table_name = "person"
        indexes = ((("population", "okta_id"), True), (("population", "login"), True))


class MappingSetRow(Model):
    """A named mapping set; ``at`` is the number of the version that counts."""

    id = AutoField()
    organization = ForeignKeyField(OrganizationRow, on_delete="CASCADE", index=False)
    name = TextField()
    folded_name = TextField()
    in_use = BooleanField(default=False)
    at = IntegerField(default=1)

    class Meta:
        table_name = "mapping_set"
        indexes = ((("organization", "folded_name"), True),)


class MappingVersionRow(Model):
    """A saved state of a mapping set, as JSON; ``note`` says what was changed."""

    mapping_set = ForeignKeyField(MappingSetRow, on_delete="CASCADE", index=False)
    number = IntegerField()
    saved = TextField()
    note = TextField()
    document = TextField()

    class Meta:
        table_name = "mapping_version"
        primary_key = CompositeKey("mapping_set", "number")
        without_rowid = True


class PreflightRow(Model):
    """A preflight that ran; ``mappings`` names the set, ``report`` is compressed JSON."""

    id = AutoField()
    organization = ForeignKeyField(OrganizationRow, on_delete="CASCADE")
    ran = TextField()
    mappings = TextField()
    report = BlobField()

    class Meta:
        table_name = "preflight"


class CallTableRow(Model):
    """A recorded call; times in microseconds, bodies as text where they are UTF-8.

    ``client`` is who sent it, ``head_id`` the first call of its operation unless it is that itself,
    ``before`` the JSON of the resource before a change.
    """

    id = AutoField()
    at = IntegerField()
    duration = IntegerField()
    peer = TextField()
    organization_id = IntegerField(null=True)
    token_id = IntegerField(null=True)
    token_label = TextField()
    method = TextField()
    path = TextField()
    query = TextField()
    status = IntegerField()
    operation = TextField()
    summary = TextField()
    subject = TextField()
    resource_id = TextField()
    remarks = TextField()
    request_headers = TextField()
    request_body = TextField()
    response_headers = TextField()
    response_body = TextField()
    client = TextField(default="")
    head_id = IntegerField(null=True)
    before = TextField(default="")

    class Meta:
        table_name = "call"


class OperationRow(Model):
    """What is shown of an operation of several calls in the place of its first call's words."""

    head_id = IntegerField(primary_key=True)
    summary = TextField()
    status = IntegerField()

    class Meta:
        table_name = "operation"


class AnnotationRow(Model):
    """A person's mark and note on a call; "" where there is none."""

    call_id = IntegerField(primary_key=True)
    mark = TextField()
    note = TextField()

    class Meta:
        table_name = "annotation"


class MinuteRow(Model):
    """How many calls an organization had in a minute since the epoch; 0 stands for none."""

    minute = IntegerField()
    organization_id = IntegerField()
    calls = IntegerField()
    failures = IntegerField()

    class Meta:
        table_name = "minute"
        primary_key = CompositeKey("minute", "organization_id")
        without_rowid = True


class TotalRow(Model):
    """How many calls an organization has; 0 stands for none."""

    organization_id = IntegerField(primary_key=True)
    calls = IntegerField()

    class Meta:
        table_name = "total"


class TextPartRow(Model):
    """A part of the index of texts, and up to which call it is complete."""

    number = IntegerField(primary_key=True)
    up_to = IntegerField()

    class Meta:
        table_name = "text_part"


class SettingRow(Model):
    """A setting of the log, as JSON."""

    name = TextField(primary_key=True)
    value = TextField()

    class Meta:
        table_name = "setting"
        without_rowid = True


DIRECTORY_TABLES = (
    OrganizationRow,
    CustomAttributeRow,
    TokenRow,
    UserRow,
    UserEmailRow,
    GroupRow,
    GroupMemberRow,
    DeletedGroupRow,
    PopulationRow,
    PersonRow,
    MappingSetRow,
    MappingVersionRow,
    PreflightRow,
)
CALLS_TABLES = (
    CallTableRow,
    OperationRow,
    AnnotationRow,
    MinuteRow,
    TotalRow,
    TextPartRow,
    SettingRow,
)
