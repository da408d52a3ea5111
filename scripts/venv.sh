# Makes .build/clients-venv, in which the clients of PyPI are at pinned versions, and sets
# `environment` to it; for clients.sh and docs.sh, which begin at the top of the repository.
# RAMPART_PYTHON names another Python than python3.
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
        echo "$(basename "$0"): FAILED: the clients cannot be installed from PyPI, see above;" \
            "RAMPART_CLIENTS=skip leaves them out" >&2
        exit 1
    fi
    echo "$stamp" >"$environment/stamp"
fi
