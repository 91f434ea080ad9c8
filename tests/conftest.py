"""What many tests stand on: an emulator for the whole run, a project of its own for each test, houses over either store."""

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from infra.local.emulator import running_emulator
from infra.pack import function_names
from tests.fakes import MemoryClasses, MemoryEvidence, MemorySessions
from tests.house import House

if TYPE_CHECKING:
    from google.cloud import firestore

settings.register_profile("rollcall", deadline=None, max_examples=200)
settings.load_profile("rollcall")


class GroupScheduling(LoadScopeScheduling):
    """Tests of one group go to one worker, in their order; every other test is a group of its own.

    A group's name stands in the test's id: xdist writes it into an attribute that this pytest does not read any more.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((group for group, pattern in GROUPS.items() if pattern.match(nodeid)), nodeid)


# A local stack and the gateways are heavy: one worker has them, while the others go on. What Terraform plans is planned once.
# What needs no stack is not kept waiting for it.
GROUPS = {
    "month": re.compile(r"tests/journeys/test_month\.py"),
    "cloud": re.compile(r"tests/infra/cloud/test_(deployment|examples)\.py"),
    "stack": re.compile(r"tests/journeys/(?!test_month)"),
    "realtime": re.compile(r"tests/functions/realtime/test_(told|refused|lifetimes)\.py"),
    **{f"boot {name}": re.compile(rf"tests/boot/test_(start|service)\.py::.*\[{name}\]") for name in function_names()},
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> GroupScheduling:
    """Schedule by our own groups."""
    return GroupScheduling(config, log)


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """The address of a Firestore emulator that lives as long as the run."""
    with running_emulator() as host:
        os.environ["FIRESTORE_EMULATOR_HOST"] = host
        yield host


@pytest.fixture
def database(emulator: str) -> "firestore.Client":  # noqa: ARG001 - the client finds it by the environment
    """An empty database of the test's own."""
    from shared import system
    from shared.adapters.firestore.store import connect

    return connect(f"demo-{system.new_id()[:12]}")


def firestore_house(client: "firestore.Client") -> House:
    """A house over a Firestore database."""
    from shared.adapters.firestore.channels import FirestoreChannels
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.heartbeat import FirestoreHeartbeat
    from shared.adapters.firestore.identities import FirestoreIdentities
    from shared.adapters.firestore.outbox import FirestoreOutbox
    from shared.adapters.firestore.people import FirestorePeople
    from shared.adapters.firestore.policies import FirestorePolicies
    from shared.adapters.firestore.rulings import FirestoreRulings
    from shared.adapters.firestore.sessions import FirestoreSessions
    from tests.fakes import no_sleep

    return House(
        FirestoreClasses(client, no_sleep),
        FirestoreEvidence(client, no_sleep),
        FirestoreSessions(client, no_sleep),
        heartbeat=FirestoreHeartbeat(client),
        channels=FirestoreChannels(client, no_sleep),
        people=FirestorePeople(client, no_sleep),
        identities=FirestoreIdentities(client, no_sleep),
        policies=FirestorePolicies(client, no_sleep, lambda: 0.0),
        rulings=FirestoreRulings(client, no_sleep),
        outbox=FirestoreOutbox(client, no_sleep),
    )


@pytest.fixture(params=["memory", "firestore"])
def house(request: pytest.FixtureRequest) -> House:
    """The house, once over the fake store and once over the emulator."""
    if request.param == "memory":
        evidence = MemoryEvidence()
        return House(MemoryClasses(), evidence, MemorySessions(evidence))
    return firestore_house(request.getfixturevalue("database"))
