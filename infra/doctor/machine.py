"""A machine to develop on: what `make demo` and `make test` need of it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.doctor.finding import Finding, advice, missing, ok
from infra.local.emulator_jar import present_jar
from infra.local.java import find_java
from infra.local.ports import hold_port
from infra.local.settings import read_stack_settings
from infra.local.troubles import Trouble

PYTHON, NODE = (3, 11), (20, 19)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True)
class Machine:
    """This machine, by the environment of whoever asks."""

    env: Mapping[str, str]

    def which(self, program: str) -> str | None:
        """Where a program is."""
        return shutil.which(program, path=self.env.get("PATH", os.defpath))


class Python:
    """Whether this Python is new enough."""

    key, title = "python", "Python"

    def look(self, at: Machine) -> Iterator[Finding]:  # noqa: ARG002 - the one that runs is the one that counts
        """See `Check`."""
        version = ".".join(map(str, sys.version_info[:3]))
        if sys.version_info >= PYTHON:
            yield ok(version)
        else:
            yield missing(
                f"this is {version}",
                "Rollcall needs 3.11 or newer.",
                "https://www.python.org/downloads/, then make PYTHON=<it> setup",
            )


class Node:
    """Whether Node is new enough to build the pages."""

    key, title = "node", "Node"

    def look(self, at: Machine) -> Iterator[Finding]:
        """See `Check`."""
        found = at.which("node")
        told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout.strip() if found else ""
        version = tuple(map(int, re.findall(r"\d+", told)[:2]))
        if version >= NODE:
            yield ok(told)
        else:
            yield missing(
                f"node is {told or 'not there'}",
                "The dashboard's pages are built with 20.19 or newer.",
                "https://nodejs.org/en/download",
            )


class Java:
    """Whether there is a Java that runs the emulator."""

    key, title = "java", "Java"

    def look(self, at: Machine) -> Iterator[Finding]:
        """See `Check`."""
        try:
            yield ok(find_java(at.env))
        except Trouble as trouble:
            yield missing("no Java that can be used", "Google's Firestore emulator runs on it.", str(trouble))


class Emulator:
    """Whether Google's Firestore emulator is there."""

    key, title = "emulator", "Firestore emulator"

    def look(self, at: Machine) -> Iterator[Finding]:
        """See `Check`."""
        jar = present_jar(at.env)
        if jar is not None:
            yield ok(jar.name)
        else:
            why = "The stack stores everything in it; `make run` tries to install it at its first start."
            yield advice("not there yet", why, "gcloud components install cloud-firestore-emulator")


class Chromium:
    """Whether there is a browser that the pages are tested in."""

    key, title = "chromium", "Chromium"

    def look(self, at: Machine) -> Iterator[Finding]:
        """See `Check`."""
        named = at.env.get("CHROMIUM")
        found = at.which(named) if named else next((where for name in BROWSERS if (where := at.which(name))), None)
        if found:
            yield ok(found)
        else:
            why = "The journeys of the pages run in it; `make test` tries to install it."
            yield advice(f"{named or 'no Chromium'} is not there", why, "apt-get install chromium, or CHROMIUM=<path>")


class Ports:
    """Whether the ports that the stack promises are free."""

    key, title = "ports", "Ports"

    def look(self, at: Machine) -> Iterator[Finding]:
        """See `Check`."""
        try:
            settings = read_stack_settings(at.env)
        except Trouble as bad:
            yield missing(str(bad), "The stack does not start.", "unset it")
            return
        wanted = {"PORT": settings.port, "SIMULATOR_PORT": settings.simulator_port, "REALTIME_PORT": settings.realtime_port}
        for variable, port in wanted.items():
            try:
                hold_port(port, variable).close()
            except Trouble as taken:
                yield missing(f"{port} is taken", "The stack does not start.", str(taken))
            else:
                yield ok(f"{port} is free")


class Data:
    """Whether the stack can keep its data where it wants to."""

    key, title = "data", "Data folder"

    def look(self, at: Machine) -> Iterator[Finding]:
        """See `Check`."""
        folder = Path(at.env.get("ROLLCALL_DATA") or ".rollcall").expanduser().absolute()
        nearest = next(place for place in (folder, *folder.parents) if place.exists())
        if os.access(nearest, os.W_OK | os.X_OK):
            yield ok(str(folder))
        else:
            yield missing(
                f"{nearest} cannot be written to", "The stack does not start.", "set ROLLCALL_DATA to a folder of your own"
            )
