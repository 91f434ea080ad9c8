"""What the gateway's tests stand on: its archive unpacked once, gateways over a database of the test's own, a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.functions.realtime.browser import Browser, browser
from tests.functions.realtime.gateways import Gateway, gateway

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.functions.realtime.school import School

Starts = Callable[..., Gateway]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gateway's archive, unpacked."""
    from tests.boot.unpacked import unpack

    return unpack("realtime", tmp_path_factory.mktemp("realtime"))


@pytest.fixture
def starts(home: Path, emulator: str, database: "firestore.Client") -> Iterator[Starts]:
    """Starts a gateway over the test's database, and ends it after the test."""
    started: list[Gateway] = []

    def start(**more: str) -> Gateway:
        started.append(gateway(home, database.project, emulator, **more))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture
def school(database: "firestore.Client") -> "School":
    """A school over the test's database."""
    from tests.functions.realtime.school import School

    return School(database)


@pytest.fixture
def chrome() -> Iterator[Browser]:
    """A browser."""
    with browser() as running:
        yield running
