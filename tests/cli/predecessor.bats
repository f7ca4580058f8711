#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets stderr
# Events are lost for good: a new log names the old one and its last known head (audit-log.md 4.5).
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml
old=demo.invalid/ledger-00000011
new=demo.invalid/ledger-00000012

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    begin_book "$PWD" 00000011 "$policy"
    hire bureau.one bureau-officer
    yicang audit card --new-export-key --out old.card
    yicang fund open --amount 1000 --as bureau.one
    sed '1,/^$/d' keys/demo.invalid_ledger-00000011/bureau.one.seen >early
    cp -a book book.early
    cp -a book.keys book.keys.early
    yicang fund deposit --amount 1 --as bureau.one
    cp keys/demo.invalid_ledger-00000011/bureau.one.seen last.seen
    begin_new last.seen book.new >said
    yicang --book book.new audit card --new-export-key --out new.card
}

setup() {
    stand_in_a_copy
}

# begin_new HEAD FOLDER [options...]
begin_new() {
    local head=$1 folder=$2
    shift 2
    yicang book init "$folder" --origin $new --name Test --opening-day 2016-11-01 --policy "$policy" \
        --admins b.admin,c.admin --predecessor "$head" --predecessor-card old.card "$@"
}

verify() { # options...
    yicang audit verify --book book.new --card new.card "$@"
}

@test "the genesis names the old log, all admins sign it, and the card and the verifier say so" {
    grep -q "continues the log: $old" said
    grep -q "after events: 5" said
    root=$(yicang audit log --book book.new --first 0 --last 0 --format json | jq -r .body.predecessor.root)
    grep -qx "predecessor $old 5 $root" new.card
    [ "$(sed '1,/^$/d' last.seen)" = "$(yicang audit log --book book.new --first 0 --last 0 --format json |
        jq -r '.body.predecessor.note[]')" ]
    run -0 --separate-stderr verify
    [[ $output == *"continues the log"*"$old"*"after events"*5* ]]
    [[ $stderr == *"whether $old ended as this log says was not checked"* ]]
    run -0 --separate-stderr verify --predecessor-card old.card
    [[ $stderr != *"was not checked"* ]]
    run -0 yicang --lang zh audit verify --book book.new --card new.card --predecessor-card old.card
    [[ $output == *接续的日志* ]]
}

@test "whoever kept more of the old log, or another one, proves it" {
    run -0 verify --predecessor-card old.card --kept last.seen
    run -0 verify --predecessor-card old.card --kept early
    run -2 verify --kept last.seen
    [[ $output == *E_TRUST*last.seen* ]]
    yicang fund deposit --amount 2 --as bureau.one
    run -1 verify --predecessor-card old.card --kept keys/demo.invalid_ledger-00000011/bureau.one.seen
    [[ $output == *E_ROLLBACK*"shows 6 events of $old, of which this log names only the first 5"* ]]
    # Somebody went on from an earlier copy of the old book: as many events, others.
    rm -r book book.keys keys/demo.invalid_ledger-00000011/*.seen
    mv book.early book
    mv book.keys.early book.keys
    yicang fund deposit --amount 3 --as bureau.one
    run -1 verify --predecessor-card old.card --kept keys/demo.invalid_ledger-00000011/bureau.one.seen
    [[ $output == *E_FORK*"shows another history of the first 5 events of $old"* ]]
}

@test "the card of another log, and a card that names another predecessor" {
    yicang book init third --origin demo.invalid/ledger-00000013 --name Test --opening-day 2016-11-01 \
        --policy "$policy" --admins d.admin
    yicang --book third audit card --new-export-key --out third.card
    run -2 verify --predecessor-card third.card
    [[ $output == *E_TRUST*"is of demo.invalid/ledger-00000013, and this log continues $old"* ]]
    run -2 yicang audit verify --book third --card third.card --predecessor-card old.card
    [[ $output == *E_TRUST*"says of none that it continues it"* ]]
    sed '/^predecessor/d' new.card >bare.card
    run -2 yicang audit verify --book book.new --card bare.card
    [[ $output == *E_TRUST*"differ in which log this one continues"* ]]
    sed "s|^\(predecessor $old\) 5|\1 4|" new.card >other.card
    run -2 yicang audit verify --book book.new --card other.card
    sed "s|^predecessor .*|predecessor $new 5 x|" new.card >broken.card
    run -2 yicang audit verify --book book.new --card broken.card
}

@test "what is no last known head of that log begins no book" {
    sed 's/^— /— x/' early >unsigned
    refused 3 book.predecessor book init x --origin $new --name T --opening-day 2016-11-01 --policy "$policy" \
        --admins e.admin,f.admin --predecessor unsigned --predecessor-card old.card
    refused 3 book.predecessor book init x --origin $new --name T --opening-day 2016-11-01 --policy "$policy" \
        --admins e.admin,f.admin --predecessor early --predecessor-card new.card
    refused 3 book.predecessor book init x --origin $new --name T --opening-day 2016-11-01 --policy "$policy" \
        --admins e.admin,f.admin --predecessor old.card --predecessor-card old.card
    refused 2 usage.option-missing book init x --origin $new --name T --opening-day 2016-11-01 \
        --policy "$policy" --admins e.admin,f.admin --predecessor early
    refused 2 book.origin book init x --origin $old --name T --opening-day 2016-11-01 --policy "$policy" \
        --admins e.admin,f.admin --predecessor early --predecessor-card old.card
    refused 2 book.predecessor-admins book init x --origin $new --name T --opening-day 2016-11-01 \
        --policy "$policy" --admins e.admin --predecessor early --predecessor-card old.card
    refused 2 book.predecessor-admins book init x --origin $new --name T --opening-day 2016-11-01 \
        --policy "$policy" --admins e.admin,f.admin --quorum 1 --predecessor early --predecessor-card old.card
    [ ! -e x ]
}
