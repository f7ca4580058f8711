#!/usr/bin/env bash
# check_manifest.sh BUNDLE CARD - the five-minute check: minisign and sha256sum.
set -euo pipefail
card=$(realpath "$2")
cd "$1"
minisign -V -H -q -m MANIFEST -P "$(sed -n 's/^minisign //p' "$card")"
sha256sum --quiet --strict -c MANIFEST
