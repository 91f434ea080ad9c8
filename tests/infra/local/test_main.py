"""The commands as people type them."""

import os
import subprocess
import sys
from pathlib import Path

import jwt
import pytest

from infra.local.__main__ import main
from infra.local.keys import jwt_secret
from infra.local.ports import hold_free_port, port_of
from infra.local.settings import REPOSITORY
from tests.infra.local.support import plain_environment


def test_a_token_is_printed_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROLLCALL_DATA", str(tmp_path))
    monkeypatch.delenv("JWT_SECRET", raising=False)
    assert main(["token", "--email", "ada@school.example", "--role", "teacher"]) == 0
    out = capsys.readouterr().out
    secret = jwt_secret(tmp_path / "secrets").partition(":")[2]
    claims = jwt.decode(out.strip(), secret, algorithms=["HS256"], audience="rollcall")
    assert (claims["email"], claims["role"], claims["name"]) == ("ada@school.example", "teacher", "Ada")


def test_a_role_that_does_not_exist_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROLLCALL_DATA", str(tmp_path))
    assert main(["token", "--email", "ada@school.example", "--role", "boss"]) == 2
    assert "use one of user, teacher, admin" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "demo"])
def test_a_taken_port_is_an_error_of_two(command: str, tmp_path: Path) -> None:
    with hold_free_port() as held:
        env = {**plain_environment(), "PORT": str(port_of(held)), "ROLLCALL_DATA": str(tmp_path / "data")}
        asked = [sys.executable, "-m", "infra.local", command]
        ended = subprocess.run(asked, env=env, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert f"Port {env['PORT']} is in use" in ended.stdout + ended.stderr
    assert not (tmp_path / "data").exists()


def test_a_port_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(os.environ, "PORT", "eighty")
    assert main(["run"]) == 2
    assert "PORT is 'eighty'" in capsys.readouterr().err
