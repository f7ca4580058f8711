#!/usr/bin/env bash
# make_demo.sh PROGRAM DEMO FOLDER SIZE - an export written by `audit bundle`: of the whole demo book, or
# if SIZE is small of a book with a handful of events; FOLDER/bundle and the trust card FOLDER/card.
set -euo pipefail
program=$1 demo=$2 folder=$3 size=$4
if ((size > 100)); then
    "$demo" "$program" "$folder" >"$folder/screen" 2>&1 || { tail -n 20 "$folder/screen"; exit 1; }
    mv "$folder/export" "$folder/bundle"
    exit
fi
export YICANG_BOOK=$folder/book YICANG_KEYS=$folder/keys XDG_RUNTIME_DIR=$folder/run
mkdir -m 700 "$folder/run"
origin=demo.invalid/ledger-00000005
y() { "$program" --lang en "$@"; }
witness=(--key "$folder/witness.key" --state "$folder/witness.state")
vkey=$(y audit witness "${witness[@]}" --new demo.invalid/bureau/witness/1 --origin $origin \
    --format json | jq -r .vkey)
printf 'witness bureau %s\nquorum bureau\n' "$vkey" >"$folder/witnesses"
y book init "$folder/book" --origin $origin --name Test --opening-day 2016-10-20 \
    --policy "$(dirname "$demo")/../../rules/policies/county-pilot.yaml" --admins a.admin,b.admin \
    --witness-policy "$folder/witnesses" >/dev/null
key=$(y staff key bureau.one --new --format json)
y staff add bureau.one --role bureau-officer --office test --vkey "$(jq -r .vkey <<<"$key")" \
    --pop "$(jq -r .pop <<<"$key")" --as a.admin --with b.admin >/dev/null
key=$(y staff key manager.one --new --format json)
y staff add manager.one --role manager --office test --vkey "$(jq -r .vkey <<<"$key")" \
    --pop "$(jq -r .pop <<<"$key")" --as a.admin --with b.admin >/dev/null
y key rotate bureau.one >/dev/null
y fund open --amount 1000 --as bureau.one >/dev/null
for _ in 1 2 3; do y day close --as manager.one >/dev/null; done
# What an auditor might have kept on the second day: a seal.
sqlite3 "$folder/book/book.db" "SELECT note FROM checkpoint WHERE why = 'seal' ORDER BY size LIMIT 1" \
    >"$folder/kept"
# A log key that was stolen, then a day key that is lost, then both at once.
y key recover --replace-log --reason stolen --as a.admin --with b.admin >/dev/null
rm "$folder"/book.keys/day-*.key
y key recover --reason lost --as a.admin --with b.admin >/dev/null
rm "$folder"/book.keys/day-*.key "$folder/book.keys/log.key"
y key recover --replace-log --reason lost --as a.admin --with b.admin >/dev/null
y audit card --new-export-key --witness-policy "$folder/witnesses" --out "$folder/card"
y audit checkpoint export --since-witness --out "$folder/request" 2>/dev/null
y audit witness "${witness[@]}" --card "$folder/card" --request "$folder/request" \
    --out "$folder/answer" 2>/dev/null
y audit checkpoint import --card "$folder/card" --request "$folder/request" \
    --answer "$folder/answer" --as bureau.one >/dev/null
y audit bundle "$folder/bundle" --card "$folder/card" --as bureau.one >/dev/null
