"""Taking in what Google pushes about meetings: events that name a resource only, each turned into exact evidence."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

from shared.domain.channels import Channel, ChannelState
from shared.domain.classes import ScheduledClass
from shared.domain.errors import Unavailable
from shared.domain.evidence import Evidence, Kind, Participant, Source
from shared.domain.ids import stable_id
from shared.domain.rooms import classes_touched, meet_room
from shared.ports import (
    Channels,
    Clock,
    Conference,
    EvidenceLog,
    MeasuredStay,
    MeetVisits,
    PlannedTask,
    TaskKind,
    Tasks,
    VisitNews,
)
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_queue import FoldQueue
from shared.usecases.pseudonymise import Pseudonymise

LONGEST_WAIT_SECONDS = 50
MOST_CHANNELS = 512
MOST_AT_ONCE = 250
# What Meet announces it may show a moment later; for so long an event is asked for again rather than given up.
SHOWN_WITHIN = timedelta(minutes=2)


class Said(StrEnum):
    """What an event says happened."""

    JOINED = "joined"
    LEFT = "left"
    STARTED = "started"
    ENDED = "ended"
    REMINDED = "expirationReminder"
    SUSPENDED = "suspended"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class MeetEvent:
    """One event. `resource` is the visit or conference that it is about, `subscription` the resource name of what pushed it."""

    event_id: str
    said: Said
    subscription: str
    resource: str
    said_at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an event: `filed` with so many new facts, or `ignored` with the reason."""

    status: str
    detail: str
    new: int = 0


@dataclass(slots=True)
class _Waiting:
    news: VisitNews
    done: Future[Taken]


@dataclass(frozen=True)
class FileMeetEvents:
    """Read what an event is about and file it as evidence; acknowledged only when that is durable.

    Events are treated as "look at this visit again", so order, repetition and loss of some do not matter: a visit that is
    over tells its beginning too. While one request reads a conference the others that concern it wait, and are then read
    together. What happens in rooms without a class is the teacher's own business, and not stored.
    """

    channels: Channels
    visits: MeetVisits
    evidence: EvidenceLog
    in_room: ClassesInRoom
    queue: FoldQueue
    tasks: Tasks
    disguise: Pseudonymise
    clock: Clock
    known: dict[str, Channel] = field(default_factory=dict)
    waiting: dict[str, list[_Waiting]] = field(default_factory=dict)
    guard: Lock = field(default_factory=Lock)

    def __call__(self, event: MeetEvent) -> Taken:
        """Take in one event; raises `Unavailable` when it has to come again."""
        channel = self._channel(event.subscription)
        if channel is None:
            return Taken("ignored", f"no teacher's channel has the subscription {event.subscription}")
        match event.said:
            case Said.JOINED | Said.LEFT:
                return self._visit(channel.teacher_email, event)
            case Said.STARTED:
                return Taken("ignored", "a conference that begins is known by who joins it")
            case Said.ENDED:
                return self._ended(channel.teacher_email, event)
            case _:
                return self._lifecycle(channel, event)

    def _channel(self, name: str) -> Channel | None:
        """The channel of a subscription; which teacher it belongs to never changes."""
        if name not in self.known:
            channel = self.channels.named(name)
            if channel is None:
                return None
            if len(self.known) >= MOST_CHANNELS:
                self.known.clear()
            self.known[name] = channel
        return self.known[name]

    def _visit(self, teacher: str, event: MeetEvent) -> Taken:
        conference = event.resource.partition("/participants/")[0]
        mine = _Waiting(VisitNews(event.resource, event.said_at), Future())
        with self.guard:
            is_first = conference not in self.waiting
            self.waiting.setdefault(conference, []).append(mine)
        while is_first:
            with self.guard:
                batch = self.waiting[conference][:MOST_AT_ONCE]
                del self.waiting[conference][:MOST_AT_ONCE]
                if not batch:
                    del self.waiting[conference]
                    break
            self._settle(batch, teacher, conference)
        return mine.done.result(timeout=LONGEST_WAIT_SECONDS)

    def _settle(self, batch: Sequence[_Waiting], teacher: str, conference: str) -> None:
        """Answer everybody of the batch, with the same trouble where there is one."""
        try:
            taken, seen = self._filed(teacher, conference, [each.news for each in batch])
        except Exception as trouble:  # noqa: BLE001 - whoever waits must get an answer
            for each in batch:
                each.done.set_exception(trouble)
            return
        for each in batch:
            if seen is None or each.news.visit in seen or not self._may_still_come(each.news.said_at):
                each.done.set_result(taken)
            else:
                each.done.set_exception(Unavailable("Meet does not show this visit yet; send the event again."))

    def _filed(self, teacher: str, name: str, news: Sequence[VisitNews]) -> tuple[Taken, frozenset[str] | None]:
        """What was filed, and the visits that Meet showed; None where none was asked for."""
        said_at = max(each.said_at for each in news)
        found = self._of_class(teacher, name, said_at)
        if isinstance(found, Taken):
            return found, None
        conference, room = found
        stays = self.visits.visits(teacher, conference.name, news)
        now = self.clock()
        facts = [fact for stay in stays for fact in _facts(room, stay, now)]
        return self._stored(facts), frozenset(stay.connection for stay in stays)

    def _may_still_come(self, said_at: datetime) -> bool:
        return self.clock() - said_at < SHOWN_WITHIN

    def _ended(self, teacher: str, event: MeetEvent) -> Taken:
        found = self._of_class(teacher, event.resource, event.said_at)
        if isinstance(found, Taken):
            return found
        conference, room = found
        ended_at = conference.ended_at or event.said_at
        nobody = Participant("meet:conference")
        return self._stored([Evidence(room, Source.MEET_EVENT, conference.name, Kind.END, ended_at, nobody, self.clock())])

    def _of_class(self, teacher: str, name: str, said_at: datetime) -> tuple[Conference, str] | Taken:
        """The conference and its room, if a class is held in it; else why the event is nobody's."""
        conference = self.visits.conference(teacher, name)
        if conference is None:
            if self._may_still_come(said_at):
                raise Unavailable("Meet does not show this conference yet; send the event again.")
            return Taken("ignored", "Meet does not have this conference")
        room = meet_room(conference.meet_code)
        held: tuple[ScheduledClass, ...] = classes_touched(conference.started_at, self.in_room(room, conference.started_at))
        if not held:
            return Taken("ignored", "no class is held in this room")
        return conference, room

    def _stored(self, facts: Sequence[Evidence]) -> Taken:
        facts = self.disguise(facts)
        new = self.evidence.record(facts, pending=True) if facts else 0
        if new:
            self.queue.add_all(facts)
        return Taken("filed", f"{len(facts)} facts, {new} of them new", new)

    def _lifecycle(self, channel: Channel, event: MeetEvent) -> Taken:
        """Note what became of the subscription and have it seen to now; the timer does it if that is lost."""
        stored = self.channels.get(channel.teacher_email)
        if stored is None or stored.value.name != event.subscription:
            return Taken("ignored", "the subscription is not the teacher's present one")
        now = self.clock()
        after = replace(stored.value, due_at=now, rev=stored.value.rev + 1)
        if event.said is Said.SUSPENDED:
            after = replace(after, state=ChannelState.SUSPENDED, reason=event.reason, checked_at=now)
        elif event.said is Said.EXPIRED:
            after = replace(after, state=ChannelState.GONE, name=None, expires_at=None, checked_at=now)
        else:
            after = replace(after, renewed_at=None)
        if not self.channels.save(stored, after):
            raise Unavailable("The channel is being changed at this moment; send the event again.")
        name = stable_id("channel", channel.teacher_email, event.event_id)
        self.tasks.enqueue([PlannedTask(TaskKind.CHANNEL, channel.teacher_email, now, name)])
        return Taken("filed", f"the subscription is {event.said.value}")


def _facts(room: str, stay: MeasuredStay, received_at: datetime) -> list[Evidence]:
    """A visit as it is now: its beginning, and its end where it is over."""
    participant = Participant(stay.ref, stay.display_name, stay.kind, address=stay.address)
    steps = [(Kind.JOIN, stay.joined_at)] + ([(Kind.LEAVE, stay.left_at)] if stay.left_at else [])
    return [Evidence(room, Source.MEET_EVENT, stay.connection, kind, at, participant, received_at) for kind, at in steps]
