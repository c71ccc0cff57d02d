#!/bin/bash
# Builds the fuzzer of CPixels with both sanitizers and runs it: `run.sh [SECONDS [SEED]]`, 40 unless told.
# A seed that fails is named; `run.sh 0 SEED` shows it again.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
pixels=$here/../../Sources/CPixels
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

# The Swift toolchain's own clang, which has compiled what is shipped. It may not have the sanitizers' parts for
# every linker, and says much while it links: only a failure is of interest.
clang=$(dirname "$(readlink -f "$(command -v swiftc)")")/clang
[ -x "$clang" ] || clang=clang
memory="-Dmalloc=fuzz_malloc -Dcalloc=fuzz_calloc -Drealloc=fuzz_realloc -Dfree=fuzz_free"
checked="-O2 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
cd "$made"
# shellcheck disable=SC2086
if ! {
    "$clang" $checked $memory -I"$pixels/include" -c "$pixels"/*.c &&
        "$clang" $checked -I"$pixels/include" -c "$here"/*.c &&
        "$clang" $checked ./*.o -lm -o pixel-fuzz
} >log 2>&1; then
    grep -E 'error' log | head -20 >&2
    exit 2
fi
UBSAN_OPTIONS=print_stacktrace=1 ./pixel-fuzz "${1:-40}" ${2:+"$2"}
