"""cloudbuild.yaml: of the form that Cloud Build takes, in the right order, and its scripts do what they say when they are run."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import googleapiclient.discovery_cache as bundled
import jsonschema
import pytest
import yaml

from infra.pack import ROOT

BUILD: dict[str, Any] = yaml.safe_load((ROOT / "cloudbuild.yaml").read_text("utf-8"))
STEPS: dict[str, dict[str, Any]] = {step["id"]: step for step in BUILD["steps"]}
SCRIPTS = sorted(name for name, step in STEPS.items() if "script" in step)
BUILT_IN = {"PROJECT_ID", "COMMIT_SHA"}
COMMIT = "c" * 40


def schema() -> dict[str, Any]:
    """Google's own description of a build, as a schema that refuses what it does not know."""
    path = Path(bundled.__file__).parent / "documents" / "cloudbuild.v1.json"
    parts: dict[str, Any] = json.loads(path.read_text("utf-8"))["schemas"]

    def closed(part: Any) -> Any:
        if isinstance(part, list):
            return [closed(each) for each in part]
        if not isinstance(part, dict):
            return part
        told = {
            key: closed(value) for key, value in part.items() if key not in ("id", "format", "description", "enumDescriptions")
        }
        if isinstance(told.get("$ref"), str):
            told["$ref"] = f"#/$defs/{told['$ref']}"
        if isinstance(part.get("properties"), dict):
            told["properties"] = {name: closed(value) for name, value in part["properties"].items()}
            told["additionalProperties"] = False
        return told

    return {"$ref": "#/$defs/Build", "$defs": {name: closed(part) for name, part in parts.items()}}


def test_it_has_the_form_that_cloud_build_takes() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    # a file may say these shortly, and gcloud writes them out
    build = {key: value for key, value in BUILD.items() if key != "availableSecrets"}
    assert [error.message for error in validator.iter_errors(build)] == []
    assert list(validator.iter_errors({**build, "steps": [{"name": "x", "bogus": 1}]}))
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.cloudbuild", "cloudbuild.yaml"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stdout


def test_each_step_waits_for_steps_before_it() -> None:
    seen: set[str] = set()
    for name, step in STEPS.items():
        assert set(step.get("waitFor", [])) <= seen
        seen.add(name)
    assert len(STEPS) == len(BUILD["steps"])


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("check", "apply"),
        ("test", "apply"),
        ("boot", "gateway"),
        ("pack", "release"),
        ("plan", "apply"),
        ("apply", "smoke"),
        ("smoke", "settle"),
        ("settle", "roll-back"),
    ],
)
def test_nothing_is_done_before_its_time(earlier: str, later: str) -> None:
    waiting, reached = [later], set[str]()
    order = list(STEPS)
    while waiting:
        name = waiting.pop()
        reached.add(name)
        # without waitFor a step waits for all before it
        waiting += STEPS[name].get("waitFor", order[: order.index(name)])
    assert earlier in reached


def test_substitutions_are_declared_and_used() -> None:
    text = (ROOT / "cloudbuild.yaml").read_text("utf-8")
    used = set(re.findall(r"\$\{?(_[A-Z_]+)", text))
    assert used == BUILD["substitutions"].keys()
    outside = [json.dumps({key: value for key, value in step.items() if key != "script"}) for step in BUILD["steps"]]
    assert {name for text in outside for name in re.findall(r"\$\{(\w+)\}", text)} <= used | BUILT_IN


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_stops_at_the_first_failure(name: str) -> None:
    script = STEPS[name]["script"]
    assert script.startswith("#!/usr/bin/env bash\nset -euo pipefail\n")
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False, timeout=10).returncode == 0


def test_what_the_scripts_call_is_there() -> None:
    text = "\n".join(STEPS[name]["script"] for name in SCRIPTS)
    targets = set(re.findall(r"^make ([\w-]+)", text, re.MULTILINE))
    assert targets == {"check", "test"}
    for module in sorted(set(re.findall(r"-m (infra\.\w+)", text))):
        ran = subprocess.run([sys.executable, "-m", module, "--help"], cwd=ROOT, capture_output=True, timeout=60, check=False)
        assert ran.returncode == 0, module


def test_the_secret_is_shown_to_one_step_alone() -> None:
    assert [name for name, step in STEPS.items() if step.get("secretEnv")] == ["smoke"]
    assert not re.search(
        r"(?i)(password|token|secret)\s*[:=]\s*['\"]?[A-Za-z0-9+/]{16,}", (ROOT / "cloudbuild.yaml").read_text("utf-8")
    )


@dataclass(frozen=True, slots=True)
class Workspace:
    """A build's folder, with programs that only write down how they were called and fail when they are told to."""

    folder: Path

    def run(self, step: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a step's own script as Cloud Build does."""
        told = {
            "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
            "PROJECT_ID": "school",
            "COMMIT_SHA": COMMIT,
            "_ENVIRONMENT": "prod",
            "_REGION": "europe-west1",
            "_STATE_BUCKET": "school-state",
            "_RELEASES_BUCKET": "school-releases",
            "_DOMAIN": "rollcall.school.example",
            **env,
        }
        where = self.folder / STEPS[step].get("dir", ".")
        return subprocess.run(
            ["bash", "-c", STEPS[step]["script"]], cwd=where, env=told, capture_output=True, text=True, timeout=30, check=False
        )

    def calls(self, program: str) -> list[str]:
        """How a program was called."""
        log = self.folder / f"{program}.log"
        return log.read_text("utf-8").splitlines() if log.exists() else []

    def release(self) -> None:
        """The steps from the release on, as far as they go."""
        assert self.run("plan").returncode == 0
        assert self.run("apply", **self.failing).returncode == 0
        assert self.run("smoke", **self.failing).returncode == 0
        assert self.run("settle").returncode == 0

    @property
    def failing(self) -> dict[str, str]:
        return {"FAIL": (self.folder / "fail").read_text("utf-8")}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A folder in which an earlier release was good, and nothing fails."""
    for folder in ("bin", "build", "infra/cloud", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    for program in ("bin/terraform", "bin/gcloud", ".venv/bin/python"):
        path = tmp_path / program
        name = path.name
        path.write_text(
            f'#!/usr/bin/env bash\necho "$*" >> {tmp_path}/{name}.log\nfor word in ${{FAIL:-}}; do\n'
            f'  case "{name} $*" in *"$word"*) exit 1 ;; esac\ndone\n'
        )
        path.chmod(0o755)
    (tmp_path / "fail").write_text("")
    (tmp_path / "build" / "good.tfvars.json").write_text("{}")
    return Workspace(tmp_path)


def test_a_release_that_lives_is_the_good_one_from_now_on(workspace: Workspace) -> None:
    workspace.release()
    assert workspace.run("roll-back").returncode == 0
    assert workspace.calls("gcloud") == [
        "storage cp build/release.tfvars.json gs://school-releases/releases/prod-good.tfvars.json"
    ]
    assert [call.split()[0] for call in workspace.calls("terraform")] == ["init", "validate", "plan", "apply"]
    assert workspace.calls("python") == ["-m infra.smoke https://rollcall.school.example --patience 300"]


@pytest.mark.parametrize("failing", ["infra.smoke", "apply"])
def test_a_release_that_does_not_live_is_taken_back_and_the_build_fails(workspace: Workspace, failing: str) -> None:
    (workspace.folder / "fail").write_text(failing)
    workspace.release()
    ran = workspace.run("roll-back")
    assert ran.returncode == 1
    assert "the one before it is back" in ran.stdout
    assert "-var-file=../../build/good.tfvars.json" in workspace.calls("terraform")[-1]
    assert workspace.calls("gcloud") == []


def test_the_first_release_has_nothing_to_go_back_to(workspace: Workspace) -> None:
    (workspace.folder / "fail").write_text("infra.smoke")
    (workspace.folder / "build" / "good.tfvars.json").unlink()
    workspace.release()
    ran = workspace.run("roll-back")
    assert ran.returncode == 1
    assert "no earlier one to bring back" in ran.stdout
    assert len(workspace.calls("terraform")) == 4


def test_archives_are_uploaded_under_the_names_of_the_release(tmp_path: Path) -> None:
    """The step itself, with the real `infra.release` and a gcloud that only writes down."""
    (tmp_path / "bin").mkdir()
    gcloud = tmp_path / "bin" / "gcloud"
    digest = "sha256:" + "d" * 64
    answers = f"*describe*) echo {digest} ;; *good*|*.tfvars) exit 1 ;;"
    gcloud.write_text(f'#!/usr/bin/env bash\necho "$*" >> {tmp_path}/calls\ncase "$*" in {answers} esac\n')
    gcloud.chmod(0o755)
    (tmp_path / "bin" / "python3").symlink_to(sys.executable)
    for folder in ("infra", "functions"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    (tmp_path / "requirements.txt").symlink_to(ROOT / "requirements.txt")
    (tmp_path / "build").mkdir()
    names = [path.parent.name for path in (ROOT / "functions").glob("*/function.json")]
    for name in names:
        (tmp_path / "build" / f"{name}.zip").write_bytes(name.encode())
    ran = Workspace(tmp_path).run("release")
    assert ran.returncode == 0, ran.stderr
    release = json.loads((tmp_path / "build" / "release.tfvars.json").read_text("utf-8"))["release"]
    assert release["images"]["realtime"].endswith(f"realtime@{digest}")
    uploaded = [call for call in (tmp_path / "calls").read_text("utf-8").splitlines() if "--no-clobber" in call]
    assert {call.split()[-2] for call in uploaded} == {f"gs://school-releases/{name}" for name in release["objects"].values()}
    assert "No earlier release." in ran.stdout
