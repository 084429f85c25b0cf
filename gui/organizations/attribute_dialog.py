"""Adding and changing a custom attribute."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from gui.jobs import Jobs, Progress
from gui.theme import Theme
from gui.widgets.boxes import field, plain, row
from gui.widgets.buttons import push_button
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label
from server.blink.custom_attributes import (
    LONGEST_DESCRIPTION,
    LONGEST_LABEL,
    CustomAttribute,
    Kind,
    problem,
    tidied,
)

if TYPE_CHECKING:
    from storage.custom_attributes import CustomAttributeStore

KINDS: dict[Kind, str] = {"text": "Text", "date": "Date", "choice": "Single choice"}
"""The kinds in Blink's words."""


class AttributeDialog(Dialog):
    """Asks for an attribute, or changes ``attribute``; ``saved`` is called with what is stored."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        jobs: Jobs,
        store: "CustomAttributeStore",
        organization_id: int,
        others: Sequence[CustomAttribute],
        saved: Callable[[CustomAttribute], None],
        attribute: CustomAttribute | None = None,
    ) -> None:
        """``others`` are the organization's attributes beside this one."""
        super().__init__(
            theme,
            parent,
            "Change custom attribute" if attribute else "Add custom attribute",
            "A custom field of the profile in Blink. Okta sends it with the external namespace of "
            "the Blink extension and the identifier as the external name.",
        )
        self._jobs = jobs
        self._store = store
        self._organization_id = organization_id
        self._others = others
        self._saved = saved
        self._changes = attribute is not None
        shown = attribute or CustomAttribute("", "", "text")
        self.identifier = _line("Identifier", shown.identifier, "startDate", 64)
        self.identifier.setReadOnly(self._changes)
        self.label = _line("Name", shown.label, "First day", LONGEST_LABEL)
        self.kind = ChoiceBox(theme, "Type")
        for kind, words in KINDS.items():
            self.kind.addItem(words, kind)
        self.kind.setCurrentIndex(self.kind.findData(shown.kind))
        self.kind.setEnabled(not self._changes)
        self.choices = QPlainTextEdit("\n".join(shown.choices))
        self.choices.setAccessibleName("Choices, one on each line")
        self.choices.setPlaceholderText("Permanent\nFixed term")
        self.choices.setTabChangesFocus(True)
        self.choices.setFixedHeight(110)
        self.description = _line(
            "Description", shown.description, "What the field is for", LONGEST_DESCRIPTION
        )
        self.error = label("", tone="danger", wrap=True)
        self.choices_field = field(label("Choices, one on each line", "caption"), self.choices)
        self.add(
            plain(
                row(
                    field(label("Identifier", "caption"), self.identifier),
                    field(label("Type", "caption"), self.kind),
                    spacing=3,
                )
            ),
            field(label("Name", "caption"), self.label),
            self.choices_field,
            field(label("Description", "caption"), self.description),
            self.error,
        )
        words = "Save" if attribute else "Add attribute"
        self.save_button = push_button(theme, words, kind="primary", clicked=self._save)
        self.end_with(self.cancel_button(), self.save_button)
        for line in (self.identifier, self.label, self.description):
            line.textChanged.connect(self._check)
        self.choices.textChanged.connect(self._check)
        self.kind.currentIndexChanged.connect(self._show_kind)
        self._show_kind()
        if self._changes:
            self.label.setFocus()

    def drafted(self) -> CustomAttribute:
        """Return the attribute as the fields have it now."""
        kind: Kind = self.kind.currentData()
        lines = self.choices.toPlainText().splitlines()
        return tidied(
            CustomAttribute(
                self.identifier.text(),
                self.label.text(),
                kind,
                tuple(line for line in lines if line.strip()) if kind == "choice" else (),
                self.description.text(),
            )
        )

    @Slot()
    def _show_kind(self) -> None:
        self.choices_field.setVisible(self.kind.currentData() == "choice")
        self._check()

    @Slot()
    def _check(self) -> None:
        draft = self.drafted()
        wrong = problem(draft, self._others)
        self.save_button.setEnabled(not wrong)
        # What is still to be filled in is no mistake yet.
        unfinished = not draft.identifier or (draft.kind == "choice" and not draft.choices)
        self._tell("" if unfinished else wrong)

    def _tell(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))
        self.fit()

    @Slot()
    def _save(self) -> None:
        self.save_button.setEnabled(False)
        store, organization_id, draft = self._store, self._organization_id, self.drafted()
        change = store.update if self._changes else store.add

        def save(_progress: Progress) -> CustomAttribute:
            return change(organization_id, draft)

        self._jobs.run("", save, self._take, self._refused)

    def _take(self, attribute: CustomAttribute) -> None:
        self.accept()
        self._saved(attribute)

    def _refused(self, error: Exception) -> None:
        self.save_button.setEnabled(True)
        self._tell(str(error))


def _line(name: str, text: str, hint: str, longest: int) -> QLineEdit:
    made = QLineEdit(text)
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    made.setMaxLength(longest)
    return made
