"""The simulated Zoom as a part of the simulator: what a restart keeps, and a file that cannot be read."""

import json
import time
from pathlib import Path

import pytest

from infra.local.simulator.zoom.simulator import ZoomSimulator
from infra.local.simulator.zoom.webhooks import ZoomWebhooks
from infra.local.troubles import Trouble
from tests.infra.local.simulator.running import NOON, simulator
from tests.infra.local.simulator.zoom.zooming import HOST, Zoomed


def test_meetings_registrants_and_who_is_in_outlive_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "simulator.json"
    with simulator(file) as sim:
        zoom = Zoomed(sim)
        made = zoom.made(settings={"approval_type": 0}, agenda="class cls-1")
        number = made["id"]
        registrant = zoom.registered(number)
        zoom.joins(number, "Ada", "12:00", email=HOST)
        ben = zoom.joins(number, "Ben", "12:01", registrant_id=registrant)
        before = sim.order("/zoom/state", method="GET").json()["meetings"]
    with simulator(file) as sim:
        zoom = Zoomed(sim)
        assert sim.order("/zoom/state", method="GET").json()["meetings"] == before
        assert zoom.got(f"/meetings/{number}") == {**made, "status": "started"}
        assert zoom.got(f"/users/{made['host_id']}/meetings")["total_records"] == 1
        zoom.does(number, "leave", "12:20", user_id=ben)
        zoom.does(number, "end", "12:30")
        told = zoom.got(f"/report/meetings/{number}/participants", include_fields="registrant_id")
        assert [one["registrant_id"] for one in told["participants"]] == ["", registrant]


def test_a_change_is_in_the_file_soon_and_not_only_at_the_end(tmp_path: Path) -> None:
    with simulator(tmp_path / "simulator.json") as sim:
        number = Zoomed(sim).bare()
        until = time.monotonic() + 10
        file = tmp_path / "zoom.json"
        while not file.exists():
            assert time.monotonic() < until
            time.sleep(0.05)
        assert [one["number"] for one in json.loads(file.read_text())["meetings"]] == [number]


@pytest.mark.parametrize("content", ["{", "[]", '{"version": 9}', '{"version": 1, "users": [], "meetings": [{"number": 1}]}'])
def test_a_file_that_cannot_be_read_is_named_with_the_remedy(tmp_path: Path, content: str) -> None:
    (tmp_path / "zoom.json").write_text(content)
    with pytest.raises(Trouble, match=r"zoom\.json cannot be read .* Delete it"):
        ZoomSimulator(lambda: NOON, tmp_path / "simulator.json", ZoomWebhooks("http://localhost:1/", "secret"))
