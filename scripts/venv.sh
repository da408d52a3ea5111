# Sets `interpreter` to the Python of an environment with the clients of PyPI at pinned versions; for
# clients.sh and docs.sh, which begin at the top of the repository.
python=${RAMPART_PYTHON:-python3}
requirements=(Tests/Clients/requirements.txt)
export RAMPART_NAUTILUS=no
if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))'; then
    requirements+=(Tests/Clients/requirements-nautilus.txt)
    RAMPART_NAUTILUS=yes
fi
if ! interpreter=$(scripts/environment.sh clients "${requirements[@]}"); then
    echo "$(basename "$0"): RAMPART_CLIENTS=skip leaves out what needs the clients" >&2
    exit 1
fi
