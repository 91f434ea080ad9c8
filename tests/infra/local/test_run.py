"""A whole stack in the foreground: it starts, serves, keeps its data, and ends without leaving anything behind."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import jwt
import pytest

from infra.local.emulator import running_emulator
from infra.local.ports import free_ports, hold_free_port, port_of
from infra.local.snapshots import Snapshots
from tests.infra.local.support import Running, plain_environment, processes_under, stack_process


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the stack that several tests look at."""
    return tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="module")
def stack(folder: Path) -> Iterator[Running]:
    """A stack that several tests look at."""
    with stack_process(folder, TICK_SECONDS="0.5") as running:
        yield running.until_ready()


def remember(stack: Running, note: dict[str, str]) -> None:
    """Have a function write a document."""
    httpx.post(f"{stack.url}/api/greet/remember", json=note, timeout=30).raise_for_status()


def test_it_prints_urls_and_tokens_and_ready_on_a_line_of_its_own(stack: Running) -> None:
    lines = stack.output().splitlines()
    assert lines[-1] == "ready"
    assert any(stack.url in line for line in lines)
    assert any(f"http://127.0.0.1:{stack.simulator_port}" in line for line in lines)
    tokens = {line.split()[0]: line.split()[1] for line in lines if "  ey" in line}
    assert set(tokens) == {"admin", "teacher", "user"}
    env = httpx.get(f"{stack.url}/api/greet/x").json()["env"]
    kid, _, secret = env["JWT_SECRET"].partition(":")
    claims = jwt.decode(tokens["teacher"], secret, algorithms=["HS256"], audience="rollcall", issuer="rollcall")
    assert claims["role"] == "teacher"
    assert jwt.get_unverified_header(tokens["teacher"])["kid"] == kid


def test_public_functions_are_at_the_edge_and_inner_ones_are_not(stack: Running) -> None:
    assert httpx.get(f"{stack.url}/api/greet/x").json()["path"] == "/api/greet/x?"
    assert httpx.post(f"{stack.url}/tick").status_code == 404


def test_the_simulator_is_on_its_own_port(stack: Running, folder: Path) -> None:
    told = httpx.get(f"http://127.0.0.1:{stack.simulator_port}/").json()
    assert told["file"] == str(folder / "data/simulator.json")


def test_timed_functions_are_called_with_a_token_for_their_own_address(stack: Running, folder: Path) -> None:
    stack.until((folder / "data/notebook").exists)
    told = json.loads((folder / "data/notebook").read_text().splitlines()[0])
    env = httpx.get(f"{stack.url}/api/greet/x").json()["env"]
    token = told["headers"]["Authorization"].removeprefix("Bearer ")
    key = jwt.PyJWKClient(env["OIDC_CERTS_URL"]).get_signing_key_from_jwt(token)
    claims = jwt.decode(token, key.key, algorithms=["RS256"], audience=env["TICKER_URL"])
    assert claims["email"].startswith("scheduler@")
    assert told["path"] == "/tick"


def test_a_task_reaches_an_inner_function(stack: Running, folder: Path) -> None:
    env = httpx.get(f"{stack.url}/api/greet/x").json()["env"]
    tasks = f"{env['CLOUD_TASKS_ENDPOINT']}/v2/projects/p/locations/l/queues/q/tasks"
    httpx.post(tasks, json={"task": {"httpRequest": {"url": f"{env['TICKER_URL']}/due", "body": "e30="}}}).raise_for_status()
    stack.until(lambda: '"/due"' in (folder / "data/notebook").read_text())


def test_a_second_stack_on_the_same_folder_is_refused(stack: Running, folder: Path) -> None:
    with stack_process(folder) as second:
        assert second.until_ended() == 1
        assert f"process {stack.process.pid}" in second.output()
        assert "ROLLCALL_DATA" in second.output()
    assert httpx.get(f"{stack.url}/_local").status_code == 200


def test_two_stacks_run_side_by_side(stack: Running, tmp_path: Path) -> None:
    with stack_process(tmp_path) as other:
        other.until_ready()
        remember(other, {"of": "other"})
        remember(stack, {"of": "first"})
        assert httpx.get(f"{other.url}/api/greet/remember", timeout=30).json() == {"of": "other"}


def test_a_function_that_dies_is_started_again(stack: Running) -> None:
    with suppress(httpx.HTTPError):
        httpx.get(f"{stack.url}/api/greet/die")
    stack.until(lambda: "greeter ended" in stack.output())
    stack.until(lambda: httpx.get(f"{stack.url}/api/greet/x").is_success)


@pytest.mark.parametrize("taken", ["PORT", "SIMULATOR_PORT"])
def test_a_taken_port_ends_it_before_anything_is_started(taken: str, tmp_path: Path) -> None:
    with hold_free_port() as held:
        port, free = port_of(held), free_ports(1)[0]
        ports = (port, free) if taken == "PORT" else (free, port)
        with stack_process(tmp_path, ports=ports) as stack:
            assert stack.until_ended() == 2
            assert f"Port {port} is in use" in stack.output()
            assert f"set {taken} to" in stack.output()
    assert not (tmp_path / "data").exists()


def test_a_machine_without_java_is_told(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    with stack_process(tmp_path, PATH=str(tmp_path / "bin"), JAVA_HOME="") as stack:
        assert stack.until_ended() == 1
        assert "needs Java" in stack.output()
        assert "Install a Java runtime" in stack.output()
    assert processes_under(tmp_path) == {}


def test_a_bad_setting_is_told_before_anything_is_started(tmp_path: Path) -> None:
    with stack_process(tmp_path, SYNC_DELAYS="soon") as stack:
        assert stack.until_ended() == 1 + 1
        assert "SYNC_DELAYS is 'soon'" in stack.output()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_cleanly_and_no_process_is_left(number: signal.Signals, tmp_path: Path) -> None:
    with stack_process(tmp_path) as stack:
        stack.until_ready()
        assert len(processes_under(tmp_path)) > 3
        stack.process.send_signal(number)
        assert stack.until_ended() == 0
        assert processes_under(tmp_path) == {}
        assert "stopped" in stack.output()


@pytest.mark.parametrize("after_s", [0.6, 1.0, 1.6, 2.4])
def test_a_signal_while_it_starts_leaves_no_process_either(after_s: float, tmp_path: Path) -> None:
    with stack_process(tmp_path) as stack:
        time.sleep(after_s)
        stack.process.terminate()
        assert stack.until_ended() in (0, -signal.SIGTERM)
        assert processes_under(tmp_path) == {}


def test_data_is_there_again_after_a_stop(tmp_path: Path) -> None:
    with stack_process(tmp_path) as stack:
        stack.until_ready()
        remember(stack, {"text": "kept"})
        stack.process.terminate()
        assert stack.until_ended() == 0
    with stack_process(tmp_path) as stack:
        stack.until_ready()
        assert httpx.get(f"{stack.url}/api/greet/remember", timeout=30).json() == {"text": "kept"}


def test_a_killed_stack_leaves_no_process_and_loses_only_what_came_after_the_last_snapshot(tmp_path: Path) -> None:
    with stack_process(tmp_path) as stack:
        stack.until_ready()
        remember(stack, {"text": "saved"})
        snapshots = Snapshots(tmp_path / "data/firestore", "demo-rollcall")
        before = snapshots.latest()
        stack.until(lambda: snapshots.latest() != before)
        before = snapshots.latest()
        remember(stack, {"text": "saved"})
        stack.until(lambda: snapshots.latest() != before)
        stack.process.kill()
        stack.process.wait()
        stack.until(lambda: processes_under(tmp_path) == {})
    with stack_process(tmp_path) as stack:
        stack.until_ready()
        assert httpx.get(f"{stack.url}/api/greet/remember", timeout=30).json() == {"text": "saved"}


def test_a_dead_emulator_stops_the_stack_and_says_what_is_lost(tmp_path: Path) -> None:
    with stack_process(tmp_path) as stack:
        stack.until_ready()
        (java,) = (number for number, command in processes_under(tmp_path).items() if "CloudFirestore" in command)
        os.kill(java, signal.SIGKILL)
        assert stack.until_ended() == 1
        assert "The Firestore emulator ended (signal 9)" in stack.output()
        assert "start it again" in stack.output()
        assert processes_under(tmp_path) == {}


def test_an_emulator_of_somebody_else_is_used_and_left_alone(tmp_path: Path) -> None:
    with running_emulator(plain_environment()) as host:
        with stack_process(tmp_path, FIRESTORE_EMULATOR_HOST=host) as stack:
            stack.until_ready()
            assert not any("CloudFirestore" in command for command in processes_under(tmp_path).values())
            assert httpx.get(f"{stack.url}/api/greet/x").json()["env"]["FIRESTORE_EMULATOR_HOST"] == host
            remember(stack, {"text": "theirs"})
        documents = f"http://{host}/v1/projects/demo-rollcall/databases/(default)/documents"
        assert httpx.get(f"{documents}/notes/one").json()["fields"]["text"]["stringValue"] == "theirs"
        httpx.delete(f"http://{host}/emulator/v1/projects/demo-rollcall/databases/(default)/documents")


def test_a_function_that_cannot_start_is_told_with_its_log(tmp_path: Path) -> None:
    with stack_process(tmp_path, TEST_BREAK="greeter") as stack:
        assert stack.until_ended(30) == 1
        assert "greeter did not start" in stack.output()
        assert "no_such_module" in stack.output()
        assert processes_under(tmp_path) == {}
