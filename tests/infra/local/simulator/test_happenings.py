"""What happened in a room between two looks at it."""

from infra.local.simulator import visits
from infra.local.simulator.happenings import Picture
from infra.local.simulator.rooms import Rooms, Space
from infra.local.simulator.subscriptions import CONFERENCE_ENDED, CONFERENCE_STARTED, PARTICIPANT_JOINED, PARTICIPANT_LEFT
from infra.local.simulator.visits import Comer

BEN = Comer("signed_in", "Ben", "ben@school.example", device="laptop")
GUEST = Comer("anonymous", "Guest")


def told(before: Picture, space: Space) -> list[tuple[str, int]]:
    """What happened and when."""
    return [(one.event_type, one.at) for one in before.happened(space)]


def test_the_first_to_come_begins_a_conference_and_the_last_to_go_ends_it() -> None:
    rooms = Rooms()
    space = rooms.open_space("ada@school.example")
    before = Picture.of(space)
    _, ben = visits.join(rooms, space, BEN, 10)
    assert told(before, space) == [(CONFERENCE_STARTED, 10), (PARTICIPANT_JOINED, 10)]
    before = Picture.of(space)
    _, guest = visits.join(rooms, space, GUEST, 20)
    assert told(before, space) == [(PARTICIPANT_JOINED, 20)]
    before = Picture.of(space)
    visits.leave(space, ben.stay_id, 30)
    assert told(before, space) == [(PARTICIPANT_LEFT, 30)]
    before = Picture.of(space)
    visits.leave(space, guest.stay_id, 40)
    assert told(before, space) == [(PARTICIPANT_LEFT, 40), (CONFERENCE_ENDED, 40)]
    assert told(Picture.of(space), space) == []


def test_the_end_of_a_meeting_is_everybodys_leaving_and_the_conferences_end() -> None:
    rooms = Rooms()
    space = rooms.open_space("ada@school.example")
    visits.join(rooms, space, BEN, 10)
    visits.join(rooms, space, GUEST, 20)
    before = Picture.of(space)
    visits.end(space, 30)
    assert told(before, space) == [(PARTICIPANT_LEFT, 30), (PARTICIPANT_LEFT, 30), (CONFERENCE_ENDED, 30)]


def test_who_reloads_leaves_and_joins_at_once() -> None:
    rooms = Rooms()
    space = rooms.open_space("ada@school.example")
    visits.join(rooms, space, BEN, 10)
    before = Picture.of(space)
    visits.join(rooms, space, BEN, 20)
    assert told(before, space) == [(PARTICIPANT_LEFT, 20), (PARTICIPANT_JOINED, 20)]


def test_things_are_named_as_google_names_them() -> None:
    rooms = Rooms()
    space = rooms.open_space("ada@school.example")
    before = Picture.of(space)
    participant, stay = visits.join(rooms, space, BEN, 10)
    record = f"conferenceRecords/{space.conferences[0].record_id}"
    session = f"{record}/participants/{participant.participant_id}/participantSessions/{stay.stay_id}"
    assert [one.name for one in before.happened(space)] == [record, session]
