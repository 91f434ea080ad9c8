"""Running the real Terraform on infra/cloud without a cloud, in a copy of the configuration of its own."""

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

from infra.cloud.offline.provider import serving
from infra.cloud.offline.schema import fetch, schemas

ROOT = Path(__file__).resolve().parents[3]
CLOUD = ROOT / "infra" / "cloud"
CACHE = ROOT / "build" / "terraform"
TIMEOUT_S = 240
_KINDS = re.compile(r'^(resource|data) "(google_\w+)"', re.MULTILINE)


class TerraformError(Exception):
    """Terraform refused; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Terraform:
    """The binary at work in `folder`, with `env` beside the process's own environment."""

    folder: Path
    env: Mapping[str, str]

    def __call__(self, *arguments: str) -> str:
        """What the command printed; raises `TerraformError`."""
        env = {**os.environ, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1", **self.env}
        command = ["terraform", *arguments]
        ran = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        if ran.returncode:
            raise TerraformError(f"`terraform {' '.join(arguments)}` failed:\n{ran.stdout}\n{ran.stderr}")
        return ran.stdout

    def plans(self, *arguments: str) -> dict[str, dict[str, Any]]:
        """The plan of each run of `terraform test`, by the run's name, as JSON; raises `TerraformError`."""
        found = {}
        for line in self("test", "-json", "-verbose", *arguments).splitlines():
            told = json.loads(line)
            if told["type"] == "test_plan":
                found[told["@testrun"]] = told["test_plan"]
        return found


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
    with serving(schemas(fetch(CACHE), kinds_in(folder))) as env:
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
