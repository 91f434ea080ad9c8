"""A played school is exported, lost, and had back in another database: whole, working, and without whom was erased meanwhile."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from infra.backup.__main__ import main
from infra.backup.digest import broken_books, digest_of
from infra.backup.emulator import EmulatorStore
from infra.backup.forgetting import Machine, OtherKey, forgotten_of
from infra.backup.keeping import Backups
from infra.backup.shelf import Folder, Missing, kept_list, manifests
from infra.local.troubles import Trouble
from shared import system
from shared.adapters.firestore.ledger import FirestoreLedger
from shared.adapters.firestore.store import connect
from shared.domain.classes import Status
from shared.domain.ids import stable_id
from shared.domain.invoices import broken_links
from shared.domain.money import Money
from tests.builders import a_class, at
from tests.conftest import firestore_house
from tests.fakes import no_sleep
from tests.house import DELAYS, House
from tests.played import ADA, LENA, MUM, OMAR, everything, is_lawful, played
from tests.shared.usecases.test_erase_person import done, erasing, left

if TYPE_CHECKING:
    from google.cloud import firestore


class Rehearsal:
    """A shelf, and backups of the emulator's databases, as of the house's clock."""

    def __init__(self, emulator: str, folder: Path, house: House) -> None:
        self.shelf, self.house = Folder(folder), house
        machine = Machine(house.clock, no_sleep, system.new_id, DELAYS)
        self.backups = Backups(EmulatorStore(emulator), self.shelf, connect, machine)


@pytest.fixture
def another(emulator: str) -> "firestore.Client":  # noqa: ARG001 - the client finds it by the environment
    return connect(f"demo-{system.new_id()[:12]}")


def held(client: "firestore.Client") -> dict[tuple[str, str], Any]:
    """Every document of a database, read by nothing that the backup uses."""
    return {(collection.id, each.id): each.to_dict() for collection in client.collections() for each in collection.stream()}


def wipe(client: "firestore.Client") -> None:
    for collection in client.collections():
        for snapshot in collection.stream():
            snapshot.reference.delete()


@pytest.fixture
def rehearsal(emulator: str, tmp_path: Path, database: "firestore.Client") -> Rehearsal:
    house, _ = played(database)
    return Rehearsal(emulator, tmp_path, house)


def test_a_lost_school_is_had_back_to_the_last_byte(
    rehearsal: Rehearsal, database: "firestore.Client", another: "firestore.Client"
) -> None:
    before = held(database)
    taken = rehearsal.backups.create(database.project, "monday")
    assert taken.digest.documents == len(before)
    wipe(database)
    assert held(database) == {}
    restored = rehearsal.backups.restore("monday", another.project)
    assert (restored.erased.people, restored.erased.left) == (0, {})
    assert {path: fields for path, fields in held(another).items() if path[0] != "restores"} == before
    assert rehearsal.backups.verify("monday", another.project) == []
    assert digest_of(another, no_sleep).collections["documents"].documents == 2
    assert list(broken_books(another, no_sleep)) == []


def test_what_is_restored_goes_on_working(
    rehearsal: Rehearsal, database: "firestore.Client", another: "firestore.Client"
) -> None:
    rehearsal.backups.create(database.project, "monday")
    rehearsal.backups.restore(None, another.project)
    house = replace(firestore_house(another), clock=rehearsal.house.clock)
    booked = a_class("after", start_at=rehearsal.house.clock.at + timedelta(minutes=1), room="google_meet:after")
    house.classes.add([replace(booked, end_at=booked.start_at + timedelta(hours=1), due_at=booked.start_at)], None)
    house.clock.passes(timedelta(minutes=2))
    house.tick()
    assert house.classes.get(booked.class_id).status is Status.ACTIVE
    ledger = FirestoreLedger(another, no_sleep)
    (first,) = ledger.of_party(MUM)
    line = replace(first.lines[0], line_id=stable_id("line", "after"), net=Money(1500, "EUR"))
    issued = ledger.issue(ledger.tail(MUM), replace(first, document_id="", number="", lines=(line,)), ())
    assert issued is not None
    assert (issued.seq, issued.previous_hash) == (3, first.content_hash)
    assert broken_links(ledger.of_party(MUM)) == ()
    assert list(broken_books(another, no_sleep)) == []


def test_whom_was_erased_after_the_backup_is_erased_again(
    rehearsal: Rehearsal, database: "firestore.Client", another: "firestore.Client"
) -> None:
    rehearsal.backups.create(database.project, "monday")
    assert kept_list(rehearsal.shelf) == forgotten_of(database)
    pseudonym, _ = done(erasing(database, rehearsal.house), rehearsal.house.clock)
    rehearsal.backups.remember_forgotten(database.project)
    wipe(database)
    restored = rehearsal.backups.restore("monday", another.project)
    assert (restored.erased.people, restored.erased.left) == (1, {})
    assert left(another) == {}
    texts = everything(another)
    assert any(pseudonym in text for path, text in texts.items() if path[0] == "attendance")
    assert any(LENA in text for path, text in texts.items() if path[0] == "attendance")
    assert any(OMAR in text for path, text in texts.items() if is_lawful(path))
    assert not any(path[0] == "erasures" for path in texts)
    assert list(broken_books(another, no_sleep)) == []
    assert OMAR not in (rehearsal.shelf.get("forgotten.json") or OMAR)


def test_the_list_may_come_as_an_export_of_its_own(
    rehearsal: Rehearsal, database: "firestore.Client", another: "firestore.Client", emulator: str, tmp_path: Path
) -> None:
    """As the cloud's scheduler has Firestore export it each hour, without any code of ours."""
    rehearsal.backups.create(database.project, "monday")
    done(erasing(database, rehearsal.house), rehearsal.house.clock)
    alone = connect(f"demo-{system.new_id()[:12]}")
    for (collection, name), fields in held(database).items():
        if collection in ("forgotten", "peppers"):
            alone.collection(collection).document(name).set(fields)
    EmulatorStore(emulator).export(alone.project, str(tmp_path / "hourly"))
    restored = rehearsal.backups.restore("monday", another.project, str(tmp_path / "hourly"))
    assert restored.erased.people == 1
    assert left(another) == {}


def test_a_restoring_that_was_cut_off_while_erasing_is_taken_up(
    rehearsal: Rehearsal, database: "firestore.Client", another: "firestore.Client"
) -> None:
    rehearsal.backups.create(database.project, "monday")
    done(erasing(database, rehearsal.house), rehearsal.house.clock)
    rehearsal.backups.remember_forgotten(database.project)
    rehearsal.backups.restore("monday", another.project)
    again = rehearsal.backups.restore("monday", another.project)
    assert left(another) == {}
    assert again.erased.left == {}
    assert list(broken_books(another, no_sleep)) == []


def test_whoever_may_not_be_erased_yet_is_told_of(
    rehearsal: Rehearsal, database: "firestore.Client", another: "firestore.Client"
) -> None:
    rehearsal.backups.create(database.project, "monday")
    kept = forgotten_of(database)
    from shared.adapters.firestore.forgotten import FirestoreForgotten

    FirestoreForgotten(database, rehearsal.house.clock, rehearsal.house.new_id).add([f"email:{ADA}"], "erased-1", at(999))
    rehearsal.backups.remember_forgotten(database.project)
    assert kept != kept_list(rehearsal.shelf)
    restored = rehearsal.backups.restore("monday", another.project)
    assert list(restored.erased.left) == [ADA]
    assert "hand it over" in restored.erased.left[ADA]


def test_nothing_is_put_over_other_documents(
    rehearsal: Rehearsal, database: "firestore.Client", another: "firestore.Client"
) -> None:
    rehearsal.backups.create(database.project, "monday")
    another.collection("people").document("1").set({"v": 1})
    with pytest.raises(Trouble, match="not empty"):
        rehearsal.backups.restore("monday", another.project)
    assert len(everything(another)) == 1


def test_a_document_that_changed_or_is_missing_is_found(
    rehearsal: Rehearsal, database: "firestore.Client", another: "firestore.Client"
) -> None:
    rehearsal.backups.create(database.project, "monday")
    rehearsal.backups.restore("monday", another.project)
    issued = next(iter(another.collection("documents").stream()))
    issued.reference.update({"body": issued.get("body").replace("3000", "2000")})
    next(iter(another.collection("people").stream())).reference.delete()
    wrong = rehearsal.backups.verify("monday", another.project)
    assert "documents: other contents" in wrong
    assert any(line.startswith("people: 4 documents here, 3 there") for line in wrong)
    assert any("does not say what it said" in line for line in wrong)
    with pytest.raises(Trouble, match="books do not hold"):
        rehearsal.backups.create(another.project, "tuesday")


def test_the_last_document_of_a_party_cannot_go_missing(database: "firestore.Client") -> None:
    played(database)
    next(iter(database.collection("documents").stream())).reference.delete()
    assert [line for line in broken_books(database, no_sleep) if "Of a party's 1 documents 0 are there" in line]


def test_a_list_of_another_database_erases_nobody(
    rehearsal: Rehearsal, database: "firestore.Client", another: "firestore.Client"
) -> None:
    done(erasing(database, rehearsal.house), rehearsal.house.clock)
    rehearsal.backups.create(database.project, "monday")
    told = json.loads(rehearsal.shelf.get("forgotten.json") or "{}")
    rehearsal.shelf.put("forgotten.json", json.dumps({**told, "key": "00"}))
    with pytest.raises(OtherKey, match="another key"):
        rehearsal.backups.restore("monday", another.project)


def test_an_export_without_its_manifest_is_no_backup(rehearsal: Rehearsal, database: "firestore.Client") -> None:
    rehearsal.backups.create(database.project, "monday")
    with pytest.raises(Trouble, match="already"):
        rehearsal.backups.create(database.project, "monday")
    (rehearsal.shelf.root / "monday" / "manifest.json").unlink()
    assert manifests(rehearsal.shelf) == []
    with pytest.raises(Missing, match="none at all"):
        rehearsal.backups.restore("monday", "demo-nowhere")


def test_nobody_else_can_look_into_the_backups(rehearsal: Rehearsal, database: "firestore.Client", tmp_path: Path) -> None:
    shelf = Folder(tmp_path / "shelf")
    replace(rehearsal.backups, shelf=shelf).create(database.project, "monday")
    assert shelf.root.stat().st_mode & 0o077 == 0
    assert (shelf.root / "forgotten.json").stat().st_mode & 0o077 == 0


def test_what_is_written_while_it_is_read_is_told(rehearsal: Rehearsal, database: "firestore.Client") -> None:
    def meddle(line: str) -> None:
        if line == "exporting":
            database.collection("people").document("late").set({"v": 1})

    with pytest.raises(Trouble, match="written meanwhile"):
        replace(rehearsal.backups, say=meddle).create(database.project, "monday")
    assert manifests(rehearsal.shelf) == []


def test_a_past_instant_is_read_as_it_was(database: "firestore.Client") -> None:
    database.collection("people").document("1").set({"n": 1})
    system.sleep(0.1)
    then = datetime.now(UTC)
    system.sleep(0.1)
    database.collection("people").document("1").set({"n": 2})
    database.collection("people").document("2").set({"n": 2})
    assert digest_of(database, no_sleep, then).documents == 1
    assert digest_of(database, no_sleep).documents == 2


def test_the_commands_take_list_restore_and_verify(
    rehearsal: Rehearsal, database: "firestore.Client", another: "firestore.Client", capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--project", database.project, "--folder", str(rehearsal.shelf.root)]
    assert main([*common, "create", "monday"]) == 0
    assert main([*common, "remember"]) == 0
    assert main([*common, "list"]) == 0
    assert "monday" in capsys.readouterr().out
    assert main([*common, "restore", "monday", "--into", another.project]) == 0
    assert "the books hold" in capsys.readouterr().out
    assert main([*common, "verify", "monday", "--into", another.project]) == 0
    next(iter(another.collection("people").stream())).reference.delete()
    assert main([*common, "verify", "--into", another.project]) == 1
    assert "people: 4 documents here, 3 there" in capsys.readouterr().out
    assert main([*common, "restore", "tuesday", "--into", another.project]) == 1
    assert "there are: monday" in capsys.readouterr().err
