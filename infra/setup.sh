#!/usr/bin/env bash
# Makes the virtual environment $VENV with $PYTHON and installs the pinned packages; uv does it in seconds where it is found.
# Then, in each folder that is named as an argument, the packages of its package-lock.json, by npm.
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

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "Rollcall's pages need Node.js 20.19 or later with npm, and there is none here. Install it: https://nodejs.org/en/download" >&2
  exit 1
fi
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
  echo "Rollcall's pages need Node.js 20.19 or later; 'node' is $(node --version). Install a later one: https://nodejs.org/en/download" >&2
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
for folder in "$@"; do
  echo "Setting up $folder ..."
  npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
done
echo "Ready."
