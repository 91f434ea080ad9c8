"""Stripe's control path: people pay, money goes back, calls fail, events come twice, late or wrongly signed."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local.simulator.stripe.refusals import StripeRefusal
from infra.local.simulator.stripe.till import Till
from infra.local.simulator.stripe.webhooks import Webhooks
from infra.local.simulator.stripe.world import Failure, StripeWorld

BASE = "/_sim/stripe"

Json = dict[str, Any]
Name = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=1, le=100)]


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Pay(_Order):
    """Somebody pays by a link: by card, or by a debit that the bank decides about later."""

    link: Name
    how: Literal["card", "debit"] = "card"


class OfPayment(_Order):
    """Something happens to a payment."""

    payment_intent: Name


class Refund(OfPayment):
    """Money goes back; all that is left where no amount is given."""

    amount: int | None = None
    status: Literal["pending", "succeeded"] = "succeeded"


class ChangeRefund(_Order):
    """A refund takes another turn."""

    refund: Name
    status: Literal["succeeded", "failed", "canceled"]


class CloseDispute(_Order):
    """A dispute ends."""

    dispute: Name
    won: bool


class Send(_Order):
    """An event is sent again, so many times; signed some seconds ago, or with a secret that is not ours."""

    event: Name
    times: Count = 1
    age_s: int = 0
    wrong_signature: bool = False


class Push(_Order):
    """How events are delivered from now on."""

    mode: Literal["on", "off", "duplicate", "late"]
    late_s: float = 2.0


class FailNext(_Order):
    """The next calls fail; with `after` they are carried out and only the answer is lost."""

    method: Name
    path_contains: str
    status: Annotated[int, Field(ge=400, le=599)]
    times: Count = 1
    after: bool = False


Order = TypeVar("Order", bound=_Order)


class StripeControl:
    """Serves `/_sim/stripe`."""

    def __init__(self, world: StripeWorld, till: Till, webhooks: Webhooks) -> None:
        self._world = world
        self._till = till
        self._webhooks = webhooks

    def routes(self) -> list[Route]:
        """The routes."""
        posts: dict[str, Callable[[Request], Awaitable[Json]]] = {
            "pay": self.pay,
            "settle": self.settle,
            "refund": self.refund,
            "change-refund": self.change_refund,
            "dispute": self.dispute,
            "close-dispute": self.close_dispute,
            "send": self.send,
            "push": self.push,
            "fail-next": self.fail_next,
        }
        return [
            Route(f"{BASE}/state", _door(self.state), methods=["GET"]),
            *(Route(f"{BASE}/{name}", _door(handle), methods=["POST"]) for name, handle in posts.items()),
        ]

    def reset(self) -> None:
        """Forget everything."""
        self._webhooks.forget()
        self._world.reset()

    async def state(self, _: Request) -> Json:
        """What there is, the newest first, and what was sent."""
        kinds = ("payment_link", "checkout.session", "payment_intent", "refund", "dispute", "event")
        shown = {kind: self._world.every(kind) for kind in kinds}
        failures = [asdict(one) for one in self._world.failures]
        return {**shown, "sent": self._webhooks.sent, "under_way": self._webhooks.under_way, "failures": failures}

    async def pay(self, request: Request) -> Json:
        """Somebody pays by a link."""
        order = await _order(request, Pay)
        link = self._world.get(order.link, "payment_link")
        return self._till.pay(self._till.open_session(link), order.how)

    async def settle(self, request: Request) -> Json:
        """The bank grants a debit."""
        intent = self._world.get((await _order(request, OfPayment)).payment_intent, "payment_intent")
        self._till.settle(intent)
        return intent

    async def refund(self, request: Request) -> Json:
        """Money goes back."""
        order = await _order(request, Refund)
        return self._till.refund(self._world.get(order.payment_intent, "payment_intent"), order.amount, order.status)

    async def change_refund(self, request: Request) -> Json:
        """A refund takes another turn."""
        order = await _order(request, ChangeRefund)
        refund = self._world.get(order.refund, "refund")
        self._till.change_refund(refund, order.status)
        return refund

    async def dispute(self, request: Request) -> Json:
        """The payer's bank takes the money away."""
        order = await _order(request, OfPayment)
        return self._till.dispute(self._world.get(order.payment_intent, "payment_intent"))

    async def close_dispute(self, request: Request) -> Json:
        """A dispute is won or lost."""
        order = await _order(request, CloseDispute)
        dispute = self._world.get(order.dispute, "dispute")
        self._till.close_dispute(dispute, is_won=order.won)
        return dispute

    async def send(self, request: Request) -> Json:
        """An event is sent again."""
        order = await _order(request, Send)
        event = self._world.get(order.event, "event")
        for _ in range(order.times):
            self._webhooks.send(event, age_s=order.age_s, secret="whsec_not_ours" if order.wrong_signature else None)
        return event

    async def push(self, request: Request) -> Json:
        """How events are delivered."""
        order = await _order(request, Push)
        self._webhooks.mode, self._webhooks.late_s = order.mode, order.late_s
        return order.model_dump()

    async def fail_next(self, request: Request) -> Json:
        """Let the next calls fail."""
        order = await _order(request, FailNext)
        self._world.failures.append(Failure(order.method, order.path_contains, order.status, order.times, order.after))
        return order.model_dump()


def _door(handle: Callable[[Request], Awaitable[Json]]) -> Callable[[Request], Awaitable[Response]]:
    async def door(request: Request) -> Response:
        try:
            return JSONResponse(await handle(request))
        except StripeRefusal as refused:
            return refused.answer()

    return door


async def _order(request: Request, kind: type[Order]) -> Order:
    """The body of a control request; raises `StripeRefusal` with the field that is wrong."""
    try:
        return kind.model_validate_json(await request.body() or b"{}")
    except ValidationError as bad:
        first = bad.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        raise StripeRefusal(HTTPStatus.UNPROCESSABLE_ENTITY, f"{field}: {first['msg']}", param=field) from bad
