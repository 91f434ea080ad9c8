"""A server that answers as a test says: for Google's refusals, and for what a real Google does too seldom."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from shared.adapters.google.access import GoogleApis, local
from shared.config import Settings, read_settings
from tests.shared.adapters.google.machines import FakeMachine

Json = dict[str, Any]
Answer = tuple[int, Json]


@dataclass(frozen=True)
class Asked:
    """One request: `subject` is who it was made as, `peer` the connection that it came on."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: Any
    subject: str
    peer: tuple[str, int]

    def param(self, name: str) -> str | None:
        """A query parameter's first value."""
        return next(iter(self.query.get(name, ())), None)


Script = Callable[[Asked], Answer]


@dataclass
class ScriptedGoogle:
    """A running server and everything it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)

    def settings(self, **env: str) -> Settings:
        """Settings that lead here."""
        return read_settings({"GOOGLE_API_ENDPOINT": self.url, **env})

    def apis(self, machine: FakeMachine | None = None) -> GoogleApis:
        """Google's APIs as this server plays them; without a machine of the test's own nobody waits."""
        machine = machine or FakeMachine()
        return GoogleApis(self.url, local, machine.sleep, machine.monotonic)

    def paths(self) -> list[str]:
        """What was asked, as `GET /v2/spaces/...`."""
        return [f"{asked.method} {asked.path}" for asked in self.asked]


@contextmanager
def scripted_google(script: Script, latency: float = 0.0, *, form: bool = False) -> Iterator[ScriptedGoogle]:
    """Serve `script`, each answer after `latency` seconds, for the time of the block; with `form` bodies stay text."""
    google = ScriptedGoogle("")
    server = _Server(("127.0.0.1", 0), _handler(google, script, latency, form=form))
    google.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield google
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # with the usual 5, a burst of new connections waits a second to be let in


def _handler(google: ScriptedGoogle, script: Script, latency: float, *, form: bool) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            url = urlsplit(self.path)
            query = url.query
            if self.headers.get("x-http-method-override"):
                query, raw = raw.decode(), b""
            asked = Asked(
                self.headers.get("x-http-method-override") or self.command,
                unquote(url.path),
                parse_qs(query),
                raw.decode() if form else json.loads(raw or b"null"),
                self.headers.get("Authorization", "").removeprefix("Bearer local-"),
                self.client_address,
            )
            google.asked.append(asked)
            time.sleep(latency)
            status, body = script(asked)
            self._send(status, b"" if status == 204 else json.dumps(body).encode())

        def _send(self, status: int, body: bytes) -> None:
            head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            self.wfile.write(head.encode() + body)

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - the base class looks for them

        def log_message(self, *_: object) -> None:
            """Nothing: requests are in `asked`."""

    return Handler


def error(status: int, message: str = "", *reasons: str) -> Answer:
    """A refusal as Google's newer APIs write it."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason} for reason in reasons]
    return status, {"error": {"code": status, "message": message, "details": details}}


def old_error(status: int, reason: str, message: str = "") -> Answer:
    """A refusal as Calendar and the Directory write it."""
    errors = [{"domain": "global", "reason": reason, "message": message}]
    return status, {"error": {"code": status, "message": message, "errors": errors}}


NOT_FOUND = error(404, "Requested entity was not found.")


def in_turn(*answers: Answer) -> Script:
    """These answers one after another, the last one for ever."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def paged(asked: Asked, field_name: str, items: Sequence[Json], most: int | None = None) -> Answer:
    """One page of a list, of the size that was asked for or `most`."""
    start, size = int(asked.param("pageToken") or 0), int(asked.param("pageSize") or 25)
    end = start + min(size, most or size)
    page: Json = {field_name: list(items[start:end])} if items[start:end] else {}
    return 200, page | ({"nextPageToken": str(end)} if end < len(items) else {})


def matches(pattern: str, asked: Asked) -> re.Match[str] | None:
    """Whether `GET /path` fits the pattern, whole."""
    return re.fullmatch(pattern, f"{asked.method} {asked.path}")
