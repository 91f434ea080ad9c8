"""What the ports `Deliveries`, `Warnings` and `Outbox` promise, asked of the fakes and of Firestore alike."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from shared.delivery_ports import Deliveries, Outbox, WarningFilter, Warnings
from shared.domain.errors import NotFound
from shared.domain.ids import stable_id
from shared.domain.messages import (
    Addressees,
    Delivery,
    DeliveryState,
    EventType,
    Message,
    OutboxKind,
    OutboxRow,
    Outcome,
    attempted,
    claimed,
)
from shared.domain.warnings import AttendanceWarning, WarningKind
from shared.ports import Versioned
from tests.builders import NOON, at
from tests.fake_deliveries import MemoryDeliveries, MemoryOutbox, MemoryWarnings
from tests.fakes import no_sleep

if TYPE_CHECKING:
    from google.cloud import firestore

OMAR, LENA = "omar@school.example", "lena@school.example"
TO = Addressees(("https://hooks.example/#1",))


@dataclass
class Stores:
    """The three ports over one store."""

    deliveries: Deliveries
    warnings: Warnings
    outbox: Outbox


@pytest.fixture(params=["memory", "firestore"])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "memory":
        deliveries = MemoryDeliveries()
        yield Stores(deliveries, MemoryWarnings(deliveries), MemoryOutbox())
    else:
        from shared.adapters.firestore.deliveries import FirestoreDeliveries
        from shared.adapters.firestore.outbox import FirestoreOutbox
        from shared.adapters.firestore.warnings import FirestoreWarnings

        client = request.getfixturevalue("database")
        yield Stores(
            FirestoreDeliveries(client, no_sleep), FirestoreWarnings(client, no_sleep), FirestoreOutbox(client, no_sleep)
        )


def a_delivery(about: str = "one", when: datetime = NOON) -> Delivery:
    return TO.deliveries(Message(EventType.SETTLED, about, when, {"subject": "Algebra"}, (OMAR,)))[0]


def a_warning(student: str = OMAR, course: str = "math", minute: float = 0, session: str = "s") -> AttendanceWarning:
    session_id = stable_id("session", session)
    return AttendanceWarning(
        kind=WarningKind.ABSENCES_IN_ROW,
        student_email=student,
        course_id=course,
        session_id=session_id,
        class_id=stable_id("class", session),
        subject="Algebra",
        teacher_email="ada@school.example",
        start_at=at(-60),
        line=3,
        taken=4,
        share_percent=25,
        absences_in_row=3,
        raised_at=at(minute),
    )


def test_a_delivery_is_kept_whole_and_added_once(stores: Stores) -> None:
    one, two = a_delivery("one"), a_delivery("two", at(1))
    stores.deliveries.add([one])
    stores.deliveries.add([replace(one, body="{}"), two, two])
    stores.deliveries.add([])
    found = stores.deliveries.get(one.delivery_id)
    assert found is not None
    assert found.value == one
    assert stores.deliveries.page(None, 10, None).items == (two, one)
    assert stores.deliveries.get("0" * 32) is None
    assert stores.deliveries.get("../classes/x") is None


def test_deliveries_are_due_until_they_are_closed(stores: Stores) -> None:
    one, two = a_delivery("one", at(5)), a_delivery("two", at(1))
    stores.deliveries.add([one, two])
    assert stores.deliveries.due(at(0), 10) == ()
    assert stores.deliveries.due(at(5), 10) == (two, one)
    assert stores.deliveries.due(at(5), 1) == (two,)
    before = stores.deliveries.get(two.delivery_id)
    assert before is not None
    begun = stores.deliveries.save(before, claimed(two, at(5)))
    assert begun is not None
    assert stores.deliveries.due(at(6), 10) == (one,)
    sent = attempted(begun.value, Outcome(), at(6))
    after = stores.deliveries.save(begun, sent)
    assert after is not None
    assert after.value == sent
    assert stores.deliveries.due(at(600), 10) == (one,)
    assert stores.deliveries.page(DeliveryState.SENT, 10, None).items == (sent,)
    assert stores.deliveries.page(DeliveryState.PENDING, 10, None).items == (one,)


def test_of_two_who_try_a_delivery_the_second_is_refused(stores: Stores) -> None:
    one = a_delivery()
    stores.deliveries.add([one])
    before = stores.deliveries.get(one.delivery_id)
    assert before is not None
    mine = claimed(one, at(1))
    assert stores.deliveries.save(before, mine) is not None
    assert stores.deliveries.save(before, claimed(one, at(2))) is None
    again = stores.deliveries.save(before, mine)
    assert again is not None
    assert stores.deliveries.save(again, attempted(mine, Outcome(), at(3))) is not None


def test_deliveries_come_in_pages(stores: Stores) -> None:
    every = [a_delivery(f"{n}", at(n)) for n in range(5)]
    stores.deliveries.add(every)
    first = stores.deliveries.page(None, 3, None)
    assert first.next_token is not None
    second = stores.deliveries.page(None, 3, first.next_token)
    assert [*first.items, *second.items] == every[::-1]
    assert second.next_token is None
    for foreign in ("0" * 32, "x/y"):
        with pytest.raises(NotFound):
            stores.deliveries.page(None, 3, foreign)


def test_a_warning_is_stored_with_what_tells_of_it(stores: Stores) -> None:
    warning, delivery = a_warning(), a_delivery()
    assert stores.warnings.store([(None, warning)], [delivery])
    (known,) = stores.warnings.of_student(OMAR, "math")
    assert known.value == warning
    assert stores.deliveries.due(at(0), 5) == (delivery,)
    assert stores.warnings.of_student(OMAR, "latin") == ()
    assert stores.warnings.of_student(LENA, "math") == ()


def test_a_warning_raised_twice_is_one_and_a_delivery_that_was_begun_stays(stores: Stores) -> None:
    warning, delivery = a_warning(), a_delivery()
    stores.deliveries.add([delivery])
    before = stores.deliveries.get(delivery.delivery_id)
    assert before is not None
    stores.deliveries.save(before, claimed(delivery, at(1)))
    assert stores.warnings.store([(None, warning)], [delivery])
    assert stores.warnings.store([(None, warning)], [delivery])
    assert not stores.warnings.store([(None, replace(warning, raised_at=at(9)))], [delivery, a_delivery("other")])
    assert [each.value for each in stores.warnings.of_student(OMAR, "math")] == [warning]
    assert [each.attempts for each in stores.deliveries.page(None, 5, None).items] == [1]


def test_of_two_who_end_a_warning_the_second_is_refused(stores: Stores) -> None:
    stores.warnings.store([(None, a_warning())], [])
    (known,) = stores.warnings.of_student(OMAR, "math")
    ended = replace(known.value, ended_at=at(5), rev=2)
    assert stores.warnings.store([(known, ended)], [])
    assert stores.warnings.store([(known, ended)], [])
    assert not stores.warnings.store([(known, replace(ended, ended_at=at(6)))], [a_delivery()])
    assert stores.deliveries.page(None, 5, None).items == ()
    assert stores.warnings.page(WarningFilter(is_standing=True), 5, None).items == ()


def test_all_of_a_commit_is_stored_or_nothing(stores: Stores) -> None:
    stores.warnings.store([(None, a_warning(session="a"))], [])
    changes: list[tuple[Versioned[AttendanceWarning] | None, AttendanceWarning]] = [
        (None, a_warning(session="b")),
        (None, a_warning(session="a", minute=7)),
    ]
    assert not stores.warnings.store(changes, [a_delivery()])
    assert [each.raised_at for each in stores.warnings.page(WarningFilter(), 5, None).items] == [at(0)]
    assert stores.deliveries.page(None, 5, None).items == ()


def test_warnings_are_listed_by_student_course_teacher_and_whether_they_stand(stores: Stores) -> None:
    omar, lena = a_warning(OMAR, minute=1), a_warning(LENA, "latin", minute=2)
    ended = replace(a_warning(OMAR, "latin", minute=3), ended_at=at(9), teacher_email="bea@school.example")
    stores.warnings.store([(None, each) for each in (omar, lena, ended)], [])

    def listed(**wanted: object) -> tuple[AttendanceWarning, ...]:
        return stores.warnings.page(WarningFilter(**wanted), 10, None).items  # type: ignore[arg-type]

    assert listed() == (ended, lena, omar)
    assert listed(student_email=OMAR) == (ended, omar)
    assert listed(course_id="latin") == (ended, lena)
    assert listed(course_id="latin", is_standing=True) == (lena,)
    assert listed(is_standing=False) == (ended,)
    assert listed(teacher_email="ada@school.example", student_email=OMAR) == (omar,)
    first = stores.warnings.page(WarningFilter(), 2, None)
    assert stores.warnings.page(WarningFilter(), 2, first.next_token).items == (omar,)
    with pytest.raises(NotFound):
        stores.warnings.page(WarningFilter(), 2, "f" * 32)


def test_outbox_rows_wait_until_they_are_done(stores: Stores) -> None:
    settled = OutboxRow(OutboxKind.SETTLED, stable_id("session", "a"), at(2))
    missing = OutboxRow(OutboxKind.TEACHER_MISSING, stable_id("session", "b"), at(1), stable_id("class", "b"))
    stores.outbox.add([settled, missing])
    stores.outbox.add([settled])
    assert stores.outbox.due(at(0), 10) == ()
    assert stores.outbox.due(at(2), 10) == (missing, settled)
    assert stores.outbox.due(at(2), 1) == (missing,)
    stores.outbox.done([missing])
    stores.outbox.done([missing])
    assert stores.outbox.due(at(2), 10) == (settled,)


def test_rows_that_were_stored_before_there_was_money_are_read_and_done(database: "firestore.Client") -> None:
    from shared.adapters.firestore.outbox import FirestoreOutbox

    row = OutboxRow(OutboxKind.SETTLED, stable_id("session", "a"), at(2), stable_id("class", "a"))
    old = f'{{"kind":"settled","session_id":"{row.about}","due_at":"{at(2).isoformat()}","class_id":"{row.class_id}"}}'
    fields = {"v": 1, "session_id": row.about, "due_at": at(2), "body": old}
    database.collection("outbox").document(stable_id("outbox", "settled", row.about, at(2).isoformat())).set(fields)
    outbox = FirestoreOutbox(database, no_sleep)
    assert outbox.due(at(2), 10) == (row,)
    outbox.done([row])
    assert list(database.collection("outbox").stream()) == []
