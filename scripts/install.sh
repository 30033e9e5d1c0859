#!/usr/bin/env bash
# Installs what contrast-lua needs on Debian or Ubuntu and is missing: libraries with their headers, and make-shift tools.
# The Swift toolchain is the one thing it does not bring.
set -euo pipefail

packages=(liblua5.4-dev libdnnl-dev libturbojpeg0-dev libpng-dev libgcc-12-dev pkg-config git)

missing=()
for package in "${packages[@]}"; do
  dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
# Any libgcc development package brings the OpenMP library; Debian 12's is named for GCC 12.
if compgen -G '/usr/lib/gcc/*/*/libgomp.so' >/dev/null; then missing=("${missing[@]/libgcc-12-dev/}"); fi
missing=(${missing[*]:-})

if [ "${#missing[@]}" -gt 0 ]; then
  echo "Installing ${missing[*]}"
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update --quiet=2
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install --quiet=2 --yes --no-install-recommends "${missing[@]}"
fi

if ! command -v swift >/dev/null; then
  echo "contrast-lua: no 'swift' on the PATH. Install Swift 6.3 or later from https://www.swift.org/install and try again." >&2
  exit 1
fi
