"""The result of a preflight in figures: by what Blink would do with the people."""

from PySide6.QtWidgets import QFrame, QLabel

from gui.theme import Theme
from gui.widgets.boxes import clear, column, frame, plain, row
from gui.widgets.labels import label, note
from server.okta.mapping.findings import Report

OUTCOMES = (
    ("created", "would be created"),
    ("linked", "would be linked"),
    ("updated", "would be updated"),
    ("unchanged", "are there already"),
    ("refused", "would be refused"),
    ("not sent", "would not be sent"),
)
"""The outcomes of a report with their words, and always the first and the refused ones."""

_ALWAYS = ("created", "refused")


class Summary(QFrame):
    """A sentence on its ground, and figures below it.

    The figures take each person alone; that two of them are in each other's way is in the sentence.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self._theme = theme
        self._verdict = column(spacing=0)
        self._figures = row(spacing=5)
        self.figures: dict[str, QLabel] = {}
        layout = column(spacing=2)
        layout.addLayout(self._verdict)
        by_one = label("Each by themselves, with Blink as it is now", "small")
        card = row(spacing=3, margins=(4, 2, 4, 2))
        card.addLayout(self._figures)
        card.addStretch(1)
        card.addWidget(by_one)
        layout.addWidget(frame("card", card))
        self.setLayout(layout)

    def show_report(self, report: Report) -> None:
        """Show what came of a run."""
        clear(self._verdict)
        clear(self._figures)
        self.figures.clear()
        tone = "success" if report.passed else "danger"
        self._verdict.addWidget(
            note(self._theme, tone, label(verdict(report), "strong", wrap=True))
        )
        for outcome, words in OUTCOMES:
            number = report.outcomes.get(outcome, 0)
            if not number and outcome not in _ALWAYS:
                continue
            figure = label(f"{number:,}", "heading")
            figure.setAccessibleName(f"{number:,} {words}")
            self.figures[outcome] = figure
            self._figures.addWidget(plain(column(figure, label(words, "small"), spacing=0)))


def verdict(report: Report) -> str:
    """Return in one sentence what a run says."""
    people = "1 person" if report.people == 1 else f"{report.people:,} people"
    if report.passed:
        return f"{people} checked: nobody would be refused."
    return (
        f"{report.failing:,} of {people} would be refused, or would run into somebody else's "
        "account."
    )
