"""The meter counts what Google would, below the client library: each in a process of its own, as in the stack."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.cost import meter
from infra.cost.measuring import API_MS, RPC_MS, used_by
from infra.cost.packing import METER, Note, notes_of, pack_metered
from infra.cost.sizes import document_bytes, size_of
from infra.cost.usage import Usage
from infra.pack import pack
from shared import system

PLAYED = """
import rollcall_meter
rollcall_meter.install()
from google.cloud import firestore

client = firestore.Client(project="{project}")

def work(request):
    people = client.collection("people")
    batch = client.batch()
    for number in range(3):
        batch.set(people.document(str(number)), {{"n": number}})
    batch.delete(people.document("gone"))
    batch.commit()
    list(people.where(filter=firestore.FieldFilter("n", ">=", 1)).stream())
    list(people.where(filter=firestore.FieldFilter("n", ">", 99)).stream())
    list(client.get_all([people.document("0"), people.document("missing")]))
    people.document("1").get()
    people.count().get()
    return Answer()

class Answer:
    content_length = 321

class Request:
    method, path = "POST", "/api/x/{hexes}/of/omar@school.example/abc-mnop-xyz"

rollcall_meter.metered(work)(Request())
"""


@pytest.fixture
def notes(tmp_path: Path, emulator: str) -> list[Note]:
    home = tmp_path / "functions" / "counted"
    home.mkdir(parents=True)
    (home / f"{METER}.py").write_text(Path(meter.__file__).read_text("utf-8"), "utf-8")
    (home / "main.py").write_text(PLAYED.format(project=f"demo-{system.new_id()[:12]}", hexes="a1" * 16), "utf-8")
    env = {"FIRESTORE_EMULATOR_HOST": emulator, "PATH": "/usr/bin", "HOME": str(home)}
    subprocess.run([sys.executable, "main.py"], cwd=home, env=env, check=True, timeout=60)
    return list(notes_of(tmp_path / "functions"))


def test_reads_writes_and_deletes_are_counted_as_they_are_billed(notes: list[Note]) -> None:
    (note,) = notes
    assert (note.function, note.route) == ("counted", "POST /api/x/*/of/*/*")
    # two found, one for the query that found nothing, two by their ids of which one is missing, one alone, one for the count
    assert {name: note.counts[name] for name in ("reads", "writes", "deletes", "rpcs", "bytes_out")} == {
        "reads": 7, "writes": 3, "deletes": 1, "rpcs": 6, "bytes_out": 321,
    }  # fmt: skip
    assert note.counts["peak_mib"] > 10


def test_time_is_rounded_up_as_it_is_billed() -> None:
    note = Note("webhook", 0.0, "POST /x", {"cpu_ms": 5, "wall_ms": 4000, "rpcs": 1})
    assert used_by(note, 512) == Usage(calls=1, billed_ms=100, mib_ms=51_200, cpu_ms=5, rpcs=1)
    longer = Note("webhook", 0.0, "POST /x", {"cpu_ms": 90, "rpcs": 2, "api_calls": 1})
    assert used_by(longer, 256).billed_ms == -(-(90 + 2 * RPC_MS + API_MS) // 100) * 100
    assert used_by(Note("realtime", 0.0, "-", {"reads": 2}), 512) == Usage(reads=2)
    assert used_by(Note("meet_push", 0.0, "POST /api/webhook/workspace-events", {}), 512).messages == 1


@pytest.mark.parametrize("name", ["monitor_tick", "realtime"])
def test_a_metered_archive_is_the_deployed_one_with_the_meter_before_it(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(pack(name, tmp_path / "plain")) as plain, zipfile.ZipFile(pack_metered(name, tmp_path)) as metered:
        assert set(metered.namelist()) == {*plain.namelist(), f"{METER}.py"}
        for path in set(plain.namelist()) - {"main.py"}:
            assert metered.read(path) == plain.read(path)
        main, before = metered.read("main.py").decode(), plain.read("main.py").decode()
        assert main.startswith(f"import {METER}\n\n{METER}.install()")
        assert before in main
        assert (f"{name} = {METER}.metered({name})" in main) is (name != "realtime")


def test_documents_take_the_room_that_google_says() -> None:
    # the example of Google's page: users/jeff/tasks/my_task_id with four fields
    fields = {"type": "Personal", "done": False, "priority": 1, "description": "Learn Cloud Firestore"}
    assert document_bytes("users/jeff/tasks/my_task_id", dict.fromkeys(["body"], "")) == 44 + 5 + 1 + 32
    assert sum(len(name) + 1 + size_of(value) for name, value in fields.items()) == 71
    assert size_of({"a": [1, "b", None], "c": b"123"}) == 2 + 8 + 2 + 1 + 2 + 3
