"""Time zones by the ids that Okta takes (spec 6.6)."""

import re
from datetime import timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SHORT_IDS: Final = {
    "GMT": "UTC",
    "UTC": "UTC",
    "WET": "WET",
    "CET": "CET",
    "MET": "CET",
    "ECT": "CET",
    "EET": "EET",
    "MIT": "Pacific/Apia",
    "HST": "Pacific/Honolulu",
    "AST": "America/Anchorage",
    "PST": "America/Los_Angeles",
    "MST": "America/Denver",
    "PNT": "America/Phoenix",
    "CST": "America/Chicago",
    "EST": "America/New_York",
    "IET": "America/Indiana/Indianapolis",
    "PRT": "America/Puerto_Rico",
    "CNT": "America/St_Johns",
    "AGT": "America/Argentina/Buenos_Aires",
    "BET": "America/Sao_Paulo",
    "ART": "Africa/Cairo",
    "CAT": "Africa/Harare",
    "EAT": "Africa/Addis_Ababa",
    "NET": "Asia/Yerevan",
    "PLT": "Asia/Karachi",
    "IST": "Asia/Kolkata",
    "BST": "Asia/Dhaka",
    "VST": "Asia/Ho_Chi_Minh",
    "CTT": "Asia/Shanghai",
    "JST": "Asia/Tokyo",
    "ACT": "Australia/Darwin",
    "AET": "Australia/Sydney",
    "SST": "Pacific/Guadalcanal",
    "NST": "Pacific/Auckland",
}
"""Joda's map of three letters, which wins over the fixed zones of the tz database."""

_ID: Final = re.compile(r"[A-Z][A-Za-z0-9_+\-]*(?:/[A-Z0-9][A-Za-z0-9_+\-]*){0,2}")
_OFFSET: Final = re.compile(r"([+-])([01][0-9]|2[0-3]):?([0-5][0-9])?")


@lru_cache(maxsize=1000)
def zone_of(name: str) -> tzinfo | None:
    """Return the zone of an id or an offset such as ``+02:00``; None for an unknown one."""
    offset = _OFFSET.fullmatch(name)
    if offset:
        return fixed(offset[1], int(offset[2]), int(offset[3] or 0))
    if not _ID.fullmatch(name):
        return None
    try:
        return ZoneInfo(SHORT_IDS.get(name, name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def fixed(sign: str, hours: int, minutes: int) -> timezone:
    """Return the zone of an offset."""
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if sign == "-" else offset)


def zone_id(zone: tzinfo | None) -> str:
    """Return a zone's id as Joda prints it."""
    if isinstance(zone, ZoneInfo):
        return zone.key
    name = zone.tzname(None) if zone else None
    return "UTC" if name in (None, "UTC") else str(name).removeprefix("UTC")
