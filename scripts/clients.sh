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
environment=.build/clients-venv
requirements=(Tests/Clients/requirements.txt)
export RAMPART_NAUTILUS=no
if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))'; then
    requirements+=(Tests/Clients/requirements-nautilus.txt)
    RAMPART_NAUTILUS=yes
fi
# Installed again when the versions or the Python change.
stamp="$("$python" --version) $(sha256sum "${requirements[@]}")"
if [ "$(cat "$environment/stamp" 2>/dev/null)" != "$stamp" ]; then
    rm -rf "$environment"
    mkdir -p .build
    "$python" -m venv "$environment"
    if ! "$environment/bin/pip" install --quiet --disable-pip-version-check \
        "${requirements[@]/#/--requirement=}"; then
        echo "clients: FAILED: the clients cannot be installed from PyPI, see above;" \
            "RAMPART_CLIENTS=skip leaves them out" >&2
        exit 1
    fi
    echo "$stamp" >"$environment/stamp"
fi
PYTHONDONTWRITEBYTECODE=1 exec "$environment/bin/python" Tests/Clients/run.py "$program" "$@"
