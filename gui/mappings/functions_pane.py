"""All functions of Okta's expression language, to look up and to insert."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem

from gui.theme import Theme
from gui.widgets.boxes import column, row
from gui.widgets.buttons import push_button
from gui.widgets.labels import label, selectable
from gui.widgets.search_field import SearchField
from server.okta.expressions import FUNCTIONS, FunctionSpec
from server.okta.mapping.preview import value_text

WIDTH = 320


class FunctionsPane(QFrame):
    """A list, and below it what the chosen function does.

    Signals:
        insert_asked: with what is to be written into the expression.
    """

    insert_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setFixedWidth(WIDTH)
        self._specs = [spec for spec in FUNCTIONS.values() if spec.in_mappings]
        self.search = SearchField(theme, "Find a function", "Find a function")
        self.list = QListWidget()
        self.list.setAccessibleName("Functions")
        self.list.setFont(theme.fixed_font(0.92))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.signature = selectable(label("", "strong", wrap=True))
        self.signature.setFont(theme.fixed_font(0.95))
        self.help = selectable(label("", wrap=True))
        self.example = selectable(label("", "small", wrap=True))
        self.example.setFont(theme.fixed_font(0.88))
        self.insert_button = push_button(theme, "Insert", "plus", clicked=self._insert)
        self.list.setMinimumHeight(120)
        layout = column(
            self.search,
            self.list,
            self.signature,
            self.help,
            self.example,
            row(None, self.insert_button),
            spacing=2,
            margins=(3, 3, 3, 3),
        )
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.search.textChanged.connect(self._fill)
        self.list.currentRowChanged.connect(self._show)
        self.list.itemActivated.connect(self._insert)
        self._fill("")

    def chosen(self) -> FunctionSpec | None:
        """Return the function that is chosen in the list."""
        item = self.list.currentItem()
        return FUNCTIONS[item.data(Qt.ItemDataRole.UserRole)] if item else None

    def show_function(self, name: str) -> None:
        """Choose a function, whatever is searched for."""
        self.search.reset()
        self._fill("")
        for number in range(self.list.count()):
            if self.list.item(number).data(Qt.ItemDataRole.UserRole) == name:
                self.list.setCurrentRow(number)

    @Slot(str)
    def _fill(self, typed: str) -> None:
        words = typed.casefold().split()
        self.list.clear()
        for spec in sorted(self._specs, key=lambda spec: bool(spec.deprecated)):
            searched = f"{spec.name} {spec.help}".casefold()
            if all(word in searched for word in words):
                item = QListWidgetItem(spec.name)
                item.setData(Qt.ItemDataRole.UserRole, spec.name)
                self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._show()

    @Slot()
    def _show(self) -> None:
        spec = self.chosen()
        self.insert_button.setEnabled(spec is not None)
        self.signature.setText(spec.signature if spec else "No function has these words.")
        old = f"Use {spec.deprecated} instead. " if spec and spec.deprecated else ""
        self.help.setText(f"{old}{spec.help}" if spec else "")
        shown = f"{spec.example}\n= {value_text(spec.example_result)}" if spec else ""
        self.example.setText(shown)

    @Slot()
    def _insert(self) -> None:
        if spec := self.chosen():
            self.insert_asked.emit(f"{spec.name}(" if spec.parameters else f"{spec.name}()")
