"""Rules over a function's folder."""

import json
from pathlib import Path

import pytest

from infra.check.routes import CALLERS, check_routes

DOORS = 'def ring(asked, app):\n    """Ring."""\n\n\ndef _helper():\n    """Help."""\n'


def wrongs(root: Path, *routes: dict[str, str], doors: str = DOORS) -> list[str]:
    """What is found in a function with these routes and doors, with places."""
    folder = root / "functions" / "bell"
    folder.mkdir(parents=True)
    (folder / "function.json").write_text(json.dumps({"routes": routes}, indent=2), "utf-8")
    (folder / "doors.py").write_text(doors, "utf-8")
    return [f"{found.path}:{found.line}: {found.wrong}" for found in check_routes(root, folder)]


def route(**changed: str) -> dict[str, str]:
    """A good route, but for what is changed."""
    return {"method": "POST", "path": "/api/bell", "door": "ring", "caller": "user", **changed}


@pytest.mark.parametrize("caller", sorted(CALLERS))
def test_a_route_with_its_door_and_a_known_caller_is_no_trouble(tmp_path: Path, caller: str) -> None:
    assert wrongs(tmp_path, route(caller=caller)) == []


def test_a_route_without_a_door_is_found_at_its_line(tmp_path: Path) -> None:
    found = wrongs(tmp_path, route(), route(path="/api/gong", door="gong"))
    assert found == ["functions/bell/function.json:12: the route's door 'gong' does not exist"]


def test_a_door_in_no_route_is_found_at_its_line(tmp_path: Path) -> None:
    found = wrongs(tmp_path, route(), doors=f"{DOORS}\n\ndef hidden(asked, app):\n    pass\n")
    assert found == ["functions/bell/doors.py:9: the door 'hidden' is in no route"]


def test_a_caller_that_nobody_checks_is_found(tmp_path: Path) -> None:
    found = wrongs(tmp_path, route(caller="everybody"))
    assert found == ["functions/bell/function.json:6: the caller 'everybody' of 'ring' is not known"]


def test_a_route_without_any_caller_is_found(tmp_path: Path) -> None:
    line = route()
    del line["caller"]
    assert wrongs(tmp_path, line) == ["functions/bell/function.json:6: the caller None of 'ring' is not known"]


def test_a_route_that_stands_twice_is_found(tmp_path: Path) -> None:
    assert wrongs(tmp_path, route(), route()) == ["functions/bell/function.json:6: POST /api/bell stands here twice"]


def test_doors_may_stand_in_the_modules_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "functions" / "bell"
    (folder / "doors").mkdir(parents=True)
    (folder / "doors" / "__init__.py").write_text("from functions.bell.doors.tower import ring\n", "utf-8")
    (folder / "doors" / "tower.py").write_text(DOORS.replace("_helper", "gong"), "utf-8")
    (folder / "function.json").write_text(json.dumps({"routes": [route()]}, indent=2), "utf-8")
    found = [f"{each.path}:{each.line}: {each.wrong}" for each in check_routes(tmp_path, folder)]
    assert found == ["functions/bell/doors/tower.py:5: the door 'gong' is in no route"]
