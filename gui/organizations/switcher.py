"""The organization switcher at the top of the window."""

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from gui.session import Session
from gui.theme import Theme


class OrganizationSwitcher(QToolButton):
    """Shows the chosen organization; its menu chooses another or changes it."""

    def __init__(self, theme: Theme, session: Session, actions: list[QAction]) -> None:
        """``actions`` stand below the organizations: new, settings, delete."""
        super().__init__()
        self._theme = theme
        self._session = session
        self._actions = actions
        self._menu = QMenu(self)
        self._menu.setAccessibleName("Organizations")
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setProperty("kind", "framed")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("The customer whose data is shown")
        self.setMaximumWidth(280)
        theme.icons.put(self, "organization", "accent")
        session.organizations_changed.connect(self._show)
        session.organization_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        chosen = self._session.organization
        name = chosen.organization.name if chosen else "No organization"
        shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, 200)
        self.setText(f" {shown}  ▾")
        self.setAccessibleName(f"Organization: {name}")

    @Slot()
    def _fill(self) -> None:
        self._menu.clear()
        chosen = self._session.organization
        for summary in self._session.organizations:
            organization = summary.organization
            # A single ampersand would become a mnemonic.
            action = self._menu.addAction(organization.name.replace("&", "&&"))
            here = chosen is not None and chosen.organization.id == organization.id
            icon, color = ("check", "accent") if here else ("organization", "faint")
            self._theme.icons.put(action, icon, color)
            action.triggered.connect(partial(self._session.choose, organization.id))
        if self._session.organizations:
            self._menu.addSeparator()
        self._menu.addActions(self._actions)
