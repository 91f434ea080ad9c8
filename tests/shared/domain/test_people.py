"""Who stands behind a connection: joined where it cannot be wrong, never by likeness."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import Attendance, Match
from shared.domain.attendance_rows import attendance_of
from shared.domain.classes import Registrant
from shared.domain.evidence import Basis, Evidence, PersonKind, Source
from shared.domain.people import people_of
from shared.domain.presence import heard_key
from shared.domain.rooms import extent_of
from shared.domain.sessions import Session
from tests.builders import a_class, at, seen

HELD = a_class()
OMAR = "omar@school.example"
GUEST, RECORD = "guest@mail.example", "conferenceRecords/1/participants/7/participantSessions/a"


def session(*facts: Evidence, identities: dict[str, str] | None = None) -> Session:
    return Session(HELD.session_id, HELD.class_id, identities=identities or {}).with_facts(facts)


def rows(known: Session, held: object = HELD) -> tuple[Attendance, ...]:
    assert isinstance(held, type(HELD))
    return attendance_of(known, held, extent_of(held, ()))


def visit(source: Source, who: str, connection: str, start: float = 0, end: float = 30, **told: object) -> list[Evidence]:
    return [
        seen("join", at(start), who, source=source, connection=connection, **told),  # type: ignore[arg-type]
        seen("leave", at(end), who, source=source, connection=connection, **told),  # type: ignore[arg-type]
    ]


def measured(who: str = "google:7", connection: str = RECORD, **told: object) -> list[Evidence]:
    return visit(Source.MEET_API, who, connection, **told)  # type: ignore[arg-type]


def logged(who: str = f"email:{GUEST}", connection: str = "endpoint-1", **told: object) -> list[Evidence]:
    return visit(Source.REPORTS_API, who, connection, **told)  # type: ignore[arg-type]


def test_the_audit_log_names_a_guest_whom_meet_knows_by_an_id_only() -> None:
    (row,) = rows(session(*measured(name="Guest Gomez"), *logged(name="Guest Gomez")))
    assert (row.email, row.source, row.basis) == (GUEST, Source.MEET_API, Basis.MEASURED)
    assert row.seconds(at(90)) == 30 * 60


def test_all_visits_of_the_guest_are_theirs_once_one_of_them_is_named() -> None:
    again = measured(connection=RECORD + "b", start=40, end=50, name="Guest Gomez")
    (row,) = rows(session(*measured(name="Guest Gomez"), *again, *logged(name="Guest Gomez")))
    assert row.seconds(at(90)) == 40 * 60


def test_somebody_in_the_domain_is_one_person_in_log_and_records_by_the_account_id() -> None:
    known = session(*measured("google:9"), *logged("google:9", address=OMAR, start=0.02, end=30.01))
    (row,) = rows(known)
    assert (row.email, row.match) == (OMAR, Match.EXACT_EMAIL)
    assert row.seconds(at(90)) == 30 * 60


def test_an_anonymous_visit_in_both_is_counted_once_and_stays_nameless() -> None:
    told = {"name": "Lena", "person": PersonKind.ANONYMOUS}
    (row,) = rows(session(*measured("meet:1/a", **told), *logged("reports:endpoint-1", **told)))
    assert (row.email, row.match) == (None, Match.UNMATCHED)


def test_two_of_one_name_at_one_time_are_not_told_apart_by_guessing() -> None:
    facts = [*measured(name="Sam"), *measured("google:8", RECORD + "b", name="Sam"), *logged(name="Sam")]
    assert sorted(row.email or "" for row in rows(session(*facts))) == ["", "", GUEST]


def test_another_name_or_another_time_is_another_visit() -> None:
    assert len(rows(session(*measured(name="Sam"), *logged(name="Pat")))) == 2
    assert len(rows(session(*measured(name="Sam"), *logged(name="Sam", start=1)))) == 2


def test_what_meet_did_not_give_is_filled_from_the_log() -> None:
    (row,) = rows(session(*logged("google:9", address=OMAR)))
    assert (row.email, row.source, row.seconds(at(90))) == (OMAR, Source.REPORTS_API, 30 * 60)


def test_a_registrant_is_the_student_who_was_registered() -> None:
    held = a_class(registrants=(Registrant(OMAR, "r1", "https://zoom.example/w/1"),))
    known = session(*visit(Source.ZOOM_WEBHOOK, "zoom:registrant:r1", "uuid/1", name="Omar's iPad"))
    (row,) = rows(known, held)
    assert (row.email, row.match) == (OMAR, Match.EXACT_EMAIL)


def test_a_stranger_who_registered_under_a_students_address_is_not_the_student() -> None:
    (row,) = rows(session(*visit(Source.ZOOM_WEBHOOK, "zoom:registrant:other", "uuid/1", name="Omar")))
    assert (row.email, row.match) == (None, Match.UNMATCHED)


def test_a_phone_leg_that_zoom_bound_is_the_same_person_once() -> None:
    facts = [
        *visit(Source.ZOOM_WEBHOOK, f"email:{OMAR}", "uuid/1"),
        *visit(Source.ZOOM_WEBHOOK, "zoom:uuid/2", "uuid/2", 1, 31, person=PersonKind.PHONE),
        seen("bind", at(1), "zoom:uuid/2", source=Source.ZOOM_WEBHOOK, connection="uuid/2", bound_to="uuid/1"),
    ]
    (row,) = rows(session(*facts))
    assert (row.email, row.seconds(at(90)), row.devices) == (OMAR, 31 * 60, 2)


def test_a_leg_bound_to_nobody_known_stays_itself() -> None:
    facts = [
        *visit(Source.ZOOM_WEBHOOK, "zoom:uuid/2", "uuid/2", person=PersonKind.PHONE),
        seen("bind", at(1), "zoom:uuid/2", source=Source.ZOOM_WEBHOOK, connection="uuid/2", bound_to="uuid/1"),
    ]
    (row,) = rows(session(*facts))
    assert row.email is None


WHO = st.sampled_from(["google:1", "google:2", f"email:{OMAR}", "meet:1/x", "reports:e"])
FACTS = st.lists(
    st.builds(
        lambda kind, source, who, minute, device, name: seen(
            kind, at(minute), who, source=source, connection=f"{who}#{device}", name=name,
            address=OMAR if who == "google:2" and source is Source.REPORTS_API else None,
        ),
        st.sampled_from(["join", "leave", "end", "bind"]),
        st.sampled_from([Source.MEET_API, Source.MEET_EVENT, Source.REPORTS_API, Source.BRIDGE, Source.APP_SESSION]),
        WHO,
        st.integers(-10, 70),
        st.sampled_from(["a", "b"]),
        st.sampled_from([None, "Sam", "Pat"]),
    ),
    max_size=24,
)  # fmt: skip


@given(FACTS, st.randoms(use_true_random=False))
def test_people_and_attendance_do_not_depend_on_order_or_repetition(facts: list[Evidence], dice: object) -> None:
    shuffled = facts + facts[::2]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = session(*facts), session()
    for fact in shuffled:
        other = other.with_facts([fact])
    assert people_of(one, HELD) == people_of(other, HELD)
    assert rows(one) == rows(other)


@given(FACTS)
def test_every_connection_belongs_to_one_person_and_nobody_is_counted_beyond_the_class(facts: list[Evidence]) -> None:
    known = session(*facts)
    people = people_of(known, HELD)
    assert set(people) == {heard_key(fact.source, fact.connection) for fact in facts}
    found = rows(known)
    assert len({row.row_id for row in found}) == len(found)
    assert all(0 <= row.seconds(at(90)) <= 3600 for row in found)


@given(FACTS, st.integers(-300, 300))
def test_a_shift_of_all_clocks_shifts_the_result_and_nothing_else(facts: list[Evidence], by: int) -> None:
    shift = timedelta(seconds=by)
    moved = [replace(fact, at=fact.at + shift, received_at=fact.received_at + shift) for fact in facts]
    held = replace(HELD, start_at=HELD.start_at + shift, end_at=HELD.end_at + shift)
    known = Session(held.session_id, held.class_id).with_facts(moved)
    before = {row.row_id: row.seconds(at(90)) for row in rows(session(*facts))}
    after = {row.row_id: row.seconds(at(90) + shift) for row in rows(known, held)}
    assert before == after
