"""Drafts: who is billed for what, once, whoever pays now; and questions that keep back their own line alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.billing_ports import Party
from shared.domain.attendance import Attendance
from shared.domain.charges import Doubt
from shared.domain.errors import InvalidInput
from shared.domain.invoices import LineKind, Paper
from shared.domain.money import Money
from shared.domain.rate_plans import Charge, Outcome, usual_outcomes
from shared.domain.verdicts import AttendanceStatus
from shared.ports import AttendanceFilter, ClassFilter
from shared.usecases.draft_invoices import Drafts, Period
from shared.usecases.enter_party import ToAdd, ToSell
from tests.billed import DECEMBER, JANUARY, MUM, Billed, a_plan, everybody, given
from tests.builders import a_class
from tests.fakes import MemorySessions
from tests.tracked import ADA, BEA, BOSS, LENA, OMAR, on, stay

DAD = "dad@home.example"


@pytest.fixture
def billed() -> Billed:
    """A class of both students was held, and the month is over."""
    billed = Billed().opens()
    billed.tracked.holds(*everybody(), course_id="math")
    billed.later()
    return billed


def persons(found: Drafts) -> list[tuple[str, str | None, int]]:
    return [(each.party.email, line.person, line.net.amount_minor) for each in found.drafts for line in each.lines]


def move(billed: Billed, *students: str, to: str = DAD) -> None:
    """Some students' bills go to somebody else from now on."""
    mum = billed.shop.parties.get(MUM)
    assert mum is not None
    left = tuple(each for each in mum.value.students if each not in students)
    assert billed.shop.parties.save(mum, replace(mum.value, students=left, rev=mum.value.rev + 1))
    assert billed.shop.parties.save(None, Party(to, "USD", students=students))


def test_without_a_party_the_only_guardian_pays_else_the_student() -> None:
    billed = Billed()
    billed.shop.plans.add(a_plan())
    billed.shop.plans.assign(given())
    for email, guardians in ((OMAR, (DAD,)), (LENA, (DAD, MUM))):
        known = billed.house.people.get(email)
        assert known is not None
        assert billed.house.people.save([(known, replace(known.value, guardian_emails=guardians, rev=2))])
    billed.tracked.holds(*everybody())
    billed.later()
    assert persons(billed.draft.of_all(Paper.INVOICE, DECEMBER)) == [(DAD, OMAR, 3000), (LENA, LENA, 3000)]
    assert persons(billed.drafts(DAD)) == [(DAD, OMAR, 3000)]
    assert persons(billed.drafts(LENA)) == [(LENA, LENA, 3000)]
    assert persons(billed.drafts(MUM)) == []


def test_all_payers_at_once_are_drafted_as_each_alone(billed: Billed) -> None:
    move(billed, LENA)
    billed.tracked.holds(*everybody(1), name="second", day=1)
    billed.issues(billed.only())
    billed.tracked.holds(*everybody(2), name="third", day=2)
    billed.later()
    alone = [each for email in (DAD, MUM) for each in billed.drafts(email).drafts]
    assert billed.draft.of_all(Paper.INVOICE, DECEMBER).drafts == tuple(alone)
    staff = billed.draft.of_all(Paper.PAYMENT_ORDER, DECEMBER).drafts
    assert staff == billed.drafts(ADA, Paper.PAYMENT_ORDER).drafts


def test_who_was_billed_stays_the_payer_and_the_new_one_pays_from_then_on(billed: Billed) -> None:
    invoice = billed.issues(billed.only())
    move(billed, LENA)
    assert billed.drafts(DAD).drafts == ()
    assert billed.drafts(MUM).drafts == ()
    assert billed.draft.of_all(Paper.INVOICE, DECEMBER).drafts == ()
    second = billed.tracked.holds(*everybody(1), name="second", day=1)
    billed.later()
    assert [line.session_id for line in billed.only(DAD).lines] == [second.session_id]
    first = billed.house.classes.get(a_class().class_id)
    billed.rules(first, LENA, "excused")
    (correction,) = [line for line in billed.only(MUM).lines if line.kind is LineKind.ADJUSTMENT]
    assert (correction.person, correction.net, correction.corrects) == (LENA, Money(-3000, "EUR"), invoice.number)
    billed.issue.void(invoice.document_id, BOSS)
    assert {each.person for each in billed.only(DAD).lines} == {LENA}
    assert len(billed.only(DAD).lines) == 1


def test_a_change_of_currency_bills_nothing_anew(billed: Billed) -> None:
    billed.issues(billed.only())
    mum = billed.shop.parties.get(MUM)
    assert mum is not None
    assert billed.shop.parties.save(mum, replace(mum.value, currency="USD", rev=2))
    assert billed.drafts().drafts == ()
    billed.tracked.holds(*everybody(1), name="second", day=1)
    billed.later()
    draft = billed.only()
    assert (draft.currency, draft.document.net) == ("USD", Money(6600, "USD"))


def test_who_is_not_known_is_a_question_and_the_others_are_billed(billed: Billed) -> None:
    known, stranger = everybody(1)[:2], stay("meet:x", 0, 60, "iPad", day=1)
    second = billed.tracked.holds(*known, stranger, name="second", day=1)
    billed.later()
    billed.rules(second, LENA, "unknown")
    found = billed.drafts()
    assert len([line for each in found.drafts for line in each.lines]) == 3
    doubts = {(each.person, each.doubt) for each in found.questions}
    assert doubts == {(LENA, Doubt.UNKNOWN), (None, Doubt.UNIDENTIFIED)}
    assert all(each.remedy for each in found.questions)
    assert billed.draft.of_all(Paper.INVOICE, DECEMBER).questions == found.questions


def test_once_the_stranger_was_a_guest_the_absent_one_owes_what_absence_costs(billed: Billed) -> None:
    teacher, stranger = everybody(1)[0], stay("meet:x", 0, 60, "iPad", day=1)
    second = billed.tracked.holds(teacher, stranger, name="second", day=1)
    billed.later()
    waiting = {(each.person, each.doubt) for each in billed.drafts().questions}
    assert waiting == {(None, Doubt.UNIDENTIFIED), (OMAR, Doubt.MAY_BE_STRANGER), (LENA, Doubt.MAY_BE_STRANGER)}
    billed.tracked.decide(billed.tracked.card(second), "guest")
    found = billed.drafts()
    assert found.questions == ()
    assert len([line for each in found.drafts for line in each.lines if line.session_id == second.session_id]) == 2


def test_a_line_whose_class_became_a_question_stays_until_somebody_answers(billed: Billed) -> None:
    billed.issues(billed.only())
    (held,) = billed.house.classes.page(ClassFilter(), 5, None).items
    billed.rules(held, OMAR, "unknown")
    assert [each.doubt for each in billed.drafts().questions] == [Doubt.UNKNOWN]
    assert billed.drafts().drafts == ()


def test_what_is_older_than_the_look_back_or_later_than_the_period_is_left_alone(billed: Billed) -> None:
    (held,) = billed.house.classes.page(ClassFilter(), 5, None).items
    billed.issues(billed.only())
    billed.rules(held, OMAR, "excused")
    november = Period(DECEMBER.start - timedelta(days=30), DECEMBER.start)
    assert billed.drafts(period=november).drafts == ()
    billed.later(on(400, 0))
    late = Period(on(200, 0), on(300, 0))
    assert billed.drafts(period=late).drafts == ()
    assert billed.draft.of_all(Paper.INVOICE, late).drafts == ()
    assert [line.kind for line in billed.only(period=JANUARY).lines] == [LineKind.ADJUSTMENT]


def test_nothing_is_drafted_into_the_time_to_come(billed: Billed) -> None:
    billed.house.clock.at = on(0, -60)
    assert billed.drafts().drafts == ()


def test_ad_hoc_rows_and_packages_are_on_the_next_draft_and_used_up(billed: Billed) -> None:
    billed.house.clock.at = on(0, -30)
    sold = ToAdd(MUM, "p1", "Two lessons", Money(5000, "EUR"), package=ToSell(2, course_id="math"))
    billed.extras(sold, BOSS)
    billed.extras(ToAdd(MUM, "b1", "A book", Money(1500, "EUR")), BOSS)
    billed.extras(ToAdd(ADA, "r1", "Train", Money(700, "EUR"), paper=Paper.PAYMENT_ORDER), BOSS)
    billed.later()
    assert [line.description for line in billed.only(ADA, Paper.PAYMENT_ORDER).lines][-1] == "Train"
    draft = billed.only()
    assert sorted(line.kind for line in draft.lines) == sorted([*[LineKind.CLASS, LineKind.PACKAGE, LineKind.AD_HOC] * 2])
    assert draft.document.net == Money(6500, "EUR")
    invoice = billed.issues(draft)
    (balance,) = billed.extras.balances(MUM)
    assert (balance.used, balance.left) == (2, 0)
    assert billed.extras.waiting(MUM) == ()
    assert billed.drafts().drafts == ()
    billed.issue.void(invoice.document_id, BOSS)
    (balance,) = billed.extras.balances(MUM)
    assert (balance.used, balance.left, balance.is_taken_back) == (0, 0, True)
    assert {line.kind for line in billed.only().lines} == {LineKind.CLASS}
    assert billed.draft.of_all(Paper.INVOICE, DECEMBER).drafts == billed.drafts().drafts


def test_who_bought_a_package_and_teaches_too_is_paid_whole(billed: Billed) -> None:
    billed.house.clock.at = on(0, -60)
    billed.extras(ToAdd(ADA, "p", "Three lessons", Money(5000, "EUR"), package=ToSell(3)), BOSS)
    billed.later()
    alone = billed.drafts(ADA, Paper.PAYMENT_ORDER).drafts
    assert [each.document.net for each in alone] == [Money(2000, "EUR")]
    assert billed.draft.of_all(Paper.PAYMENT_ORDER, DECEMBER).drafts == alone


def test_a_lesson_to_make_up_from_long_ago_pays_a_class_the_same_for_one_payer_and_for_all() -> None:
    billed = Billed()
    outcomes = {**usual_outcomes(), AttendanceStatus.EXCUSED: Outcome(Charge.MAKEUP)}
    assert billed.shop.plans.add(a_plan(outcomes=outcomes, makeup_days=365))
    billed.shop.plans.assign(given())
    assert billed.shop.parties.save(None, Party(MUM, "EUR", students=(OMAR, LENA)))
    missed = billed.tracked.holds(*everybody(), course_id="math")
    billed.later()
    billed.rules(missed, OMAR, "excused")
    billed.issues(billed.only())
    (lesson,) = billed.extras.balances(MUM)
    assert (lesson.package.name, lesson.package.student, lesson.left) == ("Lesson to make up for 2026-12-01", OMAR, 1)
    billed.house.clock.at = on(250, -60)
    billed.tracked.holds(*everybody(250), name="geometry", day=250, course_id="math")
    billed.later(on(300, 0))
    late = Period(on(240, 0), on(300, 0))
    draft = billed.only(period=late)
    assert [(line.person, line.net.amount_minor) for line in draft.lines] == [(LENA, 3000), (OMAR, 3000), (OMAR, -3000)]
    assert billed.draft.of_all(Paper.INVOICE, late).drafts == (draft,)
    billed.issues(draft)
    assert [each.left for each in billed.extras.balances(MUM)] == [0]
    later = Period(on(300, 0), on(349, 0))
    billed.later(on(350, 0))
    assert billed.drafts(period=later).drafts == billed.draft.of_all(Paper.INVOICE, later).drafts == ()
    billed.rules(missed, OMAR, "present")
    assert billed.only(period=DECEMBER).document.net == Money(3000, "EUR")


def test_the_second_student_of_a_payer_is_a_sibling() -> None:
    billed = Billed()
    billed.shop.plans.add(a_plan(sibling_percent=10))
    billed.shop.plans.assign(given())
    billed.shop.parties.save(None, Party(MUM, "EUR", students=(LENA, OMAR)))
    billed.tracked.holds(*everybody())
    billed.later()
    assert sorted(persons(billed.drafts())) == [(MUM, LENA, 3000), (MUM, OMAR, 2700)]


def test_a_substitute_is_paid_and_the_booked_teacher_is_not() -> None:
    billed = Billed().opens()
    billed.tracked.holds(*everybody(), name="odd", teacher_email=BEA)
    billed.later()
    assert persons(billed.drafts(ADA, Paper.PAYMENT_ORDER)) == [(ADA, ADA, 2000)]
    assert billed.draft.of_all(Paper.PAYMENT_ORDER, DECEMBER).drafts == billed.drafts(ADA, Paper.PAYMENT_ORDER).drafts
    assert billed.drafts(BEA, Paper.PAYMENT_ORDER).drafts == ()


def test_one_payer_reads_the_rows_of_the_own_classes_and_no_others(billed: Billed) -> None:
    for day in range(1, 4):
        billed.tracked.holds(*everybody(day)[:1], name=f"other {day}", day=day, student_emails=("zoe@school.example",))
    billed.later()
    counting = Counting(billed.house.sessions)  # type: ignore[arg-type]
    again = Billed(billed.tracked, billed.shop, counting)
    assert again.drafts().drafts == billed.drafts().drafts
    assert counting.given == 3
    counting.given = 0
    again.draft.of_all(Paper.INVOICE, DECEMBER)
    assert counting.given == 3 + 3 * 2


def test_a_period_ends_after_it_begins_and_is_no_longer_than_a_year() -> None:
    for start, end in ((on(1, 0), on(1, 0)), (on(0, 0), on(400, 0))):
        with pytest.raises(InvalidInput):
            Period(start, end)


class Counting(MemorySessions):
    """Sessions that count the rows they give."""

    def __init__(self, inner: MemorySessions) -> None:
        super().__init__(inner.evidence)
        self.inner, self.given = inner, 0

    def stream(self, wanted: AttendanceFilter) -> Iterator[Attendance]:
        """See the port."""
        for row in self.inner.stream(wanted):
            self.given += 1
            yield row
