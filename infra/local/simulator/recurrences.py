"""When the instances of a recurring event are, by its RRULE and the dates that are added to it or taken out."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from itertools import chain, islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from infra.local.simulator.refusals import invalid

MOST_INSTANCES = 730
"""Where Google, too, stops to spell out a series without an end."""

_LINE = re.compile(r"(RRULE|RDATE|EXDATE)[;:].+")
_DAY_UNTIL = re.compile(r"UNTIL=(\d{8})(?=;|$)")


def occurrences(start: datetime, zone: ZoneInfo, lines: Sequence[str]) -> Iterator[datetime]:
    """The instants, in UTC, that the instances begin at; they keep their wall time in `zone` when the clocks change.

    Raises `Refusal` for lines that are no recurrence.
    """
    local = start.astimezone(zone)
    for line in lines:
        if _LINE.fullmatch(line) is None:
            raise invalid(f"Invalid recurrence rule: {line!r} is no RRULE, RDATE or EXDATE line.")
    try:
        text = "\n".join(_DAY_UNTIL.sub(lambda found: _last_of_day(found[1], zone), line) for line in lines)
        rules = rrulestr(text, dtstart=local, forceset=True)
        found = islice(iter(rules), MOST_INSTANCES)
        first = next(found, None)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as bad:
        raise invalid(f"Invalid recurrence rule: {'; '.join(lines)} ({bad}).") from bad
    if first is None:
        return iter(())
    return (at.astimezone(UTC) for at in chain([first], found))


def _last_of_day(day: str, zone: ZoneInfo) -> str:
    """`UNTIL` with a day alone means to the end of that day where the event is."""
    end = datetime.combine(datetime.strptime(day, "%Y%m%d").date(), time(23, 59, 59), zone)  # noqa: DTZ007 - a date
    return f"UNTIL={end.astimezone(UTC):%Y%m%dT%H%M%SZ}"
