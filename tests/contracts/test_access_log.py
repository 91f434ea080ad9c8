"""What every log of readings does: the fake and the emulator alike."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.adapters.firestore.access_log import FirestoreAccessLog
from shared.domain.errors import NotFound
from shared.people_ports import Access, AccessLog
from tests.builders import at
from tests.fake_privacy import MemoryAccessLog
from tests.fakes import no_sleep

OMAR, LENA = "omar@school.example", "lena@school.example"
READ = Access("ada@school.example", "teacher", "attendance", OMAR, at(0))


@pytest.fixture(params=["memory", "firestore"])
def instance(request: pytest.FixtureRequest) -> Callable[[], AccessLog]:
    """Makes instances that share one store."""
    if request.param == "memory":
        log = MemoryAccessLog()
        return lambda: log
    database: Any = request.getfixturevalue("database")
    return lambda: FirestoreAccessLog(database, no_sleep)


def test_readings_of_the_same_within_a_minute_are_one_on_all_instances(instance: Callable[[], AccessLog]) -> None:
    one, other = instance(), instance()
    for log in (one, one, other):
        log.note(READ)
        log.note(replace(READ, at=at(0.5)))
    assert one.page(None, None, 10, None).items == (READ,)
    other.note(replace(READ, at=at(1)))
    other.note(replace(READ, why="a complaint"))
    assert len(one.page(None, None, 10, None).items) == 3


def test_readings_are_found_by_whom_they_are_about_and_who_read_newest_first(instance: Callable[[], AccessLog]) -> None:
    log = instance()
    own = replace(READ, by=OMAR, role="user", at=at(3))
    other = replace(READ, about=LENA, at=at(2))
    for access in (other, own, READ):
        log.note(access)
    assert log.page(None, None, 10, None).items == (own, other, READ)
    assert log.page(OMAR, None, 10, None).items == (own, READ)
    assert log.page(None, READ.by, 10, None).items == (other, READ)
    assert log.page(OMAR, OMAR, 10, None).items == (own,)
    assert log.page("nobody@school.example", None, 10, None).items == ()


def test_pages_hold_every_reading_once_and_a_foreign_token_is_refused(instance: Callable[[], AccessLog]) -> None:
    log = instance()
    readings = [replace(READ, at=at(minute)) for minute in range(5)]
    for access in readings:
        log.note(access)
    found: list[Access] = []
    token = None
    for _ in range(5):
        page = log.page(OMAR, None, 2, token)
        found += page.items
        token = page.next_token
        if token is None:
            break
    assert found == readings[::-1]
    for foreign in ("f" * 32, "no id"):
        with pytest.raises(NotFound):
            log.page(OMAR, None, 2, foreign)
