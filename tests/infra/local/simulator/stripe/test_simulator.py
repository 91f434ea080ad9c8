"""The simulated Stripe from outside: its page, its events, its control path, and what it keeps."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from infra.local.simulator.app import create_app
from infra.local.troubles import Trouble
from shared.web.stripe_signatures import is_stripe_signed
from tests.infra.local.simulator.running import simulator
from tests.shared.adapters.stripe.simulated import SECRET, START, SimulatedStripe


def until(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < give_up, "it did not come to pass"
        time.sleep(0.02)


def kinds(stripe: SimulatedStripe) -> list[str]:
    return [json.loads(body)["type"] for _, body in stripe.endpoint.heard]


def test_somebody_pays_on_the_page_and_the_signed_event_is_told(stripe: SimulatedStripe) -> None:
    link_id = stripe.link()
    page = httpx.get(f"{stripe.url}/stripe/pay/{link_id}")
    assert "5000 EUR" in page.text
    action = page.text.partition('action="')[2].partition('"')[0]
    assert "Paid" in httpx.post(f"{stripe.url}{action}").text
    assert httpx.post(f"{stripe.url}{action}").status_code == 400
    assert httpx.get(f"{stripe.url}/stripe/pay/{link_id}").status_code == 400
    assert httpx.get(f"{stripe.url}/stripe/pay/plink_nobody").status_code == 404
    until(lambda: sorted(kinds(stripe)) == ["checkout.session.completed", "payment_intent.succeeded"])
    for headers, body in stripe.endpoint.heard:
        signed = {"Stripe-Signature": headers["stripe-signature"]}
        assert is_stripe_signed(signed, body, [SECRET], stripe.now.timestamp())


def test_an_event_that_is_not_taken_comes_again(stripe: SimulatedStripe) -> None:
    stripe.endpoint.statuses += [503, 503]
    stripe.paid()
    until(lambda: len(stripe.endpoint.heard) == 4)
    assert stripe.state()["under_way"] in (0, 1)
    assert sorted(kinds(stripe)) == ["checkout.session.completed"] * 2 + ["payment_intent.succeeded"] * 2


def test_events_come_twice_late_or_not_at_all_as_they_are_told_to(stripe: SimulatedStripe) -> None:
    stripe.tell("push", mode="duplicate")
    stripe.paid()
    until(lambda: len(stripe.endpoint.heard) == 4)
    stripe.tell("push", mode="off")
    payment_id = stripe.tell("pay", link=stripe.link(nth=2))["id"]
    stripe.tell("push", mode="late", late_s=0.3)
    stripe.tell("refund", payment_intent=payment_id)
    assert len(stripe.endpoint.heard) == 4
    until(lambda: len(stripe.endpoint.heard) == 6)
    assert sorted(kinds(stripe)[4:]) == ["charge.refunded", "refund.created"]


def test_an_event_can_be_sent_again_old_or_wrongly_signed(stripe: SimulatedStripe) -> None:
    stripe.tell("push", mode="off")
    stripe.paid()
    event = stripe.state()["event"][0]["id"]
    stripe.tell("send", event=event, times=2)
    stripe.tell("send", event=event, age_s=3600)
    stripe.tell("send", event=event, wrong_signature=True)
    until(lambda: len(stripe.endpoint.heard) == 4)
    right = [
        is_stripe_signed({"Stripe-Signature": headers["stripe-signature"]}, body, [SECRET], stripe.now.timestamp())
        for headers, body in stripe.endpoint.heard
    ]
    assert sorted(right) == [False, False, True, True]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("pay", {"link": "plink_nobody"}, 404),
        ("pay", {}, 422),
        ("pay", {"link": "x", "colour": "red"}, 422),
        ("push", {"mode": "sideways"}, 422),
        ("refund", {"payment_intent": "pi_nobody"}, 404),
    ],
)
def test_an_order_that_cannot_be_carried_out_is_refused(
    stripe: SimulatedStripe, path: str, body: dict[str, str], status: int
) -> None:
    answer = httpx.post(f"{stripe.url}/_sim/stripe/{path}", json=body)
    assert (answer.status_code, bool(answer.json()["error"]["message"])) == (status, True)


def test_more_than_was_paid_is_not_refunded(stripe: SimulatedStripe) -> None:
    payment_id = stripe.paid()
    stripe.tell("refund", payment_intent=payment_id, amount=4000)
    refused = httpx.post(f"{stripe.url}/_sim/stripe/refund", json={"payment_intent": payment_id, "amount": 1001})
    assert refused.status_code == 400


def test_a_reset_forgets_payments_too(stripe: SimulatedStripe) -> None:
    stripe.paid()
    httpx.delete(f"{stripe.url}/_sim").raise_for_status()
    state = stripe.state()
    assert [state[kind] for kind in ("payment_link", "payment_intent", "event", "sent")] == [[], [], [], []]


def test_payments_outlive_the_simulator_and_a_broken_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "simulator.json"
    made = []
    for _ in range(2):
        with simulator(file) as running:
            stripe = SimulatedStripe(running.url)
            made.append(stripe.link())
            assert stripe.cards().state(made[0]).is_usable
    assert made[0] == made[1]
    (tmp_path / "stripe.json").write_text("{")
    with pytest.raises(Trouble, match="Stripe's file"):
        create_app(clock=lambda: START, state_file=file)
