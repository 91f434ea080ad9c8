"""The door to Stripe's API: keys, idempotency, planned failures, and parameters that are checked by name."""

import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from infra.local.simulator.stripe import forms
from infra.local.simulator.stripe.refusals import StripeRefusal, wrong
from infra.local.simulator.stripe.world import Failure, StripeWorld

ROOT, REST, PAGE = "/stripe", "/v1", "/stripe/pay"
LEAST = 50
MOST_LISTED = 100

Json = dict[str, Any]

_LIST = ("limit", "starting_after")
_LINK = (
    "line_items[0][quantity]",
    "line_items[0][price_data][currency]",
    "line_items[0][price_data][unit_amount]",
    "line_items[0][price_data][product_data][name]",
    "payment_method_types[0]",
    "restrictions[completed_sessions][limit]",
    "inactive_message",
    "metadata[*]",
    "payment_intent_data[description]",
    "payment_intent_data[metadata][*]",
)
_CURRENCY = re.compile(r"[a-z]{3}")


class StripeGateway:
    """Answers as Stripe does, below `/stripe/v1`. `now` tells the present in whole seconds."""

    def __init__(self, world: StripeWorld, now: Callable[[], int]) -> None:
        self._world = world
        self._now = now
        self._operations: tuple[tuple[str, str, tuple[str, ...], Callable[..., Json]], ...] = (
            ("POST", r"/payment_links", _LINK, self._make_link),
            ("GET", r"/payment_links/(\w+)", (), self._shown("payment_link")),
            ("POST", r"/payment_links/(\w+)", ("active",), self._change_link),
            ("GET", r"/checkout/sessions", (*_LIST, "payment_link", "status"), self._listed("checkout.session")),
            ("POST", r"/checkout/sessions/(\w+)/expire", (), self._expire),
            ("GET", r"/payment_intents/(\w+)", ("expand[0]",), self._intent),
            ("GET", r"/refunds", (*_LIST, "payment_intent", "expand[0]"), self._listed("refund")),
            ("GET", r"/disputes", (*_LIST, "payment_intent"), self._listed("dispute")),
        )

    async def answer(self, request: Request) -> Response:
        """The answer to one request."""
        content = (await request.body()).decode(errors="replace")
        path = request.url.path.removeprefix(ROOT + REST)
        try:
            _must_have_key(request)
            failure = self._world.take_failure(request.method, path)
            if failure is not None and not failure.is_after:
                raise _planned(failure)
            pairs = parse_qsl(content if request.method == "POST" else request.url.query, keep_blank_values=True)
            base = f"{request.url.scheme}://{request.url.netloc}"
            if request.method == "POST":
                answer = self._once(path, pairs, request.headers.get("idempotency-key", ""), base)
            else:
                answer = JSONResponse(self._done(request.method, path, pairs, base))
            if failure is not None:
                raise _planned(failure)
        except StripeRefusal as refused:
            return refused.answer()
        return answer

    def _once(self, path: str, pairs: list[tuple[str, str]], key: str, base: str) -> Response:
        """The answer of a change; under a key that was used it is the one from then."""
        if not key:
            raise wrong("Idempotency-Key", "The simulated Stripe wants an Idempotency-Key with every POST.")
        told = json.dumps([path, sorted(pairs)])
        kept = self._world.answers.get(key)
        if kept is None:
            kept = {"told": told, "body": self._done("POST", path, pairs, base)}
            self._world.answers[key] = json.loads(json.dumps(kept))
            self._world.changes += 1
        elif kept["told"] != told:
            words = "Keys for idempotent requests can only be used with the same parameters they were first used with."
            raise StripeRefusal(HTTPStatus.BAD_REQUEST, words, kind="idempotency_error")
        return JSONResponse(kept["body"])

    def _done(self, method: str, path: str, pairs: list[tuple[str, str]], base: str) -> Json:
        for verb, pattern, takes, carry_out in self._operations:
            found = re.fullmatch(pattern, path) if verb == method else None
            if found is not None:
                told = forms.read(pairs, takes)
                return carry_out(told, base, *found.groups())
        raise StripeRefusal(HTTPStatus.NOT_FOUND, f"Unrecognized request URL ({method}: {path}).")

    def _make_link(self, told: Json, base: str) -> Json:
        item = told.get("line_items", {}).get("0", {})
        price, limit = item.get("price_data", {}), told.get("restrictions", {}).get("completed_sessions", {})
        amount = forms.number(price, "unit_amount")
        if not _CURRENCY.fullmatch(price.get("currency", "")) or not price.get("product_data", {}).get("name"):
            raise wrong("line_items[0][price_data]", "A price needs a currency in small letters, and a product's name.")
        if amount < LEAST:
            raise wrong("line_items[0][price_data][unit_amount]", "It is below the least that is taken.", "amount_too_small")
        link = self._world.make(
            "plink",
            "payment_link",
            active=True,
            currency=price["currency"],
            line_item={"unit_amount": amount, "currency": price["currency"], "quantity": forms.number(item, "quantity", 1)},
            restrictions={"completed_sessions": {"count": 0, "limit": forms.number(limit, "limit", 1)}},
            inactive_message=told.get("inactive_message"),
            metadata=told.get("metadata", {}),
            payment_intent_data=told.get("payment_intent_data", {}),
            created=self._now(),
        )
        link["url"] = f"{base}{PAGE}/{link['id']}"
        return link

    def _change_link(self, told: Json, _: str, named: str) -> Json:
        link = self._world.get(named, "payment_link")
        if told.get("active") not in ("true", "false"):
            raise wrong("active", "Invalid boolean: use true or false.")
        link["active"] = told["active"] == "true"
        return link

    def _expire(self, _: Json, __: str, named: str) -> Json:
        session = self._world.get(named, "checkout.session")
        if session["status"] != "open":
            raise wrong("session", f"Only Checkout Sessions with a status of open can be expired; it is {session['status']}.")
        session["status"] = "expired"
        return session

    def _intent(self, told: Json, _: str, named: str) -> Json:
        intent = dict(self._world.get(named, "payment_intent"))
        if told.get("expand", {}).get("0") == "latest_charge" and intent["latest_charge"]:
            intent["latest_charge"] = self._world.get(intent["latest_charge"], "charge")
        return intent

    def _shown(self, kind: str) -> Callable[..., Json]:
        return lambda _, __, named: self._world.get(named, kind)

    def _listed(self, kind: str) -> Callable[..., Json]:
        def listed(told: Json, _: str) -> Json:
            having = {name: value for name, value in told.items() if name not in (*_LIST, "expand")}
            found = self._world.every(kind, **having)
            after, most = told.get("starting_after"), int(told.get("limit", "10"))
            if not 1 <= most <= MOST_LISTED:
                raise wrong("limit", f"Give a limit from 1 to {MOST_LISTED}.")
            start = next((place + 1 for place, one in enumerate(found) if one["id"] == after), 0)
            page = [self._expanded(one, told.get("expand", {})) for one in found[start : start + most]]
            return {"object": "list", "data": page, "has_more": len(found) > start + most, "url": kind}

        return listed

    def _expanded(self, one: Json, expand: Mapping[str, str]) -> Json:
        entry = one.get("failure_balance_transaction")
        if expand.get("0") == "data.failure_balance_transaction" and entry:
            return one | {"failure_balance_transaction": self._world.get(entry, "balance_transaction")}
        return one


def _must_have_key(request: Request) -> None:
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not key.startswith(("sk_", "rk_")):
        raise StripeRefusal(HTTPStatus.UNAUTHORIZED, "Invalid API Key provided.", code="api_key_invalid")


def _planned(failure: Failure) -> StripeRefusal:
    return StripeRefusal(failure.status, "The simulated Stripe was told to fail this call.", kind="api_error")
