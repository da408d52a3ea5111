#!/usr/bin/env bash
# The only place that installs anything. Checks what the build needs; installs what is missing on
# Debian and Ubuntu, and on other systems says what to install. Silent and fast when all is there.
# Usage: setup.sh [tests]; with "tests" also what only the tests need: a browser, PostgreSQL, WebAssembly.
set -euo pipefail

readonly swift_minimum_major=6
readonly swift_minimum_minor=3

# One line per need: the Debian package, and the command that succeeds when it is there.
missing=()
command -v make >/dev/null || missing+=(make)
command -v git >/dev/null || missing+=(git)
# The yardstick of `make bench` is C++.
[ -e /usr/include/c++/12 ] || [ -e /usr/include/c++ ] || missing+=(libstdc++-12-dev)
libraries=(libsodium:libsodium-dev zlib:zlib1g-dev libsecp256k1:libsecp256k1-dev
    rocksdb:librocksdb-dev libwebsockets:libwebsockets-dev openssl:libssl-dev
    simdjson:libsimdjson-dev libcurl:libcurl4-openssl-dev sqlite3:libsqlite3-dev libpq:libpq-dev)
# The dashboard draws with it; the node serves the file.
[ -e /usr/share/javascript/chart.js/chart.min.js ] || missing+=(libjs-chart.js)
command -v pkg-config >/dev/null || missing+=(pkg-config)
for library in "${libraries[@]}"; do
    pkg-config --exists "${library%%:*}" 2>/dev/null || missing+=("${library##*:}")
done

if [ "${1:-}" = tests ]; then
    # Tests of TLS make their certificates with it.
    command -v openssl >/dev/null || missing+=(openssl)

    # `make test` runs the core under WebAssembly too: allocator, 128-bit arithmetic, and node to run it.
    [ -e /usr/lib/wasm32-wasi/libc.a ] || missing+=(wasi-libc)
    compgen -G '/usr/lib/llvm-*/lib/clang/*/lib/wasi/libclang_rt.builtins-wasm32.a' >/dev/null ||
        missing+=(libclang-rt-16-dev-wasm32)
    command -v node >/dev/null || missing+=(nodejs)

    # The clients of `make test` and `make clients` are from PyPI, in an environment of their own.
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)

    # The dashboard is tested in a real browser, the history in a real PostgreSQL.
    command -v chromium >/dev/null || missing+=(chromium)
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)

    # Log files are moved away by the real one.
    [ -x /usr/sbin/logrotate ] || missing+=(logrotate)
fi

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "setup: not root and no sudo; run as root: $*" >&2
        exit 1
    fi
}

if [ ${#missing[@]} -gt 0 ]; then
    echo "setup: missing: ${missing[*]}" >&2
    if command -v apt-get >/dev/null; then
        echo "setup: installing through apt-get" >&2
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends "${missing[@]}" >&2
    else
        echo "setup: no apt-get here; install these with your system's package manager:" >&2
        echo "setup:   ${libraries[*]%%:*} with their headers, pkg-config (or pkgconf), make, git" >&2
        exit 1
    fi
fi

# Alerts are checked by Prometheus' own checker. Only that is taken out of its package, so that no
# server is started on this machine; without it the test of it is left out.
if [ "${1:-}" = tests ] && ! command -v promtool >/dev/null && command -v apt-get >/dev/null; then
    tools=$(dirname "$0")/../.build/tools
    if [ ! -x "$tools/usr/bin/promtool" ]; then
        mkdir -p "$tools"
        (cd "$tools" && apt-get download -q prometheus >&2 && dpkg-deb -x prometheus_*.deb . &&
            rm -f prometheus_*.deb) || echo "setup: no promtool; alerts are not checked" >&2
    fi
fi

if ! command -v swift >/dev/null; then
    echo "setup: no 'swift' on the PATH; Rampart needs Swift" \
        "$swift_minimum_major.$swift_minimum_minor or later: https://www.swift.org/install/" >&2
    exit 1
fi

# `swift --version` takes a quarter of a second, so the answer is kept beside the build until the
# compiler changes.
cd "$(dirname "$0")/.."
compiler=$(readlink -f "$(command -v swift)")
stamp=".build/swift-checked"
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$compiler" ] || [ "$compiler" -nt "$stamp" ]; then
    version=$(swift --version 2>/dev/null |
        sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
    major=${version%%.*}
    minor=${version##*.}
    if [ -z "$version" ] || [ "$major" -lt "$swift_minimum_major" ] ||
        { [ "$major" -eq "$swift_minimum_major" ] && [ "$minor" -lt "$swift_minimum_minor" ]; }; then
        echo "setup: found Swift '${version:-unknown}' at $compiler; Rampart needs" \
            "$swift_minimum_major.$swift_minimum_minor or later: https://www.swift.org/install/" >&2
        exit 1
    fi
    mkdir -p .build
    echo "$compiler" >"$stamp"
fi
