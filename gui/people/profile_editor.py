"""Typing a value where it stands in the table, checked by Okta's lengths and types."""

from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QLineEdit, QStyleOptionViewItem, QTableView, QWidget

from gui.people.profile_model import COLUMNS, AttributeRow, attribute_cells, typed_value
from gui.theme import Theme
from gui.widgets.boxes import restyle
from gui.widgets.cells import CellDelegate
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.rows_model import RowsModel
from server.okta.people import ProfileAttribute, ValueRefused

FLAGS = (("true", True), ("false", False))


class ProfileModel(RowsModel[AttributeRow]):
    """The attributes of a person; their values can be edited."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, attribute_cells)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable


class ValueDelegate(CellDelegate):
    """Draws the cells, and puts an editor over a value.

    Signals:
        value_typed: another value was typed, with the number of the row and the value.
        problem_changed: what is typed just now does not fit, with a sentence, or fits again, "".
    """

    value_typed = Signal(int, object)
    problem_changed = Signal(str)

    def __init__(self, theme: Theme, table: QTableView, model: ProfileModel) -> None:
        super().__init__(theme, table)
        self._model = model
        self._look = theme

    def _finish(self, editor: QWidget, _number: int) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, self.EndEditHint.NoHint)

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        attribute = self._model.row(index.row()).attribute
        if attribute.type == "boolean":
            box = ChoiceBox(self._look, attribute.title)
            box.setParent(parent)
            for words, value in FLAGS:
                box.addItem(words, value)
            box.activated.connect(partial(self._finish, box))
            return box
        line = QLineEdit(parent)
        line.setProperty("kind", "cell")
        line.setAccessibleName(attribute.title)
        validator = _Validator(attribute, line)
        validator.told.connect(self.problem_changed)
        validator.told.connect(lambda text: restyle(line, tone="danger" if text else ""))
        line.setValidator(validator)
        return line

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        row = self._model.row(index.row())
        if isinstance(editor, ChoiceBox):
            editor.setCurrentIndex(editor.findData(row.value))
        elif isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(row.edited)
            editor.selectAll()

    def setModelData(
        self,
        editor: QWidget,
        model: QAbstractItemModel,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row = self._model.row(index.row())
        # To look at what was never set and leave it again is no change.
        value: Any = row.value
        if isinstance(editor, ChoiceBox) and editor.currentIndex() >= 0:
            value = editor.currentData()
        elif isinstance(editor, QLineEdit) and (editor.text() or row.value is not None):
            value = typed_value(editor.text(), row.attribute)
        if value != row.value or type(value) is not type(row.value):
            self.value_typed.emit(index.row(), value)

    def destroyEditor(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        self.problem_changed.emit("")
        super().destroyEditor(editor, index)


class _Validator(QValidator):
    """Keeps the editor open while what is typed does not fit the attribute."""

    told = Signal(str)

    def __init__(self, attribute: ProfileAttribute, parent: QObject) -> None:
        super().__init__(parent)
        self._attribute = attribute

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        try:
            typed_value(text, self._attribute)
        except ValueRefused as error:
            self.told.emit(str(error))
            return QValidator.State.Intermediate, text, place
        self.told.emit("")
        return QValidator.State.Acceptable, text, place
