"""Logging: one JSON object per line, in the shape that Cloud Logging reads, with the trace it belongs to."""

import json
import sys
import traceback

LONGEST = 256
LONGEST_TRACE = 8000


def log(severity: str, message: str, trace: str, **fields: object) -> None:
    """Write one line. Values are cut and ASCII only, so that nothing a caller sends can look like a line of its own."""
    entry: dict[str, object] = {"severity": severity, "message": message[:LONGEST], "trace_id": trace}
    for name, value in fields.items():
        entry[name] = value if isinstance(value, (int, float, bool)) or value is None else str(value)[:LONGEST]
    print(json.dumps(entry, ensure_ascii=True), file=sys.stderr, flush=True)  # noqa: T201 - this is the log


def log_crash(trouble: BaseException, trace: str, **fields: object) -> None:
    """Write a failure that nobody foresaw in the shape that Error Reporting groups by."""
    stack = "".join(traceback.format_exception(trouble))[-LONGEST_TRACE:]
    entry = {
        "severity": "ERROR",
        "message": stack,
        "trace_id": trace,
        "@type": "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent",
        **{name: str(value)[:LONGEST] for name, value in fields.items()},
    }
    print(json.dumps(entry, ensure_ascii=True), file=sys.stderr, flush=True)  # noqa: T201 - this is the log
