#!/usr/bin/env bash
# Prints the path of the Chromium that the pages are tested in: $CHROMIUM, else one on the PATH, else Debian's own, installed now where that is allowed.
set -euo pipefail

if [ -n "${CHROMIUM:-}" ]; then
  command -v "$CHROMIUM" || {
    echo "CHROMIUM names no program: $CHROMIUM. Leave it unset, or name the browser's executable." >&2
    exit 1
  }
  exit 0
fi
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name"; then
    exit 0
  fi
done

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo --non-interactive)
fi
if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
  echo "Setting up Chromium, which the pages are tested in ..." >&2
  "${as_root[@]}" apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -qq --yes --no-install-recommends chromium >/dev/null
  command -v chromium && exit 0
fi
echo "The pages are tested in Chromium, and there is none here. Install it (Debian and Ubuntu: apt-get install chromium; macOS: brew install --cask chromium), or name one: CHROMIUM=/path/to/chromium make test" >&2
exit 1
