#!/usr/bin/env bash
# Does what the pages of docs/ say, with the built programs, and compares what they print, their
# sums, pictures and references (Tests/Docs). Usage: docs.sh PROGRAMS [PAGE ...], where PROGRAMS
# is the folder of the built rampart and rampart-lab. RAMPART_WRITE_REFERENCE=1 writes pictures
# and references anew; RAMPART_CLIENTS=skip leaves out the pages that need clients of PyPI.
set -euo pipefail
programs=$(readlink -f "$1")
shift
cd "$(dirname "$0")/.."

export PYTHONDONTWRITEBYTECODE=1
if [ "${RAMPART_CLIENTS:-}" = skip ]; then
    interpreter=${RAMPART_PYTHON:-python3}
else
    . scripts/venv.sh
    interpreter=$PWD/$environment/bin/python
fi
if [ $# = 0 ]; then
    (cd Tests/Docs && "$interpreter" -m unittest --quiet test_checks)
    "$interpreter" Tests/Docs/references.py
    "$interpreter" Tests/Docs/figures.py "$programs"
fi
exec "$interpreter" Tests/Docs/run.py "$programs" "$@"
