"""The local stack's Stripe in a thread, on a clock of the test's own."""

import json
import threading
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.local.ports import hold_free_port, port_of
from infra.local.servers import serving
from infra.local.simulator.app import create_app
from infra.local.simulator.stripe.webhooks import StripeWebhooks
from shared.adapters.stripe.cards import StripeCards, stripe_cards
from shared.config import read_settings
from shared.domain.invoices import Document
from tests.infra.local.threads import in_thread
from tests.shared.adapters.google.machines import FakeMachine
from tests.shared.usecases.papers import paper

START = datetime(2026, 12, 1, 12, tzinfo=UTC)
SECRET = "whsec_" + "s" * 32
HOUSE = "demo-rollcall"
INVOICE = replace(paper(5000), document_id="d" * 32, number="INV-000001")


@dataclass
class Endpoint:
    """An endpoint for events; `statuses` are the answers to come, then 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@dataclass
class SimulatedStripe:
    """A running simulator; `now` is its clock."""

    url: str = ""
    now: datetime = START
    machine: FakeMachine = field(default_factory=FakeMachine)
    endpoint: Endpoint = field(default_factory=Endpoint)

    def cards(self, **settings: str) -> StripeCards:
        """Stripe as the simulator plays it."""
        known = {"STRIPE_API_ENDPOINT": f"{self.url}/stripe", "STRIPE_SECRET_KEY": "sk_test_local", **settings}
        return stripe_cards(read_settings(known), self.machine.sleep)

    def link(self, document: Document = INVOICE, nth: int = 1) -> str:
        """A link for all of a document; its id."""
        return self.cards().open_link(document, document.gross, nth).link_id

    def paid(self, **order: object) -> str:
        """Somebody paid by a new link; the payment's id."""
        return str(self.tell("pay", link=self.link(), **order)["id"])

    def tell(self, path: str, **body: object) -> Any:
        """Something on the control path; answers with what comes back."""
        data = json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sim/stripe/{path}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def state(self) -> Any:
        """Everything that there is."""
        with urllib.request.urlopen(f"{self.url}/_sim/stripe/state", timeout=10) as answer:
            return json.load(answer)

    def passes(self, seconds: float) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)


@contextmanager
def listening() -> Iterator[Endpoint]:
    """An endpoint that events can be sent to."""
    told = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(told.statuses.pop(0) if told.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it that
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}/events"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def running_stripe() -> Iterator[SimulatedStripe]:
    """A simulator for the time of the block, with an endpoint that hears its events."""
    stripe = SimulatedStripe()

    with listening() as endpoint:
        stripe.endpoint = endpoint

        @asynccontextmanager
        async def served() -> AsyncIterator[str]:
            held = hold_free_port()
            app = create_app(clock=lambda: stripe.now, stripe_webhooks=StripeWebhooks(endpoint.url, SECRET))
            async with serving(app, held, "The simulator"):
                yield f"http://127.0.0.1:{port_of(held)}"

        with in_thread(served) as url:
            stripe.url = url
            yield stripe
