#!/usr/bin/env bash
# Compiles the deterministic rooms as Embedded Swift for WebAssembly, in the order of the floor table, so
# that nothing creeps in that a browser or a verifier without an operating system does not have.
set -euo pipefail
cd "$(dirname "$0")/.."
out=.build/embedded
mkdir -p "$out"
flags=(-target wasm32-unknown-none-wasm -enable-experimental-feature Embedded -wmo -Onone
    -parse-as-library -swift-version 6 -enable-upcoming-feature InternalImportsByDefault
    -enable-upcoming-feature MemberImportVisibility)
for room in FixedPoint Canonical Catalogue Cryptography Accounts Markets Oracle Risk Liquidation Ledger; do
    swiftc "${flags[@]}" -module-name "$room" -emit-module -emit-module-path "$out/$room.swiftmodule" \
        -I "$out" -c -o "$out/$room.o" Sources/"$room"/*.swift
done
echo "embedded: all deterministic rooms compile for WebAssembly without a runtime"
