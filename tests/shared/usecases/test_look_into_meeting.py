"""Looking into a meeting while it is on: gaps of the feed are filled, and a live feed is made sure of."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.classes import ScheduledClass, with_due
from shared.domain.errors import NotFound, Unavailable, UpstreamRefused
from shared.domain.evidence import PersonKind, Source
from shared.domain.feeds import Feed
from shared.ports import MeasuredStay, MeetingReading, TaskKind
from tests.builders import a_class, at, seen
from tests.house import DELAYS, POLL, VERIFY, House

CLASS = a_class()
STAY = MeasuredStay("c1", "google:7", "Omar", PersonKind.SIGNED_IN, at(1), None)


def on(house: House, booked: ScheduledClass = CLASS) -> None:
    """A class that is on, its first look due."""
    house.classes.add([with_due(booked, DELAYS)], None)
    house.clock.at = at(0)
    house.tick()
    house.clock.passes(timedelta(minutes=5))
    house.records.reading = MeetingReading(1, is_over=False, stays=(STAY,), identities={}, expires_at=None)


def delivering(house: House) -> None:
    house.want(CLASS.teacher_email)
    house.keep()


def look_at(house: House) -> object:
    return house.classes.get(CLASS.class_id).look_at


def test_without_a_channel_the_meeting_is_polled_and_the_next_look_planned(house: House) -> None:
    on(house)
    found = house.look(CLASS.class_id)
    assert found is not None
    assert (found.feed, found.is_read) == (Feed.POLLING, True)
    assert look_at(house) == house.clock() + POLL
    assert house.tasks.of(TaskKind.LOOK)[-1].at == house.clock() + POLL
    (row,) = [row for row in house.watch.one(CLASS.session_id).rows if row.source]
    assert (row.display_name, row.is_present(house.clock())) == ("Omar", True)


def test_a_live_feed_is_made_sure_of_every_ten_minutes(house: House) -> None:
    on(house)
    delivering(house)
    house.file(seen("join", at(1), "google:7", source=Source.MEET_EVENT, connection="c1"))
    first = house.look(CLASS.class_id)
    assert first is not None
    assert (first.feed, first.is_read, first.next_at) == (Feed.LIVE, True, house.clock() + VERIFY)


def test_a_feed_that_is_called_live_but_lacks_somebody_is_polled_from_then_on(house: House) -> None:
    on(house)
    delivering(house)
    found = house.look(CLASS.class_id)
    assert found is not None
    assert (found.feed, found.next_at) == (Feed.POLLING, house.clock() + POLL)


def test_a_task_that_comes_twice_looks_once(house: House) -> None:
    on(house)
    house.look(CLASS.class_id)
    before = len(house.tasks.of(TaskKind.LOOK))
    assert house.look(CLASS.class_id) is None
    assert len(house.tasks.of(TaskKind.LOOK)) == before


def test_a_look_that_was_lost_is_found_by_the_tick(house: House) -> None:
    on(house)
    house.look(CLASS.class_id)
    house.clock.passes(POLL + timedelta(seconds=91))
    house.tick()
    assert house.tasks.of(TaskKind.LOOK)[-1].at == house.clock()
    found = house.look(CLASS.class_id)
    assert found is not None
    assert found.is_read


@pytest.mark.parametrize("trouble", [Unavailable("busy"), UpstreamRefused("Insufficient permissions", "Grant it.")])
def test_a_meeting_that_cannot_be_read_is_looked_into_again_and_called_unknown(house: House, trouble: Exception) -> None:
    on(house)
    house.records.trouble = trouble  # type: ignore[assignment]
    found = house.look(CLASS.class_id)
    assert found is not None
    assert (found.feed, found.trouble, found.next_at) == (Feed.NONE, trouble, house.clock() + POLL)
    house.records.trouble = None
    house.clock.passes(POLL)
    again = house.look(CLASS.class_id)
    assert again is not None
    assert again.feed is Feed.POLLING


def test_a_class_that_is_over_or_absent_is_not_looked_into(house: House) -> None:
    on(house)
    house.clock.at = at(60)
    house.tick()
    assert look_at(house) is None
    assert house.look(CLASS.class_id) is None
    with pytest.raises(NotFound):
        house.look("0" * 32)


def test_polling_writes_only_the_rows_that_changed(house: House) -> None:
    on(house)
    house.look(CLASS.class_id)
    rows = house.watch.one(CLASS.session_id).rows
    house.clock.passes(POLL)
    stored: list[int] = []
    commit = house.fold.sessions.store

    class Counting:
        """The sessions, counting the rows that are written."""

        def __getattr__(self, name: str) -> object:
            return getattr(house.sessions, name)

        def store(self, folds: object) -> object:
            stored.extend(len(fold.rows) for fold in folds)  # type: ignore[attr-defined]
            return commit(folds)  # type: ignore[arg-type]

    counted = replace(house.fold, sessions=Counting())  # type: ignore[arg-type]
    replace(house.look, sync=replace(house.sync, fold=counted))(CLASS.class_id)
    assert stored == [0]
    assert house.watch.one(CLASS.session_id).rows == rows


def test_polling_alone_gives_the_same_live_view_as_pushes(house: House) -> None:
    on(house)
    house.look(CLASS.class_id)
    house.clock.passes(POLL)
    house.records.reading = MeetingReading(
        1, is_over=False, stays=(replace(STAY, left_at=at(5)),), identities={}, expires_at=None
    )
    house.look(CLASS.class_id)
    (row,) = [row for row in house.watch.one(CLASS.session_id).rows if row.source]
    assert (row.is_present(house.clock()), row.seconds(house.clock())) == (False, 240)


def test_somebody_who_came_a_moment_ago_and_was_not_pushed_yet_is_worth_a_look_soon(house: House) -> None:
    on(house)
    delivering(house)
    just_now = replace(STAY, joined_at=house.clock() - timedelta(seconds=5))
    house.records.reading = MeetingReading(1, is_over=False, stays=(just_now,), identities={}, expires_at=None)
    found = house.look(CLASS.class_id)
    assert found is not None
    assert (found.feed, found.next_at) == (Feed.LIVE, house.clock() + POLL)
    house.clock.passes(POLL)
    again = house.look(CLASS.class_id)
    assert again is not None
    assert (again.feed, again.is_read) == (Feed.POLLING, True)
