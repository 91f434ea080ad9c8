"""Pricing classes: the narrowest plan that counts at the start of a class, for everybody whom it is about."""

from dataclasses import replace

import pytest

from shared.billing_ports import Party
from shared.domain.charges import Doubt, Side
from shared.domain.ids import stable_id
from shared.domain.rate_plans import Among, Notice, Price, Rate, Scope
from shared.domain.subjects import pseudonym_from
from shared.usecases.change_class import Scope as Occurrences
from tests.billed import TWENTY, Billed, a_plan, everybody, given
from tests.builders import a_class, at
from tests.tracked import ADA, BOSS, LENA, OMAR, on


@pytest.fixture
def billed() -> Billed:
    """Plans named by what they cost, in whole euros."""
    billed = Billed()
    for euros in (10, 20, 30, 40, 50):
        assert billed.shop.plans.add(a_plan(str(euros), charge=Rate((Price("EUR", 100 * euros),))))
    return billed


def charged(billed: Billed) -> dict[str, int]:
    found = billed.price.of_all(on(0, -60), on(0, 60), {})
    return {each.person: each.amount.amount_minor for each in found.items if each.side is Side.CHARGE}


def paid(billed: Billed) -> dict[str, int]:
    found = billed.price.of_all(on(0, -60), on(0, 60), {})
    return {each.person: each.amount.amount_minor for each in found.items if each.side is Side.PAY}


def test_the_narrower_scope_wins(billed: Billed) -> None:
    held = billed.tracked.holds(*everybody(), course_id="math")
    assert charged(billed) == {}
    billed.shop.plans.assign(given(plan_id="10"))
    assert charged(billed) == {OMAR: 1000, LENA: 1000}
    billed.shop.plans.assign(given(Scope.COURSE, "math", "20"))
    assert charged(billed) == {OMAR: 2000, LENA: 2000}
    billed.shop.plans.assign(given(Scope.STUDENT, LENA, "30"))
    assert charged(billed) == {OMAR: 2000, LENA: 3000}
    billed.shop.plans.assign(given(Scope.CLASS, held.class_id, "40"))
    assert charged(billed) == {OMAR: 4000, LENA: 4000}


def test_a_teacher_has_a_wage_of_their_own_which_changes_no_charge(billed: Billed) -> None:
    held = billed.tracked.holds(*everybody(), course_id="math")
    billed.shop.plans.assign(given(Scope.COURSE, "math", "10"))
    before = charged(billed)
    assert paid(billed) == {ADA: 2000}
    for plan in (a_plan("senior", pay=replace(TWENTY, prices=(Price("EUR", 5000),))), a_plan("class", pay=TWENTY)):
        assert billed.shop.plans.add(plan)
    billed.shop.plans.assign(given(Scope.TEACHER, ADA, "senior"))
    assert (charged(billed), paid(billed)) == (before, {ADA: 5000})
    billed.shop.plans.assign(given(Scope.CLASS, held.class_id, "class"))
    assert paid(billed) == {ADA: 2000}


def test_the_plan_that_a_class_was_booked_with_is_its_own(billed: Billed) -> None:
    billed.shop.plans.assign(given(plan_id="10"))
    billed.shop.plans.assign(given(Scope.STUDENT, LENA, "30"))
    held = billed.tracked.holds(*everybody(), rate_plan_id="50")
    assert charged(billed) == {OMAR: 5000, LENA: 5000}
    billed.shop.plans.assign(given(Scope.CLASS, held.class_id, "40"))
    assert charged(billed) == {OMAR: 4000, LENA: 4000}


def test_what_is_given_after_the_start_of_a_class_does_not_touch_it(billed: Billed) -> None:
    billed.shop.plans.assign(given(plan_id="10"))
    billed.tracked.holds(*everybody())
    billed.shop.plans.assign(given(plan_id="50", effective_from=at(1)))
    assert billed.shop.plans.add(a_plan("10", 2, effective_from=at(1)))
    assert charged(billed) == {OMAR: 1000, LENA: 1000}


def test_without_a_plan_there_is_a_question_for_everybody(billed: Billed) -> None:
    billed.tracked.holds(*everybody())
    found = billed.price.of_all(on(0, -60), on(0, 60), {})
    assert {(each.person, each.doubt) for each in found.questions} == {(who, Doubt.NO_PLAN) for who in (OMAR, LENA, ADA)}


def test_a_class_that_was_cancelled_late_is_priced_without_rows(billed: Billed) -> None:
    assert billed.shop.plans.add(a_plan("late", notices=(Notice(24, 50, 100),)))
    billed.shop.plans.assign(given(plan_id="late"))
    held = billed.tracked.books()
    billed.house.clock.at = on(0, -60)
    billed.house.change.cancel(held.class_id, "Ill.", Occurrences.THIS, BOSS)
    assert charged(billed) == {OMAR: 1500, LENA: 1500}
    alone = billed.price.of_students([OMAR], on(0, -60), on(0, 60), {})
    assert {each.person for each in alone.items} == {OMAR}
    assert {each.person for each in billed.price.of_staff(ADA, on(0, -60), on(0, 60), {}).items} == {ADA}


def test_who_was_forgotten_is_charged_nothing_new(billed: Billed) -> None:
    billed.shop.plans.assign(given(plan_id="10"))
    gone = pseudonym_from("1")
    billed.tracked.holds(*everybody(), student_emails=(OMAR, gone))
    assert charged(billed) == {OMAR: 1000}


def test_the_same_follows_for_one_student_as_for_all(billed: Billed) -> None:
    billed.shop.plans.assign(given(plan_id="10"))
    assert billed.shop.parties.save(None, Party("mum@home.example", "USD", students=(LENA,)))
    billed.tracked.holds(*everybody())
    time = (on(0, -60), on(0, 60))
    every = billed.price.of_all(*time, {})
    for who in (OMAR, LENA, ADA):
        alone = billed.price.of_staff(who, *time, {}) if who == ADA else billed.price.of_students([who], *time, {})
        assert alone.items == tuple(each for each in every.items if each.person == who)
        assert alone.questions == tuple(each for each in every.questions if each.person == who)
        assert alone.people == every.people
    assert a_class().class_id == stable_id("class", "algebra")


def test_who_shares_a_price_is_priced_with_the_others_of_the_class(billed: Billed) -> None:
    shared = Rate((Price("EUR", 1001),), among=Among.SPLIT)
    assert billed.shop.plans.add(a_plan("shared", charge=shared))
    billed.shop.plans.assign(given(plan_id="shared"))
    billed.tracked.holds(*everybody())
    time = (on(0, -60), on(0, 60))
    both = {(OMAR, 500), (LENA, 501)}
    for who in (OMAR, LENA):
        alone = billed.price.of_students([who], *time, {})
        assert {(each.person, each.amount.amount_minor) for each in alone.items} == both


def test_of_one_student_nobody_elses_payer_is_read(billed: Billed) -> None:
    billed.shop.plans.assign(given(plan_id="10"))
    billed.tracked.holds(*everybody())
    assert billed.price.of_students([OMAR], on(0, -60), on(0, 60), {}).payer_of.keys() == {OMAR}
