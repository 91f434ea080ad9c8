"""Exporting a person: to whom it is their business, everything that is theirs, nothing that is others'."""

import pytest
from google.cloud import firestore

from shared.adapters.firestore.personal_data import FirestorePersonalData
from shared.domain.accounts import Caller
from shared.domain.directory import Person, PersonRole
from shared.domain.errors import NotFound
from shared.domain.subjects import Subject
from shared.people_ports import Record
from shared.usecases.export_person import SOMEBODY, ExportPerson, cells_of, view_of
from tests.builders import at
from tests.fake_privacy import FakePersonalData, FewPeople
from tests.fakes import no_sleep
from tests.played import ADA, LENA, MUM, NAME, OMAR, everything, played

PEOPLE = FewPeople(
    {
        OMAR: Person(OMAR, (PersonRole.STUDENT,), guardian_emails=(MUM,)),
        ADA: Person(ADA, (PersonRole.TEACHER,), guardian_emails=(MUM,)),
    }
)
SUBJECT = Subject(OMAR, refs=frozenset({"google:77"}))


@pytest.mark.parametrize("caller", [Caller("1", "boss@x.example", "admin"), Caller("2", OMAR, "user"), Caller("3", MUM, "user")])
def test_administrators_the_person_and_their_guardian_get_it(caller: Caller) -> None:
    data = FakePersonalData([Record("people", "1" * 32, {"email": OMAR})])
    assert ExportPerson(PEOPLE, data)(OMAR, caller) == (Record("people", "1" * 32, {"email": OMAR}),)


@pytest.mark.parametrize(
    ("email", "caller"),
    [
        (OMAR, Caller("1", LENA, "user")),
        (OMAR, Caller("1", ADA, "teacher")),
        (LENA, Caller("1", MUM, "user")),
        (ADA, Caller("1", MUM, "user")),
        ("nobody@x.example", Caller("1", MUM, "user")),
    ],
)
def test_everybody_else_is_told_that_there_is_nobody_and_nothing_is_read(email: str, caller: Caller) -> None:
    with pytest.raises(NotFound) as refused:
        ExportPerson(PEOPLE, FakePersonalData([Record("people", "1" * 32, {"email": email})]))(email, caller)
    assert refused.value.detail == "No such person."


def test_the_export_holds_every_record_that_the_store_has_and_nobody_elses_address_or_name(database: firestore.Client) -> None:
    played(database)
    records = ExportPerson(PEOPLE, FirestorePersonalData(database, no_sleep))(OMAR, Caller("1", OMAR, "user"))
    named = {path for path, text in everything(database).items() if OMAR in text.replace(f"{OMAR}.org", "")}
    assert {(each.collection, each.record_id) for each in records} >= named
    told = repr([each.says for each in records])
    assert NAME in told
    assert "omars-phone" in told
    for others in (LENA, MUM, "Lena Holm", "Omar N. Other"):
        assert others not in told
    assert ADA in told
    rows = [each for each in records if each.collection == "attendance"]
    assert {NAME in repr(each.says) or "email" in repr(each.says) for each in rows} == {True}


def test_a_teachers_export_says_of_the_students_rows_only_that_they_are_there(database: firestore.Client) -> None:
    played(database)
    records = ExportPerson(PEOPLE, FirestorePersonalData(database, no_sleep))(ADA, Caller("1", ADA, "teacher"))
    told = repr([each.says for each in records])
    for others in (LENA, OMAR, "Lena Holm", NAME):
        assert others not in told
    assert len([each for each in records if each.collection == "attendance"]) >= 4


def test_of_a_session_only_what_was_heard_of_the_person_is_shown() -> None:
    heard = {
        "a": {"participant": {"ref": "google:77", "display_name": "O"}},
        "b": {"participant": {"ref": "google:5", "display_name": "L"}},
    }
    record = Record("sessions", "s", {"class_id": "c", "heard": heard, "body": {"known": {"names": {LENA: "Lena"}}}})
    assert view_of(record, SUBJECT).says == {"class_id": "c", "heard": [heard["a"]]}


def test_messages_as_they_came_are_named_and_not_shown() -> None:
    record = Record("quarantine", "q", {"why": "no time", "received_at": at(0), "raw": b"omar and lena"})
    assert view_of(record, SUBJECT).says == {"why": "no time", "received_at": at(0)}


def test_others_lose_their_details_and_who_decided_is_told() -> None:
    says = {
        "by": ADA,
        "reason": f"asked by {LENA}",
        "people": [OMAR, LENA],
        "body": {"email": LENA, "first_name": "Lena", "points": 3, LENA: 1, "raw": b"xy"},
    }
    assert view_of(Record("others", "o", says), SUBJECT).says == {
        "by": ADA,
        "reason": f"asked by {SOMEBODY}",
        "people": [OMAR, SOMEBODY],
        "body": {"email": SOMEBODY, "first_name": None, "points": 3, SOMEBODY: 1, "raw": "2 bytes"},
    }


def test_a_payer_gets_their_bills_and_payments_whole_without_others_addresses() -> None:
    bill = {"party": OMAR, "number": "INV-000001", "issued_by": ADA, "lines": [{"person": LENA, "net": {"amount_minor": 3000}}]}
    shown = view_of(Record("documents", "d", {"people": [OMAR, LENA], "body": bill}), SUBJECT).says
    assert shown == {**bill, "issued_by": SOMEBODY, "lines": [{"person": SOMEBODY, "net": {"amount_minor": 3000}}]}
    payment = {"party": OMAR, "by": ADA, "amount": {"amount_minor": 5, "currency": "EUR"}}
    assert view_of(Record("payments", "p", {"body": payment}), SUBJECT).says == payment
    party = {"email": OMAR, "postal_address": "1 Long Lane", "students": [OMAR, LENA]}
    assert view_of(Record("parties", "p", {"body": party}), SUBJECT).says == {**party, "students": [OMAR, SOMEBODY]}


def test_of_others_bills_and_payments_the_person_learns_no_amount_and_no_payer() -> None:
    own = {"line_id": "1", "kind": "class", "session_id": "s", "course_id": "maths", "start_at": "2026-01-01"}
    price = {"net": {"amount_minor": 3000}, "how": "60 min at 30.00 EUR", "description": "Algebra"}
    lines = [{**own, **price, "person": OMAR}, {**own, **price, "person": LENA, "line_id": "2"}]
    taught = {**own, **price, "person": LENA, "teacher_email": OMAR, "line_id": "3"}
    head = {"number": "INV-000001", "paper": "invoice", "issued_at": "2026-02-01"}
    bill = {"body": {**head, "party": MUM, "issued_by": ADA, "lines": [*lines, taught]}}
    assert view_of(Record("documents", "d", bill), SUBJECT).says == {**head, "lines": [own, {**own, "line_id": "3"}]}
    issued = {"body": {**head, "party": MUM, "issued_by": OMAR, "lines": lines[1:]}}
    assert view_of(Record("documents", "d", issued), SUBJECT).says == {**head, "issued_by": OMAR, "lines": []}
    payment = {"body": {"party": MUM, "by": OMAR, "amount": {"amount_minor": 5}, "received_at": "2026-02-01"}}
    assert view_of(Record("payments", "p", payment), SUBJECT).says == {"received_at": "2026-02-01", "by": OMAR}
    party = {"students": [LENA, OMAR], "body": {"email": MUM, "name": "Mum", "students": [LENA, OMAR]}}
    assert view_of(Record("parties", "p", party), SUBJECT).says == {"students": [OMAR]}
    given = {"body": {"about": LENA, "plan_id": "dear", "at": "2026-02-01", "by": OMAR, "reason": "agreed with Lena Holm"}}
    assert view_of(Record("rate_assignments", "r", given), SUBJECT).says == {"at": "2026-02-01", "by": OMAR}
    row = {"body": {"party": MUM, "at": "2026-02-01", "by": ADA, "line": price, "package": {"student": OMAR, "lessons": 9}}}
    assert view_of(Record("extras", "e", row), SUBJECT).says == {"at": "2026-02-01", "by": ADA, "student": OMAR}


def test_a_record_is_a_table_of_its_fields() -> None:
    record = Record("people", "1", {"email": OMAR, "body": {"roles": ["student", "guardian"], "last": None, "rev": 1}})
    assert list(cells_of(record)) == [
        ("people", "1", "email", OMAR),
        ("people", "1", "body.roles[0]", "student"),
        ("people", "1", "body.roles[1]", "guardian"),
        ("people", "1", "body.rev", 1),
    ]
