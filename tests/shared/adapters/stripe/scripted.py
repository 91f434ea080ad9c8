"""An HTTP server that answers as a test wrote it down, for what the simulated Stripe never says."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shared.adapters.stripe.cards import StripeCards, stripe_cards
from shared.config import read_settings
from tests.fakes import no_sleep


@dataclass
class Scripted:
    """What is answered by path: a status, a body, headers. `calls` are the paths that were asked for."""

    answers: Mapping[str, tuple[int, Any, Mapping[str, str]]]
    url: str = ""
    calls: list[str] = field(default_factory=list)

    def cards(self) -> StripeCards:
        """Stripe as the script has it."""
        known = read_settings({"STRIPE_API_ENDPOINT": self.url, "STRIPE_SECRET_KEY": "sk_test_1"})
        return stripe_cards(known, no_sleep)


@contextmanager
def scripted(**answers: Any) -> Iterator[Scripted]:
    """A server for the time of the block; names are paths with `__` for a slash, values are bodies, or statuses and more."""
    told = {
        "/v1/" + name.replace("__", "/"): each if isinstance(each, tuple) else (200, each, {}) for name, each in answers.items()
    }
    script = Scripted(told)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            script.calls.append(path)
            status, body, headers = script.answers.get(path, (200, {"data": [], "has_more": False}, {}))
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it that
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        script.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield script
        finally:
            server.shutdown()
            thread.join()
