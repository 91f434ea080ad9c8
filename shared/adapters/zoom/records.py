"""Zoom's own records of who was in a meeting: its reports, read by the uuid of each time that the number was held.

A number stands for many times; asked by number, reports tell of the latest alone. They know meetings that are over, with two
people or more; of somebody who was alone, and on plans without reports, Zoom tells in the list of a past meeting.
"""

from datetime import datetime

from shared.adapters.zoom.access import Json, ZoomApi, segment
from shared.adapters.zoom.lists import all_of
from shared.adapters.zoom.rows import Held, instant, stays_in
from shared.adapters.zoom.troubles import Missing, NeedsPlan
from shared.domain.errors import Unavailable
from shared.domain.rooms import LONGEST_STAY
from shared.ports import MeasuredStay, MeetingReading

STARTED = "started"


class ZoomRecords:
    """The port `MeetRecords`, for Zoom."""

    def __init__(self, api: ZoomApi) -> None:
        self._api = api

    def read(self, organiser: str, meet_code: str, start_from: datetime, end_before: datetime) -> MeetingReading:
        """Every time that the meeting number was held between the two instants, whole: all pages, all rejoinings.

        A meeting that is on counts as one that is not over; who is in it no report tells before it ends.
        """
        is_on = self._is_on(organiser, meet_code)
        over, unknown = self._held(organiser, meet_code, start_from, end_before)
        stays = [stay for held in over for stay in self._stays(organiser, held)]
        stays.sort(key=lambda stay: (stay.joined_at, stay.connection))
        return MeetingReading(
            conferences=len(over) + unknown + is_on,
            is_over=not (is_on or unknown),
            stays=tuple(stays),
            identities={},
            expires_at=min((held.expires_at for held in over), default=None),
        )

    def _is_on(self, organiser: str, number: str) -> bool:
        """Whether the meeting is being held now; a deleted one is not."""
        try:
            meeting = self._get(f"/meetings/{segment(number)}", organiser)
        except Missing:
            return False
        return meeting.get("status") == STARTED

    def _held(self, organiser: str, number: str, start_from: datetime, end_before: datetime) -> tuple[tuple[Held, ...], int]:
        """The times that met the window, and how many more began in it of which Zoom does not tell the end yet.

        Beside those listed the latest is looked at, which the list may lack for a while.
        """
        listed = {
            uuid: began_at
            for uuid, began_at in self._listed(organiser, number)
            if start_from - LONGEST_STAY < began_at < end_before
        }  # fmt: skip
        told = {uuid: self._told(organiser, uuid) for uuid in listed}
        latest = self._told(organiser, number)
        known = {held.uuid: held for held in (*told.values(), latest) if held is not None}
        unknown = sum(1 for uuid, began_at in listed.items() if uuid not in known and began_at >= start_from)
        return tuple(held for held in known.values() if held.was_on(start_from, end_before)), unknown

    def _listed(self, organiser: str, number: str) -> tuple[tuple[str, datetime], ...]:
        """Each time that the number was held: its uuid, and when it began."""
        try:
            listed = self._get(f"/past_meetings/{segment(number)}/instances", organiser).get("meetings") or ()
        except Missing:
            return ()
        return tuple((str(each["uuid"]), _read(str(each["start_time"]))) for each in listed)

    def _told(self, organiser: str, name: str) -> Held | None:
        """From when to when a meeting was held, by its uuid, or the latest by its number; None while that is not known."""
        try:
            told = self._get(f"/past_meetings/{segment(name)}", organiser)
        except Missing:
            return None
        if not told.get("uuid") or not told.get("start_time") or not told.get("end_time"):
            return None
        return Held(str(told["uuid"]), _read(str(told["start_time"])), _read(str(told["end_time"])))

    def _stays(self, organiser: str, held: Held) -> tuple[MeasuredStay, ...]:
        """Who was in it: by the report, or where there is none by the list of the past meeting."""
        uuid = segment(held.uuid)
        try:
            rows = all_of(
                self._api,
                f"/report/meetings/{uuid}/participants",
                "participants",
                organiser,
                params={"include_fields": "registrant_id"},
                is_heavy=True,
            )
        except (Missing, NeedsPlan):
            rows = self._past_participants(organiser, uuid)
        try:
            return stays_in(held, rows)
        except ValueError as odd:
            raise _unreadable(odd) from odd

    def _past_participants(self, organiser: str, uuid: str) -> tuple[Json, ...]:
        path = f"/past_meetings/{uuid}/participants"
        try:
            return all_of(self._api, path, "participants", organiser)
        except Missing:
            return ()

    def _get(self, path: str, organiser: str) -> Json:
        return self._api.call("GET", path, organiser)


def _read(text: str) -> datetime:
    try:
        return instant(text)
    except ValueError as odd:
        raise _unreadable(odd) from odd


def _unreadable(odd: ValueError) -> Unavailable:
    return Unavailable(f"Zoom's records of the meeting cannot be read ({odd}); they are asked for again later.")
