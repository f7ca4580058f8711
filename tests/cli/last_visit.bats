#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets stderr
# Who signs has seen the log: an older book put back with all its files, or another one, is told.
load program

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    begin_book "$PWD" 00000009 "$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml"
    hire clerk.one clerk
    hire clerk.two clerk
    hire bureau.one bureau-officer
    yicang fund open --amount 1000 --as bureau.one
    yicang day close --as clerk.two
    cp -a book book.old
    cp -a book.keys book.keys.old
    yicang day close --as clerk.one
    yicang audit card --new-export-key --out card
}

setup() {
    stand_in_a_copy
    seen=keys/demo.invalid_ledger-00000009
}

put_back() {
    rm -r book book.keys
    cp -a book.old book
    cp -a book.keys.old book.keys
}

@test "an older book with all its files is refused to whoever saw more, and nothing is written" {
    run -0 yicang book check
    put_back
    run -0 yicang book check
    standing >"$BATS_FILE_TMPDIR/before"
    refused 5 log.rolled-back day close --as clerk.one
    [[ $stderr == *"clerk.one saw at 20"*"events 8 to 9 are missing"* ]]
    [[ $stderr == *"$seen/clerk.one.seen"* ]]
    diff "$BATS_FILE_TMPDIR/before" <(standing)
    # who has not seen more cannot tell
    run -0 yicang day close --as clerk.two
    refused 5 log.forked day close --as clerk.one
}

@test "each memory of it proves that the end was cut off" {
    run -0 yicang audit verify --card card
    put_back
    YICANG_KEYS=$PWD/nowhere run -0 yicang audit verify --card card
    YICANG_KEYS=$PWD/nowhere run -1 yicang audit verify --card card --kept "$seen/clerk.one.seen"
    [[ $output == *E_ROLLBACK*clerk.one.seen* ]]
    run -1 yicang audit verify --card card
    [[ $output == *E_ROLLBACK*clerk.one.seen* ]]
    run -0 yicang audit verify --card card --as clerk.two
    # a folder of what several clerks brought
    mkdir brought
    cp "$seen"/clerk.*.seen brought
    YICANG_KEYS=$PWD/nowhere run -1 yicang audit verify --card card --kept brought
    # the other history
    yicang day close --as clerk.two
    run -1 yicang audit verify --card card --as clerk.one
    [[ $output == *E_FORK*clerk.one.seen* ]]
}

@test "the head in it is a plain checkpoint, which other tools read" {
    sed '1,/^$/d' "$seen/clerk.one.seen" >checkpoint
    [ "$(sed -n 1p checkpoint)" = demo.invalid/ledger-00000009 ]
    YICANG_KEYS=$PWD/nowhere run -0 yicang audit verify --card card --kept checkpoint
}

@test "a state saved earlier does not ask for what was seen before it" {
    yicang audit verify --card card --save-state state
    yicang day close --as clerk.one
    run -0 yicang audit verify --card card --since state
    put_back
    run -1 yicang audit verify --card card --since state
    [[ $output == *E_ROLLBACK* ]]
}

@test "an export is as old as it is: what was seen since says nothing about it" {
    yicang audit bundle --folder export --card card --as clerk.one
    yicang day close --as clerk.one
    run -0 yicang audit verify --bundle export --card card
}

@test "a damaged memory is told and left alone" {
    echo rest >>"$seen/clerk.one.seen"
    sha256sum "$seen/clerk.one.seen" >before
    refused 5 visit.damaged day close --as clerk.one
    [[ $stderr == *"mv '$PWD/$seen/clerk.one.seen' "* ]]
    sha256sum -c before
    run -2 yicang audit verify --card card --as clerk.one
    [[ $output == *E_TRUST*clerk.one.seen* ]]
    mv "$seen/clerk.one.seen" "$seen/clerk.one.seen.damaged"
    run -0 yicang day close --as clerk.one
    [ -e "$seen/clerk.one.seen" ]
}

@test "where nothing can be kept that is said once, and stops nobody" {
    yicang session open clerk.one
    mv keys elsewhere
    run -0 --separate-stderr yicang day close --through 2016-10-26 --as clerk.one
    [ "$(grep -c "cannot be kept" <<<"$stderr")" = 1 ]
    [ ! -e keys ]
    mv elsewhere keys
    : >"$seen/clerk.one.seen"
    run -0 --separate-stderr yicang day close --as clerk.one
    [[ $stderr == *"is empty, which a power cut may leave"* ]]
    run -0 --separate-stderr yicang day close --as clerk.one
    [[ $stderr != *seen* ]]
}

@test "a dry run compares and keeps nothing" {
    sha256sum "$seen"/*.seen >before
    run -0 yicang day close --as clerk.one --dry-run
    sha256sum -c before
    put_back
    refused 5 log.rolled-back day close --as clerk.one --dry-run
}

@test "an origin that an admin saw is not begun again" {
    refused 1 book.origin-seen book init other --origin demo.invalid/ledger-00000009 --name Test \
        --opening-day 2016-10-20 --policy "$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml" \
        --admins a.admin
    [ ! -e other ]
}

@test "a head that the key of the log has not signed is nothing to go on from" {
    sqlite3 book/book.db "$(sqlite3 book/book.db "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema
        WHERE type = 'trigger' AND tbl_name = 'checkpoint'")" "UPDATE checkpoint
        SET note = CAST(replace(CAST(note AS TEXT), '— demo.invalid/ledger-00000009 ', '— demo.invalid/ledger-00000008 ') AS BLOB)
        WHERE size = (SELECT max(size) FROM checkpoint)"
    standing >"$BATS_FILE_TMPDIR/before"
    refused 5 log.head-false day close --as clerk.one
    diff "$BATS_FILE_TMPDIR/before" <(standing)
}
