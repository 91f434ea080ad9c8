"""Billing a month: how long everybody's drafts take, how many classes are billed in a second, and what is read for an invoice.

The reference only reads the same classes and rows with the same client, and does nothing with them.
"""

import gc
import os
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from functions.billing import rows as lists
from shared import system
from shared.adapters.firestore import ledger as store
from shared.adapters.firestore.classes import document_of
from shared.adapters.firestore.parties import fields_of, party_id_of
from shared.adapters.firestore.payments import FirestorePayments
from shared.adapters.firestore.sessions import FirestoreSessions, row_document
from shared.billing_ports import DocumentFilter
from shared.domain.ids import stable_id
from shared.domain.invoices import Document, Line, LineKind, Paper
from shared.domain.money import Money
from shared.ports import MOST_SESSIONS
from shared.usecases.draft_invoices import Draft
from shared.usecases.issue_documents import ToIssue
from shared.usecases.list_documents import ListDocuments
from shared.usecases.run_period import Order
from shared.usecases.settle_accounts import SettleAccounts
from shared.usecases.show_documents import ShowDocuments
from shared.web.csv_stream import csv_stream
from tests.bench.counting import Counts, counting
from tests.bench.figures import Bench, Figure, at_most, ratio, told
from tests.bench.served import forget_peak, memory_kib
from tests.bench.store import client_of, empty, fill, new_project
from tests.billed import DECEMBER, Billed
from tests.builders import minutes
from tests.fakes import Clock, FakeTasks
from tests.journeys.stored_month import over
from tests.month import Month, a_month
from tests.tracked import BOSS

CLASSES, STUDENTS, TEACHERS, SAMPLE, DOCUMENTS = 1000, 20, 50, 20, 10_000
QUICK = (100, 20, 10, 10, 1000)
# As many students as give each of them ten classes in the month.
CLASSES_EACH = 10
# A class has an entry of the index for each of its people, which the emulator is slow to write on a busy machine.
FEW = 100
LOOK_BACK = timedelta(days=100)
# The bills of a payer, over some twenty months, and how many are shown at once.
BILLS_EACH, PAGE = 20, 100
INVOICES = DocumentFilter(paper=Paper.INVOICE)
MOST_OF_READS = 4.0
MOST_OF_A_PAYERS_READS = 4.0
MOST_READ_AGAIN = 1.2
MOST_FOR_A_LINE = 40.0
MOST_MIB = 512.0
MOST_EXPORT_MIB = 16.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took: seconds, and documents read."""

    seconds: float
    read: int


def measure(bench: Bench) -> list[Figure]:
    """A month is drafted and billed; then everything that was ever issued is exported."""
    project = new_project("billing")
    client = client_of(bench.host, project)
    size = QUICK if bench.is_quick else (CLASSES, STUDENTS, TEACHERS, SAMPLE, DOCUMENTS)
    classes, students, teachers, sample, documents = size
    month = a_month(classes, students, classes * students // CLASSES_EACH, teachers)
    bench.say(f"billing: storing {classes:,} classes with {len(month.rows):,} rows")
    _fill(client, month)
    with counting(bench.host) as counts:
        billed = over(client_of(counts.host, project), Clock(DECEMBER.end + minutes(10)), FakeTasks())
        figures, drafts = _drafting(bench, billed, client, counts, month)
        figures += _issuing(bench, billed, client, counts, drafts[:: max(len(drafts) // sample, 1)])
    empty(bench.host, project)
    return [*figures, *_exporting(bench, documents)]


def _fill(client: firestore.Client, month: Month) -> None:
    fill(client, ((f"classes/{each.class_id}", document_of(each)) for each in month.classes.values()), FEW)
    fill(client, ((f"attendance/{each.row_id}", row_document(each)) for each in month.rows.values()), FEW)
    fill(client, ((f"parties/{party_id_of(each.email)}", fields_of(each)) for each in month.parties), FEW)
    plans = over(client, Clock(DECEMBER.start), FakeTasks()).shop.plans
    for plan in month.plans:
        plans.add(plan)
    for assignment in month.assignments:
        plans.assign(assignment)


def _drafting(
    bench: Bench, billed: Billed, client: firestore.Client, counts: Counts, month: Month
) -> tuple[list[Figure], Sequence[Draft]]:
    """Everybody's drafts, in turn with bare reads of the same classes and rows."""
    ours, theirs, drafts = list[Cost](), list[float](), tuple[Draft, ...]()
    gc.collect()
    before, is_fresh = memory_kib(os.getpid()), forget_peak(os.getpid())
    for number in range(bench.rounds(3)):
        bench.say(f"billing: drafting everybody, round {number}")
        counts.reset()
        began = time.perf_counter()
        drafts = billed.draft.of_all(Paper.INVOICE, DECEMBER).drafts
        ours.append(Cost(time.perf_counter() - began, counts.read))
        theirs.append(_bare(client))
    peak = memory_kib(os.getpid(), "VmHWM") if is_fresh else memory_kib(os.getpid())
    stored, seconds = len(month.rows) + len(month.classes), min(each.seconds for each in ours)
    note = f"{seconds:.1f} s for {len(drafts):,} drafts, {min(theirs):.1f} s to read"
    return [
        told("billing", "seconds to draft everybody", seconds, "s", note),
        ratio("billing", "drafting, of bare reads", [each.seconds for each in ours], theirs, f"<= {MOST_OF_READS:g}", note),
        at_most("billing", "documents read to draft, of those of the month", ours[-1].read / stored, MOST_READ_AGAIN),
        at_most("billing", "memory to draft, above idle", (peak - before) / 1024, MOST_MIB, "MiB", "the function has 1,024 MiB"),
    ], drafts


def _issuing(bench: Bench, billed: Billed, client: firestore.Client, counts: Counts, drafts: Sequence[Draft]) -> list[Figure]:
    """Some payers' tasks of the run: each drafts one payer anew and issues it; in turn with bare reads of what it rests on."""
    ours, theirs, read, issued = list[float](), list[float](), 0, list[Document]()
    bench.say(f"billing: issuing {len(drafts)} of them")
    for draft in drafts:
        wanted = ToIssue(draft.party.email, draft.paper, draft.currency, draft.period, draft.digest)
        counts.reset()
        began = time.perf_counter()
        issued += billed.run.one(Order(wanted, "bench"))
        ours.append(time.perf_counter() - began)
        read += counts.read
        theirs.append(_bare_of(client, sorted({line.session_id for line in draft.lines if line.session_id})))
    if len(issued) != len(drafts):
        raise RuntimeError(f"Of {len(drafts)} drafts {len(issued)} were issued.")
    lines = sum(line.session_id is not None for each in issued for line in each.lines)
    classes = len({line.session_id for each in issued for line in each.lines})
    note = f"{len(issued)} invoices with {lines} lines about {classes} classes"
    return [
        told("billing", "classes billed, each for one payer", lines / sum(ours), "/s", note),
        told("billing", "invoices drafted and issued", len(issued) / sum(ours), "/s", note),
        told("billing", "documents read for an invoice", read / len(issued), "docs", note),
        at_most("billing", "documents read for a line", read / lines, MOST_FOR_A_LINE, "docs", "a class has 22 with its rows"),
        ratio("billing", "billing a payer, of bare reads", ours, theirs, f"<= {MOST_OF_A_PAYERS_READS:g}", note),
    ]


def _exporting(bench: Bench, documents: int) -> list[Figure]:
    """A page of the newest documents with how they stand, and all of them as CSV: what Python holds at most meanwhile."""
    project = new_project("documents")
    client = client_of(bench.host, project)
    bench.say(f"billing: exporting {documents:,} documents")
    fill(client, _issued(documents), FEW)
    with counting(bench.host) as counts:
        shown = _lists(client_of(counts.host, project))
        shown.page(INVOICES, None, 1, None, BOSS)
        counts.reset()
        began = time.perf_counter()
        rows = shown.page(INVOICES, None, PAGE, None, BOSS).items
        page = Cost(time.perf_counter() - began, counts.read)
    tracemalloc.start()
    count = sum(piece.count(b"\n") for piece in _csv(_lists(client)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    empty(bench.host, project)
    if count != documents + 1:
        raise RuntimeError(f"Of {documents} documents {count - 1} were exported.")
    note = f"a page of {len(rows)}, in {page.seconds:.2f} s; each payer has {BILLS_EACH}"
    return [
        at_most("billing", "documents read for a row of the list", page.read / len(rows), BILLS_EACH + 2, "docs", note),
        at_most("billing", f"memory to export {documents:,} documents", peak / 2**20, MOST_EXPORT_MIB, "MiB"),
    ]


def _lists(client: firestore.Client) -> ListDocuments:
    ledger, payments = store.FirestoreLedger(client, system.sleep), FirestorePayments(client, system.sleep)
    show = ShowDocuments(ledger, payments, FirestoreSessions(client, system.sleep))
    return ListDocuments(show, SettleAccounts(ledger, payments, system.now), system.now)


def _csv(documents: ListDocuments) -> Iterator[bytes]:
    rows = lists.of_documents(documents.stream(INVOICES, None, BOSS))
    return csv_stream([str(each) for each in lists.DOCUMENTS], rows)


def _bare(client: firestore.Client) -> float:
    """Read the classes and rows of the time that a draft looks at; the seconds that it takes."""
    began = time.perf_counter()
    for name in ("classes", "attendance"):
        query: Any = client.collection(name).where(filter=FieldFilter("start_at", ">=", DECEMBER.start - LOOK_BACK))
        for snapshot in query.where(filter=FieldFilter("start_at", "<", DECEMBER.end)).order_by("start_at").stream():
            snapshot.to_dict()
    return time.perf_counter() - began


def _bare_of(client: firestore.Client, session_ids: Sequence[str]) -> float:
    """Read some classes and their rows."""
    began = time.perf_counter()
    for first in range(0, len(session_ids), MOST_SESSIONS):
        some = list(session_ids[first : first + MOST_SESSIONS])
        for name in ("classes", "attendance"):
            for snapshot in client.collection(name).where(filter=FieldFilter("session_id", "in", some)).stream():
                snapshot.to_dict()
    return time.perf_counter() - began


def _issued(count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """So many invoices with a dozen lines each."""
    lines = tuple(
        Line(stable_id("line", str(n)), LineKind.CLASS, f"Algebra {n}", Money(3000, "EUR"), 1900, person="s1@school.example")
        for n in range(12)
    )
    end = DECEMBER.end
    one = Document(
        "", Paper.INVOICE, "INV-1", "", "EUR", DECEMBER.start, end, lines, end, end + timedelta(days=14), "bench", 1, ""
    )  # fmt: skip
    for number in range(count):
        place, payer = divmod(number, max(count // BILLS_EACH, 1))
        party, document_id = f"p{payer}@home.example", stable_id("document", str(number))
        each = replace(one, document_id=document_id, party=party, number=f"INV-{number:06d}", issued_at=end + number * minutes(1))
        yield f"documents/{document_id}", store._fields_of(each, place)
