"""The steps from a version of a stored document to the next, by kind; each is a pure function of a document's fields."""

import json
from collections.abc import Mapping
from typing import Any


def outbox_about(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """From 1 to 2: the first rows were about sessions only and said `session_id`."""
    told = json.loads(fields["body"])
    if "about" not in told:
        told["about"] = told.pop("session_id")
    rest = {name: value for name, value in fields.items() if name != "session_id"}
    return {**rest, "about": told["about"], "body": json.dumps(told, ensure_ascii=False, separators=(",", ":"))}
