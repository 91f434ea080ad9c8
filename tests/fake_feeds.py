"""Fakes of what live feeds stand on: channels, Google's push, visits and audit log, Zoom's meetings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.domain.channels import Channel, ChannelState, RemoteSubscription, wanted
from shared.domain.classes import Registrant
from shared.domain.errors import DomainError
from shared.ports import (
    Conference,
    ConnectionTrouble,
    MeasuredStay,
    ReportedCall,
    Versioned,
    VisitNews,
    ZoomLesson,
    ZoomMeeting,
)
from tests.fakes import Clock

WEEK = timedelta(days=7)


@dataclass
class MemoryChannels:
    """The port `Channels`."""

    kept: dict[str, tuple[Channel, int]] = field(default_factory=dict)

    def want(self, teacher: str, now: datetime) -> bool:
        """See the port."""
        known = self.get(teacher)
        if known is None:
            self.kept[teacher] = (Channel(teacher, due_at=now), 1)
            return True
        if known.value.state is ChannelState.UNWANTED:
            return self.save(known, wanted(known.value, now))
        return known.value.state is ChannelState.WANTED

    def get(self, teacher: str) -> Versioned[Channel] | None:
        """See the port."""
        return Versioned(*self.kept[teacher]) if teacher in self.kept else None

    def get_many(self, teachers: Sequence[str]) -> Mapping[str, Channel]:
        """See the port."""
        return {teacher: self.kept[teacher][0] for teacher in teachers if teacher in self.kept}

    def named(self, name: str) -> Channel | None:
        """See the port."""
        return next((channel for channel, _ in self.kept.values() if channel.name == name), None)

    def due(self, now: datetime, limit: int) -> tuple[Versioned[Channel], ...]:
        """See the port."""
        found = [Versioned(*one) for one in self.kept.values() if one[0].due_at is not None and one[0].due_at <= now]
        return tuple(sorted(found, key=lambda one: one.value.due_at or now)[:limit])

    def all(self, limit: int) -> tuple[Channel, ...]:
        """See the port."""
        return tuple(self.kept[teacher][0] for teacher in sorted(self.kept)[:limit])

    def save(self, before: Versioned[Channel], after: Channel) -> bool:
        """See the port."""
        stored, version = self.kept[after.teacher_email]
        if version != before.version:
            return stored == after
        self.kept[after.teacher_email] = (after, version + 1)
        return True


@dataclass
class MemoryConnections:
    """The port `Connections`."""

    kept: dict[tuple[str, str], ConnectionTrouble] = field(default_factory=dict)

    def refused(self, service: str, subject: str, title: str, remedy: str, at: datetime) -> None:
        """See the port."""
        known = self.kept.get((service, subject))
        since = known.since if known and known.title == title else at
        self.kept[service, subject] = ConnectionTrouble(service, subject, title, remedy, since, at)

    def works(self, service: str, subject: str) -> None:
        """See the port."""
        self.kept.pop((service, subject), None)

    def troubles(self) -> tuple[ConnectionTrouble, ...]:
        """See the port."""
        return tuple(self.kept[key] for key in sorted(self.kept))


@dataclass
class FakePush:
    """The port `MeetPush`: Google's subscriptions by name; `trouble` is raised instead, `stuck` keeps suspended ones so."""

    clock: Clock
    there: dict[str, RemoteSubscription] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    trouble: DomainError | None = None
    stuck: bool = False

    def google_id(self, teacher: str) -> str:
        """See the port."""
        self._called("google_id")
        return f"1{sum(teacher.encode()):020d}"

    def create(self, teacher: str, google_id: str) -> RemoteSubscription:  # noqa: ARG002 - the port's form
        """See the port."""
        self._called("create")
        name = f"subscriptions/{google_id}"
        self.there.setdefault(name, RemoteSubscription(name, ChannelState.ACTIVE, self.clock() + WEEK))
        return self.there[name]

    def get(self, teacher: str, name: str) -> RemoteSubscription | None:  # noqa: ARG002 - the port's form
        """See the port."""
        self._called("get")
        return self.there.get(name)

    def renew(self, teacher: str, name: str) -> RemoteSubscription | None:  # noqa: ARG002 - the port's form
        """See the port."""
        self._called("renew")
        if name in self.there:
            self.there[name] = replace(self.there[name], expires_at=self.clock() + WEEK)
        return self.there.get(name)

    def reactivate(self, teacher: str, name: str) -> RemoteSubscription | None:  # noqa: ARG002 - the port's form
        """See the port."""
        self._called("reactivate")
        if name in self.there and not self.stuck:
            self.there[name] = replace(self.there[name], state=ChannelState.ACTIVE, reason=None)
        return self.there.get(name)

    def delete(self, teacher: str, name: str) -> None:  # noqa: ARG002 - the port's form
        """See the port."""
        self._called("delete")
        self.there.pop(name, None)

    def suspends(self, reason: str) -> None:
        """Every subscription falls silent."""
        self.there = {n: replace(s, state=ChannelState.SUSPENDED, reason=reason) for n, s in self.there.items()}

    def _called(self, what: str) -> None:
        if self.trouble:
            raise self.trouble
        self.calls.append(what)


@dataclass
class FakeVisits:
    """The port `MeetVisits`: the conferences and visits that a test put there, by resource name."""

    conferences: dict[str, Conference] = field(default_factory=dict)
    there: dict[str, MeasuredStay] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    trouble: DomainError | None = None

    def conference(self, organiser: str, name: str) -> Conference | None:  # noqa: ARG002 - the port's form
        """See the port."""
        if self.trouble:
            raise self.trouble
        return self.conferences.get(name)

    def visits(self, organiser: str, conference: str, news: Sequence[VisitNews]) -> tuple[MeasuredStay, ...]:  # noqa: ARG002
        """See the port."""
        if self.trouble:
            raise self.trouble
        self.asked.append(tuple(each.visit for each in news))
        return tuple(self.there[name] for name in dict.fromkeys(each.visit for each in news) if name in self.there)


@dataclass
class FakeReports:
    """The port `MeetReports`: the calls that a test put there."""

    there: list[ReportedCall] = field(default_factory=list)
    windows: list[tuple[datetime, datetime, str | None]] = field(default_factory=list)
    trouble: DomainError | None = None

    def calls(self, start_from: datetime, end_before: datetime, meet_code: str | None = None) -> Iterator[ReportedCall]:
        """See the port."""
        self.windows.append((start_from, end_before, meet_code))
        if self.trouble:
            raise self.trouble
        for call in self.there:
            if start_from <= call.left_at < end_before and meet_code in (None, call.meet_code):
                yield call


@dataclass
class FakeZoom:
    """The port `ZoomMeetings`: a meeting for each class, a registrant for each student unless the plan is `free`."""

    there: dict[str, ZoomLesson] = field(default_factory=dict)
    trouble: DomainError | None = None
    free: bool = False

    def put(self, lesson: ZoomLesson) -> ZoomMeeting:
        """See the port."""
        if self.trouble:
            raise self.trouble
        number = lesson.number or self.find(lesson.host, lesson.class_id) or f"{84000000001 + len(self.there)}"
        self.there[number] = lesson
        students = () if self.free else lesson.students
        registrants = tuple(Registrant(one, f"reg-{one}", f"https://zoom.example/w/{number}?tk={one}") for one in students)
        return ZoomMeeting(number, f"https://zoom.example/j/{number}", registrants)

    def remove(self, host: str, number: str) -> None:  # noqa: ARG002 - the port's form
        """See the port."""
        if self.trouble:
            raise self.trouble
        self.there.pop(number, None)

    def find(self, host: str, class_id: str) -> str | None:  # noqa: ARG002 - the port's form
        """See the port."""
        return next((number for number, lesson in self.there.items() if lesson.class_id == class_id), None)
