"""Rides along in a function's process while a school is measured, and notes what each request costs at the wire.

It is put into a function's archive by `packing` and imports nothing of ours. Firestore's calls are counted on their gRPC
channels, calls to other services on their HTTP connections, and requests around the function. Each request becomes one line
of JSON in `NOTES`, beside this file; what happens outside of any request, such as the gateway's listening, is a line of its own.
"""

import functools
import http.client
import json
import os
import re
import resource
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

NOTES = "meter.jsonl"
# What differs from call to call in a path: ids, addresses, codes of meetings.
_VARYING = re.compile(r"/(?:[0-9a-f]{16,}|[^/]*@[^/]*|[a-z]{3}-[a-z]{4}-[a-z]{3}|[^/]*-[0-9A-Za-z_-]{8,}\.\w+)(?=/|$)")
_file = Path(__file__).with_name(NOTES)
_lock = threading.Lock()
_under_way: list[Counter[str]] = []
_own = threading.local()


def metered(function: Any) -> Any:  # noqa: ANN401 - whatever the framework calls
    """The function, with each of its requests noted."""

    @functools.wraps(function)
    def answer(request: Any) -> Any:  # noqa: ANN401 - as above
        counts: Counter[str] = Counter()
        _own.counts = counts
        with _lock:
            _under_way.append(counts)
        began, spent = time.perf_counter(), time.thread_time()
        try:
            given = function(request)
            counts["bytes_out"] += given.content_length or 0 if hasattr(given, "content_length") else 0
            return given
        finally:
            counts["wall_ms"] = round((time.perf_counter() - began) * 1000)
            counts["cpu_ms"] = round((time.thread_time() - spent) * 1000)
            with _lock:
                _under_way.remove(counts)
            _own.counts = None
            note(f"{request.method} {_VARYING.sub('/*', request.path)}", counts)

    return answer


def note(route: str, counts: Counter[str]) -> None:
    """Write one line."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    line = json.dumps({"at": time.time(), "route": route, "peak_mib": peak, **counts})
    with _lock, _file.open("a", encoding="utf-8") as out:
        out.write(line + "\n")


def add(**counts: int) -> None:
    """Count for the request of this thread; a helper's thread counts for the only one that is under way."""
    mine = getattr(_own, "counts", None)
    with _lock:
        if mine is None and len(_under_way) == 1:
            mine = _under_way[0]
    if mine is None:
        note("-", Counter(counts))
    else:
        mine.update(counts)


def install() -> None:
    """Begin to count in this process."""
    _count_http()
    try:
        import grpc
    except ImportError:
        return
    plain = grpc.insecure_channel
    wire = _wire(grpc)
    grpc.insecure_channel = lambda *args, **kwargs: grpc.intercept_channel(plain(*args, **kwargs), wire)


def _count_http() -> None:
    """Count what goes to the queue and to other services; keys for tokens are Google's gift and count for nothing."""
    queue = os.environ.get("CLOUD_TASKS_ENDPOINT", "").rpartition("/")[2]
    others = {os.environ.get(name, "").split("//")[-1].split("/")[0] for name in ("GOOGLE_API_ENDPOINT", "ZOOM_API_ENDPOINT")}
    plain = http.client.HTTPConnection.putrequest

    def putrequest(self: Any, method: str, url: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as the original
        host = f"{self.host}:{self.port}"
        if host == queue and method == "POST":
            add(tasks=1)
        elif host in others:
            add(api_calls=1)
        plain(self, method, url, *args, **kwargs)

    http.client.HTTPConnection.putrequest = putrequest  # type: ignore[method-assign]


def _plain(message: Any) -> Any:  # noqa: ANN401 - a message, wrapped or not
    return type(message).pb(message) if hasattr(type(message), "pb") else message


def _count_request(name: str, message: Any) -> None:  # noqa: ANN401 - a generated message
    add(rpcs=1)
    if name == "Commit":
        deleted = sum(1 for write in message.writes if write.delete)
        add(writes=len(message.writes) - deleted, deletes=deleted)
    elif name in ("GetDocument", "ListCollectionIds", "RunAggregationQuery"):
        add(reads=1)


def _count_answer(name: str, message: Any) -> int:  # noqa: ANN401 - a generated message
    """How many documents an answer of a stream brings, counted; one that is missing is read all the same."""
    if name == "BatchGetDocuments":
        read = int(bool(message.missing) or message.HasField("found"))
    elif name == "Listen":
        read = int(message.HasField("document_change"))
    else:
        read = int(name == "RunQuery" and message.HasField("document"))
    if read:
        add(reads=read)
    return read


class _Answers:
    """A stream of answers, each of them counted; an empty query costs one read."""

    def __init__(self, name: str, call: Any) -> None:  # noqa: ANN401 - a call of grpc
        self._name, self._call, self._read = name, call, 0

    def __iter__(self) -> "_Answers":
        return self

    def __next__(self) -> Any:  # noqa: ANN401 - a message
        try:
            answer = next(self._call)
        except StopIteration:
            if self._name == "RunQuery" and not self._read:
                add(reads=1)
            raise
        self._read += _count_answer(self._name, _plain(answer))
        return answer

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - everything else is the call's own
        return getattr(self._call, name)


def _wire(grpc: Any) -> Any:  # noqa: ANN401 - the module, which not every function has
    kinds = (grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor, grpc.StreamStreamClientInterceptor)

    class Wire:
        """Counts what goes over a channel."""

        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:  # noqa: ANN401
            """A commit, or something else that is answered once."""
            _count_request(details.method.rpartition("/")[2], _plain(request))
            return continuation(details, request)

        def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:  # noqa: ANN401
            """A query, or documents by their ids."""
            name = details.method.rpartition("/")[2]
            _count_request(name, _plain(request))
            return _Answers(name, continuation(details, request))

        def intercept_stream_stream(self, continuation: Any, details: Any, requests: Any) -> Any:  # noqa: ANN401
            """A listener."""
            return _Answers(details.method.rpartition("/")[2], continuation(details, requests))

    return type("MeteredWire", (Wire, *kinds), {})()
