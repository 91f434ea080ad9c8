"""Presence is a fold over a set of facts: order, repetition and devices cannot change it."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.evidence import Basis, Evidence, Source
from shared.domain.presence import Heard, Stay, believed, heard_with, stays_of, time_present, united
from tests.builders import at, minutes, seen

instants = st.integers(-40 * 60, 100 * 60).map(lambda s: at(0) + timedelta(seconds=s))
facts = st.builds(
    seen,
    st.sampled_from(["join", "leave"]),
    instants,
    st.sampled_from(["email:omar@school.example", "email:lena@school.example"]),
    device=st.sampled_from([None, "web", "phone"]),
    source=st.sampled_from([Source.BRIDGE, Source.MEET_API, Source.MEET_EVENT]),
)
stays = st.builds(lambda a, b: Stay(min(a, b), max(a, b)), instants, instants)


def _seconds(heard: dict[str, Heard]) -> timedelta:
    return time_present((s for h in heard.values() for s in stays_of(h)), at(0), at(60))


def _brute_force(told: list[Stay], opens_at: datetime, closes_at: datetime) -> int:
    """Seconds covered, by looking at each second on its own."""
    count = int((closes_at - opens_at).total_seconds())
    instant = [opens_at + timedelta(seconds=i) for i in range(count)]
    return sum(1 for i in instant if any(s.left_at and s.joined_at <= i < s.left_at for s in told))


@given(st.lists(facts, max_size=25), st.randoms())
def test_order_and_repetition_do_not_matter(told: list[Evidence], chance: object) -> None:
    doubled = told + told[::2]
    chance.shuffle(doubled)  # type: ignore[attr-defined]
    assert heard_with({}, told) == heard_with({}, doubled)


@given(st.lists(facts, max_size=20), st.integers(0, 20))
def test_folding_in_two_steps_is_folding_at_once(told: list[Evidence], cut: int) -> None:
    assert heard_with(heard_with({}, told[:cut]), told[cut:]) == heard_with({}, told)


@given(st.lists(stays, max_size=8))
def test_time_present_is_what_counting_each_second_gives(told: list[Stay]) -> None:
    assert time_present(told, at(0), at(60)).total_seconds() == _brute_force(told, at(0), at(60))


@given(st.lists(stays, max_size=8), st.integers(-86400, 86400))
def test_shifting_everything_shifts_nothing_in_the_result(told: list[Stay], shift: int) -> None:
    by = timedelta(seconds=shift)
    moved = [Stay(s.joined_at + by, s.left_at + by if s.left_at else None) for s in told]
    assert time_present(moved, at(0) + by, at(60) + by) == time_present(told, at(0), at(60))


@given(st.lists(stays, min_size=1, max_size=6), st.data())
def test_a_covered_device_adds_no_time(told: list[Stay], data: st.DataObject) -> None:
    outer = data.draw(st.sampled_from(told))
    assert outer.left_at is not None
    inner = Stay(outer.joined_at + (outer.left_at - outer.joined_at) / 4, outer.left_at)
    assert time_present([*told, inner], at(0), at(60)) == time_present(told, at(0), at(60))


@given(st.lists(stays, max_size=8))
def test_united_stays_never_overlap(told: list[Stay]) -> None:
    merged = united(told)
    assert all(a.left_at is not None and a.left_at < b.joined_at for a, b in pairwise(merged))


@given(st.lists(facts, max_size=25))
def test_presence_never_exceeds_the_lesson(told: list[Evidence]) -> None:
    assert timedelta() <= _seconds(heard_with({}, told)) <= minutes(60)


def test_three_equal_devices_are_present_once() -> None:
    told = [seen(kind, at(m), device=d) for d in "abc" for kind, m in (("join", 0), ("leave", 60))]
    assert _seconds(heard_with({}, told)) == minutes(60)


def test_waiting_before_the_bell_does_not_count() -> None:
    assert _seconds(heard_with({}, [seen("join", at(-10)), seen("leave", at(20))])) == minutes(20)


def test_a_leave_without_its_join_has_no_length() -> None:
    heard = heard_with({}, [seen("leave", at(20))])
    assert [stays_of(h) for h in heard.values()] == [()]


def test_a_join_without_its_leave_stays_open() -> None:
    heard = heard_with({}, [seen("join", at(20))])
    assert stays_of(next(iter(heard.values()))) == (Stay(at(20), None),)


def test_leaving_and_coming_back_are_two_stays() -> None:
    told = [seen("leave", at(20)), seen("join", at(30)), seen("join", at(0)), seen("leave", at(50))]
    heard = heard_with({}, told)
    assert stays_of(next(iter(heard.values()))) == (Stay(at(0), at(20)), Stay(at(30), at(50)))


def _believe(told: list[Evidence], measured_at: datetime | None = None) -> tuple[tuple[Stay, ...], Basis]:
    belief = believed(heard_with({}, told).values(), measured_at)
    assert belief is not None
    return belief.stays, belief.basis


def _measured(joined: float, left: float | None, connection: str = "c1") -> list[Evidence]:
    told = [seen("join", at(joined), source=Source.MEET_API, connection=connection)]
    return told if left is None else [*told, seen("leave", at(left), source=Source.MEET_API, connection=connection)]


def test_a_measurement_outranks_what_live_events_said() -> None:
    told = [seen("join", at(0)), seen("leave", at(50)), *_measured(2, 48)]
    assert _believe(told, at(70)) == ((Stay(at(2), at(48)),), Basis.MEASURED)


def test_live_events_go_on_after_the_last_measurement() -> None:
    told = [*_measured(2, None), seen("join", at(2)), seen("leave", at(40))]
    assert _believe(told, at(30)) == ((Stay(at(2), at(40)),), Basis.LIVE)


def test_somebody_who_came_back_after_the_measurement_is_there_again() -> None:
    told = [*_measured(2, 20), seen("join", at(2)), seen("leave", at(20)), seen("join", at(35))]
    assert _believe(told, at(30)) == ((Stay(at(2), at(20)), Stay(at(35), None)), Basis.LIVE)


def test_a_record_by_hand_outranks_everything_and_the_newest_one_counts() -> None:
    def by_hand(joined: float, left: float, told_at: float) -> list[Evidence]:
        return [
            seen(kind, at(m), source=Source.MANUAL, connection=f"m{told_at}", received_at=at(told_at))
            for kind, m in (("join", joined), ("leave", left))
        ]

    told = [*_measured(2, 48), *by_hand(0, 60, 100), *by_hand(5, 30, 200)]
    assert _believe(told, at(70)) == ((Stay(at(5), at(30)),), Basis.MANUAL)


@given(st.lists(facts, max_size=20), st.randoms())
def test_what_is_believed_does_not_depend_on_order(told: list[Evidence], chance: object) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = heard_with({}, told), heard_with({}, shuffled)
    assert believed(one.values(), at(30)) == believed(other.values(), at(30))


def test_whoever_left_at_the_instant_of_joining_was_not_there() -> None:
    known = heard_of(seen("join", at(5)), seen("leave", at(5)))
    assert stays_of(known) == ()
    assert stays_of(known, at(60)) == ()


def test_whoever_left_and_came_back_at_one_instant_is_there() -> None:
    known = heard_of(seen("join", at(0)), seen("leave", at(5)), seen("join", at(5)))
    assert stays_of(known) == (Stay(at(0), at(5)), Stay(at(5), None))


def test_a_later_leave_says_that_somebody_was_there_after_all() -> None:
    known = heard_of(seen("join", at(5)), seen("leave", at(5)), seen("leave", at(9)))
    assert stays_of(known) == (Stay(at(5), at(9)),)


def test_the_meetings_end_closes_what_is_open_and_nothing_else() -> None:
    known = heard_of(seen("join", at(0)), seen("leave", at(5)), seen("join", at(10)))
    assert stays_of(known, at(30)) == (Stay(at(0), at(5)), Stay(at(10), at(30)))
    assert stays_of(known, at(8)) == (Stay(at(0), at(5)),)


SKEW = timedelta(seconds=5)


@given(st.lists(stays, max_size=6), st.data())
def test_clocks_that_go_wrong_by_a_little_change_time_by_a_little(told: list[Stay], data: st.DataObject) -> None:
    off = st.integers(-5, 5).map(lambda s: timedelta(seconds=s))
    wrong = [(stay.joined_at + data.draw(off), (stay.left_at or stay.joined_at) + data.draw(off)) for stay in told]
    skewed = [Stay(min(a, b), max(a, b)) for a, b in wrong]
    change = abs(time_present(skewed, at(0), at(60)) - time_present(told, at(0), at(60)))
    assert change <= 2 * SKEW * len(told)


@given(st.lists(facts, max_size=25), st.data())
def test_events_that_were_lost_do_not_matter_once_the_meeting_was_read(told: list[Evidence], data: st.DataObject) -> None:
    """Whatever became of the live events, a person's measured time stands as it was measured."""
    measured = [fact for fact in told if fact.source is Source.MEET_API]
    live = [fact for fact in told if fact.source is not Source.MEET_API]
    arrived = [fact for fact in live if data.draw(st.booleans())]
    for who in {fact.participant.ref for fact in measured}:
        whole = [h for h in heard_with({}, measured + live).values() if h.participant.ref == who]
        gaps = [h for h in heard_with({}, measured + arrived).values() if h.participant.ref == who]
        read_at = at(200)
        assert believed(gaps, read_at) == believed(whole, read_at)


@given(st.lists(facts, max_size=25), st.data())
def test_an_event_that_was_lost_never_adds_a_second_person_or_more_than_the_lesson(
    told: list[Evidence], data: st.DataObject
) -> None:
    arrived = heard_with({}, [fact for fact in told if data.draw(st.booleans())])
    assert arrived.keys() <= heard_with({}, told).keys()
    assert timedelta() <= _seconds(arrived) <= timedelta(hours=1)


def heard_of(*told: Evidence) -> Heard:
    """What was heard of the one connection that the facts tell of."""
    (heard,) = heard_with({}, told).values()
    return heard


def test_a_device_that_two_live_sources_tell_of_is_one_device() -> None:
    who = "email:omar@school.example"
    told = [seen("join", at(0), who), seen("join", at(0), who, source=Source.MEET_EVENT, connection="visit-1")]
    belief = believed(heard_with({}, told).values(), None)
    assert belief is not None
    assert (len(belief.connections), belief.source) == (1, Source.MEET_EVENT)
    measured = {"who": who, "source": Source.MEET_API, "connection": "visit-0"}
    told += [seen("join", at(-9), **measured), seen("leave", at(-8), **measured)]  # type: ignore[arg-type]
    later = believed(heard_with({}, told).values(), at(-5))
    assert later is not None
    assert (len(later.connections), later.stays) == (2, (Stay(at(-9), at(-8)), Stay(at(0), None)))
