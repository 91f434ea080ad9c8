"""Teachers' calendars: lessons as events with a Meet link, written so that every call may be made again.

The event's id is ours, so an insert whose answer was lost is met again as a duplicate; what is stored is then compared
with what is wanted, and only the difference is written.
"""

from shared.adapters.google.access import GoogleApis
from shared.adapters.google.apis import CALENDAR
from shared.adapters.google.events import (
    Json,
    changes_to,
    conference_request,
    link_in,
    next_request_number,
    other_conference,
    request_state,
    wanted_event,
)
from shared.adapters.google.machine import Machine
from shared.adapters.google.troubles import Exists, Missing
from shared.config import Settings
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.ports import LessonEvent, MeetLink

OWN_CALENDAR = "primary"
LINK_PAUSES = (0.4, 0.8, 1.2, 1.6)
NO_LINK = "No Meet link"


class GoogleCalendar:
    """The port `Calendar`; each call is made as the organiser, in the organiser's own calendar."""

    def __init__(self, apis: GoogleApis, known: Settings, machine: Machine) -> None:
        self._apis = apis
        self._send_updates = known.calendar_send_updates
        self._machine = machine

    def put(self, event: LessonEvent) -> MeetLink | None:
        """Make the event with its Meet link, or bring an existing one up to date; None while the link is being made."""
        try:
            stored = self._insert(event)
        except Exists:
            stored = self._up_to_date(self._stored(event), event)
            stored = self._with_conference(stored, event)
        return self._link(stored, event)

    def put_instance(self, base_id: str, event: LessonEvent) -> None:
        """Bring one class of a series up to date; `event.event_id` names the instance."""
        try:
            stored = self._get(event)
        except Missing as missing:
            raise Unavailable(
                f"The calendar of {event.organiser} does not show this class of the series {base_id} yet; it is tried "
                "again. If the series was deleted in Calendar, cancel its classes and book them anew."
            ) from missing
        self._up_to_date(stored, event)

    def remove(self, organiser: str, event_id: str) -> None:
        """Take the event out of the calendar; one that is gone already is fine."""
        try:
            self._call(organiser, "delete", eventId=event_id, sendUpdates=self._send_updates)
        except Missing:
            return

    def _insert(self, event: LessonEvent) -> Json:
        body = {"id": event.event_id, **wanted_event(event), "conferenceData": conference_request(event.event_id, 1)}
        try:
            return self._call(event.organiser, "insert", body=body, conferenceDataVersion=1, sendUpdates=self._send_updates)
        except Missing as missing:
            raise UpstreamRefused(
                "Calendar not found",
                f"{event.organiser} has no Google Calendar; switch the Calendar service on for this account.",
            ) from missing

    def _stored(self, event: LessonEvent) -> Json:
        try:
            return self._get(event)
        except Missing as missing:
            raise _vanished(event) from missing

    def _up_to_date(self, stored: Json, event: LessonEvent) -> Json:
        changes = changes_to(stored, event)
        return self._patch(event, changes) if changes else stored

    def _with_conference(self, stored: Json, event: LessonEvent) -> Json:
        """Wish for a link once more where there is none to wait for: an earlier wish failed, or was never made."""
        if link_in(stored) or other_conference(stored) or request_state(stored) not in ("none", "failure"):
            return stored
        wish = conference_request(event.event_id, next_request_number(stored))
        return self._patch(event, {"conferenceData": wish}, conferenceDataVersion=1)

    def _link(self, stored: Json, event: LessonEvent) -> MeetLink | None:
        """The event's link, waited for up to four seconds; raises `UpstreamRefused` when there will be none."""
        for pause in (*LINK_PAUSES, None):
            if (link := link_in(stored)) is not None:
                return link
            if other_conference(stored):
                raise UpstreamRefused(
                    NO_LINK,
                    f"The event of this class has a conference that is not Google Meet. Let {event.organiser} take "
                    "it out of the event in Calendar and put Google Meet in its place.",
                )
            if request_state(stored) == "failure":
                raise UpstreamRefused(
                    NO_LINK,
                    f"Calendar could not make a Meet link for {event.organiser}. Check in the Admin console that "
                    "Google Meet is switched on for this account (Apps > Google Workspace > Google Meet).",
                )
            if pause is not None:
                self._machine.sleep(pause)
                stored = self._stored(event)
        return None

    def _get(self, event: LessonEvent) -> Json:
        return self._call(event.organiser, "get", eventId=event.event_id)

    def _patch(self, event: LessonEvent, body: Json, **options: int) -> Json:
        try:
            return self._call(
                event.organiser, "patch", eventId=event.event_id, body=body, sendUpdates=self._send_updates, **options
            )
        except Missing as missing:
            raise _vanished(event) from missing

    def _call(self, organiser: str, method: str, **params: object) -> Json:
        return self._apis.call(CALENDAR, organiser, f"events.{method}", {"calendarId": OWN_CALENDAR, **params})


def _vanished(event: LessonEvent) -> Unavailable:
    return Unavailable(
        f"Event {event.event_id} of {event.organiser} was there a moment ago and Calendar does not find it now; "
        "it is tried again."
    )
