"""Planned failures and the count of reads."""

from datetime import timedelta

from infra.local.simulator.discovery import Api, Method, described
from infra.local.simulator.knobs import Failure, Failures, ReadCount
from tests.infra.local.simulator.running import NOON, STUDENT, TEACHER

METHODS: dict[str, Method] = {method.method_id: method for api in Api for method in described(api).methods}
INSERT, GET = METHODS["calendar.events.insert"], METHODS["calendar.events.get"]
SESSIONS = METHODS["meet.conferenceRecords.participants.participantSessions.list"]


def test_a_failure_hits_its_method_by_full_or_short_name() -> None:
    assert Failure("calendar", "events.insert", 500, 1).hits(INSERT)
    assert Failure("calendar", "insert", 500, 1).hits(INSERT)
    assert Failure("meet", "participantSessions.list", 500, 1).hits(SESSIONS)
    assert not Failure("calendar", "insert", 500, 1).hits(GET)
    assert not Failure("meet", None, 500, 1).hits(INSERT)


def test_failures_are_used_up_in_order() -> None:
    failures = Failures([Failure("calendar", None, 500, 2), Failure("calendar", "get", 429, 1)])
    taken = [failures.take(GET) for _ in range(4)]
    assert [one and one.status for one in taken] == [500, 500, 429, None]
    assert failures.planned == []


def test_reads_count_for_a_minute_and_for_each_user_alone() -> None:
    reads = ReadCount()
    assert [reads.admits(TEACHER, NOON, 2) for _ in range(3)] == [True, True, False]
    assert reads.admits(STUDENT, NOON, 2)
    assert not reads.admits(TEACHER, NOON + timedelta(seconds=59), 2)
    assert reads.admits(TEACHER, NOON + timedelta(seconds=60), 2)
