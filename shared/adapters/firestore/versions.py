"""Which version each kind of stored document has, and the steps that lead there from every earlier one.

A kind is a collection; a document says its version in the field `v`, and one that says none is of the first. Whoever reads an
old document reads it as its steps leave it, so old and new ones may lie side by side for as long as they like. Migrating only
writes down what reading would make of them anyway.

A step is a pure function from the fields of one version to those of the next, and never changes again once it was deployed. It
may change the field `body` of anything but what was issued or paid: of these each byte is evidence.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from shared.adapters.firestore.codec import BODY_VERSION, value_of
from shared.adapters.firestore.version_steps import outbox_about

V = TypeVar("V")
Fields = Mapping[str, Any]
Step = Callable[[Fields], Fields]

# The steps of a kind in their order: the first one leads from version 1 to version 2.
STEPS: Mapping[str, Sequence[Step]] = {"outbox": (outbox_about,)}


def newest(kind: str, steps: Mapping[str, Sequence[Step]] = STEPS) -> int:
    """The version in which documents of a kind are written."""
    return BODY_VERSION + len(steps.get(kind, ()))


def version_in(fields: Fields) -> int:
    """The version of a document as it is stored."""
    return int(fields.get("v", BODY_VERSION))


def upcast(kind: str, fields: Fields, steps: Mapping[str, Sequence[Step]] = STEPS) -> Fields:
    """A document as the newest version has it. One that is newer than we know, or as new, is as it is."""
    for step in steps.get(kind, ())[version_in(fields) - BODY_VERSION :]:
        fields = {**step(fields), "v": version_in(fields) + 1}
    return fields


def body_in(snapshot: Any) -> str:  # noqa: ANN401 - a snapshot of the client library
    """The text of a document that holds a domain value, as the newest version has it."""
    kind = snapshot.reference.parent.id
    if not STEPS.get(kind):
        return str(snapshot.get("body"))
    return str(upcast(kind, snapshot.to_dict())["body"])


def read(kind: type[V], snapshot: Any) -> V:  # noqa: ANN401 - as above
    """The domain value that a document holds, of whatever version it is."""
    return value_of(kind, body_in(snapshot))
