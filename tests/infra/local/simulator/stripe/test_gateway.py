"""The simulated Stripe's API: it takes what Stripe takes, and nothing else."""

from typing import Any

import httpx
import pytest

from tests.shared.adapters.stripe.simulated import SimulatedStripe

GOOD = {
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "eur",
    "line_items[0][price_data][unit_amount]": "4250",
    "line_items[0][price_data][product_data][name]": "Invoice INV-000001",
    "restrictions[completed_sessions][limit]": "1",
}


def post(stripe: SimulatedStripe, path: str, form: dict[str, str], key: str | None = "k-1") -> httpx.Response:
    headers = {"Authorization": "Bearer sk_test_1", **({"Idempotency-Key": key} if key else {})}
    return httpx.post(f"{stripe.url}/stripe/v1{path}", data=form, headers=headers)


def get(stripe: SimulatedStripe, path: str, **params: Any) -> httpx.Response:
    return httpx.get(f"{stripe.url}/stripe/v1{path}", params=params, headers={"Authorization": "Bearer rk_test_1"})


def error_of(answer: httpx.Response) -> Any:
    return answer.json()["error"]


def test_a_link_is_made_and_shown(stripe: SimulatedStripe) -> None:
    made = post(stripe, "/payment_links", GOOD).json()
    assert made["url"] == f"{stripe.url}/stripe/pay/{made['id']}"
    assert get(stripe, f"/payment_links/{made['id']}").json() == made


def test_a_parameter_that_stripe_does_not_know_is_refused(stripe: SimulatedStripe) -> None:
    refused = post(stripe, "/payment_links", {**GOOD, "amount": "1"})
    assert (refused.status_code, error_of(refused)["code"]) == (400, "parameter_unknown")
    assert error_of(get(stripe, "/refunds", colour="red"))["param"] == "colour"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("line_items[0][price_data][unit_amount]", "12.50", "parameter_invalid_integer"),
        ("line_items[0][price_data][unit_amount]", "1", "amount_too_small"),
        ("line_items[0][price_data][currency]", "EUR", "parameter_invalid"),
        ("restrictions[completed_sessions][limit]", "0", "parameter_invalid_integer"),
    ],
)
def test_a_value_that_stripe_does_not_take_is_refused(stripe: SimulatedStripe, name: str, value: str, code: str) -> None:
    refused = post(stripe, "/payment_links", {**GOOD, name: value})
    assert (refused.status_code, error_of(refused)["code"]) == (400, code)


def test_what_is_missing_is_named(stripe: SimulatedStripe) -> None:
    form = {name: value for name, value in GOOD.items() if "unit_amount" not in name}
    assert error_of(post(stripe, "/payment_links", form))["code"] == "parameter_missing"
    gone = get(stripe, "/payment_intents/pi_nobody")
    assert (gone.status_code, error_of(gone)["code"]) == (404, "resource_missing")
    assert get(stripe, "/customers").status_code == 404


def test_the_same_key_gives_the_same_answer_and_takes_no_other_parameters(stripe: SimulatedStripe) -> None:
    first = post(stripe, "/payment_links", GOOD).json()
    assert post(stripe, "/payment_links", GOOD).json() == first
    other = post(stripe, "/payment_links", {**GOOD, "line_items[0][quantity]": "2"})
    assert (other.status_code, error_of(other)["type"]) == (400, "idempotency_error")
    assert post(stripe, "/payment_links", GOOD, "k-2").json()["id"] != first["id"]
    assert post(stripe, "/payment_links", GOOD, None).status_code == 400


def test_a_call_without_a_secret_key_is_refused(stripe: SimulatedStripe) -> None:
    for header in ({}, {"Authorization": "Bearer pk_test_1"}, {"Authorization": "Basic c2tf"}):
        assert httpx.get(f"{stripe.url}/stripe/v1/refunds", headers=header).status_code == 401


def test_a_closed_session_is_not_expired_again(stripe: SimulatedStripe) -> None:
    stripe.paid()
    (session,) = get(stripe, "/checkout/sessions", status="complete").json()["data"]
    assert post(stripe, f"/checkout/sessions/{session['id']}/expire", {}).status_code == 400


def test_lists_come_in_pages_the_newest_first(stripe: SimulatedStripe) -> None:
    payment_id = stripe.paid()
    made = [stripe.tell("refund", payment_intent=payment_id, amount=1)["id"] for _ in range(3)]
    first = get(stripe, "/refunds", payment_intent=payment_id, limit=2).json()
    assert ([each["id"] for each in first["data"]], first["has_more"]) == (made[:0:-1], True)
    last = get(stripe, "/refunds", payment_intent=payment_id, limit=2, starting_after=made[1]).json()
    assert ([each["id"] for each in last["data"]], last["has_more"]) == (made[:1], False)
    assert get(stripe, "/refunds", limit=101).status_code == 400


def test_a_planned_failure_meets_so_many_calls(stripe: SimulatedStripe) -> None:
    stripe.tell("fail-next", method="GET", path_contains="/refunds", status=500, times=2)
    assert [get(stripe, "/refunds").status_code for _ in range(3)] == [500, 500, 200]
