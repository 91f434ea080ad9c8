"""The functions' tables, and which of them a path belongs to."""

import json
from pathlib import Path

import pytest

from infra.local.manifest import owner_of, read_functions
from infra.local.settings import REPOSITORY
from infra.local.troubles import Trouble


def owner(path: str) -> str | None:
    """The function of this repository that a path belongs to."""
    found = owner_of(path, read_functions(REPOSITORY / "functions"))
    return found.name if found else None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/schedule/class", "schedule"),
        ("/api/schedule", "schedule"),
        ("/api/scheduled", None),
        ("/api/monitoring/sessions/abc", "monitoring"),
        ("/api/webhook/meet-events", "webhook"),
        ("/api/openapi.json", "openapi"),
        ("/api/docs/style.css", "openapi"),
        ("/api", None),
        ("/", "dashboard"),
        ("/live", "dashboard"),
        ("/sessions/abc", "dashboard"),
        ("/assets/index.js", "dashboard"),
        ("/nowhere", None),
        ("/tick", None),
        ("/sync", None),
        ("/class-due", None),
    ],
)
def test_a_path_belongs_to_the_function_that_serves_it_and_inner_ones_to_nobody(path: str, name: str | None) -> None:
    assert owner(path) == name


def test_the_longest_match_wins(tmp_path: Path) -> None:
    for name, prefix in (("all", "/api"), ("some", "/api/some")):
        (tmp_path / name).mkdir()
        table = {"trigger": {"kind": "http", "public": True, "prefix": prefix}}
        (tmp_path / name / "function.json").write_text(json.dumps(table))
    functions = read_functions(tmp_path)
    assert [found.name for path in ("/api/x", "/api/some/x") if (found := owner_of(path, functions))] == ["all", "some"]


def test_a_private_http_function_has_no_public_path(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    table = {"trigger": {"kind": "http", "public": False, "prefix": "/inner"}}
    (tmp_path / "inner/function.json").write_text(json.dumps(table))
    assert read_functions(tmp_path)[0].paths == ()


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd/function.json").write_text("{}")
    with pytest.raises(Trouble, match=r"odd/function\.json"):
        read_functions(tmp_path)


def test_a_folder_without_functions_is_told(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"No function\.json"):
        read_functions(tmp_path)
