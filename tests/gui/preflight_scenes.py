"""The pictures of the Preflight page."""

from collections.abc import Callable

from gui.main_window import MainWindow
from gui.preflight.page import PreflightPage
from server.okta.mapping.rows import MappingRow, ValueKind

Scene = tuple[str, Callable[[], None]]


class PreflightScenes:
    """Brings the page into all states that are worth a look."""

    def __init__(self, window: MainWindow, settle: Callable[[float], None]) -> None:
        self._window = window
        self._settle = settle

    def all(self) -> list[Scene]:
        return [
            ("preflight-empty", lambda: self._show() and None),
            ("preflight", lambda: self._run() and None),
            ("preflight-finding", self._choose),
            ("preflight-compared", self._compare),
            ("preflight-stale", self._change),
            ("preflight-errors", lambda: self._run().chips.chips["Error"].click()),
            ("preflight-passed", self._pass),
        ]

    def leave(self) -> None:
        """Take back what a scene changed."""
        if isinstance(page := self._window.page, PreflightPage):
            page.chips.all.click()
            page.close_finding()

    def _show(self) -> PreflightPage:
        self._window.show_page("preflight")
        self._settle(0.2)
        page = self._window.page
        assert isinstance(page, PreflightPage)
        return page

    def _run(self) -> PreflightPage:
        page = self._show()
        page.run()
        self._settle(0.2)
        return page

    def _choose(self) -> None:
        page = self._run()
        number = next(
            number
            for number, row in enumerate(page.model.rows)
            if row.difference.finding.variable and row.difference.people > 1
        )
        page.table.selectRow(number)
        self._settle(0.2)

    def _compare(self) -> None:
        page = self._change()
        page.run()
        self._settle(0.3)
        page.table.selectRow(0)
        self._settle(0.2)

    def _change(self) -> PreflightPage:
        """Map the title to something else, and take the mobile from somebody."""
        page = self._run()
        okta, organization = page.desk.services.okta(), self._window.session.organization
        assert organization is not None
        organization_id = organization.organization.id
        stored = okta.mappings.in_use(organization_id)
        if stored is None:
            default = okta.default_mappings(organization_id)
            stored = okta.mappings.create(organization_id, "Blink", default)
        row = stored.mappings.by_variable.get("locale")
        constant = MappingRow("locale", ValueKind.SAME, "en_GB")
        changed = stored.mappings
        changed = changed.unmapped("locale") if row == constant else changed.mapped(constant)
        okta.mappings.save(stored.id, changed.unmapped("mobilePhone"))
        return self._show()

    def _pass(self) -> None:
        page = self._show()
        okta, organization = page.desk.services.okta(), self._window.session.organization
        assert organization is not None
        organization_id = organization.organization.id
        people = okta.people.population(organization_id).people
        okta.people.delete(organization_id, [person.id for person in people[1:]])
        page.run()
        self._settle(0.3)
        okta.people.reset_to_samples(organization_id)
