"""The mappings under work: read, changed, saved, undone; all of storage is asked in jobs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.desk import Desk
from gui.jobs import Progress
from server.okta.mapping.defaults import DEFAULT_MAPPINGS
from server.okta.mapping.evaluation import CompiledMappings, compile_mappings
from server.okta.mapping.rows import MappingRow, MappingSet, UsernameFormat
from server.okta.people import ProfileSchema

if TYPE_CHECKING:
    from storage.mappings import MappingStore, StoredMappings

    _Change = Callable[[MappingStore, StoredMappings], object]

FIRST_NAME = "Blink"
"""The name of an organization's first set: that of the app in Okta."""

FIRST_NOTE = "Okta's default"


class SaveState(Enum):
    """Whether what is on the screen is also on the disk."""

    SAVED = "Saved"
    SAVING = "Saving…"
    FAILED = "Not saved"


@dataclass(frozen=True, slots=True)
class _Read:
    organization_id: int
    sets: "list[StoredMappings]"
    stored: "StoredMappings | None"
    default: MappingSet
    schema: ProfileSchema


@dataclass(frozen=True, slots=True)
class _Write:
    """A change that waits to be written; ``before`` is what the screen showed before it."""

    organization_id: int
    before: MappingSet
    change: "_Change"


@dataclass(frozen=True, slots=True)
class _Written:
    organization_id: int
    stored: "StoredMappings | None"
    sets: "list[StoredMappings]"


class MappingWork(QObject):
    """The mapping set that an organization uses, as the page shows it.

    A change is shown at once and written behind it, one after the other. ``mappings`` have the
    organization's own attributes of Blink's extension in their app profile.

    Signals:
        loaded: another organization or another set is shown.
        changed: the mappings are other ones now.
        read_again: the same set was read again; people or Blink's users may be other ones now.
        state_changed: what is saved, or what there is to undo or redo, is another thing now.
    """

    loaded = Signal()
    changed = Signal()
    read_again = Signal()
    state_changed = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._organization_id: int | None = None
        self._loading = 0
        self._read_running = False
        self._read_anew = False
        self._stored: StoredMappings | None = None
        self._default = DEFAULT_MAPPINGS
        self._queue: list[_Write] = []
        self._writing = False
        self.sets: Sequence[StoredMappings] = ()
        self.mappings = DEFAULT_MAPPINGS
        self.schema = ProfileSchema(())
        self.compiled: CompiledMappings = compile_mappings(self.mappings, None)
        self.state = SaveState.SAVED
        self.error = ""
        self.ready = False

    @property
    def stored(self) -> "StoredMappings | None":
        """Return the set as it was read or saved last; None while Okta's default is unchanged."""
        return self._stored

    @property
    def organization_id(self) -> int | None:
        """Return whose mappings these are, once they are there."""
        return self._organization_id

    def load(self) -> None:
        """Read the mappings of the chosen organization again."""
        summary = self._desk.session.organization
        self._loading += 1
        if summary is None:
            self.ready = False
            self._organization_id = None
            self.loaded.emit()
            return
        number, organization_id, services = (
            self._loading,
            summary.organization.id,
            self._desk.services,
        )

        def read(_progress: Progress) -> tuple[int, _Read]:
            okta = services.okta()
            sets = okta.mappings.all(organization_id)
            return number, _Read(
                organization_id,
                sets,
                next((each for each in sets if each.in_use), None),
                okta.default_mappings(organization_id),
                okta.people.schema(organization_id),
            )

        self._read_running = True
        self._desk.jobs.run("", read, self._take)

    def map(self, row: MappingRow, title: str) -> None:
        """Map an attribute; ``title`` is its display name, for the history."""
        self.put(self.mappings.mapped(row), f"Mapped {title}")

    def unmap(self, variable: str, title: str) -> None:
        """Leave an attribute unmapped."""
        self.put(self.mappings.unmapped(variable), f"Unmapped {title}")

    def set_username(self, username: UsernameFormat) -> None:
        """Set the format of the usernames."""
        self.put(
            replace(self.mappings, username=username), f"Username format: {username.kind.value}"
        )

    def turn_numbers(self) -> None:
        """Let numbers fit text attributes, or no longer."""
        fit = not self.mappings.numbers_as_text
        words = "Numbers fit text" if fit else "Numbers do not fit text"
        self.put(replace(self.mappings, numbers_as_text=fit), words)

    def reset(self) -> None:
        """Go back to the mappings that Okta's Blink app comes with."""
        self.put(self._default, "Reset to default")

    def put(self, mappings: MappingSet, note: str) -> None:
        """Show and save other mappings; ``note`` says in the history what was done."""
        if mappings == self.mappings:
            return
        # The first state that is kept is the one before, so that this change can be undone.
        self._write(lambda store, stored: store.save(stored.id, mappings, note))
        self._show(mappings)

    def retry(self) -> None:
        """Save what could not be saved."""
        mappings = self.mappings
        self._write(lambda store, stored: store.save(stored.id, mappings))

    def undo(self) -> None:
        """Take the last change back, one of an earlier day too."""
        if self._writing or (self._stored and self._stored.undoes is not None):
            self._write(lambda store, stored: store.undo(stored.id))

    def redo(self) -> None:
        """Make again what was taken back last."""
        if self._writing or (self._stored and self._stored.redoes is not None):
            self._write(lambda store, stored: store.redo(stored.id))

    def duplicate(self, name: str) -> None:
        """Copy the set under another name, and use the copy."""
        self._write(lambda store, stored: store.use(store.duplicate(stored.id, name).id))

    def rename(self, name: str) -> None:
        """Give the set another name."""
        self._write(lambda store, stored: store.rename(stored.id, name))

    def use(self, set_id: int) -> None:
        """Show another set of the organization, and use it from now on."""
        self._write(lambda store, stored: store.use(set_id))

    def delete(self) -> None:
        """Delete the set; another one is used then, or Okta's default."""

        def delete(store: "MappingStore", stored: "StoredMappings") -> None:
            store.delete(stored.id)

        self._write(delete)

    def _take(self, answer: tuple[int, _Read]) -> None:
        number, read = answer
        if number != self._loading:
            return
        self._read_running = False
        another = read.organization_id != self._organization_id
        set_id = self._stored.id if self._stored else None
        if not another and (self._writing or self.state is SaveState.FAILED):
            return  # what is on the screen is newer
        self._organization_id = read.organization_id
        self._stored, self.sets, self._default = read.stored, read.sets, read.default
        changed = self.schema != read.schema
        self.schema = read.schema
        self.state, self.error = SaveState.SAVED, ""
        mappings = self._as_shown(read.stored)
        first = not self.ready
        self.ready = True
        if another or first or set_id != (read.stored.id if read.stored else None):
            self._compile(mappings)
            self.loaded.emit()
        else:
            if changed or mappings != self.mappings:
                self._show(mappings)
            self.read_again.emit()
        self.state_changed.emit()

    def _show(self, mappings: MappingSet) -> None:
        self._compile(mappings)
        self.changed.emit()

    def _compile(self, mappings: MappingSet) -> None:
        self.mappings = mappings
        self.compiled = compile_mappings(mappings, self.schema.names)

    def _write(self, change: "_Change") -> None:
        if self._organization_id is None:
            return
        if self._read_running:
            # What is being read is older than this change.
            self._loading += 1
            self._read_running, self._read_anew = False, True
        self._queue.append(_Write(self._organization_id, self.mappings, change))
        self.state, self.error = SaveState.SAVING, ""
        self.state_changed.emit()
        if not self._writing:
            self._write_next()

    def _write_next(self) -> None:
        write, services = self._queue.pop(0), self._desk.services
        organization_id = write.organization_id
        self._writing = True

        def carry_out(_progress: Progress) -> _Written:
            store = services.okta().mappings
            stored = store.in_use(organization_id)
            if stored is None:
                stored = store.create(organization_id, FIRST_NAME, write.before, FIRST_NOTE)
            write.change(store, stored)
            return _Written(
                organization_id, store.in_use(organization_id), store.all(organization_id)
            )

        self._desk.jobs.run("", carry_out, self._take_written, self._refused)

    def _take_written(self, written: _Written) -> None:
        self._writing = False
        if self._queue:
            self._write_next()
            return
        if written.organization_id == self._organization_id:
            before, self._stored, self.sets = self._stored, written.stored, written.sets
            self.state = SaveState.SAVED
            mappings = self._as_shown(written.stored)
            if before and (written.stored is None or before.id != written.stored.id):
                self._compile(mappings)
                self.loaded.emit()
            elif mappings != self.mappings:
                self._show(mappings)
            self.state_changed.emit()
        self._catch_up()

    def _refused(self, error: Exception) -> None:
        self._writing = False
        self._queue.clear()
        self.error = str(error)
        unsaved = self._as_shown(self._stored) != self.mappings
        self.state = SaveState.FAILED if unsaved else SaveState.SAVED
        self._desk.toasts.show_error(error)
        self.state_changed.emit()
        self._catch_up()

    def _catch_up(self) -> None:
        if self._read_anew:
            self._read_anew = False
            self.load()

    def _as_shown(self, stored: "StoredMappings | None") -> MappingSet:
        if stored is None:
            return self._default
        return stored.mappings.with_profile(self._default.attributes)
