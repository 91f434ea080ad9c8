"""Asyncio work in a thread, and a small server that remembers what it was asked: for tests that use blocking clients."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def in_thread(make: Callable[[], AbstractAsyncContextManager[T]]) -> Iterator[T]:
    """What an asynchronous context gives, entered and left in a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    context = make()
    try:
        yield asyncio.run_coroutine_threadsafe(context.__aenter__(), loop).result(20)
    finally:
        asyncio.run_coroutine_threadsafe(context.__aexit__(None, None, None), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


@dataclass
class Asked:
    """One request that a `Listener` got, and when, in seconds of a steady clock."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class Listener:
    """A server on loopback that answers with `statuses` in turn, the last one for ever, each after `delay_s`."""

    statuses: list[int] = field(default_factory=lambda: [200])
    delay_s: float = 0
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def until_asked(self, times: int, within: float = 15) -> list[Asked]:
        """Wait for so many requests, and answer with all there were."""
        until = time.monotonic() + within
        while len(self.asked) < times:
            assert time.monotonic() < until, f"{len(self.asked)} of {times} requests came"
            time.sleep(0.01)
        return self.asked

    @contextmanager
    def listening(self) -> Iterator["Listener"]:
        """Listen for the time of the block."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join(10)


def _handler(listener: Listener) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            number = len(listener.asked)
            listener.asked.append(Asked(self.command, self.path, dict(self.headers), body, time.monotonic()))
            time.sleep(listener.delay_s)
            self.send_response(listener.statuses[min(number, len(listener.statuses) - 1)])
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - the base class's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Nothing: requests are in `asked`."""

    return Handler
