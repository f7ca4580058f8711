#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets stderr
# A verification that is written into the log it was made of.
load program

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    begin_book "$PWD" 00000010 "$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml"
    hire clerk.one clerk
    hire audit.one auditor
    hire bureau.one bureau-officer
    yicang fund open --amount 1000 --as bureau.one
    yicang audit card --new-export-key --out card
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export HOME=$BATS_TEST_TMPDIR
    unset YICANG_SERVICE_KEYS
    cp -a "$BATS_FILE_TMPDIR"/{book,book.keys,keys,run,card} .
    stand_here "$PWD"
}

recorded() { # member
    yicang audit log --type verify.run --format json | tail -n 1 | jq -r ".body.in.$1"
}

@test "what was proven is recorded by the auditor, and shows in the log" {
    run -0 --separate-stderr yicang audit verify --card card --record --as audit.one --format json
    [ "$(jq -r .remarks.recorded <<<"$output")" = 6 ]
    [ "$(recorded size)" = 6 ]
    [ "$(recorded root)" = "$(jq -r .remarks.root <<<"$output")" ]
    [ "$(recorded result)" = 0 ]
    [ "$(recorded mode)" = full ]
    [ "$(recorded 'findings | length')" = 0 ]
    [ "$(recorded version)" = "$(yicang version --format json | jq -r '"yicang " + .version')" ]
    [ "$(recorded card_genesis)" = "$(sed -n 's/^genesis //p' card)" ]
    # what audit.one had seen before; nothing yet
    [ "$(recorded 'kept | length')" = 0 ]
    run -0 yicang --lang zh audit log --type verify.run
    [[ $output == *日志核验* && $output == *audit.one* ]]
    # and the next verification, which is held against what audit.one saw
    run -0 yicang audit verify --card card --record --as audit.one
    [ "$(recorded 'kept | join(" ")')" = 7 ]
    [ "$(recorded size)" = 7 ]
    run -0 yicang audit verify --card card
}

@test "what was not proven is recorded too, and the exit code stays that of the verification" {
    run -2 yicang audit verify --record --as clerk.one
    [ "$(recorded 'findings | map(.code + " " + .count) | join(",")')" = "E_TRUST 1" ]
    [ "$(recorded result)" = 2 ]
    [ "$(recorded card_genesis)" = null ]
    run -0 yicang audit verify --card card --structure --record --as clerk.one
    [ "$(recorded mode)" = structure ]
    sqlite3 book/book.db 'DROP TRIGGER line_never_changed; UPDATE line SET fen = 999999 WHERE entry_id = 1 AND n = 1'
    run -1 --separate-stderr yicang audit verify --card card --record --as clerk.one
    [ "$(recorded result)" = 1 ]
    [[ $(recorded 'findings | map(.code) | join(" ")') == *E_PROJECTION* ]]
}

@test "who may not record it is told, after the verification" {
    run -2 --separate-stderr yicang audit verify --card card --record --as a.admin
    [[ $output == *proven* && $stderr == *"[staff.role-missing]"* ]]
    run -2 --separate-stderr yicang audit verify --record --as a.admin
    [[ $stderr == *"[staff.role-missing]"*"[audit.not-proven]"* ]]
    refused 3 staff.not-named audit verify --card card --record
    yicang audit bundle --folder export --card card --as clerk.one
    refused 3 audit.record-elsewhere audit verify --card card --bundle export --record --as clerk.one
    [ -z "$(yicang audit log --type verify.run --format json)" ]
    run -0 yicang audit verify --card card --record --as clerk.one --dry-run
    [ -z "$(yicang audit log --type verify.run --format json)" ]
}
