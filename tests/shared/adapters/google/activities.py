"""Rows of the audit log: Google's own, rewritten, and small ones to change."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.shared.adapters.google.scripted import Json

FIXTURES = Path(__file__).parents[3] / "fixtures/google/reports"
LEFT_AT = datetime(2026, 9, 15, 16, 0, 0, 500000, tzinfo=UTC)
STARTED_AT = LEFT_AT.replace(microsecond=0) - timedelta(minutes=25)
CODE = "qkz-mwtp-rvx"


def rows_of_2021() -> list[Json]:
    """A lesson of three, in the form without a start."""
    rows: list[Json] = json.loads((FIXTURES / "activities_list_call_ended_no_start_ts.json").read_text())["items"]
    return rows


def rows_of_2025() -> list[Json]:
    """All kinds of events of some days."""
    return [json.loads(line) for line in (FIXTURES / "activities_2025_mixed_events.ndjson").read_text().splitlines()]


def parameter(name: str, value: object) -> Json:
    """A parameter as Google writes it: numbers as text under another key."""
    kinds = {bool: "boolValue", int: "intValue", list: "multiValue"}
    return {"name": name, kinds.get(type(value), "value"): str(value) if type(value) is int else value}


def row(number: int = 1, actor: Json | None = None, at: datetime = LEFT_AT, **changes: object) -> Json:
    """A guest who left a lesson; a change to None takes a parameter away."""
    told = {
        "meeting_code": "QKZMWTPRVX",
        "product_type": "meet",
        "endpoint_id": f"boq_{number}",
        "display_name": "Lena",
        "start_timestamp_seconds": int((at - (LEFT_AT - STARTED_AT)).timestamp()),
        "duration_seconds": 1500,
        "is_external": True,
        **changes,
    }
    parameters = [parameter(name, value) for name, value in told.items() if value is not None]
    return {
        "id": {"time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "uniqueQualifier": str(-number)},
        "actor": actor or {"callerType": "KEY", "key": "HANGOUTS_EXTERNAL_OR_ANONYMOUS"},
        "events": [{"type": "call", "name": "call_ended", "parameters": parameters}],
    }
