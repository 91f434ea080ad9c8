"""Channels: the subscription by which Google pushes what happens in one teacher's meetings, and what to do about it when.

Google deletes a subscription that nobody renews, and one whose topic is broken falls silent without a word; so each is
renewed daily and looked at by the clock, whatever Google says of it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

RENEW_EVERY = timedelta(hours=24)
LOOK_EVERY = timedelta(minutes=30)
TRUSTED = timedelta(hours=2)
FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=1)


_MENDS = {
    "USER_SCOPE_REVOKED": "The teacher's grant was revoked: grant domain-wide delegation again, or let the teacher run "
    "`python -m infra.google_oauth --meet`.",
    "APP_SCOPE_REVOKED": "The app's right was revoked: give the service account's client id the Meet scope again under "
    "Domain-wide delegation.",
    "RESOURCE_DELETED": "The teacher's account is gone: give the classes to another teacher.",
    "USER_AUTHORIZATION_FAILURE": "Google does not accept the teacher's authority: see that the account is active and that Meet "
    "is switched on for it.",
    "APP_AUTHORIZATION_FAILURE": "Google does not accept the app's authority: check domain-wide delegation.",
    "ENDPOINT_PERMISSION_DENIED": "Give meet-api-event-push@system.gserviceaccount.com the role Pub/Sub Publisher on the topic "
    "of MEET_EVENTS_TOPIC.",
    "ENDPOINT_NOT_FOUND": "The topic of MEET_EVENTS_TOPIC does not exist in this Cloud project: make it.",
    "ENDPOINT_RESOURCE_EXHAUSTED": "The topic is out of quota: raise the project's Pub/Sub quota.",
}


class ChannelState(StrEnum):
    """How a channel is: asked for, delivering, silenced by Google, gone, or not wanted any more."""

    WANTED = "wanted"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    GONE = "gone"
    UNWANTED = "unwanted"


class Step(StrEnum):
    """What to do about a channel next."""

    CREATE = "create"
    RENEW = "renew"
    LOOK = "look"
    REACTIVATE = "reactivate"
    DELETE = "delete"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class RemoteSubscription:
    """A subscription as Google tells it. `reason` is Google's word for why it is suspended."""

    name: str
    state: ChannelState
    expires_at: datetime | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """One teacher's subscription as we know it. `trouble` and `remedy` tell what stands in its way."""

    teacher_email: str
    state: ChannelState = ChannelState.WANTED
    google_id: str | None = None
    name: str | None = None
    expires_at: datetime | None = None
    renewed_at: datetime | None = None
    checked_at: datetime | None = None
    due_at: datetime | None = None
    failures: int = 0
    reason: str | None = None
    trouble: str | None = None
    remedy: str | None = None
    rev: int = 1

    def delivers(self, now: datetime) -> bool:
        """Whether pushes can be counted on: active, not expired, and Google said so not long ago."""
        is_fresh = self.checked_at is not None and now - self.checked_at <= TRUSTED
        return self.state is ChannelState.ACTIVE and is_fresh and (self.expires_at is None or now < self.expires_at)


def next_step(channel: Channel, now: datetime, *, is_needed: bool) -> Step:
    """What a channel needs; `is_needed` is whether its teacher has classes."""
    if not is_needed:
        return Step.DELETE if channel.name is not None else Step.NOTHING
    if channel.name is None or channel.state in (ChannelState.GONE, ChannelState.UNWANTED):
        return Step.CREATE
    if channel.state is ChannelState.SUSPENDED:
        return Step.REACTIVATE
    if channel.renewed_at is None or now - channel.renewed_at >= RENEW_EVERY:
        return Step.RENEW
    return Step.LOOK


def told(channel: Channel, remote: RemoteSubscription | None, now: datetime, *, renewed: bool = False) -> Channel:
    """The channel after Google told how its subscription is; None when Google has it no longer.

    What is not active is due again at once, since something can be done about it.
    """
    if remote is None:
        return replace(
            channel, state=ChannelState.GONE, name=None, expires_at=None, checked_at=now, due_at=now, rev=channel.rev + 1
        )
    is_active = remote.state is ChannelState.ACTIVE
    return replace(
        channel,
        state=remote.state,
        name=remote.name,
        expires_at=remote.expires_at,
        renewed_at=now if renewed else channel.renewed_at,
        checked_at=now,
        due_at=now + LOOK_EVERY if is_active else now,
        failures=0 if is_active else channel.failures,
        reason=remote.reason,
        trouble=None if is_active else channel.trouble,
        remedy=None if is_active else channel.remedy,
        rev=channel.rev + 1,
    )


def failed(channel: Channel, trouble: str, remedy: str, now: datetime) -> Channel:
    """The channel after a step failed: tried again after a minute, later each time up to an hour."""
    pause = min(FIRST_RETRY * 2 ** min(channel.failures, 10), LAST_RETRY)
    return replace(
        channel, failures=channel.failures + 1, due_at=now + pause, trouble=trouble, remedy=remedy, rev=channel.rev + 1
    )


def still_suspended(channel: Channel, now: datetime) -> Channel:
    """The channel after Google would not let it deliver again, with what a person can do about the reason that Google gives."""
    reason = channel.reason or "OTHER"
    remedy = _MENDS.get(
        reason, "Google names no reason that can be mended from here; it is tried again, and Meet is polled meanwhile."
    )
    return failed(channel, f"Google suspended the subscription: {reason}", remedy, now)


def dropped(channel: Channel, now: datetime) -> Channel:
    """The channel after its subscription was taken down because its teacher has no classes."""
    return replace(
        channel,
        state=ChannelState.UNWANTED,
        name=None,
        expires_at=None,
        checked_at=now,
        due_at=None,
        failures=0,
        reason=None,
        trouble=None,
        remedy=None,
        rev=channel.rev + 1,
    )


def wanted(channel: Channel, now: datetime) -> Channel:
    """The channel as it is needed (again): due at once unless it is there or being made."""
    if channel.state is not ChannelState.UNWANTED:
        return channel
    return replace(channel, state=ChannelState.WANTED, due_at=now, rev=channel.rev + 1)
