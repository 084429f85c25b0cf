"""What can be done with the calls that are chosen, by menu, key and command."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget
from shiboken6 import isValid

from gui.connection.control import Phase
from gui.desk import Desk
from gui.jobs import Progress
from gui.live_log.copying import ICONS, url
from gui.live_log.note_dialog import NoteDialog
from gui.live_log.replay_dialogs import EditDialog, TokenDialog
from gui.live_log.rows import MARK_COLORS
from gui.live_log.source import Choice, LogSource
from server.calls.export import COPIES, Cleaner, copied
from server.calls.filters import MARKS
from server.calls.redaction import Redactor
from server.calls.replay import Replayed, ReplayRequest, replay, replay_request
from server.http.tokens import TOKEN_PREFIX
from storage.calls import StoredCall

T = TypeVar("T")

BETWEEN = "\n\n"
"""What stands between two calls on the clipboard."""


class Act(NamedTuple):
    """Something to do: as the menu says it, its icon, its key in the list, and how.

    ``reason`` says why it cannot be done now, "" when it can.
    """

    text: str
    icon: str
    key: str
    do: Callable[[], None]
    reason: Callable[[], str]


class CallActions(QObject):
    """Acts on the calls of a log that are chosen, oldest first.

    Signals:
        annotated: marks or notes of calls changed.
        compare_wanted: two calls are to be laid side by side, with their ids.
        story_wanted: all calls about the user of a call are wanted, with its id.
        export_wanted: calls are to go to a file, with their ids.
    """

    annotated = Signal()
    compare_wanted = Signal(object)
    story_wanted = Signal(int)
    export_wanted = Signal(object)

    def __init__(
        self, desk: Desk, view: QWidget, source: LogSource, chosen: Callable[[], Choice]
    ) -> None:
        super().__init__(view)
        self._desk = desk
        self._view = view
        self._source = source
        self._chosen = chosen
        self._token = ""  # for this session only, and never written anywhere
        self.copy_menu = QMenu(view)
        self._fill_copy_menu(self.copy_menu)
        self.acts = {
            "replay": Act("Replay", "rotate", "r", self.replay, self._why_no_replay),
            "edit": Act("Edit and replay…", "pencil", "e", self.edit, self._why_no_replay),
            "mark": Act("Mark or unmark", "mark", "m", self.mark_next, self._why_no_mark),
            "note": Act("Note…", "remark", "n", self.note, self._why_no_note),
            "compare": Act("Compare", "panel", "d", self.compare, self._why_no_comparison),
            "story": Act("Story of this user", "history", "s", self.story, self._why_not_one),
            "export": Act("Export chosen calls…", "export", "", self.export, self._why_nothing),
        }

    def commands(self) -> dict[str, Callable[[], None]]:
        """Return what the commands of ``gui.commands`` do, by their target."""
        return {
            "copy-curl": partial(self.copy, "curl"),
            **{name: partial(self.carry_out, name) for name in self.acts},
        }

    def keys(self) -> dict[str, Callable[[], None]]:
        """Return what single keys do in the list."""
        bound = {act.key: partial(self.carry_out, name) for name, act in self.acts.items()}
        bound.pop("", None)
        return {"c": partial(self.copy, "curl"), **bound}

    def fill(self, menu: QMenu) -> None:
        """Offer everything in a menu; what cannot be done says why."""
        copies = menu.addMenu("Copy")
        self._desk.theme.icons.put(copies.menuAction(), "copy", "muted")
        self._fill_copy_menu(copies)
        for name, act in self.acts.items():
            reason = act.reason()
            words = f"{act.text}\t{act.key.upper()}" if act.key else act.text
            action = menu.addAction(words, partial(self.carry_out, name))
            action.setEnabled(not reason)
            action.setToolTip(reason or act.text)
            self._desk.theme.icons.put(action, act.icon, "muted")
            if name == "mark":
                self._fill_mark_menu(menu.addMenu("Mark as"), not reason)

    def carry_out(self, name: str) -> None:
        """Do something, or say why not."""
        act = self.acts[name]
        if reason := act.reason():
            self._desk.toasts.show(reason, "neutral")
        else:
            act.do()

    def copy(self, form: str) -> None:
        """Put the chosen calls onto the clipboard in one of ``COPIES``, or their URLs."""
        ids, calls, base_url = self._chosen().ids, self._source.calls, self._base_url()
        if reason := self._why_nothing():
            self._desk.toasts.show(reason, "neutral")
            return
        cleaner = Cleaner(Redactor(TOKEN_PREFIX))

        def write(progress: Progress) -> str:
            texts = []
            for number, logged in enumerate(calls.whole(ids)):
                progress.report(number / len(ids))
                text = url(logged.call, base_url) if form == "url" else ""
                texts.append(text or copied(form, logged, cleaner, base_url))
            return BETWEEN.join(texts)

        title = "Copying calls" if len(ids) > 50 else ""
        name = "URL" if form == "url" else _lowered(COPIES[form].title)
        words = name if len(ids) == 1 else f"{name} of {len(ids):,} calls"
        self._run(title, write, lambda text: self.put_on_clipboard(text, words))

    def put_on_clipboard(self, text: str, name: str) -> None:
        """Copy a text and say so."""
        QGuiApplication.clipboard().setText(text)
        self._desk.toasts.show(f"The {name} is on the clipboard.")

    def mark(self, colour: str) -> None:
        """Mark the chosen calls, and those of an operation with them; "" takes the mark away."""
        choice, calls = self._chosen(), self._source.calls
        self._run(
            "",
            lambda _: calls.mark(choice.covered(calls), colour),
            lambda _: self.annotated.emit(),
        )

    def mark_next(self) -> None:
        """Mark the chosen calls red, or take the mark of the first one away."""
        choice, calls = self._chosen(), self._source.calls

        def turn(_progress: Progress) -> None:
            covered = choice.covered(calls)
            first = replace(choice, ids=choice.ids[:1]).covered(calls)
            marked = any(row.mark for row in calls.rows(first))
            calls.mark(covered, "" if marked else MARKS[0])

        self._run("", turn, lambda _: self.annotated.emit())

    def note(self) -> None:
        """Ask for a note on the chosen call."""
        self._with_call(self._ask_for_note)

    def replay(self) -> None:
        """Send the chosen request to our own server again."""
        self._with_call(lambda logged: self._send(replay_request(logged.call)))

    def edit(self) -> None:
        """Let the chosen request be changed, then send it."""
        self._with_call(
            lambda logged: EditDialog(
                self._desk.theme, self._view.window(), replay_request(logged.call), self._send
            ).open()
        )

    def compare(self) -> None:
        """Lay two chosen calls side by side; one alone with the one before for this user."""
        self.compare_wanted.emit(list(self._chosen().ids))

    def story(self) -> None:
        """Show all calls about the user of the chosen call."""
        self.story_wanted.emit(self._chosen().ids[0])

    def export(self) -> None:
        """Write the chosen calls to a file, whole operations where they are folded."""
        choice, calls = self._chosen(), self._source.calls
        self._run("", lambda _: choice.covered(calls), self.export_wanted.emit)

    def _ask_for_note(self, logged: StoredCall) -> None:
        calls = self._source.calls

        def keep(text: str) -> None:
            self._run(
                "", lambda _: calls.set_note(logged.id, text), lambda _: self.annotated.emit()
            )

        NoteDialog(self._desk.theme, self._view.window(), logged.note, keep).open()

    def _send(self, request: ReplayRequest) -> None:
        if not self._token:

            def take(token: str) -> None:
                self._token = token
                self._send(request)

            TokenDialog(self._desk.theme, self._view.window(), take).open()
            return
        base_url, token = self._base_url(), self._token
        self._run("Replaying", lambda _: replay(request, base_url, token), self._tell_answer)

    def _tell_answer(self, replayed: Replayed) -> None:
        if replayed.status == 401:
            self._token = ""
        good = 0 < replayed.status < 400
        self._desk.toasts.show(f"Replay: {replayed.sentence}", "success" if good else "warning")

    def _with_call(self, use: Callable[[StoredCall], None]) -> None:
        call_id, calls = self._chosen().ids[0], self._source.calls

        def take(logged: StoredCall | None) -> None:
            if logged:
                use(logged)
            else:
                self._desk.toasts.show("This call is not in the log any more.", "warning")

        self._run("", lambda _: calls.get(call_id), take)

    def _run(self, title: str, work: Callable[[Progress], T], done: Callable[[T], None]) -> None:
        def deliver(result: T) -> None:
            if isValid(self):  # the page may be gone by then
                done(result)

        self._desk.jobs.run(title, work, deliver)

    def _fill_copy_menu(self, menu: QMenu) -> None:
        for name, form in COPIES.items():
            action = menu.addAction(form.title, partial(self.copy, name))
            action.setToolTip(form.help)
            if name in ICONS:
                self._desk.theme.icons.put(action, ICONS[name], "muted")
        self._desk.theme.icons.put(
            menu.addAction("URL", partial(self.copy, "url")), "link", "muted"
        )

    def _fill_mark_menu(self, menu: QMenu, enabled: bool) -> None:
        menu.setEnabled(enabled)
        for colour in MARKS:
            action = menu.addAction(colour.capitalize(), partial(self.mark, colour))
            self._desk.theme.icons.put(action, "mark", MARK_COLORS[colour])
        menu.addAction("No mark", partial(self.mark, ""))

    def _why_nothing(self) -> str:
        return "" if self._chosen().ids else "Choose a call first."

    def _why_no_mark(self) -> str:
        return self._source.why_read_only("mark") or self._why_nothing()

    def _why_no_note(self) -> str:
        return self._source.why_read_only("write on") or self._why_not_one()

    def _why_not_one(self) -> str:
        return "" if len(self._chosen().ids) == 1 else "Choose one call first."

    def _why_no_comparison(self) -> str:
        number = len(self._chosen().ids)
        return (
            "" if number in (1, 2) else "Choose two calls, or one to compare with the one before."
        )

    def _why_no_replay(self) -> str:
        if self._desk.server.state.phase is not Phase.RUNNING:
            return "Start the server first: a replay goes to it."
        return self._why_not_one()

    def _base_url(self) -> str:
        return base_url(self._desk)


def base_url(desk: Desk) -> str:
    """Return where the server is reached, up to the path."""
    state = desk.server.state
    return state.url.removesuffix("/scim/v2") or f"http://127.0.0.1:{state.port}"


def _lowered(title: str) -> str:
    """Return a title within a sentence; an abbreviation stays."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
