#!/usr/bin/env bash
# Installs what is missing, builds, and runs all tests. Anything after the command goes to swift test: scripts/test.sh --filter Queue
# Ends with the failures once more, one "Failed:" line each: thousands of lines may have passed since.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
swift test --configuration release "$@" 2>&1 | tee "$log" || status=$?
if [ "$status" -ne 0 ]; then
  # Swift Testing's failures, then those of XCTest, of the compiler and of a crash.
  grep --text -E '^✘ .* recorded an issue|error: ' "$log" | sed 's/^/Failed: /' >&2 || true
fi
exit "$status"
