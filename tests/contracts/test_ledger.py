"""What every ledger does: the fake and the emulator alike; and the emulator whatever breaks and however many issue at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from shared import system
from shared.billing_ports import AdHoc, DocumentFilter, Extras, Ledger
from shared.delivery_ports import Outbox
from shared.domain.bills_told import note_of_document
from shared.domain.errors import InvalidInput, NotFound
from shared.domain.ids import stable_id
from shared.domain.invoices import Document, Line, LineKind, Paper, broken_links
from shared.domain.messages import OutboxKind
from shared.domain.money import Money
from shared.domain.packages import Package
from tests.builders import at
from tests.fake_billing import MemoryExtras, MemoryLedger
from tests.fake_deliveries import MemoryOutbox
from tests.fakes import no_sleep
from tests.shaky import WAYS, Died, ShakyClient
from tests.shaky import Line as Shaky

if TYPE_CHECKING:
    from google.cloud import firestore

MUM, DAD, ADA = "mum@home.example", "dad@home.example", "ada@school.example"
OMAR, LENA = "omar@school.example", "lena@school.example"
AT_ONCE = 32


@dataclass
class Books:
    """A ledger with the rows that it spends, and the outbox with the notes that it stores."""

    ledger: Ledger
    extras: Extras
    outbox: Outbox

    def issue(self, document: Document, *spent: AdHoc) -> Document:
        """Issue at the end of the party's ledger."""
        issued = self.ledger.issue(self.ledger.tail(document.party), document, spent)
        assert issued is not None
        return issued


def over(client: "firestore.Client", sleep: Callable[[float], None] = no_sleep) -> Books:
    from shared.adapters.firestore.extras import FirestoreExtras
    from shared.adapters.firestore.ledger import FirestoreLedger
    from shared.adapters.firestore.outbox import FirestoreOutbox

    return Books(FirestoreLedger(client, sleep), FirestoreExtras(client, sleep), FirestoreOutbox(client, sleep))


@pytest.fixture(params=["memory", "firestore"])
def books(request: pytest.FixtureRequest) -> Iterator[Books]:
    if request.param == "memory":
        extras = MemoryExtras()
        ledger = MemoryLedger(extras)
        yield Books(ledger, extras, MemoryOutbox(ledger.outbox))
    else:
        yield over(request.getfixturevalue("database"))


def line(name: str, person: str = OMAR, minor: int = 3000) -> Line:
    return Line(stable_id("line", name), LineKind.CLASS, f"Algebra {name}, {person}", Money(minor, "EUR"), 1900, person=person)


def unissued(name: str = "a", party: str = MUM, paper: Paper = Paper.INVOICE, minute: int = 0, person: str = OMAR) -> Document:
    """A document as it is handed to a ledger."""
    return Document(
        "", paper, "", party, "EUR", at(0), at(1440), (line(name, person),), at(2000 + minute), at(9000), "root", 0, "",
    )  # fmt: skip


def waiting(name: str = "book", party: str = MUM) -> AdHoc:
    package = Package(stable_id("package", name), party, "EUR", 10, at(5))
    return AdHoc(stable_id("ad_hoc", name), party, line(name), at(5), "root@school.example", package)


def test_before_the_first_document_there_is_nothing(books: Books) -> None:
    assert books.ledger.tail(MUM) is None
    assert books.ledger.of_party(MUM) == ()
    assert books.ledger.page(DocumentFilter(), 5, None).items == ()
    assert [books.ledger.get(each) for each in ("a" * 32, "..", "no/id")] == [None] * 3


def test_each_paper_has_its_own_numbers_and_each_party_its_own_chain(books: Books) -> None:
    issued = [
        books.issue(unissued("a")),
        books.issue(unissued("b", DAD)),
        books.issue(unissued("c", ADA, Paper.PAYMENT_ORDER)),
        books.issue(unissued("d", paper=Paper.CREDIT_NOTE)),
        books.issue(unissued("e")),
    ]
    assert [each.number for each in issued] == ["INV-000001", "INV-000002", "PO-000001", "CN-000001", "INV-000003"]
    assert [each.seq for each in issued] == [1, 2, 1, 1, 3]
    assert books.ledger.of_party(MUM) == (issued[0], issued[3], issued[4])
    assert broken_links(books.ledger.of_party(MUM)) == ()
    tail = books.ledger.tail(MUM)
    assert tail is not None
    assert (tail.value.documents, tail.value.last_hash) == (3, issued[4].content_hash)
    assert [books.ledger.get(each.document_id) for each in issued] == issued
    assert len({each.document_id for each in issued}) == 5


def test_a_document_comes_back_as_it_was_issued(books: Books) -> None:
    told = replace(
        line("a"), item_id="i" * 32, seq=3, session_id="s" * 32, teacher_email=ADA, course_id="maths", start_at=at(7.5),
        how="60 min at 30.00 EUR an hour", digest="d" * 64, corrects="INV-000009", cause="it is now present", package_id="p" * 32,
    )  # fmt: skip
    issued = books.issue(replace(unissued(), lines=(told, line("b", LENA, -1)), cancels="INV-000009"))
    stored = books.ledger.get(issued.document_id)
    assert stored == issued
    assert stored is not None
    assert (stored.lines[0], stored.gross, stored.issued_by) == (told, issued.gross, "root")


def test_the_books_of_many_parties_are_read_together_each_in_its_order(books: Books) -> None:
    names = [f"payer{n}@home.example" for n in range(33)]
    first, second = books.issue(unissued("a", names[0])), books.issue(unissued("b", names[0], Paper.CREDIT_NOTE))
    last, foreign = books.issue(unissued("c", names[32], minute=-5)), books.issue(unissued("d"))
    found = books.ledger.of_parties(names)
    assert found == {names[0]: (first, second), names[32]: (last,)}
    assert foreign.party not in found
    assert books.ledger.of_parties([]) == {}


def noted(books: Books) -> set[str]:
    """The ids of the documents of which the outside is to be told."""
    rows = books.outbox.due(at(99999), 999)
    assert {row.kind for row in rows} <= {OutboxKind.DOCUMENT_ISSUED}
    return {row.about for row in rows}


def test_with_each_document_is_noted_once_that_it_is_to_be_told(books: Books) -> None:
    first = books.ledger.issue(None, unissued("a"), ())
    assert first is not None
    assert books.outbox.due(at(1999), 9) == ()
    assert books.outbox.due(at(2000), 9) == (note_of_document(first),)
    assert books.ledger.issue(None, unissued("a"), ()) == first
    assert books.ledger.issue(None, unissued("b"), ()) is None
    second = books.issue(unissued("c", DAD, Paper.PAYMENT_ORDER))
    assert noted(books) == {first.document_id, second.document_id}
    books.outbox.done(books.outbox.due(at(99999), 9))
    assert books.ledger.issue(None, unissued("a"), ()) == first
    assert noted(books) == set()


def test_who_issues_at_an_old_end_is_told_so_and_nothing_is_stored(books: Books) -> None:
    begin = books.ledger.tail(MUM)
    first = books.issue(unissued("a"))
    end = books.ledger.tail(MUM)
    assert books.ledger.issue(begin, unissued("b"), ()) is None
    second = books.issue(unissued("c"))
    assert books.ledger.issue(end, unissued("b"), ()) is None
    assert books.ledger.issue(end, unissued("b", paper=Paper.CREDIT_NOTE), ()) is None
    assert books.ledger.of_party(MUM) == (first, second)
    assert books.issue(unissued("d")).number == "INV-000003"


def test_the_same_told_again_at_the_same_end_is_the_one_that_was_stored(books: Books) -> None:
    row = waiting()
    books.extras.add(row)
    first = books.ledger.issue(None, unissued("a"), [row])
    assert first is not None
    assert books.ledger.issue(None, unissued("a"), [row]) == first
    assert books.ledger.issue(None, unissued("a", minute=1), [row]) is None
    assert books.ledger.of_party(MUM) == (first,)


def test_what_is_billed_waits_no_more_and_can_neither_be_billed_again_nor_withdrawn(books: Books) -> None:
    row, other = waiting(), waiting("pen")
    for each in (row, other):
        assert books.extras.add(each)
    books.issue(unissued("a"), row)
    assert books.extras.waiting(MUM) == (other,)
    assert not books.extras.withdraw(row.ad_hoc_id)
    assert not books.extras.add(row)
    assert books.extras.waiting(MUM) == (other,)
    assert books.ledger.issue(books.ledger.tail(MUM), unissued("b"), [row]) is None
    assert set(books.extras.packages(MUM)) == {row.package, other.package}


def test_a_row_that_was_withdrawn_or_never_stored_is_on_no_document(books: Books) -> None:
    row, unknown = waiting(), waiting("unknown")
    books.extras.add(row)
    assert books.extras.withdraw(row.ad_hoc_id)
    for each in (row, unknown):
        assert books.ledger.issue(None, unissued("a"), [each]) is None
    assert books.ledger.of_party(MUM) == ()
    assert books.issue(unissued("a")).number == "INV-000001"


def many(books: Books) -> list[Document]:
    """Ten invoices and payment orders by turns, to two parties, about two students; the newest first."""
    documents = [
        unissued(f"{n}", (MUM, DAD)[n // 2 % 2], (Paper.INVOICE, Paper.PAYMENT_ORDER)[n % 2], n, (OMAR, LENA)[n // 5])
        for n in range(10)
    ]
    return [books.issue(each) for each in documents][::-1]


@pytest.mark.parametrize(
    "wanted",
    [
        DocumentFilter(),
        DocumentFilter(party=MUM),
        DocumentFilter(paper=Paper.INVOICE),
        DocumentFilter(person=LENA),
        DocumentFilter(issued_from=at(2003), issued_before=at(2007)),
        DocumentFilter(DAD, Paper.PAYMENT_ORDER, at(2001), at(2009), OMAR),
        DocumentFilter(party="nobody@home.example"),
    ],
)
def test_pages_and_streams_hold_each_document_that_is_wanted_once_the_newest_first(books: Books, wanted: DocumentFilter) -> None:
    meant = [
        each
        for each in many(books)
        if wanted.party in (None, each.party)
        and wanted.paper in (None, each.paper)
        and wanted.person in (None, each.lines[0].person)
        and (wanted.issued_from is None or each.issued_at >= wanted.issued_from)
        and (wanted.issued_before is None or each.issued_at < wanted.issued_before)
    ]
    found, token = list[Document](), None
    while True:
        page = books.ledger.page(wanted, 2, token)
        found += page.items
        token = page.next_token
        if token is None:
            break
        assert len(page.items) == 2
    assert found == meant
    assert list(books.ledger.stream(wanted)) == meant


DUE_IN = (5, 1, 3, 2, 1, 4)


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        (DocumentFilter(due_from=at(2), due_before=at(5)), [3, 2, 5]),
        (DocumentFilter(due_from=at(3)), [2, 5, 0]),
        (DocumentFilter(due_before=at(3)), [1, 4, 3]),
        (DocumentFilter(paper=Paper.INVOICE, due_before=at(5)), [4, 2]),
        (DocumentFilter(party=DAD, due_from=at(1), due_before=at(3)), [1, 3]),
        (DocumentFilter(due_from=at(6)), []),
    ],
)
def test_documents_are_found_by_when_they_are_due_the_first_due_at_the_head(
    books: Books, wanted: DocumentFilter, places: list[int]
) -> None:
    issued = [
        books.issue(replace(unissued(f"{n}", (MUM, DAD)[n % 2], (Paper.INVOICE, Paper.PAYMENT_ORDER)[n % 2]), due_at=at(days)))
        for n, days in enumerate(DUE_IN)
    ]
    stored = list(books.ledger.stream(wanted))
    assert sorted(each.number for each in stored) == sorted(issued[n].number for n in places)
    assert [each.due_at for each in stored] == [at(DUE_IN[n]) for n in places]
    found, token = list[Document](), None
    for _ in range(4):
        page = books.ledger.page(wanted, 2, token)
        found += page.items
        token = page.next_token
        if token is None:
            break
    assert found == stored


def test_a_foreign_token_is_refused(books: Books) -> None:
    books.issue(unissued())
    for token in ("f" * 32, "no id", "../x"):
        with pytest.raises(NotFound):
            books.ledger.page(DocumentFilter(), 2, token)


def test_documents_issued_at_the_same_instant_are_each_on_one_page(books: Books) -> None:
    issued = {books.issue(unissued(f"{n}")).document_id for n in range(5)}
    found, token = list[str](), None
    for _ in range(3):
        page = books.ledger.page(DocumentFilter(party=MUM), 2, token)
        found += [each.document_id for each in page.items]
        token = page.next_token
    assert (sorted(found), token) == (sorted(issued), None)


def test_parties_with_lessons_to_make_up_are_found_while_these_are_good(books: Books) -> None:
    assert books.ledger.parties_with_makeups(at(0)) == frozenset()
    for party, until in ((MUM, at(5000)), (DAD, at(6000)), (ADA, None)):
        lines = (line("a"), replace(line("b"), makeup_until=until), replace(line("c"), makeup_until=until and at(4000)))
        books.issue(replace(unissued("a", party), lines=lines))
    assert books.ledger.parties_with_makeups(at(0)) == {MUM, DAD}
    assert books.ledger.parties_with_makeups(at(5000)) == {DAD}
    assert books.ledger.parties_with_makeups(at(6000)) == frozenset()


def test_a_stream_that_breaks_off_goes_on_where_it_was(database: "firestore.Client") -> None:
    issued = many(over(database))
    shaky = Shaky(breaks_after=3, cuts=3)
    assert list(over(ShakyClient(database.project, shaky)).ledger.stream(DocumentFilter())) == issued
    assert shaky.cuts == 0


def test_more_than_a_document_holds_is_refused_and_nothing_is_stored(database: "firestore.Client") -> None:
    books = over(database)
    with pytest.raises(InvalidInput, match="in several"):
        books.issue(replace(unissued(), lines=tuple(line(f"{n}") for n in range(4000))))
    assert books.ledger.of_party(MUM) == ()
    whole = books.issue(replace(unissued(), lines=tuple(line(f"{n}") for n in range(1500))))
    assert books.ledger.get(whole.document_id) == whole
    assert whole.number == "INV-000001"


# ---- whatever breaks


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("at_commit", [1, 2, 3])
def test_whichever_commit_is_disturbed_each_document_is_there_once_and_no_number_is_missing(
    database: "firestore.Client", at_commit: int, way: str
) -> None:
    row = waiting()
    over(database).extras.add(row)
    wanted = (unissued("a"), unissued("b", DAD), unissued("c"))
    shaky = Shaky(at_commit, way)
    calm = over(ShakyClient(database.project, shaky))
    for document in wanted:
        spent = calm.extras.waiting(document.party)
        while document.lines not in {each.lines for each in calm.ledger.of_party(document.party)}:
            try:
                calm.ledger.issue(calm.ledger.tail(document.party), document, spent)
            except Died:
                calm = over(ShakyClient(database.project, shaky))
    mums, dads = calm.ledger.of_party(MUM), calm.ledger.of_party(DAD)
    assert [each.lines for each in (*mums, *dads)] == [wanted[0].lines, wanted[2].lines, wanted[1].lines]
    assert [each.number for each in (*mums, *dads)] == ["INV-000001", "INV-000003", "INV-000002"]
    assert broken_links(mums) == ()
    assert calm.extras.waiting(MUM) == ()
    assert noted(calm) == {each.document_id for each in (*mums, *dads)}


@pytest.mark.parametrize("way", ["died before", "died after"])
def test_who_dies_at_the_commit_leaves_the_document_with_its_note_or_neither(database: "firestore.Client", way: str) -> None:
    with pytest.raises(Died):
        over(ShakyClient(database.project, Shaky(1, way))).ledger.issue(None, unissued("a"), ())
    books = over(database)
    stored = books.ledger.of_party(MUM)
    assert len(stored) == (way == "died after")
    assert noted(books) == {each.document_id for each in stored}


@pytest.mark.parametrize("way", ["lost request", "lost reply"])
def test_who_lost_the_line_at_a_commit_has_the_document_all_the_same(database: "firestore.Client", way: str) -> None:
    books = over(ShakyClient(database.project, Shaky(1, way)))
    issued = books.issue(unissued("a"))
    assert books.ledger.of_party(MUM) == (issued,)
    assert books.issue(unissued("b")).number == "INV-000002"


# ---- however many issue at once


def at_once(act: Callable[[int], Document | None]) -> list[Document | None]:
    """So many threads that begin together, each with its number."""
    gate = Barrier(AT_ONCE)

    def begin(number: int) -> Document | None:
        gate.wait(30)
        return act(number)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(begin, range(AT_ONCE)))


def test_many_who_issue_to_one_party_at_once_get_numbers_without_gaps_and_one_chain(database: "firestore.Client") -> None:
    books = over(database, system.sleep)

    def act(number: int) -> Document | None:
        while (issued := books.ledger.issue(books.ledger.tail(MUM), unissued(f"{number}", minute=number), ())) is None:
            pass
        return issued

    issued = at_once(act)
    stored = books.ledger.of_party(MUM)
    assert sorted(each.number for each in issued if each) == [f"INV-{n:06d}" for n in range(1, AT_ONCE + 1)]
    assert {each.content_hash for each in stored} == {each.content_hash for each in issued if each}
    assert [each.seq for each in stored] == list(range(1, AT_ONCE + 1))
    assert noted(books) == {each.document_id for each in stored}
    assert len({each.lines for each in stored}) == AT_ONCE
    assert broken_links(stored) == ()


def test_many_who_issue_to_a_party_each_at_once_get_numbers_without_gaps(database: "firestore.Client") -> None:
    books = over(database, system.sleep)
    issued = at_once(lambda number: books.ledger.issue(None, unissued("a", f"payer{number}@home.example"), ()))
    assert sorted(each.number for each in issued if each) == [f"INV-{n:06d}" for n in range(1, AT_ONCE + 1)]
    stored = list(books.ledger.stream(DocumentFilter()))
    assert sorted(each.party for each in stored) == sorted(f"payer{n}@home.example" for n in range(AT_ONCE))
    assert {each.content_hash for each in stored} == {each.content_hash for each in issued if each}


def test_many_who_issue_the_same_at_once_make_one_document(database: "firestore.Client") -> None:
    books = over(database, system.sleep)
    row = waiting()
    books.extras.add(row)
    issued = at_once(lambda _: books.ledger.issue(None, unissued("a"), [row]))
    assert len(set(issued)) == 1
    assert books.ledger.of_party(MUM) == (issued[0],)
    assert books.issue(unissued("b")).number == "INV-000002"


def test_of_many_who_withdraw_and_bill_the_same_row_either_all_withdraw_or_one_document_holds_it(
    database: "firestore.Client",
) -> None:
    books = over(database, system.sleep)
    for number in range(4):
        row, party = waiting(f"{number}"), f"payer{number}@home.example"
        row = replace(row, party=party)
        books.extras.add(row)
        withdrawn = list[bool]()

        def act(thread: int, row: AdHoc = row, party: str = party, withdrawn: list[bool] = withdrawn) -> Document | None:
            if thread % 2:
                return books.ledger.issue(None, unissued("a", party, minute=thread), [row])
            withdrawn.append(books.extras.withdraw(row.ad_hoc_id))
            return None

        issued = [each for each in at_once(act) if each]
        assert len(books.ledger.of_party(party)) == len(issued)
        assert (len(issued), set(withdrawn)) in ((1, {False}), (0, {True}))
        assert books.extras.waiting(party) == ()
