#!/usr/bin/env bash
# Compiles the deterministic rooms as Embedded Swift for WebAssembly, links them into one module without
# imports, replays more than a thousand blocks in it under node, and compares the state root with that of
# the native engine. Usage: wasm.sh NATIVE, where NATIVE is the built rampart-lab.
set -euo pipefail
cd "$(dirname "$0")/.."
native=$1
out=.build/embedded
rooms=(FixedPoint Canonical Catalogue Cryptography Accounts Markets Oracle PullOracle Breakers Economics Estimation Risk Liquidation Ledger)
mkdir -p "$out"
flags=(-target wasm32-unknown-none-wasm -enable-experimental-feature Embedded
    -enable-experimental-feature Extern -enable-experimental-feature RawLayout -wmo -O -package-name rampart -parse-as-library -swift-version 6
    -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility)

# A room is compiled again when its sources, or those of a room below it, are newer than its object.
newer=false
for room in "${rooms[@]}" Machine; do
    folder=Sources/$room
    [ "$room" = Machine ] && folder=Web/Machine
    if $newer || [ ! -f "$out/$room.o" ] ||
        [ -n "$(find "$folder" scripts/wasm.sh -newer "$out/$room.o" -print -quit)" ]; then
        newer=true
        mapfile -t sources < <(find "$folder" -name '*.swift' | sort)
        swiftc "${flags[@]}" -module-name "$room" -emit-module \
            -emit-module-path "$out/$room.swiftmodule" -I "$out" -c -o "$out/$room.o" "${sources[@]}"
    fi
done
clang --target=wasm32 -c -O2 Web/Machine/guard.c -o "$out/guard.o"
builtins=$(ls /usr/lib/llvm-*/lib/clang/*/lib/wasi/libclang_rt.builtins-wasm32.a | head -n 1)
wasm-ld --no-entry --gc-sections -z stack-size=1048576 --export-memory \
    --export=reserve --export=start --export=apply --export=root \
    "$out"/*.o /usr/lib/wasm32-wasi/libc.a "$builtins" -o "$out/machine.wasm"

# Ninety minutes of two venues with a fall and a rise: 1,080 blocks.
awk 'BEGIN {
    print "venue,symbol,time,open,high,low,close"
    for (m = 0; m < 90; m++) for (v = 0; v < 2; v++) {
        a = 50000 - (m < 45 ? m : 90 - m) * 110 + v * 7; b = 50000 - (m + 1 < 45 ? m + 1 : 89 - m) * 110 + v * 7
        printf "v%d,BTC-USD,%d,%d,%d,%d,%d\n", v, 1700000000 + m * 60, a, (a > b ? a : b) + 40, (a < b ? a : b) - 40, b
    } }' >"$out/prices.csv"
"$native" replay --prices "$out/prices.csv" --json "$out/native.json" --blocks "$out/blocks.bin" >/dev/null 2>&1
read -r blocks found < <(node Web/Machine/run.mjs "$out/machine.wasm" "$out/blocks.bin")
expected=$(sed -n 's/.*"stateRoot": "\([0-9a-f]*\)".*/\1/p' "$out/native.json")
if [ "$found" != "$expected" ] || [ "$blocks" -lt 1000 ]; then
    echo "wasm: after $blocks blocks the root is $found under WebAssembly, $expected natively" >&2
    exit 1
fi
echo "wasm: $blocks blocks, natively and under WebAssembly: $found"
