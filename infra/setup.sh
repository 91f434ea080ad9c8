#!/usr/bin/env bash
# Makes the virtual environment $VENV with $PYTHON and installs the pinned packages; uv does it in seconds where it is found.
set -euo pipefail
PYTHON=${PYTHON:-python3}
VENV=${VENV:-.venv}

if ! command -v "$PYTHON" >/dev/null; then
  echo "Rollcall needs Python 3.11 or later, and there is no '$PYTHON' here. Install it, or name one: make setup PYTHON=/path/to/python3.11" >&2
  exit 1
fi
if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Rollcall needs Python 3.11 or later; '$PYTHON' is $("$PYTHON" -V 2>&1). Name a later one: make setup PYTHON=/path/to/python3.11" >&2
  exit 1
fi

echo "Setting up $VENV ..."
if command -v uv >/dev/null; then
  [ -x "$VENV/bin/python" ] || uv venv --quiet --python "$PYTHON" "$VENV"
  uv pip install --quiet --python "$VENV/bin/python" --compile-bytecode -r requirements-dev.txt -c constraints.txt
else
  if ! [ -x "$VENV/bin/pip" ]; then
    "$PYTHON" -m venv --clear "$VENV" || {
      echo "The virtual environment could not be made; on Debian and Ubuntu: apt-get install python3-venv" >&2
      exit 1
    }
  fi
  "$VENV/bin/pip" install --quiet --disable-pip-version-check --no-input -r requirements-dev.txt -c constraints.txt
fi
echo "Ready."
