"""Subscriptions to what happens in Meet: whose they are, what they cover, and how long they live."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from infra.local.simulator import instants
from infra.local.simulator.accounts import user_id_of
from infra.local.simulator.rooms import Space

USERS = "//cloudidentity.googleapis.com/users/"
SPACES = "//meet.googleapis.com/spaces/"
LONGEST = 7 * instants.DAY
REMINDERS = tuple(hours * 60 * 60 * instants.SECOND for hours in (12, 1))

CONFERENCE_STARTED = "google.workspace.meet.conference.v2.started"
CONFERENCE_ENDED = "google.workspace.meet.conference.v2.ended"
PARTICIPANT_JOINED = "google.workspace.meet.participant.v2.joined"
PARTICIPANT_LEFT = "google.workspace.meet.participant.v2.left"
EVENT_TYPES = frozenset(
    {CONFERENCE_STARTED, CONFERENCE_ENDED, PARTICIPANT_JOINED, PARTICIPANT_LEFT}
    | {
        f"google.workspace.meet.{what}.v2.{happens}"
        for what in ("recording", "transcript", "smartNote")
        for happens in ("started", "ended", "fileGenerated")
    }
)

State = Literal["ACTIVE", "SUSPENDED"]


@dataclass(slots=True)
class Subscription:
    """One subscription. `email` is who authorised it, `target` a full resource name, `topic` who is told.

    `reminded` counts the reminders that were sent since it was made or last renewed.
    """

    uid: str
    email: str
    target: str
    event_types: list[str]
    topic: str
    created: int
    updated: int
    expires: int
    state: State = "ACTIVE"
    suspension_reason: str | None = None
    reminded: int = 0

    @property
    def name(self) -> str:
        """The resource name."""
        return f"subscriptions/meet-spaces-{self.uid}"

    @property
    def source(self) -> str:
        """The full resource name, which its events come from."""
        return f"//workspaceevents.googleapis.com/{self.name}"

    def hears_of(self, space: Space, event_type: str) -> bool:
        """Whether it is told of an event of the room: the owner is told everything, a guest only that a conference began."""
        covered = self.target in (USERS + user_id_of(space.owner), SPACES + space.space_id)
        has_right = self.email == space.owner or event_type == CONFERENCE_STARTED
        return covered and has_right and self.state == "ACTIVE" and event_type in self.event_types

    def renew(self, expires: int, now: int) -> None:
        """Let it live until another instant; the reminders that are due by now are taken as sent."""
        self.expires, self.updated = expires, now
        self.reminded = sum(expires - before <= now for before in REMINDERS)


class Subscriptions:
    """All subscriptions that live; one that has expired is gone at once, though its end may still have to be told."""

    def __init__(self, kept: Iterable[Subscription] = ()) -> None:
        self._by_name = {one.name: one for one in kept}

    def __iter__(self) -> Iterator[Subscription]:
        return iter(self._by_name.values())

    def living(self, now: int) -> Iterator[Subscription]:
        """Those that have not expired."""
        return (one for one in self if now < one.expires)

    def find(self, name: str, now: int) -> Subscription | None:
        """The living one of a name."""
        one = self._by_name.get(name)
        return one if one is not None and now < one.expires else None

    def of_target(self, email: str, target: str, now: int) -> Subscription | None:
        """The living one of somebody's to a target; Google allows one."""
        return next((one for one in self.living(now) if (one.email, one.target) == (email, target)), None)

    def add(self, one: Subscription) -> None:
        """Keep a new one."""
        self._by_name[one.name] = one

    def drop(self, one: Subscription) -> None:
        """Let go of one."""
        self._by_name.pop(one.name, None)

    def take_expired(self, now: int) -> list[Subscription]:
        """Let go of those that have expired."""
        expired = [one for one in self if one.expires <= now]
        for one in expired:
            self.drop(one)
        return expired

    def take_reminders(self, now: int) -> list[Subscription]:
        """Those to be reminded of their end now; each reminder is taken once."""
        due = []
        for one in self.living(now):
            passed = sum(one.expires - before <= now for before in REMINDERS)
            if passed > one.reminded:
                one.reminded = passed
                due.append(one)
        return due


def new_uid() -> str:
    """A uid that no subscription had before."""
    return secrets.token_hex(9)
