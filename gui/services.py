"""What the window works on; ``main.py`` opens it and hands it over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING

from server.blink.directory import Organization
from server.http.running import LocalServer
from storage.calls import CallStore
from storage.custom_attributes import CustomAttributeStore
from storage.imported_calls import ImportFolder
from storage.organizations import OrganizationStore
from storage.tokens import TokenStore

if TYPE_CHECKING:
    from server.blink.judgement import Judge
    from server.okta.mapping.rows import MappingSet
    from server.okta.tenant import Tenant
    from storage.mappings import MappingStore
    from storage.people import PeopleStore
    from storage.preflights import PreflightStore
    from storage.secrets import Secrets


@dataclass(frozen=True, slots=True)
class OktaServices:
    """What the side of Okta is kept in: people, mappings, the preflights that ran, and tokens.

    ``secrets`` give what keeps the API tokens of tenants whose people are read; ``tenant`` connects
    to one, with its domain and token. ``default_mappings`` are those of an organization that saved
    none, with its custom attributes in their app profile. ``judge`` says what Blink would do, for
    an organization as it is now and for the thread that asks for it.
    """

    people: "PeopleStore"
    mappings: "MappingStore"
    preflights: "PreflightStore"
    secrets: "Callable[[], Secrets]"
    default_mappings: "Callable[[int], MappingSet]"
    judge: "Callable[[Organization], Judge]"
    tenant: "Callable[[str, str], Tenant]"


@dataclass(frozen=True, slots=True)
class Services:
    """The stores and the server, open.

    ``close`` stops the writer of the log and closes the databases; the server must have stopped
    before. ``notices`` are sentences that a person should see once, such as that an older database
    was backed up and brought up to date. ``problems`` takes sentences about what goes wrong behind
    the window ("Calls are not being stored: the disk is full"), from any thread. ``okta`` opens
    its part at the first call, because importing the expression language takes 80 ms. ``imports``
    keeps the calls of files that are looked at.
    """

    organizations: OrganizationStore
    custom_attributes: CustomAttributeStore
    tokens: TokenStore
    calls: CallStore
    imports: ImportFolder
    server: LocalServer
    okta: Callable[[], OktaServices]
    close: Callable[[], None]
    notices: Sequence[str] = ()
    problems: SimpleQueue[str] = field(default_factory=SimpleQueue)
