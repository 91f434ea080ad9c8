"""Card payments by Stripe: single-use payment links, and every movement of money that their payments led to."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from shared import system
from shared.adapters.stripe.calls import Json, StripeApi, flat
from shared.adapters.stripe.troubles import UNUSABLE, Missing
from shared.adapters.stripe.units import money_of, units_of
from shared.card_ports import CardLink, CardPayment, LinkState, Movement
from shared.config import Settings
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.domain.ids import stable_id
from shared.domain.invoices import Document
from shared.domain.money import Money
from shared.ports import Sleep

HOUSE, DOCUMENT, PARTY, NTH = "rollcall_house", "rollcall_document", "rollcall_party", "rollcall_link"
A_MOMENT = timedelta(microseconds=1)
CAME_BACK = frozenset(("failed", "canceled"))


def stripe_cards(known: Settings, sleep: Sleep) -> "StripeCards":
    """Stripe as the settings have it: the real one, or the local simulator."""
    api = StripeApi(known.stripe_secret_key or "", known.stripe_api_endpoint, sleep, system.monotonic)
    return StripeCards(api, known.project)


class StripeCards:
    """Fulfils the port `Cards`. `house` marks what is ours: one Stripe account may serve several deployments."""

    def __init__(self, api: StripeApi, house: str) -> None:
        self._api = api
        self._house = house

    def open_link(self, document: Document, amount: Money, nth: int) -> CardLink:
        """See the port; the key is made of all that is sent, so that the same link is never made twice at once."""
        marks = {HOUSE: self._house, DOCUMENT: document.document_id, PARTY: document.party, NTH: str(nth)}
        name = f"Invoice {document.number}"
        price = {"currency": amount.currency.lower(), "unit_amount": units_of(amount), "product_data": {"name": name}}
        params = {
            "line_items": [{"quantity": 1, "price_data": price}],
            "payment_method_types": ["card"],
            "restrictions": {"completed_sessions": {"limit": 1}},
            "inactive_message": "This link was used or replaced. Ask for a new one.",
            "metadata": marks,
            "payment_intent_data": {"description": name, "metadata": marks},
        }
        key = stable_id("payment_link", *(part for pair in flat(params) for part in pair))
        made = self._api.post("/payment_links", params, key)
        return CardLink(document.document_id, str(made["id"]), str(made["url"]), amount, nth)

    def close_link(self, link_id: str) -> None:
        """See the port; pages on which somebody is about to pay by it are closed too."""
        try:
            self._api.post(f"/payment_links/{link_id}", {"active": False}, stable_id("close_link", link_id))
        except Missing:
            return
        for session in self._api.every("/checkout/sessions", {"payment_link": link_id, "status": "open"}):
            try:
                self._api.post(f"/checkout/sessions/{session['id']}/expire", {}, stable_id("expire", str(session["id"])))
            except UpstreamRefused:
                continue  # it was paid or closed just now; what was paid is filed

    def state(self, link_id: str) -> LinkState:
        """See the port."""
        try:
            link = self._api.get(f"/payment_links/{link_id}")
        except Missing:
            return LinkState(is_usable=False)
        done = (link.get("restrictions") or {}).get("completed_sessions") or {}
        complete = self._api.every("/checkout/sessions", {"payment_link": link_id, "status": "complete"})
        ids = tuple(_id_in(session["payment_intent"]) for session in complete if session.get("payment_intent"))
        is_used = int(done.get("count") or 0) >= int(done.get("limit") or 1)
        if is_used and not ids:
            raise Unavailable("Stripe tells that this link was used, but not yet by which payment; try again in a moment.")
        return LinkState(bool(link["active"]) and not is_used and not ids, ids)

    def payment(self, payment_id: str) -> CardPayment:
        """See the port."""
        try:
            intent = self._api.get(f"/payment_intents/{payment_id}", {"expand": ["latest_charge"]})
            marks = intent.get("metadata") or {}
            house, status = marks.get(HOUSE), intent["status"]
            movements = tuple(self._movements(intent)) if house == self._house and status == "succeeded" else ()
        except (KeyError, TypeError, ValueError) as odd:
            told = f"Stripe tells of {payment_id} in a form that is not known ({odd!r}); tell whoever looks after Rollcall."
            raise UpstreamRefused(UNUSABLE, told) from odd
        party = _email_in(marks.get(PARTY))
        return CardPayment(payment_id, house, marks.get(DOCUMENT), party, movements, status == "processing")

    def _movements(self, intent: Json) -> Iterator[Movement]:
        charge = intent.get("latest_charge")
        paid_at = _instant(charge["created"] if isinstance(charge, dict) else intent["created"])
        received = money_of(int(intent["amount_received"]), intent["currency"])
        yield Movement(intent["id"], received, paid_at, intent["id"])
        about = {"payment_intent": intent["id"]}
        for refund in self._api.every("/refunds", {**about, "expand": ["data.failure_balance_transaction"]}):
            yield from _refunded(refund, paid_at)
        for dispute in self._api.every("/disputes", about):
            yield from _disputed(dispute, paid_at)


def _refunded(refund: Json, paid_at: datetime) -> Iterator[Movement]:
    """What a refund moved. One that failed went out and came back: whoever saw it go out sees the same two movements."""
    status = refund["status"]
    if status != "succeeded" and status not in CAME_BACK:
        return
    amount = money_of(int(refund["amount"]), refund["currency"])
    went_at = _after(_instant(refund["created"]), paid_at)
    yield Movement(refund["id"], -amount, went_at, refund["id"])
    if status in CAME_BACK:
        reversal = refund.get("failure_balance_transaction")
        back_at = _instant(reversal["created"]) if isinstance(reversal, dict) else went_at
        yield Movement(f"{refund['id']}:returned", amount, _after(back_at, went_at), refund["id"])


def _disputed(dispute: Json, paid_at: datetime) -> Iterator[Movement]:
    """What a dispute moved: the bank takes the money away, and gives it back when the dispute is won.

    The entries are in the account's own currency; where that is another one, the amount is what is disputed.
    """
    before = paid_at
    for entry in sorted(dispute["balance_transactions"], key=lambda told: (told["created"], told["amount"])):
        is_same = entry["currency"] == dispute["currency"]
        sign = -1 if int(entry["amount"]) < 0 else 1
        units = int(entry["amount"]) if is_same else sign * int(dispute["amount"])
        before = _after(_instant(entry["created"]), before)
        yield Movement(entry["id"], money_of(units, dispute["currency"]), before, dispute["id"])


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _after(at: datetime, before: datetime) -> datetime:
    """Stripe counts in seconds; what follows from something comes after it all the same."""
    return max(at, before + A_MOMENT)


def _id_in(told: Any) -> str:  # noqa: ANN401 - an id, or the object that it stands for
    return str(told["id"] if isinstance(told, dict) else told)


def _email_in(told: object) -> str | None:
    """The address on our mark; anything else that somebody wrote there since is none."""
    return told if isinstance(told, str) and re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,189}", told) else None
