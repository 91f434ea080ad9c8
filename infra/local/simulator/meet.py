"""Meet REST v2: spaces, and the records of what happened in them, for those who own them or took part."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import TypeVar

from infra.local.simulator import instants
from infra.local.simulator.calls import Call, Json, Operation
from infra.local.simulator.filters import Field, read_filter
from infra.local.simulator.pages import page_of, page_size
from infra.local.simulator.refusals import Refusal, absent
from infra.local.simulator.rooms import Conference, Participant, Space, Stay
from infra.local.simulator.world import World

T = TypeVar("T")

_PAGED = frozenset({"filter", "pageSize", "pageToken"})

Held = tuple[Space, Conference]

_RECORD_FIELDS: Mapping[str, Field[Held]] = {
    "space.name": Field(lambda held: f"spaces/{held[0].space_id}"),
    "space.meeting_code": Field(lambda held: held[0].code),
    "start_time": Field(lambda held: held[1].started, is_time=True),
    "end_time": Field(lambda held: held[1].ended, is_time=True),
}
_PARTICIPANT_FIELDS: Mapping[str, Field[Participant]] = {
    "earliest_start_time": Field(lambda one: one.joined, is_time=True),
    "latest_end_time": Field(lambda one: one.left, is_time=True),
}
_STAY_FIELDS: Mapping[str, Field[Stay]] = {
    "start_time": Field(lambda stay: stay.joined, is_time=True),
    "end_time": Field(lambda stay: stay.left, is_time=True),
}


class MeetApi:
    """Serves Meet over a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def operations(self) -> dict[str, Operation]:
        """What is served, by method id."""
        people = "meet.conferenceRecords.participants"
        return {
            "meet.spaces.get": Operation(self.space),
            "meet.conferenceRecords.list": Operation(self.records, _PAGED),
            "meet.conferenceRecords.get": Operation(self.record),
            f"{people}.list": Operation(self.participants, _PAGED),
            f"{people}.get": Operation(self.participant),
            f"{people}.participantSessions.list": Operation(self.stays, _PAGED),
            f"{people}.participantSessions.get": Operation(self.stay),
        }

    def space(self, call: Call) -> Json:
        """A space by id or by meeting code."""
        space = self._world.rooms.find(call.path["spacesId"])
        if space is None:
            raise absent()
        if not space.has_seen(call.subject):
            raise _forbidden("SPACE")
        return _space_shown(space)

    def records(self, call: Call) -> Json:
        """Conferences that the subject owned or took part in, newest first."""
        passes = read_filter(call.query.get("filter", ""), _RECORD_FIELDS)
        found = [
            held
            for held in self._world.rooms.conferences(instants.of(call.now))
            if passes(held) and _may_see(call.subject, *held)
        ]
        size = page_size(call.query.get("pageSize"), default=25, most=100)
        return _page("conferenceRecords", call, found, size, _record_key, lambda held: _record_shown(*held))

    def record(self, call: Call) -> Json:
        """One conference."""
        return _record_shown(*self._held(call))

    def participants(self, call: Call) -> Json:
        """Who took part, the latest to join first."""
        _, conference = self._held(call)
        passes = read_filter(call.query.get("filter", ""), _PARTICIPANT_FIELDS)
        found = [one for one in conference.participants if passes(one)]
        size = page_size(call.query.get("pageSize"), default=100, most=250)

        def show(one: Participant) -> Json:
            return _participant_shown(conference, one)

        return _page("participants", call, found, size, lambda one: (-one.joined, one.participant_id), show)

    def participant(self, call: Call) -> Json:
        """One who took part."""
        _, conference = self._held(call)
        return _participant_shown(conference, _participant(call, conference))

    def stays(self, call: Call) -> Json:
        """Somebody's joins, one for each device and time, the latest first."""
        _, conference = self._held(call)
        participant = _participant(call, conference)
        passes = read_filter(call.query.get("filter", ""), _STAY_FIELDS)
        found = [stay for stay in participant.stays if passes(stay)]
        size = page_size(call.query.get("pageSize"), default=100, most=250)

        def show(stay: Stay) -> Json:
            return _stay_shown(conference, participant, stay)

        return _page("participantSessions", call, found, size, lambda stay: (-stay.joined, stay.stay_id), show)

    def stay(self, call: Call) -> Json:
        """One join of somebody's."""
        _, conference = self._held(call)
        participant = _participant(call, conference)
        for stay in participant.stays:
            if stay.stay_id == call.path["participantSessionsId"]:
                return _stay_shown(conference, participant, stay)
        raise absent()

    def _held(self, call: Call) -> Held:
        held = self._world.rooms.conference(call.path["conferenceRecordsId"], instants.of(call.now))
        if held is None:
            raise absent()
        if not _may_see(call.subject, *held):
            raise _forbidden("CONFERENCE_RECORD")
        return held


def _may_see(subject: str, space: Space, conference: Conference) -> bool:
    return subject == space.owner or conference.has_seen(subject)


def _participant(call: Call, conference: Conference) -> Participant:
    for one in conference.participants:
        if one.participant_id == call.path["participantsId"]:
            return one
    raise absent()


def _page(
    field: str,
    call: Call,
    found: Sequence[T],
    size: int,
    key: Callable[[T], tuple[int, str]],
    show: Callable[[T], Json],
) -> Json:
    """A page of a list; an empty list is an empty object, as in proto3's JSON."""
    asked = [field, call.query.get("filter", ""), *call.path.values()]
    items, token = page_of(found, key, size, call.query.get("pageToken"), asked)
    answer: Json = {field: [show(item) for item in items]} if items else {}
    return answer | ({"nextPageToken": token} if token else {})


def _record_key(held: Held) -> tuple[int, str]:
    return -held[1].started, held[1].record_id


def _space_shown(space: Space) -> Json:
    shown: Json = {
        "name": f"spaces/{space.space_id}",
        "meetingUri": f"https://meet.google.com/{space.code}",
        "meetingCode": space.code,
        "config": {
            "accessType": "TRUSTED",
            "entryPointAccess": "ALL",
            "moderation": "OFF",
            "attendanceReportGenerationType": "GENERATE_REPORT",
        },
    }
    if (live := space.live) is not None:
        shown["activeConference"] = {"conferenceRecord": f"conferenceRecords/{live.record_id}"}
    return shown


def _record_shown(space: Space, conference: Conference) -> Json:
    return {
        "name": f"conferenceRecords/{conference.record_id}",
        "startTime": instants.shown(conference.started),
        **_time("endTime", conference.ended),
        "expireTime": instants.shown(conference.expires),
        "space": f"spaces/{space.space_id}",
    }


def _participant_shown(conference: Conference, one: Participant) -> Json:
    match one.kind:
        case "signed_in":
            who: Json = {"signedinUser": {"user": f"users/{one.participant_id}", "displayName": one.display_name}}
        case "phone":
            who = {"phoneUser": {"displayName": one.display_name}}
        case "anonymous":
            who = {"anonymousUser": {"displayName": one.display_name}}
    return {
        "name": f"conferenceRecords/{conference.record_id}/participants/{one.participant_id}",
        "earliestStartTime": instants.shown(one.joined),
        **_time("latestEndTime", one.left),
        **who,
    }


def _stay_shown(conference: Conference, one: Participant, stay: Stay) -> Json:
    parent = f"conferenceRecords/{conference.record_id}/participants/{one.participant_id}"
    return {
        "name": f"{parent}/participantSessions/{stay.stay_id}",
        "startTime": instants.shown(stay.joined),
        **_time("endTime", stay.left),
    }


def _time(field: str, at: int | None) -> Json:
    return {} if at is None else {field: instants.shown(at)}


def _forbidden(what: str) -> Refusal:
    return Refusal(HTTPStatus.FORBIDDEN, f"Permission denied on resource {what} (or it may not exist)")
