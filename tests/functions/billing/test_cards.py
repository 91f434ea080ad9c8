"""The doors of card payments: who gets a link, and what Stripe's news do."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask, Response, request

from functions.billing.main import routes
from functions.billing.wiring import Billing, CardDesk
from shared import config, system
from shared.domain.accounts import Caller
from shared.usecases.file_card_payment import FileCardPayment
from shared.usecases.link_payment import LinkPayment
from shared.web.stripe_signatures import signature
from tests.billed import MUM, PAYER
from tests.fake_cards import HOUSE, MemoryCardLinks, MemoryCards
from tests.functions.billing.asking import Here, body_of
from tests.shared.usecases.papers import paper
from tests.tracked import BOSS, TEACHER

SECRET = "whsec_the_endpoints_own"
DAD = Caller("dad", "dad@home.example", "user")
KNOWN = {"JWT_SECRET": "s" * 40, "STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": f"whsec_old {SECRET}"}


@dataclass
class Shop(Here):
    """The function over fakes, with a provider of card payments and an invoice of 50 EUR."""

    def __post_init__(self) -> None:
        ledger, payments = self.billed.ledger, self.billed.shop.payments
        self.cards = MemoryCards(self.billed.house.clock.at)
        self.file = FileCardPayment(self.cards, ledger, payments, HOUSE)
        self.link = LinkPayment(ledger, self.billed.settle, MemoryCardLinks(), self.cards, self.file)
        issued = ledger.issue(None, paper(5000), ())
        assert issued is not None
        self.path = f"/invoices/{issued.document_id}/payment-link"

    @property
    def app(self) -> Billing:
        """The composition."""
        return replace(super().app, cards=CardDesk(self.link, self.file))

    def paid(self) -> str:
        """The mother pays by her link; the payment's id."""
        self.told("POST", self.path, PAYER)
        (link_id,) = self.cards.links
        return self.cards.pays(link_id)

    def hears(self, event: object, secret: str = SECRET, age: int = 0, signed: str | None = None) -> Response:
        """What is answered to news that Stripe signed."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        stamp = str(int(system.now().timestamp()) - age)
        header = f"t={stamp},v1={signature(secret, stamp, body)}" if signed is None else signed
        headers = {"Stripe-Signature": header}
        sent: dict[str, Any] = {"data": body, "content_type": "application/json; charset=utf-8", "headers": headers}
        with Flask("test").test_request_context("/api/billing/stripe/events", method="POST", **sent):
            asked: Any = request
            return routes.answer(asked, lambda: self.app)

    @property
    def came(self) -> list[int]:
        """What came in and went back, the oldest first."""
        return [each.amount.amount_minor for each in self.billed.shop.payments.of_party(MUM)]


def news(payment: object, kind: str = "checkout.session.completed", **more: object) -> dict[str, Any]:
    return {"id": "evt_1", "type": kind, "data": {"object": {"id": "x_1", "payment_intent": payment, **more}}}


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr("shared.web.routes.settings", lambda: config.read_settings(KNOWN))
    monkeypatch.setattr("tests.functions.billing.asking.settings", lambda: config.read_settings(KNOWN))
    return Shop()


def test_the_payer_and_an_administrator_get_the_link(shop: Shop) -> None:
    told = shop.told("POST", shop.path, PAYER)["payment_link"]
    assert told["amount"] == {"amount_minor": 5000, "currency": "EUR"}
    assert told["url"].startswith("https://pay/")
    assert shop.told("POST", shop.path, BOSS)["payment_link"] == told


def test_a_foreign_invoice_is_as_absent(shop: Shop) -> None:
    absent = shop.ask("POST", f"/invoices/{'0' * 32}/payment-link", PAYER)
    for caller in (DAD, TEACHER):
        foreign = shop.ask("POST", shop.path, caller)
        assert (foreign.status_code, body_of(foreign)["detail"]) == (404, body_of(absent)["detail"])
    assert shop.ask("POST", shop.path, None).status_code == 401
    assert shop.cards.links == {}


def test_what_is_paid_has_no_link(shop: Shop) -> None:
    shop.hears(news(shop.paid()))
    refused = shop.ask("POST", shop.path, PAYER)
    assert (refused.status_code, body_of(refused)["title"]) == (409, "This is not possible in the present state")
    assert "Nothing is open" in body_of(refused)["detail"]


def test_an_invoice_that_is_taken_back_can_be_paid_no_more(shop: Shop) -> None:
    shop.told("POST", shop.path, PAYER)
    (link_id,) = shop.cards.links
    shop.told("POST", shop.path.replace("payment-link", "void"), BOSS, {})
    assert shop.cards.closed == {link_id}
    assert shop.ask("POST", shop.path, PAYER).status_code == 409


def test_an_invoice_whose_payment_is_under_way_is_not_taken_back(shop: Shop) -> None:
    shop.told("POST", shop.path, PAYER)
    (link_id,) = shop.cards.links
    shop.cards.pays(link_id, is_settled=False)
    refused = shop.ask("POST", shop.path.replace("payment-link", "void"), BOSS, {})
    assert (refused.status_code, "under way" in body_of(refused)["detail"]) == (409, True)


def test_where_no_provider_is_set_up_the_variables_are_named(here: Here) -> None:
    refused = here.ask("POST", f"/invoices/{'0' * 32}/payment-link", PAYER)
    assert refused.status_code == 409
    assert "STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET" in body_of(refused)["detail"]


def test_news_of_a_payment_are_filed_once(shop: Shop) -> None:
    payment_id = shop.paid()
    assert body_of(shop.hears(news(payment_id))) == {"filed": 1, "ignored": None}
    for kind in ("checkout.session.async_payment_succeeded", "charge.refunded", "refund.updated", "charge.dispute.closed"):
        assert body_of(shop.hears(news(payment_id, kind))) == {"filed": 0, "ignored": None}
    assert shop.came == [5000]


def test_news_of_a_refund_that_come_before_those_of_the_payment_bring_both(shop: Shop) -> None:
    payment_id = shop.paid()
    shop.cards.moves(payment_id, "re_1", -5000)
    assert body_of(shop.hears(news({"id": payment_id, "object": "payment_intent"}, "refund.created")))["filed"] == 2
    assert shop.came == [5000, -5000]


def test_the_payment_itself_may_be_what_the_news_are_about(shop: Shop) -> None:
    payment_id = shop.paid()
    event = {"type": "payment_intent.succeeded", "data": {"object": {"id": payment_id}}}
    assert body_of(shop.hears(event))["filed"] == 1


@pytest.mark.parametrize(
    "event",
    [news("pi_1", "customer.created"), news(None), news("../refunds"), news(7), news("pi_1", "charge.refund")],
)
def test_news_that_name_no_payment_are_taken_and_change_nothing(shop: Shop, event: dict[str, Any]) -> None:
    answer = shop.hears(event)
    assert (answer.status_code, body_of(answer)["filed"]) == (200, 0)
    assert "names no payment" in body_of(answer)["ignored"]


def test_a_payment_that_is_none_of_ours_is_taken_and_logged(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    payment_id = shop.paid()
    shop.cards.payments[payment_id] = replace(shop.cards.payments[payment_id], house="another-school")
    answer = shop.hears(news(payment_id))
    assert (answer.status_code, shop.came) == (200, [])
    assert f'"payment": "{payment_id}"' in capsys.readouterr().err


def test_a_payment_that_stripe_does_not_know_is_not_taken(shop: Shop) -> None:
    assert shop.hears(news("pi_unknown")).status_code == 502


@pytest.mark.parametrize(
    "event", [b"[1]", b"{", b"null", b'{"type": "x"}', b'{"type": "x", "data": {"object": []}}', b"[" * 9999]
)
def test_what_is_no_event_is_refused(shop: Shop, event: bytes) -> None:
    assert shop.hears(event).status_code == 422


def test_without_a_right_signature_nothing_is_looked_at(shop: Shop) -> None:
    event = news(shop.paid())
    for answer in (
        shop.hears(event, secret="whsec_not_ours"),
        shop.hears(event, age=301),
        shop.hears(event, signed=""),
    ):
        assert answer.status_code == 401
    assert shop.came == []
    assert shop.hears(event, secret="whsec_old").status_code == 200


def test_a_body_that_is_too_large_is_refused(shop: Shop) -> None:
    assert shop.hears(b" " * 300_000).status_code == 413


def test_news_are_not_taken_while_payments_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {name: value for name, value in KNOWN.items() if name != "STRIPE_SECRET_KEY"}
    monkeypatch.setattr("shared.web.routes.settings", lambda: config.read_settings(known))
    shop = Shop()
    body = json.dumps(news("pi_1")).encode()
    stamp = str(int(system.now().timestamp()))
    headers = {"Stripe-Signature": f"t={stamp},v1={signature(SECRET, stamp, body)}"}
    sent: dict[str, Any] = {"data": body, "content_type": "application/json", "headers": headers}
    with Flask("test").test_request_context("/api/billing/stripe/events", method="POST", **sent):
        asked: Any = request
        assert routes.answer(asked, lambda: replace(shop.app, cards=None)).status_code == 503


def test_where_no_secret_is_set_nobody_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.web.routes.settings", lambda: config.read_settings({"JWT_SECRET": "s" * 40}))
    answer = Shop().hears(news("pi_1"))
    assert answer.status_code == 401
    assert "STRIPE_WEBHOOK_SECRET" in body_of(answer)["detail"]
