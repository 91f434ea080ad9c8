"""Migrating writes down what reading makes of old documents: once, from wherever it was cut off, and never what was issued."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.migrate.__main__ import main, migrate
from infra.migrate.moving import PLACES, Forbidden, Migration, Progress, whole
from shared.adapters.firestore.outbox import FirestoreOutbox
from shared.adapters.firestore.versions import STEPS, Step, newest, read, upcast
from shared.domain.messages import OutboxRow
from tests.builders import at
from tests.fakes import no_sleep
from tests.shaky import Died, Line, ShakyClient
from tests.stored import documents_in, every_kind, fixture

if TYPE_CHECKING:
    from google.cloud import firestore

OLD = next(iter(fixture("outbox", 1)["documents"].values()))


def lay(client: "firestore.Client", count: int) -> dict[str, dict[str, Any]]:
    """So many old rows, and one that is new already."""
    for number in range(count):
        body = json.dumps({**json.loads(OLD["body"]), "session_id": f"{number:032x}"})
        client.collection("outbox").document(f"{number:04d}").set({**OLD, "session_id": f"{number:032x}", "body": body})
    ((new_id, new),) = list(fixture("outbox", 2)["documents"].items())[:1]
    client.collection("outbox").document(new_id).set(new)
    return documents_in(client, "outbox")


def meant(before: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What is to become of documents."""
    return {name: dict(upcast("outbox", fields)) for name, fields in before.items()}


def test_old_rows_are_read_as_they_are_before_and_after(database: "firestore.Client") -> None:
    lay(database, 3)
    seen = {each.id: read(OutboxRow, each) for each in database.collection("outbox").stream()}
    due = FirestoreOutbox(database, no_sleep).due(at(10**6), 100)
    assert whole(Migration(database, "outbox")) == Progress("outbox", read=4, moved=3)
    assert {each.id: read(OutboxRow, each) for each in database.collection("outbox").stream()} == seen
    assert sorted(FirestoreOutbox(database, no_sleep).due(at(10**6), 100), key=str) == sorted(due, key=str)
    assert {each["v"] for each in documents_in(database, "outbox").values()} == {newest("outbox")}
    assert not any("session_id" in each for each in documents_in(database, "outbox").values())


def test_migrating_twice_is_migrating_once(database: "firestore.Client") -> None:
    before = lay(database, 5)
    whole(Migration(database, "outbox", page=2))
    once = {each.id: each.update_time for each in database.collection("outbox").stream()}
    assert whole(Migration(database, "outbox", page=2)) == Progress("outbox", read=6)
    assert {each.id: each.update_time for each in database.collection("outbox").stream()} == once
    assert documents_in(database, "outbox") == meant(before)
    assert list(database.collection(PLACES).stream()) == []


def test_a_dry_run_counts_and_writes_nothing(database: "firestore.Client") -> None:
    before = lay(database, 5)
    assert whole(Migration(database, "outbox", is_dry=True, page=2)) == Progress("outbox", read=6, moved=5)
    assert documents_in(database, "outbox") == before
    assert list(database.collection(PLACES).stream()) == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at_commit=st.integers(1, 12), way=st.sampled_from(["died before", "died after", "lost request", "lost reply"]))
def test_killed_anywhere_and_begun_again_it_comes_to_the_same(database: "firestore.Client", at_commit: int, way: str) -> None:
    before = lay(database, 5)
    shaky = ShakyClient(database.project, Line(at=at_commit, way=way))
    try:
        whole(Migration(shaky, "outbox", page=2))
    except Died:
        whole(Migration(database, "outbox", page=2))
    assert documents_in(database, "outbox") == meant(before)
    assert list(database.collection(PLACES).stream()) == []


def test_a_run_that_was_cut_off_goes_on_after_its_last_page(database: "firestore.Client") -> None:
    lay(database, 5)
    running = Migration(database, "outbox", page=2).run()
    assert next(running) == Progress("outbox", read=2, moved=2)
    assert whole(Migration(database, "outbox", page=2)) == Progress("outbox", read=4, moved=3)


class Meddling:
    """A step during which somebody else writes, once."""

    def __init__(self, meddle: Callable[[], object]) -> None:
        self._meddle: Callable[[], object] | None = meddle

    def __call__(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        if self._meddle is not None:
            meddle, self._meddle = self._meddle, None
            meddle()
        return STEPS["outbox"][0](fields)


def moved_while(database: "firestore.Client", meddle: Callable[[Any], object]) -> dict[str, dict[str, Any]]:
    row = database.collection("outbox").document("0000")
    steps: dict[str, Sequence[Step]] = {"outbox": (Meddling(lambda: meddle(row)),)}
    whole(Migration(database, "outbox", steps=steps))
    return documents_in(database, "outbox")


def test_what_somebody_writes_meanwhile_is_not_lost(database: "firestore.Client") -> None:
    lay(database, 2)
    after = moved_while(database, lambda row: row.update({"due_at": at(77)}))
    assert (after["0000"]["due_at"], after["0000"]["v"], after["0001"]["v"]) == (at(77), 2, 2)


def test_what_somebody_deletes_meanwhile_stays_away(database: "firestore.Client") -> None:
    lay(database, 2)
    after = moved_while(database, lambda row: row.delete())
    assert "0000" not in after
    assert after["0001"]["v"] == 2


def test_newer_documents_are_told_of_and_left(database: "firestore.Client") -> None:
    newer = {"v": newest("outbox") + 5, "body": "of the future"}
    database.collection("outbox").document("x").set(newer)
    assert whole(Migration(database, "outbox")) == Progress("outbox", read=1, newer=1)
    assert documents_in(database, "outbox") == {"x": newer}


@pytest.mark.parametrize("kind", ["documents", "payments", "tails"])
def test_no_step_changes_what_was_issued_or_paid(database: "firestore.Client", kind: str) -> None:
    every_kind(database)
    before = documents_in(database, kind)
    with pytest.raises(Forbidden, match="stays as it was written"):
        whole(Migration(database, kind, steps={kind: (lambda fields: {**fields, "body": fields["body"] + " "},)}))
    assert documents_in(database, kind) == before
    done = whole(Migration(database, kind, steps={kind: (lambda fields: {**fields, "searched": "x"},)}))
    assert done.moved == len(before)
    assert {name: each["body"] for name, each in documents_in(database, kind).items()} == {
        name: each["body"] for name, each in before.items()
    }


def test_the_command_moves_and_tells(database: "firestore.Client", capsys: pytest.CaptureFixture[str]) -> None:
    lay(database, 2)
    assert main(["--project", database.project, "--dry-run"]) == 0
    assert "Would move" in capsys.readouterr().out
    assert main(["--project", database.project, "--kind", "outbox"]) == 0
    told = capsys.readouterr().out.splitlines()[-1].split()
    assert told == ["outbox", "2", "3", "2", "0"]


def test_the_command_asks_for_a_project(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT", raising=False)
    assert main([]) == 2
    assert "--project" in capsys.readouterr().err


def test_every_kind_that_has_steps_is_migrated_by_the_command(database: "firestore.Client") -> None:
    from rich.console import Console

    lay(database, 1)
    done = migrate(database, sorted(STEPS), Console(quiet=True), is_dry=False)
    assert [each.kind for each in done] == sorted(STEPS)
