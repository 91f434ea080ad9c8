"""A simulator for each test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.shared.adapters.google.simulated import Simulator, running_simulator


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A fresh simulator."""
    with running_simulator() as running:
        yield running
