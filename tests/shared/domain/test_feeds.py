"""The feed of a class says the truth: live only while nothing contradicts it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.domain.evidence import Evidence, Source
from shared.domain.feeds import Feed, feed_of
from shared.domain.sessions import Session, SyncReport, SyncStatus
from tests.builders import a_class, at, minutes, seen

HELD = a_class()
FRESH = timedelta(minutes=5)


def session(*facts: Evidence, read: float | None = None, status: SyncStatus = SyncStatus.PENDING) -> Session:
    empty = Session(HELD.session_id, HELD.class_id)
    report = SyncReport(status, at(read), "read") if read is not None else None
    has_read = read is not None and status is not SyncStatus.FAILED
    return replace(empty.with_facts(facts), sync=report, measured_at=at(read) if has_read and read is not None else None)


def feed(known: Session | None, now: datetime, *, delivers: bool = False) -> Feed:
    return feed_of(HELD, known, now, delivers=delivers, fresh_for=FRESH)


def joined(source: Source, minute: float, who: str = "google:1", connection: str = "c1") -> Evidence:
    return seen("join", at(minute), who, source=source, connection=connection)


def test_nothing_known_is_none() -> None:
    assert feed(None, at(1)) is Feed.NONE
    assert feed(session(), at(1)) is Feed.NONE


def test_a_working_channel_is_live_though_nobody_came_yet() -> None:
    assert feed(None, at(1), delivers=True) is Feed.LIVE


def test_a_reading_is_polling_while_it_is_fresh_and_stale_after_that() -> None:
    known = session(joined(Source.MEET_API, 1), read=2)
    assert feed(known, at(2)) is Feed.POLLING
    assert feed(known, at(7)) is Feed.POLLING
    assert feed(known, at(7.1)) is Feed.STALE


def test_an_empty_room_that_is_read_is_polled_and_unknown_after_that() -> None:
    known = session(read=2, status=SyncStatus.NO_DATA)
    assert feed(known, at(3)) is Feed.POLLING
    assert feed(known, at(9)) is Feed.NONE


def test_a_reading_that_was_refused_is_no_polling() -> None:
    assert feed(session(read=2, status=SyncStatus.FAILED), at(3)) is Feed.NONE


def test_what_the_channel_did_not_tell_makes_it_polling() -> None:
    known = session(joined(Source.MEET_API, 1), read=2)
    assert feed(known, at(2), delivers=True) is Feed.POLLING


def test_a_channel_that_told_the_newest_thing_is_live_again() -> None:
    missed = joined(Source.MEET_API, 1)
    told = [joined(source, 3, "google:2", "c2") for source in (Source.MEET_API, Source.MEET_EVENT)]
    assert feed(session(missed, *told, read=4), at(4), delivers=True) is Feed.LIVE


def test_an_event_may_be_on_its_way_for_half_a_minute() -> None:
    known = session(joined(Source.MEET_API, 1.75), read=2)
    assert feed(known, at(2), delivers=True) is Feed.LIVE
    assert feed(replace(known, measured_at=at(2.5)), at(2.5), delivers=True) is Feed.POLLING


def test_a_leave_that_was_not_told_is_missed_too() -> None:
    both = [joined(source, 1) for source in (Source.MEET_API, Source.MEET_EVENT)]
    left = seen("leave", at(5), "google:1", source=Source.MEET_API, connection="c1")
    assert feed(session(*both, left, read=8), at(8), delivers=True) is Feed.POLLING


def test_pushes_that_came_once_do_not_keep_a_broken_channel_live() -> None:
    assert feed(session(joined(Source.MEET_EVENT, 1)), at(2)) is Feed.STALE


@pytest.mark.parametrize("source", [Source.BRIDGE, Source.ZOOM_WEBHOOK])
def test_a_source_without_a_channel_is_live_when_it_tells_something(source: Source) -> None:
    assert feed(session(joined(source, 1)), at(50)) is Feed.LIVE


def test_a_bridge_that_misses_what_meet_shows_is_not_live() -> None:
    known = session(joined(Source.BRIDGE, 1, "email:ada@school.example"), joined(Source.MEET_API, 5), read=6)
    assert feed(known, at(6)) is Feed.POLLING
    assert minutes(1) < FRESH
