"""A bill that is paid by card on the local stack: charged, issued, linked, paid, refunded, paid back by the bank."""

from typing import Any

import httpx
import pytest

from shared import system
from tests.journeys.conftest import Stack

PERIOD = {"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}


class Payer:
    """Somebody who owes 42.50 EUR for a book, and an administrator beside."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.email = f"payer-{system.new_id()[:8]}@home.example"
        self.root, self.own = stack.token("root@school.example", "admin"), stack.token(self.email, "user")

    def asks(self, method: str, path: str, headers: dict[str, str], body: object = None) -> httpx.Response:
        """One request to the Financial Hub."""
        sent = {"json": body} if body is not None else {}
        return self.stack.ask(method, f"/api/billing{path}", headers=headers, **sent)

    def told(self, method: str, path: str, headers: dict[str, str], body: object = None) -> Any:
        """The body of an answer that went well."""
        answer = self.asks(method, path, headers, body)
        assert answer.is_success, answer.text
        return answer.json()

    def invoice(self) -> dict[str, Any]:
        """The invoice that is issued for the book."""
        party = {"currency": "EUR", "name": "A payer"}
        self.told("PUT", f"/parties/{self.email}", self.root, party)
        book = {"party": self.email, "description": "A book", "net": {"amount_minor": 4250, "currency": "EUR"}}
        self.told("POST", "/ad-hoc", {**self.root, "Idempotency-Key": system.new_id()}, book)
        query = f"payer={self.email}&from={PERIOD['from']}&to={PERIOD['to']}"
        (draft,) = self.told("GET", f"/invoices/drafts?{query}", self.root)["drafts"]
        body = {"party": self.email, "currency": "EUR", "digest": draft["digest"], **PERIOD}
        (document,) = self.told("POST", "/invoices/issue", self.root, body)["documents"]
        found: dict[str, Any] = document
        return found

    def link(self, document: dict[str, Any], headers: dict[str, str] | None = None) -> httpx.Response:
        """The link to pay by."""
        return self.asks("POST", f"/invoices/{document['document_id']}/payment-link", headers or self.own)

    @property
    def standing(self) -> tuple[str, int]:
        """How the invoice stands and what is open of it, as the payer sees it."""
        (account,) = self.told("GET", f"/statements/{self.email}", self.own)["accounts"]
        (document,) = account["documents"]
        return document["standing"], document["open"]["amount_minor"]

    @property
    def paid(self) -> list[tuple[str, int]]:
        """What was paid and how, the newest first."""
        listed = self.told("GET", "/payments", self.own)["payments"]
        return [(each["method"], each["amount"]["amount_minor"]) for each in listed]


@pytest.fixture
def payer(stack: Stack) -> Payer:
    """Somebody new."""
    return Payer(stack)


def stripe(stack: Stack, path: str, **body: Any) -> Any:
    """One move on Stripe's control path."""
    answer = httpx.post(f"{stack.simulator}/_sim/stripe/{path}", json=body, timeout=20)
    answer.raise_for_status()
    return answer.json()


def presses_pay(url: str, simulator: str) -> None:
    """What the browser does on the link's page."""
    page = httpx.get(url, timeout=20)
    assert page.status_code == 200, page.text
    action = page.text.partition('action="')[2].partition('"')[0]
    assert httpx.post(f"{simulator}{action}", timeout=20).status_code == 200


def test_an_invoice_is_paid_by_its_link_and_open_again_after_a_refund(stack: Stack, payer: Payer) -> None:
    document = payer.invoice()
    first = payer.link(document)
    assert first.status_code == 200, first.text
    link = first.json()["payment_link"]
    assert link["amount"] == {"amount_minor": 4250, "currency": "EUR"}
    assert payer.link(document, payer.root).json() == first.json()
    assert payer.link(document, stack.token("other@home.example", "user")).status_code == 404

    presses_pay(link["url"], stack.simulator)
    stack.until(lambda: payer.standing == ("paid", 0))
    assert payer.paid == [("card", 4250)]
    assert payer.link(document).status_code == 409
    assert httpx.get(link["url"], timeout=20).status_code == 400

    state = httpx.get(f"{stack.simulator}/_sim/stripe/state", timeout=20).json()
    event = next(each for each in state["event"] if each["type"] == "checkout.session.completed")
    payment_id = event["data"]["object"]["payment_intent"]
    stripe(stack, "send", event=event["id"], times=3)
    stripe(stack, "refund", payment_intent=payment_id)
    stack.until(lambda: payer.standing == ("unpaid", 4250))
    assert payer.paid == [("card", -4250), ("card", 4250)]
    again = payer.link(document).json()["payment_link"]
    assert again["url"] != link["url"]


def test_events_that_are_not_stripes_change_nothing(stack: Stack, payer: Payer) -> None:
    document = payer.invoice()
    stripe(stack, "push", mode="off")
    try:
        link = payer.link(document).json()["payment_link"]
        presses_pay(link["url"], stack.simulator)
        state = httpx.get(f"{stack.simulator}/_sim/stripe/state", timeout=20).json()
        event = next(each for each in state["event"] if each["type"] == "checkout.session.completed")
        stripe(stack, "send", event=event["id"], wrong_signature=True)
        stripe(stack, "send", event=event["id"], age_s=3600)

        def answers() -> list[int]:
            sent = httpx.get(f"{stack.simulator}/_sim/stripe/state", timeout=20).json()["sent"]
            return [status for named, status in sent if named == event["id"]]

        stack.until(lambda: len(answers()) == 2)
        assert answers() == [401, 401]
        assert payer.standing == ("unpaid", 4250)
        stripe(stack, "send", event=event["id"])
        stack.until(lambda: payer.standing == ("paid", 0))
    finally:
        stripe(stack, "push", mode="on")
