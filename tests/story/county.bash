# What stories of one county have in common. Usage: . county.bash PROGRAM FOLDER
# shellcheck shell=bash disable=SC2034 # those who read this use it all
program=$1 folder=$2
policies=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../rules/policies" && pwd)
rm -rf "$folder"
mkdir -p "$folder/run"
chmod 700 "$folder/run"
export XDG_RUNTIME_DIR=$folder/run
failures=0

y() { "$program" --lang en "$@"; }
quiet() { y "$@" >/dev/null; }
is() { # what got want
    [ "$2" = "$3" ] || { echo "$1: got $2, want $3"; failures=$((failures + 1)); }
}
refused() { # reason command...
    local reason=$1 code=0 error
    shift
    error=$(y "$@" --format json 2>&1 >/dev/null) || code=$?
    is "$* (exit)" "$code" 1
    grep -q "\"$reason\"" <<<"$error" || is "$* (reason)" "$error" "$reason"
}
hire() {
    local key
    key=$(y staff key "$1" --new --format json)
    quiet staff add "$1" --role "$2" --office test --vkey "$(jq -r .vkey <<<"$key")" \
        --pop "$(jq -r .pop <<<"$key")" --as a.admin --with b.admin
}
# A book from 2016-10-20 on, with people and a fund. Usage: county NAME POLICY-FILE [YUAN]
county() {
    export YICANG_BOOK=$folder/$1 YICANG_KEYS=$folder/$1-people
    quiet book init "$YICANG_BOOK" --origin demo.invalid/ledger-20161020 --name Test \
        --opening-day 2016-10-20 --policy "$2" --admins a.admin,b.admin
    hire clerk clerk
    hire approver approver
    hire risk risk-officer
    hire bureau bureau-officer
    quiet fund open --amount "${3:-1000000}" --as bureau
}
# A household of the register, of one made-up person. Usage: household ID-NO
household() {
    quiet household add --area-code 510000 --village 一组 --status registered --head 示例户 \
        --id-no "$1" --as clerk
}
closed() { quiet day close --through "$1" --as clerk; }
activate() { quiet policy activate "$1" --as a.admin --with b.admin; }
checked() { y book check >/dev/null 2>&1 || { y book check; failures=$((failures + 1)); }; }
# Every check there is.
sound() {
    checked
    quiet audit card --new-export-key --out "$YICANG_BOOK.card"
    y audit verify --card "$YICANG_BOOK.card" >/dev/null 2>&1 || {
        y audit verify --card "$YICANG_BOOK.card"
        failures=$((failures + 1))
    }
}
