"""People in Zoom's meetings: who joins, waits, is let in, moves to a breakout room and leaves, and the events that tell it."""

from dataclasses import dataclass

from infra.local.simulator.refusals import Impossible
from infra.local.simulator.zoom import events
from infra.local.simulator.zoom.events import ZoomEvent
from infra.local.simulator.zoom.meetings import Holding, Meeting, Row, Visit
from infra.local.simulator.zoom.world import ZoomWorld

LEFT = "left the meeting"
HOST_ENDED = "Host ended the meeting."
TO_BREAKOUT = "left the meeting to join breakout room"
FROM_BREAKOUT = "leave breakout room to join main meeting"
BREAKOUT_LEFT = "Leave breakout room."

Told = tuple[ZoomEvent, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is: the meeting, the time that it is held, and the device."""

    meeting: Meeting
    holding: Holding
    visit: Visit


def join(world: ZoomWorld, meeting: Meeting, visit: Visit, at: int, *, waits: bool | None) -> Told:
    """Let a device come: into the meeting, the waiting room, or to wait for the host.

    `waits` None leaves the waiting room to the meeting's own setting; hosts never wait. A meeting that is not on begins.
    """
    is_host = visit.account_id == meeting.host_id
    told: list[ZoomEvent] = []
    if meeting.live is None:
        _must_be_after_all(meeting, at)
        if not is_host and not meeting.settings.get("join_before_host", True):
            meeting.early.append(visit)
            return (events.before_host("jbh_waiting", meeting, visit, at),)
        if not is_host:
            told.append(events.before_host("jbh_joined", meeting, visit, at))
        told.append(_begin(world, meeting, at))
    early, meeting.early = (meeting.early, []) if is_host else ([], meeting.early)
    for one in (visit, *early):
        outside = meeting.settings.get("waiting_room", False) if waits is None else waits
        told += _come(meeting, one, at, outside=outside and one.account_id != meeting.host_id)
    return tuple(told)


def admit(place: Place, at: int) -> Told:
    """Let a device in that is in the waiting room."""
    row = _open(place.visit, "waiting_room", "is not in the waiting room")
    _close(row, at)
    return (
        _moved("admitted", place, at),
        _moved("left_waiting_room", place, at),
        *_enter(place, at),
    )


def put_in_waiting_room(place: Place, at: int) -> Told:
    """Put a device out of the meeting into the waiting room, whence it may be let in again with the same `user_id`."""
    if place.visit.open_in("breakout"):
        raise Impossible(409, "user_id", "this device is in a breakout room; take it out first with /unbreakout")
    row = _open(place.visit, "meeting", "is not in the meeting")
    _close(row, at)
    place.visit.is_told_as_in = False
    told = [_moved("put_in_waiting_room", place, at), _moved("joined_waiting_room", place, at)]
    place.visit.rows.append(Row(place.visit.user_id, "waiting_room", at))
    return (*told, *_end_when_empty(place, at))


def leave(place: Place, at: int, reason: str = LEFT) -> Told:
    """Let a device go, wherever it is; the meeting is over when it was the last."""
    told: list[ZoomEvent] = []
    visit = place.visit
    if visit.open_in("waiting_room"):
        told.append(_moved("left_waiting_room", place, at))
    was_in, room = visit.open_in("meeting"), visit.open_in("breakout")
    if room is not None:
        told.append(_breakout("left_breakout_room", place, at, room, BREAKOUT_LEFT))
    still = [row for row in visit.rows if row.until is None]
    if not still:
        raise Impossible(409, "user_id", "this device has left already; join again for a new id")
    for row in still:
        _not_before(row, at)
    for row in still:
        row.until = at
    if visit.is_told_as_in:
        told.append(_left(place, at, reason))
    return (*told, *(_end_when_empty(place, at) if was_in is not None else ()))


def breakout(world: ZoomWorld, place: Place, at: int, room_uuid: str) -> Told:
    """Let a device move from the main room to a breakout room, where it has a `user_id` of its own."""
    visit = place.visit
    main = _open(visit, "meeting", "is not in the meeting")
    if visit.open_in("breakout"):
        raise Impossible(409, "user_id", "this device is in a breakout room already; take it out first with /unbreakout")
    _not_before(main, at)
    told = [_left(place, at, TO_BREAKOUT)]
    visit.user_ids.append(place.holding.next_user_id())
    row = Row(visit.user_id, "breakout", at, room=room_uuid)
    visit.rows.append(row)
    if world.knobs.breakout_rejoin:
        told.append(_joined(place, at))
    return (*told, _breakout("joined_breakout_room", place, at, row, None))


def unbreakout(world: ZoomWorld, place: Place, at: int) -> Told:
    """Bring a device back to the main room, under a new `user_id`, or the first one where Zoom is set not to rejoin."""
    visit = place.visit
    row = _open(visit, "breakout", "is in no breakout room")
    _close(row, at)
    told = [_breakout("left_breakout_room", place, at, row, BREAKOUT_LEFT)]
    if world.knobs.breakout_rejoin:
        told.append(_left(place, at, FROM_BREAKOUT))
        visit.user_ids.append(place.holding.next_user_id())
    else:
        visit.user_ids.append(_open(visit, "meeting", "is not in the meeting").user_id)
    return (*told, _joined(place, at))


def end(meeting: Meeting, at: int) -> Told:
    """End the meeting for everybody. Zoom tells of the end first and of those who were in it after that."""
    holding = meeting.live
    if holding is None:
        return ()
    if any(visit.latest > at for visit in holding.visits):
        raise Impossible(422, "at", "somebody came or went after this instant")
    holding.ended = at
    told = [events.ended(meeting, holding, at)]
    for visit in holding.visits:
        if any(row.until is None for row in visit.rows):
            told += leave(Place(meeting, holding, visit), at, HOST_ENDED)
    return tuple(told)


def _begin(world: ZoomWorld, meeting: Meeting, at: int) -> ZoomEvent:
    if meeting.holdings:
        meeting.uuid = world.uuid()
    holding = Holding(meeting.uuid, at)
    meeting.holdings.append(holding)
    return events.started(meeting, holding)


def _come(meeting: Meeting, visit: Visit, at: int, *, outside: bool) -> Told:
    holding = meeting.live
    if holding is None:
        raise AssertionError("a meeting that somebody comes to is on")
    holding.started = min(holding.started, at)
    holding.visits.append(visit)
    visit.user_ids.append(holding.next_user_id())
    place = Place(meeting, holding, visit)
    if not outside:
        return _enter(place, at)
    visit.rows.append(Row(visit.user_id, "waiting_room", at))
    return (_moved("joined_waiting_room", place, at),)


def _enter(place: Place, at: int) -> Told:
    place.visit.rows.append(Row(place.visit.user_id, "meeting", at))
    return (_joined(place, at),)


def _end_when_empty(place: Place, at: int) -> Told:
    """The meeting is over when nobody is in it; who waits outside is sent away."""
    meeting, holding = place.meeting, place.holding
    if holding.ended is not None or not holding.is_empty:
        return ()
    over = max(at, *(visit.latest for visit in holding.visits))
    waiting = [visit for visit in holding.visits if visit.open_in("waiting_room")]
    holding.ended = over
    told = [one for visit in waiting for one in leave(Place(meeting, holding, visit), over)]
    return (*told, events.ended(meeting, holding, over))


def _joined(place: Place, at: int) -> ZoomEvent:
    place.visit.is_told_as_in = True
    return events.joined(place.meeting, place.holding, place.visit, at)


def _left(place: Place, at: int, reason: str) -> ZoomEvent:
    place.visit.is_told_as_in = False
    return events.left(place.meeting, place.holding, place.visit, at, reason)


def _must_be_after_all(meeting: Meeting, at: int) -> None:
    last = meeting.holdings[-1] if meeting.holdings else None
    if last is not None and last.ended is not None and at < last.ended:
        raise Impossible(422, "at", "the meeting was over only after this instant; give a later one")


def _moved(name: str, place: Place, at: int) -> ZoomEvent:
    return events.moved(name, place.meeting, place.holding, place.visit, at)


def _breakout(name: str, place: Place, at: int, row: Row, reason: str | None) -> ZoomEvent:
    main = next(one for one in reversed(place.visit.rows) if one.place == "meeting" and one.since <= row.since)
    ids = (row.room or "", row.user_id, main.user_id)
    return events.in_breakout(name, place.meeting, place.holding, place.visit, at, ids, reason)


def _open(visit: Visit, place: str, trouble: str) -> Row:
    row = next((one for one in visit.rows if one.place == place and one.until is None), None)
    if row is None:
        raise Impossible(409, "user_id", f"this device {trouble}")
    return row


def _close(row: Row, at: int) -> None:
    _not_before(row, at)
    row.until = at


def _not_before(row: Row, at: int) -> None:
    if at < row.since:
        raise Impossible(422, "at", "the device came there after this instant")
