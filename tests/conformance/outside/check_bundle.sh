#!/usr/bin/env bash
# check_bundle.sh BUNDLE CARD - an export checked with what every Debian system has: bash, openssl,
# sha256sum, xxd, base64. Slow: some ten events a second. CARD is the printed trust card: its keys and its hash of
# the genesis are believed; keys of people and days are learnt from the events that those signed.
set -euo pipefail

bundle=$1
card=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "check_bundle.sh: $*" >&2
    exit 1
}

sha256_of_hex() { xxd -r -p | sha256sum | cut -d' ' -f1; }

# signature_is_good VKEY LINE TEXTFILE [SKIP]: an Ed25519 line of a note. SKIP bytes stand before the
# signature (the time of a cosignature).
signature_is_good() {
    local vkey=$1 line=$2 text=$3 skip=${4:-0} name rest id
    name=${vkey%%+*}
    rest=${vkey#*+}
    id=${rest%%+*}
    [[ $line == "— $name "* ]] || return 1
    base64 -d <<<"${line##* }" >"$work/signature" 2>/dev/null || return 1
    # An honest encoder would have written the same.
    [[ $(base64 -w0 "$work/signature") == "${line##* }" ]] || return 1
    [[ $(head -c 4 "$work/signature" | xxd -p) == "$id" ]] || return 1
    [[ $(stat -c %s "$work/signature") -eq $((68 + skip)) ]] || return 1
    tail -c 64 "$work/signature" >"$work/raw"
    { printf 302a300506032b6570032100 | xxd -r -p
      base64 -d <<<"${rest#*+}" | tail -c 32; } >"$work/key.der"
    openssl pkeyutl -verify -pubin -inkey "$work/key.der" -keyform DER -rawin -in "$text" \
        -sigfile "$work/raw" >/dev/null 2>&1
}

# note_split FILE: the text goes to $work/text, the signature lines to the array `lines`.
note_split() {
    local at
    at=$(grep -n '^$' "$1" | tail -1 | cut -d: -f1)
    [[ -n $at ]] || fail "$1 is no note"
    head -n $((at - 1)) "$1" >"$work/text"
    mapfile -t lines < <(tail -n +$((at + 1)) "$1")
}

[[ $(head -n 1 "$card") == ledger-card/v1 ]] || fail "$card is no trust card"
origin=$(sed -n 's/^origin //p' "$card")
genesis=$(sed -n 's/^genesis //p' "$card")
log=$(sed -n 's/^log //p' "$card" | head -n 1)
mapfile -t people < <(sed -n 's/^admin //p' "$card")
mapfile -t witnesses < <(sed -n 's/^witness [^ ]* //p' "$card")
[[ ${log%%+*} == "$origin" ]] || fail "$card: the log key is of another log"
# Keys of the log and of days, the size at which each takes over, whether the one before was lost.
logs=() log_from=() log_lost=() days=() from=() lost=()
cosigned=0

# covers SIZE FROM NEXT LOST: a key that began before this size and has not ended, or ends with it and was
# not lost.
covers() {
    (($2 < $1)) && { [[ -z $3 ]] || (($1 < $3)) || { (($1 == $3)) && [[ $4 == false ]]; }; }
}

# head_check FILE: the lines of the log, of the day key in force, on a seal of the next one; then
# those of witnesses.
head_check() {
    local size want=() i line
    note_split "$1"
    mapfile -t body <"$work/text"
    [[ ${#body[@]} -eq 3 && ${body[0]} == "$origin" ]] || fail "$1 is of another log"
    size=${body[1]}
    for i in "${!logs[@]}"; do
        covers "$size" "${log_from[i]}" "${log_from[i + 1]:-}" "${log_lost[i + 1]:-}" && want+=("${logs[i]}")
    done
    for i in "${!days[@]}"; do
        covers "$size" "${from[i]}" "${from[i + 1]:-}" "${lost[i + 1]:-}" && want+=("${days[i]}")
    done
    for i in "${!logs[@]}"; do
        ((log_from[i] == size)) && want+=("${logs[i]}")
    done
    for i in "${!days[@]}"; do
        ((from[i] == size)) && want+=("${days[i]}")
    done
    for i in "${!want[@]}"; do
        signature_is_good "${want[i]}" "${lines[i]:-}" "$work/text" || fail "$1: line $((i + 1))"
    done
    for line in "${lines[@]:${#want[@]}}"; do
        cosignature_is_good "$line" || fail "$1: cosignature"
        ((size > cosigned)) && cosigned=$size
    done
    return 0
}

cosignature_is_good() {
    local seconds witness
    seconds=$((16#$(base64 -d <<<"${1##* }" | tail -c +5 | head -c 8 | xxd -p)))
    { printf 'cosignature/v1\ntime %d\n' "$seconds"; cat "$work/text"; } >"$work/cosigned"
    for witness in "${witnesses[@]}"; do
        signature_is_good "$witness" "$1" "$work/cosigned" 8 && return 0
    done
    return 1
}

# member NAME: the text of a member of the event in $work/text.
member() { sed -n "2s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$work/text"; }

# approval_check SEQ: if the event in $work/text records a decision that was signed elsewhere, that is a note of
# its own, by a person of this log, about an event of it, under a head that it had.
approval_check() {
    local text='\(\([^"\\]\|\\.\)*\)' i key good=0 of seen line
    for i in 1 3 5; do
        sed -n "2s/.*\"in\":{\"approval\":\[\"$text\",\"$text\",\"\",\"$text\"\].*/\\$i/p" "$work/text" |
            sed 's/\\\(["\\]\)/\1/g'
    done >"$work/approval"
    [[ -s $work/approval ]] || ! grep -q '"approval":' "$work/text" || fail "event $1: approval: shape"
    [[ -s $work/approval ]] || return 0
    line=$(sed -n 3p "$work/approval")
    sed -i 3d "$work/approval"
    for key in "${people[@]}"; do
        signature_is_good "$key" "$line" "$work/approval" && good=1 && break
    done
    ((good == 1)) || fail "event $1: approval: signature"
    [[ $(head -n 1 "$work/approval") == "ledger-approval/v1 $origin" ]] || fail "event $1: approval: header"
    [[ $line == "— $origin/a/$(of_approval actor) "* ]] || fail "event $1: approval: signed by another"
    of=$(of_approval of_seq)
    seen=$(of_approval size)
    ((seen <= $1 && of < seen)) || fail "event $1: approval: a head or an event that was not there"
    root_of "${hashes[@]:0:seen}"
    [[ $tree_root == "$(of_approval root)" ]] || fail "event $1: approval: who signed saw another history"
    [[ ${hashes[of]} == "$(of_approval of_leaf)" ]] || fail "event $1: approval: of another event"
    return 0
}

# of_approval NAME: the text of a member of the approval.
of_approval() { sed -n "2s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$work/approval"; }

# root_of HASH...: the tree of RFC 6962 over leaf hashes, level by level; its root goes to tree_root. What
# two hashes come to is reckoned once.
declare -A node=()
root_of() {
    local level=("$@") next i pair
    while ((${#level[@]} > 1)); do
        next=()
        for ((i = 0; i + 1 < ${#level[@]}; i += 2)); do
            pair=${level[i]}${level[i + 1]}
            [[ -n ${node[$pair]:-} ]] || node[$pair]=$(sha256_of_hex <<<"01$pair")
            next+=("${node[$pair]}")
        done
        ((i < ${#level[@]})) && next+=("${level[i]}")
        level=("${next[@]}")
    done
    tree_root=${level[0]}
}

# tile_files FOLDER: up to 1,000 tiles of level 0 in order, 256 events each, the last with what is left over.
tile_files() {
    local n path
    for ((n = 0; n * 256 < size; n++)); do
        path=$(printf '%03d' "$n")
        ((n * 256 + 256 > size)) && path=$path.p/$((size % 256))
        echo "$bundle/tile/$1/$path"
    done
}

(cd "$bundle" && sha256sum --quiet --strict -c MANIFEST) >/dev/null 2>&1 || fail "a file is not the one in MANIFEST"

note_split "$bundle/checkpoint"
size=$(sed -n 2p "$work/text")
root=$(sed -n 3p "$work/text" | base64 -d | xxd -p -c 64)
((size < 256000)) || fail "$size events are too many for this script; take the Go check"

# Every entry: its signature, its chain, its hash.
entries=$work/entries
tile_files entries | tr '\n' '\0' | xargs -0 cat >"$entries" || fail "a tile of entries"
hashes=()
prev=$(sha256sum </dev/null | cut -d' ' -f1)
at=0
for ((seq = 0; seq < size; seq++)); do
    length=$((16#$(xxd -p -s "$at" -l 2 "$entries")))
    xxd -p -s $((at + 2)) -l "$length" "$entries" | xxd -r -p >"$work/leaf"
    at=$((at + 2 + length))
    note_split "$work/leaf"
    ((${#lines[@]} >= 1)) || fail "event $seq: signature"
    for line in "${lines[@]}"; do
        good=0
        for key in "${people[@]}"; do
            signature_is_good "$key" "$line" "$work/text" && good=1 && break
        done
        ((good == 1)) || fail "event $seq: signature"
    done
    [[ $(head -n 1 "$work/text") == "ledger-event/v1 $origin" ]] || fail "event $seq: header"
    grep -q "\"prev\":\"$prev\"" "$work/text" || fail "event $seq: chain"
    grep -q "\"seq\":\"$seq\"" "$work/text" || fail "event $seq: number"
    prev=$({ printf '\0'; cat "$work/leaf"; } | sha256sum | cut -d' ' -f1)
    hashes+=("$prev")
    approval_check "$seq"
    ((seq > 0)) || [[ $prev == "$genesis" ]] || fail "another genesis than the card says"
    case $(member type) in
    book.genesis)
        days+=("$(member day_key)") from+=(0) lost+=(false)
        first=$(member log_key)
        logs+=("${first:-$log}") log_from+=(0) log_lost+=(false)
        ;;
    key.add | key.renew) people+=("$(member vkey)") ;;
    key.rotate) days+=("$(member day_key)") from+=($((seq + 1))) lost+=(false) ;;
    key.recover)
        if [[ -n $(member day_key) ]]; then
            days+=("$(member day_key)") from+=($((seq + 1))) lost+=(true)
        fi
        if [[ -n $(member log_key) ]]; then
            logs+=("$(member log_key)") log_from+=($((seq + 1)))
            log_lost+=("$(sed -n '2s/.*"log_lost":\(true\|false\).*/\1/p' "$work/text")")
        fi
        ;;
    esac
done
[[ ${logs[-1]} == "$log" ]] || fail "another log key than the card says"
head_check "$bundle/checkpoint"
[[ $at -eq $(stat -c %s "$entries") ]] || fail "bytes behind the last entry"
root_of "${hashes[@]}"
[[ $tree_root == "$root" ]] || fail "root of the checkpoint"
[[ $(printf %s "${hashes[@]}") == "$(tile_files 0 | tr '\n' '\0' | xargs -0 cat | xxd -p | tr -d '\n')" ]] ||
    fail "the hash tiles"
for file in "$bundle"/checkpoints/*; do
    head_check "$file"
    [[ ${body[1]} == "${file##*/}" ]] || fail "$file: size"
    root_of "${hashes[@]:0:${body[1]}}"
    [[ $tree_root == "$(base64 -d <<<"${body[2]}" | xxd -p -c 64)" ]] || fail "$file: root"
done
((${#witnesses[@]} == 0 || cosigned > 0)) || fail "no witness has cosigned any head"
echo "$size events: all good; $cosigned events seen by a witness"
