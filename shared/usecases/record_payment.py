"""Recording a payment by hand: once for each key of the sender, for a document or for the oldest that is open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.billing_ports import Ledger, Payments
from shared.domain.accounts import Caller
from shared.domain.errors import InvalidInput, KeyReused
from shared.domain.money import MOST, Money, checked_currency
from shared.domain.payments import Payment
from shared.ports import Clock

# Clocks differ a little; a payment from the future is a slip of the pen.
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ToRecord:
    """What came in, or went back where the amount is negative. Without a time it came now, without a number it is for the oldest.

    What is paid to staff names its payment order.
    """

    party: str
    key: str
    amount: Money
    received_at: datetime | None
    method: str
    number: str | None = None
    reference: str | None = None


@dataclass(frozen=True)
class RecordPayment:
    """Store payments."""

    payments: Payments
    ledger: Ledger
    clock: Clock

    def __call__(self, wanted: ToRecord, caller: Caller) -> Payment:
        """The payment that is stored under the key: told again it is the same one.

        Raises `InvalidInput`, `KeyReused` where the key came with another payment, and `Unavailable`.
        """
        now = self.clock()
        self._check(wanted, now)
        payment = Payment(
            party=wanted.party,
            key=wanted.key,
            amount=wanted.amount,
            received_at=wanted.received_at or now,
            method=wanted.method,
            by=caller.email or caller.subject,
            number=wanted.number,
            reference=wanted.reference,
        )
        stored = self.payments.add(payment)
        told = (stored.amount, stored.method, stored.number, stored.reference)
        is_same_time = wanted.received_at in (None, stored.received_at)
        if told != (payment.amount, payment.method, payment.number, payment.reference) or not is_same_time:
            raise KeyReused("This Idempotency-Key was used for another payment of this party; use a new key for a new payment.")
        return stored

    def _check(self, wanted: ToRecord, now: datetime) -> None:
        checked_currency(wanted.amount.currency)
        if wanted.amount.amount_minor == 0 or abs(wanted.amount.amount_minor) > MOST:
            raise InvalidInput(
                "amount_minor", "Write what was paid in whole minor units; not 0, and not more than can be kept exact."
            )
        if wanted.received_at is not None and wanted.received_at > now + AHEAD:
            raise InvalidInput("received_at", "The payment lies in the time to come; record it when it has come in.")
        if wanted.number is None:
            return
        document = next((each for each in self.ledger.of_party(wanted.party) if each.number == wanted.number), None)
        if document is None:
            raise InvalidInput("number", "No document of this party has this number; leave it out to pay the oldest.")
        if document.currency != wanted.amount.currency:
            raise InvalidInput("currency", f"The document is in {document.currency}; record the payment in that currency.")
