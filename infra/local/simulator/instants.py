"""Instants to the nanosecond, as Google's APIs write them: whole numbers of nanoseconds since 1970 in UTC."""

import re
from datetime import UTC, datetime, timedelta

SECOND = 1_000_000_000
DAY = 24 * 60 * 60 * SECOND

_RFC_3339 = re.compile(r"(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parsed(text: str) -> int:
    """The instant that RFC 3339 text names; raises `ValueError`, for text without an offset too."""
    found = _RFC_3339.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no RFC 3339 time with an offset, such as 2026-09-15T15:30:00Z")
    whole, fraction, offset = found.groups()
    seconds = datetime.fromisoformat(whole.upper() + offset.upper())
    return of(seconds) + int((fraction or "").ljust(9, "0"))


def of(at: datetime) -> int:
    """An aware datetime as an instant."""
    since = at - _EPOCH
    return (since // timedelta(microseconds=1)) * 1000


def moment(instant: int) -> datetime:
    """The instant as a datetime in UTC, cut to microseconds."""
    return _EPOCH + timedelta(microseconds=instant // 1000)


def shown(instant: int) -> str:
    """RFC 3339 in UTC with 0, 3, 6 or 9 digits, as few as say it exactly."""
    seconds, nanos = divmod(instant, SECOND)
    text = moment(seconds * SECOND).strftime("%Y-%m-%dT%H:%M:%S")
    for digits in (0, 3, 6, 9):
        unit = 10 ** (9 - digits)
        if nanos % unit == 0:
            return f"{text}.{nanos // unit:0{digits}d}Z" if digits else f"{text}Z"
    raise AssertionError("nine digits say every instant")
