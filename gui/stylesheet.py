"""The stylesheet, made from the colours of a theme.

Widgets say what they are by the dynamic property ``kind`` ("card", "primary", "title", ...) and,
where it matters, by ``tone`` ("success", "warning", "danger", "neutral", "accent"); the look of
each lives here alone.
"""

from typing import Protocol


class _Colors(Protocol):
    def __getitem__(self, name: str) -> str: ...

    def names(self) -> list[str]: ...


def stylesheet(colors: _Colors, points: float) -> str:
    """Return the stylesheet for these colours and this size of text in points."""
    sheet = _SHEET
    # Longest first, so that "border" does not eat the start of "border_strong".
    for name in sorted(colors.names(), key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", colors[name])
    for name, scale in _SIZES.items():
        sheet = sheet.replace(f"@{name}", f"{points * scale:.1f}pt")
    return sheet


_SIZES = {"size-small": 0.9, "size-heading": 1.15, "size-title": 1.55, "size-figure": 2.1}

_SHEET = """
QToolTip { background: @raised; color: @text; border: 1px solid @border_strong; padding: 4px 6px; }
QMainWindow, QDialog, QWidget[kind="page"] { background: @window; }
QWidget[kind="rail"] { background: @rail; border: none; border-right: 1px solid @border; }
QWidget[kind="top"] { background: @surface; border: none; border-bottom: 1px solid @border; }
QWidget[kind="status"] { background: @surface; border: none; border-top: 1px solid @border; }
QWidget[kind="plain"], QScrollArea[kind="plain"] { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[kind="plain"] { background: transparent; }

QLabel { background: transparent; }
QLabel[kind="title"] { font-size: @size-title; font-weight: 600; }
QLabel[kind="heading"] { font-size: @size-heading; font-weight: 600; }
QLabel[kind="strong"] { font-weight: 600; }
QLabel[kind="muted"] { color: @muted; }
QLabel[kind="small"] { color: @muted; font-size: @size-small; }
QLabel[kind="caption"] { color: @muted; font-size: @size-small; font-weight: 600; }
QLabel[kind="figure"] { font-size: @size-figure; font-weight: 600; }
QLabel[tone="danger"] { color: @danger; }
QLabel[tone="warning"] { color: @warning; }
QLabel[tone="success"] { color: @success; }

QTabBar { background: transparent; }
QTabBar::tab {
    background: transparent; color: @muted; border: none; border-bottom: 2px solid transparent;
    padding: 10px 10px 5px 10px; max-width: 260px;
}
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @accent; border-bottom: 2px solid @accent; }
QTabBar::tab:focus { color: @text; }

QFrame[kind="card"] { background: @surface; border: 1px solid @border; border-radius: 10px; }
QFrame[kind="divider"] { background: @border; border: none; max-height: 1px; min-height: 1px; }
QFrame[kind="note"] { border: none; border-radius: 8px; background: @sunken; }
QFrame[kind="note"][tone="accent"] { background: @accent_tint; }
QFrame[kind="note"][tone="success"] { background: @success_tint; }
QFrame[kind="note"][tone="warning"] { background: @warning_tint; }
QFrame[kind="note"][tone="danger"] { background: @danger_tint; }
QFrame[kind="field"] {
    background: @sunken; border: 1px solid @border; border-radius: 8px;
}
QDialog[kind="palette"] { background: @surface; border: 1px solid @border_strong; }
QFrame[kind="toast"] {
    background: @raised; border: 1px solid @border_strong; border-radius: 10px;
}
QFrame[kind="pill"] { background: @sunken; border: 1px solid @border; border-radius: 17px; }
QFrame[kind="pill"][tone="success"] { background: @success_tint; border-color: @success_tint; }
QFrame[kind="pill"][tone="warning"] { background: @warning_tint; border-color: @warning_tint; }
QFrame[kind="pill"][tone="danger"] { background: @danger_tint; border-color: @danger_tint; }

QLabel[kind="badge"] {
    border-radius: 8px; padding: 3px 9px; font-size: @size-small; font-weight: 600;
    background: @hover; color: @muted;
}
QLabel[kind="badge"][tone="success"] { background: @success_tint; color: @success; }
QLabel[kind="badge"][tone="warning"] { background: @warning_tint; color: @warning; }
QLabel[kind="badge"][tone="danger"] { background: @danger_tint; color: @danger; }
QLabel[kind="badge"][tone="accent"] { background: @accent_tint; color: @accent; }

QPushButton {
    background: @surface; color: @text; border: 1px solid @border_strong; border-radius: 7px;
    padding: 6px 14px; min-height: 20px;
}
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @border; }
QPushButton:focus { border: 1px solid @accent; }
QPushButton:disabled { color: @faint; border-color: @border; background: @sunken; }
QPushButton[kind="primary"] {
    background: @accent; color: @on_accent; border-color: @accent; font-weight: 600;
}
QPushButton[kind="primary"]:hover { background: @accent_hover; border-color: @accent_hover; }
QPushButton[kind="primary"]:focus { border: 1px solid @text; }
QPushButton[kind="primary"]:disabled {
    background: @hover; color: @faint; border-color: @border; font-weight: 600;
}
QPushButton[kind="danger"] {
    background: @danger; color: @on_accent; border-color: @danger; font-weight: 600;
}
QPushButton[kind="danger"]:hover { background: @danger_hover; border-color: @danger_hover; }
QPushButton[kind="danger"]:focus { border: 1px solid @text; }
QPushButton[kind="danger"]:disabled { background: @hover; color: @faint; border-color: @border; }
QPushButton[kind="link"] {
    background: transparent; border: 1px solid transparent; border-radius: 5px; color: @accent;
    padding: 2px 4px; text-align: left;
}
QPushButton[kind="link"]:checked { color: @text; font-weight: 600; }
QPushButton[kind="link"]:hover { color: @accent_hover; background: @hover; }
QPushButton[kind="link"]:focus { border: 1px solid @accent; }
QPushButton[kind="follow"] {
    background: @accent; color: @on_accent; border: none; border-radius: 16px;
    padding: 6px 16px; font-weight: 600;
}
QPushButton[kind="follow"]:hover { background: @accent_hover; }
QPushButton[kind="chip"] { border-radius: 15px; padding: 4px 12px; border-color: @border; }
QPushButton[kind="chip"]:checked {
    background: @accent_tint; color: @accent; border-color: @accent_tint;
}
QPushButton[kind="chip"]:focus { border-color: @accent; }
QFrame[kind="chip"] {
    background: @surface; border: 1px solid @border; border-radius: 15px;
}
QFrame[kind="chip"][active="true"] { background: @accent_tint; border-color: @accent_tint; }
QPushButton[kind="chip-inside"] {
    background: transparent; border: 1px solid transparent; border-radius: 12px;
    padding: 3px 4px 3px 11px;
}
QPushButton[kind="chip-inside"]:hover { background: transparent; color: @accent; }
QPushButton[kind="chip-inside"]:checked { color: @accent; }
QPushButton[kind="chip-inside"]:focus { border-color: @accent; }
QToolButton[kind="chip-cross"] { padding: 2px; border-radius: 10px; margin-right: 5px; }

QToolButton {
    background: transparent; border: 1px solid transparent; border-radius: 7px; padding: 5px;
}
QToolButton:hover { background: @hover; }
QToolButton:pressed, QToolButton:open { background: @border; }
QToolButton:focus { border: 1px solid @accent; }
QToolButton:checked { background: @accent_tint; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton[kind="framed"] {
    border: 1px solid @border; background: @surface; padding: 5px 10px;
}
QToolButton[kind="framed"]:hover { background: @hover; }
QToolButton[kind="framed"]:focus { border: 1px solid @accent; }
QToolButton[kind="place"] {
    text-align: left; padding: 8px 12px; border-radius: 8px; color: @muted;
}
QToolButton[kind="place"]:hover { background: @hover; color: @text; }
QToolButton[kind="place"]:checked { background: @accent_tint; color: @accent; font-weight: 600; }
QToolButton[kind="place"]:focus { border: 1px solid @accent; }

QLineEdit, QComboBox {
    background: @surface; color: @text; border: 1px solid @border_strong; border-radius: 7px;
    padding: 5px 10px; min-height: 22px;
    selection-background-color: @accent; selection-color: @on_accent;
}
QLineEdit:focus, QComboBox:focus { border: 1px solid @accent; }
QLineEdit:disabled, QComboBox:disabled { color: @faint; background: @sunken; }
QLineEdit[kind="search"] { padding: 5px 4px; border-radius: 16px; }
QLineEdit[kind="cell"] {
    border: 1px solid @accent; border-radius: 0; padding: 0 8px; min-height: 0;
}
QLineEdit[kind="cell"][tone="danger"] { border-color: @danger; }
QLineEdit[kind="secret"] { border: none; background: transparent; padding: 5px 4px; }
QLineEdit[kind="palette"] {
    border: none; border-bottom: 1px solid @border; border-radius: 0; padding: 10px 12px;
    font-size: @size-heading; background: transparent;
}
QLineEdit[kind="inner"] { border: none; background: transparent; padding: 0; min-height: 0; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox QAbstractItemView {
    background: @raised; border: 1px solid @border_strong; padding: 4px; outline: none;
    selection-background-color: @accent_tint; selection-color: @text;
}

QRadioButton { spacing: 8px; background: transparent; border: 1px solid transparent;
    border-radius: 6px; padding: 1px 5px 1px 1px; }
QRadioButton:focus { border-color: @accent; }
QRadioButton::indicator {
    width: 14px; height: 14px; border-radius: 8px; border: 1px solid @border_strong;
    background: @surface;
}
QRadioButton::indicator:checked { border: 5px solid @accent; background: @on_accent;
    width: 6px; height: 6px; }
QRadioButton::indicator:disabled { border-color: @border; background: @sunken; }

QMenu { background: @raised; border: 1px solid @border_strong; padding: 5px; }
QMenu::item { padding: 7px 26px 7px 10px; border-radius: 6px; color: @text; }
QMenu::item:selected { background: @accent_tint; }
QMenu::item:disabled { color: @faint; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: @border; margin: 5px 6px; }
QMenu::indicator { width: 16px; height: 16px; padding-left: 8px; }

QTableView, QListView {
    background: @surface; border: none; outline: none; color: @text;
    selection-background-color: @accent_tint; selection-color: @text;
}
QTableView[kind="card"] { border: 1px solid @border; border-radius: 10px; }
QHeaderView { background: @surface; border: none; }
QHeaderView::section {
    background: @surface; color: @muted; border: none; border-bottom: 1px solid @border;
    padding: 0 10px; font-size: @size-small; font-weight: 600;
}
QHeaderView::section:hover { color: @text; }
QTableCornerButton::section { background: @surface; border: none; }

QPlainTextEdit {
    background: @sunken; color: @text; border: 1px solid @border; border-radius: 8px; padding: 6px;
    selection-background-color: @accent; selection-color: @on_accent;
}
QPlainTextEdit:focus { border: 1px solid @accent; }
QPlainTextEdit[kind="bare"], QPlainTextEdit[kind="bare"]:focus {
    background: transparent; border: none; border-radius: 0; padding: 0;
}
QFrame[kind="input"] {
    background: @surface; border: 1px solid @border_strong; border-radius: 7px;
}
QFrame[kind="input"][tone="accent"] { border-color: @accent; }
QFrame[kind="input"][tone="danger"] { border-color: @danger; }
QFrame[kind="input"] QToolButton { padding: 3px; border-radius: 5px; }
QFrame[kind="popup"] { background: @raised; border: 1px solid @border_strong; }
QFrame[kind="popup"] QListView { background: transparent; }

QProgressBar {
    background: @border; border: none; border-radius: 3px; max-height: 6px; min-height: 6px;
}
QProgressBar::chunk { background: @accent; border-radius: 3px; }

QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: @border_strong; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @border_strong; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
"""
