"""What the dialogs for an attribute and for the username share."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.mappings.apply_on import ApplyOnButtons
from gui.mappings.expression_field import ExpressionField
from gui.mappings.functions_pane import WIDTH as FUNCTIONS_WIDTH
from gui.mappings.person_field import PersonField
from gui.mappings.row_preview import RowPreview
from gui.theme import SPACE
from gui.widgets.boxes import column, field, plain, row
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import label
from server.okta.mapping.evaluation import Problem
from server.okta.people import Person, Population

FIELDS_WIDTH = 560


class RowDialog(Dialog):
    """The value, its preview, when it applies, whose value is previewed; Save and Cancel."""

    def __init__(
        self, desk: Desk, parent: QWidget, heading: str, text: str, people: PersonField
    ) -> None:
        """``people`` is the field to choose whose value is previewed."""
        super().__init__(desk.theme, parent, heading, text)
        self.preview = RowPreview(desk.theme, desk.jobs, self)
        self.apply_on = ApplyOnButtons()
        self.person = people
        self.error = label("", tone="danger", wrap=True)
        self.error.hide()
        self.save_button = push_button(desk.theme, "Save", kind="primary", clicked=self._save)
        self.person.person_chosen.connect(self.preview.take_person)
        self.preview.settled.connect(self._settle)

    def lay_out(self, value: QWidget, apply_caption: str, expression: ExpressionField) -> None:
        """Put everything into its place; called once the value's own field is there."""
        self._expression = expression
        fields = plain(
            column(
                value,
                self.preview.box,
                field(label(apply_caption, "caption"), self.apply_on),
                field(label("Preview", "caption"), self.person),
                self.error,
                None,
                spacing=3,
            )
        )
        fields.setFixedWidth(FIELDS_WIDTH)
        self.add(plain(row(fields, expression.functions, spacing=4)))
        self.end_with(self.cancel_button(), self.save_button)
        expression.grown.connect(self.fit)

    def show_person(self, person: Person, population: Population) -> None:
        """Preview the value of a person of a population."""
        self.person.show_person(person)
        self.preview.take_person(person, population)

    def problem_of_draft(self) -> str:
        """Return why what is drafted cannot be saved, or ""."""
        raise NotImplementedError

    def save_draft(self) -> None:
        """Hand on what is drafted; the dialog has closed."""
        raise NotImplementedError

    def fit(self) -> None:
        width = FIELDS_WIDTH + 2 * SPACE[5]
        if self._expression.functions.isVisibleTo(self):
            width += FUNCTIONS_WIDTH + SPACE[4]
        self.setMinimumWidth(width)
        self.resize(width, self.height())
        super().fit()

    def _settle(self, problem: Problem | None) -> None:
        self._expression.mark(problem)
        if self.isVisible():
            self.fit()

    @Slot()
    def _save(self) -> None:
        wrong = self.problem_of_draft()
        self.error.setText(wrong)
        self.error.setVisible(bool(wrong))
        if wrong:
            self.fit()
            return
        self.accept()
        self.save_draft()
