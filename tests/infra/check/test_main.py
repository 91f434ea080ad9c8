"""The whole check, over a tiny repository and over this one."""

import subprocess
from pathlib import Path

import pytest

from infra.check.__main__ import ROOT, findings, main


def test_a_broken_rule_ends_with_one_and_a_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "bell.py").write_text("import time\n\ntime.sleep(1)\n", "utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert main(tmp_path) == 1
    told = capsys.readouterr().out
    assert "shared/bell.py:3: time.sleep" in told
    assert "own rules: 1 broken" in told


def test_ignored_files_are_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "x.txt").write_text("TO" + "DO", "utf-8")
    (tmp_path / ".gitignore").write_text("build/\n", "utf-8")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert list(findings(tmp_path)) == []


def test_this_repository_keeps_its_rules() -> None:
    assert [str(finding) for finding in findings(ROOT)] == []
