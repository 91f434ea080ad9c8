"""Links and payments at the simulated Stripe, which refuses what Stripe would refuse."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.errors import NotInThisState, Unavailable, UpstreamRefused
from shared.domain.money import Money
from tests.shared.adapters.stripe.simulated import HOUSE, INVOICE, START, SimulatedStripe
from tests.shared.usecases.papers import MUM


def amounts(stripe: SimulatedStripe, payment_id: str) -> list[int]:
    return [each.amount.amount_minor for each in stripe.cards().payment(payment_id).movements]


def test_a_link_is_for_one_payment_by_card_of_just_this_amount(stripe: SimulatedStripe) -> None:
    link = stripe.cards().open_link(INVOICE, Money(3000, "EUR"), 2)
    (made,) = stripe.state()["payment_link"]
    assert (link.link_id, link.url, link.amount, link.nth) == (made["id"], made["url"], Money(3000, "EUR"), 2)
    assert made["line_item"] == {"unit_amount": 3000, "currency": "eur", "quantity": 1}
    assert made["restrictions"]["completed_sessions"]["limit"] == 1
    assert made["metadata"] == made["payment_intent_data"]["metadata"]
    assert made["metadata"]["rollcall_document"] == INVOICE.document_id


def test_the_same_link_asked_for_twice_is_one_also_when_the_answer_was_lost(stripe: SimulatedStripe) -> None:
    stripe.tell("fail-next", method="POST", path_contains="/payment_links", status=503, after=True)
    first = stripe.link()
    assert stripe.link() == first
    assert stripe.link(nth=2) != first
    assert len(stripe.state()["payment_link"]) == 2


def test_a_link_can_be_used_until_it_is_paid_or_closed(stripe: SimulatedStripe) -> None:
    cards, link_id = stripe.cards(), stripe.link()
    assert cards.state(link_id).is_usable
    payment_id = stripe.tell("pay", link=link_id)["id"]
    state = cards.state(link_id)
    assert (state.is_usable, state.payment_ids) == (False, (payment_id,))
    other = stripe.link(nth=2)
    cards.close_link(other)
    cards.close_link(other)
    assert cards.state(other).is_usable is False
    assert cards.state("plink_gone").is_usable is False
    cards.close_link("plink_gone")


def test_a_page_that_is_open_is_closed_with_its_link(stripe: SimulatedStripe) -> None:
    import httpx

    cards, link = stripe.cards(), stripe.cards().open_link(INVOICE, INVOICE.gross, 1)
    page = httpx.get(link.url)
    action = page.text.partition('action="')[2].partition('"')[0]
    cards.close_link(link.link_id)
    assert httpx.post(f"{stripe.url}{action}").status_code == 400
    assert [each["status"] for each in stripe.state()["checkout.session"]] == ["expired"]
    assert httpx.get(link.url).status_code == 400


def test_a_payment_is_what_stripe_has_of_it_with_our_marks(stripe: SimulatedStripe) -> None:
    payment_id = stripe.paid()
    found = stripe.cards().payment(payment_id)
    assert (found.house, found.document_id, found.party, found.is_under_way) == (HOUSE, INVOICE.document_id, MUM, False)
    (movement,) = found.movements
    assert (movement.movement_id, movement.amount, movement.at) == (payment_id, Money(5000, "EUR"), START)


def test_a_debit_is_under_way_until_the_bank_grants_it(stripe: SimulatedStripe) -> None:
    payment_id = stripe.paid(how="debit")
    found = stripe.cards().payment(payment_id)
    assert (found.is_under_way, found.movements) == (True, ())
    stripe.tell("settle", payment_intent=payment_id)
    assert amounts(stripe, payment_id) == [5000]


def test_refunds_go_out_when_they_succeeded_and_come_back_when_they_failed(stripe: SimulatedStripe) -> None:
    payment_id = stripe.paid()
    first = stripe.tell("refund", payment_intent=payment_id, amount=2000, status="pending")["id"]
    assert amounts(stripe, payment_id) == [5000]
    stripe.tell("change-refund", refund=first, status="succeeded")
    went = stripe.cards().payment(payment_id).movements
    assert [each.amount.amount_minor for each in went] == [5000, -2000]
    stripe.passes(3600)
    stripe.tell("change-refund", refund=first, status="failed")
    came = stripe.cards().payment(payment_id).movements
    assert came[: len(went)] == went
    assert (came[2].movement_id, came[2].amount.amount_minor) == (f"{first}:returned", 2000)
    assert came[2].at == START + timedelta(hours=1)


def test_what_follows_in_the_same_second_comes_after_all_the_same(stripe: SimulatedStripe) -> None:
    payment_id = stripe.paid()
    stripe.tell("refund", payment_intent=payment_id, amount=1000)
    dispute = stripe.tell("dispute", payment_intent=payment_id)["id"]
    stripe.tell("close-dispute", dispute=dispute, won=True)
    times = [each.at for each in stripe.cards().payment(payment_id).movements]
    assert times[0] < times[1]
    assert times[0] < times[2] < times[3]


def test_a_dispute_takes_away_and_one_that_is_won_gives_back(stripe: SimulatedStripe) -> None:
    payment_id = stripe.paid()
    dispute = stripe.tell("dispute", payment_intent=payment_id)["id"]
    assert amounts(stripe, payment_id) == [5000, -5000]
    stripe.tell("close-dispute", dispute=dispute, won=True)
    assert amounts(stripe, payment_id) == [5000, -5000, 5000]
    lost = stripe.tell("pay", link=stripe.link(nth=9))["id"]
    stripe.tell("close-dispute", dispute=stripe.tell("dispute", payment_intent=lost)["id"], won=False)
    assert amounts(stripe, lost) == [5000, -5000]


def test_more_refunds_than_one_page_holds_are_all_counted(stripe: SimulatedStripe) -> None:
    payment_id = stripe.paid()
    for _ in range(101):
        stripe.tell("refund", payment_intent=payment_id, amount=1)
    assert sum(amounts(stripe, payment_id)) == 5000 - 101


def test_of_a_payment_of_another_house_nothing_is_counted(stripe: SimulatedStripe) -> None:
    payment_id = stripe.paid()
    found = stripe.cards(GOOGLE_CLOUD_PROJECT="another-school").payment(payment_id)
    assert (found.house, found.movements) == (HOUSE, ())


def test_an_amount_that_is_too_small_for_a_card_is_told(stripe: SimulatedStripe) -> None:
    with pytest.raises(NotInThisState, match="cannot be paid by card"):
        stripe.link(replace(INVOICE, lines=(replace(INVOICE.lines[0], net=Money(10, "EUR")),)))


def test_a_payment_that_stripe_does_not_know_is_refused_with_a_remedy(stripe: SimulatedStripe) -> None:
    with pytest.raises(UpstreamRefused, match="STRIPE_SECRET_KEY"):
        stripe.cards().payment("pi_nobody")


def test_a_key_that_is_not_accepted_is_told_without_a_part_of_it(stripe: SimulatedStripe) -> None:
    with pytest.raises(UpstreamRefused, match="STRIPE_SECRET_KEY") as refused:
        stripe.cards(STRIPE_SECRET_KEY="pk_wrong_secret").payment("pi_1")
    assert "pk_" not in refused.value.detail


def test_what_passes_is_tried_again_and_what_stays_is_told(stripe: SimulatedStripe) -> None:
    payment_id = stripe.paid()
    for status in (429, 500, 409):
        stripe.tell("fail-next", method="GET", path_contains="/payment_intents", status=status)
        assert amounts(stripe, payment_id) == [5000]
    stripe.tell("fail-next", method="GET", path_contains="/refunds", status=503, times=3)
    with pytest.raises(Unavailable, match="busy"):
        stripe.cards().payment(payment_id)


def test_a_right_that_is_lacking_is_named(stripe: SimulatedStripe) -> None:
    stripe.tell("fail-next", method="POST", path_contains="/payment_links", status=403)
    with pytest.raises(UpstreamRefused, match="Payment Links"):
        stripe.link()


def test_a_stripe_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="cannot be reached"):
        SimulatedStripe(url="http://127.0.0.1:1").cards().state("plink_1")
