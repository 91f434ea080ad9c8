"""The browser's side: real socket.io clients in one Node process, told what to do and asked what they heard."""

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import IO, Any

CLIENT = Path(__file__).parent / "client"
WAIT_S = 15.0


@dataclass
class Tab:
    """One socket. What it heard is kept in order; names that begin with `!` are the client's own, not the server's."""

    name: str
    browser: "Browser"
    heard: list[tuple[str, list[Any]]] = field(default_factory=list)

    def emit(self, event: str, *args: object) -> None:
        """Send, and wait for no answer."""
        self.browser.say(do="emit", name=self.name, event=event, args=args)

    def ask(self, event: str, *args: object) -> Any:
        """Send, and wait for the acknowledgement."""
        asks = next(self.browser.numbers)
        self.browser.say(do="emit", name=self.name, event=event, args=args, asks=asks)
        return self.browser.until(lambda: next((a[1] for e, a in self.heard if e == "!ack" and a[0] == asks), None), self.name)

    def follow(self, course_id: str) -> Any:
        """Subscribe to a course; the acknowledgement."""
        return self.ask("subscribeToCourse", {"course_id": course_id})

    def all(self, event: str) -> list[Any]:
        """The first arguments of all events of a name that were heard so far."""
        with self.browser.news:
            return [args[0] if args else None for name, args in self.heard if name == event]

    def until(self, event: str, number: int = 1, where: Callable[[Any], bool] = lambda _: True) -> Any:
        """The first argument of the numbered event of a name of which `where` holds, waiting for it."""

        def found() -> Any:
            told = [args for name, args in self.heard if name == event and (not args or where(args[0]))]
            return told[number - 1] if len(told) >= number else None

        args = self.browser.until(found, f"{self.name}: {event} number {number}")
        return args[0] if args else None

    def raw(self) -> str:
        """Every byte that the server sent to the socket, as text."""
        return "\n".join(str(text) for text in self.all("!packet"))

    def forget(self) -> None:
        """Forget what was heard so far."""
        with self.browser.news:
            self.heard.clear()

    def do(self, what: str) -> None:
        """`pause`, `resume` or `close` it."""
        self.browser.say(do=what, name=self.name)


class Browser:
    """The Node process. Its tabs are heard on a thread of their own."""

    def __init__(self, process: "subprocess.Popen[str]", commands: IO[str], lines: IO[str]) -> None:
        self.numbers = count(1)
        self.news = threading.Condition()
        self._process, self._commands, self._lines = process, commands, lines
        self._tabs: dict[str, Tab] = {}
        threading.Thread(target=self._hear, daemon=True).start()

    def open(
        self,
        url: str,
        token: object = None,
        *follows: str,
        transports: Sequence[str] = ("websocket",),
        **more: Any,
    ) -> Tab:
        """Connect one more socket, without waiting; it subscribes to the courses it follows whenever it is connected."""
        tab = Tab(f"tab {next(self.numbers)}", self)
        self._tabs[tab.name] = tab
        options = {"transports": list(transports), **({"auth": {"token": token}} if token is not None else {}), **more}
        self.say(do="open", name=tab.name, url=url, options=options, follows=follows)
        return tab

    def say(self, **told: Any) -> None:
        """Send one command."""
        self._commands.write(json.dumps(told) + "\n")
        self._commands.flush()

    def until(self, found: Callable[[], Any], what: str) -> Any:
        """What `found` answers once it is not None."""
        give_up = time.monotonic() + WAIT_S
        with self.news:
            while (answer := found()) is None:
                left = give_up - time.monotonic()
                if left <= 0 or not self.news.wait(left):
                    heard = [(tab.name, tab.heard[-12:]) for tab in self._tabs.values()]
                    raise AssertionError(f"{what} did not come within {WAIT_S:.0f} s; heard: {heard}")
            return answer

    def close(self) -> None:
        """Close every tab."""
        self._commands.close()
        self._process.wait(10)
        self._lines.close()

    def _hear(self) -> None:
        for line in self._lines:
            told = json.loads(line)
            with self.news:
                self._tabs[told["name"]].heard.append((told["event"], told["args"]))
                self.news.notify_all()


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser for the time of the block."""
    node = shutil.which("node")
    assert node, "Node.js is missing: install nodejs and npm (18 or later), then run `make setup`."
    assert (CLIENT / "node_modules").is_dir(), f"The test client is not installed: run `npm ci` in {CLIENT}, or `make setup`."
    process = subprocess.Popen(
        [node, "browser.mjs"],
        cwd=CLIENT,
        env={"PATH": os.environ.get("PATH", "")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    running = Browser(process, process.stdin, process.stdout)
    try:
        yield running
    finally:
        running.close()
