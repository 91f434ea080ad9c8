"""Keeping one push channel for each teacher who has classes: made, renewed, looked at, mended, taken down."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from shared.domain.channels import Channel, ChannelState, Step, dropped, failed, next_step, still_suspended, told
from shared.domain.classes import Provider, ScheduledClass
from shared.domain.errors import DomainError, Unavailable, UpstreamRefused
from shared.domain.ids import stable_id
from shared.ports import Channels, Classes, ClassFilter, Clock, MeetPush, PlannedTask, TaskKind, Tasks, Versioned

AT_ONCE = 100
# So many of a teacher's next classes are looked at to see whether a channel is needed; a later one asks for it in time.
ENOUGH = 20
BUDGET = timedelta(seconds=90)
MOST_STEPS = 4
# A teacher's channel is kept for a while after the last class, so that late events of it still come.
AFTER_LAST_CLASS = timedelta(days=2)
SOON = timedelta(hours=1)


@dataclass(frozen=True)
class WantChannel:
    """Ask for a teacher's channel when a class is booked: noted durably, made right away by a task, else by the timer."""

    channels: Channels
    tasks: Tasks
    clock: Clock
    asked: set[str] = field(default_factory=set)

    def __call__(self, teacher: str) -> None:
        """Ask once for each teacher and process; the timer mends what fails here."""
        if teacher in self.asked:
            return
        now = self.clock()
        try:
            if self.channels.want(teacher, now):
                name = stable_id("channel", teacher, now.isoformat(timespec="minutes"))
                self.tasks.enqueue([PlannedTask(TaskKind.CHANNEL, teacher, now, name)])
        except Unavailable:
            return
        self.asked.add(teacher)


@dataclass(frozen=True)
class KeepChannels:
    """Bring every channel that is due to what it should be. Each step may be repeated, so two runs at once do no harm."""

    channels: Channels
    classes: Classes
    push: MeetPush
    clock: Clock

    def __call__(self) -> dict[str, int]:
        """See to all that is due, and to teachers of classes that begin soon and have no channel; answers with counts."""
        now = self.clock()
        done = {"channels": 0, "channels_failed": 0}
        soon = self.classes.page(ClassFilter(start_from=now, start_before=now + SOON), AT_ONCE, None).items
        teachers = sorted({held.teacher_email for held in soon if _is_pushed(held)})
        known = self.channels.get_many(teachers)
        for teacher in teachers:
            if teacher not in known or known[teacher].state is ChannelState.UNWANTED:
                self.channels.want(teacher, now)
        for each in self.channels.due(now, AT_ONCE):
            if self.clock() - now > BUDGET:
                break
            after = self._seen_to(each)
            done["channels"] += 1
            done["channels_failed"] += after.trouble is not None
        return done

    def one(self, teacher: str) -> Channel | None:
        """See to one teacher's channel now; None when there is none."""
        known = self.channels.get(teacher)
        return None if known is None else self._seen_to(known)

    def _seen_to(self, before: Versioned[Channel]) -> Channel:
        """The channel after as many steps as bring it into order: a suspended one is reactivated, one that is gone made anew."""
        channel = before.value
        is_needed = self._is_needed(channel.teacher_email)
        for _ in range(MOST_STEPS):
            step = next_step(channel, self.clock(), is_needed=is_needed)
            try:
                channel = self._done(channel, step)
            except DomainError as trouble:
                title = trouble.title if isinstance(trouble, UpstreamRefused) else "Google does not answer"
                channel = failed(channel, title, trouble.detail, self.clock())
                break
            if step is Step.REACTIVATE and channel.state is ChannelState.SUSPENDED:
                channel = still_suspended(channel, self.clock())
            if channel.due_at is None or channel.due_at > self.clock():
                break
        self.channels.save(before, channel)
        return channel

    def _done(self, channel: Channel, step: Step) -> Channel:
        teacher, name, now = channel.teacher_email, channel.name or "", self.clock()
        match step:
            case Step.CREATE:
                channel = channel if channel.google_id else replace(channel, google_id=self.push.google_id(teacher))
                return told(channel, self.push.create(teacher, channel.google_id or ""), now, renewed=True)
            case Step.RENEW:
                return told(channel, self.push.renew(teacher, name), now, renewed=True)
            case Step.LOOK:
                return told(channel, self.push.get(teacher, name), now)
            case Step.REACTIVATE:
                return told(channel, self.push.reactivate(teacher, name), now)
            case Step.DELETE:
                self.push.delete(teacher, name)
                return dropped(channel, now)
            case Step.NOTHING:
                return dropped(channel, now)

    def _is_needed(self, teacher: str) -> bool:
        since = self.clock() - AFTER_LAST_CLASS
        page = self.classes.page(ClassFilter(teacher_email=teacher, start_from=since), ENOUGH, None)
        return any(_is_pushed(held) for held in page.items)


def _is_pushed(held: ScheduledClass) -> bool:
    """Whether Google pushes what happens in the class: Zoom's classes are told by Zoom."""
    return held.is_held and held.provider is Provider.GOOGLE_MEET
