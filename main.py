"""Blink SCIM Desk: the command line, and the only place that joins the parts.

Results go to stdout, everything else to stderr. Exit status: 0 done, 1 the answer is no, 2 wrong
usage. Modules are imported by the command that needs them, so that the window shows at once and
the short commands are short. The file is long because nothing else may stand beside it.
"""

import argparse
import gc
import json
import math
import os
import re
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from gui.services import OktaServices, Services
    from server.blink.directory import Organization
    from server.calls.filters import CallFilterError
    from server.http.running import LocalServer
    from server.okta.expressions import ExpressionError
    from server.okta.mapping.rows import MappingSet
    from server.okta.people import Person, Population
    from server.okta.tenant import Tenant
    from storage.call_log import CallLog
    from storage.call_search import Selection
    from storage.calls import CallStore
    from storage.custom_attributes import CustomAttributeStore
    from storage.database import Database
    from storage.instance import Holder, InstanceLock
    from storage.organizations import OrganizationStore
    from storage.secrets import Secrets
    from storage.tokens import TokenStore

RESOURCES = Path(__file__).parent / "resources"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8765
ATTRIBUTE_KINDS = ("text", "date", "choice")
MOST_REFUSED_SHOWN = 5
"""Refused rows of a file that are told of one by one."""
DEFAULT_OVERLAP = timedelta(hours=24)
"""How long the old token lives on beside the one that it is rotated to."""


EXPORT_FORMS = {
    "har": "an HTTP Archive",
    "jsonl": "JSON Lines",
    "csv": "a table",
    "html": "a report to print or send",
}
TAIL_SECONDS = 0.2
"""How often it is looked for new calls of another process."""


class No(Exception):
    """The answer to a command is no; the text says why."""


class Misuse(Exception):
    """An argument cannot be understood; the text says where and what to write."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status."""
    from server.blink.directory import DirectoryUnavailable
    from storage.errors import StorageError

    os.umask(0o077)
    options = parse_arguments(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except Misuse as error:
        print(error, file=sys.stderr)
        return 2
    except (No, StorageError, DirectoryUnavailable) as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of our output has gone; nothing is left to be flushed to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


# ------------------------------------------------------------------------- joining the parts


@dataclass(slots=True)
class Parts:
    """The open stores, the writer of the log, and a server that has not started."""

    directory: "Database"
    call_database: "Database"
    organizations: "OrganizationStore"
    custom_attributes: "CustomAttributeStore"
    tokens: "TokenStore"
    calls: "CallStore"
    log: "CallLog"
    server: "LocalServer"

    @property
    def notices(self) -> tuple[str, ...]:
        """What happened at opening that a person should know."""
        notices = (self.directory.notice, self.call_database.notice)
        return tuple(notice for notice in notices if notice)

    def close(self) -> None:
        """Stop the server, then the writer, then close the databases."""
        self.server.stop()
        self.log.stop()
        self.call_database.close()
        self.directory.close()


def open_parts(
    path: Path,
    calls_stored: Callable[[int], None],
    failed: Callable[[str], None] = lambda text: None,
) -> Parts:
    """Open the databases beside ``path`` and make the server ready to start.

    ``calls_stored`` is told, in the writer's thread, up to which id calls are stored; ``failed``
    gets a sentence, in any thread, when the log or the server fails while they run.

    Raises:
        StorageError: The database cannot be opened; the text is for a person.
    """
    from server.calls.explanation import understand
    from server.calls.redaction import Redactor
    from server.http.protocol import protocol_class
    from server.http.recording import CallRecorder
    from server.http.running import LocalServer
    from server.http.tokens import TOKEN_PREFIX
    from storage.call_log import CallLog
    from storage.calls import CallStore
    from storage.custom_attributes import CustomAttributeStore
    from storage.database import calls_path, open_calls, open_directory
    from storage.organizations import OrganizationStore
    from storage.tokens import TokenStore

    directory = open_directory(path)
    call_database = open_calls(calls_path(path), check=False)
    tokens = TokenStore(directory)
    log = CallLog(call_database, calls_stored, understand, failed)
    log.start()
    redactor = Redactor(TOKEN_PREFIX)
    server = LocalServer(
        make_application=lambda: CallRecorder(make_application(directory, tokens), log, redactor),
        make_protocol=lambda: protocol_class(log, redactor),
        failed=failed,
    )
    return Parts(
        directory,
        call_database,
        OrganizationStore(directory),
        CustomAttributeStore(directory),
        tokens,
        CallStore(call_database),
        log,
        server,
    )


def open_okta(database: "Database") -> "OktaServices":
    """Open what the side of Okta is kept in."""
    from gui.services import OktaServices
    from server.blink.catalog import Catalog
    from server.blink.judgement import Judge
    from server.blink.representation import UserRepresentation
    from server.okta.mapping.app_profile import blink_attribute
    from server.okta.mapping.defaults import default_mappings
    from server.okta.people import shipped_samples
    from server.scim.documents import load_resource_types
    from storage.custom_attributes import CustomAttributeStore
    from storage.directory import UserDirectory
    from storage.groups import GroupStore
    from storage.mappings import MappingStore
    from storage.people import PeopleStore
    from storage.preflights import PreflightStore
    from storage.transactions import SharedTransaction

    types = load_resource_types(RESOURCES / "schemas")
    custom_attributes = CustomAttributeStore(database)

    def defaults(organization_id: int) -> "MappingSet":
        return default_mappings(
            blink_attribute(
                attribute.identifier,
                attribute.label,
                choices=attribute.choices,
                description=attribute.description,
            )
            for attribute in custom_attributes.all(organization_id)
        )

    def judge(organization: "Organization") -> Judge:
        transaction = SharedTransaction(database)
        return Judge(
            UserDirectory(database, transaction=transaction),
            Catalog(types, custom_attributes),
            UserRepresentation(GroupStore(database, transaction)),
            organization,
            f"http://{DEFAULT_HOST}:{DEFAULT_PORT}/scim/v2",
        )

    # Imported when somebody reads a tenant: they bring 150 ms of packages.
    def secrets() -> "Secrets":
        from storage.secrets import Secrets

        return Secrets()

    def tenant(domain: str, token: str) -> "Tenant":
        from server.okta.tenant import Tenant

        return Tenant(domain, token)

    return OktaServices(
        PeopleStore(database, shipped_samples(RESOURCES)),
        MappingStore(database),
        PreflightStore(database),
        secrets,
        defaults,
        judge,
        tenant,
    )


def make_application(database: "Database", tokens: "TokenStore") -> Any:
    """Return the ASGI application; called in the server's thread, whose SQLite it uses."""
    from server.blink.catalog import Catalog
    from server.blink.groups import Groups
    from server.blink.representation import GroupRepresentation, UserRepresentation
    from server.blink.users import Users
    from server.http.authentication import Authenticator
    from server.http.bulk import BulkEndpoint
    from server.http.commits import SharedCommit
    from server.http.discovery import DiscoveryEndpoint
    from server.http.housekeeping import Housekeeping
    from server.http.resources import ResourceEndpoint
    from server.http.routes import all_routes, resource_routes
    from server.http.searches import SearchEndpoint
    from server.http.service import ScimService, create_application
    from server.http.throttle import FailureThrottle
    from server.scim.cursors import Cursors
    from server.scim.documents import load_resource_types
    from storage.custom_attributes import CustomAttributeStore
    from storage.directory import UserDirectory
    from storage.groups import GroupStore
    from storage.transactions import SharedTransaction

    catalog = Catalog(load_resource_types(RESOURCES / "schemas"), CustomAttributeStore(database))
    types = catalog.types
    transaction = SharedTransaction(database)
    directory = UserDirectory(database, transaction=transaction)
    group_directory = GroupStore(database, transaction)
    cursors = Cursors(time.time)
    users = ResourceEndpoint(
        "User", types, Users(directory, catalog), UserRepresentation(group_directory), cursors
    )
    groups = ResourceEndpoint(
        "Group",
        types,
        Groups(group_directory, types),
        GroupRepresentation(group_directory),
        cursors,
        answers_patch=False,
    )
    commit = SharedCommit(directory)
    routes = all_routes(
        users,
        groups,
        SearchEndpoint(types, (users, groups), cursors),
        BulkEndpoint(resource_routes(users, groups), directory, commit, time.monotonic).perform,
        DiscoveryEndpoint(types),
    )
    authenticator = Authenticator(tokens, time.time, FailureThrottle(time.monotonic))
    housekeeping = Housekeeping(group_directory, directory)
    return create_application(ScimService(directory, commit, routes, authenticator, housekeeping))


# ------------------------------------------------------------------ the window and the server


def run_window(options: argparse.Namespace) -> int:
    """Open the window; a second one on the same database raises the first."""
    if not has_screen():
        print("There is no screen here: serving without a window.", file=sys.stderr)
        return run_serve(options)
    from gui.application import run
    from gui.instance import raise_other
    from storage.instance import HeldBy

    try:
        with holding(options.database, "window") as (lock, holder):
            return run(
                lambda calls_stored: open_services(options.database, calls_stored),
                options.database.with_suffix(".ini"),
                holder.channel,
                lambda url: lock.update(url=url),
            )
    except HeldBy as held:
        if held.holder.kind == "window" and raise_other(held.holder.channel):
            return 0
        raise


def has_screen() -> bool:
    """Say whether a window could be shown."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run_serve(options: argparse.Namespace) -> int:
    """Serve SCIM until Ctrl-C or SIGTERM."""
    from server.http.running import CannotBind, CannotStart

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with holding(options.database, "serve") as (lock, _):
        follower = LogFollower(options.log)
        parts = open_parts(options.database, follower.calls_stored, print_to_stderr)
        try:
            for notice in parts.notices:
                print_to_stderr(notice)
            url = parts.server.start(options.host, options.port)
            lock.update(url=url)
            print(f"Serving SCIM at {url}", flush=True)
            follower.start(parts.calls)
            gc.collect()
            gc.freeze()
            stop.wait()
            print_to_stderr("Stopping.")
        except (CannotBind, CannotStart) as error:
            raise No(str(error)) from None
        finally:
            parts.close()
    return 0


class LogFollower:
    """Prints calls as they are stored; a reader that does not keep up holds up nothing else."""

    def __init__(self, form: str | None) -> None:
        self._form = form or ("text" if sys.stderr.isatty() else "none")
        self._news = threading.Event()
        self._newest = 0

    def calls_stored(self, last_id: int) -> None:
        """Take news from the log's writer."""
        self._newest = last_id
        self._news.set()

    def start(self, calls: "CallStore") -> None:
        """Begin to print, in a thread of its own, the calls from now on."""
        if self._form != "none":
            threading.Thread(target=self._follow, args=(calls,), daemon=True).start()

    def _follow(self, calls: "CallStore") -> None:
        from storage.call_search import Selection
        from storage.errors import StorageError

        printed = calls.newest_id()
        with suppress(StorageError, OSError):
            while self._news.wait():
                self._news.clear()
                for row in calls.rows(calls.ids(Selection(), after=printed)):
                    printed = row.id
                    print_to_stderr(
                        json.dumps(call_json(row)) if self._form == "json" else call_line(row)
                    )


@contextmanager
def holding(
    path: Path, kind: Literal["window", "serve"]
) -> Iterator[tuple["InstanceLock", "Holder"]]:
    """Hold a database for this process; raises ``HeldBy`` when another one has it."""
    from storage.instance import Holder, InstanceLock

    lock = InstanceLock(path)
    holder = Holder.of_this_process(kind, path)
    lock.acquire(holder)
    try:
        yield lock, holder
    finally:
        lock.release()


def open_services(path: Path, calls_stored: Callable[[int], None]) -> "Services":
    """Open what the window works on."""
    from gui.services import Services
    from storage.imported_calls import ImportFolder

    problems: SimpleQueue[str] = SimpleQueue()
    parts = open_parts(path, calls_stored, problems.put)
    imports = ImportFolder(path.with_name(f"{path.stem}-imports"))
    imports.sweep()

    def close() -> None:
        imports.close()
        parts.close()

    return Services(
        organizations=parts.organizations,
        custom_attributes=parts.custom_attributes,
        tokens=parts.tokens,
        calls=parts.calls,
        imports=imports,
        server=parts.server,
        okta=cache(lambda: open_okta(parts.directory)),
        close=close,
        notices=parts.notices,
        problems=problems,
    )


# -------------------------------------------------------------------- organizations and tokens


@contextmanager
def short_command(path: Path) -> Iterator[tuple["OrganizationStore", "TokenStore"]]:
    """Open the directory beside a server or window that may be running on it."""
    from storage.database import open_directory
    from storage.organizations import OrganizationStore
    from storage.tokens import TokenStore

    database = open_directory(path, check=False)
    try:
        yield OrganizationStore(database), TokenStore(database)
    finally:
        database.close()


@contextmanager
def open_log(path: Path) -> Iterator["CallStore"]:
    """Open the calls beside a server or window that may be running on them."""
    from storage.calls import CallStore
    from storage.database import calls_path, open_calls

    database = open_calls(calls_path(path), check=False)
    try:
        yield CallStore(database)
    finally:
        database.close()


def named(organizations: "OrganizationStore", name: str) -> "Organization":
    """Return an organization by its name."""
    found = organizations.by_name(name)
    if found is None:
        raise No(f'There is no organization named "{name}": see "org list".')
    return found


def run_org_create(options: argparse.Namespace) -> int:
    with short_command(options.database) as (organizations, _):
        created = organizations.create(options.name, group_push=options.group_push)
        print(f'Created organization "{created.name}".')
    return 0


def run_org_list(options: argparse.Namespace) -> int:
    with short_command(options.database) as (organizations, _):
        rows = [
            {
                "name": item.organization.name,
                "users": item.users,
                "activeUsers": item.active_users,
                "tokens": item.tokens,
                "groupPush": item.organization.group_push,
                "activeByDefault": item.organization.active_by_default,
                "created": item.created,
            }
            for item in organizations.all()
        ]
    show(rows, options.json, 'There is no organization yet: make one with "org create NAME".')
    return 0


def run_org_set(options: argparse.Namespace) -> int:
    with short_command(options.database) as (organizations, _):
        organization = organizations.set_switches(
            named(organizations, options.name).id,
            group_push=options.group_push,
            active_by_default=options.active_by_default,
        )
    switches = {
        "group push": organization.group_push,
        "active by default": organization.active_by_default,
    }
    states = ", ".join(f"{name} {'on' if on else 'off'}" for name, on in switches.items())
    print(f"{organization.name}: {states}.")
    return 0


def run_org_delete(options: argparse.Namespace) -> int:
    with short_command(options.database) as (organizations, _):
        organization = named(organizations, options.name)
        organizations.delete(organization.id)
    with open_log(options.database) as calls:
        calls.clear(organization.id)
    print(f'Deleted organization "{organization.name}", its users, tokens and calls.')
    return 0


@contextmanager
def attributes_of(
    options: argparse.Namespace,
) -> Iterator[tuple["Organization", "CustomAttributeStore"]]:
    """Open an organization's custom attributes beside a server that may be running."""
    from storage.custom_attributes import CustomAttributeStore
    from storage.database import open_directory
    from storage.organizations import OrganizationStore

    database = open_directory(options.database, check=False)
    try:
        organization = named(OrganizationStore(database), options.name)
        yield organization, CustomAttributeStore(database)
    finally:
        database.close()


def run_attribute_add(options: argparse.Namespace) -> int:
    from server.blink.custom_attributes import CustomAttribute

    attribute = CustomAttribute(
        options.identifier, options.label, options.type, tuple(options.choice), options.description
    )
    with attributes_of(options) as (organization, attributes):
        added = attributes.add(organization.id, attribute)
    print(f'Added attribute "{added.identifier}" to {organization.name}.')
    return 0


def run_attribute_remove(options: argparse.Namespace) -> int:
    with attributes_of(options) as (organization, attributes):
        users = attributes.remove(organization.id, options.identifier)
    lost = f"{users} {'user' if users == 1 else 'users'} had a value, which is deleted"
    print(f'Removed attribute "{options.identifier}" from {organization.name}; {lost}.')
    return 0


def run_attribute_list(options: argparse.Namespace) -> int:
    with attributes_of(options) as (organization, attributes):
        listed = attributes.all(organization.id)
    rows = [
        {
            "identifier": attribute.identifier,
            "label": attribute.label,
            "type": attribute.kind,
            "choices": list(attribute.choices) if options.json else ", ".join(attribute.choices),
            "description": attribute.description,
        }
        for attribute in listed
    ]
    show(rows, options.json, 'There is none yet: "org attribute NAME add IDENTIFIER --type text".')
    return 0


def run_token_create(options: argparse.Namespace) -> int:
    with short_command(options.database) as (organizations, tokens):
        organization = named(organizations, options.org)
        print(tokens.create(organization.id, options.label, options.expires_in).text)
    return 0


def run_token_list(options: argparse.Namespace) -> int:
    with short_command(options.database) as (_, tokens):
        now = datetime.now(UTC)
        rows = [
            {
                "id": token.id,
                "organization": token.organization,
                "label": token.label,
                "lastFour": token.last_four,
                "state": token.state(now),
                "created": token.created,
                "expires": token.expires,
                "lastUsed": token.last_used,
                "lastUsedFrom": token.last_used_from,
            }
            for token in tokens.all()
        ]
    show(rows, options.json, 'There is no token yet: make one with "token create --org NAME".')
    return 0


def run_token_revoke(options: argparse.Namespace) -> int:
    with short_command(options.database) as (_, tokens):
        if not tokens.revoke(options.id):
            raise No(f'There is no token {options.id} that could be revoked: see "token list".')
    print(f"Revoked token {options.id}.")
    return 0


def run_token_rotate(options: argparse.Namespace) -> int:
    with short_command(options.database) as (_, tokens):
        print(tokens.rotate(options.id, options.overlap).text)
    print_to_stderr(f"Token {options.id} lives on for {options.overlap}.")
    return 0


# ------------------------------------------------------------------------ mappings and people


@dataclass(frozen=True, slots=True)
class Trial:
    """What a preview or preflight works on; ``title`` is whose people they are, ``kept`` says that
    the result is to be compared with the last one, and kept. ``revision`` is that of the people.
    """

    organization: "Organization"
    okta: "OktaServices"
    population: "Population"
    revision: tuple[int, int]
    mappings: "MappingSet"
    mappings_name: str
    title: str
    kept: bool


@contextmanager
def open_trial(options: argparse.Namespace) -> Iterator[Trial]:
    """Open the organization that is meant, or an empty one of a temporary directory."""
    from storage.database import open_directory
    from storage.organizations import OrganizationStore

    with ExitStack() as stack:
        organization = None
        if options.org is not None or options.database.exists():
            database = open_directory(options.database, check=False)
            stack.callback(database.close)
            organization = chosen(OrganizationStore(database), options.org)
        kept = organization is not None and options.people is None and options.mapping is None
        if organization is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="blink-scim-desk-"))
            database = open_directory(Path(folder) / "empty.db")
            stack.callback(database.close)
            organization = OrganizationStore(database).create("Sample people")
        okta = open_okta(database)
        # Before the people are read: who changes in between makes the result an old one.
        revision = okta.people.revision(organization.id)
        if options.people:
            population, title = read_people(options.people), options.people.name
        else:
            population, title = okta.people.population(organization.id), organization.name
        mappings, name = mappings_of(okta, organization, options.mapping)
        yield Trial(organization, okta, population, revision, mappings, name, title, kept)


def chosen(organizations: "OrganizationStore", name: str | None) -> "Organization | None":
    """Return the organization of a name, or the only one there is."""
    if name is not None:
        return named(organizations, name)
    listed = organizations.all()
    if len(listed) > 1:
        raise No(f"There are {len(listed)} organizations: say which one with --org NAME.")
    return listed[0].organization if listed else None


def read_people(path: Path) -> "Population":
    """Return the people of a file, CSV or Okta's JSON; refused rows are told on stderr."""
    from server.okta.people import (
        BASE_SCHEMA,
        Person,
        Population,
        UnreadableFile,
        open_table,
        read_table,
        read_users,
        suggest_columns,
    )

    data = read_file(path)
    try:
        if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
            reading = read_users(data, BASE_SCHEMA)
        else:
            table = open_table(data)
            reading = read_table(table, suggest_columns(table.headers, BASE_SCHEMA), BASE_SCHEMA)
        people: list[Person] = []
        refused = 0
        for entry in reading.entries:
            if isinstance(entry, Person):
                people.append(entry)
                continue
            refused += 1
            if refused <= MOST_REFUSED_SHOWN:
                print_to_stderr(f"{path.name}, row {entry.number}: {entry.reason}")
    except UnreadableFile as error:
        raise No(f"{path}: {error}") from None
    if refused > MOST_REFUSED_SHOWN:
        print_to_stderr(f"{path.name}: {refused} rows were refused in all.")
    if not people:
        raise No(f"{path} holds nobody who can be checked: choose another file.")
    return Population(reading.schema, people)


def mappings_of(
    okta: "OktaServices", organization: "Organization", path: Path | None
) -> tuple["MappingSet", str]:
    """Return the mappings of a file, or those of an organization, and what they are called."""
    from server.okta.mapping.forms import InvalidMappings
    from server.okta.mapping.forms import read_file as read_mappings

    stored = okta.mappings.in_use(organization.id)
    default = okta.default_mappings(organization.id)
    base = stored.mappings.with_profile(default.attributes) if stored else default
    name = stored.name if stored else "Okta's default"
    if path is None:
        return base, name
    try:
        return read_mappings(read_file(path), base), path.name
    except InvalidMappings as error:
        raise No(f"{path}: {error}") from None


def run_preview(options: argparse.Namespace) -> int:
    """Show what Okta would send for one person, and what Blink would do with it."""
    from server.okta.mapping.evaluation import compile_mappings
    from server.okta.mapping.preview import Preview, preview_json, preview_text

    with open_trial(options) as trial:
        person = meant(trial.population, options.person)
        compiled = compile_mappings(trial.mappings, trial.population.schema.names)
        preview = Preview(compiled, trial.population, person, trial.okta.judge(trial.organization))
        if options.json:
            print(json.dumps(preview_json(preview), indent=2))
        else:
            print(f"{person.name} ({person.login}), {trial.mappings_name}\n")
            print_table(
                [
                    {
                        "variable": line.attribute.variable,
                        "value": line.text,
                        "apply on": line.apply_on.value if line.apply_on else "Not mapped",
                        "error": line.problem.text if line.problem else "",
                    }
                    for line in preview.lines
                ]
            )
            print(f"\n{preview_text(preview)}")
        return 0 if preview.passed else 1


def meant(population: "Population", text: str) -> "Person":
    """Return the person of a login, id or name."""
    found = population.person(text) or next(
        (p for p in population.people if p.login.casefold() == text.strip().casefold()), None
    )
    if found:
        return found
    several = population.find(text, 6)
    exact = [person for person in several if person.name.casefold() == text.strip().casefold()]
    if len(exact) == 1 or len(several) == 1:
        return (exact or several)[0]
    if not several:
        raise No(f'Nobody is called "{text}": give a login, a name or a part of one.')
    logins = ", ".join(person.login for person in several[:5])
    raise No(f'Several people are called "{text}": give the login of one, such as {logins}.')


def run_preflight(options: argparse.Namespace) -> int:
    """Check all people before they are provisioned."""
    from server.calls.text import moment_text
    from server.okta.mapping import preflight
    from server.okta.mapping.basis import Basis, fingerprint
    from server.okta.mapping.evaluation import compile_mappings
    from server.okta.mapping.findings import report_json
    from server.okta.mapping.reports import (
        report_csv,
        report_html,
        report_text,
    )

    with open_trial(options) as trial:
        begun = time.monotonic()
        compiled = compile_mappings(trial.mappings, trial.population.schema.names)
        shown = progress_of("people")
        judge = trial.okta.judge(trial.organization)
        report = preflight.run(trial.population, compiled, judge, shown)
        before = None
        if trial.kept:
            preflights, organization_id = trial.okta.preflights, trial.organization.id
            last = preflights.newest(organization_id)
            result = preflights.result(last.id) if last else None
            before = result.report if result else None
            preflights.add(
                organization_id,
                trial.mappings_name,
                report,
                seconds=time.monotonic() - begun,
                basis=Basis(fingerprint(trial.mappings), trial.revision),
            )

    def named_person(person_id: str) -> tuple[str, str]:
        person = trial.population.person(person_id)
        return (person.name, person.login) if person else ("", "")

    if options.csv:
        # Excel takes a file for UTF-8 by this mark alone.
        write_file(options.csv, "\ufeff" + report_csv(report, named_person))
    if options.html:
        template = (RESOURCES / "templates" / "preflight.html").read_text(encoding="utf-8")
        made = f"{trial.mappings_name}, {moment_text(time.time_ns() // 1000)}"
        write_file(options.html, report_html(report, template, named_person, trial.title, made))
    if options.json:
        print(json.dumps(report_json(report), indent=2))
    else:
        print(report_text(report, before))
    return 0 if report.passed else 1


def progress_of(noun: str) -> Callable[[int, int], None]:
    """Return a function that shows on a terminal how many of how many are done."""

    def show_progress(done: int, total: int) -> None:
        end = "\n" if done == total else "\r"
        print(f"{done:,} of {total:,} {noun}", end=end, file=sys.stderr, flush=True)

    return show_progress if sys.stderr.isatty() else lambda done, total: None


def read_file(path: Path) -> bytes:
    """Return what is in a file that a person named."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise No(f"{path} cannot be read: {error.strerror}.") from None


def write_file(path: Path, text: str) -> None:
    """Write a file that nobody else can read, people's data being in it."""
    from server.calls.export import write_private

    try:
        write_private(path, [text.encode()])
    except OSError as error:
        raise No(f"{path} cannot be written: {error.strerror}.") from None


# ------------------------------------------------------------------------------------- calls


def run_calls_list(options: argparse.Namespace) -> int:
    """List the calls that match, or the operations of which a call matches."""
    selection = selected(options)
    heads_only = options.operations and selection.filter is None
    with open_log(options.database) as calls:
        ids = calls.ids(replace(selection, heads_only=heads_only), limit=options.limit)
        rows = calls.rows(ids)
        if options.operations:
            rows = calls.rows(list(dict.fromkeys(row.head_id or row.id for row in rows)))
    if options.json:
        print(json.dumps([call_json(row) for row in rows], indent=2))
    else:
        shown = operation_row if options.operations else call_row
        show([shown(row) for row in rows], False, "No call is stored that matches.")
    return 0


def run_calls_show(options: argparse.Namespace) -> int:
    """Print a call whole: what happened and why, what changed, request and response."""
    from server.calls.text import call_text, call_value, explanation_value
    from storage.call_details import read_details

    with open_log(options.database) as calls:
        details = read_details(calls, options.id)
    if details is None:
        raise No(f'There is no call {options.id}: see "calls list".')
    stored = details.stored
    explanation = details.findings, details.okta, details.changes
    if options.json:
        members = ("id", "operation", "summary", "client", "head_id", "mark", "note")
        value = {name: getattr(stored, name) for name in members}
        value |= call_value(stored.call) | explanation_value(*explanation)
        print(json.dumps(value, indent=2))
    else:
        print(call_text(stored.call, stored.summary, *explanation))
    return 0


def run_calls_story(options: argparse.Namespace) -> int:
    """Print what became of the user or group that a call is about."""
    from server.calls.story import story, story_text
    from server.calls.text import printable

    with open_log(options.database) as calls:
        stored = calls.get(options.id)
        if stored is None:
            raise No(f'There is no call {options.id}: see "calls list".')
        if not stored.call.subject:
            raise No(f"Call {options.id} is about no user or group.")
        events = story((each.id, each.call) for each in calls.whole(calls.story(stored)))
    if options.json:
        print(json.dumps([asdict(event) for event in events], indent=2))
    else:
        print(printable(story_text(stored.call.subject, events)), end="")
    return 0


def run_calls_export(options: argparse.Namespace) -> int:
    """Write the calls that match to a file, without secrets."""
    from server.calls.export import (
        Cleaner,
        ExportFailed,
        ExportSetting,
        Pseudonyms,
        export_calls,
    )
    from server.calls.redaction import Redactor
    from server.calls.text import moment_text
    from server.http.tokens import TOKEN_PREFIX

    selection = selected(options)
    form = next(form for form in EXPORT_FORMS if getattr(options, form) is not None)
    path: Path = getattr(options, form)
    setting = ExportSetting(
        base_url=f"http://{DEFAULT_HOST}:{DEFAULT_PORT}",
        template=(RESOURCES / "templates" / "calls-report.html").read_text(encoding="utf-8"),
        title=options.filter or "All calls",
        made=moment_text(time.time_ns() // 1000),
    )
    cleaner = Cleaner(Redactor(TOKEN_PREFIX), Pseudonyms() if options.pseudonyms else None)
    with open_log(options.database) as calls:
        ids = calls.ids(selection)
        if not ids:
            raise No("No call is stored that matches: nothing was written.")
        try:
            shown = progress_of("calls")
            done = export_calls(path, form, calls.whole(ids), len(ids), cleaner, setting, shown)
        except ExportFailed as error:
            raise No(str(error)) from None
    print(f"Wrote {done:,} {'call' if done == 1 else 'calls'} to {path}.")
    return 0


def run_calls_tail(options: argparse.Namespace) -> int:
    """Print calls as another process stores them, until Ctrl-C."""
    selection = selected(options)
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    with open_log(options.database) as calls, suppress(KeyboardInterrupt):
        newest = calls.newest_id()
        ids = calls.ids(selection, before=newest + 1, limit=options.limit)
        while True:
            for row in calls.rows(ids):
                print(call_line(row, coloured=coloured), flush=True)
            time.sleep(TAIL_SECONDS)
            seen, newest = newest, calls.newest_id()
            ids = calls.ids(selection, after=seen, before=newest + 1)
    return 0


def selected(options: argparse.Namespace) -> "Selection":
    """Return the calls that --filter means; raises ``Misuse``."""
    from server.calls.filters import CallFilterError, fields_of, parse, remarks
    from storage.call_search import Selection

    try:
        condition = parse(options.filter)
    except CallFilterError as error:
        raise Misuse(filter_lines(options.filter, error)) from None
    for remark in remarks(condition):
        print_to_stderr(remark)
    names: dict[int, str] = {}
    if "org" in fields_of(condition):
        with short_command(options.database) as (organizations, _):
            listed = [item.organization for item in organizations.all()]
            names = {organization.id: organization.name for organization in listed}
    return Selection(condition, organizations=names)


def filter_lines(text: str, error: "CallFilterError") -> str:
    """Return what is wrong with a filter, the filter, and carets under the place."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    carets = " " * error.position + "^" * max(error.length, 1)
    return f"{error}\n  {shown}\n  {carets}"


def call_row(row: Any) -> dict[str, Any]:
    """Return a call as a row of a table."""
    from server.calls.text import moment_text

    return {
        "id": row.id,
        "time": moment_text(row.at),
        "method": row.method,
        "path": row.path,
        "status": row.status,
        "ms": f"{row.duration / 1000:.1f}",
        "token": row.token_label,
        "what happened": row.summary,
    }


def operation_row(row: Any) -> dict[str, Any]:
    """Return an operation, given by its first call, as a row of a table."""
    *values, happened = call_row(row.folded).items()
    return dict([*values, ("calls", row.calls), happened])


def call_json(row: Any) -> dict[str, Any]:
    """Return a call as a JSON value, without its headers and bodies."""
    from server.calls.text import moment_text

    value: dict[str, Any] = row._asdict()
    del value["others"]
    return value | {"at": moment_text(row.at), "calls": row.calls}


def call_line(row: Any, *, coloured: bool = False) -> str:
    """Return a call as a line of text; in colour, its status is red, yellow, blue or green."""
    from server.calls.text import moment_text

    duration = f"{row.duration / 1000:.1f} ms"
    status = str(row.status or "---")
    if coloured:
        colours = {2: 32, 3: 34, 4: 33}
        status = f"\033[{colours.get(row.status // 100, 31)}m{status}\033[0m"
    line = f"{moment_text(row.at)} {status} {row.method} "
    rest = f"{row.path} {duration}  {row.summary}"
    # What a client sent must not steer the terminal.
    return line + "".join(character if character.isprintable() else "?" for character in rest)


# ------------------------------------------------------------------------------- expressions


def run_evaluate(options: argparse.Namespace) -> int:
    """Print what an expression gives for a person, or the answers to a file of expressions."""
    if options.vectors is not None:
        vectors = read_json(options.vectors, list, "array of objects with an expression")
        print(json.dumps([evaluated_vector(options.vectors, vector) for vector in vectors]))
        return 0
    from server.okta.expressions import ExpressionError

    person = read_json(options.person, dict, "object: a profile")
    if not isinstance(person.get("profile"), dict):
        person = {"profile": person}
    try:
        value = evaluate(options.expression, person, options.person)
    except ExpressionError as error:
        print(error_lines(options.expression, error), file=sys.stderr)
        return 1
    print(json.dumps(value, ensure_ascii=False))
    return 0


def evaluated_vector(path: Path, vector: Any) -> dict[str, Any]:
    """Return the value or the error of one expression of a file."""
    from server.okta.expressions import ExpressionError

    if not isinstance(vector, dict) or not isinstance(vector.get("expression"), str):
        raise No(f'{path}: every element has to be an object with the text "expression".')
    try:
        return {"value": evaluate(vector["expression"], vector, path)}
    except ExpressionError as error:
        return {"error": error.text}


def evaluate(expression: str, person: dict[str, Any], path: Path) -> Any:
    """Return an expression's value; ``person`` has the keys "profile" and "context".

    An attribute that the profile lacks is not in the schema, one that is null was never set.
    """
    from server.okta.expressions import Context, Names, compile_expression, text_of

    profile, given = person.get("profile", {}), person.get("context", {})
    if not isinstance(profile, dict) or not isinstance(given, dict):
        raise No(f'{path}: "profile" and "context" have to be objects.')
    try:
        context = Context.from_json(profile, given)
    except ValueError as error:
        raise No(f"{path}: {error}") from None
    compiled = compile_expression(expression, profile, names=Names.of(context))
    value = compiled.evaluate(context)
    # JSON has no number for what 1.0 / 0 gives; Java writes it as text.
    return text_of(value) if isinstance(value, float) and not math.isfinite(value) else value


def error_lines(expression: str, error: "ExpressionError") -> str:
    """Return Okta's text, and under it a caret at the place and what to do, if that is known."""
    blanks = str.maketrans("\r\n\t", "   ")
    text, shown = error.text.translate(blanks), expression.translate(blanks)
    if error.position is None:
        return f"{text}\n{error.suggestion}".rstrip()
    if text.endswith(shown):
        caret = " " * (len(text) - len(shown) + error.position) + "^"
    else:
        wrong = shown[error.position : error.position + error.length][:60]
        caret = f"^ at character {error.position + 1}: {wrong}".rstrip(": ") + "."
    return f"{text}\n{caret} {error.suggestion}".rstrip()


def read_json(path: Path, kind: type[Any], what: str) -> Any:
    """Return the JSON of a file; ``what`` says what it has to be."""
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise No(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise No(f"{path} is no JSON.") from None
    if not isinstance(found, kind):
        raise No(f"{path} has to hold a JSON {what}.")
    return found


# -------------------------------------------------------------------------------------- demo


def run_demo(options: argparse.Namespace) -> int:
    """Run the main job end to end on a temporary database, over real HTTP."""
    from server.okta.demonstration import demonstrate
    from storage.call_search import Selection

    with tempfile.TemporaryDirectory(prefix="blink-scim-desk-") as folder:
        parts = open_parts(Path(folder) / "demo.db", lambda last_id: None)
        try:
            organization = parts.organizations.create("Demo Ltd")
            token = parts.tokens.create(organization.id, "Demo", timedelta(hours=1)).text
            url = parts.server.start(DEFAULT_HOST, 0)
            print(f'Organization "{organization.name}" and its token are made; serving at {url}')
            checks = demonstrate(url, token)
            parts.log.flush(5.0)
            rows = parts.calls.rows(parts.calls.ids(Selection()))
        finally:
            parts.close()
    print()
    show([call_row(row) for row in rows], False, "")
    print()
    for check in checks:
        print(f"{'passed' if check.passed else 'FAILED'}  {check.name}  {check.note}".rstrip())
    failed = sum(not check.passed for check in checks)
    print(f"\n{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


# ------------------------------------------------------------------------------------ output


def show(rows: Sequence[dict[str, Any]], as_json: bool, if_empty: str) -> None:
    """Print rows as JSON or as a table; an empty table says on stderr what to do."""
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    elif rows:
        print_table(rows)
    else:
        print_to_stderr(if_empty)


def print_table(rows: Sequence[dict[str, Any]]) -> None:
    """Print rows with aligned columns under their names."""
    lines = [list(rows[0]), *([cell_text(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())


def cell_text(value: Any) -> str:
    """Return a value as it stands in a table."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def print_to_stderr(text: str) -> None:
    """Print what is not a result."""
    print(text, file=sys.stderr, flush=True)


# --------------------------------------------------------------------------- the command line


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options; ``command`` is the function that runs them."""
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument(
        "--database", type=Path, metavar="PATH", help="default: in the user's data folder"
    )
    listing = argparse.ArgumentParser(add_help=False, parents=[shared])
    listing.add_argument("--json", action="store_true", help="JSON instead of a table")

    parser = argparse.ArgumentParser(
        prog="main.py",
        description="A desktop SCIM server that shows what Okta sends to Blink.",
        epilog="Without a command the window opens.",
        parents=[shared],
    )
    parser.set_defaults(
        command=run_window, host=DEFAULT_HOST, port=DEFAULT_PORT, log=None, json=False
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def add(
        group: Any, name: str, run: Callable[[argparse.Namespace], int], summary: str, *parents: Any
    ) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = group.add_parser(
            name, help=summary, description=summary, parents=list(parents) or [shared]
        )
        added.set_defaults(command=run)
        return added

    def add_group(name: str, summary: str) -> Any:
        group = commands.add_parser(name, help=summary, description=summary, parents=[shared])
        return group.add_subparsers(title="commands", metavar="COMMAND", required=True)

    serve = add(commands, "serve", run_serve, "serve SCIM without a window until Ctrl-C")
    serve.add_argument("--host", help=f"address to listen on (default {DEFAULT_HOST})")
    serve.add_argument("--port", type=port_number, help="0 picks a free port")
    serve.add_argument("--log", choices=("text", "json", "none"), help="calls on stderr")
    serve.set_defaults(host=DEFAULT_HOST, port=DEFAULT_PORT, log=None)

    org = add_group("org", "organizations: Blink's customers")
    org_create = add(org, "create", run_org_create, "make an organization")
    org_create.add_argument("name", metavar="NAME")
    org_create.add_argument("--group-push", action="store_true", help="accept groups from Okta")
    add(org, "list", run_org_list, "list the organizations", listing)
    org_set = add(org, "set", run_org_set, "set an organization's switches")
    org_set.add_argument("name", metavar="NAME")
    org_set.add_argument("--group-push", type=on_or_off, metavar="on|off", default=None)
    org_set.add_argument("--active-by-default", type=on_or_off, metavar="on|off", default=None)
    org_delete = add(org, "delete", run_org_delete, "delete an organization with all it has")
    org_delete.add_argument("name", metavar="NAME")
    org_attribute = org.add_parser(
        "attribute",
        help="an organization's custom attributes",
        description="an organization's custom attributes",
        parents=[shared],
    )
    org_attribute.add_argument("name", metavar="NAME")
    attribute = org_attribute.add_subparsers(title="commands", metavar="COMMAND", required=True)
    attribute_add = add(attribute, "add", run_attribute_add, "add a custom attribute")
    attribute_add.add_argument("identifier", metavar="IDENTIFIER")
    attribute_add.add_argument("--type", required=True, choices=ATTRIBUTE_KINDS)
    attribute_add.add_argument("--label", default="", metavar="L")
    attribute_add.add_argument("--choice", action="append", default=[], metavar="C")
    attribute_add.add_argument("--description", default="", metavar="D")
    attribute_remove = add(
        attribute, "remove", run_attribute_remove, "remove an attribute and its values"
    )
    attribute_remove.add_argument("identifier", metavar="IDENTIFIER")
    add(attribute, "list", run_attribute_list, "list the custom attributes", listing)

    token = add_group("token", "API tokens of organizations")
    token_create = add(token, "create", run_token_create, "make a token and print it, this once")
    token_create.add_argument("--org", required=True, metavar="NAME")
    token_create.add_argument("--label", default="", metavar="L")
    token_create.add_argument("--expires-in", type=duration, default=None, metavar="90d")
    add(token, "list", run_token_list, "list the tokens", listing)
    token_revoke = add(token, "revoke", run_token_revoke, "revoke a token now")
    token_revoke.add_argument("id", type=int, metavar="ID")
    token_rotate = add(token, "rotate", run_token_rotate, "make a successor and print it")
    token_rotate.add_argument("id", type=int, metavar="ID")
    token_rotate.add_argument("--overlap", type=duration, default=DEFAULT_OVERLAP, metavar="24h")

    calls = add_group("calls", "the log of calls")
    filtering = argparse.ArgumentParser(add_help=False)
    filtering.add_argument(
        "--filter", default="", metavar="F", help="such as 'status:failed user:ann since:1h'"
    )
    calls_list = add(
        calls, "list", run_calls_list, "list calls, the newest last", listing, filtering
    )
    calls_list.add_argument("--limit", type=count, default=1000, metavar="N", help="newest N")
    calls_list.add_argument(
        "--operations", action="store_true", help="one row for the calls of an operation"
    )
    calls_show = add(calls, "show", run_calls_show, "show a call whole", listing)
    calls_show.add_argument("id", type=int, metavar="ID")
    calls_story = add(
        calls, "story", run_calls_story, "tell what became of the user of a call", listing
    )
    calls_story.add_argument("id", type=int, metavar="ID")
    calls_export = add(
        calls,
        "export",
        run_calls_export,
        "write calls to a file, without secrets",
        shared,
        filtering,
    )
    forms = calls_export.add_mutually_exclusive_group(required=True)
    for form, what in EXPORT_FORMS.items():
        forms.add_argument(f"--{form}", type=Path, metavar="FILE", help=what)
    calls_export.add_argument(
        "--pseudonyms", action="store_true", help="replace names, addresses and ids"
    )
    calls_tail = add(
        calls,
        "tail",
        run_calls_tail,
        "print calls as they are stored, until Ctrl-C",
        shared,
        filtering,
    )
    calls_tail.add_argument(
        "--limit", type=count, default=10, metavar="N", help="begin with the newest N"
    )

    trial = argparse.ArgumentParser(add_help=False, parents=[listing])
    trial.add_argument("--people", type=Path, metavar="FILE", help="CSV, or JSON of Okta's users")
    trial.add_argument("--mapping", type=Path, metavar="FILE", help="exported mappings")
    trial.add_argument("--org", metavar="NAME", help="whose people, mappings and directory")
    preview = add(
        commands, "preview", run_preview, "what Okta would send for a person, and Blink do", trial
    )
    preview.add_argument("--person", required=True, metavar="NAME", help="name, login or id")
    preflight = add(
        commands, "preflight", run_preflight, "check all people before provisioning", trial
    )
    preflight.add_argument("--csv", type=Path, metavar="FILE", help="write a line for each person")
    preflight.add_argument("--html", type=Path, metavar="FILE", help="write a page to print")

    evaluation = add(commands, "evaluate", run_evaluate, "evaluate an Okta expression")
    evaluation.add_argument("expression", nargs="?", metavar="EXPRESSION")
    evaluation.add_argument(
        "--person",
        type=Path,
        metavar="FILE",
        help='JSON: a profile, or {"profile": {...}, "context": {...}}; null is an unset attribute',
    )
    evaluation.add_argument(
        "--vectors",
        type=Path,
        metavar="FILE",
        help='a JSON array of {"expression", "profile", "context"}; prints an array of answers',
    )

    add(commands, "demo", run_demo, "the main job end to end, on a temporary database")

    options = parser.parse_args(arguments)
    if options.command is run_evaluate:
        one = options.expression is not None and options.person is not None
        either = options.expression is not None or options.person is not None
        if one == (options.vectors is not None) or (either and not one):
            evaluation.error("give EXPRESSION and --person FILE, or --vectors FILE alone")
    if "database" not in options:
        options.database = default_database()
    return options


def default_database() -> Path:
    """Return where the database is unless ``--database`` says otherwise."""
    from platformdirs import user_data_path

    return user_data_path("blink-scim-desk", appauthor=False) / "desk.db"


def duration(text: str) -> timedelta:
    """Return a duration from "90d", "12h", "30m", "45s" or "2w"."""
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
    found = re.fullmatch(r"([0-9]{1,6})([smhdw])", text.strip().lower())
    if not found or not int(found[1]):
        raise argparse.ArgumentTypeError(f'"{text}" is no duration: write 90d, 12h, 30m or 2w')
    return timedelta(**{units[found[2]]: int(found[1])})


def on_or_off(text: str) -> bool:
    """Return a switch's position."""
    if text.lower() not in ("on", "off"):
        raise argparse.ArgumentTypeError(f'"{text}" is neither on nor off')
    return text.lower() == "on"


def count(text: str) -> int:
    """Return how many."""
    if not text.isdecimal() or int(text) >= 2**63:
        raise argparse.ArgumentTypeError(f'"{text}" is no number: write 0 or more')
    return int(text)


def port_number(text: str) -> int:
    """Return a TCP port."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f'"{text}" is no port: 0 to 65535')
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
