#!/usr/bin/env bash
# Prints contrast-lua's figures beside PyTorch's, measured in turn on this machine. Wants an idle machine.
#   scripts/benchmarks/run.sh [PYTHON]     PYTHON: an interpreter with torch and torchvision (default: python3)
set -euo pipefail
cd "$(dirname "$0")/../.."
python=$(command -v "${1:-python3}")
[ -x .build/release/contrast-lua ] || swift build --configuration release --product contrast-lua
program=.build/release/contrast-lua
echo "== start-up"
for _ in 1 2 3; do
  python3 - "$program" <<'PY'
import subprocess, sys, time
best = min((lambda s: (subprocess.run([sys.argv[1], "-e", ""], check=True), time.perf_counter() - s)[1])(time.perf_counter()) for _ in range(20))
print(f"contrast-lua -e '': best of 20: {1000 * best:.1f} ms")
PY
done
ls -l "$program" | awk '{ printf "program: %.1f MB\n", $5 / 1048576 }'
echo "== calls from Lua"
"$program" scripts/benchmarks/calls.lua
"$program" scripts/benchmarks/temporaries.lua
echo "== one SimCLR step, ResNet-18, 128 views of 32x32"
for _ in 1 2; do
  "$program" scripts/benchmarks/step.lua
  (cd scripts/benchmarks && "$python" step.py eager)
  (cd scripts/benchmarks && "$python" step.py compile)
done
echo "== the same, PyTorch with an allocator that keeps its pages"
(cd scripts/benchmarks && GLIBC_TUNABLES=glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=17179869184:glibc.malloc.top_pad=268435456 "$python" step.py eager)
