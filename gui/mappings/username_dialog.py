"""The format of usernames, which Okta keeps on its tab "Sign On"."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.mappings.expression_field import ExpressionField
from gui.mappings.history import History
from gui.mappings.person_field import PersonField
from gui.mappings.row_dialog import RowDialog
from gui.widgets.boxes import field
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.labels import label
from server.okta.mapping.app_profile import USER_NAME
from server.okta.mapping.evaluation import CompiledRow, compile_row, username_row
from server.okta.mapping.rows import MappingSet, UsernameFormat, UsernameKind
from server.okta.people import ProfileSchema


class UsernameDialog(RowDialog):
    """Chooses the application username format; ``saved`` is called with it."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        mappings: MappingSet,
        schema: ProfileSchema,
        people: PersonField,
        history: History,
        saved: Callable[[UsernameFormat], None],
    ) -> None:
        super().__init__(
            desk,
            parent,
            "Blink - Username",
            "In Okta this stands on the tab Sign On, under Credentials Details.",
            people,
        )
        self._mappings = mappings
        self._schema = schema
        self._saved = saved
        self._compiled: CompiledRow | None = None
        self.format = ChoiceBox(desk.theme, "Application username format")
        self.format.setMaxVisibleItems(len(UsernameKind))
        for kind in UsernameKind:
            self.format.addItem(kind.value, kind)
        self.expression = ExpressionField(desk.theme, schema, history)
        caption = label("Application username format", "caption")
        value = field(caption, self.format, self.expression)
        self.lay_out(value, "Update application username on", self.expression)
        self.format.setCurrentIndex(self.format.findData(mappings.username.kind))
        self.expression.set_text(mappings.username.expression)
        self.apply_on.choose(mappings.username.apply_on)
        self.format.currentIndexChanged.connect(self._show_format)
        self.expression.changed.connect(self._check)
        self._show_format()

    def drafted(self) -> UsernameFormat:
        """Return the format as the fields have it now."""
        kind: UsernameKind = self.format.currentData()
        expression = self.expression.text() if kind is UsernameKind.CUSTOM else ""
        return UsernameFormat(kind, expression, self.apply_on.chosen())

    def problem_of_draft(self) -> str:
        draft = self.drafted()
        if draft.kind is UsernameKind.CUSTOM and not draft.expression.strip():
            return "Write an expression, or choose another format."
        if self._compiled and self._compiled.problem:
            return "Okta does not save this: correct what is marked in red first."
        return ""

    def save_draft(self) -> None:
        draft = self.drafted()
        if draft.expression:
            self.expression.remember()
        self._saved(draft)

    @Slot()
    def _show_format(self) -> None:
        self.expression.show_all(self.format.currentData() is UsernameKind.CUSTOM)
        self._check()
        self.fit()

    @Slot()
    def _check(self) -> None:
        """Compile what is drafted, and show its value."""
        self.error.hide()
        row = username_row(replace(self._mappings, username=self.drafted()))
        attribute = self._mappings.attribute(USER_NAME)
        self._compiled = None
        if row is None or attribute is None:
            self.preview.show_blank("Without a username Okta can provision nobody.")
        elif not row.text.strip():
            self.preview.show_blank("Write an expression.")
        else:
            self._compiled = compile_row(attribute, row, self._schema.names)
            self.preview.show_row(self._compiled)
