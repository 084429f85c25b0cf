"""What the program can say of a call and why: the help of every rule of the diagnosis."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QWidget

from gui.live_log.explanation_view import TONES
from gui.theme import Theme
from gui.widgets.boxes import column, frame, plain, row, scrolled
from gui.widgets.buttons import push_button
from gui.widgets.dialog import Dialog
from gui.widgets.labels import TONE_ICONS, icon_label, label, selectable
from gui.widgets.search_field import SearchField
from server.calls.diagnosis import RULES, Rule, Severity

HEADINGS = {
    Severity.ERROR: "Why a call failed",
    Severity.WARNING: "Accepted, but hardly what was wanted",
    Severity.NOTE: "Good to know",
}


class DiagnosisHelp(Dialog):
    """Lists the rules by how bad their cases are; opened from a finding, it shows its rule."""

    def __init__(self, theme: Theme, parent: QWidget, rule_id: str = "") -> None:
        super().__init__(
            theme,
            parent,
            "What can be wrong with a call",
            "Each of these is looked for when a call is opened in the live log.",
        )
        self.setMinimumWidth(760)
        self.search = SearchField(theme, "Search the help", "Search, such as  mobile  or  token")
        self.search.search_changed.connect(self._narrow)
        self._headings = {severity: label(words, "caption") for severity, words in HEADINGS.items()}
        self._views = {rule.id: _rule_view(theme, rule, rule.id == rule_id) for rule in RULES}
        self.nothing = label("Nothing in the help has these words.", "muted")
        self.nothing.hide()
        inside = column(self.nothing, spacing=2, margins=(0, 0, 3, 0))
        for severity, heading in self._headings.items():
            inside.addWidget(heading)
            for rule in RULES:
                if rule.severity is severity:
                    inside.addWidget(self._views[rule.id])
        inside.addStretch(1)
        self._area = scrolled(plain(inside))
        self._area.setMinimumHeight(460)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName("Rules")
        self.add(self.search, self._area)
        self.end_with(push_button(theme, "Close", kind="primary", clicked=self.accept))
        self.chosen = self._views.get(rule_id)
        if self.chosen:
            self._area.setFocus()
            # Before it is shown nothing has its place.
            QTimer.singleShot(0, self, self._show_chosen)

    @property
    def shown(self) -> list[str]:
        """The ids of the rules that the search leaves."""
        return [rule_id for rule_id, view in self._views.items() if not view.isHidden()]

    @Slot(str)
    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        for rule in RULES:
            said = f"{rule.id} {rule.title} {rule.help}".casefold()
            self._views[rule.id].setVisible(all(word in said for word in words))
        for severity, heading in self._headings.items():
            rules = (rule for rule in RULES if rule.severity is severity)
            heading.setVisible(any(not self._views[rule.id].isHidden() for rule in rules))
        self.nothing.setVisible(not self.shown)

    @Slot()
    def _show_chosen(self) -> None:
        if self.chosen:
            bar = self._area.verticalScrollBar()
            bar.setValue(self.chosen.y() - 8)


def _rule_view(theme: Theme, rule: Rule, chosen: bool) -> QFrame:
    tone = TONES[rule.severity]
    icon = icon_label(theme, TONE_ICONS[tone], tone)
    text = column(
        selectable(label(rule.title, "strong", wrap=True)),
        selectable(label(rule.help, wrap=True)),
        selectable(label(rule.id, "small")),
        spacing=1,
    )
    inner = row(icon, text, spacing=2, margins=(2, 2, 2, 2))
    inner.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
    view = frame("note" if chosen else "plain", inner, tone)
    view.setAccessibleName(rule.title)
    return view
