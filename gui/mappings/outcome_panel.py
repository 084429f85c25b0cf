"""What Okta would send for a person, and what Blink would do with it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QLabel

from gui.jobs import Jobs
from gui.mappings.table import MappingDelegate, TwoLines
from gui.mappings.trial import Trial
from gui.theme import Theme
from gui.widgets.boxes import column, plain, restyle, row
from gui.widgets.buttons import CopyButton
from gui.widgets.cells import Cell
from gui.widgets.json_view import JsonView
from gui.widgets.labels import TONE_ICONS, label, selectable
from gui.widgets.rows_model import RowsModel
from gui.widgets.table import Column, Table, in_card
from gui.widgets.tabs import Tabs
from server.okta.mapping.preview import value_text
from server.okta.mapping.receiver import Change

CHANGE_COLUMNS = (Column("change", "Attribute at Blink: before → after", 260, stretch=True),)


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
        self.changes.setItemDelegate(MappingDelegate(theme, self.changes))
        self.changes.verticalHeader().setDefaultSectionSize(44)
        self.changes.arrange()
        self.changes_words = label("", "muted", wrap=True)
        self.copy_button = CopyButton(theme, "Copy JSON", self._copied_text)
        difference = column(self.changes_words, spacing=2)
        difference.addWidget(in_card(self.changes), 1)
        self.tabs = Tabs(
            theme,
            "What is sent",
            (
                ("Create", self.create_view),
                ("Update", self.update_view),
                ("Difference", plain(difference)),
            ),
            self.copy_button,
        )
        self.tabs.chips[0].setToolTip("The body of the POST that creates the user")
        self.tabs.chips[1].setToolTip("The body of the PUT that updates the user")
        self.tabs.chips[2].setToolTip("What would change at Blink")
        self.tabs.stack.currentChanged.connect(self._show_part)
        layout = column(self.outcome, spacing=2)
        layout.addWidget(self.tabs, 1)
        self.setLayout(layout)
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
        self.words.setVisible(bool(self.words.text()))
        self.remarks.setText("\n".join(trial.outcome.remarks) if trial else "")
        self.remarks.setVisible(bool(self.remarks.text()))
        self.create_view.set_json(trial.create.encode() if trial else b"")
        self.update_view.set_json(trial.update.encode() if trial else b"")
        changes = trial.changes if trial else ()
        self._model.set_rows(changes)
        self.changes.setVisible(bool(changes))
        self.changes_words.setText(_words_for_changes(trial))
        self.copy_button.setEnabled(trial is not None)

    def _copied_text(self) -> str:
        if self._trial is None:
            return ""
        update = self.tabs.stack.currentWidget() is self.update_view
        return self._trial.update if update else self._trial.create

    @Slot(int)
    def _show_part(self, number: int) -> None:
        self.copy_button.setVisible(number < 2)


def _change_cells(change: Change) -> Sequence[Cell]:
    path = change.path
    if path.startswith("urn:"):
        path = path.rpartition(":")[2]
    after = "" if change.after is None else value_text(change.after)
    if change.before is None:
        return (TwoLines(path, "plus", "success", below=after),)
    before = value_text(change.before)
    if change.after is None:
        return (TwoLines(path, "minus", "danger", below=f"{before} → nothing"),)
    return (TwoLines(path, "pencil", "accent", below=f"{before} → {after}"),)


def _words_for_changes(trial: Trial | None) -> str:
    if trial is None:
        return "Choose a person above."
    if trial.changes and trial.held:
        return "What Blink holds of this person, and what it would hold then."
    if trial.changes:
        return "Blink holds nothing of this person yet; all of this would be new."
    return "Nothing would change at Blink."
