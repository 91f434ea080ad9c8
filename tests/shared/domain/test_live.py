"""The live view: what happened between two states is told once, and whoever adds it up has the state."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import AttendanceStatus, Match, Role
from shared.domain.classes import Status
from shared.domain.live import (
    Change,
    ChangeKind,
    LiveClass,
    LivePerson,
    LiveReading,
    LiveRegistration,
    LiveSession,
    changes,
    live_class,
)
from shared.domain.sessions import SyncStatus
from tests.builders import a_class, at

OMAR, LENA, ADA = "omar@school.example", "lena@school.example", "ada@school.example"


def on_air(**other: object) -> LiveClass:
    held = live_class(a_class(status=Status.ACTIVE, course_id="maths", opened_at=at(0)))
    assert held is not None
    return replace(held, **other)  # type: ignore[arg-type]


def person(row_id: str, came: float | None = None, went: float | None = None, email: str | None = OMAR) -> LivePerson:
    joined = None if came is None else at(came)
    left = None if went is None else at(went)
    match = Match.UNMATCHED if email is None else Match.EXACT_EMAIL
    return LivePerson(row_id, email, "Omar", Role.STUDENT, match, AttendanceStatus.UNKNOWN, joined, joined, left, 1)


def session(*people: LivePerson, rev: int = 1, **other: object) -> LiveSession:
    state = LiveSession(on_air(), {each.row_id: each for each in people}, rev=rev)
    return replace(state, **other)  # type: ignore[arg-type]


def kinds(told: tuple[Change, ...]) -> list[ChangeKind]:
    return [each.kind for each in told]


def test_a_class_is_seen_once_it_has_begun_and_belongs_to_a_course() -> None:
    assert live_class(a_class(course_id="maths")) is None
    assert live_class(a_class(opened_at=at(0))) is None
    assert on_air().people == (ADA, OMAR, LENA)
    assert on_air().meeting_id == "abc-mnop-xyz"


def test_a_start_and_an_end_are_told_once() -> None:
    over = session(rev=2, held=on_air(status=Status.COMPLETED))
    assert kinds(changes(None, session())) == [ChangeKind.STARTED]
    assert kinds(changes(session(), session(rev=2))) == []
    assert kinds(changes(session(), over)) == [ChangeKind.ENDED]
    assert changes(None, over) == ()
    assert kinds(changes(over, session(rev=3))) == [ChangeKind.STARTED]


def test_an_older_state_is_no_news() -> None:
    assert changes(session(rev=5), session(person("a", 1), rev=5)) == ()
    assert changes(session(rev=5), session(person("a", 1), rev=4)) == ()


def test_coming_and_going() -> None:
    empty, inside, gone = session(), session(person("a", 1), rev=2), session(person("a", 1, 5), rev=3)
    assert kinds(changes(empty, inside)) == [ChangeKind.JOINED]
    assert kinds(changes(inside, gone)) == [ChangeKind.LEFT]
    assert kinds(changes(inside, session(person("a", 6), rev=3))) == [ChangeKind.LEFT, ChangeKind.JOINED]
    assert kinds(changes(inside, session(rev=3))) == [ChangeKind.LEFT]
    assert changes(empty, gone) == ()


def test_somebody_unknown_who_turns_out_to_be_a_student_is_linked_and_did_not_leave() -> None:
    unknown, known = person("x", 1, email=None), person("a", 1)
    told = changes(session(unknown), session(known, rev=2))
    assert kinds(told) == [ChangeKind.LINKED]
    assert told[0].person == known


def test_of_two_unknown_people_who_came_together_one_is_linked_and_the_other_left() -> None:
    both = session(person("x", 1, email=None), person("y", 1, email=None))
    told = changes(both, session(person("a", 1), rev=2))
    assert kinds(told) == [ChangeKind.LINKED, ChangeKind.LEFT]
    stays = session(person("x", 1, email=None), person("a", 1))
    assert kinds(changes(stays, session(person("a", 1), rev=2))) == [ChangeKind.LEFT]


def test_a_registered_person_who_is_seen_is_linked() -> None:
    claim = {"r": LiveRegistration("r", OMAR, at(-1))}
    told = changes(session(registrations=claim), session(person("a", 1), rev=2, registrations=claim))
    assert kinds(told) == [ChangeKind.LINKED, ChangeKind.JOINED]


def test_registrations_come_and_go_and_the_last_one_ends_them_all() -> None:
    one, two = LiveRegistration("1", OMAR, at(0)), LiveRegistration("2", LENA, at(0))
    both = session(registrations={"1": one, "2": two})
    half = session(rev=2, registrations={"1": replace(one, left_at=at(9)), "2": two})
    none = session(rev=3, registrations={"1": replace(one, left_at=at(9)), "2": replace(two, left_at=at(9))})
    assert kinds(changes(session(rev=0), both)) == [ChangeKind.REGISTERED, ChangeKind.REGISTERED]
    assert kinds(changes(both, half)) == [ChangeKind.UNREGISTERED]
    assert kinds(changes(half, none)) == [ChangeKind.UNREGISTERED, ChangeKind.ALL_UNREGISTERED]
    assert changes(none, replace(none, rev=4)) == ()


def test_a_reading_is_told_when_it_is_another_one() -> None:
    read = LiveReading(SyncStatus.SUCCESS, at(61), is_complete=True)
    after = session(rev=2, reading=read)
    assert kinds(changes(session(), after)) == [ChangeKind.READ]
    assert changes(after, replace(after, rev=3)) == ()


def test_statistics_never_count_who_is_unknown_as_absent() -> None:
    here = replace(person("a", 1), status=AttendanceStatus.LATE)
    assert session(here).statistics == {"present": 1, "absent": 0, "excused": 0, "unknown": 1, "total": 2}
    away = replace(person("b", email=LENA), status=AttendanceStatus.ABSENT)
    assert session(here, away).statistics == {"present": 1, "absent": 1, "excused": 0, "unknown": 0, "total": 2}
    assert session(here).students_inside == 1


minutes = st.integers(0, 5)
people = st.dictionaries(
    st.sampled_from("abc"),
    st.tuples(minutes, st.one_of(st.none(), minutes), st.booleans()).map(
        lambda t: (t[0], None if t[1] is None else t[0] + t[1], t[2])
    ),
).map(
    lambda told: {
        name: person(name, came, went, f"{name}@x.example" if known else None) for name, (came, went, known) in told.items()
    }
)


@given(st.lists(people, min_size=1, max_size=6))
def test_whoever_adds_up_what_happened_knows_who_is_inside(states: list[dict[str, LivePerson]]) -> None:
    before, inside = session(rev=0), dict[str, LivePerson]()
    for rev, state in enumerate(states, 1):
        after = session(*state.values(), rev=rev)
        linked = set[str]()
        for change in changes(before, after):
            who = change.person
            assert who is not None
            if change.kind is ChangeKind.LEFT:
                inside.pop(who.row_id, None)
            elif change.kind is ChangeKind.JOINED:
                inside[who.row_id] = who
            elif change.kind is ChangeKind.LINKED:
                gone = {row_id for row_id in before.people if row_id not in state} - linked
                twin = next(
                    r for r, each in before.people.items() if r in gone and not each.email and each.came_at == who.came_at
                )
                linked.add(twin)
                inside.pop(twin, None)
                inside.pop(who.row_id, None)
                if who.is_present:
                    inside[who.row_id] = who
        assert inside.keys() == {row_id for row_id, each in state.items() if each.is_present}
        before = after
