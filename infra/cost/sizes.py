"""How much room documents take in Firestore, by the rules that Google publishes for documents and single-field indexes.

https://firebase.google.com/docs/firestore/storage-size
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from google.cloud import firestore

DOCUMENT, ENTRY, NAME = 32, 48, 16
MOST_INDEXED = 1500
# Texts of JSON that no query asks for; the deployment exempts them from indexing.
NOT_INDEXED = frozenset({"body", "heard", "reading", "people", "registrations"})


def stored_bytes(client: firestore.Client) -> int:
    """The room that everything in a database takes, with its ascending and descending single-field index entries."""
    return sum(
        document_bytes(snapshot.reference.path, snapshot.to_dict())
        for collection in client.collections()
        for snapshot in collection.stream()
    )


def document_bytes(path: str, fields: Mapping[str, object]) -> int:
    """The room of one document: its name, its fields, and two index entries for each field that is indexed."""
    name = NAME + sum(len(part.encode()) + 1 for part in path.split("/"))
    held = sum(_text(field) + size_of(value) for field, value in fields.items())
    indexed = [(field, value) for field, value in fields.items() if field not in NOT_INDEXED]
    entries = sum(2 * (name + _text(field) + min(size_of(value), MOST_INDEXED) + ENTRY) for field, value in indexed)
    return name + held + DOCUMENT + entries


def size_of(value: Any) -> int:  # noqa: ANN401 - whatever a document holds
    """The bytes of one value."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, (int, float, datetime)):
        return 8
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_text(field) + size_of(item) for field, item in value.items())
    return sum(size_of(item) for item in value)


def _text(text: str) -> int:
    return len(text.encode()) + 1
