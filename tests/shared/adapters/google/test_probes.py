"""Each API's probe is a call that works where the API does, and is refused where it refuses."""

import pytest

from shared.adapters.google import apis
from shared.adapters.google.apis import Api
from shared.adapters.google.probes import PROBES, probe
from shared.domain.errors import UpstreamRefused
from tests.shared.adapters.google.simulated import Simulator

SIMULATED = {
    "Calendar": "calendar",
    "Meet": "meet",
    "Workspace Events": "workspaceevents",
    "Directory": "directory",
    "Classroom": "classroom",
}
ADMIN = "admin@school.example"


def test_every_api_has_a_probe_under_a_name_of_its_own() -> None:
    known = [value for value in vars(apis).values() if isinstance(value, Api)]
    assert len(known) > 6
    assert sorted(api.key for api in known) == sorted(PROBES)


@pytest.mark.parametrize("service", sorted(PROBES))
def test_a_service_that_works_passes(simulator: Simulator, service: str) -> None:
    probe(simulator.apis(), service, ADMIN)


@pytest.mark.parametrize("service", sorted(SIMULATED))
def test_a_service_that_refuses_is_told_with_a_remedy(simulator: Simulator, service: str) -> None:
    simulator.tell("fail-next", api=SIMULATED[service], status=403, times=1, reason="ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    with pytest.raises(UpstreamRefused, match="lacks a right"):
        probe(simulator.apis(), service, ADMIN)
