#!/usr/bin/env bash
# Drives the dashboard in Debian's Chromium (Tests/Browser). Usage: browser.sh FOLDER [NAME ...], where
# FOLDER holds the built rampart and rampart-lab and NAMES are of unittest, such as test_pages.
# SOAK=SECONDS also watches memory and processor at a hundred book updates a second for so long;
# PICTURES=FOLDER keeps a picture of every page; RAMPART_BROWSER=skip skips all of it.
set -euo pipefail
programs=$(readlink -f "$1")
shift
cd "$(dirname "$0")/.."
if [ "${RAMPART_BROWSER:-}" = skip ]; then
    echo "browser: SKIPPED because RAMPART_BROWSER=skip: pages, states, accessibility"
    exit 0
fi
if ! python=$(scripts/environment.sh browser Tests/Browser/requirements.txt); then
    echo "browser: RAMPART_BROWSER=skip leaves the browser out" >&2
    exit 1
fi
PYTHONDONTWRITEBYTECODE=1 exec "$python" Tests/Browser/run.py "$programs" "$@"
