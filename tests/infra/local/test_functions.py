"""Functions as processes: what they are given, and where their files are."""

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.folder import DataFolder
from infra.local.functions import Addresses, environment_of, pack_function, unpack
from infra.local.manifest import FunctionSpec, read_functions
from infra.local.settings import REPOSITORY, read_stack_settings
from tests.infra.local.support import packer_of, write_functions

AT = Addresses(
    firestore="127.0.0.1:1",
    simulator="http://127.0.0.1:2",
    inner="http://127.0.0.1:3",
    functions={"monitor_tick": "http://127.0.0.1:4", "meet_sync": "http://127.0.0.1:5"},
)
SECRETS = {"JWT_SECRET": "k:" + "s" * 32}


def function(*declares: str) -> FunctionSpec:
    """A function whose table declares these variables."""
    return FunctionSpec("greeter", "Greets", (), frozenset(declares), timedelta(minutes=1))


def test_a_function_gets_what_its_table_declares_and_where_the_stand_ins_are() -> None:
    env = environment_of(function("MONITOR_TICK_URL", "ROLLCALL_AUTH", "JWT_SECRET"), read_stack_settings({}), AT, SECRETS)
    assert env["MONITOR_TICK_URL"] == "http://127.0.0.1:4"
    assert (env["ROLLCALL_AUTH"], env["JWT_SECRET"]) == ("open", SECRETS["JWT_SECRET"])
    assert env["FIRESTORE_EMULATOR_HOST"] == "127.0.0.1:1"
    assert env["GOOGLE_API_ENDPOINT"] == "http://127.0.0.1:2"
    assert env["CLOUD_TASKS_ENDPOINT"] == "http://127.0.0.1:3"
    assert env["OIDC_CERTS_URL"] == "http://127.0.0.1:3/certs"
    assert "SYNC_DELAYS" not in env
    assert "MEET_SYNC_URL" not in env


def test_a_function_that_declares_no_secret_gets_none() -> None:
    env = environment_of(function("SYNC_DELAYS"), read_stack_settings({"WEBHOOK_SECRET": "whsec_x"}), AT, SECRETS)
    assert "JWT_SECRET" not in env
    assert "WEBHOOK_SECRET" not in env
    assert env["SYNC_DELAYS"] == "5,60,600,3600,86400"


def test_the_bridge_is_open_unless_the_user_sets_its_secret() -> None:
    webhook = function("WEBHOOK_SECRET")
    assert "WEBHOOK_SECRET" not in environment_of(webhook, read_stack_settings({}), AT, SECRETS)
    told = read_stack_settings({"WEBHOOK_SECRET": "whsec_x"})
    assert environment_of(webhook, told, AT, SECRETS)["WEBHOOK_SECRET"] == "whsec_x"


def test_nothing_of_the_developers_own_google_account_gets_through(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "K_SERVICE", "HOME", "PYTHONPATH"):
        monkeypatch.setenv(name, "x")
    env = environment_of(function(), read_stack_settings({}), AT, SECRETS)
    assert not env.keys() & {"GOOGLE_APPLICATION_CREDENTIALS", "K_SERVICE", "HOME", "PYTHONPATH"}


def test_files_are_unpacked_anew_only_when_the_archive_changed(tmp_path: Path) -> None:
    source, folder = write_functions(tmp_path / "functions"), DataFolder(tmp_path / "data")
    greeter = next(one for one in read_functions(source) if one.name == "greeter")
    home = unpack(greeter, folder, packer_of(source))
    (home / "compiled").touch()
    unpack(greeter, folder, packer_of(source))
    assert (home / "compiled").exists()
    (source / "greeter/main.py").write_text("changed = True\n")
    unpack(greeter, folder, packer_of(source))
    assert not (home / "compiled").exists()
    assert (home / "main.py").read_text() == "changed = True\n"


def test_every_function_of_the_repository_unpacks(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    for one in read_functions(REPOSITORY / "functions"):
        home = unpack(one, folder, pack_function)
        assert (home / "main.py").is_file()
        with zipfile.ZipFile(tmp_path / f"archives/{one.name}.zip") as archive:
            assert archive.testzip() is None
