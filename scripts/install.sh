#!/usr/bin/env bash
# Installs a built `rampart` with its units, or takes it away again. Changes nothing else: users,
# folders and passphrases are made by what it says at the end.
# Usage: install.sh [--uninstall] [DESTDIR]; PROGRAM names the binary, .build/release/rampart if not set.
set -euo pipefail
cd "$(dirname "$0")/.."

uninstall=no
if [ "${1:-}" = --uninstall ]; then
    uninstall=yes
    shift
fi
case "${1:-}" in
-*)
    echo "install: unknown option '$1'; usage: install.sh [--uninstall] [DESTDIR]" >&2
    exit 2
    ;;
esac
destination=${1:-}
program=${PROGRAM:-.build/release/rampart}

# One line a file: its mode, where it comes from, where it goes.
files() {
    echo "755 $program /usr/bin/rampart"
    for unit in Operations/systemd/*.service Operations/systemd/*.timer; do
        echo "644 $unit /usr/lib/systemd/system/${unit##*/}"
    done
    echo "644 Operations/systemd/rampart.sysusers /usr/lib/sysusers.d/rampart.conf"
    echo "644 Operations/systemd/rampart.tmpfiles /usr/lib/tmpfiles.d/rampart.conf"
    echo "644 Operations/logrotate/rampart /etc/logrotate.d/rampart"
    for file in Operations/prometheus/*.yml Operations/grafana/*.json docs/operations.md; do
        echo "644 $file /usr/share/doc/rampart/${file##*/}"
    done
}

if [ "$uninstall" = yes ]; then
    files | while read -r _ _ target; do rm -f "$destination$target"; done
    rm -f "$destination/usr/share/bash-completion/completions/rampart"
    rmdir --ignore-fail-on-non-empty "$destination/usr/share/doc/rampart" 2>/dev/null || true
    echo "Taken away. What was made since stays: /etc/rampart, /var/lib/rampart, /var/backups/rampart."
    exit 0
fi

if [ ! -x "$program" ]; then
    echo "install: there is no $program; build it with 'swift build -c release --product rampart'," \
        "or name one: PROGRAM=FILE scripts/install.sh" >&2
    exit 66
fi
files | while read -r mode source target; do
    install -D -m "$mode" "$source" "$destination$target"
done
# Completion of commands in bash, where this version of the program writes it.
if completion=$("$program" completion bash 2>/dev/null); then
    install -d "$destination/usr/share/bash-completion/completions"
    echo "$completion" >"$destination/usr/share/bash-completion/completions/rampart"
fi
cat <<'END'
Installed. What to do next, as root (docs/operations.md explains each):
  systemd-sysusers && systemd-tmpfiles --create && systemctl daemon-reload
  rampart init /etc/rampart                     # or copy genesis.json and rampart.conf of the venue
  install -m 600 /dev/stdin /etc/rampart/passphrase    # the passphrase of the sealed files
  systemctl enable --now rampart rampart-backup.timer
END
