"""Logging: one JSON object per line, with the fields that Cloud Logging and Error Reporting take out of it.

Severity and message become the entry's own, the trace ties all lines of one request together in the Logs Explorer, and a crash
is grouped with its like. Alarms stand on messages and fields of some of these lines: infra/runbook.md lists them.
"""

import json
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType

from shared.config import running

LONGEST = 256
LONGEST_TRACE = 8000

_TRACE_FIELD = "logging.googleapis.com/trace"
_REPORTED = "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent"
# What a line says of itself; a field of somebody's own never takes their place.
_OURS = frozenset({"severity", "message", "trace_id", _TRACE_FIELD, "@type", "serviceContext", "context", "httpRequest"})


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request as Cloud Logging shows it; `path` is the route's, which names nobody. `seconds` is how long it took."""

    method: str
    path: str
    status: int
    seconds: float | None = None

    def told(self) -> dict[str, object]:
        """The request in Cloud Logging's form."""
        form: dict[str, object] = {"requestMethod": _cut(self.method), "requestUrl": _cut(self.path), "status": self.status}
        return form if self.seconds is None else form | {"latency": f"{self.seconds:.6f}s"}


def log(severity: str, message: str, trace: str, **fields: object) -> None:
    """Write one line. Values are cut and ASCII only, so that nothing a caller sends can look like a line of its own."""
    _write(_entry(severity, message[:LONGEST], trace), fields)


def log_request(request: RequestLine, trace: str, **fields: object) -> None:
    """Write that a request was answered, as Cloud Logging shows requests."""
    message = f"{request.method} {request.path}"[:LONGEST]
    _write(_entry("DEBUG", message, trace) | {"httpRequest": request.told()}, fields)


def log_crash(trouble: BaseException, trace: str, **fields: object) -> None:
    """Write a failure that nobody foresaw in the shape that Error Reporting groups by."""
    stack = "".join(traceback.format_exception(trouble))[-LONGEST_TRACE:]
    here = running()
    entry = _entry("ERROR", stack, trace) | {
        "@type": _REPORTED,
        "serviceContext": {"service": here.service, "version": here.version},
        "context": {"reportLocation": _place_of(trouble.__traceback__)},
    }
    _write(entry, fields)


def _entry(severity: str, message: str, trace: str) -> dict[str, object]:
    project = running().project
    whole = {_TRACE_FIELD: f"projects/{project}/traces/{trace}"} if project else {}
    return {"severity": severity, "message": message, "trace_id": trace, **whole}


def _write(entry: dict[str, object], fields: Mapping[str, object]) -> None:
    entry |= {name: _plain(value) for name, value in fields.items() if name not in _OURS}
    print(json.dumps(entry, ensure_ascii=True), file=sys.stderr, flush=True)  # noqa: T201 - this is the log


def _plain(value: object) -> object:
    return value if isinstance(value, (int, float, bool)) or value is None else _cut(str(value))


def _cut(text: str) -> str:
    return text[:LONGEST]


def _place_of(trace: TracebackType | None) -> dict[str, object]:
    """Where the failure came from: the innermost place of its stack."""
    frames = traceback.extract_tb(trace)
    if not frames:
        return {"filePath": "unknown", "lineNumber": 0, "functionName": "unknown"}
    last = frames[-1]
    return {"filePath": _cut(last.filename), "lineNumber": last.lineno or 0, "functionName": _cut(last.name)}
