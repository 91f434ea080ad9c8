"""The emulator under measurement: clients, classes that are on or are to come, and its warming up."""

import os
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.request import Request, urlopen

from google.api_core import exceptions
from google.cloud import firestore
from google.protobuf.timestamp_pb2 import Timestamp

from infra.local.emulator import HOST_VARIABLE
from shared import system
from shared.adapters.firestore.classes import FirestoreClasses, document_of
from shared.adapters.firestore.evidence import FirestoreEvidence
from shared.adapters.firestore.heartbeat import FirestoreHeartbeat
from shared.adapters.firestore.sessions import FirestoreSessions
from shared.adapters.firestore.store import connect
from shared.adapters.firestore.writes import Commits
from shared.domain.classes import ScheduledClass, Status
from shared.domain.errors import Unavailable
from shared.domain.rooms import meet_room
from tests.bench.load import code_of
from tests.builders import a_class
from tests.fakes import Clock
from tests.house import House

AT_ONCE = 500
WRITERS = 8
TRIES = 6


def new_project(part: str) -> str:
    """A project that nobody has used."""
    return f"demo-bench-{part}-{system.new_id()[:8]}"


def client_of(host: str, project: str) -> firestore.Client:
    """A client of the emulator at `host`."""
    os.environ[HOST_VARIABLE] = host
    return connect(project)


def house_over(client: firestore.Client, now: datetime) -> House:
    """Every story over the database, with its clock at `now`."""
    return House(
        FirestoreClasses(client, system.sleep),
        FirestoreEvidence(client, system.sleep),
        FirestoreSessions(client, system.sleep),
        Clock(now),
        heartbeat=FirestoreHeartbeat(client),
    )


def class_on(room: int, people: int = 40) -> ScheduledClass:
    """A class that began an hour ago in a numbered room and goes on for hours."""
    now = datetime.now(UTC).replace(microsecond=0)
    return a_class(
        f"lesson {room}",
        student_emails=tuple(f"p{number}@school.example" for number in range(people)),
        start_at=now - timedelta(hours=1),
        end_at=now + timedelta(hours=6),
        due_at=now + timedelta(hours=6),
        booked_at=now - timedelta(days=1),
        status=Status.ACTIVE,
        opened_at=now - timedelta(hours=1),
        planned_at=now - timedelta(hours=1),
        meet_code=code_of(room),
        room=meet_room(code_of(room)),
    )


def fill(client: firestore.Client, documents: Iterable[tuple[str, Mapping[str, Any]]], at_once: int = AT_ONCE) -> list[Timestamp]:
    """Store documents, told by path, some hundreds in a commit; answers with their versions.

    An emulator that has just started may take long over the first commits, and hold on to what they touch: these are sent again.
    """
    commits, versions, waiting = Commits(client, system.sleep), list[Timestamp](), iter(documents)
    while some := list(islice(waiting, at_once)):
        batch = commits.batch()
        for path, fields in some:
            batch.set(path, fields)
        for attempt in range(TRIES):
            try:
                versions += commits.send(batch)
                break
            except (Unavailable, exceptions.Aborted):
                if attempt + 1 == TRIES:
                    raise
                system.sleep(attempt)
    return versions


def book(client: firestore.Client, classes: Sequence[ScheduledClass]) -> list[Timestamp]:
    """Store classes as they are; answers with their versions."""
    return fill(client, ((f"classes/{each.class_id}", document_of(each)) for each in classes))


def empty(host: str, project: str) -> None:
    """Drop everything that a project stores, so that the emulator has room for the next."""
    path = f"/emulator/v1/projects/{project}/databases/(default)/documents"
    with urlopen(Request(f"http://{host}{path}", method="DELETE"), timeout=120) as answer:
        answer.read()


def warm_up(host: str, seconds: float) -> None:
    """Keep the emulator busy until its compiler has settled: single creates and batches."""
    project, until = new_project("warm"), time.monotonic() + seconds
    client = client_of(host, project)

    def work(own: int) -> None:
        commits, number = Commits(client, system.sleep), 0
        while time.monotonic() < until:
            batch = commits.batch()
            for each in range(50 if number % 20 == 0 else 1):
                batch.create(f"warm/{own}-{number}-{each}", {"room": str(own), "at": datetime.now(UTC)})
            with suppress(Unavailable):
                commits.send(batch)
            number += 1

    threads = [threading.Thread(target=work, args=(own,)) for own in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    empty(host, project)
