#!/bin/sh
# Usage: embed.sh OUTPUT ROOT FILE...: writes the files, whose names begin with ROOT/, as Swift text.
set -eu
output=$1
root=$2
shift 2
{
    echo "/// Made from the files of Assets; see Plugins/EmbedAssets."
    echo "enum EmbeddedAssets {"
    echo "    static let all: [(path: String, text: StaticString)] = ["
    for file in "$@"; do
        if grep -q '"""###' "$file"; then
            echo "embed: $file holds the end of a raw string, \"\"\"###" >&2
            exit 1
        fi
        printf '        ("%s", ###"""\n' "${file#"$root"/}"
        cat "$file"
        printf '\n"""###),\n'
    done
    echo "    ]"
    echo "}"
} >"$output.new"
mv "$output.new" "$output"
