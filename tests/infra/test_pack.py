"""Archives: equal sources give equal bytes, and an archive holds what its function reaches and nothing else."""

import os
import zipfile
from pathlib import Path

import pytest

from infra.pack import PackingError, function_names, pack

REQUIREMENTS = "functions-framework~=3.10.2\ngunicorn~=27.0\ntzdata~=2026.6\nrequests~=2.34\npydantic~=2.14.3\n"


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """A tiny repository: one function that reaches two of three shared modules, one of them inside a function."""
    write(tmp_path, "requirements.txt", REQUIREMENTS)
    write(tmp_path, "functions/__init__.py")
    write(tmp_path, "functions/ring/__init__.py")
    write(tmp_path, "functions/ring/function.json", '{"routes": []}')
    write(tmp_path, "functions/ring/page.html", "<p>ring</p>")
    write(tmp_path, "functions/ring/main.py", "from functions.ring.doors import ring\n")
    write(tmp_path, "functions/ring/doors.py", "from shared.bell import ring\n")
    write(tmp_path, "shared/__init__.py")
    write(tmp_path, "shared/bell.py", "def ring() -> None:\n    from shared import clock\n")
    write(tmp_path, "shared/clock.py", "import requests\n")
    write(tmp_path, "shared/unused.py", "import pydantic\n")
    return tmp_path


def write(root: Path, path: str, text: str = "") -> None:
    """One file of the tiny repository."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")


def packed(root: Path) -> zipfile.ZipFile:
    """The archive of the tiny repository's function."""
    return zipfile.ZipFile(pack("ring", root / "build", root))


def test_an_archive_holds_just_what_is_reached(school: Path) -> None:
    with packed(school) as archive:
        assert archive.namelist() == [
            "functions/__init__.py",
            "functions/ring/__init__.py",
            "functions/ring/doors.py",
            "functions/ring/function.json",
            "functions/ring/main.py",
            "functions/ring/page.html",
            "main.py",
            "requirements.txt",
            "shared/__init__.py",
            "shared/bell.py",
            "shared/clock.py",
        ]


def test_requirements_hold_only_the_packages_that_are_imported(school: Path) -> None:
    with packed(school) as archive:
        lines = archive.read("requirements.txt").decode().splitlines()
    assert lines == ["functions-framework~=3.10.2", "gunicorn~=27.0", "requests~=2.34", "tzdata~=2026.6"]


def test_the_main_file_at_the_root_names_the_entry_point(school: Path) -> None:
    with packed(school) as archive:
        assert archive.read("main.py").decode().startswith("from functions.ring.main import ring")


def test_equal_sources_give_equal_bytes_whatever_their_dates_and_modes(school: Path) -> None:
    before = pack("ring", school / "build", school).read_bytes()
    for path in school.rglob("*.py"):
        os.utime(path, (1, 1))
        path.chmod(0o600)
    assert pack("ring", school / "again", school).read_bytes() == before


def test_a_change_in_what_is_not_reached_leaves_the_bytes_alone(school: Path) -> None:
    before = pack("ring", school / "build", school).read_bytes()
    write(school, "shared/unused.py", "import requests\n")
    write(school, "requirements.txt", REQUIREMENTS.replace("pydantic~=2.14.3", "pydantic~=2.15"))
    assert pack("ring", school / "build", school).read_bytes() == before


def test_a_change_in_what_is_reached_changes_the_bytes(school: Path) -> None:
    before = pack("ring", school / "build", school).read_bytes()
    write(school, "shared/clock.py", "import requests as web\n")
    assert pack("ring", school / "build", school).read_bytes() != before


def test_compiled_files_stay_behind(school: Path) -> None:
    write(school, "functions/ring/__pycache__/main.cpython-311.pyc", "x")
    with packed(school) as archive:
        assert not [name for name in archive.namelist() if "pycache" in name]


def test_a_package_that_is_found_but_not_imported_is_required(school: Path) -> None:
    write(school, "requirements.txt", REQUIREMENTS + "flask-openapi3-swagger~=5.31.0\n")
    write(school, "shared/clock.py", 'from importlib.util import find_spec\nWHERE = find_spec("flask_openapi3_swagger")\n')
    with packed(school) as archive:
        assert "flask-openapi3-swagger~=5.31.0" in archive.read("requirements.txt").decode()


def test_an_unknown_package_is_refused_with_the_remedy(school: Path) -> None:
    write(school, "shared/clock.py", "import sundial\n")
    with pytest.raises(PackingError, match=r"import sundial.*PACKAGES"):
        pack("ring", school / "build", school)


def test_a_package_without_a_pin_is_refused_with_the_remedy(school: Path) -> None:
    write(school, "requirements.txt", REQUIREMENTS.replace("requests~=2.34\n", ""))
    with pytest.raises(PackingError, match=r"no pinned line for requests"):
        pack("ring", school / "build", school)


def test_a_function_that_does_not_exist_is_refused_by_name(school: Path) -> None:
    with pytest.raises(PackingError, match="'gong'"):
        pack("gong", school / "build", school)


@pytest.mark.parametrize("name", function_names())
def test_every_function_of_this_repository_packs_to_the_same_bytes_twice(name: str, tmp_path: Path) -> None:
    assert pack(name, tmp_path / "a").read_bytes() == pack(name, tmp_path / "b").read_bytes()


def test_pages_ship_as_they_were_built_and_without_their_sources(school: Path) -> None:
    for path in (
        "web/src/main.tsx",
        "web/node_modules/react/index.js",
        "web/package.json",
        "dist/index.html",
        "dist/index.html.br",
    ):
        write(school, f"functions/ring/{path}", "x")
    with packed(school) as archive:
        names = archive.namelist()
    assert {"functions/ring/dist/index.html", "functions/ring/dist/index.html.br"} <= set(names)
    assert not [name for name in names if "/web/" in name]


def test_pages_that_are_not_built_are_told_with_the_remedy(school: Path) -> None:
    write(school, "functions/ring/web/index.html", "x")
    with pytest.raises(PackingError, match="make web"):
        pack("ring", school / "build", school)
