"""Documents of every version that was ever deployed are read; none changes its shape without a version of its own."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from shared.adapters.firestore.codec import body_of, value_of
from shared.adapters.firestore.versions import STEPS, newest, upcast, version_in
from tests.stored import KINDS, documents_in, every_kind, fixture, fixtures, shape_of

if TYPE_CHECKING:
    from google.cloud import firestore

FROZEN = sorted(fixtures())
REMEDY = (
    "Documents of {kind!r} are not what version {version} froze. If none of these changes is deployed yet: add a step to "
    "shared/adapters/firestore/versions.py and freeze the new version (python -m tests.stored); never change a frozen file."
)


@pytest.fixture(scope="module")
def stored(emulator: str) -> "firestore.Client":  # noqa: ARG001 - the client finds it by the environment
    from shared import system
    from shared.adapters.firestore.store import connect

    client = connect(f"demo-{system.new_id()[:12]}")
    every_kind(client)
    return client


def test_every_version_of_every_kind_is_frozen() -> None:
    assert sorted((kind, version) for kind in KINDS for version in range(1, newest(kind) + 1)) == FROZEN
    assert STEPS.keys() <= KINDS.keys()


def test_no_collection_is_without_a_kind(stored: "firestore.Client") -> None:
    assert {collection.id for collection in stored.collections()} == KINDS.keys()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_stored_today_has_the_shape_of_its_newest_frozen_version(stored: "firestore.Client", kind: str) -> None:
    frozen, now = fixture(kind, newest(kind))["shape"], shape_of(kind, documents_in(stored, kind))
    remedy = REMEDY.format(kind=kind, version=newest(kind))
    assert now["types"] == frozen["types"], remedy
    assert now["body"] == frozen["body"], remedy
    assert now["fields"].items() <= frozen["fields"].items(), remedy
    assert {version_in(each) for each in documents_in(stored, kind).values()} == {newest(kind)}, remedy


@pytest.mark.parametrize(("kind", "version"), FROZEN)
def test_a_frozen_document_is_read_as_its_newest_version_says_it(kind: str, version: int) -> None:
    held = KINDS[kind]
    for fields in fixture(kind, version)["documents"].values():
        now = upcast(kind, fields)
        assert version_in(now) == newest(kind)
        assert upcast(kind, now) == now
        if held is not None and "parts" not in fields and kind != "runs":
            assert json.loads(body_of(value_of(held, now["body"]))) == json.loads(now["body"])


@pytest.mark.parametrize("kind", sorted(STEPS))
def test_a_step_leaves_a_document_that_is_new_already_as_it_is(kind: str) -> None:
    """So a writer of the new form may add its part to a document of the old one."""
    for number, step in enumerate(STEPS[kind], start=1):
        for fields in fixture(kind, number)["documents"].values():
            once = dict(step(fields))
            assert dict(step(once)) == once


def test_a_document_that_is_newer_than_we_know_is_left_as_it_is() -> None:
    newer: dict[str, Any] = {"v": newest("outbox") + 1, "body": "{}"}
    assert upcast("outbox", newer) == newer
