"""A Firestore client whose line breaks when a test says so: below the client library, where real lines break."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import grpc
from google.cloud import firestore

WAYS = ("lost request", "lost reply", "died before", "died after")


class Died(BaseException):
    """The process is gone: nothing in it may catch this."""


class Lost(grpc.RpcError):
    """What the client library sees when a line breaks."""

    def __init__(self, status: grpc.StatusCode = grpc.StatusCode.UNAVAILABLE) -> None:
        self._status = status

    def code(self) -> grpc.StatusCode:
        """What is said to be wrong."""
        return self._status

    def details(self) -> str:
        """The same in words."""
        return "the line broke"

    def trailing_metadata(self) -> tuple[()]:
        """Nothing."""
        return ()

    def result(self) -> None:
        """What an interceptor of the library's own asks for: there is none."""
        raise self


@dataclass
class Line(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """Disturbs the `at`-th commit in one of the `WAYS`, and cuts each list off after `breaks_after` answers, `cuts` times."""

    at: int = 0
    way: str = "none"
    breaks_after: int = 0
    cuts: int = 0
    commits: int = 0

    def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        """A commit, or something else that is answered once."""
        if not client_call_details.method.endswith("/Commit"):
            return continuation(client_call_details, request)
        self.commits += 1
        is_now = self.commits == self.at
        if is_now and self.way.endswith(("request", "before")):
            raise Lost if self.way == "lost request" else Died
        answer = continuation(client_call_details, request)
        if is_now and self.way.endswith(("reply", "after")):
            raise Lost if self.way == "lost reply" else Died
        return answer

    def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        """A list."""
        answers = continuation(client_call_details, request)
        if self.cuts > 0 and client_call_details.method.endswith("/RunQuery"):
            return self._cut(answers)
        return answers

    def _cut(self, answers: Iterator[Any]) -> Iterator[Any]:
        self.cuts -= 1
        for number, answer in enumerate(answers):
            if number == self.breaks_after:
                raise Lost(grpc.StatusCode.ABORTED)
            yield answer


class ShakyClient(firestore.Client):
    """A client on a `Line`."""

    def __init__(self, project: str, line: Line) -> None:
        super().__init__(project=project)
        self._line = line

    def _emulator_channel(self, transport: Any) -> Any:
        return grpc.intercept_channel(super()._emulator_channel(transport), self._line)
