"""A simulator of its own for each test."""

from collections.abc import Iterator

import pytest

from tests.infra.local.simulator.running import Simulated, simulator


@pytest.fixture
def sim() -> Iterator[Simulated]:
    """An empty simulator at noon of a school day."""
    with simulator() as running:
        yield running
