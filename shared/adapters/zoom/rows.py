"""Zoom's rows as stays: who was in a meeting, from when to when, one row for each time of joining."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise

from shared.adapters.zoom.access import Json
from shared.domain.ids import stable_id
from shared.domain.zoom import zoom_connection, zoom_participant
from shared.ports import MeasuredStay

LONGEST_NAME = 300
# "6 months", and no month is shorter than that.
REPORTS_LAST = timedelta(days=180)

_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Held:
    """One time that a meeting number was held and that is over."""

    uuid: str
    started_at: datetime
    ended_at: datetime

    @property
    def expires_at(self) -> datetime:
        """When Zoom's reports forget it."""
        return self.ended_at + REPORTS_LAST

    def was_on(self, start_from: datetime, end_before: datetime) -> bool:
        """Whether it was on at some instant between the two."""
        return self.started_at < end_before and self.ended_at > start_from


def instant(text: str) -> datetime:
    """A time of Zoom's, with any number of fraction digits, in UTC to the microsecond; raises `ValueError`."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"the time {text!r} has no zone")
    return at.astimezone(UTC)


def stays_in(held: Held, rows: Iterable[Json]) -> tuple[MeasuredStay, ...]:
    """The stays that rows tell, by time. Who waited was not there, nor was anybody for no time at all.

    Rows of one connection that overlap get a name each: a connection's joins and leaves are sets, in which overlapping stays
    could not be told apart. Raises `ValueError` for a row without a time.
    """
    longest: dict[tuple[str, datetime], MeasuredStay] = {}
    for row in rows:
        stay = _stay(held, row) if row.get("status") != "in_waiting_room" else None
        if stay is not None:
            key = (stay.connection, stay.joined_at)
            longest[key] = max(longest.get(key, stay), stay, key=lambda each: each.left_at or held.ended_at)
    named: list[MeasuredStay] = []
    for _, keys in groupby(sorted(longest), key=lambda key: key[0]):
        named += _told_apart([longest[key] for key in keys])
    return tuple(sorted(named, key=lambda stay: (stay.joined_at, stay.connection)))


def _told_apart(stays: list[MeasuredStay]) -> list[MeasuredStay]:
    """The stays of one connection by their beginning, with names of their own if any two overlap."""
    if not any(later.joined_at < (one.left_at or later.joined_at) for one, later in pairwise(stays)):
        return stays
    return [replace(stay, connection=f"{stay.connection}@{stay.joined_at:%Y%m%dT%H%M%S.%fZ}") for stay in stays]


def _stay(held: Held, row: Json) -> MeasuredStay | None:
    joined_at = instant(str(row.get("join_time")))
    left_at = instant(str(row["leave_time"])) if row.get("leave_time") else held.ended_at
    if left_at <= joined_at:
        return None
    user_id = _user_id(row)
    breakout = _text(row, "bo_mtg_id")
    who = zoom_participant(
        held.uuid,
        user_id,
        name=_name(row),
        registrant_id=_text(row, "registrant_id"),
        account_id=_text(row, "participant_user_id") or _text(row, "id"),
        email=_address(row),
    )
    connection = zoom_connection(held.uuid, user_id, breakout)
    return MeasuredStay(connection, who.ref, who.display_name, who.kind, joined_at, left_at, who.address)


def _user_id(row: Json) -> str:
    """Zoom's id of this joining; where it is left out, the row is told from others by all that it says."""
    told = [str(row.get(field) or "") for field in ("id", "registrant_id", "user_email", "name", "join_time")]
    return _text(row, "user_id") or f"row-{stable_id('zoom_row', *told)}"


def _text(row: Json, field: str) -> str | None:
    value = row.get(field)
    return str(value).strip() or None if isinstance(value, (str, int)) and not isinstance(value, bool) else None


def _name(row: Json) -> str | None:
    told = _text(row, "name") or _text(row, "user_name") or ""
    return _UNPRINTED.sub(" ", told).strip()[:LONGEST_NAME].rstrip() or None


def _address(row: Json) -> str | None:
    """An e-mail address; what is hidden or none at all does not count."""
    told = _text(row, "user_email") or _text(row, "email") or ""
    name, at, domain = told.partition("@")
    return told if name and at and "." in domain and "@" not in domain and "*" not in told and " " not in told else None
