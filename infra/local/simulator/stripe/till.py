"""The till: people pay by links, money goes back, banks take it away; each step changes objects and tells events."""

from collections.abc import Callable
from typing import Any

from infra.local.simulator.stripe.refusals import StripeRefusal, wrong
from infra.local.simulator.stripe.world import StripeWorld

Json = dict[str, Any]
Tell = Callable[[str, Json], None]


class Till:
    """Moves money. `now` tells the present in whole seconds; raises `StripeRefusal` for what is not possible."""

    def __init__(self, world: StripeWorld, now: Callable[[], int], tell: Tell) -> None:
        self._world = world
        self._now = now
        self._tell = tell

    def open_session(self, link: Json) -> Json:
        """Somebody opens the page of a link."""
        if not self.is_payable(link):
            raise StripeRefusal(400, link.get("inactive_message") or "This link is not active any more.")
        price = link["line_item"]
        return self._world.make(
            "cs_test",
            "checkout.session",
            payment_link=link["id"],
            payment_intent=None,
            payment_status="unpaid",
            status="open",
            mode="payment",
            amount_total=price["unit_amount"] * price["quantity"],
            currency=price["currency"],
            metadata=dict(link["metadata"]),
            created=self._now(),
        )

    @staticmethod
    def is_payable(link: Json) -> bool:
        """Whether the link's page takes money."""
        done = link["restrictions"]["completed_sessions"]
        return bool(link["active"]) and done["count"] < done["limit"]

    def pay(self, session: Json, how: str = "card") -> Json:
        """The payment of an open page: by card at once, or by debit, which the bank decides about later."""
        link = self._world.get(session["payment_link"], "payment_link")
        if session["status"] != "open" or not self.is_payable(link):
            raise StripeRefusal(400, "This page is closed: the link was used or replaced.")
        data = link["payment_intent_data"]
        intent = self._world.make(
            "pi",
            "payment_intent",
            amount=session["amount_total"],
            amount_received=0,
            currency=session["currency"],
            status="processing",
            latest_charge=None,
            metadata=dict(data.get("metadata", {})),
            description=data.get("description"),
            created=self._now(),
        )
        session |= {"status": "complete", "payment_intent": intent["id"]}
        link["restrictions"]["completed_sessions"]["count"] += 1
        if how == "card":
            self._succeed(session, intent)
        self._tell("checkout.session.completed", session)
        return intent

    def settle(self, intent: Json) -> None:
        """The bank grants a debit."""
        (session,) = self._world.every("checkout.session", payment_intent=intent["id"])
        self._succeed(session, intent)
        self._tell("checkout.session.async_payment_succeeded", session)

    def refund(self, intent: Json, amount: int | None, status: str = "succeeded") -> Json:
        """Money goes back to the payer."""
        gone = sum(one["amount"] for one in self._world.every("refund", payment_intent=intent["id"]) if one["status"] != "failed")
        wanted = amount if amount is not None else intent["amount_received"] - gone
        if not 0 < wanted <= intent["amount_received"] - gone:
            raise wrong("amount", "Refund amount is greater than what is left of the payment.")
        refund = self._world.make(
            "re",
            "refund",
            amount=wanted,
            currency=intent["currency"],
            payment_intent=intent["id"],
            charge=intent["latest_charge"],
            status=status,
            failure_balance_transaction=None,
            created=self._now(),
        )
        self._tell("refund.created", refund)
        self._tell("charge.refunded", self._world.get(intent["latest_charge"], "charge"))
        return refund

    def change_refund(self, refund: Json, status: str) -> None:
        """The bank took a refund, or gave it back."""
        refund["status"] = status
        if status in ("failed", "canceled"):
            refund["failure_balance_transaction"] = self._entry(refund["amount"], refund["currency"])["id"]
        self._tell("refund.failed" if status == "failed" else "refund.updated", refund)

    def dispute(self, intent: Json) -> Json:
        """The payer's bank takes the money away."""
        told = {"amount": intent["amount_received"], "currency": intent["currency"]}
        dispute = self._world.make(
            "dp",
            "dispute",
            **told,
            payment_intent=intent["id"],
            charge=intent["latest_charge"],
            status="needs_response",
            balance_transactions=[],
            created=self._now(),
        )
        self._tell("charge.dispute.created", dispute)
        dispute["balance_transactions"].append(self._entry(-told["amount"], told["currency"]))
        self._tell("charge.dispute.funds_withdrawn", dispute)
        return dispute

    def close_dispute(self, dispute: Json, *, is_won: bool) -> None:
        """The dispute ends; a won one gives the money back."""
        dispute["status"] = "won" if is_won else "lost"
        if is_won:
            dispute["balance_transactions"].append(self._entry(dispute["amount"], dispute["currency"]))
            self._tell("charge.dispute.funds_reinstated", dispute)
        self._tell("charge.dispute.closed", dispute)

    def _succeed(self, session: Json, intent: Json) -> None:
        charge = self._world.make(
            "ch",
            "charge",
            amount=intent["amount"],
            currency=intent["currency"],
            payment_intent=intent["id"],
            created=self._now(),
        )
        intent |= {"status": "succeeded", "amount_received": intent["amount"], "latest_charge": charge["id"]}
        session["payment_status"] = "paid"
        self._tell("payment_intent.succeeded", intent)

    def _entry(self, amount: int, currency: str) -> Json:
        return self._world.make("txn", "balance_transaction", amount=amount, currency=currency, fee=0, created=self._now())
