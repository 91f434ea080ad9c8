"""What every store of ad hoc charges and packages does: the fake and the emulator alike."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from shared.billing_ports import AdHoc, Extras
from shared.domain.ids import stable_id
from shared.domain.invoices import Line, LineKind, Paper
from shared.domain.money import Money
from shared.domain.packages import Package
from tests.builders import at
from tests.fake_billing import MemoryExtras
from tests.fakes import no_sleep
from tests.shaky import WAYS, Died, ShakyClient
from tests.shaky import Line as Shaky

if TYPE_CHECKING:
    from google.cloud import firestore

MUM, DAD = "mum@home.example", "dad@home.example"


def over(client: "firestore.Client") -> Extras:
    from shared.adapters.firestore.extras import FirestoreExtras

    return FirestoreExtras(client, no_sleep)


@pytest.fixture(params=["memory", "firestore"])
def extras(request: pytest.FixtureRequest) -> Extras:
    return MemoryExtras() if request.param == "memory" else over(request.getfixturevalue("database"))


def row(name: str, minute: float = 0, party: str = MUM, *, has_package: bool = False, minor: int = 1500) -> AdHoc:
    line = Line(stable_id("line", name), LineKind.AD_HOC, name, Money(minor, "EUR"))
    package = Package(stable_id("package", name), party, "EUR", 10, at(minute), at(9000), "omar@school.example", "maths", name)
    return AdHoc(stable_id("ad_hoc", name), party, line, at(minute), "root", package if has_package else None)


def test_rows_wait_by_party_the_oldest_first(extras: Extras) -> None:
    book, pen, other = row("book", 2), replace(row("pen", 1), paper=Paper.PAYMENT_ORDER), row("dad's", 3, DAD)
    assert all(extras.add(each) for each in (book, other, pen))
    assert extras.waiting(MUM) == (pen, book)
    assert extras.waiting(DAD) == (other,)
    assert extras.waiting(None) == (pen, book, other)
    assert extras.waiting("nobody@home.example") == ()


def test_a_row_is_stored_once_and_what_is_stored_stays(extras: Extras) -> None:
    assert extras.add(row("book"))
    assert not extras.add(row("book"))
    assert not extras.add(row("book", minor=1))
    assert extras.waiting(MUM) == (row("book"),)


def test_what_is_taken_back_waits_no_more_and_does_not_come_back(extras: Extras) -> None:
    extras.add(row("book", has_package=True))
    book = row("book", has_package=True)
    assert extras.withdraw(book.ad_hoc_id)
    assert extras.withdraw(book.ad_hoc_id)
    assert not extras.add(book)
    assert extras.waiting(MUM) == ()
    assert extras.packages(MUM) == ()


@pytest.mark.parametrize("unknown", ["f" * 32, "", "../x", "no/id"])
def test_what_is_unknown_cannot_be_taken_back(extras: Extras, unknown: str) -> None:
    assert not extras.withdraw(unknown)


def test_packages_are_told_by_party_the_oldest_first(extras: Extras) -> None:
    ten, five, dads = row("ten", 2, has_package=True), row("five", 1, has_package=True), row("dad's", 3, DAD, has_package=True)
    for each in (ten, five, dads, row("book")):
        extras.add(each)
    assert extras.packages(MUM) == (five.package, ten.package)
    assert extras.packages(None) == (five.package, ten.package, dads.package)
    assert extras.packages("nobody@home.example") == ()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("at_commit", [1, 2])
def test_whichever_commit_is_disturbed_a_row_is_stored_once_and_taken_back(
    database: "firestore.Client", at_commit: int, way: str
) -> None:
    shaky = Shaky(at_commit, way)
    extras = over(ShakyClient(database.project, shaky))
    book, told = row("book"), list[bool]()
    for act in (lambda: extras.add(book), lambda: extras.withdraw(book.ad_hoc_id)):
        for _ in range(2):
            try:
                told.append(act())
            except Died:
                continue
            break
        assert [each.get("state") for each in database.collection("extras").stream()] == [("waiting", "withdrawn")[len(told) - 1]]
    assert told[1]
    assert extras.waiting(MUM) == ()
