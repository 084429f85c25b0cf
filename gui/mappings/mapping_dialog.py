"""Okta's dialog for one attribute: the value, when it applies, and a preview."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.mappings.history import History
from gui.mappings.person_field import PersonField
from gui.mappings.row_dialog import RowDialog
from gui.mappings.value_fields import ValueFields
from gui.widgets.boxes import field
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.labels import label
from server.okta.mapping.app_profile import AppAttribute
from server.okta.mapping.evaluation import CompiledRow, compile_row
from server.okta.mapping.rows import ApplyOn, MappingRow, MappingSet, ValueKind
from server.okta.people import ProfileSchema


class MappingDialog(RowDialog):
    """Edits the mapping of one attribute; ``saved`` is called with the row."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        mappings: MappingSet,
        attribute: AppAttribute,
        schema: ProfileSchema,
        people: PersonField,
        history: History,
        saved: Callable[[MappingRow], None],
    ) -> None:
        title = f"Blink - {attribute.title}"
        super().__init__(desk, parent, title, attribute.description, people)
        self._mappings = mappings
        self._attribute = attribute
        self._schema = schema
        self._saved = saved
        self._compiled: CompiledRow | None = None
        self.kind = ChoiceBox(desk.theme, "Attribute value")
        for kind in ValueKind:
            self.kind.addItem(kind.value, kind)
        self.values = ValueFields(desk.theme, attribute, schema, history)
        value = field(label("Attribute value", "caption"), self.kind, self.values)
        self.lay_out(value, "Apply on", self.values.expression)
        self._fill()
        self.kind.currentIndexChanged.connect(self._show_kind)
        self.values.changed.connect(self._check)
        self._show_kind()

    def drafted(self) -> MappingRow:
        """Return the row as the fields have it now."""
        kind: ValueKind = self.kind.currentData()
        text = self.values.text(kind)
        return MappingRow(self._attribute.variable, kind, text, self.apply_on.chosen())

    def problem_of_draft(self) -> str:
        kind: ValueKind = self.kind.currentData()
        if self._compiled is None:
            self.values.focus(kind)
            return f"{_NOTHING_YET[kind]} To leave the attribute out, unmap it."
        if self._compiled.problem:
            self.values.focus(kind)
            return "Okta does not save this: correct what is marked in red first."
        return ""

    def save_draft(self) -> None:
        draft = self.drafted()
        if draft.kind is ValueKind.EXPRESSION:
            self.values.expression.remember()
        self._saved(draft)

    def _fill(self) -> None:
        row = self._mappings.by_variable.get(self._attribute.variable)
        kind = row.kind if row else ValueKind.PROFILE
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.values.fill(kind, row.text if row else "")
        self.apply_on.choose(row.apply_on if row else ApplyOn.CREATE_AND_UPDATE)

    @Slot()
    def _show_kind(self) -> None:
        self.values.show_kind(self.kind.currentData())
        self._check()
        self.fit()

    @Slot()
    def _check(self) -> None:
        """Compile what is drafted, and show its value."""
        draft = self.drafted()
        self.error.hide()
        if not draft.text.strip():
            self._compiled = None
            self.preview.show_blank(_NOTHING_YET[draft.kind])
            return
        self._compiled = compile_row(
            self._attribute,
            draft,
            self._schema.names,
            numbers_as_text=self._mappings.numbers_as_text,
        )
        self.preview.show_row(self._compiled)


_NOTHING_YET = {
    ValueKind.SAME: "Enter the value that all users get.",
    ValueKind.PROFILE: "Select an attribute of the Okta profile.",
    ValueKind.EXPRESSION: "Write an expression.",
}
