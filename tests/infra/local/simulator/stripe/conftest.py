"""A simulated Stripe for each test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.shared.adapters.stripe.simulated import SimulatedStripe, running_stripe


@pytest.fixture
def stripe() -> Iterator[SimulatedStripe]:
    """A fresh Stripe."""
    with running_stripe() as running:
        yield running
