#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets stderr
# A copy of a book is a backup once it is verified, and takes the book's place if no event is lost.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    stand_here "$PWD"
    mkdir -m 700 run
    yicang book init book --origin demo.invalid/ledger-00000014 --name Test --opening-day 2016-10-20 \
        --policy "$policy" --admins a.admin,b.admin
    for person in clerk.one:clerk bureau.one:bureau-officer; do
        key=$(yicang staff key "${person%:*}" --new --format json)
        yicang staff add "${person%:*}" --role "${person#*:}" --office test --vkey "$(jq -r .vkey <<<"$key")" \
            --pop "$(jq -r .pop <<<"$key")" --as a.admin --with b.admin
    done
    yicang fund open --amount 1000 --as bureau.one
    yicang household add --area-code 510000 --village 一组 --status registered --head 张三丰 \
        --id-no 51000019900101123X --as clerk.one
    yicang audit card --new-export-key --out card
}

setup() {
    stand_in_a_copy
}

restore() { # backup [options...]
    yicang book restore "$1" --reason 'disk failed' --as a.admin --with b.admin "${@:2}"
}

restored() { # member
    yicang audit log --type db.restore --format json | tail -n 1 | jq -r ".body.in.$1"
}

# rot: what a failing disk may do
rot() {
    rm -f book/book.db-wal book/book.db-shm
    truncate -s 20000 book/book.db
}

@test "a backup is verified, can be read like a book, and holds no keys" {
    run -0 --separate-stderr yicang book backup one --format json
    [ "$(jq -r .events <<<"$output")" = 6 ]
    [ "$(jq -r .sha256 <<<"$output")" = "$(sha256sum one/book.db | cut -d' ' -f1)" ]
    [[ $stderr == *"service keys in $PWD/book.keys are not in it"* ]]
    [ "$(find one -type f | sort | tr '\n' ' ')" = "one/book.db one/head " ]
    run -0 yicang audit verify --book one --card card
    [ "$(yicang --book one book info --format json)" = "$(yicang book info --format json)" ]
    refused 4 book.high-water-missing fund deposit --amount 1 --as bureau.one --book one
    refused 4 backup.exists book backup one
    mkdir two.part
    refused 4 backup.exists book backup two
    [[ $stderr == *"of a backup that broke off"* ]]
    refused 4 backup.write book backup nowhere/three
    [ ! -e nowhere ]
}

@test "a book that does not verify gives no backup" {
    sqlite3 book/book.db 'DROP TRIGGER line_never_changed;
        UPDATE line SET fen = fen + 1 WHERE entry_id = 1 AND n = 1' 'SELECT 1' >/dev/null
    refused 5 backup.unsound book backup one
    [ ! -e one ] && [ ! -e one.part ]
    rm book/head
    run -5 yicang book backup one
    [ ! -e one ] && [ ! -e one.part ]
}

@test "the book is put back, the old one kept aside, and two admins record it" {
    yicang book backup one
    root=$(yicang audit verify --card card --format json | jq -r .remarks.root)
    rot
    run ! yicang book check
    run -0 --separate-stderr restore one --format json
    [ "$(jq -r .event <<<"$output")" = 6 ]
    aside=$(jq -r .aside <<<"$output")
    [[ $aside == "$PWD"/book.before-20* ]]
    [ -e "$aside/book.db" ]
    [ "$(restored size)" = 6 ]
    [ "$(restored root)" = "$root" ]
    [ "$(restored reason)" = 'disk failed' ]
    [ "$(restored copy_sha256)" = "$(sha256sum one/book.db | cut -d' ' -f1)" ]
    [ ! -e book.restoring ]
    run -0 yicang audit verify --card card
    run -0 yicang --lang zh audit log --type db.restore
    [[ $output == *由备份恢复账簿* ]]
    run -0 yicang household show H1
    yicang fund deposit --amount 1 --as bureau.one
    run -0 yicang audit verify --card card --kept keys/demo.invalid_ledger-00000014/clerk.one.seen
}

@test "the same command again gives the first answer" {
    yicang book backup one
    id=00000000000000000000000000000aaa
    restore one --command-id $id
    run -0 restore one --command-id $id --format json
    [ "$(jq -r .event <<<"$output")" = 6 ]
    [ "$(jq -r .repeated <<<"$output")" != null ]
    [ "$(yicang audit log --type db.restore --format json | wc -l)" = 1 ]
}

@test "a lost folder is put back by the high-water file alone" {
    yicang book backup one
    rm -r book
    run -0 restore one
    run -0 yicang audit verify --card card
    [ "$(restored size)" = 6 ]
}

@test "a day key that was lost with the machine is replaced after the book is back" {
    yicang book backup one
    rm -r book book.keys/day-*.key
    refused 4 log.key-missing book restore one --reason 'machine lost' --as a.admin --with b.admin
    [[ $stderr == *"stands in its place"*"yicang key recover"* ]]
    run -0 yicang book check
    run -0 yicang key recover --reason 'machine lost, book restored' --as a.admin --with b.admin
    yicang fund deposit --amount 1 --as bureau.one
    run -0 yicang audit verify --card card
}

@test "whoever restores in the folder of the book itself" {
    yicang book backup one
    (
        unset YICANG_BOOK
        cd book
        restore ../one
    )
    [ "$(restored size)" = 6 ]
}

@test "a backup that lacks events is refused, with what is missing" {
    yicang book backup one
    yicang fund deposit --amount 1 --as bureau.one
    yicang fund deposit --amount 1 --as bureau.one
    standing >"$BATS_FILE_TMPDIR/before"
    refused 1 restore.loses-events book restore one --reason x --as a.admin --with b.admin
    [[ $stderr == *"events 6 to 7 of the book are not in this backup"*"--predecessor"* ]]
    diff "$BATS_FILE_TMPDIR/before" <(standing)
    # not even if one of the two files that tell is taken away, or both and a person remembers
    mv book/head away
    refused 1 restore.loses-events book restore one --reason x --as a.admin --with b.admin
    mv away book/head
    grep -v '^[78] ' book.keys/high-water >shorter && mv shorter book.keys/high-water
    refused 1 restore.loses-events book restore one --reason x --as a.admin --with b.admin
    rm -r book
    cp keys/demo.invalid_ledger-00000014/{bureau.one,a.admin}.seen
    refused 5 log.rolled-back book restore one --reason x --as a.admin --with b.admin
    [ ! -e book ]
    mv book.keys/high-water away
    refused 4 book.high-water-missing book restore one --reason x --as a.admin --with b.admin
}

@test "what is no backup of this book, or was changed, is refused" {
    yicang book backup one
    yicang book init other --origin demo.invalid/ledger-00000015 --name Test --opening-day 2016-10-20 \
        --policy "$policy" --admins c.admin,d.admin
    yicang book backup second --book other
    refused 1 restore.loses-events book restore second --reason x --as a.admin --with b.admin
    rm -r second
    for person in p.one p.two p.three p.four p.five; do
        key=$(yicang --book other staff key $person --new --format json)
        yicang --book other staff add $person --role clerk --office test --vkey "$(jq -r .vkey <<<"$key")" \
            --pop "$(jq -r .pop <<<"$key")" --as c.admin --with d.admin
    done
    yicang book backup second --book other
    refused 1 restore.other-book book restore second --reason x --as a.admin --with b.admin
    cp -a one changed
    sqlite3 changed/book.db 'DROP TRIGGER line_never_changed;
        UPDATE line SET fen = fen + 1 WHERE entry_id = 1 AND n = 1'
    refused 5 backup.unsound book restore changed --reason x --as a.admin --with b.admin
    refused 4 store.not-found book restore nowhere --reason x --as a.admin --with b.admin
    # the data keys were replaced since
    yicang book rotate-data-keys
    standing >"$BATS_FILE_TMPDIR/before"
    run ! restore one
    [[ $output == *privacy.* ]]
    diff "$BATS_FILE_TMPDIR/before" <(standing)
}

@test "copies that are made while others write are each of one state" {
    for _ in $(seq 25); do yicang fund deposit --amount 1 --as bureau.one; done &
    for number in 1 2 3 4; do
        yicang book backup "copy$number"
        # (whoever wrote meanwhile has seen more than the copy)
        YICANG_KEYS=nowhere run -0 yicang audit verify --book "copy$number" --card card
    done
    wait
    yicang book backup last
    run -0 restore last
    [ "$(restored size)" = 31 ]
}

@test "whoever may not restores nothing" {
    yicang book backup one
    standing >"$BATS_FILE_TMPDIR/before"
    refused 1 duty.quorum book restore one --reason x --as a.admin
    refused 1 staff.role-missing book restore one --reason x --as clerk.one
    refused 2 staff.not-named book restore one --reason x
    refused 2 usage.empty book restore one --reason '' --as a.admin --with b.admin
    run -0 restore one --dry-run
    [[ $output == *"nothing was written"* ]]
    diff "$BATS_FILE_TMPDIR/before" <(standing)
    mkdir book.restoring
    refused 4 restore.begun book restore one --reason x --as a.admin --with b.admin
}
