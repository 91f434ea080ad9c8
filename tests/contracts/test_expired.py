"""Retention over the emulator: after a leap of the clock nothing is left that has expired, and nothing younger is touched."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from google.cloud import firestore

from shared.adapters.firestore.access_log import FirestoreAccessLog
from shared.adapters.firestore.classes import FirestoreClasses
from shared.adapters.firestore.evidence import FirestoreEvidence
from shared.adapters.firestore.expired import FirestoreExpired, Keeping
from shared.adapters.firestore.extras import FirestoreExtras
from shared.adapters.firestore.ledger import FirestoreLedger
from shared.adapters.firestore.outbox import FirestoreOutbox
from shared.adapters.firestore.parties import FirestoreParties
from shared.adapters.firestore.payments import FirestorePayments
from shared.billing_ports import AdHoc, Party
from shared.domain.classes import ScheduledClass, Status
from shared.domain.ids import stable_id
from shared.domain.invoices import Document, Line, LineKind, Paper
from shared.domain.money import Money
from shared.domain.payments import Payment
from shared.people_ports import Access
from shared.ports import KeyedRequest
from shared.usecases.retain import Retain
from tests.builders import a_class, at, seen
from tests.fakes import Clock, no_sleep
from tests.played import everything

DAY = timedelta(days=1)
KEEPING = Keeping(attendance=100 * DAY, raw=30 * DAY)
NOW = at(0)


def expired_by(database: firestore.Client) -> FirestoreExpired:
    return FirestoreExpired(database, no_sleep, KEEPING)


def booked(database: firestore.Client, name: str, ago: timedelta, **changes: Any) -> ScheduledClass:
    """A class of so long ago with everything that was drawn of it, and one fact."""
    start = NOW - ago
    held = a_class(
        name, start_at=start, end_at=start + timedelta(hours=1), room=f"room:{name}", status=Status.COMPLETED, is_settled=True
    )
    held = replace(held, **changes)
    key = KeyedRequest(stable_id("key", name), "told")
    FirestoreClasses(database, no_sleep).add([held], key)
    database.collection("sessions").document(held.session_id).set({"class_id": held.class_id})
    for collection in ("attendance", "review", "rulings"):
        for number in range(3):
            fields = {"session_id": held.session_id, "start_at": start}
            database.collection(collection).document(stable_id(collection, name, str(number))).set(fields)
    FirestoreEvidence(database, no_sleep).file(seen("join", start, room=held.room or ""))
    return held


def around(database: firestore.Client, name: str, ago: timedelta) -> None:
    """Of every other kind one document of so long ago."""
    when = NOW - ago
    FirestoreAccessLog(database, no_sleep).note(Access("a", "admin", name, name, when))
    evidence = FirestoreEvidence(database, no_sleep)
    evidence.quarantine(name.encode(), "why", when)
    fact = replace(seen("join", when, room=f"nobodys:{name}"), event_id=name)
    evidence.file(fact)
    evidence.file(replace(fact, connection="another"))
    registration = {"joined_at": when, "body": "{}"}
    database.collection("user_sessions").document(stable_id("u", name)).set(registration)
    database.collection("deliveries").document(stable_id("d", name)).set({"closed_at": when, "state": "sent"})
    database.collection("warnings").document(stable_id("w", name)).set({"raised_at": when})
    database.collection("quotas").document(stable_id("q", name)).set({"expire_at": when})
    database.collection("live").document(stable_id("l", name)).set({"expire_at": when})


def by_kind(database: firestore.Client) -> dict[str, int]:
    found: dict[str, int] = {}
    for collection, _ in everything(database):
        found[collection] = found.get(collection, 0) + 1
    return found


def test_after_enough_runs_nothing_expired_is_left_and_nothing_younger_is_touched(database: firestore.Client) -> None:
    booked(database, "young", 99 * DAY)
    around(database, "young", timedelta(hours=-1))
    young = everything(database)
    for number in range(5):
        booked(database, f"old {number}", (101 + number) * DAY)
        around(database, f"old {number}", (101 + number) * DAY)
    retain, expired = Retain(expired_by(database), Clock(NOW)), expired_by(database)
    counts = expired.sweep(NOW, 2)
    assert max(counts.values()) == 2
    assert counts["classes"] == 2
    for _ in range(10):
        expired.sweep(NOW, 2)
    assert everything(database) == young
    assert set(retain().values()) == {0}


def test_a_run_bounded_by_three_hundred_takes_all_of_a_few(database: firestore.Client) -> None:
    booked(database, "old", 101 * DAY)
    around(database, "old", 101 * DAY)
    counts = Retain(expired_by(database), Clock(NOW))()
    assert counts == {
        "expired_classes": 1, "expired_evidence": 2, "expired_access_log": 1, "expired_warnings": 1, "expired_quarantine": 1,
        "expired_quotas": 1, "expired_conflicts": 1, "expired_user_sessions": 1, "expired_deliveries": 1,
        "expired_live": 1, "expired_books": 0,
    }  # fmt: skip
    assert everything(database) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"is_settled": False, "due_at": at(9)},
        {"status": Status.SCHEDULED, "is_settled": False},
        {"status": Status.ACTIVE, "is_settled": False},
    ],
)
def test_what_is_not_settled_is_never_deleted(database: firestore.Client, changes: dict[str, Any]) -> None:
    booked(database, "open", 101 * DAY, **changes)
    before = everything(database)
    assert set(expired_by(database).sweep(NOW, 300).values()) == {0}
    assert everything(database) == before


def test_a_class_that_was_never_held_or_never_read_goes_too(database: firestore.Client) -> None:
    booked(database, "cancelled", 101 * DAY, status=Status.CANCELLED, is_settled=False)
    booked(database, "empty", 102 * DAY, is_settled=False, due_at=None)
    expired_by(database).sweep(NOW, 300)
    assert everything(database) == {}


def test_classes_that_must_stay_keep_none_of_the_others_from_going(database: firestore.Client) -> None:
    for number in range(3):
        booked(database, f"open {number}", 103 * DAY, is_settled=False, due_at=at(9))
    booked(database, "old", 101 * DAY)
    assert expired_by(database).sweep(NOW, 1)["classes"] == 1
    assert by_kind(database)["classes"] == 3
    assert by_kind(database)["evidence"] == 3


def billed(database: firestore.Client, party: str, ago: timedelta, paid_ago: timedelta | None = None) -> None:
    """Two documents, the later one of so long ago, a payment, a row on the first one, one that was withdrawn, and the party."""
    ledger, extras = FirestoreLedger(database, no_sleep), FirestoreExtras(database, no_sleep)
    FirestoreParties(database, no_sleep).save(None, Party(party, "EUR"))
    rows = [AdHoc(stable_id(n, party), party, Line(n, LineKind.AD_HOC, n, Money(5, "EUR")), NOW - ago, "root") for n in "ab"]
    for row in rows:
        extras.add(row)
    extras.withdraw(rows[1].ad_hoc_id)
    for number in range(2):
        when = NOW - ago - (1 - number) * DAY
        document = Document("", Paper.INVOICE, "", party, "EUR", when, when, (rows[0].line,), when, when, "root", 0, "")
        assert ledger.issue(ledger.tail(party), document, rows[:1] if number == 0 else ())
    payment = Payment(party, "1", Money(5, "EUR"), NOW - (paid_ago or ago), "transfer", "root")
    FirestorePayments(database, no_sleep).add(payment)
    told(database)


def told(database: firestore.Client) -> None:
    """The outside was told of everything."""
    outbox = FirestoreOutbox(database, no_sleep)
    outbox.done(outbox.due(NOW, 999))


def paid_only(database: firestore.Client, party: str, ago: timedelta, *, is_charged: bool = True, is_kept: bool = False) -> None:
    """A party to which nothing was issued: it paid so long ago, and was charged something, withdrawn where it is not kept."""
    FirestoreParties(database, no_sleep).save(None, Party(party, "EUR"))
    FirestorePayments(database, no_sleep).add(Payment(party, "1", Money(5, "EUR"), NOW - ago, "transfer", "root"))
    told(database)
    if is_charged:
        charged(database, party, ago, is_kept=is_kept)


def charged(database: firestore.Client, party: str, ago: timedelta, *, is_kept: bool = False) -> None:
    """Something beside classes that a party was to pay, so long ago."""
    extras = FirestoreExtras(database, no_sleep)
    row = AdHoc(stable_id("charge", party), party, Line("c", LineKind.AD_HOC, "c", Money(5, "EUR")), NOW - ago, "root")
    extras.add(row)
    if not is_kept:
        extras.withdraw(row.ad_hoc_id)


def test_books_of_parties_without_documents_go_too_when_all_of_them_is_old(database: firestore.Client) -> None:
    paid_only(database, "young@x.example", 499 * DAY)
    paid_only(database, "charged@x.example", 501 * DAY, is_charged=False)
    charged(database, "charged@x.example", 499 * DAY)
    paid_only(database, "waits@x.example", 502 * DAY, is_kept=True)
    charged(database, "waits too@x.example", 503 * DAY, is_kept=True)
    billed(database, "billed@x.example", 499 * DAY, 600 * DAY)
    young = everything(database)
    for number in range(3):
        paid_only(database, f"paid{number}@x.example", (501 + number) * DAY, is_charged=number > 0)
    charged(database, "withdrew@x.example", 501 * DAY)
    expired = FirestoreExpired(database, no_sleep, replace(KEEPING, books=500 * DAY))
    assert sum(expired.sweep(NOW, 2)["books"] for _ in range(4)) == 4
    assert expired.sweep(NOW, 300)["books"] == 0
    assert everything(database) == young


def test_old_payments_of_parties_whose_books_stay_hide_nobody(database: firestore.Client) -> None:
    for number in range(6):
        billed(database, f"stays{number}@x.example", DAY, (700 - number) * DAY)
    paid_only(database, "gone@x.example", 501 * DAY, is_charged=False)
    expired = FirestoreExpired(database, no_sleep, replace(KEEPING, books=500 * DAY))
    assert [expired.sweep(NOW, 1)["books"] for _ in range(5)] == [0, 1, 0, 0, 0]
    kinds = by_kind(database)
    assert (kinds["parties"], kinds["payments"], kinds["tails"]) == (6, 6, 6)


def test_the_party_of_old_payments_stays_while_it_has_students(database: firestore.Client) -> None:
    paid_only(database, "old@x.example", 501 * DAY)
    parties = FirestoreParties(database, no_sleep)
    before = parties.get("old@x.example")
    assert before is not None
    parties.save(before, replace(before.value, students=("omar@x.example",), rev=2))
    FirestoreExpired(database, no_sleep, replace(KEEPING, books=500 * DAY)).sweep(NOW, 300)
    assert by_kind(database) == {"parties": 1}


@pytest.mark.parametrize("commits", range(3))
def test_books_without_documents_that_were_cut_off_go_with_the_next_run(database: firestore.Client, commits: int) -> None:
    paid_only(database, "old@x.example", 4000 * DAY)
    with pytest.raises(Cut):
        Mortal(database, commits, is_done=True).sweep(NOW, 300)
    expired_by(database).sweep(NOW, 300)
    assert everything(database) == {}


def test_books_go_whole_when_the_last_of_them_is_old_and_numbers_go_on(database: firestore.Client) -> None:
    billed(database, "young@x.example", 499 * DAY)
    billed(database, "payer@x.example", 501 * DAY, 499 * DAY)
    billed(database, "waits@x.example", 501 * DAY)
    line = Line("c", LineKind.AD_HOC, "c", Money(5, "EUR"))
    FirestoreExtras(database, no_sleep).add(AdHoc("c" * 32, "waits@x.example", line, NOW, "root"))
    young = everything(database)
    for number in range(3):
        billed(database, f"old{number}@x.example", (501 + number) * DAY)
    expired = FirestoreExpired(database, no_sleep, replace(KEEPING, books=500 * DAY))
    assert [expired.sweep(NOW, 2)["books"] for _ in range(3)] == [2, 1, 0]
    left = {path: text for path, text in everything(database).items() if path[0] != "counters"}
    assert left == {path: text for path, text in young.items() if path[0] != "counters"}
    billed(database, "old0@x.example", timedelta())
    assert [each.seq for each in FirestoreLedger(database, no_sleep).of_party("old0@x.example")] == [13, 14]


def test_books_stay_as_long_as_the_classes_that_were_billed(database: firestore.Client) -> None:
    billed(database, "old@x.example", 99 * DAY)
    before = everything(database)
    expired = FirestoreExpired(database, no_sleep, replace(KEEPING, books=DAY))
    assert expired.sweep(NOW, 300)["books"] == 0
    assert everything(database) == before


def test_the_party_of_old_books_stays_while_it_has_students(database: firestore.Client) -> None:
    billed(database, "old@x.example", 501 * DAY)
    parties = FirestoreParties(database, no_sleep)
    before = parties.get("old@x.example")
    assert before is not None
    parties.save(before, replace(before.value, students=("omar@x.example",), rev=2))
    FirestoreExpired(database, no_sleep, replace(KEEPING, books=500 * DAY)).sweep(NOW, 300)
    assert by_kind(database) == {"parties": 1, "counters": 1}


@pytest.mark.parametrize("commits", range(5))
def test_books_that_were_cut_off_go_with_the_next_run(database: firestore.Client, commits: int) -> None:
    billed(database, "old@x.example", 4000 * DAY)
    with pytest.raises(Cut):
        Mortal(database, commits, is_done=True).sweep(NOW, 300)
    expired_by(database).sweep(NOW, 300)
    assert by_kind(database) == {"counters": 1}


class Cut(Exception):
    """The process is killed."""


class Mortal(FirestoreExpired):
    """Dies at one of its commits, the commit done or not."""

    def __init__(self, database: firestore.Client, commits: int, *, is_done: bool) -> None:
        super().__init__(database, no_sleep, KEEPING)
        send, told = self._commits.send, iter(range(commits))

        def mortal(batch: Any) -> Any:
            if next(told, None) is not None:
                return send(batch)
            if is_done:
                send(batch)
            raise Cut

        self._commits.send = mortal  # type: ignore[method-assign]


@pytest.mark.parametrize("is_done", [True, False])
@pytest.mark.parametrize("commits", range(6))
def test_a_run_that_is_cut_off_is_taken_up_by_the_next_one(database: firestore.Client, commits: int, is_done: bool) -> None:  # noqa: FBT001
    booked(database, "old", 101 * DAY)
    around(database, "old", 101 * DAY)
    with pytest.raises(Cut):
        Mortal(database, commits, is_done=is_done).sweep(NOW, 300)
    expired_by(database).sweep(NOW, 300)
    assert everything(database) == {}


def test_a_fact_of_two_classes_goes_with_the_later_one(database: firestore.Client) -> None:
    first = booked(database, "first", 101 * DAY)
    second = replace(first, class_id=stable_id("class", "second"), start_at=first.start_at + 0.75 * DAY, end_at=NOW - 99 * DAY)
    FirestoreClasses(database, no_sleep).add([second], None)
    expired_by(database).sweep(NOW, 300)
    assert by_kind(database) == {"classes": 1, "evidence": 1, "pending": 1}
    expired_by(database).sweep(NOW + 2 * DAY, 300)
    assert everything(database) == {}
