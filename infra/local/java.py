"""The Java that runs the Firestore emulator."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping

from infra.local.troubles import Trouble

OLDEST = 11
REMEDY = f"Install a Java runtime of version {OLDEST} or newer (on Debian: apt-get install default-jre-headless)."


def find_java(env: Mapping[str, str]) -> str:
    """The java command of JAVA_HOME or the search path; raises `Trouble` when there is none or it is too old."""
    home = env.get("JAVA_HOME")
    places = [f"{home}/bin"] if home else []
    java = shutil.which("java", path=os.pathsep.join([*places, env.get("PATH", "")]))
    if java is None:
        raise Trouble(f"The Firestore emulator needs Java, and no `java` was found on PATH or in JAVA_HOME. {REMEDY}")
    try:
        answer = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as failed:
        raise Trouble(f"{java} could not be asked for its version ({failed}). {REMEDY}") from failed
    version = major_version(answer.stderr + answer.stdout)
    if version is None:
        raise Trouble(f"{java} did not tell its version. {REMEDY}")
    if version < OLDEST:
        raise Trouble(f"{java} is Java {version}; the Firestore emulator needs {OLDEST} or newer. {REMEDY}")
    return java


def major_version(told: str) -> int | None:
    """The major version in what `java -version` says: 17 for "17.0.15", 8 for "1.8.0_292"; None when it says none."""
    found = re.search(r'version "(?:1\.)?(\d+)', told)
    return int(found.group(1)) if found else None
