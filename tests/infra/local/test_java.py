"""Java: found, and new enough."""

from pathlib import Path

import pytest

from infra.local.java import find_java, major_version
from infra.local.troubles import Trouble


def fake_java(folder: Path, says: str) -> str:
    """A java that says this about itself; the folder to search."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "java").write_text(f"#!/bin/sh\necho '{says}' >&2\n")
    (folder / "java").chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("told", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_292"', 8),
        ('version "21"', 21),
        ("gibberish", None),
    ],
)
def test_the_major_version_is_read(told: str, version: int | None) -> None:
    assert major_version(told) == version


def test_a_machine_without_java_is_told_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"needs Java.*Install a Java runtime of version 11"):
        find_java({"PATH": str(tmp_path)})


def test_a_java_that_is_too_old_is_told_with_its_version(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="is Java 8; the Firestore emulator needs 11 or newer"):
        find_java({"PATH": fake_java(tmp_path, 'java version "1.8.0_292"')})


def test_a_java_that_says_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="did not tell its version"):
        find_java({"PATH": fake_java(tmp_path, "hello")})


def test_java_home_comes_before_the_search_path(tmp_path: Path) -> None:
    fake_java(tmp_path / "home/bin", 'openjdk version "21.0.1"')
    path = fake_java(tmp_path / "path", 'openjdk version "17.0.1"')
    assert find_java({"JAVA_HOME": str(tmp_path / "home"), "PATH": path}) == str(tmp_path / "home/bin/java")
    assert find_java({"PATH": path}) == str(tmp_path / "path/java")
