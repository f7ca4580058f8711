#!/usr/bin/env bash
# check_manifest.sh BUNDLE CARD - the five-minute check: minisign and sha256sum.
set -euo pipefail
cd "$1"
minisign -V -H -q -m MANIFEST -p "$2/minisign.pub"
sha256sum --quiet --strict -c MANIFEST
