"""Recurring classes: the instants that an RFC 5545 rule names, on the wall clock of the class's own time zone.

dateutil reads the rule; what is ours is the wall clock. "Every Tuesday at 16:00 in London" stays at 16:00 there when summer
time begins, so its UTC instant moves. A wall time that the clocks skip is read with the offset before the change, as
Google Calendar does.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr

from shared.domain.errors import InvalidInput

MOST_CLASSES = 260

_LONGEST_SERIES = timedelta(days=3 * 366)
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_PART = re.compile(r"[A-Z]+=[A-Z0-9,+:-]+")
_ALLOWED = frozenset(
    ["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYYEARDAY", "BYWEEKNO", "WKST"]
)


def zone_named(name: str) -> ZoneInfo:
    """The IANA time zone of that name; raises `InvalidInput`."""
    if re.fullmatch(r"[A-Za-z0-9_+/-]{1,64}", name) and not name.startswith("/"):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    raise InvalidInput("timezone", f"{name[:64]!r} is no IANA time zone; use a name like Europe/London or UTC.")


def occurrences(rule: str, first: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The starts that `rule` names, in UTC, from `first` on; raises `InvalidInput` naming `recurrence`.

    The rule must end by COUNT or UNTIL and name at most 260 classes (each working day of a year). `first` must be one of
    them: a Monday class cannot repeat on Tuesdays, Calendar would show a class that the register does not have.
    """
    parsed, wall = _parsed(rule, first, zone), first.astimezone(zone)
    try:
        starts = tuple(_instant(start, wall) for start in islice(parsed, MOST_CLASSES + 1))
    except (ValueError, OverflowError) as bad:
        raise InvalidInput("recurrence", f"The rule cannot be followed: {bad}.") from bad
    if not starts:
        raise InvalidInput("recurrence", "The rule names no class at all; check COUNT and UNTIL.")
    if len(starts) > MOST_CLASSES:
        raise InvalidInput("recurrence", f"The rule names more than {MOST_CLASSES} classes; book a shorter series.")
    if starts[0] != first.astimezone(UTC):
        raise InvalidInput("recurrence", "start_time is not one of the rule's own days; let it be the first class of the series.")
    if len(set(starts)) != len(starts):
        raise InvalidInput("recurrence", "The rule names one instant twice.")
    return starts


def normalised(rule: str, zone: ZoneInfo) -> str:
    """The rule as Calendar takes it: one line without the `RRULE:` prefix, UNTIL in UTC."""
    text = rule.strip().upper().removeprefix("RRULE:")
    parts = text.split(";")
    names = [part.partition("=")[0] for part in parts]
    if not all(_PART.fullmatch(part) for part in parts) or len(set(names)) != len(names):
        raise InvalidInput("recurrence", "Give one RFC 5545 rule such as FREQ=WEEKLY;BYDAY=TU;COUNT=10.")
    if unknown := set(names) - _ALLOWED:
        raise InvalidInput("recurrence", f"{min(unknown)} is no part of an RFC 5545 rule that classes can follow.")
    if ("COUNT" in names) == ("UNTIL" in names):
        raise InvalidInput("recurrence", "The rule must end: give COUNT or UNTIL, and only one of them.")
    return ";".join(_until_in_utc(part, zone) if part.startswith("UNTIL=") else part for part in parts)


def _parsed(rule: str, first: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The rule's wall-clock starts; COUNT is ours to count, so that a rule that never comes true still ends."""
    parts = dict(part.split("=", 1) for part in normalised(rule, zone).split(";"))
    if parts.get("FREQ") not in _FREQUENCIES:
        raise InvalidInput("recurrence", f"FREQ must be one of {', '.join(sorted(_FREQUENCIES))}.")
    if not _is_count(parts.get("INTERVAL", "1")):
        raise InvalidInput("recurrence", "INTERVAL must be a whole number from 1 to 999.")
    count = parts.pop("COUNT", str(MOST_CLASSES + 1))
    if not _is_count(count):
        raise InvalidInput("recurrence", f"COUNT must be a whole number from 1 to {MOST_CLASSES}.")
    horizon = f"{first.astimezone(UTC) + _LONGEST_SERIES:%Y%m%dT%H%M%SZ}"
    parts["UNTIL"] = min(parts.get("UNTIL", horizon), horizon)
    try:
        parsed = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=first.astimezone(zone))
    except (ValueError, TypeError, KeyError, IndexError, OverflowError) as bad:
        raise InvalidInput("recurrence", f"The rule cannot be read: {bad}. Example: FREQ=WEEKLY;BYDAY=TU;COUNT=10.") from bad
    return islice(iter(parsed), int(count))


def _instant(start: datetime, first: datetime) -> datetime:
    """A wall-clock start as an instant. Of an hour that the clocks repeat in autumn the first class says which one it is."""
    is_first = start.replace(tzinfo=None) == first.replace(tzinfo=None)
    return (first if is_first else start).astimezone(UTC)


def _is_count(text: str) -> bool:
    return re.fullmatch(r"[1-9]\d{0,2}", text, re.ASCII) is not None


def _until_in_utc(part: str, zone: ZoneInfo) -> str:
    """UNTIL as a UTC instant: a bare date means the end of that day, a local time the class's own wall clock."""
    text = part.removeprefix("UNTIL=")
    for form, tz in (("%Y%m%dT%H%M%SZ", UTC), ("%Y%m%dT%H%M%S", zone), ("%Y%m%d", zone)):
        try:
            until = datetime.strptime(text, form).replace(tzinfo=tz)
        except ValueError:
            continue
        if form == "%Y%m%d":
            until = until.replace(hour=23, minute=59, second=59)
        return f"UNTIL={until.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    raise InvalidInput("recurrence", f"UNTIL={text[:32]} is no date; write UNTIL=20261218 or UNTIL=20261218T170000Z.")
