"""Whether the system is well, on the wire."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from functions.monitoring.session import SyncState
from shared.clock_ports import ClockJobs, JobLook, JobState
from shared.domain.channels import Channel, ChannelState
from shared.domain.classes import ScheduledClass
from shared.domain.feeds import Feed
from shared.domain.sessions import Session
from shared.ports import ConnectionTrouble
from shared.usecases.watch_sessions import Watched
from shared.web.fields import Answer, Instant

TICK_IS_LATE = timedelta(minutes=5)
DATA_KEPT = timedelta(days=30)

# What cannot be found out is no trouble by itself: a clock that stands still is seen by the monitor's last run.
_RUNNING = frozenset({JobState.ENABLED, JobState.UNKNOWN})

Beat = tuple[datetime, Mapping[str, int]] | None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out about the system at `now`; `beats` are the last runs by name."""

    now: datetime
    beats: Mapping[str, Beat]
    due: ScheduledClass | None
    active: Sequence[Watched]
    channels: Sequence[Channel]
    troubles: Sequence[ConnectionTrouble]
    unsynced: Sequence[tuple[ScheduledClass, Session | None]]
    jobs: Mapping[str, JobLook]


class DueItem(Answer):
    """The class that has been due the longest, or is due next."""

    class_id: str
    due_at: Instant
    overdue_seconds: int


class UnsyncedClass(Answer):
    """A class that ended and was not read to the end; Google deletes its data 30 days after the meeting."""

    class_id: str
    session_id: str
    subject: str
    ended_at: Instant
    days_left: int
    sync: SyncState | None

    @classmethod
    def of(cls, held: ScheduledClass, session: Session | None, now: datetime) -> "UnsyncedClass":
        """The class as of `now`."""
        return cls(
            class_id=held.class_id,
            session_id=held.session_id,
            subject=held.subject,
            ended_at=held.end_at,
            days_left=max(0, (held.end_at + DATA_KEPT - now).days),
            sync=SyncState.of(session.sync) if session and session.sync else None,
        )


class Subscription(Answer):
    """One teacher's push channel. `delivers` is whether it can be counted on now; where not, `remedy` says what to do."""

    teacher_email: str
    state: Literal["wanted", "active", "suspended", "gone"]
    delivers: bool
    name: str | None
    expires_at: Instant | None
    checked_at: Instant | None
    trouble: str | None
    remedy: str | None

    @classmethod
    def of(cls, channel: Channel, now: datetime) -> "Subscription":
        """The channel as of `now`."""
        return cls.model_validate(
            {
                "teacher_email": channel.teacher_email,
                "state": channel.state.value,
                "delivers": channel.delivers(now),
                "name": channel.name,
                "expires_at": channel.expires_at,
                "checked_at": channel.checked_at,
                "trouble": channel.trouble,
                "remedy": channel.remedy,
            }
        )


class Connection(Answer):
    """A service of Google or Zoom that refuses us for somebody, since when, and what a person can do about it."""

    service: str
    subject: str
    trouble: str
    remedy: str
    since: Instant
    seen_at: Instant


class ClockJob(Answer):
    """A job of Cloud Scheduler that calls us.

    `last_outcome` is `ok` or the word of an error, `remedy` says what to do where the job does not run as it should, or why it
    is unknown how it stands.
    """

    name: str | None
    state: Literal["enabled", "failing", "paused", "disabled", "missing", "unknown"]
    last_attempt_at: Instant | None
    last_outcome: str | None
    next_run_at: Instant | None
    remedy: str | None

    @classmethod
    def of(cls, look: JobLook) -> "ClockJob":
        """The job as it was found."""
        return cls.model_validate(
            {
                "name": look.name or None,
                "state": look.state.value,
                "last_attempt_at": look.last_attempt_at,
                "last_outcome": look.last_outcome,
                "next_run_at": look.next_run_at,
                "remedy": look.remedy,
            }
        )


class HealthBody(Answer):
    """Whether the system is well.

    `status`: `late` when the monitor has not run for five minutes, `degraded` when a service refuses us, a push channel
    has trouble, or a job of the clock is paused or fails.
    """

    status: Literal["ok", "degraded", "late"]
    checked_at: Instant
    last_tick_at: Instant | None
    last_tick: dict[str, int]
    last_housekeeping_at: Instant | None
    last_reports_sweep_at: Instant | None
    zoom_webhook_validated_at: Instant | None
    oldest_due: DueItem | None
    feeds: dict[str, int]
    subscriptions: list[Subscription]
    connections: list[Connection]
    unsynced_classes: list[UnsyncedClass]
    jobs: dict[str, ClockJob]

    @classmethod
    def of(cls, found: Found) -> "HealthBody":
        """The state that was found."""
        tick, now = found.beats["tick"], found.now
        wanted = [channel for channel in found.channels if channel.state is not ChannelState.UNWANTED]
        are_running = all(look.state in _RUNNING for look in found.jobs.values())
        is_whole = are_running and not found.troubles and not any(channel.trouble for channel in wanted)
        is_ticking = tick is not None and now - tick[0] < TICK_IS_LATE
        return cls(
            status=("ok" if is_whole else "degraded") if is_ticking else "late",
            checked_at=now,
            last_tick_at=tick[0] if tick else None,
            last_tick=dict(tick[1]) if tick else {},
            last_housekeeping_at=_when(found.beats["housekeeping"]),
            last_reports_sweep_at=_when(found.beats["reports"]),
            zoom_webhook_validated_at=_when(found.beats["zoom_webhook"]),
            oldest_due=_due_item(found.due, now),
            feeds={feed.value: sum(1 for each in found.active if each.feed is feed) for feed in Feed},
            subscriptions=[Subscription.of(channel, now) for channel in wanted],
            connections=[_connection(trouble) for trouble in found.troubles],
            unsynced_classes=[UnsyncedClass.of(held, session, now) for held, session in found.unsynced],
            jobs={name: ClockJob.of(look) for name, look in found.jobs.items()},
        )


def looked_at(jobs: Mapping[str, str], clock_jobs: ClockJobs) -> dict[str, JobLook]:
    """How the jobs of the clock stand, by what they are for, all asked at once; `jobs` are their full names."""
    with ThreadPoolExecutor(len(jobs) or 1, thread_name_prefix="jobs") as pool:
        looks = pool.map(lambda role: _look(role, jobs[role], clock_jobs), jobs)
        return dict(zip(jobs, looks, strict=True))


def _look(role: str, job: str, clock_jobs: ClockJobs) -> JobLook:
    if job:
        return clock_jobs.look(job)
    told = f"{role.upper()}_JOB is not set for this function: give it the full name of the job in Cloud Scheduler."
    return JobLook(job, JobState.UNKNOWN, remedy=told)


def _when(beat: Beat) -> datetime | None:
    return beat[0] if beat else None


def _due_item(due: ScheduledClass | None, now: datetime) -> DueItem | None:
    if due is None or due.due_at is None:
        return None
    overdue = max(0, int((now - due.due_at).total_seconds()))
    return DueItem(class_id=due.class_id, due_at=due.due_at, overdue_seconds=overdue)


def _connection(trouble: ConnectionTrouble) -> Connection:
    return Connection(
        service=trouble.service,
        subject=trouble.subject,
        trouble=trouble.title,
        remedy=trouble.remedy,
        since=trouble.since,
        seen_at=trouble.seen_at,
    )
