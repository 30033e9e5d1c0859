#!/usr/bin/env bash
# Installs what is missing, builds, and runs all tests. Anything after the command goes to swift test: scripts/test.sh --filter Queue
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh
exec swift test --configuration release "$@"
