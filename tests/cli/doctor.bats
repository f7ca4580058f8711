#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets stderr
# What is derived from the journal can be dropped and rebuilt; what is not is never touched.
load program

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    export YICANG_BOOK=$PWD/book YICANG_KEYS=$PWD/keys XDG_RUNTIME_DIR=$PWD/run
    local key
    mkdir -m 700 run
    yicang book init book --origin demo.invalid/ledger-00000007 --name Test --opening-day 2016-10-30 \
        --policy "$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml" --admins a.admin
    key=$(yicang staff key bureau.one --new --format json)
    yicang staff add bureau.one --role bureau-officer --office test --vkey "$(jq -r .vkey <<<"$key")" \
        --pop "$(jq -r .pop <<<"$key")" --as a.admin
    key=$(yicang staff key clerk.one --new --format json)
    yicang staff add clerk.one --role clerk --office test --vkey "$(jq -r .vkey <<<"$key")" \
        --pop "$(jq -r .pop <<<"$key")" --as a.admin
    yicang fund open --amount 1000 --as bureau.one
    yicang day close --through 2016-11-30 --as clerk.one
}

setup() {
    stand_in_a_copy
}

everything() {
    sqlite3 "file:book/book.db?mode=ro" .dump
}

@test "a sound book: nothing is found, and rebuilding changes nothing" {
    everything >before
    run -0 --separate-stderr yicang book doctor
    [[ $stderr == *"DEMO KEYS"* ]]
    run -0 yicang book doctor --rebuild
    diff before <(everything)
}

@test "how the keys are kept" {
    export YICANG_KEYS=$PWD/keys
    run -0 --separate-stderr yicang book doctor
    chmod 755 book.keys
    chmod 644 book.keys/log.key keys/*/clerk.one.key
    run -1 --separate-stderr yicang book doctor
    [[ $stderr == *"book.keys-unsafe"* ]]
    [ "$(grep -c KEYS_OPEN <<<"$output")" = 3 ]
    chmod 700 book.keys
    chmod 640 book.keys/log.key
    chmod 600 keys/*/clerk.one.key
    run -0 yicang book doctor

    cp book.keys/day-*.key book.keys/day-00000000.key
    cp book.keys/privacy.key book.keys/privacy.next
    run -1 --separate-stderr yicang book doctor
    [ "$(grep -c KEYS_STRAY <<<"$output")" = 2 ]
    rm book.keys/day-00000000.key book.keys/privacy.next

    mv book.keys/system.key elsewhere
    run -1 --separate-stderr yicang book doctor
    [[ $output == *KEYS_MISSING*system.key* ]]
    mv elsewhere book.keys/system.key
    mv book.keys elsewhere
    run -1 --separate-stderr yicang book doctor
    [[ $output == *KEYS_MISSING* ]]
    [[ $stderr == *"DEMO KEYS"* ]]
}

@test "head and high-water file cover the last event" {
    cp book/head head
    cp book.keys/high-water high-water
    yicang fund deposit --amount 1 --as bureau.one
    cp head book/head
    cp high-water book.keys/high-water
    run -1 --separate-stderr yicang book doctor
    [ "$(grep -c KEYS_BEHIND <<<"$output")" = 2 ]
    yicang fund deposit --amount 1 --as bureau.one
    run -0 yicang book doctor
}

@test "balances that were dropped or changed are found, and rebuilt from the journal" {
    everything >before
    local damage
    for damage in 'UPDATE balance SET debit_fen = debit_fen + 1 WHERE account_id = 1' \
        'DELETE FROM balance' 'DELETE FROM period_balance' \
        'DELETE FROM balance; DELETE FROM loan_balance; DELETE FROM period_balance'; do
        sqlite3 book/book.db "$damage"
        run -1 yicang book check
        run -1 --separate-stderr yicang book doctor
        [[ $output == *"BOOKS_"* && $stderr == *"[book.check-failed]"*"--rebuild"* ]]
        run -0 yicang book doctor --rebuild
        diff before <(everything)
    done
    yicang book check
    yicang audit card --new-export-key --out card
    yicang audit verify --card card
}

@test "a changed entry is not mended by rebuilding, and nothing is written" {
    sqlite3 book/book.db 'DROP TRIGGER line_never_changed; UPDATE line SET fen = 999 WHERE entry_id = 1 AND n = 1'
    everything >before
    run -1 --separate-stderr yicang book doctor --rebuild
    [[ $stderr == *"[book.check-failed]"*"nothing was changed"* ]]
    diff before <(everything)
}

@test "a period is closed with the last day of its month, and day status says so" {
    run -0 yicang day status --format json
    jq -e '.open_day == "2016-12-01" and .period_closed_through == "2016-11-30"' <<<"$output"
    run -1 yicang fund deposit --amount 1 --date 2016-11-30 --as bureau.one
    [[ $output == *"[date.not-open]"* ]]
    yicang day close --through 2016-12-30 --as clerk.one
    yicang day status --format json | jq -e '.period_closed_through == "2016-11-30"'
    yicang day close --as clerk.one
    yicang day status --format json | jq -e '.period_closed_through == "2016-12-31"'
}
