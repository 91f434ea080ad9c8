"""Telling the outside: each delivery is tried when it is due, again when it fails, and no attempt is lost or made for ever."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from shared.domain.errors import Unavailable, UpstreamRefused
from shared.domain.messages import (
    BROKEN_OFF,
    LEASE,
    Addressees,
    Delivery,
    DeliveryState,
    EventType,
    Message,
    Outcome,
    Way,
    claimed,
)
from shared.ports import TaskKind, Versioned
from shared.usecases.deliver_messages import SERVICE, DeliverMessages
from tests.builders import at
from tests.fake_deliveries import FakeOutgoing, MemoryDeliveries
from tests.fakes import Clock, FakeTasks

TARGET = "https://hooks.example/#1"
FAILED = Outcome("The receiver answered 500.")


@dataclass
class Post:
    """The story over fakes, and one delivery that is due."""

    outgoing: FakeOutgoing = field(default_factory=FakeOutgoing)
    deliveries: MemoryDeliveries = field(default_factory=MemoryDeliveries)
    tasks: FakeTasks = field(default_factory=FakeTasks)
    clock: Clock = field(default_factory=lambda: Clock(at(0)))
    notices: list[tuple[str, str, UpstreamRefused | None]] = field(default_factory=list)
    has_way: bool = True

    def __post_init__(self) -> None:
        ways = {Way.WEBHOOK: self.outgoing, Way.EMAIL: self.outgoing} if self.has_way else {}
        self.story = DeliverMessages(self.deliveries, ways, self.tasks, lambda *told: self.notices.append(told), self.clock)
        addressees = Addressees((TARGET,), has_mail=True)
        webhook, mail = addressees.deliveries(Message(EventType.SETTLED, "x", at(0), {}), ["omar@school.example"])
        self.webhook, self.mail = webhook.delivery_id, mail.delivery_id
        self.deliveries.add([webhook])

    def tried(self) -> Delivery:
        """The delivery after it was tried, which is also what is stored."""
        after = self.story.one(self.webhook)
        assert after is not None
        stored = self.deliveries.get(self.webhook)
        assert stored is not None
        assert stored.value == after
        return after


def test_what_is_due_is_sent_once() -> None:
    post = Post()
    assert post.tried().state is DeliveryState.SENT
    assert post.tried().attempts == 1
    assert len(post.outgoing.tried) == 1
    assert post.tasks.queued == {}
    assert post.notices == [(SERVICE, TARGET, None)]


def test_nothing_is_sent_for_an_id_that_nobody_knows() -> None:
    post = Post()
    assert post.story.one("0" * 32) is None
    assert post.outgoing.tried == []


def test_a_failure_plans_the_next_attempt_and_is_repeated_until_somebody_answers() -> None:
    post = Post(FakeOutgoing([FAILED, FAILED, Outcome()]))
    after = post.tried()
    assert (after.state, after.last_error, after.next_at) == (DeliveryState.PENDING, FAILED.trouble, at(0) + timedelta(seconds=5))
    assert [(task.kind, task.about, task.at) for task in post.tasks.queued.values()] == [
        (TaskKind.DELIVER, post.webhook, at(0) + timedelta(seconds=5))
    ]
    assert post.tried() == after
    post.clock.passes(timedelta(seconds=5))
    assert post.tried().next_at == post.clock() + timedelta(minutes=5)
    assert post.notices == []
    post.clock.passes(timedelta(minutes=5))
    assert post.tried().state is DeliveryState.SENT
    assert [when for _, when in post.outgoing.tried] == [at(0), at(5 / 60), at(5 + 5 / 60)]
    assert {delivery.delivery_id for delivery, _ in post.outgoing.tried} == {post.webhook}
    assert len(post.tasks.queued) == 2


def test_a_receiver_that_fails_for_a_day_is_given_up_and_shown() -> None:
    post = Post(FakeOutgoing([FAILED]))
    after = post.tried()
    while after.next_at is not None:
        post.clock.at = after.next_at
        after = post.tried()
    assert (after.state, len(post.outgoing.tried)) == (DeliveryState.DEAD, 8)
    assert post.clock() - at(0) == timedelta(hours=27, minutes=35, seconds=5)
    ((service, target, refusal),) = post.notices
    assert (service, target) == (SERVICE, TARGET)
    assert refusal is not None
    assert refusal.detail.startswith("The receiver answered 500. It was tried 8 times;")
    assert post.story() == {"deliveries_overdue": 0, "deliveries_dead": 1}


def test_what_is_refused_for_good_is_not_tried_again() -> None:
    post = Post(FakeOutgoing([Outcome("The receiver answered 410.", is_final=True)]))
    assert post.tried().state is DeliveryState.DEAD
    assert post.tasks.queued == {}


def test_a_mail_that_is_refused_is_no_trouble_of_a_service() -> None:
    post = Post(FakeOutgoing([Outcome("No such mailbox.", is_final=True)]))
    (mail,) = Addressees((), has_mail=True).deliveries(Message(EventType.SETTLED, "x", at(0), {}), ["omar@school.example"])
    post.deliveries.add([mail])
    after = post.story.one(mail.delivery_id)
    assert after is not None
    assert after.state is DeliveryState.DEAD
    assert post.notices == []


def test_two_tasks_for_one_attempt_send_once() -> None:
    post = Post()
    send = post.outgoing.send
    seen: list[Delivery | None] = []

    class Meanwhile:
        def send(self, delivery: Delivery, now: datetime) -> Outcome:
            seen.append(post.story.one(post.webhook))
            return send(delivery, now)

    twice = DeliverMessages(post.deliveries, {Way.WEBHOOK: Meanwhile()}, post.tasks, lambda *_: None, post.clock)
    after = twice.one(post.webhook)
    assert after is not None
    assert after.state is DeliveryState.SENT
    assert [each.attempts for each in seen if each] == [1]
    assert len(post.outgoing.tried) == 1


def test_a_claim_that_is_lost_to_somebody_else_sends_nothing() -> None:
    class Lost(MemoryDeliveries):
        def save(self, before: Versioned[Delivery], after: Delivery) -> None:  # noqa: ARG002 - the port's form
            return None

    post = Post(deliveries=Lost())
    post.story.one(post.webhook)
    assert post.outgoing.tried == []


def test_a_process_that_dies_while_sending_costs_one_attempt_and_is_made_good() -> None:
    class Dies:
        def send(self, delivery: Delivery, now: datetime) -> Outcome:  # noqa: ARG002 - the port's form
            raise KeyboardInterrupt

    post = Post()
    dying = DeliverMessages(post.deliveries, {Way.WEBHOOK: Dies()}, post.tasks, lambda *_: None, post.clock)
    for count in range(1, 9):
        with pytest.raises(KeyboardInterrupt):
            dying.one(post.webhook)
        stored = post.deliveries.get(post.webhook)
        assert stored is not None
        assert (stored.value.attempts, stored.value.last_error) == (count, BROKEN_OFF)
        post.clock.passes(LEASE)
    after = dying.one(post.webhook)
    assert after is not None
    assert (after.state, after.attempts) == (DeliveryState.DEAD, 8)


def test_a_broken_off_attempt_is_found_by_the_timer_and_made_again() -> None:
    post = Post()
    before = post.deliveries.get(post.webhook)
    assert before is not None
    post.deliveries.save(before, claimed(before.value, at(0)))
    assert post.story()["deliveries_overdue"] == 0
    post.clock.passes(LEASE + timedelta(minutes=2))
    assert post.story()["deliveries_overdue"] == 1
    assert [task.about for task in post.tasks.of(TaskKind.DELIVER)] == [post.webhook]
    assert (post.tried().state, post.tried().attempts) == (DeliveryState.SENT, 2)


def test_what_the_queue_lost_is_put_in_again_under_another_name_ever_and_again() -> None:
    post = Post()
    stored = post.deliveries.get(post.webhook)
    assert stored is not None
    post.story.plan([stored.value])
    for minute in (2, 3, 12, 13):
        post.clock.at = at(minute)
        assert post.story()["deliveries_overdue"] == 1
    assert len(post.tasks.queued) == 3


def test_what_was_just_due_is_left_to_its_own_task() -> None:
    post = Post()
    assert post.story() == {"deliveries_overdue": 0, "deliveries_dead": 0}


def test_a_queue_that_is_away_loses_nothing_and_the_timer_says_so() -> None:
    post = Post(FakeOutgoing([FAILED]))
    post.tasks.trouble = Unavailable("The queue is away.")
    assert post.tried().state is DeliveryState.PENDING
    post.clock.at = at(10)
    with pytest.raises(Unavailable):
        post.story()
    post.tasks.trouble = None
    assert post.story()["deliveries_overdue"] == 1


def test_a_way_that_is_not_configured_any_more_is_named() -> None:
    post = Post(has_way=False)
    after = post.tried()
    assert after.state is DeliveryState.PENDING
    assert after.last_error is not None
    assert "OUTGOING_WEBHOOK_URLS" in after.last_error


@pytest.mark.parametrize("attempts", [0, 2])
def test_what_is_true_no_more_is_dropped_before_an_attempt_and_never_tried_again(attempts: int) -> None:
    post = Post(outgoing=FakeOutgoing([FAILED]))
    for _ in range(attempts):
        post.clock.at = post.tried().next_at or post.clock.at
    post.story = replace(post.story, why_moot=lambda each: "It was paid." if each.delivery_id == post.webhook else None)
    after = post.tried()
    assert (after.state, after.last_error, after.attempts) == (DeliveryState.DROPPED, "It was paid.", attempts)
    assert (after.next_at, after.closed_at) == (None, post.clock.at)
    assert post.tried() == after
    assert len(post.outgoing.tried) == attempts
    post.clock.passes(timedelta(days=3))
    assert post.story() == {"deliveries_overdue": 0, "deliveries_dead": 0}


def test_what_somebody_else_took_up_meanwhile_is_not_dropped_over_it() -> None:
    post = Post()
    stored = post.deliveries.get(post.webhook)
    assert stored is not None

    def taken(_: Delivery) -> str:
        post.deliveries.save(stored, claimed(stored.value, at(0)))
        return "It was paid."

    assert replace(post.story, why_moot=taken).one(post.webhook) == stored.value
    now = post.deliveries.get(post.webhook)
    assert now is not None
    assert (now.value.state, now.value.attempts) == (DeliveryState.PENDING, 1)
