"""Evidence, overrides, runs, payments and voids in any order: after the last run the ledger says what the evidence says."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.invoices import Document, Paper
from shared.usecases.draft_invoices import is_of
from tests.billed import DECEMBER, JANUARY
from tests.books import Books, in_memory, overpaid_lessons, troubles_of
from tests.month import a_month

CLASSES, STUDENTS, POOL, TEACHERS = 6, 3, 5, 2
SOMETHING = st.integers(min_value=0, max_value=10**6)
MOVES = st.lists(
    st.tuples(st.sampled_from(("evidence", "evidence", "run", "void", "pay", "sell", "half")), SOMETHING), max_size=9
)


@dataclass
class Game:
    """A small month, and what each move does to it."""

    books: Books

    def plays(self, move: str, number: int) -> None:
        """One move; `number` says about what."""
        month, documents = self.books.month, self.books.ledger
        if move == "evidence":
            held = [each for each in month.classes.values() if month.rows_of(each)]
            month.late_evidence(held[number % len(held)])
        elif move == "run":
            self.books.runs(DECEMBER)
        elif move == "half":
            self.books.runs(DECEMBER, (Paper.INVOICE,) if number % 2 else (Paper.PAYMENT_ORDER,))
        elif move == "sell":
            party = month.parties[number % len(month.parties)]
            self.books.sells(party.email, f"sold {number}", number % 3 or None, 1000 + number % 7, party.currency)
        elif documents:
            self._about(move, documents[number % len(documents)], number)

    def _about(self, move: str, document: Document, number: int) -> None:
        if move == "void" and document.paper is not Paper.CREDIT_NOTE:
            self.books.takes_back(document)
        elif move == "pay" and is_of(document, Paper.INVOICE):
            self.books.billed.pays(number + 1, f"paid {number}", document.number, document.party, document.currency)


@settings(max_examples=80)
@given(seed=st.integers(min_value=0, max_value=10**6), moves=MOVES)
def test_after_the_last_run_the_ledger_is_what_follows_from_the_evidence(seed: int, moves: list[tuple[str, int]]) -> None:
    game = Game(in_memory(a_month(CLASSES, STUDENTS, POOL, TEACHERS, seed)))
    issued: dict[str, Document] = {}
    for move, number in moves:
        game.plays(move, number)
        now = {each.document_id: each for each in game.books.ledger}
        assert issued.items() <= now.items()
        issued = now
    game.books.runs(DECEMBER)
    game.books.runs(JANUARY)
    assert game.books.said() == game.books.must
    assert troubles_of(game.books.ledger) == []
    assert overpaid_lessons(game.books.ledger) == []


@settings(max_examples=40)
@given(seed=st.integers(min_value=0, max_value=10**6), moves=MOVES)
def test_a_run_that_follows_another_bills_nothing_twice(seed: int, moves: list[tuple[str, int]]) -> None:
    game = Game(in_memory(a_month(CLASSES, STUDENTS, POOL, TEACHERS, seed)))
    for move, number in moves:
        game.plays(move, number)
    game.books.runs(DECEMBER)
    once = game.books.ledger
    game.books.runs(DECEMBER)
    assert game.books.ledger == once
