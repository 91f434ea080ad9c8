"""What Google pushes: each event looks at its visit again, so order, repetition and loss do not matter."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event

import pytest

from shared.domain.channels import ChannelState
from shared.domain.classes import with_due
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.domain.evidence import PersonKind, Source
from shared.ports import Conference, MeasuredStay, MeetingReading, TaskKind, VisitNews
from shared.usecases.file_meet_events import MeetEvent, Said
from tests.builders import a_class, at
from tests.fake_feeds import FakeVisits
from tests.house import DELAYS, House

TEACHER, RECORD = a_class().teacher_email, "conferenceRecords/rec-1"


def subscribed(house: House) -> str:
    """A class that is on, with its teacher's channel; the subscription's name."""
    house.classes.add([with_due(a_class(), DELAYS)], None)
    house.want(TEACHER)
    house.keep()
    house.clock.at = at(0)
    house.tick()
    house.visits.conferences[RECORD] = Conference(RECORD, "abc-mnop-xyz", at(0), None)
    found = house.channels.get(TEACHER)
    assert found is not None
    assert found.value.name is not None
    return found.value.name


def visit(house: House, person: str, joined: float, left: float | None, device: str = "a") -> str:
    """A visit as Meet has it, under its resource name."""
    name = f"{RECORD}/participants/{person}/participantSessions/{device}{joined}"
    house.visits.there[name] = MeasuredStay(
        name, f"google:{person}", f"Person {person}", PersonKind.SIGNED_IN, at(joined), at(left) if left is not None else None
    )
    return name


def event(subscription: str, said: Said, resource: str, when: datetime, number: int = 0) -> MeetEvent:
    return MeetEvent(f"ce-{said}-{resource}-{number}", said, subscription, resource, when)


def live(house: House) -> dict[str, tuple[bool, int]]:
    """Who is in the room by name, and with how many seconds."""
    watched = house.watch.one(a_class().session_id)
    now = house.clock()
    return {row.display_name or "": (row.is_present(now), row.seconds(now)) for row in watched.rows if row.source}


def test_a_join_is_in_the_live_view_when_its_push_is_answered(house: House) -> None:
    subscription = subscribed(house)
    name = visit(house, "7", 1, None)
    house.clock.at = at(2)
    taken = house.meet_events(event(subscription, Said.JOINED, name, at(1)))
    assert (taken.status, taken.new) == ("filed", 1)
    assert live(house) == {"Person 7": (True, 60)}
    (fact,) = house.evidence.in_room("google_meet:abcmnopxyz", at(-60), at(60))
    assert (fact.source, fact.at, fact.connection) == (Source.MEET_EVENT, at(1), name)


def test_a_leave_tells_the_join_that_was_lost(house: House) -> None:
    subscription = subscribed(house)
    house.clock.at = at(30)
    assert house.meet_events(event(subscription, Said.LEFT, visit(house, "7", 1, 21), at(21))).new == 2
    assert live(house) == {"Person 7": (False, 20 * 60)}


def test_an_event_that_comes_twice_changes_nothing(house: House) -> None:
    subscription = subscribed(house)
    told = event(subscription, Said.JOINED, visit(house, "7", 1, None), at(1))
    assert [house.meet_events(told).new for _ in range(3)] == [1, 0, 0]
    assert len(house.evidence.in_room("google_meet:abcmnopxyz", at(-60), at(60))) == 1


def test_the_end_of_the_conference_closes_what_is_open_and_a_later_leave_corrects_it(house: House) -> None:
    subscription = subscribed(house)
    name = visit(house, "7", 1, None)
    house.meet_events(event(subscription, Said.JOINED, name, at(1)))
    house.visits.conferences[RECORD] = Conference(RECORD, "abc-mnop-xyz", at(0), at(31))
    house.clock.at = at(40)
    house.meet_events(event(subscription, Said.ENDED, RECORD, at(31)))
    assert live(house) == {"Person 7": (False, 30 * 60)}
    visit(house, "7", 1, 26)
    house.meet_events(event(subscription, Said.LEFT, name, at(26)))
    assert live(house) == {"Person 7": (False, 25 * 60)}


def test_a_meeting_without_a_class_is_nobodys_business(house: House) -> None:
    subscription = subscribed(house)
    house.visits.conferences["conferenceRecords/private"] = Conference("conferenceRecords/private", "pri-vate-one", at(0), None)
    name = "conferenceRecords/private/participants/1/participantSessions/1"
    house.visits.there[name] = MeasuredStay(name, "google:1", "A Friend", PersonKind.SIGNED_IN, at(0), None)
    assert house.meet_events(event(subscription, Said.JOINED, name, at(0))).status == "ignored"
    assert house.visits.asked == []
    assert house.evidence.in_room("google_meet:privateone", at(-60), at(60)) == ()


def test_an_event_of_an_unknown_subscription_or_conference_is_ignored_by_name(house: House) -> None:
    subscription = subscribed(house)
    name = visit(house, "7", 1, None)
    assert "subscriptions/strange" in house.meet_events(event("subscriptions/strange", Said.JOINED, name, at(1))).detail
    gone = name.replace("rec-1", "rec-2")
    house.clock.at = at(4)
    assert house.meet_events(event(subscription, Said.JOINED, gone, at(1))).detail == "Meet does not have this conference"
    assert house.meet_events(event(subscription, Said.STARTED, RECORD, at(0))).status == "ignored"


@pytest.mark.parametrize("trouble", [Unavailable("busy"), UpstreamRefused("Insufficient permissions", "Grant it.")])
def test_what_cannot_be_read_is_not_acknowledged_as_filed(house: House, trouble: Exception) -> None:
    subscription = subscribed(house)
    house.visits.trouble = trouble  # type: ignore[assignment]
    with pytest.raises(type(trouble)):
        house.meet_events(event(subscription, Said.JOINED, visit(house, "7", 1, None), at(1)))
    house.visits.trouble = None
    assert house.meet_events(event(subscription, Said.JOINED, visit(house, "7", 1, None), at(1))).new == 1


def test_what_meet_does_not_show_yet_is_asked_for_again_and_given_up_after_two_minutes(house: House) -> None:
    subscription = subscribed(house)
    house.clock.at = at(1)
    conference = house.visits.conferences.pop(RECORD)
    name = visit(house, "7", 1, None)
    with pytest.raises(Unavailable):
        house.meet_events(event(subscription, Said.JOINED, name, at(1)))
    house.visits.conferences[RECORD] = conference
    stay = house.visits.there.pop(name)
    with pytest.raises(Unavailable):
        house.meet_events(event(subscription, Said.JOINED, name, at(1)))
    house.visits.there[name] = stay
    assert house.meet_events(event(subscription, Said.JOINED, name, at(1))).new == 1
    house.clock.at = at(3)
    del house.visits.there[name]
    assert house.meet_events(event(subscription, Said.LEFT, name, at(1))).status == "filed"


class SlowVisits(FakeVisits):
    """Visits whose first reading waits until others have come."""

    def __init__(self, fast: FakeVisits) -> None:
        super().__init__(fast.conferences, fast.there)
        self.go_on = Event()

    def visits(self, organiser: str, conference: str, news: Sequence[VisitNews]) -> tuple[MeasuredStay, ...]:
        if not self.asked:
            self.asked.append(())
            self.go_on.wait(10)
        return super().visits(organiser, conference, news)


def test_events_of_one_conference_that_come_together_are_read_together(house: House) -> None:
    subscription = subscribed(house)
    names = [visit(house, str(number), 1, None) for number in range(12)]
    slow = SlowVisits(house.visits)
    take = replace(house.meet_events, visits=slow)
    with ThreadPoolExecutor(12) as pool:
        answers = [pool.submit(take, event(subscription, Said.JOINED, name, at(1))) for name in names]
        while sum(len(waiting) for waiting in list(take.waiting.values())) < 11:
            pass
        slow.go_on.set()
        assert {answer.result(20).status for answer in answers} == {"filed"}
    assert [len(asked) for asked in slow.asked] == [0, 1, 11]
    house.clock.at = at(2)
    assert len(live(house)) == 12


def test_everybody_who_waits_gets_the_trouble(house: House) -> None:
    subscription = subscribed(house)
    house.visits.trouble = Unavailable("busy")
    names = [visit(house, str(number), 1, None) for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(house.meet_events, event(subscription, Said.JOINED, name, at(1))) for name in names]
        assert all(isinstance(one.exception(20), Unavailable) for one in asked)
    assert house.meet_events.waiting == {}


def test_a_suspended_subscription_is_no_live_feed_any_more_and_is_seen_to_now(house: House) -> None:
    subscription = subscribed(house)
    assert house.push is not None
    house.push.suspends("USER_SCOPE_REVOKED")
    house.clock.passes(timedelta(minutes=1))
    before = len(house.tasks.of(TaskKind.CHANNEL))
    told = MeetEvent("ce-9", Said.SUSPENDED, subscription, "", house.clock(), "USER_SCOPE_REVOKED")
    assert house.meet_events(told).status == "filed"
    known = house.channels.get_many([TEACHER])[TEACHER]
    assert (known.state, known.reason) == (ChannelState.SUSPENDED, "USER_SCOPE_REVOKED")
    assert not known.delivers(house.clock())
    assert len(house.tasks.of(TaskKind.CHANNEL)) == before + 1
    house.keep.one(TEACHER)
    assert house.channels.get_many([TEACHER])[TEACHER].delivers(house.clock())


@pytest.mark.parametrize("said", [Said.EXPIRED, Said.REMINDED])
def test_a_subscription_that_expires_is_made_or_renewed(house: House, said: Said) -> None:
    subscription = subscribed(house)
    assert house.push is not None
    house.clock.passes(timedelta(minutes=1))
    if said is Said.EXPIRED:
        house.push.there.clear()
    house.meet_events(MeetEvent("ce-9", said, subscription, "", house.clock()))
    house.keep.one(TEACHER)
    assert house.push.calls[-1] == ("create" if said is Said.EXPIRED else "renew")
    assert house.channels.get_many([TEACHER])[TEACHER].delivers(house.clock())


def test_a_message_about_an_older_subscription_does_not_touch_the_present_one(house: House) -> None:
    subscription = subscribed(house)
    house.meet_events(event(subscription, Said.JOINED, visit(house, "7", 1, None), at(1)))
    found = house.channels.get(TEACHER)
    assert found is not None
    house.channels.save(found, replace(found.value, name="subscriptions/newer", rev=found.value.rev + 1))
    told = MeetEvent("ce-9", Said.EXPIRED, subscription, "", house.clock())
    assert house.meet_events(told).detail == "the subscription is not the teacher's present one"


@pytest.mark.parametrize("mode", ["on", "off", "doubled", "shuffled", "half lost"])
def test_the_settled_attendance_is_the_same_whatever_became_of_the_pushes(house: House, mode: str) -> None:
    subscription = subscribed(house)
    stays = [("1", 0, 60), ("2", 5, 25), ("2", 30, 55), ("3", 2, 58), ("3", 20, 40)]
    names = [visit(house, person, joined, left, device=str(n)) for n, (person, joined, left) in enumerate(stays)]
    events = [event(subscription, Said.JOINED, name, at(1)) for name in names]
    events += [event(subscription, Said.LEFT, name, at(59)) for name in names]
    events.append(event(subscription, Said.ENDED, RECORD, at(60)))
    house.clock.at = at(60)
    house.visits.conferences[RECORD] = Conference(RECORD, "abc-mnop-xyz", at(0), at(60))
    dice = random.Random(3)
    match mode:
        case "off":
            events = []
        case "doubled":
            events = events + events
        case "shuffled":
            dice.shuffle(events)
        case "half lost":
            events = [one for one in events if dice.random() < 0.5]
    for one in events:
        house.meet_events(one)
    house.tick()
    house.records.reading = MeetingReading(
        1, is_over=True, stays=tuple(house.visits.there[name] for name in names),
        identities={"google:1": TEACHER, "google:2": "omar@school.example"}, expires_at=None,
    )  # fmt: skip
    house.clock.at = at(61)
    house.sync(a_class().class_id)
    rows = house.watch.one(a_class().session_id).rows
    told = {row.email or row.display_name: (row.status, row.seconds(at(90)), row.basis, row.devices) for row in rows}
    assert told == {
        TEACHER: ("present", 3600, "measured", 1),
        "lena@school.example": ("absent", 0, "measured", 0),
        "omar@school.example": ("present", 2700, "measured", 1),
        "Person 3": ("present", 3360, "measured", 2),
    }
