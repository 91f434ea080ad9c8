"""What the demo's office says to the system: prices, decisions about strangers, bills and payments, as an administrator would."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

COURSE = "demo-maths"
LESSON_MINOR, WAGE_MINOR, CURRENCY = 1200, 900, "EUR"
TAX_BASIS_POINTS = 1900
Ask = Callable[..., Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Office:
    """The office of one school. `ask` takes method, path below /api and what httpx takes, and answers with the body."""

    ask: Ask

    async def price(self) -> None:
        """Set what a lesson of the course costs and earns, for the classes to come."""
        rates = [
            {"prices": [{"currency": CURRENCY, "rate_minor": minor}], "per": "lesson"} for minor in (LESSON_MINOR, WAGE_MINOR)
        ]
        plan = {"plan_id": COURSE, "name": "Demo", "charge": rates[0], "pay": rates[1], "tax_basis_points": TAX_BASIS_POINTS}
        await self.ask("POST", "/billing/rate-plans", json=plan | {"reason": "the demo's prices"})
        given = {"scope": "course", "about": COURSE, "plan_id": COURSE, "reason": "the demo's course"}
        await self.ask("POST", "/billing/rate-plans/assignments", json=given)

    async def questions(self, session_id: str, day: dict[str, str]) -> list[dict[str, Any]]:
        """What keeps lines of the class from being billed."""
        told = await self.ask("GET", "/billing/questions", params=day)
        return [each for each in told["questions"] if each["session_id"] == session_id]

    async def calls_strangers_guests(self, session_id: str) -> list[str]:
        """Decide every open card of the class: it was a guest. Answers with their names."""
        wanted = {"session_id": session_id, "state": "open", "kind": "unidentified"}
        cards = (await self.ask("GET", "/attendance-tracker/review", params=wanted))["items"]
        for card in cards:
            await self.ask("POST", f"/attendance-tracker/review/{card['id']}", json={"decision": "guest"})
        return [str(card["participantName"]) for card in cards]

    async def starts_run(self, paper: str, day: dict[str, str]) -> None:
        """Have everybody's drafts of a day issued."""
        await self.ask("POST", "/billing/runs", json={"paper": paper, **day})

    async def is_run(self, paper: str, day: dict[str, str]) -> bool | None:
        """Whether everything of a day is issued; None while something is left."""
        told = await self.ask("GET", "/billing/runs", params={"paper": paper, **day})
        return True if told["issued"] and not told["left"] else None

    async def documents(self, side: str, session_id: str) -> list[dict[str, Any]]:
        """The documents with a line about the class, by party; `side` is `invoices` or `payroll`."""
        listed = (await self.ask("GET", f"/billing/{side}", params={"limit": 50}))["documents"]
        whole = [(await self.ask("GET", f"/billing/{side}/{each['document_id']}"))["document"] for each in listed]
        about = [each for each in whole if any(line["session_id"] == session_id for line in each["lines"])]
        return sorted(about, key=lambda each: str(each["party"]))

    async def receives(self, document: dict[str, Any], amount_minor: int) -> None:
        """Money for an invoice came in."""
        body = {"party": document["party"], "amount": document["gross"] | {"amount_minor": amount_minor}}
        key = f"{document['number']}-{amount_minor}"
        await self.ask("POST", "/billing/payments", json=body | {"number": document["number"]}, headers={"Idempotency-Key": key})

    async def standings(self, payers: list[str]) -> dict[str, dict[str, Any]]:
        """How each document of these payers stands, by number."""
        accounts = [(await self.ask("GET", f"/billing/statements/{payer}"))["accounts"] for payer in payers]
        return {each["number"]: each for told in accounts for account in told for each in account["documents"]}


def day_of(start: datetime) -> dict[str, str]:
    """The day and night around a class, as a period."""
    begin = start.replace(hour=0, minute=0, second=0, microsecond=0)
    return {"from": begin.isoformat(), "to": (begin + timedelta(days=2)).isoformat()}
