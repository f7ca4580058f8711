#!/usr/bin/env bash
# check_canonical.sh BUNDLE CARD - every event line is what jq writes for it: sorted members, no
# spaces, no escapes but \" and \\. Lines that jq would write otherwise are shown.
set -euo pipefail
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
find "$1/tile/entries" -type f -print0 | xargs -0 cat | LC_ALL=C grep -a -o '^{.*}$' >"$lines"
[[ -s $lines ]]
jq -cS . "$lines" | diff "$lines" -
