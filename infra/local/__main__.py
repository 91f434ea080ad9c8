"""The local stack's commands: `python -m infra.local run | demo | token`."""

import argparse
import os
import sys
from collections.abc import Sequence

from infra.local.troubles import Trouble


def main(arguments: Sequence[str]) -> int:
    """Do one command; the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        if asked.command == "token":
            return _token(asked.email, asked.role, asked.name)
        return _demo() if asked.command == "demo" else _run()
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return trouble.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description="Rollcall on one laptop.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start the whole system and serve until Ctrl-C")
    commands.add_parser("demo", help="start it and play one whole class through it; ONCE=1 ends it after the class")
    token = commands.add_parser("token", help="print a sign-in token that is good for one hour")
    token.add_argument("--email", required=True)
    token.add_argument("--role", default="user", help="user, teacher or admin")
    token.add_argument("--name", help="the display name; made of the e-mail when left out")
    return parser


def _run() -> int:
    from infra.local.report import Reporter
    from infra.local.run import keep_serving, run_stack
    from infra.local.settings import read_stack_settings

    settings, report = read_stack_settings(os.environ), Reporter()
    return run_stack(settings, report, lambda stack: keep_serving(stack, report, settings))


def _demo() -> int:
    from infra.local.demo.play import play_demo

    return play_demo(os.environ)


def _token(email: str, role: str, name: str | None) -> int:
    from infra.local.stack import system_clock
    from infra.local.token import make_token, signing_settings

    token = make_token(signing_settings(os.environ), email=email, role=role, name=name, now=system_clock())
    sys.stdout.write(f"{token}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
