"""Conferences of events: how a wish for a Meet link becomes one, at once or after a while."""

from collections.abc import Mapping
from typing import Any

from infra.local.simulator.events import Json, StoredEvent
from infra.local.simulator.refusals import invalid
from infra.local.simulator.rooms import code_in
from infra.local.simulator.world import World

MEET = "hangoutsMeet"
_ICON = "https://fonts.gstatic.com/s/i/productlogos/meet_2020q4/v6/web-512dp/logo_meet_2020q4_color_2x_web_512dp.png"


class Conferences:
    """Gives events their conferences; rooms are opened in the world, owned by the event's organiser."""

    def __init__(self, world: World) -> None:
        self._world = world

    def put(self, event: StoredEvent, told: Mapping[str, Any] | None) -> None:
        """What a request says about the conference: nothing takes it out, a new request id asks for a fresh one.

        A conference that is repeated in full is kept as it is told, and wipes a wish that is still pending.
        """
        if told is None:
            event.resource.pop("conferenceData", None)
            event.resource.pop("hangoutLink", None)
        elif (request := told.get("createRequest")) is not None:
            self._wish(event, request)
        elif told:
            self._copy(event, dict(told))

    def is_pending(self, event: StoredEvent) -> bool:
        """Whether a wish is waiting."""
        request = _request_of(event)
        return bool(request) and request["status"]["statusCode"] == "pending"

    def poll(self, event: StoredEvent) -> None:
        """The event is read: a wish that was seen pending often enough comes true."""
        if event.polls_left > 0:
            event.polls_left -= 1
        elif self.is_pending(event):
            self._fulfil(event)

    def _wish(self, event: StoredEvent, request: Mapping[str, Any]) -> None:
        if request.get("conferenceSolutionKey", {}).get("type") != MEET:
            raise invalid("Invalid conference type value.")
        if not request.get("requestId"):
            raise invalid("Missing conference request id.")
        if request["requestId"] == _request_of(event).get("requestId"):
            return
        event.resource.pop("hangoutLink", None)
        event.resource["conferenceData"] = {
            "createRequest": {
                "requestId": request["requestId"],
                "conferenceSolutionKey": {"type": MEET},
                "status": {"statusCode": "pending"},
            }
        }
        event.polls_left = self._world.knobs.conference_pending_polls
        if event.polls_left == 0:
            self._fulfil(event)

    def _fulfil(self, event: StoredEvent) -> None:
        outcome = self._world.knobs.conference_outcome
        _request_of(event)["status"] = {"statusCode": outcome}
        if outcome != "success":
            return
        code = self._world.rooms.open_space(event.resource["organizer"]["email"]).code
        event.resource["hangoutLink"] = f"https://meet.google.com/{code}"
        event.resource["conferenceData"] |= {
            "entryPoints": [
                {
                    "entryPointType": "video",
                    "uri": f"https://meet.google.com/{code}",
                    "label": f"meet.google.com/{code}",
                }
            ],
            "conferenceSolution": {"key": {"type": MEET}, "name": "Google Meet", "iconUri": _ICON},
            "conferenceId": code,
        }

    def _copy(self, event: StoredEvent, told: Json) -> None:
        event.resource.pop("hangoutLink", None)
        event.resource["conferenceData"] = told
        event.polls_left = 0
        code = code_in(str(told.get("conferenceId", "")))
        if code is not None:
            event.resource["hangoutLink"] = f"https://meet.google.com/{code}"


def _request_of(event: StoredEvent) -> Json:
    """The wish that the event remembers; empty when there never was one."""
    request: Json = event.resource.get("conferenceData", {}).get("createRequest", {})
    return request
