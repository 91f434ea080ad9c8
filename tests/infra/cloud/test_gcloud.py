"""What is typed at gcloud, given to the real one."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra.pack import ROOT
from tests.infra.cloud.commands import commands_in, documented
from tests.infra.cloud.project import PROJECT, REGION, Gcloud, Project, asked_at
from tests.infra.doctor.school import School
from tests.infra.doctor.test_checks import FAULTS, wrong
from tests.infra.local.threads import Listener
from tests.infra.maintenance.cloud import running_cloud

pytestmark = pytest.mark.usefixtures("needs_gcloud")
DEPLOYER = f"serviceAccount:deployer@{PROJECT}.iam.gserviceaccount.com"
BUCKETS = (f"b/{PROJECT}-rollcall-state", f"b/{PROJECT}-rollcall-releases")
KEEPER = "rollcallDatabaseKeeper"
CLOSED = {"iamConfiguration": {"publicAccessPrevention": "enforced", "uniformBucketLevelAccess": {"enabled": True}}}
BOOTSTRAP = ROOT / "infra" / "cloud" / "bootstrap.sh"


@pytest.fixture
def gcloud(tmp_path: Path) -> Gcloud:
    """A gcloud that has nobody to ask."""
    return Gcloud(tmp_path / "gcloud")


def told_wrong(gcloud: Gcloud, commands: list[str], folder: Path) -> dict[str, str]:
    """What gcloud itself finds wrong with commands, without running them."""
    path = folder / "commands.json"
    path.write_text(json.dumps([{"command_string": command} for command in commands]))
    ran = gcloud.run("gcloud", "meta", "lint-gcloud-commands", "--commands-file", path)
    assert ran.returncode == 0, ran.stderr
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    assert len(found) == len(commands)
    return {told["command_string"]: told["error_message"] for told in found if not told["success"]}


def test_gcloud_knows_every_command_that_people_are_told_to_type(gcloud: Gcloud, tmp_path: Path) -> None:
    commands = sorted(set(documented()))
    assert len(commands) > 10
    assert told_wrong(gcloud, commands, tmp_path) == {}
    (slip,) = told_wrong(gcloud, ["gcloud tasks queues describe rollcall --locaton x"], tmp_path).values()
    assert "--locaton" in slip


def test_gcloud_knows_every_command_that_the_doctor_names(gcloud: Gcloud, tmp_path: Path) -> None:
    commands: set[str] = set()
    for fault in FAULTS:
        with School().serving() as school:
            fault.breaks(school)
            for finding in wrong(school, fault.key):
                commands.update(commands_in(finding.remedy))
    assert len(commands) > 4
    assert told_wrong(gcloud, sorted(commands), tmp_path) == {}


def test_a_project_is_made_ready_and_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    account, state = f"projects/{PROJECT}/serviceAccounts/deployer@{PROJECT}.iam.gserviceaccount.com", BUCKETS[0]
    somebody = {"role": "roles/viewer", "members": ["user:root@school.example"]}
    project = Project(
        {account: {"name": account, "email": DEPLOYER.partition(":")[2]}, state: {"name": state[2:], **CLOSED}},
        {PROJECT: [somebody]},
    )
    with asked_at(project, tmp_path) as gcloud:
        ran = gcloud.run("bash", BOOTSTRAP, PROJECT, REGION)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.rstrip().endswith("and then as infra/cloud/README.md says.")
    assert set(project.there) == {
        *BUCKETS,
        account,
        f"projects/{PROJECT}/locations/{REGION}/repositories/rollcall-tools",
        f"projects/{PROJECT}/roles/{KEEPER}",
    }
    for bucket in BUCKETS:
        assert project.there[bucket]["versioning"] == {"enabled": True}
        assert project.there[bucket].items() >= CLOSED.items()
        assert project.rights(bucket) == {(DEPLOYER, "roles/storage.admin")}
    named = re.findall(r"^  (roles/\S+)$", BOOTSTRAP.read_text("utf-8"), re.MULTILINE)
    of_deployer = {role for member, role in project.rights(PROJECT) if member == DEPLOYER}
    assert of_deployer == {*named, f"projects/{PROJECT}/roles/{KEEPER}"}
    assert not {"roles/owner", "roles/editor"} & of_deployer
    assert ("user:root@school.example", "roles/viewer") in project.rights(PROJECT)
    assert "cloudbuild.googleapis.com" in project.services


def test_the_build_is_taken_as_it_is_written(tmp_path: Path) -> None:
    told = ("_ENVIRONMENT=prod", f"_REGION={REGION}", "_DOMAIN=rollcall.school.example", f"COMMIT_SHA={'c' * 40}")
    options = ("--no-source", "--async", "--substitutions", ",".join(told))
    project = Project()
    with asked_at(project, tmp_path) as gcloud:
        ran = gcloud.run("gcloud", "builds", "submit", "--config", ROOT / "cloudbuild.yaml", *options)
        assert ran.returncode == 0, ran.stderr
        misspelt = tmp_path / "cloudbuild.yaml"
        misspelt.write_text((ROOT / "cloudbuild.yaml").read_text("utf-8").replace("waitFor:", "waitsFor:", 1))
        refused = gcloud.run("gcloud", "builds", "submit", "--config", misspelt, *options)
        assert refused.returncode != 0
        assert "waitsFor" in refused.stderr
    (build,) = project.builds
    assert build["substitutions"]["_DOMAIN"] == "rollcall.school.example"
    assert [step["id"] for step in build["steps"]][-1] == "roll-back"


def test_the_clock_and_the_queue_are_asked_as_the_runbook_says(tmp_path: Path) -> None:
    """The very commands, against the local stack's own scheduler and queue."""
    with Listener().listening() as called, running_cloud(tmp_path, called.url, every_s=3600) as cloud:
        addresses = {"cloudscheduler": f"{cloud.url}/", "cloudtasks": f"{cloud.url}/"}
        gcloud = Gcloud(tmp_path / "gcloud", addresses)
        at = ("--location", REGION, "--project", "demo-rollcall")

        def ask(*command: str) -> dict[str, Any]:
            ran = gcloud.run("gcloud", *command, *at, "--format", "json")
            assert ran.returncode == 0, ran.stderr
            told: dict[str, Any] = json.loads(ran.stdout or "{}")
            return told

        called.until_asked(2)
        assert ask("scheduler", "jobs", "describe", "monitor-tick")["state"] == "ENABLED"
        ask("scheduler", "jobs", "run", "monitor-tick")
        assert called.until_asked(3)[2].path == "/monitor-tick"
        assert ask("tasks", "queues", "describe", "rollcall")["state"] == "RUNNING"
