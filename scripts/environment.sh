#!/usr/bin/env bash
# Makes a Python environment of pinned packages from PyPI and prints its interpreter. Made again when the
# versions or the Python change. Usage: environment.sh NAME REQUIREMENTS..., run in the package's folder;
# RAMPART_PYTHON names another Python than python3.
set -euo pipefail
name=$1
shift
python=${RAMPART_PYTHON:-python3}
environment=.build/$name-venv
stamp="$("$python" --version) $(sha256sum "$@")"
if [ "$(cat "$environment/stamp" 2>/dev/null)" != "$stamp" ]; then
    rm -rf "$environment"
    mkdir -p .build
    "$python" -m venv "$environment"
    if ! "$environment/bin/pip" install --quiet --disable-pip-version-check \
        "${@/#/--requirement=}" >&2; then
        echo "$name: FAILED: packages cannot be installed from PyPI, see above" >&2
        exit 1
    fi
    echo "$stamp" >"$environment/stamp"
fi
echo "$PWD/$environment/bin/python"
