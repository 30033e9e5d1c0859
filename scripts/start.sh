#!/usr/bin/env bash
# From a fresh clone to a trained encoder: installs what is missing, builds, and trains BYOL on the embedded images.
# Anything after the command goes to the script: scripts/start.sh --epochs 3
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh
swift build --configuration release --product contrast-lua
exec .build/release/contrast-lua scripts/byol.lua "$@"
