"""The tokens of the chosen organization."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QMenu, QStackedWidget

from gui.desk import Desk, Page
from gui.jobs import Progress
from gui.settings import TOKEN_COLUMNS
from gui.times import ago_words, date_words
from gui.tokens.dialogs import GenerateDialog, IssuedDialog, RotateDialog
from gui.widgets.boxes import column
from gui.widgets.buttons import push_button
from gui.widgets.cells import Cell
from gui.widgets.dialog import ConfirmDialog
from gui.widgets.empty_state import EmptyState
from gui.widgets.header import PageHeader
from gui.widgets.rows_model import RowsModel
from gui.widgets.table import Column, Table, in_card
from storage.tokens import IssuedToken, TokenRecord

COLUMNS = (
    Column("label", "Label", 180, stretch=True),
    Column("token", "Token", 170, priority=4, hint="The beginning and the last four characters"),
    Column("state", "State", 160),
    Column("created", "Created", 120, priority=3),
    Column("expires", "Expires", 190, priority=1),
    Column("used", "Last used", 130, priority=2),
    Column("from", "From", 130, priority=5, hint="The address of the last call with this token"),
)

STATES = {
    "active": ("Active", "success", "check-circle"),
    "expires soon": ("Expires soon", "warning", "alert"),
    "never used": ("Never used", "accent", "info"),
    "expired": ("Expired", "danger", "x-circle"),
    "revoked": ("Revoked", "neutral", "ban"),
}
"""Words, tone and icon of each state that ``TokenRecord.state`` gives."""


def token_cells(token: TokenRecord, now: datetime) -> Sequence[Cell]:
    """Return a token as a row of the table."""
    state = token.state(now)
    words, tone, icon = STATES[state]
    color = "muted" if tone == "neutral" else tone
    over = state in ("expired", "revoked")
    expires = f"{date_words(token.expires)}, {ago_words(token.expires, now)}"
    return (
        Cell(token.label, color="muted" if over else "text", strong=not over),
        Cell(f"blinkscim_…{token.last_four}", color="muted", fixed=True),
        Cell(words, icon=icon, icon_color=color, badge=tone),
        Cell(date_words(token.created), color="muted"),
        Cell(
            expires if token.expires else "Never",
            color="warning" if state == "expires soon" else "muted",
        ),
        Cell(ago_words(token.last_used, now).capitalize(), color="muted"),
        Cell(token.last_used_from or "–", color="muted", fixed=bool(token.last_used_from)),
    )


class TokensPage(Page):
    """Lists, generates, rotates and revokes tokens."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        theme = desk.theme
        self._loading_for: int | None = None
        self.rotate_button = push_button(theme, "Rotate…", "rotate", clicked=self._rotate)
        self.revoke_button = push_button(theme, "Revoke…", "ban", clicked=self._revoke)
        self.generate_button = push_button(
            theme, "Generate token", "plus", "primary", desk.actions["tokens.generate"].trigger
        )
        self.generate_button.setToolTip(desk.actions["tokens.generate"].toolTip())
        self.header = PageHeader(
            "Tokens", "", self.rotate_button, self.revoke_button, self.generate_button
        )
        self.model: RowsModel[TokenRecord] = RowsModel(COLUMNS, self._cells)
        self.table = Table(theme, "Tokens", COLUMNS)
        self.table.setModel(self.model)
        self.table.arrange(desk.settings.get(TOKEN_COLUMNS))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._offer)
        self.table.selectionModel().selectionChanged.connect(self._update_buttons)
        self.empty = EmptyState(
            theme,
            "tokens",
            "No token yet",
            "Okta needs a token to talk to this organization. Generate one and paste it into Okta.",
            push_button(
                theme, "Generate token", "plus", "primary", desk.actions["tokens.generate"].trigger
            ),
        )
        self.no_organization = EmptyState(
            theme,
            "organization",
            "No organization yet",
            "An organization is one customer of Blink. Its tokens and users belong to it alone.",
            push_button(
                theme,
                "New organization",
                "plus",
                "primary",
                desk.actions["organization.new"].trigger,
            ),
        )
        self.stack = QStackedWidget()
        for part in (in_card(self.table), self.empty, self.no_organization):
            self.stack.addWidget(part)
        self.setLayout(column(self.header, self.stack, spacing=4, margins=(5, 5, 5, 5)))
        self.home = self.table
        desk.session.organization_changed.connect(self.reload)
        desk.session.organizations_changed.connect(self._name_organization)
        self._name_organization()
        self._update_buttons()

    def open(self, target: object) -> None:
        self.reload()
        if target == "generate":
            self._generate()

    def remember(self) -> None:
        self.desk.settings.set(TOKEN_COLUMNS, self.table.layout_state())

    @property
    def chosen(self) -> TokenRecord | None:
        """Return the token of the selected row."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.row(rows[0].row()) if rows else None

    @Slot()
    def reload(self) -> None:
        """Read the tokens again."""
        self._name_organization()
        summary = self.desk.session.organization
        if summary is None:
            self.model.set_rows([])
            self._show_part()
            return
        tokens, organization_id = self.desk.services.tokens, summary.organization.id
        self._loading_for = organization_id

        def read(_progress: Progress) -> tuple[int, list[TokenRecord]]:
            return organization_id, tokens.all(organization_id)

        self.desk.jobs.run("", read, self._take)

    def _take(self, read: tuple[int, list[TokenRecord]]) -> None:
        organization_id, tokens = read
        if organization_id != self._loading_for:
            return
        chosen = self.chosen
        self.model.set_rows(tokens)
        for number, token in enumerate(tokens):
            if chosen and token.id == chosen.id:
                self.table.selectRow(number)
        self._show_part()

    def _show_part(self) -> None:
        part = self.table if self.model.rows else self.empty
        if self.desk.session.organization is None:
            self.stack.setCurrentWidget(self.no_organization)
        else:
            self.stack.setCurrentWidget(part)
        self._update_buttons()

    @Slot()
    def _name_organization(self) -> None:
        summary = self.desk.session.organization
        name = f" for {summary.organization.name}" if summary else ""
        self.header.words.setText(f"Who may call Blink{name}")

    @Slot()
    def _update_buttons(self) -> None:
        chosen = self.chosen
        listed = bool(self.model.rows)
        live = chosen is not None and not chosen.revoked
        for button in (self.rotate_button, self.revoke_button):
            button.setVisible(listed)
            button.setEnabled(live)
            button.setToolTip("" if live else "Choose a token that is not revoked")
        self.generate_button.setVisible(listed)

    def _cells(self, token: TokenRecord) -> Sequence[Cell]:
        return token_cells(token, self.desk.now())

    def _generate(self) -> None:
        summary = self.desk.session.organization
        if summary:
            GenerateDialog(
                self.desk, self.window(), summary.organization.id, self._show_issued
            ).open()

    @Slot()
    def _rotate(self) -> None:
        if chosen := self.chosen:
            RotateDialog(self.desk, self.window(), chosen, self._show_issued).open()

    @Slot()
    def _revoke(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        ConfirmDialog(
            self.desk.theme,
            self.window(),
            f"Revoke “{chosen.label}”?",
            f"Every further call with the token that ends in {chosen.last_four} gets 401. "
            "This cannot be taken back.",
            "Revoke token",
            partial(self._revoke_now, chosen.id),
        ).open()

    def _revoke_now(self, token_id: int) -> None:
        tokens = self.desk.services.tokens

        def revoke(_progress: Progress) -> None:
            tokens.revoke(token_id)

        self.desk.jobs.run("", revoke, self._revoked)

    def _revoked(self, _nothing: None) -> None:
        self.desk.toasts.show("The token is revoked.")
        self._changed()

    def _show_issued(self, issued: IssuedToken) -> None:
        IssuedDialog(self.desk, self.window(), issued).open()
        self._changed()

    def _changed(self) -> None:
        self.reload()
        self.desk.session.reload()

    @Slot(QPoint)
    def _offer(self, place: QPoint) -> None:
        chosen = self.chosen
        if chosen is None or chosen.revoked:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rotate = menu.addAction("Rotate…", self._rotate)
        revoke = menu.addAction("Revoke…", self._revoke)
        self.desk.theme.icons.put(rotate, "rotate", "muted")
        self.desk.theme.icons.put(revoke, "ban", "danger")
        menu.popup(self.table.viewport().mapToGlobal(place))
