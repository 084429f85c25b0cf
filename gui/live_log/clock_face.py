"""How the list tells the time: in which zone, and whether as a moment or as a distance."""

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from itertools import groupby
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from gui.settings import LOG_RELATIVE_TIMES, LOG_TIME_ZONE, Settings
from gui.times import from_microseconds

_STEPS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


class ClockFace(QObject):
    """Turns moments into words, as the person chose.

    Signals:
        changed: another zone or form was chosen.
    """

    changed = Signal()

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._settings = settings
        self._now = now
        self.zone = settings.get(LOG_TIME_ZONE)
        self.relative = settings.get(LOG_RELATIVE_TIMES)
        self._tz = _zone(self.zone)

    def words(self, at: int) -> str:
        """Return "14:03:07.214", or "3 min ago"; ``at`` is in microseconds since the epoch."""
        if self.relative:
            return distance_words(self._now().timestamp() - at / 1_000_000)
        moment = self.moment(at)
        return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d}"

    def moment(self, at: int) -> datetime:
        """Return microseconds since the epoch as a moment in the chosen zone."""
        return from_microseconds(at).astimezone(self._tz)

    def dated(self, at: int) -> str:
        """Return "2026-11-23 14:03:07", whatever form the list has."""
        return f"{self.moment(at):%Y-%m-%d %H:%M:%S}"

    def full(self, at: int) -> str:
        """Return date, time to the millisecond and zone."""
        moment = self.moment(at)
        return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d} {moment:%Z (UTC%z)}"

    def choose_zone(self, zone: str) -> None:
        """Tell times in a zone of the time zone database; "" is this computer's."""
        self.zone = zone
        self._tz = _zone(zone)
        self._settings.set(LOG_TIME_ZONE, zone)
        self.changed.emit()

    def set_relative(self, relative: bool) -> None:
        """Tell how long ago, or when."""
        self.relative = relative
        self._settings.set(LOG_RELATIVE_TIMES, relative)
        self.changed.emit()

    def fill(self, menu: QMenu) -> None:
        """Offer the choices in a menu."""
        ago = menu.addAction("Time as “3 min ago”")
        ago.setCheckable(True)
        ago.setChecked(self.relative)
        ago.toggled.connect(self.set_relative)
        zones = menu.addMenu("Time zone")
        local = f"This computer's ({self._now().astimezone():%Z})"
        self._offer(zones, "", local)
        self._offer(zones, "UTC", "UTC")
        zones.addSeparator()
        for region, names in _regions():
            submenu = zones.addMenu(region)
            for name in names:
                self._offer(submenu, name, name.partition("/")[2].replace("_", " "))

    def _offer(self, menu: QMenu, zone: str, words: str) -> None:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(zone == self.zone)
        action.triggered.connect(lambda: self.choose_zone(zone))


def distance_words(seconds: float) -> str:
    """Return "now", "12 s ago", "3 min ago", "5 h ago", "2 d ago", or "in 4 s"."""
    for size, unit in _STEPS:
        number = int(abs(seconds) // size)
        if number:
            return f"in {number} {unit}" if seconds < 0 else f"{number} {unit} ago"
    return "now"


def _zone(name: str) -> tzinfo | None:
    """Return a zone; None is this computer's, also for a name that the database lacks."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _regions() -> Sequence[tuple[str, Sequence[str]]]:
    names = sorted(name for name in available_timezones() if name.partition("/")[0] in _REGIONS)
    return [
        (region, list(found)) for region, found in groupby(names, lambda n: n.partition("/")[0])
    ]


_REGIONS = frozenset(
    ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
)
