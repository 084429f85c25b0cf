"""What Okta would send for a person, and what Blink would do with it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QPushButton, QStackedWidget

from gui.jobs import Jobs
from gui.mappings.trial import Trial
from gui.theme import Theme
from gui.widgets.boxes import column, plain, restyle, row
from gui.widgets.buttons import CopyButton, push_button
from gui.widgets.json_view import JsonView
from gui.widgets.labels import TONE_ICONS, label, selectable
from gui.widgets.rows_model import RowsModel
from gui.widgets.table import Cell, Column, Table, in_card
from server.okta.mapping.preview import value_text
from server.okta.mapping.receiver import Change

CHANGE_COLUMNS = (
    Column("path", "Attribute", 150, stretch=True),
    Column("before", "At Blink", 110),
    Column("after", "Then", 110),
)


class OutcomePanel(QFrame):
    """The outcome in words, and below it the bodies and the difference."""

    def __init__(self, theme: Theme, jobs: Jobs) -> None:
        super().__init__()
        self._theme = theme
        self._trial: Trial | None = None
        self.setProperty("kind", "plain")
        self.setMinimumWidth(290)
        self._icon = QLabel()
        self.heading = selectable(label("", "strong", wrap=True))
        self.words = selectable(label("", wrap=True))
        self.remarks = selectable(label("", "small", wrap=True))
        said = row(
            self._icon,
            column(self.heading, self.words, self.remarks, spacing=1),
            margins=(3, 2, 3, 2),
        )
        said.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        self.outcome = QFrame()
        self.outcome.setProperty("kind", "note")
        self.outcome.setLayout(said)
        self.create_view = JsonView(theme, jobs, "JSON of the create")
        self.update_view = JsonView(theme, jobs, "JSON of the update")
        self._model: RowsModel[Change] = RowsModel(CHANGE_COLUMNS, _change_cells)
        self.changes = Table(theme, "Difference to what Blink holds", CHANGE_COLUMNS)
        self.changes.setModel(self._model)
        self.changes.arrange()
        self.changes_words = label("", "muted", wrap=True)
        self._stack = QStackedWidget()
        self._tabs = QButtonGroup(self)
        parts = (
            ("Create", "The body of the POST that creates the user", self.create_view),
            ("Update", "The body of the PUT that updates the user", self.update_view),
            (
                "Difference",
                "What would change at Blink",
                plain(column(self.changes_words, in_card(self.changes), spacing=2)),
            ),
        )
        self.tabs: dict[str, QPushButton] = {}
        for name, hint, part in parts:
            button = push_button(theme, name, kind="chip")
            button.setCheckable(True)
            button.setToolTip(hint)
            self._tabs.addButton(button, self._stack.count())
            self._stack.addWidget(part)
            self.tabs[name] = button
        self._tabs.idClicked.connect(self._show_part)
        self.copy_button = CopyButton(theme, "Copy JSON", self._copied_text)
        bar = row(*self.tabs.values(), None, self.copy_button, spacing=1)
        self.setLayout(column(self.outcome, bar, self._stack, spacing=2))
        self.tabs["Create"].setChecked(True)
        self._show_part(0)
        self.show_trial(None)

    def show_trial(self, trial: Trial | None) -> None:
        """Show what would come of a person; None: nobody is chosen."""
        self._trial = trial
        tone = trial.outcome.tone if trial else "neutral"
        color = "muted" if tone == "neutral" else tone
        self._theme.icons.put_on_label(self._icon, TONE_ICONS[tone], color)
        restyle(self.outcome, tone=tone)
        self.heading.setText(trial.outcome.heading if trial else "Nobody is chosen")
        nobody = "Choose a person above to see what Okta would send and what Blink would do."
        self.words.setText(trial.outcome.text if trial else nobody)
        self.words.setVisible(bool(self.words.text()) and self.words.text() != self._repeated())
        self.remarks.setText("\n".join(trial.outcome.remarks) if trial else "")
        self.remarks.setVisible(bool(self.remarks.text()))
        self.create_view.set_json(trial.create.encode() if trial else b"")
        self.update_view.set_json(trial.update.encode() if trial else b"")
        changes = trial.changes if trial else ()
        self._model.set_rows(changes)
        self.changes.setVisible(bool(changes))
        self.changes_words.setText(_words_for_changes(trial))
        self.copy_button.setEnabled(trial is not None)

    def open_part(self, name: str) -> None:
        """Show one of the tabs."""
        self.tabs[name].click()

    def _repeated(self) -> str:
        return f"{self.heading.text()}."

    def _copied_text(self) -> str:
        if self._trial is None:
            return ""
        update = self._stack.currentWidget() is self.update_view
        return self._trial.update if update else self._trial.create

    @Slot(int)
    def _show_part(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        self.copy_button.setVisible(number < 2)


def _change_cells(change: Change) -> Sequence[Cell]:
    added, gone = change.before is None, change.after is None
    icon, color = ("plus", "success") if added else ("close", "danger") if gone else ("", "")
    if not icon:
        icon, color = "pencil", "accent"
    path = change.path.rpartition(":")[2] if change.path.startswith("urn:") else change.path
    return (
        Cell(path, icon=icon, icon_color=color),
        Cell("–" if added else value_text(change.before), color="muted"),
        Cell("–" if gone else value_text(change.after)),
    )


def _words_for_changes(trial: Trial | None) -> str:
    if trial is None:
        return "Choose a person above."
    if trial.changes and trial.held:
        return "What Blink holds of this person, and what it would hold then."
    if trial.changes:
        return "Blink holds nothing of this person yet; all of this would be new."
    return "Nothing would change at Blink."
