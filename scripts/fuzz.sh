#!/usr/bin/env bash
# Builds the fuzzer (Fuzz/) with libFuzzer and gives it time. Usage:
#   fuzz.sh [SECONDS]     looks for inputs that fail, from the seeds, for SECONDS (180), a third
#                         each for decoders, messages to the API, and the ledger
#   fuzz.sh replay FILE   runs one input again
#   fuzz.sh build         builds it and stops
# CORPUS=FOLDER keeps the inputs that reached something new, and starts from them the next time.
# An input that fails stays in .build-fuzz/crashes; the last line says how to run it again.
set -euo pipefail
cd "$(dirname "$0")/.."
out=.build-fuzz
# The crash handler of Swift may wait for ever beside that of libFuzzer.
export SWIFT_BACKTRACE=enable=no

# Release mode with every check on; gold cannot link this, the lld of the toolchain can.
RAMPART_FUZZER=1 swift build -c release --scratch-path "$out" \
    --explicit-target-dependency-import-check error --product rampart-fuzz \
    -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld
program=$out/release/rampart-fuzz
if [ "${1:-}" = build ]; then exit; fi
if [ "${1:-}" = replay ]; then exec "$program" "$2"; fi

seconds=${1:-180}
corpus=${CORPUS:-$out/corpus}
log=$out/log
rm -rf "$out/seeds"
[ -n "${CORPUS:-}" ] || rm -rf "$corpus"
mkdir -p "$out/seeds" "$corpus" "$out/crashes" "$out/planted"
if ! "$program" seeds "$out/seeds"; then
    echo "fuzz: the venue that makes the seeds fails. To run it again: $program seeds $out/seeds" >&2
    exit 1
fi
kept=()
if [ -d Fuzz/Kept ]; then kept=(Fuzz/Kept); fi
options=(-max_len=4096 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1)

# A fuzzer that cannot fail shows nothing: each planted fault must be found, in seconds.
planted() { # PLANT ONLY
    rm -rf "$out/planted"/*
    if RAMPART_FUZZ_PLANT=$1 RAMPART_FUZZ_ONLY=$2 "$program" "$out/planted" "$out/seeds" \
        "${options[@]}" -max_total_time=60 -artifact_prefix="$out/planted/" >"$log" 2>&1; then
        echo "fuzz: the fault '$1' was planted and not found; see $log" >&2
        exit 1
    fi
    echo "fuzz: planted '$1', found: $(sed -n 's/.*Fatal error: //p' "$log" | head -n 1)"
}

search() { # ONLY SECONDS LEAST-EXECUTIONS
    local found executions first last status=0
    echo "fuzz: $1 for $2 seconds; everything it says is in $log"
    RAMPART_FUZZ_ONLY=$1 "$program" "$corpus" "$out/seeds" "${kept[@]}" \
        "${options[@]}" -max_total_time="$2" -artifact_prefix="$out/crashes/" 2>&1 | tee "$log" |
        grep --line-buffered -E 'INITED|pulse|DONE' || status=${PIPESTATUS[0]}
    if [ "$status" -ne 0 ]; then
        sed -n 's/^.*Fatal error: /fuzz: /p; s/^SUMMARY: /fuzz: /p' "$log" >&2
        found=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
        echo "fuzz: an input fails, see $log. To run it again: scripts/fuzz.sh replay $found" >&2
        exit 1
    fi
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    first=$(sed -n 's/.*INITED cov: \([0-9]*\).*/\1/p' "$log" | head -n 1)
    last=$(sed -n 's/.*DONE *cov: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
    if [ "${executions:-0}" -lt "$3" ]; then
        echo "fuzz: ${executions:-no} executions in $2 seconds: too slow to find anything" >&2
        exit 1
    fi
    if [ -z "${CORPUS:-}" ] && [ "${last:-0}" -le "${first:-0}" ]; then
        echo "fuzz: coverage stayed at ${first:-nothing}: nothing new is reached" >&2
        exit 1
    fi
    echo "fuzz: $1: $executions executions, coverage from $first to $last, nothing failed"
}

planted payment ledger
planted tag decoders
# On two cores at 2.5 GHz there are about 500 a second with a ledger, and 200,000 without.
search decoders $((seconds / 3 + 1)) $((seconds * 100))
search api $((seconds / 3 + 1)) $((seconds * 40))
search ledger $((seconds / 3 + 1)) $((seconds * 20))
