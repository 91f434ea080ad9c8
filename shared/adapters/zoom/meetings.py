"""The teachers' Zoom meetings: one for each class, found again by a mark in its description."""

import math
from datetime import UTC, datetime
from typing import Any

from shared.adapters.zoom.access import Json, ZoomApi, segment
from shared.adapters.zoom.lists import all_of
from shared.adapters.zoom.registrants import ZoomRegistrants
from shared.adapters.zoom.troubles import UNUSABLE, Missing, NeedsPlan
from shared.domain.errors import UpstreamRefused
from shared.ports import ZoomLesson, ZoomMeeting

LONGEST_TOPIC = 200
SCHEDULED = 2
NO_REGISTRATION = 2
# By hand: else whoever has the general link could register under a student's address and be taken for the student.
BY_HAND = 1
WITH_REGISTRATION = {
    "approval_type": BY_HAND,
    "registration_type": 1,
    "registrants_email_notification": False,
    "registrants_confirmation_email": False,
}
WITHOUT_REGISTRATION = {"approval_type": NO_REGISTRATION}
# A personal meeting number would be the same for all the teacher's classes. Who is early is let in, and counted from the bell.
_SETTINGS = {"use_pmi": False, "join_before_host": True, "jbh_time": 10}


class ZoomApiMeetings:
    """The port `ZoomMeetings`."""

    def __init__(self, api: ZoomApi) -> None:
        self._api = api
        self._registrants = ZoomRegistrants(api)

    def put(self, lesson: ZoomLesson) -> ZoomMeeting:
        """Make the meeting, or bring an existing one up to date: its time, its topic, one registrant for each student.

        A number that Zoom does not know any more is refused, not replaced: what was seen in that meeting belongs to the class.
        """
        number = lesson.number or self.find(lesson.host, lesson.class_id)
        meeting = self._create(lesson) if number is None else self._updated(lesson, number)
        number = str(meeting["id"])
        is_open = (meeting.get("settings") or {}).get("approval_type") != NO_REGISTRATION
        registrants = self._registrants.follow(lesson, number, is_open=is_open)
        return ZoomMeeting(number, str(meeting["join_url"]), registrants)

    def remove(self, host: str, number: str) -> None:
        """Delete the meeting; one that is gone already is fine. Raises `Unavailable` while it is on."""
        try:
            self._api.call("DELETE", _path(number), host)
        except Missing:
            return

    def find(self, host: str, class_id: str) -> str | None:
        """The number of the meeting that was made for a class, if one was; the first, where somebody copied it."""
        meetings = all_of(
            self._api, f"/users/{segment(host)}/meetings", "meetings", host, params={"type": "scheduled"}
        )  # fmt: skip
        mark = mark_of(class_id)
        made = [one for one in meetings if mark in str(one.get("agenda") or "")]
        made.sort(key=lambda one: (str(one.get("created_at") or ""), str(one["id"])))
        return str(made[0]["id"]) if made else None

    def _create(self, lesson: ZoomLesson) -> Json:
        """Make it; a plan without registration gets a meeting without."""
        path = f"/users/{segment(lesson.host)}/meetings"
        body = {**body_of(lesson), "type": SCHEDULED, "settings": {**_SETTINGS, **WITH_REGISTRATION}}
        try:
            return self._api.call("POST", path, lesson.host, body=body)
        except NeedsPlan:
            return self._api.call("POST", path, lesson.host, body=body | {"settings": {**_SETTINGS, **WITHOUT_REGISTRATION}})

    def _updated(self, lesson: ZoomLesson, number: str) -> Json:
        """Bring it up to date, by what differs alone."""
        try:
            meeting = self._api.call("GET", _path(number), lesson.host)
            change = difference(meeting, lesson)
            if change:
                self._api.call("PATCH", _path(number), lesson.host, body=change)
        except Missing as gone:
            raise UpstreamRefused(
                UNUSABLE,
                f"The class's Zoom meeting {number} is not there any more; somebody deleted it in Zoom. Cancel the class and "
                "book it again.",
            ) from gone
        return meeting


def mark_of(class_id: str) -> str:
    """What the description of a class's meeting says, so that it is known again."""
    return f"Rollcall class {class_id}"


def body_of(lesson: ZoomLesson) -> Json:
    """What a meeting shows of its class. Zoom counts whole minutes; the mark comes first, as lists cut descriptions off."""
    return {
        "topic": lesson.subject[:LONGEST_TOPIC].strip(),
        "agenda": mark_of(lesson.class_id),
        "start_time": lesson.start_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "duration": max(1, math.ceil((lesson.end_at - lesson.start_at).total_seconds() / 60)),
        "timezone": lesson.timezone,
    }


def difference(meeting: Json, lesson: ZoomLesson) -> Json:
    """What of the meeting is not as the lesson has it. What the teacher added to the description may stay."""
    wanted = body_of(lesson)
    if wanted["agenda"] in str(meeting.get("agenda") or ""):
        del wanted["agenda"]
    change = {field: value for field, value in wanted.items() if not _is_same(meeting.get(field), value)}
    if "start_time" in change:
        change["timezone"] = lesson.timezone
    return change


def _is_same(told: Any, wanted: Any) -> bool:  # noqa: ANN401 - JSON is what it is
    return told == wanted or (_instant(told) is not None and _instant(told) == _instant(wanted))


def _instant(told: object) -> datetime | None:
    """The instant of a time with its zone; None for everything else."""
    try:
        at = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _path(number: str) -> str:
    return f"/meetings/{segment(number)}"
