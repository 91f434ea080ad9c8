"""Noting a reading: who, as what, about whom, when and why."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain.accounts import Caller
from shared.people_ports import Access
from shared.web.reads import note_read
from shared.web.routes import Asked
from tests.builders import at
from tests.fake_privacy import MemoryAccessLog


def asked_by(caller: Caller) -> Asked:
    request: Any = None
    return Asked(request, caller, {}, b"", "0" * 32)


def test_a_reading_says_who_read_what_about_whom_when_and_why() -> None:
    log = MemoryAccessLog()
    note_read(
        log, asked_by(Caller("sub", "ada@school.example", "teacher")), "attendance", "omar@school.example", at(0), why="a call"
    )
    assert list(log.kept.values()) == [
        Access("ada@school.example", "teacher", "attendance", "omar@school.example", at(0), "a call")
    ]


def test_without_an_instant_it_is_now_and_without_an_address_it_is_the_token() -> None:
    log = MemoryAccessLog()
    note_read(log, asked_by(Caller("sub", "", "system")), "attendance", "s" * 32)
    (access,) = log.kept.values()
    assert access.by == "sub"
    assert abs(access.at - datetime.now(UTC)) < timedelta(minutes=1)
