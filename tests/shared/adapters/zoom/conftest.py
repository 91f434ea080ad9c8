"""A simulated Zoom for each test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.shared.adapters.zoom.simulated import SimulatedZoom, running_zoom


@pytest.fixture
def zoom() -> Iterator[SimulatedZoom]:
    """A fresh Zoom."""
    with running_zoom() as running:
        yield running
