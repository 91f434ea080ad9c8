"""Terraform and gcloud for these tests: the real programs, where they are.

Where one is missing, the tests that need it say so loudly, and test_sources.py still runs.
"""

import shutil
from collections.abc import Iterator

import pytest

from infra.cloud.offline.terraform import Terraform, is_here, offline
from tests.infra.cloud.planned import VARIABLES, Plan

NO_TERRAFORM = "There is no `terraform` here: what it would plan was NOT checked. Install Terraform 1.9 or later to check it."
NO_GCLOUD = "There is no `gcloud` here: what is typed at it was NOT checked. Install the Google Cloud CLI to check it."


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terraform]:
    """Terraform in a copy of the configuration."""
    if not is_here():
        pytest.skip(NO_TERRAFORM)
    with offline(tmp_path_factory.mktemp("cloud")) as found:
        yield found


@pytest.fixture(scope="session")
def plan(terraform: Terraform) -> Plan:
    """What is planned for a school that uses everything."""
    return Plan(terraform.plan(VARIABLES))


@pytest.fixture(scope="session")
def needs_gcloud() -> None:
    """For tests that run the real gcloud."""
    if shutil.which("gcloud") is None:
        pytest.skip(NO_GCLOUD)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not checked."""
    for missing in ([] if is_here() else [NO_TERRAFORM]) + ([] if shutil.which("gcloud") else [NO_GCLOUD]):
        terminalreporter.write_line(f"WARNING: {missing}", red=True, bold=True)
