"""Messages: one delivery for each target, told apart by what happened, tried eight times."""

import json
from dataclasses import replace
from datetime import timedelta

from shared.domain.messages import (
    BROKEN_OFF,
    LEASE,
    RETRIES,
    Addressees,
    Delivery,
    DeliveryState,
    EventType,
    Message,
    OutboxKind,
    OutboxRow,
    Outcome,
    Way,
    attempted,
    claimed,
    target_of,
)
from tests.builders import at

URL = "https://user:pw@hooks.example:8443/in/s3cret?token=abc"
TO = Addressees((target_of(URL), target_of("https://other.example/")), has_mail=True)
OMAR, PAT = "omar@school.example", "pat@home.example"


def a_message(about: str = "x", **data: object) -> Message:
    return Message(EventType.WARNING_RAISED, about, at(0), data, (OMAR,))


def test_an_event_becomes_one_delivery_for_each_target() -> None:
    deliveries = TO.deliveries(a_message(), [OMAR, PAT, OMAR])
    assert [(each.way, each.target) for each in deliveries] == [
        (Way.WEBHOOK, TO.webhooks[0]),
        (Way.WEBHOOK, TO.webhooks[1]),
        (Way.EMAIL, OMAR),
        (Way.EMAIL, PAT),
    ]
    assert len({each.delivery_id for each in deliveries}) == 4
    assert all(each.is_due(at(0)) for each in deliveries)
    assert [each.people for each in deliveries] == [(OMAR,), (OMAR,), (OMAR,), (OMAR, PAT)]


def test_without_mail_or_addresses_nobody_is_told() -> None:
    assert Addressees().deliveries(a_message(), [OMAR]) == ()
    assert [each.way for each in Addressees(("t",)).deliveries(a_message(), [OMAR])] == [Way.WEBHOOK]


def test_the_same_event_has_the_same_id_whenever_it_is_told_and_another_one_has_not() -> None:
    (one, *_), (later, *_) = TO.deliveries(a_message()), TO.deliveries(replace(a_message(n=1), at=at(5)))
    (other, *_) = TO.deliveries(a_message("y"))
    (ended, *_) = TO.deliveries(replace(a_message(), event=EventType.WARNING_ENDED))
    assert one.delivery_id == later.delivery_id
    assert len({one.delivery_id, other.delivery_id, ended.delivery_id}) == 3


def test_a_body_says_what_happened_when_and_stays_below_20_kb() -> None:
    body = a_message(subject="Äpfel", name="ü" * 5000, nothing=None).body
    assert json.loads(body) == {
        "type": "attendance.warning.raised",
        "timestamp": "2026-12-01T12:00:00Z",
        "data": {"subject": "Äpfel", "name": "ü" * 500, "nothing": None},
    }
    assert len(a_message(**{f"field{n}": "😀" * 5000 for n in range(6)}).body.encode()) < 20_000


def test_the_name_of_an_address_shows_nothing_secret_and_tells_addresses_apart() -> None:
    name = target_of(URL)
    assert name.startswith("https://hooks.example:8443/#")
    assert not any(secret in name for secret in ("s3cret", "abc", "user", "pw"))
    assert name == target_of(URL)
    assert name != target_of(URL + "d")


def tried(delivery: Delivery, outcome: Outcome, minute: float) -> Delivery:
    return attempted(claimed(delivery, at(minute)), outcome, at(minute))


def test_a_delivery_that_fails_is_tried_eight_times_at_growing_distances_and_then_given_up() -> None:
    (delivery, *_) = TO.deliveries(a_message())
    now, pauses = at(0), []
    while delivery.state is DeliveryState.PENDING:
        delivery = attempted(claimed(delivery, now), Outcome("The receiver answered 500."), now)
        if delivery.next_at is not None:
            pauses.append(delivery.next_at - now)
            now = delivery.next_at
    assert tuple(pauses) == RETRIES
    assert sum(pauses, timedelta()) == timedelta(hours=27, minutes=35, seconds=5)
    assert (delivery.state, delivery.attempts, delivery.closed_at) == (DeliveryState.DEAD, 8, now)
    assert delivery.last_error == "The receiver answered 500."
    assert not delivery.is_due(now + timedelta(days=9))


def test_a_delivery_is_sent_once_it_was_told() -> None:
    (delivery, *_) = TO.deliveries(a_message())
    failed = tried(delivery, Outcome("The receiver answered 500."), 0)
    sent = tried(failed, Outcome(), 1)
    assert (sent.state, sent.attempts, sent.last_error, sent.next_at) == (DeliveryState.SENT, 2, None, None)
    assert sent.closed_at == at(1)


def test_what_is_refused_for_good_is_given_up_at_once() -> None:
    (delivery, *_) = TO.deliveries(a_message())
    dead = tried(delivery, Outcome("The receiver answered 410.", is_final=True), 0)
    assert (dead.state, dead.attempts, dead.next_at) == (DeliveryState.DEAD, 1, None)


def test_an_attempt_that_is_never_heard_of_again_costs_one_attempt() -> None:
    (delivery, *_) = TO.deliveries(a_message())
    begun = claimed(delivery, at(0))
    assert (begun.attempts, begun.last_error) == (1, BROKEN_OFF)
    assert not begun.is_due(at(0) + LEASE - timedelta(seconds=3))
    assert begun.is_due(at(0) + LEASE)
    for _ in range(7):
        begun = claimed(begun, at(0))
    assert (begun.attempts, begun.state) == (8, DeliveryState.PENDING)
    given_up = claimed(begun, at(1))
    assert (given_up.attempts, given_up.state, given_up.closed_at) == (8, DeliveryState.DEAD, at(1))


def test_every_change_raises_the_revision() -> None:
    (delivery, *_) = TO.deliveries(a_message())
    begun = claimed(delivery, at(0))
    failed, sent = attempted(begun, Outcome("x"), at(0)), attempted(begun, Outcome(), at(0))
    assert (delivery.rev, begun.rev, failed.rev, sent.rev) == (1, 2, 3, 3)


def test_an_outbox_row_is_one_for_each_thing_that_happened() -> None:
    settled = OutboxRow(OutboxKind.SETTLED, "s", at(0))
    assert settled.row_id == OutboxRow(OutboxKind.SETTLED, "s", at(0)).row_id
    others = [replace(settled, kind=OutboxKind.TEACHER_MISSING), replace(settled, about="t"), replace(settled, due_at=at(1))]
    assert len({settled.row_id, *(each.row_id for each in others)}) == 4
