"""Whatever happens at whichever commit, the end is the same: a lost request, a lost reply, a process that dies before or after.

One class is played through every story, against the emulator. The n-th commit is disturbed in one of four ways, for every n; a
caller whose call failed calls again, as people, senders and the queue do. After one tick the stored state must be that of an
undisturbed play.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import grpc
import pytest
from google.cloud import firestore

from shared.adapters.firestore.writes import Batch, Commits
from shared.domain.accounts import Caller
from shared.domain.classes import Changes
from shared.domain.errors import DomainError
from shared.domain.evidence import PersonKind
from shared.ports import AttendanceFilter, ClassFilter, Conference, KeyedRequest, MeasuredStay, MeetingReading, ReportedCall
from shared.usecases.change_class import Scope
from shared.usecases.file_meet_events import MeetEvent, Said
from shared.usecases.record_by_hand import ByHand
from shared.usecases.schedule_class import Booking
from tests.builders import at, minutes, seen
from tests.conftest import firestore_house
from tests.house import House

ADA, OMAR = "ada@school.example", "omar@school.example"
WAYS = ("lost request", "lost reply", "died before", "died after")
TEACHER = Caller("ada", ADA, "teacher")


# What of a house is not in the store, and so is still there when a process died.
KEPT = (
    "clock",
    "calendar",
    "tasks",
    "records",
    "new_id",
    "push",
    "visits",
    "reports",
    "swept",
    "swept_deep",
    "zoom",
    "zoom_beat",
)


class Died(BaseException):
    """The process is gone: nothing in it may catch this."""


class Lost(grpc.RpcError):
    """What the client library sees when a connection breaks."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNAVAILABLE

    def details(self) -> str:
        return "connection broke"


@dataclass
class Trouble:
    """Counts commits and disturbs one of them."""

    at: int
    way: str
    count: int = 0

    def around(self, send: Callable[..., Any]) -> Callable[..., Any]:
        def disturbed(request: Any, **how: Any) -> Any:
            self.count += 1
            is_now = self.count == self.at
            if is_now and self.way == "lost request":
                raise Lost
            if is_now and self.way == "died before":
                raise Died
            answer = send(request, **how)
            if is_now and self.way == "lost reply":
                raise Lost
            if is_now and self.way == "died after":
                raise Died
            return answer

        return disturbed


def play(house: House) -> list[Callable[[House], object]]:
    """The calls of one class's life, in order; each may be made again."""
    stays = (
        MeasuredStay("a", "google:1", "Ada", PersonKind.SIGNED_IN, at(-1), at(61)),
        MeasuredStay("b", "google:2", "Omar", PersonKind.SIGNED_IN, at(5), at(45)),
        MeasuredStay("c", "meet:x", "Guest", PersonKind.ANONYMOUS, at(10), at(20)),
    )
    identities = {"google:1": ADA, "google:2": OMAR}
    house.records.reading = MeetingReading(
        1, is_over=True, stays=stays, identities=identities, expires_at=at(60) + timedelta(days=30)
    )
    record = "conferenceRecords/r"
    visit = f"{record}/participants/2/participantSessions/b"
    house.visits.conferences[record] = Conference(record, "abc-mnoa-xyz", at(-2), None)
    house.visits.there[visit] = MeasuredStay(visit, "google:2", "Omar", PersonKind.SIGNED_IN, at(5), None, OMAR)
    house.reports.there = [
        ReportedCall("abc-mnoa-xyz", "e1", "email:guest@mail.example", "Guest", PersonKind.SIGNED_IN, at(30), at(50))
    ]
    lesson = Booking(ADA, (OMAR, "lena@school.example"), "Algebra", at(-10), minutes(60), "Europe/London")

    def held(h: House) -> Any:
        return next(each for each in h.classes.page(ClassFilter(), 50, None).items if each.is_held)

    def sent(kind: str, minute: float) -> Callable[[House], object]:
        return lambda h: h.file(seen(kind, at(minute), room=held(h).room))

    def pushed(said: Said, resource: str) -> Callable[[House], object]:
        return lambda h: h.meet_events(MeetEvent("e", said, h.channels.all(1)[0].name or "", resource, h.clock()))

    def at_time(minute: float) -> Callable[[House], object]:
        return lambda h: setattr(h.clock, "at", at(minute))

    return [
        lambda h: h.book(lesson, KeyedRequest("a" * 32, "body")),
        lambda h: h.change.change(held(h).class_id, Changes(start_at=at(0)), Scope.THIS, TEACHER),
        at_time(-1),
        lambda h: h.keep(),
        sent("join", -2),
        at_time(0),
        lambda h: h.tick.step(held(h).class_id),
        at_time(6),
        pushed(Said.JOINED, visit),
        sent("join", 5),
        lambda h: h.look(held(h).class_id),
        sent("leave", 40),
        pushed(Said.ENDED, record),
        at_time(60),
        lambda h: h.tick(),
        at_time(61),
        lambda h: h.sync(held(h).class_id),
        lambda h: h.record(ByHand(held(h).session_id, "lena@school.example", at(0), at(30), "seen"), TEACHER),
        at_time(72),
        lambda h: h.sync(held(h).class_id),
        lambda h: h.sweep(),
        lambda h: h.keep(),
        lambda h: h.tick(),
    ]


def end_of(client: firestore.Client, trouble: Trouble, monkeypatch: pytest.MonkeyPatch) -> object:
    """The stored state after the play, without what may differ: ids that chance made, counters, times of writing."""
    real = Commits.send

    def send(self: Commits, batch: Batch) -> Any:
        if self._send is None:
            real(self, self.batch())
            connected: Any = self._send
            self._send = trouble.around(connected)
        return real(self, batch)

    monkeypatch.setattr(Commits, "send", send)
    house = firestore_house(client)
    for call in play(house):
        for _ in range(4):
            try:
                call(house)
            except (Died, DomainError):
                fresh = firestore_house(client)
                house = replace(fresh, **{name: getattr(house, name) for name in KEPT})
                continue
            break
        else:
            pytest.fail("a call never came through")
    house.clock.at = at(75)
    house.tick()
    classes = [
        (c.subject, c.status, c.start_at, c.meet_code, c.syncs_done, c.is_settled, c.due_at)
        for c in house.classes.page(ClassFilter(), 50, None).items
        if c.is_held
    ]
    rows = [(r.email, r.display_name, r.status, r.basis, r.stays, r.devices) for r in house.sessions.stream(AttendanceFilter())]
    held = next(c for c in house.classes.page(ClassFilter(), 50, None).items if c.is_held)
    channels = [(c.teacher_email, c.state, c.name, c.trouble) for c in house.channels.all(5)]
    return classes, sorted(rows, key=str), house.evidence.pending_in(held.room or ""), channels


def test_every_commit_of_a_class_may_be_disturbed_in_every_way(emulator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from shared import system
    from shared.adapters.firestore.store import connect

    assert emulator
    undisturbed = Trouble(0, "none")
    wanted = end_of(connect(f"demo-{system.new_id()[:12]}"), undisturbed, monkeypatch)
    assert undisturbed.count > 22
    monkeypatch.undo()
    for number in range(1, undisturbed.count + 1):
        for way in WAYS:
            found = end_of(connect(f"demo-{system.new_id()[:12]}"), Trouble(number, way), monkeypatch)
            monkeypatch.undo()
            assert found == wanted, f"commit {number}, {way}"
