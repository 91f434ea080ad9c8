"""Running the real Terraform on infra/cloud without a cloud, in a copy of the configuration of its own."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.cloud.offline import provider, schema

ROOT = Path(__file__).resolve().parents[3]
CACHE = ROOT / "build" / "terraform"
TIMEOUT_S = 240
PROJECT_NUMBER = "123456789012"
_KINDS = re.compile(r'^(resource|data) "(google_\w+)"', re.MULTILINE)
_TEST = """
mock_provider "google" {{
  mock_data "google_project" {{
    defaults = {{ number = "{number}" }}
  }}
}}

variables {{
{variables}
}}

run "all" {{
  command = plan
}}
"""


class TerraformError(Exception):
    """Terraform refused; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned resource: `google_x.name` and the key of its `for_each` (None without one), and its values as far as known."""

    kind: str
    name: str
    key: str | int | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Terraform:
    """The binary at work in `folder`, with `env` beside the process's own environment."""

    folder: Path
    env: Mapping[str, str]

    def __call__(self, *arguments: str) -> str:
        """What the command printed; raises `TerraformError`."""
        ran = self._run(*arguments)
        if ran.returncode:
            raise TerraformError(f"`terraform {' '.join(arguments)}` failed:\n{ran.stdout}\n{ran.stderr}")
        return ran.stdout

    def plan(self, variables: Mapping[str, object]) -> tuple[Planned, ...]:
        """What would be made with those variables in an empty project; raises `TerraformError` with every complaint."""
        told = "\n".join(f"  {name} = {json.dumps(value)}" for name, value in variables.items())
        tests = self.folder / "tests"
        tests.mkdir(exist_ok=True)
        (tests / "plan.tftest.hcl").write_text(_TEST.format(number=PROJECT_NUMBER, variables=told), "utf-8")
        ran = self._run("test", "-json", "-verbose")
        lines = [json.loads(line) for line in ran.stdout.splitlines()]
        if ran.returncode:
            troubles = [line["diagnostic"] for line in lines if line["type"] == "diagnostic"]
            raise TerraformError("\n".join(f"{trouble['summary']}: {trouble.get('detail', '')}" for trouble in troubles))
        found = next(line["test_plan"] for line in lines if line["type"] == "test_plan")
        changes = [change for change in found["resource_changes"] if change["mode"] == "managed"]
        return tuple(Planned(c["type"], c["name"], c.get("index"), c["change"]["after"]) for c in changes)

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1", **self.env}
        command = ["terraform", *arguments]
        return subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)


def is_here() -> bool:
    """Whether there is a Terraform on this machine."""
    return shutil.which("terraform") is not None


def kinds_in(folder: Path) -> set[str]:
    """The kinds of Google's resources (`google_x`) and data sources (`data.google_x`) that the folder's files name."""
    texts = [path.read_text("utf-8") for path in folder.rglob("*.tf")]
    return {f"data.{kind}" if what == "data" else kind for text in texts for what, kind in _KINDS.findall(text)}


@contextmanager
def offline(home: Path, tree: Path = ROOT) -> Iterator[Terraform]:
    """Terraform, initialised in a copy under `home` of what `tree`'s infra/cloud reads, with the schema in place of the provider.

    Raises `SchemaError` or `TerraformError`.
    """
    folder = copy_of(tree, home)
    with provider.serving(_encoded(kinds_in(folder) | {provider.PROVIDER}, CACHE)) as env:
        terraform = Terraform(folder, env)
        terraform("init", "-backend=false", "-input=false", "-no-color")
        yield terraform


def copy_of(tree: Path, home: Path) -> Path:
    """A copy of the configuration and of the tables that it reads, so that nothing is written beside the sources."""
    shutil.copytree(tree / "infra" / "cloud", home / "infra" / "cloud", ignore=shutil.ignore_patterns(".terraform*", "*.py"))
    shutil.copy(tree / "infra" / "firestore.indexes.json", home / "infra")
    for table in tree.glob("functions/*/function.json"):
        target = home / table.relative_to(tree)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(table, target)
    return home / "infra" / "cloud"


def _encoded(kinds: set[str], cache: Path) -> bytes:
    """The schema of those kinds as the provider tells it; kept, since reading the bindings takes seconds."""
    sources = [Path(module.__file__).read_bytes() for module in (schema, provider) if module.__file__]
    digest = hashlib.sha256(b"".join([*sources, *(kind.encode() + b"\n" for kind in sorted(kinds))])).hexdigest()
    kept = cache / f"schema-{digest[:32]}.bin"
    if not kept.is_file():
        encoded = provider.encoded(schema.schemas(schema.fetch(cache), kinds))
        being_written = kept.with_suffix(f".{os.getpid()}")
        being_written.write_bytes(encoded)
        being_written.replace(kept)
    return kept.read_bytes()
