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

. scripts/venv.sh
PYTHONDONTWRITEBYTECODE=1 exec "$interpreter" Tests/Clients/run.py "$program" "$@"
