"""Subscriptions: what they cover, and when they end."""

import pytest

from infra.local.simulator import instants
from infra.local.simulator.rooms import Space
from infra.local.simulator.subscriptions import (
    CONFERENCE_ENDED,
    CONFERENCE_STARTED,
    LONGEST,
    PARTICIPANT_JOINED,
    SPACES,
    Subscription,
    Subscriptions,
    new_uid,
)
from tests.infra.local.simulator.running import NOON, STUDENT, TEACHER, own_target

NOW = instants.of(NOON)
HOUR = 60 * 60 * instants.SECOND
ROOM = Space("s1", "abc-mnop-xyz", TEACHER)


def subscription(email: str = TEACHER, target: str | None = None, types: tuple[str, ...] = (PARTICIPANT_JOINED,)) -> Subscription:
    """A subscription that lives for seven days from noon."""
    return Subscription(new_uid(), email, target or own_target(email), list(types), "t", NOW, NOW, NOW + LONGEST)


def test_a_teacher_hears_of_all_rooms_that_are_theirs_and_of_no_other() -> None:
    assert subscription().hears_of(ROOM, PARTICIPANT_JOINED)
    assert not subscription(STUDENT).hears_of(ROOM, PARTICIPANT_JOINED)


def test_a_room_can_be_heard_alone() -> None:
    assert subscription(target=f"{SPACES}s1").hears_of(ROOM, PARTICIPANT_JOINED)
    assert not subscription(target=f"{SPACES}s2").hears_of(ROOM, PARTICIPANT_JOINED)


def test_a_guest_hears_only_that_the_conference_began() -> None:
    guest = subscription(STUDENT, f"{SPACES}s1", (CONFERENCE_STARTED, CONFERENCE_ENDED, PARTICIPANT_JOINED))
    assert [guest.hears_of(ROOM, each) for each in (CONFERENCE_STARTED, CONFERENCE_ENDED, PARTICIPANT_JOINED)] == [
        True,
        False,
        False,
    ]


def test_only_what_was_asked_for_is_heard_and_nothing_while_suspended() -> None:
    one = subscription()
    assert not one.hears_of(ROOM, CONFERENCE_ENDED)
    one.state = "SUSPENDED"
    assert not one.hears_of(ROOM, PARTICIPANT_JOINED)


def test_what_has_expired_is_gone_at_once_and_told_once() -> None:
    one = subscription()
    kept = Subscriptions([one])
    assert kept.find(one.name, one.expires - 1) is one
    assert kept.find(one.name, one.expires) is None
    assert kept.of_target(TEACHER, one.target, one.expires) is None
    assert (kept.take_expired(one.expires - 1), kept.take_expired(one.expires), kept.take_expired(one.expires)) == ([], [one], [])


def test_reminders_come_twelve_hours_and_one_hour_before_the_end() -> None:
    one = subscription()
    kept = Subscriptions([one])
    taken = [len(kept.take_reminders(one.expires - before)) for before in (12 * HOUR + 1, 12 * HOUR, 2 * HOUR, HOUR, 1)]
    assert taken == [0, 1, 0, 1, 0]


def test_a_renewed_subscription_is_reminded_of_again() -> None:
    one = subscription()
    kept = Subscriptions([one])
    assert kept.take_reminders(one.expires - HOUR) == [one]
    one.renew(one.expires + LONGEST, one.expires - HOUR)
    assert kept.take_reminders(one.expires - 13 * HOUR) == []
    assert kept.take_reminders(one.expires - 12 * HOUR) == [one]


@pytest.mark.parametrize(("hours", "sent"), [(24, 0), (6, 1), (0.5, 2)])
def test_reminders_that_a_short_life_leaves_no_time_for_are_not_sent(hours: float, sent: int) -> None:
    one = subscription()
    one.renew(NOW + int(hours * HOUR), NOW)
    assert one.reminded == sent
    assert Subscriptions([one]).take_reminders(NOW) == []


def test_each_has_a_name_of_its_own() -> None:
    assert len({subscription().name for _ in range(100)}) == 100
