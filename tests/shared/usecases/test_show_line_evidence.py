"""The evidence of a line: every source's own visits, what was decided, and whether it still comes to what was billed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.accounts import Caller
from shared.domain.charges import Side
from shared.domain.classes import ScheduledClass
from shared.domain.errors import NotFound
from shared.domain.evidence import Source
from shared.domain.invoices import Document, Line, Paper
from shared.domain.money import Money
from shared.ports import MeetingReading
from shared.usecases.enter_party import ToAdd
from shared.usecases.excuse import ToExcuse
from shared.usecases.record_by_hand import ByHand
from shared.usecases.show_line_evidence import LineEvidence
from tests.billed import MUM, PAYER, Billed, everybody
from tests.builders import a_class
from tests.tracked import ADA, BOSS, LENA, OMAR, TEACHER, WHO, on, stay

STRANGER = Caller("zoe", "zoe@school.example", "user")


@pytest.fixture
def billed() -> Billed:
    """A class of both students was held, and a book was bought; the month is over and billed."""
    billed = Billed().opens()
    billed.extras(ToAdd(MUM, "b1", "A book", Money(1500, "EUR")), BOSS)
    billed.tracked.holds(*everybody(), course_id="math")
    billed.later()
    billed.issues(billed.only())
    return billed


def held_in(billed: Billed) -> ScheduledClass:
    return billed.house.classes.get(a_class().class_id)


def the(billed: Billed, party: str = MUM) -> Document:
    return billed.ledger.of_party(party)[0]


def line_of(document: Document, person: str | None = OMAR) -> Line:
    return next(line for line in document.lines if line.person == person)


def told(billed: Billed, person: str | None = OMAR, caller: Caller = PAYER, party: str = MUM) -> LineEvidence:
    document = the(billed, party)
    return billed.evidence(document.document_id, line_of(document, person).line_id, caller)


def test_it_tells_of_the_class_the_verdict_and_the_rules(billed: Billed) -> None:
    found = told(billed)
    assert (found.side, found.as_billed, found.is_intact, found.corrections) == (Side.CHARGE, True, True, ())
    assert found.of_class is not None
    assert found.of_class.row is not None
    assert (found.of_class.held.class_id, found.of_class.row.email) == (a_class().class_id, OMAR)
    assert found.of_class.policy is not None
    assert found.of_class.policy.version == found.of_class.row.policy_version
    assert found.plan is not None
    assert (found.plan.plan_id, found.plan.version) == ("standard", 1)


def test_each_source_has_its_own_visits_and_only_the_persons(billed: Billed) -> None:
    by_hand = ByHand(held_in(billed).session_id, OMAR, on(0, 5), on(0, 60), "The camera saw him.")
    billed.house.record(by_hand, BOSS)
    found = told(billed).of_class
    assert found is not None
    visits = {visit.source: visit for visit in found.visits}
    assert set(visits) == {Source.MEET_API, Source.MANUAL}
    assert (visits[Source.MEET_API].joined_at, visits[Source.MEET_API].left_at) == (on(0, 0), on(0, 60))
    manual = visits[Source.MANUAL]
    assert (manual.joined_at, manual.reason, manual.author) == (on(0, 5), "The camera saw him.", BOSS.email)
    assert visits[Source.MEET_API].reason is None


def test_decisions_stay_when_they_are_withdrawn_and_those_about_others_are_left_out(billed: Billed) -> None:
    held = held_in(billed)
    billed.rules(held, OMAR, "late")
    billed.rules(held, LENA, "absent")
    row = next(row for row in billed.tracked.app.of_meeting.show.rows(held) if row.email == OMAR)
    billed.house.clock.passes(timedelta(minutes=1))
    billed.rule.withdraw(held.session_id, row.row_id, "A mistake.", BOSS)
    found = told(billed).of_class
    assert found is not None
    assert [(each.kind, each.value, each.reason, each.is_withdrawn) for each in found.decisions] == [
        ("status", "late", "The register says so.", False),
        ("status", "late", "A mistake.", True),
    ]
    assert told(billed).as_billed is True


def test_an_excuse_in_advance_is_among_them() -> None:
    billed = Billed().opens()
    booked = billed.tracked.books()
    billed.tracked.app.excuse.give(ToExcuse(OMAR, "ill", class_id=booked.class_id), TEACHER)
    billed.house.clock.at = on(-1, 0)
    assert [each.kind for each in billed.evidence._decisions(booked, OMAR, ())] == ["excuse"]
    assert billed.evidence._decisions(booked, LENA, ()) == ()


def test_what_changed_since_is_not_as_billed_and_names_its_correction(billed: Billed) -> None:
    billed.rules(held_in(billed), OMAR, "excused")
    assert (told(billed).as_billed, told(billed).corrections) == (False, ())
    assert told(billed, LENA).as_billed is True
    correction = billed.issues(billed.only())
    (found,) = told(billed).corrections
    assert (found.number, found.line) == (correction.number, correction.lines[0])
    assert billed.evidence(correction.document_id, correction.lines[0].line_id, PAYER).as_billed is True


def test_while_a_question_is_open_nobody_says(billed: Billed) -> None:
    billed.rules(held_in(billed), ADA, "unknown")
    assert told(billed).as_billed is None


def test_a_student_who_left_the_class_leaves_nothing_to_compare_with(billed: Billed) -> None:
    versioned = billed.house.classes.versioned([a_class().class_id])[0]
    after = replace(versioned.value, student_emails=(LENA,), rev=versioned.value.rev + 1)
    billed.house.classes.save([(versioned, after)])
    assert told(billed).as_billed is None


def test_what_is_no_class_has_nothing_but_its_line(billed: Billed) -> None:
    found = told(billed, None)
    assert found.line.description == "A book"
    assert (found.side, found.of_class, found.plan, found.as_billed, found.corrections) == (None, None, None, None, ())
    assert found.is_intact


def test_a_taken_back_line_is_compared_as_it_was_billed(billed: Billed) -> None:
    credit = billed.issue.void(the(billed).document_id, BOSS)
    (found,) = told(billed).corrections
    assert (found.number, found.line, told(billed).as_billed) == (credit.number, line_of(credit), True)


def test_a_document_that_was_tampered_with_is_not_intact(billed: Billed) -> None:
    document = the(billed)
    tampered = replace(document, lines=(replace(line_of(document), net=Money(1, "EUR")),))

    class Bent:
        """The ledger with one document bent."""

        def __getattr__(self, name: str) -> object:
            return getattr(billed.ledger, name)

        def get(self, document_id: str) -> Document:
            del document_id
            return tampered

    show = replace(billed.evidence, ledger=Bent())  # type: ignore[arg-type]
    assert not show(document.document_id, line_of(document).line_id, PAYER).is_intact


def test_the_staffs_own_line_rests_on_their_own_visits(billed: Billed) -> None:
    billed.issues(billed.only(ADA, Paper.PAYMENT_ORDER))
    found = told(billed, ADA, TEACHER, ADA)
    assert (found.side, found.as_billed) == (Side.PAY, True)
    assert found.of_class is not None
    assert {visit.joined_at for visit in found.of_class.visits} == {on(0, 0)}
    assert found.of_class.row is not None
    assert found.of_class.row.shared_seconds(on(1, 0)) == 3600


def test_foreign_and_absent_are_the_same(billed: Billed) -> None:
    document = the(billed)
    line_id = line_of(document).line_id
    for document_id, line, caller in (
        (document.document_id, line_id, STRANGER),
        (document.document_id, line_id, TEACHER),
        ("0" * 32, line_id, BOSS),
        ("..", line_id, BOSS),
        (document.document_id, "0" * 32, PAYER),
    ):
        with pytest.raises(NotFound, match="No such"):
            billed.evidence(document_id, line, caller)


def test_each_class_of_a_room_has_the_visits_of_its_own_time() -> None:
    billed = Billed().opens()
    first = (stay("google:1", 0, 60), stay("google:2", 0, 58))
    second = (*first, stay("google:1", 61, 120), stay("google:2", 70, 120))
    billed.tracked.books("geometry", start_at=on(0, 60), end_at=on(0, 120))
    billed.tracked.holds(*first)
    held = billed.house.classes.get(a_class("geometry").class_id)
    billed.house.clock.at = held.end_at
    billed.house.tick()
    billed.house.clock.passes(timedelta(seconds=30))
    billed.house.records.reading = MeetingReading(1, True, second, WHO, held.end_at + timedelta(days=30))
    assert billed.house.sync(held.class_id).report.complete
    billed.later()
    document = billed.issues(billed.only())
    found = [billed.evidence(document.document_id, line.line_id, PAYER) for line in document.lines if line.person == OMAR]
    visits = {each.of_class.held.subject: each.of_class.visits for each in found if each.of_class}
    assert [visit.joined_at for visit in visits["algebra"]] == [on(0, 0)]
    assert [visit.joined_at for visit in visits["geometry"]] == [on(0, 70)]
