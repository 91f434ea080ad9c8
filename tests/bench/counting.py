"""A proxy before the emulator that counts what goes through: calls, documents read and documents written."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import grpc
from google.cloud.firestore_v1.types import firestore as rpc

from infra.local.ports import LOOPBACK, free_ports

THREADS = 64
STREAMED = frozenset({"RunQuery", "BatchGetDocuments"})
NO_LIMIT = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]

_Commit = type(rpc.CommitRequest.pb(rpc.CommitRequest()))
_Answers = {
    "RunQuery": type(rpc.RunQueryResponse.pb(rpc.RunQueryResponse())),
    "BatchGetDocuments": type(rpc.BatchGetDocumentsResponse.pb(rpc.BatchGetDocumentsResponse())),
}


@dataclass
class Counts:
    """What went through since the last `reset`. `written` counts documents by collection, deletions with a minus before it."""

    host: str
    calls: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    read: int = 0
    acknowledged: int = 0
    lock: Lock = field(default_factory=Lock)

    def reset(self) -> None:
        """Begin anew."""
        with self.lock:
            self.calls.clear()
            self.written.clear()
            self.read = self.acknowledged = 0

    def sent(self, method: str, request: bytes) -> None:
        """Count a call. A commit that brings evidence is one that an event waits for."""
        with self.lock:
            self.calls[method] += 1
            if method != "Commit":
                return
            wrote = [_collection_of(write) for write in _Commit.FromString(request).writes]
            self.written.update(wrote)
            self.acknowledged += "evidence" in wrote

    def came(self, method: str, answer: bytes) -> None:
        """Count what an answer of a stream holds: a document, or that there is none under an id."""
        told = _Answers[method].FromString(answer)
        with self.lock:
            self.read += bool(told.document.name) if method == "RunQuery" else 1


def _collection_of(write: Any) -> str:
    name: str = write.delete or write.update.name
    return ("-" if write.delete else "") + name.partition("/documents/")[2].partition("/")[0]


class _Forward(grpc.GenericRpcHandler):
    """Passes every call on as it is."""

    def __init__(self, channel: grpc.Channel, counts: Counts) -> None:
        self._channel = channel
        self._counts = counts

    def service(self, handler_call_details: Any) -> Any:
        """How a call of this name is answered."""
        path = handler_call_details.method
        name = path.rpartition("/")[2]
        if name in STREAMED:
            return grpc.unary_stream_rpc_method_handler(self._stream(path, name))
        return grpc.unary_unary_rpc_method_handler(self._single(path, name))

    def _single(self, path: str, name: str) -> Callable[[bytes, Any], bytes]:
        ask = self._channel.unary_unary(path)

        def answer(request: bytes, context: Any) -> bytes:
            self._counts.sent(name, request)
            try:
                got: bytes = ask(request, metadata=_passed_on(context))
            except grpc.RpcError as refusal:
                context.abort(refusal.code(), refusal.details())
            return got

        return answer

    def _stream(self, path: str, name: str) -> Callable[[bytes, Any], Iterator[bytes]]:
        ask = self._channel.unary_stream(path)

        def answers(request: bytes, context: Any) -> Iterator[bytes]:
            self._counts.sent(name, request)
            for answer in ask(request, metadata=_passed_on(context)):
                self._counts.came(name, answer)
                yield answer

        return answers


def _passed_on(context: Any) -> list[tuple[str, str]]:
    return [(key, value) for key, value in context.invocation_metadata() if key != "user-agent"]


@contextmanager
def counting(host: str) -> Iterator[Counts]:
    """The counts of a proxy before the emulator at `host`; functions are to use `counts.host` in its place."""
    (port,) = free_ports(1)
    counts = Counts(f"{LOOPBACK}:{port}")
    with grpc.insecure_channel(host, NO_LIMIT) as channel:
        server = grpc.server(ThreadPoolExecutor(THREADS), [_Forward(channel, counts)], options=NO_LIMIT)
        server.add_insecure_port(counts.host)
        server.start()
        try:
            yield counts
        finally:
            server.stop(None).wait()
