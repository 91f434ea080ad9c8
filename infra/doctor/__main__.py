"""`python -m infra.doctor [--project P --region R] [--as TEACHER] [--json] | --local`: what is missing, and what mends it.

It only looks. Exit code 0: nothing is missing; 1: something is; 2: something could not be asked.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from rich.console import Console

from infra.doctor.checks import cloud_checks, local_checks
from infra.doctor.deployment import Deployment
from infra.doctor.finding import CannotAsk, Check, outcome
from infra.doctor.google import Google
from infra.doctor.machine import Machine
from infra.doctor.report import Looked, as_json, exit_code, show

T = TypeVar("T")

AT_ONCE = 8
WIDTH = 140
USAGE = 2


def main(arguments: Sequence[str], env: Mapping[str, str]) -> int:
    """Look, and tell; the exit code."""
    asked = _parser().parse_args(arguments)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    if asked.local:
        return _told(console, _looked(console, local_checks(), Machine(env), asked.only), is_json=asked.json)
    project = asked.project or env.get("GOOGLE_CLOUD_PROJECT")
    if not project:
        sys.stderr.write("Give the project with --project, or set GOOGLE_CLOUD_PROJECT; --local looks at this machine instead.\n")
        return USAGE
    region = asked.region or env.get("TASKS_LOCATION") or "europe-west1"
    at = Deployment(Google(env.get("DOCTOR_ENDPOINT")), project, region, env, asked.teacher, asked.url)
    with suppress(CannotAsk):  # each check that needs it says so
        _ = at.services  # asked once, before many checks want it at the same time
    return _told(console, _looked(console, cloud_checks(env), at, asked.only), is_json=asked.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.doctor", description=__doc__)
    parser.add_argument("--project", help="the Google Cloud project (GOOGLE_CLOUD_PROJECT)")
    parser.add_argument("--region", help="the region of the deployment (TASKS_LOCATION, else europe-west1)")
    parser.add_argument("--as", dest="teacher", metavar="TEACHER", help="a teacher of your domain, to try delegated rights as")
    parser.add_argument("--url", help="the public address, where the functions do not tell it")
    parser.add_argument(
        "--only", action="append", metavar="CHECK", help="only this check, by its name; may be given several times"
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--local", action="store_true", help="this machine instead of a deployment")
    return parser


def _looked(console: Console, checks: Sequence[Check[T]], at: T, only: Sequence[str] | None) -> list[Looked]:
    """All findings, in the checks' order; several checks are made at once."""
    chosen = [check for check in checks if not only or check.key in only]
    with console.status("looking ..."), ThreadPoolExecutor(AT_ONCE, thread_name_prefix="doctor") as pool:
        found = pool.map(lambda check: outcome(check, at), chosen)
        return [Looked(check.key, check.title, findings) for check, findings in zip(chosen, found, strict=True)]


def _told(console: Console, looked: Sequence[Looked], *, is_json: bool) -> int:
    if is_json:
        print(as_json(looked))
    else:
        show(console, looked)
    return exit_code(looked)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
