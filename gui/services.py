"""What the window works on; ``main.py`` opens it and hands it over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue

from server.http.running import LocalServer
from storage.calls import CallStore
from storage.custom_attributes import CustomAttributeStore
from storage.organizations import OrganizationStore
from storage.tokens import TokenStore


@dataclass(frozen=True, slots=True)
class Services:
    """The stores and the server, open.

    ``close`` stops the writer of the log and closes the databases; the server must have stopped
    before. ``notices`` are sentences that a person should see once, such as that an older database
    was backed up and brought up to date. ``problems`` takes sentences about what goes wrong behind
    the window ("Calls are not being stored: the disk is full"), from any thread.
    """

    organizations: OrganizationStore
    custom_attributes: CustomAttributeStore
    tokens: TokenStore
    calls: CallStore
    server: LocalServer
    close: Callable[[], None]
    notices: Sequence[str] = ()
    problems: SimpleQueue[str] = field(default_factory=SimpleQueue)
