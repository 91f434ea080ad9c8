"""A simulated Zoom of its own for each test, and one that tells its events to an endpoint."""

from collections.abc import Iterator

import pytest

from tests.infra.local.simulator.running import Simulated
from tests.infra.local.simulator.zoom.zooming import SECRET, Endpoint, Zoomed, endpoint


@pytest.fixture
def zoom(sim: Simulated) -> Zoomed:
    """An empty Zoom at noon of a school day."""
    return Zoomed(sim)


@pytest.fixture
def heard(zoom: Zoomed) -> Iterator[Endpoint]:
    """An endpoint that Zoom's events are sent to."""
    with endpoint() as listening:
        zoom.set(webhook_url=listening.url, webhook_secret=SECRET)
        yield listening
