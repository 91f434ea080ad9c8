"""A server that answers as a test says, in Zoom's manner: for refusals, and for what a real Zoom does too seldom."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from shared.adapters.zoom.access import ZoomApi
from shared.adapters.zoom.notices import Notice
from shared.config import Settings, read_settings
from tests.shared.adapters.google.machines import FakeMachine

Json = dict[str, Any]
CREDENTIALS = {"ZOOM_ACCOUNT_ID": "acc", "ZOOM_CLIENT_ID": "id", "ZOOM_CLIENT_SECRET": "top-secret"}
HOST = "ada.teacher@school.example"


@dataclass(frozen=True)
class Answer:
    """One answer; a body of None is none at all, one of bytes is sent as it is, status 0 closes the connection."""

    status: int = 200
    body: Json | bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One request; `path` is as it came, escapes and all, below `/v2` or `/oauth`."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    token: str

    @property
    def line(self) -> str:
        """`GET /meetings/7`."""
        return f"{self.method} {self.path}"


Script = Callable[[Asked], Answer]


@dataclass
class ScriptedZoom:
    """A running server, and everything it was asked; `tokens` are the requests for tokens."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    tokens: list[Asked] = field(default_factory=list)
    token_answers: list[Answer] = field(default_factory=list)

    def settings(self) -> Settings:
        """Settings that lead here."""
        return read_settings({"ZOOM_API_ENDPOINT": self.url, **CREDENTIALS})

    def api(self, machine: FakeMachine | None = None, notice: Notice | None = None) -> ZoomApi:
        """Zoom as this server plays it; without a machine of the test's own nobody waits."""
        machine = machine or FakeMachine()
        return ZoomApi(self.settings(), machine.sleep, machine.monotonic, notice)

    def lines(self) -> list[str]:
        """What was asked, as `GET /meetings/7`."""
        return [asked.line for asked in self.asked]

    def token(self, asked: Asked) -> Answer:
        """A new token each time, good for an hour."""
        self.tokens.append(asked)
        if self.token_answers:
            return self.token_answers.pop(0)
        return Answer(200, {"access_token": f"t{len(self.tokens)}", "token_type": "bearer", "expires_in": 3599})


@contextmanager
def scripted_zoom(script: Script) -> Iterator[ScriptedZoom]:
    """Serve `script` for the time of the block."""
    zoom = ScriptedZoom()
    server = _Server(("127.0.0.1", 0), _handler(zoom, script))
    zoom.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield zoom
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def _handler(zoom: ScriptedZoom, script: Script) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            url = urlsplit(self.path)
            is_token = url.path == "/oauth/token"
            asked = Asked(
                self.command,
                url.path.removeprefix("/v2"),
                dict(parse_qsl(url.query)),
                dict(parse_qsl(raw.decode())) if is_token else json.loads(raw or b"null"),
                self.headers.get("Authorization", "").removeprefix("Bearer "),
            )
            if is_token:
                self._send(zoom.token(asked))
                return
            zoom.asked.append(asked)
            self._send(script(asked))

        def _send(self, answer: Answer) -> None:
            if answer.status == 0:
                self.close_connection = True
                return
            body = answer.body
            content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
            heads = {"Content-Type": "application/json", "Content-Length": str(len(content)), **answer.headers}
            head = "".join(f"{name}: {value}\r\n" for name, value in heads.items())
            self.wfile.write(f"HTTP/1.1 {answer.status} X\r\n{head}\r\n".encode() + content)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815 - the base class looks for them

        def log_message(self, *_: object) -> None:
            """Nothing: requests are in `asked`."""

    return Handler


def in_turn(*answers: Answer) -> Script:
    """These answers one after another, the last one for ever."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def error(status: int, code: int, message: str = "", **headers: str) -> Answer:
    """A refusal as Zoom writes it; `retry_after` becomes the header."""
    return Answer(status, {"code": code, "message": message}, {name.replace("_", "-"): v for name, v in headers.items()})


NO_MEETING = error(404, 3001, "Meeting does not exist: 84000000001.")
PAID_ONLY = error(400, 200, "Only available for Paid user: ada.")
STALE = error(401, 124, "Invalid access token.")
EXPIRED_PAGE = error(400, 300, "The next page token is invalid or expired.")
