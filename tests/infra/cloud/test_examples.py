"""The tfvars files that people begin with can be planned as they are."""

from pathlib import Path
from typing import Any

import hcl2
import pytest

from infra.cloud.offline.terraform import ROOT, Terraform
from tests.infra.cloud.planned import TABLES, VARIABLES, Plan

EXAMPLES = sorted((ROOT / "infra" / "cloud").glob("*.tfvars*"))


def values_in(example: Path) -> dict[str, Any]:
    """What a tfvars file says, without the quotes that the parser keeps."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {plain(key): plain(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [plain(inner) for inner in value]
        return value.strip('"') if isinstance(value, str) else value

    with example.open("r", encoding="utf-8") as file:
        told: dict[str, Any] = plain(hcl2.load(file))
    return told


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_can_be_planned(terraform: Terraform, example: Path) -> None:
    plan = Plan(terraform.plan({**values_in(example), "release": VARIABLES["release"]}))
    assert plan.one("google_compute_managed_ssl_certificate")["managed"][0]["domains"] == [values_in(example)["domain"]]
    assert plan.environment("realtime").keys() <= {*TABLES["realtime"]["environment"], "GOOGLE_CLOUD_PROJECT"}


def test_there_is_one_to_try_things_with_and_one_for_a_school() -> None:
    assert [example.name for example in EXAMPLES] == ["dev.tfvars", "prod.tfvars.example"]
