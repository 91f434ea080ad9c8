"""The attendance export as CSV: memory that does not grow with the rows, and a first byte that does not wait for the last."""

import http.client
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.ports import LOOPBACK
from shared.adapters.firestore.sessions import row_document
from shared.domain.attendance import Attendance, AttendanceStatus, Match, Role
from shared.domain.evidence import Basis, Source
from shared.domain.ids import stable_id
from shared.domain.presence import Stay
from tests.bench.figures import Bench, Figure, at_most, told
from tests.bench.served import Server, environment, forget_peak, memory_kib, packed, serving
from tests.bench.store import client_of, empty, fill, new_project

PATH = "/api/monitoring/attendance-logs?format=csv&teacher_email="
PIECE = 64 * 1024
FEW, SOME, MANY = 50, 10_000, 100_000
QUICK = (1_000, 5_000)
MOST_GROWTH_MIB = 16.0
TIMEOUT_S = 280
PEOPLE = 30


@dataclass(frozen=True, slots=True)
class Export:
    """One export: rows and bytes that came, seconds to the first byte, the first row and the last; MiB idle and at the peak."""

    rows: int
    first_byte_s: float
    first_row_s: float
    total_s: float
    idle_mib: float
    peak_mib: float


def measure(bench: Bench) -> list[Figure]:
    """Ten and a hundred thousand rows, each by a process of its own that has exported a few before."""
    sizes = QUICK if bench.is_quick else (SOME, MANY)
    project = new_project("export")
    client = client_of(bench.host, project)
    for size in (FEW, *sizes):
        bench.say(f"csv: storing {size:,} rows")
        fill(client, _rows(size))
    exports = []
    for size in sizes:
        bench.say(f"csv: exporting {size:,} rows")
        with serving(packed(bench, "monitoring"), environment(bench, project)) as server:
            _export(server, FEW)
            _export(server, FEW)
            exports.append(_export(server, size))
        if exports[-1].rows != size:
            raise RuntimeError(f"Of {size} rows {exports[-1].rows} were exported.")
    empty(bench.host, project)
    return _figures(exports)


def _figures(exports: list[Export]) -> list[Figure]:
    figures = []
    for one in exports:
        growth, note = one.peak_mib - one.idle_mib, f"idle {one.idle_mib:.1f}, peak {one.peak_mib:.1f} MiB"
        figures.append(at_most("csv", f"memory above idle, {one.rows:,} rows", growth, MOST_GROWTH_MIB, "MiB", note))
        note = f"first byte {one.first_byte_s * 1000:.0f} ms, first row {one.first_row_s * 1000:.0f} ms, all {one.total_s:.1f} s"
        share = one.first_byte_s / one.total_s
        figures.append(at_most("csv", f"first byte, of the whole time, {one.rows:,} rows", share, 0.1, "x", note))
        figures.append(told("csv", f"time a row, {one.rows:,} rows", one.total_s / one.rows * 1e6, "us"))
    few, many = exports
    figures.append(at_most("csv", f"peak of {many.rows:,} rows, of that of {few.rows:,}", many.peak_mib / few.peak_mib, 1.05))
    return figures


def _export(server: Server, size: int) -> Export:
    """Read one export piece by piece, keeping nothing, and look at the worker meanwhile."""
    pid = server.worker
    idle, highest = memory_kib(pid), 0
    is_fresh = forget_peak(pid)
    connection = http.client.HTTPConnection(LOOPBACK, server.port, timeout=TIMEOUT_S)
    began = time.perf_counter()
    connection.request("GET", PATH + _teacher(size))
    response = connection.getresponse()
    first_byte_s = first_row_s = 0.0
    lines = 0
    while piece := response.read1(PIECE):
        first_byte_s = first_byte_s or time.perf_counter() - began
        lines += piece.count(b"\n")
        if lines > 1:
            first_row_s = first_row_s or time.perf_counter() - began
        highest = max(highest, memory_kib(pid))
    total_s = time.perf_counter() - began
    connection.close()
    peak = memory_kib(pid, "VmHWM") if is_fresh else highest
    return Export(lines - 1, first_byte_s, first_row_s, total_s, idle / 1024, max(peak, highest) / 1024)


def _teacher(size: int) -> str:
    return f"t{size}@school.example"


def _rows(count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """So many rows of one teacher; the bodies of all classes are alike, as it is their size that is measured."""
    begins = datetime(2026, 9, 1, 8, tzinfo=UTC)
    people = [row_document(_row(number, begins, _teacher(count))) for number in range(PEOPLE)]
    for number in range(count):
        session = stable_id("session", f"{count} {number // PEOPLE}")
        start_at = begins + timedelta(hours=number // PEOPLE)
        path = f"attendance/{stable_id('attendance', session, str(number))}"
        yield path, {**people[number % PEOPLE], "session_id": session, "start_at": start_at}


def _row(number: int, begins: datetime, teacher: str) -> Attendance:
    """One person's row in a class: came twice, left twice."""
    visits = ((1, 20), (25, 58))
    stays = tuple(Stay(begins + timedelta(minutes=one), begins + timedelta(minutes=two)) for one, two in visits)
    session = stable_id("session", teacher)
    return Attendance(
        row_id=stable_id("attendance", session, str(number)),
        session_id=session,
        class_id=stable_id("class", session),
        course_id="maths-1",
        subject="Algebra 1",
        teacher_email=teacher,
        start_at=begins,
        end_at=begins + timedelta(hours=1),
        email=f"p{number}@school.example",
        display_name=f"Person {number}",
        role=Role.STUDENT,
        match=Match.EXACT_EMAIL,
        status=AttendanceStatus.PRESENT,
        stays=stays,
        devices=1,
        source=Source.MEET_API,
        basis=Basis.MEASURED,
    )
