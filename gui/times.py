"""Times in the words of the window. All of it is pure; ``now`` always has a time zone."""

from datetime import datetime

_UNITS = (
    (365 * 86_400, "year"),
    (30 * 86_400, "month"),
    (86_400, "day"),
    (3_600, "hour"),
    (60, "minute"),
)


def moment(text: str) -> datetime:
    """Return a kept time ("2026-11-23T18:48:00.123Z") as a moment."""
    return datetime.fromisoformat(text)


def from_microseconds(at: int) -> datetime:
    """Return microseconds since the epoch as a moment in the person's time zone."""
    return datetime.fromtimestamp(at / 1_000_000).astimezone()


def date_words(text: str | None) -> str:
    """Return "23 Nov 2026" in the person's time zone, or a dash."""
    if not text:
        return "–"
    at = moment(text).astimezone()
    return f"{at.day} {at:%b %Y}"


def full_words(at: datetime) -> str:
    """Return a moment to the millisecond with its time zone, for tooltips."""
    local = at.astimezone()
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d} {local:%Z (UTC%z)}"


def ago_words(text: str | None, now: datetime) -> str:
    """Return "5 minutes ago", "just now", "in 12 days", or "never"."""
    if not text:
        return "never"
    seconds = (now - moment(text)).total_seconds()
    for size, unit in _UNITS:
        number = int(abs(seconds) // size)
        if number:
            words = f"{number} {unit}" if number == 1 else f"{number} {unit}s"
            return f"in {words}" if seconds < 0 else f"{words} ago"
    return "in a moment" if seconds < 0 else "just now"


def duration_words(microseconds: int) -> str:
    """Return "850 µs", "4.2 ms", "312 ms" or "1.40 s"."""
    if microseconds < 1_000:
        return f"{microseconds} µs"
    if microseconds < 10_000:
        return f"{microseconds / 1_000:.1f} ms"
    if microseconds < 1_000_000:
        return f"{microseconds / 1_000:.0f} ms"
    return f"{microseconds / 1_000_000:.2f} s"


def size_words(size: int) -> str:
    """Return "0 B", "812 B", "2.4 kB" or "1.1 MB"."""
    if size < 1_000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size / 1_000:.1f} kB"
    return f"{size / 1_000_000:.1f} MB"
