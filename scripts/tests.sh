#!/usr/bin/env bash
# All Swift tests, and a last word that names what failed. Tests of sockets and processes share two
# cores with everything else; so what fails is run once more, alone, and only what fails again
# counts. Either way it is named. Usage: tests.sh FLAGS-OF-SWIFT-TEST...
set -uo pipefail
log=$(mktemp)
trap 'rm -f "$log"' EXIT

swift test "$@" --skip-build 2>&1 | tee "$log"
[ "${PIPESTATUS[0]}" -eq 0 ] && exit 0

# A line of a failed test: ✘ Test name() failed after ..., or with its arguments behind "with".
mapfile -t failed < <(sed -nE 's/^✘ Test "?([^"(]+)"?(\(.*)? (with [0-9]+ test cases )?failed after.*/\1/p' "$log" | grep -v "^run with " | sort -u)
echo
echo "tests: failed: ${failed[*]:-the run itself}"
[ ${#failed[@]} -gt 0 ] && [ ${#failed[@]} -le 5 ] || exit 1
echo "tests: once more, alone"
for name in "${failed[@]}"; do
    swift test "$@" --skip-build --filter "$name" 2>&1 | tee "$log"
    if [ "${PIPESTATUS[0]}" -ne 0 ] || ! grep -qE 'Test run with [1-9][0-9]* tests?.* passed' "$log"; then
        echo "tests: $name failed twice"
        exit 1
    fi
done
echo "tests: passed alone, after failing beside the others: ${failed[*]}"
