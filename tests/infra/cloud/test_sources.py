"""The Terraform files as they stand, read without Terraform: no broad role, no secret, no name of ours that is unknown."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import hcl2
import pytest

from infra.cloud.offline.terraform import ROOT, kinds_in
from infra.pack import function_names, is_service

CLOUD = ROOT / "infra" / "cloud"
FILES = sorted(CLOUD.rglob("*.tf"))
SUBJECTS = {
    "backups",
    "budget",
    "edge",
    "firestore",
    "functions",
    "iam",
    "main",
    "monitoring",
    "outputs",
    "pubsub",
    "scheduler",
    "secrets",
    "tasks",
    "variables",
    "versions",
}
BROAD = re.compile(r"roles/(owner|editor|viewer|datastore\.(owner|user)|iam\.securityAdmin|.*\.admin)\b")


@cache
def parsed(path: Path) -> dict[str, Any]:
    with path.open("r", encoding="utf-8") as file:
        told: dict[str, Any] = hcl2.load(file)
    return told


def plain(text: str) -> str:
    """A word without the quotes that the parser keeps."""
    return text.strip('"')


def resources(kind: str | None = None) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every resource with its kind, name and arguments."""
    for path in FILES:
        for block in parsed(path).get("resource", []):
            for found, named in block.items():
                for name, arguments in named.items():
                    if kind in (None, plain(found)):
                        yield plain(found), plain(name), arguments


def words(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words(inner)
    else:
        yield str(value)


def test_there_is_a_file_for_each_subject() -> None:
    assert {path.stem for path in CLOUD.glob("*.tf")} == SUBJECTS


def test_every_file_can_be_read_and_has_something_in_it() -> None:
    assert all(parsed(path) for path in FILES)
    assert len(list(resources())) > 40


def test_the_plan_of_names_and_rights_needs_no_provider() -> None:
    assert kinds_in(CLOUD / "modules") == set()


def test_no_broad_role_is_named() -> None:
    named = [word for _, _, arguments in resources() for word in words(arguments) if "roles/" in word]
    assert [word for word in named if BROAD.search(word)] == []
    assert len(named) > 5


def test_rights_are_added_one_by_one_and_never_replace_those_of_others() -> None:
    kinds = {kind for kind, _, _ in resources()}
    assert not [kind for kind in kinds if kind.endswith(("_iam_policy", "_iam_binding"))]


def test_no_key_of_an_account_and_no_value_of_a_secret_is_made() -> None:
    kinds = {kind for kind, _, _ in resources()}
    assert not kinds & {"google_service_account_key", "google_secret_manager_secret_version", "google_compute_ssl_certificate"}
    for path in [*FILES, *CLOUD.glob("*.tfvars*")]:
        assert not re.search(r"-----BEGIN|\bAIza[\w-]{30}|\bsk_live_|\bwhsec_\w", path.read_text("utf-8")), path


def test_public_is_said_in_one_place_alone() -> None:
    said = [path.relative_to(CLOUD).as_posix() for path in FILES if "allUsers" in path.read_text("utf-8")]
    assert said == ["modules/plan/main.tf"]


@pytest.mark.parametrize("kind", ["google_cloudfunctions2_function", "google_cloud_run_v2_service"])
def test_what_is_deployed_has_bounds_and_an_account_of_its_own(kind: str) -> None:
    ((_, _, arguments),) = list(resources(kind))
    told = " ".join(words(arguments))
    for needed in ("max_instance_count", "min_instance_count", "max_instance_request_concurrency", "each.value.account"):
        assert needed in told


def test_what_holds_data_cannot_be_destroyed_by_a_plan() -> None:
    holding = ("google_firestore_database", "google_cloud_tasks_queue", "google_secret_manager_secret", "google_storage_bucket")
    for kind in holding:
        ((_, _, arguments),) = list(resources(kind))
        assert "prevent_destroy" in " ".join(words(arguments["lifecycle"])), kind


def test_the_provider_and_terraform_are_pinned() -> None:
    told = " ".join(words(parsed(CLOUD / "versions.tf")))
    assert "~> 6.50" in told
    assert ">= 1.9" in told


def test_every_variable_says_what_it_is_and_every_output_too() -> None:
    for path in FILES:
        for kind in ("variable", "output"):
            for block in parsed(path).get(kind, []):
                for name, arguments in block.items():
                    assert len(arguments.get("description", "")) > 10, f"{path.name}: {name}"


def test_examples_name_variables_that_there_are() -> None:
    variables = {plain(name) for block in parsed(CLOUD / "variables.tf")["variable"] for name in block}
    for example in CLOUD.glob("*.tfvars*"):
        named = set(re.findall(r"^(\w+)\s*=", example.read_text("utf-8"), re.MULTILINE))
        assert named <= variables, example.name
        assert {"project", "environment", "domain", "admin_emails", "alert_emails"} <= named


def test_every_function_is_one_that_terraform_reads() -> None:
    """What functions.tf takes from a table stands in every table."""
    import json

    needed = {
        "summary",
        "trigger",
        "routes",
        "environment",
        "secrets",
        "memory_mib",
        "cpu",
        "concurrency",
        "timeout_s",
        "min_instances",
        "max_instances",
    }
    for name in function_names():
        table = json.loads((ROOT / "functions" / name / "function.json").read_text("utf-8"))
        assert needed <= table.keys(), name
        assert is_service(name) or table["trigger"]["kind"] in ("http", "task", "schedule")
        assert table.get("database", "write") in ("write", "none")
        assert len(name.replace("_", "-")) <= 20


def test_the_account_that_deploys_is_neither_owner_nor_editor() -> None:
    script = (CLOUD / "bootstrap.sh").read_text("utf-8")
    roles = set(re.findall(r"^  (roles/[\w.]+)$", script, re.MULTILINE))
    assert len(roles) > 10
    assert not {role for role in roles if re.search(r"roles/(owner|editor|viewer|datastore\.owner|iam\.securityAdmin)$", role)}
    assert subprocess.run(["bash", "-n", str(CLOUD / "bootstrap.sh")], check=False, timeout=10).returncode == 0
