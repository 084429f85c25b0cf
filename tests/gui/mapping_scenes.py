"""The pictures of the Mappings page."""

from collections.abc import Callable

from gui.main_window import MainWindow
from gui.mappings.mapping_dialog import MappingDialog
from gui.mappings.page import MappingsPage
from server.okta.mapping.app_profile import AppAttribute
from server.okta.mapping.rows import MappingRow, ValueKind

Scene = tuple[str, Callable[[], None]]


class MappingScenes:
    """Brings the page and its dialogs into all states that are worth a look."""

    def __init__(self, window: MainWindow, settle: Callable[[], None]) -> None:
        self._window = window
        self._settle = settle

    def all(self) -> list[Scene]:
        return [
            ("mappings", self.show),
            ("mappings-unmapped", lambda: self._run_on_mappings("unmapped")),
            ("mappings-update", lambda: self._show_outcome(1)),
            ("mappings-difference", lambda: self._show_outcome(2)),
            ("mappings-warnings", self._show_mapping_warnings),
            ("mappings-grid", lambda: self._run_on_mappings("grid")),
            ("mapping-attribute", lambda: self._edit_mapping("givenName")),
            ("mapping-constant", lambda: self._edit_mapping("company", "Same value for all users")),
            ("mapping-expression", lambda: self._edit_mapping("locale")),
            ("mapping-error", self._write_wrong_mapping),
            ("mapping-functions", self._show_functions),
            ("mapping-username", lambda: self._run_on_mappings("username")),
            ("mapping-unmap", lambda: self.show().editing.unmap(self._attribute())),
            ("mapping-duplicate", lambda: self._run_on_mappings("duplicate")),
        ]

    def leave(self) -> None:
        """Take back what a scene changed."""
        page = self._window.page
        if isinstance(page, MappingsPage) and page.work.stored and page.work.stored.undoes:
            page.work.undo()

    def show(self) -> MappingsPage:
        self._window.show_page("mappings")
        self._settle()
        page = self._window.page
        assert isinstance(page, MappingsPage)
        page.grid_button.setChecked(False)
        page.unmapped_button.setChecked(False)
        page.warnings.button.setChecked(False)
        page.outcome.tabs.choose(0)
        self._settle()
        page.table.selectRow(1)
        return page

    def _run_on_mappings(self, command: str) -> None:
        self.show()
        self._window.show_page("mappings", command)

    def _show_outcome(self, part: int) -> None:
        self.show().outcome.tabs.choose(part)

    def _attribute(self) -> AppAttribute:
        return self.show().model.row(3).attribute

    def _show_mapping_warnings(self) -> None:
        page = self.show()
        mappings = page.work.mappings
        for variable, kind, text in (
            ("managerValue", ValueKind.PROFILE, "manager"),
            ("locale", ValueKind.PROFILE, "locale"),
            ("title", ValueKind.EXPRESSION, "user.jobTitle"),
        ):
            mappings = mappings.mapped(MappingRow(variable, kind, text))
        page.work.put(mappings, "Changed three")
        self._settle()
        page.warnings.button.setChecked(True)

    def _edit_mapping(self, variable: str, kind: str = "") -> MappingDialog:
        page = self.show()
        attribute = page.work.mappings.attribute(variable)
        assert attribute is not None
        page.editing.edit(attribute)
        self._settle()
        dialog = next(d for d in self._window.findChildren(MappingDialog) if d.isVisible())
        if kind:
            dialog.kind.setCurrentText(kind)
            dialog.values.fill(ValueKind.SAME, "Northwind Health")
        self._settle()
        return dialog

    def _write_wrong_mapping(self) -> None:
        dialog = self._edit_mapping("locale")
        wrong = 'String.replace(user.local, "_", "-")'
        dialog.values.fill(ValueKind.EXPRESSION, wrong)

    def _show_functions(self) -> None:
        dialog = self._edit_mapping("locale")
        dialog.values.expression.functions_button.click()
