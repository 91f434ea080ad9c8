"""Answers of Stripe that are rare: half, odd, in other currencies, or with a word about trying again."""

from typing import Any

import pytest

from shared.adapters.stripe.calls import flat
from shared.domain.errors import Unavailable, UpstreamRefused
from tests.shared.adapters.stripe.scripted import scripted

INTENT: dict[str, Any] = {
    "id": "pi_1",
    "status": "succeeded",
    "amount_received": 5000,
    "currency": "eur",
    "created": 1_790_000_000,
    "latest_charge": None,
    "metadata": {"rollcall_house": "demo-rollcall", "rollcall_party": "mum@home.example"},
}


def entry(txn: str, amount: int, currency: str) -> dict[str, Any]:
    return {"id": txn, "amount": amount, "currency": currency, "created": 1_790_000_100}


def test_parameters_are_written_as_stripe_reads_them() -> None:
    told = {"line_items": [{"quantity": 1, "price_data": {"currency": "eur"}}], "active": False, "expand": ["a.b"]}
    assert list(flat(told)) == [
        ("line_items[0][quantity]", "1"),
        ("line_items[0][price_data][currency]", "eur"),
        ("active", "false"),
        ("expand[0]", "a.b"),
    ]


def test_a_dispute_on_an_account_in_another_currency_moves_what_is_disputed() -> None:
    entries = [entry("txn_2", 5310, "usd"), entry("txn_1", -5400, "usd")]
    dispute = {"id": "dp_1", "amount": 5000, "currency": "eur", "balance_transactions": entries}
    with scripted(payment_intents__pi_1=INTENT, disputes={"data": [dispute], "has_more": False}) as script:
        movements = script.cards().payment("pi_1").movements
    assert [(each.movement_id, each.amount.text) for each in movements] == [
        ("pi_1", "50.00 EUR"),
        ("txn_1", "-50.00 EUR"),
        ("txn_2", "50.00 EUR"),
    ]


def test_a_part_that_is_given_back_is_a_part() -> None:
    entries = [entry("txn_1", -5000, "eur"), entry("txn_2", 3000, "eur")]
    dispute = {"id": "dp_1", "amount": 5000, "currency": "eur", "balance_transactions": entries}
    with scripted(payment_intents__pi_1=INTENT, disputes={"data": [dispute], "has_more": False}) as script:
        assert [each.amount.amount_minor for each in script.cards().payment("pi_1").movements] == [5000, -5000, 3000]


@pytest.mark.parametrize("lacking", ["status", "amount_received", "currency", "created"])
def test_a_payment_in_an_unknown_form_is_refused_and_not_guessed(lacking: str) -> None:
    odd = {name: value for name, value in INTENT.items() if name != lacking}
    with scripted(payment_intents__pi_1=odd) as script, pytest.raises(UpstreamRefused, match="not known"):
        script.cards().payment("pi_1")


@pytest.mark.parametrize("party", [None, "", "nobody", "a b@c", 7])
def test_a_mark_that_is_no_address_names_nobody(party: object) -> None:
    marks = {"rollcall_house": "demo-rollcall", "rollcall_party": party}
    with scripted(payment_intents__pi_1={**INTENT, "metadata": marks}) as script:
        assert script.cards().payment("pi_1").party is None


def test_a_link_that_was_used_by_a_payment_not_listed_yet_is_neither_usable_nor_free() -> None:
    link = {"id": "plink_1", "active": True, "restrictions": {"completed_sessions": {"count": 1, "limit": 1}}}
    with scripted(payment_links__plink_1=link) as script, pytest.raises(Unavailable, match="not yet"):
        script.cards().state("plink_1")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{"])
def test_half_an_answer_is_tried_again_and_then_unavailable(body: bytes) -> None:
    with scripted(payment_intents__pi_1=(200, body, {})) as script:
        with pytest.raises(Unavailable, match="cannot be reached"):
            script.cards().payment("pi_1")
        assert len(script.calls) == 3


def test_where_stripe_says_that_trying_again_is_no_use_it_is_not_tried() -> None:
    with scripted(payment_intents__pi_1=(500, {}, {"Stripe-Should-Retry": "false"})) as script:
        with pytest.raises(Unavailable, match="busy"):
            script.cards().payment("pi_1")
        assert len(script.calls) == 1


def test_a_list_without_an_end_is_refused() -> None:
    endless = {"data": [], "has_more": True}
    page = {**endless, "data": [{"id": "re_1", "status": "pending", "amount": 1, "currency": "eur", "created": 1}]}
    with scripted(payment_intents__pi_1=INTENT, refunds=page) as script, pytest.raises(UpstreamRefused, match="too many"):
        script.cards().payment("pi_1")


def test_an_error_without_words_is_still_told() -> None:
    with scripted(payment_intents__pi_1=(400, b"oops", {})) as script, pytest.raises(UpstreamRefused, match="status 400"):
        script.cards().payment("pi_1")
