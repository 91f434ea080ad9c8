"""The loopback address that Google sends the browser back to: it takes one answer, and tells the person what it was.

Google's library has a server for this too, but that one takes whatever comes first for the answer, tells a person who refused
the same as one who consented, and waits without end for a browser that connects ahead and then says nothing.
"""

import hmac
import html
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from infra.local.troubles import Trouble

HOST = "127.0.0.1"
SILENCE_S = 5

RECEIVED = "Rollcall has your answer. You can close this page; the terminal says how it went."
ANSWERED = "This question has been answered already; the terminal says how it went."
NOT_HERE = "Nothing is here but the answer to a question of Rollcall's."
OTHER_STATE = "The answer does not belong to this question (state differs); nothing was stored. Run the command again."
DENIED = "Consent was denied; nothing was stored. Run the command again when it should be given."
NO_CODE = "Google's answer holds no code; nothing was stored. Run the command again."


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser brought: a code to be exchanged, or why there is none."""

    code: str | None = None
    trouble: str | None = None

    def page(self) -> tuple[HTTPStatus, str]:
        """What the person is told in the browser."""
        return (HTTPStatus.OK, RECEIVED) if self.trouble is None else (HTTPStatus.BAD_REQUEST, self.trouble)


def answer_in(query: str, state: str) -> Answer:
    """The answer in a callback's query. One with another state is none to our question, whatever else it says."""
    told = {name: values[0] for name, values in parse_qs(query).items()}
    if not hmac.compare_digest(told.get("state", "").encode(), state.encode()):
        return Answer(trouble=OTHER_STATE)
    if "error" in told:
        said = f"Google says {told['error']}; nothing was stored. Run the command again."
        return Answer(trouble=DENIED if told["error"] == "access_denied" else said)
    return Answer(code=told["code"]) if told.get("code") else Answer(trouble=NO_CODE)


class Loopback:
    """A listening address. `expect` names the question, `code` waits for its answer."""

    def __init__(self, port: int) -> None:
        self._state: str | None = None
        self._answer: Answer | None = None
        self._claim = threading.Lock()
        self._arrived = threading.Event()
        self._server = ThreadingHTTPServer((HOST, port), _handler(self))
        self.redirect_uri = f"http://{HOST}:{self._server.server_port}/"

    def expect(self, state: str) -> None:
        """Take the answer to the question with this state from now on."""
        self._state = state

    def code(self, wait_s: float) -> str:
        """The code that the browser brings within `wait_s` seconds; raises `Trouble` when it brings none."""
        if not self._arrived.wait(wait_s) or self._answer is None:
            raise Trouble(f"Nobody consented within {wait_s:g} seconds; run the command again.")
        if self._answer.code is None:
            raise Trouble(self._answer.trouble or NO_CODE)
        return self._answer.code

    def take(self, url: str) -> tuple[HTTPStatus, str]:
        """Take the first answer, and say what to tell the browser; what is no answer at all is passed over."""
        path, query = urlsplit(url).path, urlsplit(url).query
        with self._claim:
            if self._state is None or path != "/" or "state" not in parse_qs(query):
                return HTTPStatus.NOT_FOUND, NOT_HERE
            if self._answer is not None:
                return HTTPStatus.CONFLICT, ANSWERED
            self._answer = answer_in(query, self._state)
            return self._answer.page()

    def told(self) -> None:
        """The browser has its page: only now may the process end."""
        if self._answer is not None:
            self._arrived.set()

    @contextmanager
    def open(self) -> Iterator["Loopback"]:
        """Listen for the time of the block."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join(SILENCE_S)


def _handler(loopback: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = SILENCE_S

        def do_GET(self) -> None:
            """Answer the browser first, then let the terminal know."""
            status, sentence = loopback.take(self.path)
            body = f"<!doctype html><meta charset=utf-8><title>Rollcall</title><p>{html.escape(sentence)}</p>".encode()
            self.send_response(status)
            for name, value in (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            try:
                self.wfile.write(body)
            finally:
                loopback.told()

        def log_message(self, *_: object) -> None:
            """Nothing: the address holds the code."""

    return Handler
