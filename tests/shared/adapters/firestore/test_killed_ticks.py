"""Ticks that overlap and ticks that are killed: each class has one session in the end, opened and closed once."""

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from infra.local.settings import REPOSITORY
from shared.domain.classes import Status, with_due
from shared.domain.evidence import Source
from tests.builders import a_class, at, seen
from tests.conftest import firestore_house
from tests.house import DELAYS

if TYPE_CHECKING:
    from google.cloud import firestore

CLASSES = [a_class(f"c{number}", room=f"google_meet:room{number}") for number in range(40)]
COMMAND = (sys.executable, "-m", "tests.shared.adapters.firestore.tick_process")


def tick_process(project: str, minute: float, *, dies_after: int) -> "subprocess.Popen[str]":
    """A tick that is ready to begin."""
    command = [*COMMAND, project, str(minute), str(dies_after)]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def goes(process: "subprocess.Popen[str]") -> None:
    """Let a tick begin."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_overlapping_and_killed_ticks_leave_exactly_one_session_for_each_class(database: "firestore.Client") -> None:
    house = firestore_house(database)
    house.classes.add([with_due(each, DELAYS) for each in CLASSES], None)
    for each in CLASSES:
        house.evidence.file(seen("join", at(1), room=each.room or "", source=Source.MEET_EVENT))
    for minute in (2, 61):
        doomed = tick_process(database.project, minute, dies_after=1)
        others = [tick_process(database.project, minute, dies_after=0) for _ in range(2)]
        for process in (doomed, *others):
            goes(process)
        assert doomed.wait(60) == -signal.SIGKILL
        assert [other.wait(60) for other in others] == [0, 0]
    house.clock.at = at(62)
    house.tick()
    sessions = list(database.collection("sessions").stream())
    assert sorted(one.id for one in sessions) == sorted(each.session_id for each in CLASSES)
    assert {house.classes.get(each.class_id).status for each in CLASSES} == {Status.COMPLETED}
    rows = [row for each in CLASSES for row in house.watch.one(each.session_id).rows if row.source]
    assert len(rows) == len(CLASSES)
    assert len(list(database.collection("attendance").stream())) == len(CLASSES)
    assert list(database.collection("pending").stream()) == []
