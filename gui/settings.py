"""What the window remembers, declared once, kept in an ini file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QByteArray, QSettings

T = TypeVar("T", bool, int, str, bytes)


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """A remembered value: its place in the file, its default and its help."""

    key: str
    default: T
    help: str


THEME = Setting("window/theme", "system", "The look: system, light or dark.")
GEOMETRY = Setting("window/geometry", b"", "Where the window was and how large.")
PAGE = Setting("window/page", "overview", "The page that was open last.")
ORGANIZATION = Setting("window/organization", 0, "The organization that was chosen last.")
PORT = Setting("server/port", 8765, "The port that the server listens on.")
START_SERVER = Setting("server/start_with_window", True, "Whether the server starts by itself.")
LOG_COLUMNS = Setting("live_log/columns", b"", "Widths and order of the live log's columns.")
LOG_HIDDEN_COLUMNS = Setting("live_log/hidden_columns", "", "Columns left out of the live log.")
LOG_SPLITTER = Setting("live_log/splitter", b"", "How list and call share the live log.")
LOG_WRAP = Setting("live_log/wrap", True, "Whether long lines of a body are wrapped.")
LOG_TIME_ZONE = Setting(
    "live_log/time_zone", "", "The zone of the live log's times; empty is here."
)
LOG_RELATIVE_TIMES = Setting("live_log/relative_times", False, "Whether times say how long ago.")
LOG_SCALE = Setting("live_log/scale", 100, "The size of the live log's text in percent.")
LOG_GROUPED = Setting("live_log/grouped", True, "Whether calls are listed by operation.")
LOG_FILTERS = Setting("live_log/filters", "", "The filters that were saved, as JSON.")
LOG_HISTORY = Setting("live_log/history", "", "The filters that were used last, as JSON.")
TOKEN_COLUMNS = Setting("tokens/columns", b"", "Widths and order of the columns of tokens.")
FOLDER = Setting("window/folder", "", "The folder that a file was last read from or saved to.")
PEOPLE_COLUMNS = Setting("people/columns", b"", "Widths and order of the columns of people.")
PEOPLE_HIDDEN_COLUMNS = Setting("people/hidden_columns", "", "Columns left out of the people.")
PEOPLE_SPLITTER = Setting("people/splitter", b"", "How list and person share their page.")
TENANT_DOMAIN = Setting("people/tenant", "", "The domain of the tenant that was read last.")
TENANT_KEPT = Setting("people/tenant_kept", False, "Whether its token is in the keyring.")
PREFLIGHT_COLUMNS = Setting("preflight/columns", b"", "Widths and order of the findings' columns.")
PREFLIGHT_SPLITTER = Setting("preflight/splitter", b"", "How findings and people share their page.")
MAPPING_COLUMNS = Setting("mappings/columns", b"", "Widths and order of the mappings' columns.")
MAPPING_SPLITTER = Setting("mappings/splitter", b"", "How mappings and outcome share their page.")
MAPPING_DETAILS = Setting("mappings/details", True, "Whether the outcome stands beside them.")
MAPPING_PERSON = Setting("mappings/person", "", "Whose values the mappings were previewed with.")
MAPPING_HISTORY = Setting("mappings/history", "[]", "The expressions that were saved last.")

SETTINGS: tuple[Setting[bool] | Setting[int] | Setting[str] | Setting[bytes], ...] = (
    THEME,
    GEOMETRY,
    PAGE,
    ORGANIZATION,
    PORT,
    START_SERVER,
    LOG_COLUMNS,
    LOG_HIDDEN_COLUMNS,
    LOG_SPLITTER,
    LOG_WRAP,
    LOG_TIME_ZONE,
    LOG_RELATIVE_TIMES,
    LOG_SCALE,
    LOG_GROUPED,
    LOG_FILTERS,
    LOG_HISTORY,
    TOKEN_COLUMNS,
    FOLDER,
    PEOPLE_COLUMNS,
    PEOPLE_HIDDEN_COLUMNS,
    PEOPLE_SPLITTER,
    TENANT_DOMAIN,
    TENANT_KEPT,
    PREFLIGHT_COLUMNS,
    PREFLIGHT_SPLITTER,
    MAPPING_COLUMNS,
    MAPPING_SPLITTER,
    MAPPING_DETAILS,
    MAPPING_PERSON,
    MAPPING_HISTORY,
)
"""Every setting, for the help and the tests."""


class Settings:
    """Reads and writes settings. A value that the file spoils is the default again."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = QSettings(str(path), QSettings.Format.IniFormat)

    def get(self, setting: Setting[T]) -> T:
        """Return what was remembered, or the default."""
        kind = type(setting.default)
        value = self._file.value(setting.key)
        if value is None:
            return setting.default
        # The file gives everything back as text, except what was set in this run.
        if kind is bytes:
            return kind(value.data()) if isinstance(value, QByteArray) else setting.default
        if kind is bool:
            return kind(str(value).lower() == "true")
        try:
            return kind(value)
        except (TypeError, ValueError):
            return setting.default

    def set(self, setting: Setting[T], value: T) -> None:
        """Remember a value."""
        kept = QByteArray(value) if isinstance(value, bytes) else value
        self._file.setValue(setting.key, kept)

    def save(self) -> None:
        """Write the file now; Qt also does so by itself after a while."""
        self._file.sync()
