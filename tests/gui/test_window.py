from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.actions import Actions, ActionSpec
from gui.application import theme_choice
from gui.command_palette import CommandPalette, Entry, ranked
from gui.commands import COMMANDS
from gui.icons import Icons
from gui.live_log.page import LiveLogPage
from gui.pages import PAGES
from gui.settings import LOG_HIDDEN_COLUMNS, PAGE, SETTINGS, THEME, Settings
from gui.shortcut_sheet import ShortcutSheet
from gui.theme import DARK, LIGHT, Theme, ThemeChoice
from gui.tokens.dialogs import GenerateDialog, IssuedDialog
from gui.widgets.table import Column, fitting
from storage.errors import NotOurDatabase
from tests.gui.accessibility import unnamed
from tests.gui.factories import call
from tests.gui.stage import Stage


@pytest.mark.parametrize("page", [page.key for page in PAGES])
def test_every_control_of_a_page_has_an_accessible_name(stage: Stage, page: str) -> None:
    stage.record(call(1), call(2, status=409))
    stage.window.show_page(page)
    stage.settle()
    if isinstance(log_page := stage.window.page, LiveLogPage):
        log = log_page.live
        stage.until(lambda: log.model.rowCount() == 2)
        log.table.selectRow(0)
        stage.until(lambda: not log.detail.isHidden())
    assert unnamed(stage.window) == []


@pytest.mark.parametrize(
    "key",
    [
        "organization.new",
        "organization.settings",
        "organization.delete",
        "server.port",
        "tokens.generate",
        "log.clear",
        "help.palette",
        "help.shortcuts",
    ],
)
def test_every_control_of_a_dialog_has_an_accessible_name(stage: Stage, key: str) -> None:
    stage.window.actions_registry[key].trigger()
    stage.until(lambda: bool(stage.dialogs()))
    for dialog in stage.dialogs():
        assert dialog.accessibleName() or dialog.windowTitle()
        assert unnamed(dialog) == []


def test_shortcuts_are_unique_and_every_action_has_menu_hint_and_icon(stage: Stage) -> None:
    specs = stage.window.actions_registry.specs()
    shortcuts = [QKeySequence(spec.shortcut).toString() for spec in specs if spec.shortcut]
    assert len(shortcuts) == len(set(shortcuts))
    for spec in specs:
        assert spec.menu
        assert spec.hint
        assert not stage.window.actions_registry[spec.key].icon().isNull()


def test_taken_shortcut_is_refused(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    icons = Icons()
    icons.use(LIGHT)
    actions = Actions(window, icons)
    actions.add(ActionSpec("one", "One", "Menu", "plus", "First", "Ctrl+N"), lambda: None)
    with pytest.raises(ValueError, match="taken"):
        actions.add(ActionSpec("two", "Two", "Menu", "plus", "Second", "Ctrl+N"), lambda: None)


@pytest.mark.parametrize("number", range(1, len(PAGES) + 1))
def test_control_and_number_opens_a_page(stage: Stage, number: int) -> None:
    with stage.qtbot.waitActive(stage.window):
        stage.window.activateWindow()
    stage.qtbot.keyClick(
        stage.window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier
    )
    assert stage.window.windowTitle().startswith(PAGES[number - 1].title)


def test_palette_runs_what_is_typed(stage: Stage) -> None:
    stage.window.actions_registry["help.palette"].trigger()
    palette = stage.dialog(CommandPalette)
    stage.qtbot.keyClicks(palette.line, "generate tok")
    stage.qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert stage.dialog(GenerateDialog).isVisible()


def test_palette_moves_with_the_arrow_keys_and_says_when_nothing_matches(stage: Stage) -> None:
    stage.window.actions_registry["help.palette"].trigger()
    palette = stage.dialog(CommandPalette)
    stage.qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.list.currentRow() == 1
    stage.qtbot.keyClicks(palette.line, "zzzz")
    assert palette.list.isHidden()
    assert not palette.nothing.isHidden()


def test_palette_switches_the_organization(stage: Stage) -> None:
    stage.add_organization("Other")
    stage.window.actions_registry["help.palette"].trigger()
    palette = stage.dialog(CommandPalette)
    stage.qtbot.keyClicks(palette.line, "switch to acme")
    stage.qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert stage.organization_name == "Acme"


def entry(text: str, place: str = "Menu") -> Entry:
    return Entry(text, place, "plus", "", lambda: None)


def test_ranking_prefers_beginnings_to_middles_and_scattered_letters() -> None:
    entries = [entry("Reopen"), entry("Copy pen"), entry("Pending"), entry("Help centre")]
    assert [e.text for e in ranked(entries, "pen")] == [
        "Pending",
        "Copy pen",
        "Reopen",
        "Help centre",
    ]
    assert ranked(entries, "pen xyz") == []
    assert ranked(entries, "") == entries


def test_shortcut_sheet_lists_every_shortcut(stage: Stage) -> None:
    stage.window.actions_registry["help.shortcuts"].trigger()
    sheet = stage.dialog(ShortcutSheet)
    words = {label.text() for label in sheet.findChildren(type(stage.window.status.text))}
    for spec in stage.window.actions_registry.specs():
        if spec.shortcut:
            assert spec.text.rstrip("…") in words


def test_every_command_belongs_to_a_page() -> None:
    pages = {page.key for page in PAGES}
    assert {command.page for command in COMMANDS} <= pages


def test_theme_changes_palette_stylesheet_and_icons(stage: Stage) -> None:
    before = stage.window.menu_button.icon().pixmap(18, 18).toImage()
    stage.window.actions_registry["theme.toggle"].trigger()
    assert stage.theme.dark
    assert QApplication.palette().window().color().name() == DARK.window
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    assert DARK.surface in application.styleSheet()
    assert stage.window.menu_button.icon().pixmap(18, 18).toImage() != before
    assert theme_choice(stage.settings) is ThemeChoice.DARK
    stage.window.actions_registry["theme.toggle"].trigger()
    assert QApplication.palette().window().color().name() == LIGHT.window


@pytest.mark.parametrize(
    ("scheme", "dark"),
    [
        (Qt.ColorScheme.Dark, True),
        (Qt.ColorScheme.Light, False),
        (Qt.ColorScheme.Unknown, False),
    ],
)
def test_system_look_is_followed(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, scheme: Qt.ColorScheme, dark: bool
) -> None:
    theme = Theme(qapp, ThemeChoice.SYSTEM)
    hints = type(qapp.styleHints())
    monkeypatch.setattr(hints, "colorScheme", lambda self: scheme)
    qapp.styleHints().colorSchemeChanged.emit(scheme)
    assert theme.dark is dark
    theme.choose(ThemeChoice.LIGHT)
    assert not theme.dark


def test_text_of_both_looks_has_contrast_enough_to_read() -> None:
    for colors in (LIGHT, DARK):
        for text in ("text", "muted", "accent", "success", "warning", "danger"):
            assert contrast(colors[text], colors.surface) >= 4.5, text
        for tone in ("success", "warning", "danger", "accent"):
            assert contrast(colors[tone], colors[f"{tone}_tint"]) >= 4.5, tone
        assert contrast(colors.on_accent, colors.accent) >= 4.5


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_page_size_and_columns_are_remembered(stage: Stage) -> None:
    page = stage.log()
    page.table.hidden.add("path")
    page.detail.request.view.set_wrap(False)
    assert not page.detail.wrap
    assert not page.detail.response.view.wrap_button.isChecked()
    stage.window.resize(1234, 777)
    stage.window.remember()
    again = Settings(stage.folder / "settings.ini")
    assert again.get(PAGE) == "live-log"
    assert again.get(LOG_HIDDEN_COLUMNS) == "path"
    for setting in SETTINGS:
        assert setting.help
        assert type(again.get(setting)) is type(setting.default)


def test_spoilt_settings_are_the_defaults_again(tmp_path: Path) -> None:
    path = tmp_path / "settings.ini"
    path.write_text("[server]\nport=abc\n[window]\ntheme=mauve\ngeometry=7\n")
    settings = Settings(path)
    for setting in SETTINGS:
        value = settings.get(setting)
        assert value == ("mauve" if setting is THEME else setting.default)
    assert theme_choice(settings) is ThemeChoice.SYSTEM


def test_least_important_columns_give_way_first() -> None:
    columns = (
        Column("a", "A", 100),
        Column("b", "B", 100, priority=1),
        Column("c", "C", 100, priority=2),
    )
    assert fitting(columns, set(), 300) == {"a", "b", "c"}
    assert fitting(columns, set(), 250) == {"a", "b"}
    assert fitting(columns, {"b"}, 250) == {"a", "c"}
    assert fitting(columns, {"a", "b", "c"}, 50) == {"a"}


def test_hidden_columns_come_back_with_a_reset(stage: Stage) -> None:
    table = stage.log().table
    menu = table.columns_menu()
    action = next(each for each in menu.actions() if each.text() == "Duration")
    action.trigger()
    assert table.hidden == {"duration"}
    table.reset_columns()
    assert table.hidden == set()


def test_opening_error_is_a_page_with_a_way_out(bare_stage: Stage) -> None:
    stage = bare_stage
    real = stage.program._open_services
    stage.program._open_services = lambda stored: refuse()
    stage.window.show()
    stage.program.open()
    stage.until(lambda: stage.window.waiting.retry_button.isVisible())
    assert "report.db" in stage.window.waiting.text.text()
    stage.program._open_services = real
    with stage.qtbot.waitSignal(stage.program.opened):
        stage.window.waiting.retry_button.click()


def refuse() -> None:
    raise NotOurDatabase(Path("report.db"))


def test_closing_before_anything_was_opened_just_closes(bare_stage: Stage) -> None:
    bare_stage.window.show()
    bare_stage.window.close()
    bare_stage.until(lambda: bare_stage.closed)
    assert not bare_stage.window.isVisible()


def test_closing_while_opening_closes_what_was_opened(bare_stage: Stage) -> None:
    bare_stage.window.show()
    bare_stage.program.open()
    bare_stage.window.close()
    bare_stage.until(lambda: bare_stage.closed)
    assert bare_stage.backstage.closed == ["server stopped", "closed"]


def test_problem_behind_the_window_is_told(stage: Stage) -> None:
    stage.services.problems.put("Calls are not being stored: the disk is full.")
    stage.until(lambda: "disk is full" in stage.window.toasts.text)


def test_last_call_is_named_at_the_foot(stage: Stage) -> None:
    stage.record(call(3))
    stage.until(lambda: "Create user user3@acme.example" in stage.window.status.note.text())


def test_window_fits_a_small_screen(stage: Stage) -> None:
    for page in PAGES:
        stage.window.show_page(page.key)
        stage.settle()
        hint = stage.window.minimumSizeHint()
        assert hint.width() <= 1100, page.key
        assert hint.height() <= 700, page.key


def test_dialog_with_a_token_is_deleted_when_it_closes(stage: Stage) -> None:
    stage.tokens_page()
    issued = stage.services.tokens.create(stage.organization_id, "Okta", None)
    page = stage.tokens_page()
    dialog = IssuedDialog(page.desk, stage.window, issued)
    dialog.open()
    with stage.qtbot.waitSignal(dialog.destroyed):
        dialog.accept()
        QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))


def test_commands_open_from_within_a_text_field(stage: Stage) -> None:
    page = stage.log()
    with stage.qtbot.waitActive(stage.window):
        stage.window.activateWindow()
    stage.log_page().open("filter")
    stage.qtbot.keyClick(page.bar.line.editor, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert stage.dialog(CommandPalette).isVisible()


def test_empty_states_show_their_whole_text(stage: Stage) -> None:
    page = stage.log()
    stage.window.show()
    text = page.empty._text
    assert text.height() >= text.heightForWidth(text.width()) > text.fontMetrics().height()


def test_every_icon_is_a_line_drawing_that_can_be_tinted() -> None:
    icons = Path(__file__).parents[2] / "resources" / "icons"
    drawings = sorted(icons.glob("*.svg"))
    assert drawings
    made = Icons()
    made.use(DARK)
    for drawing in drawings:
        assert "currentColor" in drawing.read_text(), drawing.name
        picture = made.pixmap(drawing.stem, "danger", 24).toImage()
        drawn = [
            color
            for x in range(24)
            for y in range(24)
            if (color := picture.pixelColor(x, y)).alpha() == 255
        ]
        wanted = QColor(DARK.danger)
        # Smoothing may round a channel by one.
        assert all(abs(color.red() - wanted.red()) <= 1 for color in drawn), drawing.name
        assert all(abs(color.green() - wanted.green()) <= 1 for color in drawn), drawing.name
