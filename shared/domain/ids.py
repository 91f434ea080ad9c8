"""Ids that are functions of meaning, so that a thing told twice gets one id."""

import hashlib
import json
import re

_ID = re.compile(r"[0-9a-f]{32}")
# One for all: ids are made by the hundred thousand.
_WRITER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def stable_id(kind: str, *parts: str) -> str:
    """32 hex digits that depend on `kind` and `parts` alone.

    The parts are written as JSON before hashing, so that ("ab", "c") and ("a", "bc") differ.
    """
    return hashlib.sha256(_WRITER.encode([kind, *parts]).encode()).hexdigest()[:32]


def is_id(text: str) -> bool:
    """Whether `text` has the form of one of our ids; anything else is never looked up."""
    return _ID.fullmatch(text) is not None
