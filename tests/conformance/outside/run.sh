#!/usr/bin/env bash
# run.sh MAKER SIZE DAMAGES CHECK... - `MAKER FOLDER SIZE` makes an export FOLDER/bundle and the trust
# card FOLDER/card, which CHECK BUNDLE CARD must accept; then damages copies of it in the ways named in DAMAGES (words), each of which CHECK must refuse.
set -euo pipefail
maker=$1 events=$2 damages=$3
shift 3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$maker" "$scratch" "$events"
"$@" "$scratch/bundle" "$scratch/card"

# flip FILE OFFSET: changes the lowest bit of one byte.
flip() {
    local byte
    byte=$((16#$(xxd -p -s "$2" -l 1 "$1")))
    printf "%02x" $((byte ^ 1)) | xxd -r -p | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# manifest_anew BUNDLE: so that only the deeper checks can object.
manifest_anew() {
    (cd "$1" && find . -type f ! -name 'MANIFEST*' | sed 's,^\./,,' | LC_ALL=C sort |
        xargs sha256sum >MANIFEST)
}

first_file() { find "$1" -type f | LC_ALL=C sort | sed -n 1p; }

damage() {
    local b=$2 first
    first=$(first_file "$b/tile/entries")
    case $1 in
    entry) flip "$first" 200 ;;
    swapped) # the first two entries change places
        local a b
        a=$((2 + 16#$(xxd -p -l 2 "$first")))
        b=$((2 + 16#$(xxd -p -s "$a" -l 2 "$first")))
        { xxd -p -s "$a" -l "$b" "$first" | xxd -r -p
          xxd -p -l "$a" "$first" | xxd -r -p
          tail -c +$((a + b + 1)) "$first"; } >"$scratch/swapped"
        mv "$scratch/swapped" "$first"
        ;;
    cut) truncate -s -1 "$first" ;;
    tile) flip "$(first_file "$b/tile/0")" 40 ;;
    head) flip "$b/checkpoint" 60 ;;
    line) # the line of the day key is gone
        sed -i '6d' "$b/checkpoint" ;;
    cosignature) # every line of a witness is gone
        grep -rlF -- "/witness/1 " "$b/checkpoint" "$b/checkpoints" | xargs sed -i '/^— .*\/witness\/1 /d' ;;
    older) flip "$(first_file "$b/checkpoints")" 34 ;;
    receipt) sed -i '3d' "$b/receipts/one.tlog-proof" ;;
    manifest) flip "$b/MANIFEST" 3 ;;
    comment) sed -i '3s/size=/size=1/' "$b/MANIFEST.minisig" ;;
    order) # a member that is out of its order
        LC_ALL=C sed -i 's/"seq":/"aeq":/' "$first" ;;
    file) echo >>"$b/policy" ;;
    esac
}

# forged_are_refused CHECK...: exports that are whole and signed, of logs that record what they should not.
forged_are_refused() {
    local forged
    for forged in "$scratch"/forged-*/bundle; do
        if "$@" "$forged" "$scratch/card" >"$scratch/output" 2>&1; then
            echo "$forged was accepted" >&2
            exit 1
        fi
        echo "refused forged: $(head -n 1 "$scratch/output")"
    done
}

for kind in $damages; do
    [[ $kind != forged ]] || { forged_are_refused "$@"; continue; }
    rm -rf "$scratch/broken"
    cp -r "$scratch/bundle" "$scratch/broken"
    damage "$kind" "$scratch/broken"
    case $kind in manifest | comment | file) ;; *) manifest_anew "$scratch/broken" ;; esac
    if diff -r "$scratch/bundle" "$scratch/broken" >/dev/null; then
        echo "the damage $kind changed nothing" >&2
        exit 1
    fi
    if "$@" "$scratch/broken" "$scratch/card" >"$scratch/output" 2>&1; then
        echo "an export with the damage $kind was accepted" >&2
        exit 1
    fi
    echo "refused $kind: $(head -n 1 "$scratch/output")"
done
