"""The emulator for the time of a block."""

from pathlib import Path

import httpx
import pytest

from infra.local.emulator import is_serving, running_emulator
from infra.local.ports import free_ports
from infra.local.troubles import Trouble
from tests.infra.local.support import plain_environment, processes_under


def test_it_serves_for_the_time_of_the_block_and_leaves_nothing() -> None:
    with running_emulator(plain_environment()) as host:
        assert is_serving(host)
        assert httpx.get(f"http://{host}/").text.strip() == "Ok"
        port = host.rpartition(":")[2]
        assert processes_under(Path(f"--port={port}"))
    assert not is_serving(host)
    assert not processes_under(Path(f"--port={port}"))


def test_the_one_that_is_given_is_used() -> None:
    with running_emulator(plain_environment()) as host:
        with running_emulator({"FIRESTORE_EMULATOR_HOST": host}) as again:
            assert again == host
        assert is_serving(host)


def test_a_given_one_that_does_not_answer_is_told() -> None:
    silent = f"127.0.0.1:{free_ports(1)[0]}"
    with (
        pytest.raises(Trouble, match=f"FIRESTORE_EMULATOR_HOST is '{silent}'"),
        running_emulator({"FIRESTORE_EMULATOR_HOST": silent}),
    ):
        pass


def test_without_java_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="needs Java"), running_emulator({"PATH": str(tmp_path)}):
        pass
