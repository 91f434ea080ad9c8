"""Ports: what the stories need from the world, in the words of the domain.

Each is a protocol; the adapters under shared/adapters fulfil them, and every one has a suite in tests/contracts. Errors are
those of shared/domain/errors.py: `Unavailable` when asking again may help, `UpstreamRefused` when a person has to act.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from shared.domain.attendance import Attendance
from shared.domain.channels import Channel, RemoteSubscription
from shared.domain.classes import Registrant, ScheduledClass, Status
from shared.domain.evidence import Evidence, PersonKind
from shared.domain.live import LiveNews
from shared.domain.messages import OutboxRow
from shared.domain.review import ReviewCard
from shared.domain.sessions import Session

T = TypeVar("T")

Clock = Callable[[], datetime]
NewId = Callable[[], str]
Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Versioned(Generic[T]):
    """A stored value and the version it was read at; a write with it succeeds only if nobody wrote in between."""

    value: T
    version: object


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, and where the next one starts; None at the end."""

    items: tuple[T, ...]
    next_token: str | None


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request under an Idempotency-Key: `key_id` names caller, route and key, `told` is a digest of its body."""

    key_id: str
    told: str


@dataclass(frozen=True, slots=True)
class ClassFilter:
    """Which classes a list holds; None does not filter. `start_from` and `start_before` are instants."""

    teacher_email: str | None = None
    person_email: str | None = None
    student_email: str | None = None
    course_id: str | None = None
    status: Status | None = None
    start_from: datetime | None = None
    start_before: datetime | None = None


class Classes(Protocol):
    """The booked classes."""

    def add(self, booked: Sequence[ScheduledClass], request: KeyedRequest | None) -> tuple[str, ...] | None:
        """Store new classes in one commit, with the request that asked for them.

        None when stored; the ids of the classes that this very request booked before when it came again. Raises
        `KeyReused` when its key came with another body.
        """

    def booked_under(self, request: KeyedRequest) -> tuple[str, ...] | None:
        """The ids of the classes that this request booked before, if it did; raises `KeyReused`."""

    def release(self, request: KeyedRequest) -> None:
        """Forget a request whose classes were withdrawn, so that it can be made again."""

    def in_order(self, class_ids: Sequence[str]) -> tuple[str, ...]:
        """These classes in the order in which the store took them in, by its own clock; absent ones left out."""

    def get(self, class_id: str) -> ScheduledClass:
        """One class; raises `NotFound`."""

    def by_session(self, session_id: str) -> ScheduledClass:
        """The class of a session; raises `NotFound`."""

    def in_series(self, series_id: str) -> tuple[ScheduledClass, ...]:
        """The classes of a series, by start."""

    def in_room(self, room: str, start_from: datetime, start_before: datetime) -> tuple[ScheduledClass, ...]:
        """The classes of a room that start in that time, by start."""

    def of_people(self, emails: Sequence[str], start_from: datetime, start_before: datetime) -> tuple[ScheduledClass, ...]:
        """The classes of any of these people that start in that time, each once."""

    def page(self, wanted: ClassFilter, limit: int, token: str | None) -> Page[ScheduledClass]:
        """One page of classes by start, oldest first."""

    def versioned(self, class_ids: Sequence[str]) -> tuple[Versioned[ScheduledClass], ...]:
        """These classes with their versions, in the order asked for; absent ones left out."""

    def due(self, now: datetime, limit: int) -> tuple[Versioned[ScheduledClass], ...]:
        """The classes that something has to be done about by `now`, the longest due first."""

    def overdue(self) -> ScheduledClass | None:
        """The class that has been due the longest or is due next, if any is."""

    def unsynced(self, limit: int) -> tuple[ScheduledClass, ...]:
        """Classes that ended and were not read to the end, the oldest first."""

    def amend(self, class_id: str, rule: Callable[[ScheduledClass], ScheduledClass]) -> ScheduledClass:
        """Replace one class by what `rule` makes of it, losing nobody's write; raises `NotFound` or `Stale`.

        The write succeeds only if the document is still the one that `rule` saw, otherwise both are asked again. A lost
        reply looks like a lost race, so `rule` is pure and idempotent.
        """

    def save(self, changes: Sequence[tuple[Versioned[ScheduledClass], ScheduledClass]]) -> tuple[ScheduledClass, ...]:
        """Store the new values of classes nobody else changed; answers with those that were stored."""


class Filed(StrEnum):
    """What became of a fact."""

    NEW = "new"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


class EvidenceLog(Protocol):
    """The facts, and the list of those that are not folded yet."""

    def file(self, fact: Evidence) -> Filed:
        """Store a fact and note it as not folded, in one commit and without a read; durable when this returns.

        The first telling of an id wins; another one under the same id is kept apart as a conflict.
        """

    def record(self, facts: Sequence[Evidence], *, pending: bool) -> int:
        """Store the facts that are not stored yet, and say how many were new.

        With `pending` they are also noted as not folded, in the same commit; without, the caller folds them at once and
        is called again when it fails.
        """

    def quarantine(self, raw: bytes, why: str, received_at: datetime) -> str:
        """Keep an authentic message that cannot be understood, as it came, once; answers with its id."""

    def in_room(self, room: str, start_from: datetime, end_before: datetime) -> tuple[Evidence, ...]:
        """The facts of a room seen in that time, by time."""

    def pending_in(self, room: str) -> tuple[Evidence, ...]:
        """The facts of a room that no session has folded."""

    def pending_due(self, now: datetime, limit: int) -> tuple[Evidence, ...]:
        """The facts that should have been folded by `now`, the oldest first."""

    def shelve(self, facts: Sequence[Evidence]) -> None:
        """Stop looking at facts that no class claims; they stay pending until a class of their room appears."""

    def postpone(self, facts: Sequence[Evidence], until: datetime) -> None:
        """Look again at `until` at facts that no class claims; they stay pending, and are bound when a class appears."""

    def erase(self, facts: Sequence[Evidence]) -> None:
        """Delete facts that turned out to be nobody's, and their notes."""

    def folded(self, facts: Sequence[Evidence]) -> None:
        """Forget that facts are pending because a session holds them."""


@dataclass(frozen=True, slots=True)
class Fold:
    """One session's next state and everything that follows from it, stored in one commit."""

    before: Versioned[Session] | None
    after: Session
    rows: tuple[Attendance, ...]
    gone: tuple[str, ...]
    consumed: tuple[Evidence, ...]
    cards: tuple[ReviewCard, ...] = ()
    cards_gone: tuple[str, ...] = ()
    outbox: tuple[OutboxRow, ...] = ()
    live: LiveNews | None = None


MOST_SESSIONS = 30
"""How many sessions one question for attendance rows may name."""


@dataclass(frozen=True, slots=True)
class AttendanceFilter:
    """Which attendance rows a list holds; None does not filter. The instants are about the class's start.

    `taught_by` asks for the classes that somebody teaches, alone or with others. `session_ids` asks for the rows of any of
    these sessions, of which there are from 1 to `MOST_SESSIONS`; whoever needs more asks several times.
    """

    session_id: str | None = None
    teacher_email: str | None = None
    taught_by: str | None = None
    email: str | None = None
    course_id: str | None = None
    start_from: datetime | None = None
    start_before: datetime | None = None
    session_ids: tuple[str, ...] | None = None


class Sessions(Protocol):
    """The folded sessions and the attendance rows drawn from them."""

    def get(self, session_id: str) -> Versioned[Session] | None:
        """One session with its version; None when nothing was heard or read yet."""

    def get_many(self, session_ids: Sequence[str]) -> Mapping[str, Session]:
        """The sessions that exist among these, by id."""

    def store(self, folds: Sequence[Fold]) -> tuple[Versioned[Session], ...]:
        """Store these folds in one commit, all or none; raises `Stale` when a session changed meanwhile."""

    def rows(self, wanted: AttendanceFilter, limit: int, token: str | None) -> Page[Attendance]:
        """One page of attendance rows, newest class first."""

    def stream(self, wanted: AttendanceFilter) -> Iterator[Attendance]:
        """All attendance rows that match, newest class first, without holding them in memory."""


@dataclass(frozen=True, slots=True)
class LessonEvent:
    """A class as Calendar should show it. `rule` is there for the base event of a series (an RRULE without prefix)."""

    event_id: str
    organiser: str
    attendees: tuple[str, ...]
    subject: str
    start_at: datetime
    end_at: datetime
    timezone: str
    class_id: str
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class MeetLink:
    """A meeting that was made: its Meet code as `abc-mnop-xyz`, or Zoom's number, and its address.

    `registrants` are there where each student has a link of their own.
    """

    code: str
    url: str
    registrants: tuple[Registrant, ...] | None = None


class Calendar(Protocol):
    """The teacher's calendar. Every call may be made again with the same effect."""

    def put(self, event: LessonEvent) -> MeetLink | None:
        """Make the event with its Meet link, or bring an existing one up to date; None while the link is being made."""

    def put_instance(self, base_id: str, event: LessonEvent) -> None:
        """Bring one class of a series up to date; `event.event_id` names the instance."""

    def remove(self, organiser: str, event_id: str) -> None:
        """Take the event out of the calendar; one that is gone already is fine."""


@dataclass(frozen=True, slots=True)
class MeasuredStay:
    """One device's visit as the provider recorded it; `left_at` is None while the device is in the meeting.

    `address` is the e-mail address that the record itself states, where `ref` does not hold it.
    """

    connection: str
    ref: str
    display_name: str | None
    kind: PersonKind
    joined_at: datetime
    left_at: datetime | None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class MeetingReading:
    """All conferences of a room that met a window: how many, whether all are over, who was in them.

    `identities` gives the address behind a ref, where Google knows it. `expires_at` is when Google forgets the first.
    """

    conferences: int
    is_over: bool
    stays: tuple[MeasuredStay, ...]
    identities: Mapping[str, str]
    expires_at: datetime | None


class MeetRecords(Protocol):
    """A provider's own records of its meetings: Google Meet's, or Zoom's reports."""

    def read(self, organiser: str, meet_code: str, start_from: datetime, end_before: datetime) -> MeetingReading:
        """Every conference of the room that was on between the two instants, whole: all pages, all sessions.

        `meet_code` is a Meet code, or a Zoom meeting number.
        """


@dataclass(frozen=True, slots=True)
class Conference:
    """One time that a Meet room was in use, by its resource name; `ended_at` is None while it is."""

    name: str
    meet_code: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class VisitNews:
    """That something happened to one device's visit, as Meet pushed it: the visit's resource name and when it was said."""

    visit: str
    said_at: datetime


class MeetVisits(Protocol):
    """Reading what an event of Meet is about; events carry names of resources only."""

    def conference(self, organiser: str, name: str) -> Conference | None:
        """The conference of a name; None when Meet does not have it. One that is on may be told from memory."""

    def visits(self, organiser: str, conference: str, news: Sequence[VisitNews]) -> tuple[MeasuredStay, ...]:
        """The visits that these news of one conference are about, as they are now; visits that are gone are left out.

        Many are read by one list where that tells as much as asking for each.
        """


class MeetPush(Protocol):
    """Google's subscriptions that push what happens in a teacher's meetings, each made with the teacher's own authority.

    Every call may be made again with the same effect.
    """

    def google_id(self, teacher: str) -> str:
        """The teacher's Google user id."""

    def create(self, teacher: str, google_id: str) -> RemoteSubscription:
        """Subscribe to all meetings that the teacher owns, or find the subscription that there is."""

    def get(self, teacher: str, name: str) -> RemoteSubscription | None:
        """The subscription as it is; None when it is gone."""

    def renew(self, teacher: str, name: str) -> RemoteSubscription | None:
        """Let it live as long as Google lets it, from now; None when it is gone."""

    def reactivate(self, teacher: str, name: str) -> RemoteSubscription | None:
        """Let a suspended one deliver again; None when it is gone."""

    def delete(self, teacher: str, name: str) -> None:
        """Take it down; one that is gone already is fine."""


class Channels(Protocol):
    """What we know of the teachers' subscriptions."""

    def want(self, teacher: str, now: datetime) -> bool:
        """Note that a teacher needs a channel; answers whether there is one to be made."""

    def get(self, teacher: str) -> Versioned[Channel] | None:
        """One teacher's channel."""

    def get_many(self, teachers: Sequence[str]) -> Mapping[str, Channel]:
        """The channels of these teachers, by teacher."""

    def named(self, name: str) -> Channel | None:
        """The channel with a subscription of this name."""

    def due(self, now: datetime, limit: int) -> tuple[Versioned[Channel], ...]:
        """The channels that something has to be done about by `now`, the longest due first."""

    def all(self, limit: int) -> tuple[Channel, ...]:
        """The channels, by teacher."""

    def save(self, before: Versioned[Channel], after: Channel) -> bool:
        """Store a channel nobody else changed; answers whether it was stored."""


@dataclass(frozen=True, slots=True)
class ReportedCall:
    """One device's visit as the organisation's audit log has it, written when it left.

    `connection` is Google's endpoint id, new with each joining. `address` is a full e-mail address, where the log holds one.
    """

    meet_code: str
    connection: str
    ref: str
    display_name: str | None
    kind: PersonKind
    joined_at: datetime
    left_at: datetime
    address: str | None = None
    device: str | None = None
    location: str | None = None


class MeetReports(Protocol):
    """The organisation's audit log of Meet calls (Admin SDK Reports), read as an administrator."""

    def calls(self, start_from: datetime, end_before: datetime, meet_code: str | None = None) -> Iterator[ReportedCall]:
        """The calls that were left between the two instants, of one room or of all, page by page; each once.

        `meet_code` is checked against every row here, whatever the server made of it.
        """


@dataclass(frozen=True, slots=True)
class ZoomLesson:
    """A class as Zoom should hold it; `number` is the meeting's, once there is one."""

    class_id: str
    host: str
    subject: str
    start_at: datetime
    end_at: datetime
    timezone: str
    students: tuple[str, ...]
    number: str | None = None
    registrants: tuple[Registrant, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoomMeeting:
    """A meeting that Zoom made. `registrants` is empty where the plan does not allow registration."""

    number: str
    join_url: str
    registrants: tuple[Registrant, ...]


class ZoomMeetings(Protocol):
    """The teacher's Zoom meetings. Every call may be made again with the same effect."""

    def put(self, lesson: ZoomLesson) -> ZoomMeeting:
        """Make the meeting, or bring an existing one up to date: its time, its topic, one registrant for each student."""

    def remove(self, host: str, number: str) -> None:
        """Delete the meeting; one that is gone already is fine."""

    def find(self, host: str, class_id: str) -> str | None:
        """The number of the meeting that was made for a class, if one was."""


@dataclass(frozen=True, slots=True)
class ConnectionTrouble:
    """What keeps a service from working for somebody, until a person changes something."""

    service: str
    subject: str
    title: str
    remedy: str
    since: datetime
    seen_at: datetime


class Connections(Protocol):
    """Which of Google's and Zoom's services refuse us, so that people can see it and mend it."""

    def refused(self, service: str, subject: str, title: str, remedy: str, at: datetime) -> None:
        """Note a refusal; one that is noted already keeps its beginning."""

    def works(self, service: str, subject: str) -> None:
        """Note that a call went well after a refusal."""

    def troubles(self) -> tuple[ConnectionTrouble, ...]:
        """Every refusal that stands, by service and subject."""


class TaskKind(StrEnum):
    """What a delayed task does: open or close a class, read its meeting, look into it while it is on, see to a channel.

    Or deliver a message to somebody outside, see what there is to tell them, make sure that a teacher came, or issue a document.
    """

    CLASS_DUE = "class_due"
    SYNC = "sync"
    LOOK = "look"
    CHANNEL = "channel"
    DELIVER = "deliver"
    TELL = "tell"
    STAFF_CHECK = "staff_check"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A hint to look at something at a time. `name` makes it one task however often it is planned.

    `about` is a class's id, for a channel the teacher's address, for an issue the order's text, for what there is to tell the
    row of the outbox.
    """

    kind: TaskKind
    about: str
    at: datetime
    name: str


class Tasks(Protocol):
    """The queue of delayed tasks."""

    def enqueue(self, tasks: Sequence[PlannedTask]) -> None:
        """Put tasks into the queue; one whose name is there already is fine. Raises `Unavailable`."""


class Heartbeat(Protocol):
    """When something that has to happen ever and again last did: the monitor's run, a sweep, a sign of life."""

    def beat(self, ran_at: datetime, summary: Mapping[str, int]) -> None:
        """Note one run and its counts."""

    def last(self) -> tuple[datetime, Mapping[str, int]] | None:
        """The last run, if there was one."""
