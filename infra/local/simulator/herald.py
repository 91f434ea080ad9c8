"""Tells subscribers what happened: in the rooms that they subscribed to, and to their subscriptions."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from infra.local.simulator import instants
from infra.local.simulator.cloud_events import EXPIRED, REMINDER, SUSPENDED, CloudEvent, lifecycle_event, meet_event
from infra.local.simulator.happenings import Picture
from infra.local.simulator.publishing import Publisher
from infra.local.simulator.rooms import Space
from infra.local.simulator.subscriptions import Subscription
from infra.local.simulator.world import World

LOOK_EVERY_S = 0.5


class Herald:
    """Publishes through `publisher`; `clock` tells the present in UTC."""

    def __init__(self, world: World, publisher: Publisher, clock: Callable[[], datetime]) -> None:
        self._world = world
        self._publisher = publisher
        self._clock = clock

    @contextmanager
    def watching(self, space: Space) -> Iterator[None]:
        """Tell what the block does to the room, once the block has succeeded."""
        before = Picture.of(space)
        yield
        for one in before.happened(space):
            for subscription in self._world.subscriptions.living(self._now()):
                if subscription.hears_of(space, one.event_type):
                    self._tell(subscription, meet_event(subscription, one.event_type, one.name, one.at))

    def suspend(self, one: Subscription, reason: str) -> None:
        """Suspend a subscription for one of Google's reasons."""
        now = self._now()
        one.state, one.suspension_reason, one.updated = "SUSPENDED", reason, now
        self._tell(one, lifecycle_event(one, SUSPENDED, now))

    def expire(self, one: Subscription) -> None:
        """Let a subscription expire now: it is gone for good."""
        one.expires = min(one.expires, self._now())
        self._tell_expired(one)
        self._world.subscriptions.drop(one)

    def remind(self, one: Subscription) -> None:
        """Remind of a subscription's end now."""
        self._tell(one, lifecycle_event(one, REMINDER, self._now()))

    def look(self) -> None:
        """Tell of subscriptions that are about to expire and of those that have expired by now."""
        now = self._now()
        reminders, expired = self._world.subscriptions.take_reminders(now), self._world.subscriptions.take_expired(now)
        for one in reminders:
            self.remind(one)
        for one in expired:
            self._tell_expired(one)
        if reminders or expired:
            self._world.changes += 1

    async def keep_looking(self) -> None:
        """Look ever and again, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    def _tell_expired(self, one: Subscription) -> None:
        self._tell(one, lifecycle_event(one, EXPIRED, one.expires))

    def _tell(self, one: Subscription, event: CloudEvent) -> None:
        self._publisher.publish(one.topic, event.message(structured=self._publisher.settings.structured))

    def _now(self) -> int:
        return instants.of(self._clock())
