"""Child processes: each in a group of its own, so that it ends with everything it started and survives no parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

PR_SET_PDEATHSIG = 1
GRACE = timedelta(seconds=5)
"""How long a process may take to end by itself before it is killed."""

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def spawn(command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start a command whose output goes to the end of `log`. It ends with this process, even when that is killed."""
    with log.open("ab") as out:
        return subprocess.Popen(
            list(command),
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509  one libc call between fork and exec, no Python locks
        )


def end(processes: Sequence[subprocess.Popen[bytes]], grace: timedelta = GRACE) -> None:
    """End these processes and everything in their groups; returns when nothing of them is left."""
    _signal(processes, signal.SIGTERM)
    if not _gone_within(processes, grace):
        _signal(processes, signal.SIGKILL)
        _gone_within(processes, grace)


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for an error message."""
    with suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return ""


def _end_with_parent() -> None:
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal(processes: Sequence[subprocess.Popen[bytes]], number: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)


def _gone_within(processes: Sequence[subprocess.Popen[bytes]], grace: timedelta) -> bool:
    until = time.monotonic() + grace.total_seconds()
    while any(_is_alive(process) for process in processes):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _is_alive(process: subprocess.Popen[bytes]) -> bool:
    process.poll()
    try:
        os.killpg(process.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
