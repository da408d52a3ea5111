#!/usr/bin/env bash
# Runs the clients that people already have, from PyPI at pinned versions, against a venue of their own
# (Tests/Clients). Usage: clients.sh PROGRAM [NAME ...], where PROGRAM is the built rampart-lab and NAMES
# are of unittest, such as test_rest. RAMPART_PYTHON names another Python than python3;
# RAMPART_CLIENTS=skip skips all of it.
set -euo pipefail
program=$(readlink -f "$1")
shift
cd "$(dirname "$0")/.."

if [ "${RAMPART_CLIENTS:-}" = skip ]; then
    echo "clients: SKIPPED because RAMPART_CLIENTS=skip: CCXT, ccxt.pro, schemathesis, bad input"
    exit 0
fi

python=${RAMPART_PYTHON:-python3}
requirements=(Tests/Clients/requirements.txt)
export RAMPART_NAUTILUS=no
if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))'; then
    requirements+=(Tests/Clients/requirements-nautilus.txt)
    RAMPART_NAUTILUS=yes
fi
if ! environment=$(scripts/environment.sh clients "${requirements[@]}"); then
    echo "clients: RAMPART_CLIENTS=skip leaves the clients out" >&2
    exit 1
fi
PYTHONDONTWRITEBYTECODE=1 exec "$environment" Tests/Clients/run.py "$program" "$@"
