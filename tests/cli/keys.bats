#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets output and stderr
# Keys of people: made, shown, renewed by their holder, revoked, and what a stolen one signed.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml

hire() {
    local key
    key=$(yicang key new "$1" --format json)
    yicang staff add "$1" --role "$2" --office test --vkey "$(jq -r .vkey <<<"$key")" \
        --pop "$(jq -r .pop <<<"$key")" --as a.admin --with b.admin
}

begin() {
    yicang book init book --origin "$1" --name Test --opening-day 2016-10-20 --policy "$policy" \
        --admins a.admin,b.admin
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export HOME=$BATS_TEST_TMPDIR YICANG_BOOK=$PWD/book YICANG_KEYS=$PWD/keys XDG_RUNTIME_DIR=$PWD/run
    mkdir -m 700 run
}

household() {
    yicang household add --area-code 510000 --village 一组 --status registered --head 张三丰 \
        --id-no "$1" --as wang.li --format json | jq -r .event
}

vkey() {
    yicang key show "$1" --format json | jq -r .vkey
}

# All that a verification without a card finds, which is not proven: without one nothing is.
findings() {
    run -2 --separate-stderr yicang audit verify --format json
    jq -r '.rows[] | "\(.code)@\(.event)"' <<<"$output" | xargs
}

@test "key new and key show give the same key as staff key" {
    begin demo.invalid/ledger-00000011
    local made
    made=$(yicang key new wang.li --format json)
    diff <(echo "$made") <(yicang key show wang.li --format json)
    diff <(echo "$made") <(yicang staff key wang.li --format json)
    run -1 yicang key show li.na
    [[ $output == *"[key.not-found]"* ]]
    run -1 yicang key new wang.li
    [[ $output == *"[key-file.exists]"* ]]
}

@test "a key is renewed by its holder, and the log stays proven" {
    begin demo.invalid/ledger-00000012
    hire wang.li clerk
    local old
    old=$(vkey wang.li)
    run -0 yicang key rotate wang.li --dry-run
    [[ $output == *"nothing was written"* ]]
    [ "$(vkey wang.li)" = "$old" ]
    run -0 --separate-stderr yicang key rotate wang.li --format json
    [ "$(jq -r .vkey <<<"$output")" = "$(vkey wang.li)" ]
    [ "$(vkey wang.li)" != "$old" ]
    [ "$(find keys -name '*next*')" = "" ]
    household 51000019900101123X
    run -1 yicang staff revoke-key "$old" --reason old --as a.admin --with b.admin
    [[ $output == *"[key.revoked]"* ]]
    run -1 yicang key rotate a.admin
    [[ $output == *"[staff.role-missing]"* ]]
    [ "$(findings)" = E_TRUST@null ]
}

@test "the renewed key has the passphrase of the old one, and an open session ends" {
    yes 'correct horse battery 1' | yicang book init book --origin county.example/ledger-00000013 \
        --name Test --opening-day 2016-10-20 --policy "$policy" --admins a.admin,b.admin \
        --passphrase-fd 0
    local key
    key=$(yes 'a quite different one' | yicang key new wang.li --passphrase-fd 0 --format json)
    yes 'correct horse battery 1' | yicang staff add wang.li --role clerk --office test \
        --vkey "$(jq -r .vkey <<<"$key")" --pop "$(jq -r .pop <<<"$key")" --as a.admin \
        --with b.admin --passphrase-fd 0
    echo 'a quite different one' | yicang session open wang.li --passphrase-fd 0
    echo 'a quite different one' | yicang key rotate wang.li --passphrase-fd 0
    run -0 yicang session status wang.li --format json
    [ "$(jq -r .open <<<"$output")" != true ]
    run -0 yicang key show wang.li --passphrase-fd 0 <<<'a quite different one'
    [ "$(sed -n 's/^verifier key: //p' <<<"$output")" != "$(jq -r .vkey <<<"$key")" ]
    run ! yicang key show wang.li --passphrase-fd 0 <<<'correct horse battery 1'
}

@test "what a stolen key signed is in dispute until two others have looked at it" {
    begin demo.invalid/ledger-00000014
    hire wang.li clerk
    local stolen first second
    stolen=$(vkey wang.li)
    household 51000019900101123X
    first=$(household 510000198003020020)
    second=$(household 510000198003030034)
    [ "$(findings)" = E_TRUST@null ]
    yicang staff revoke-key "$stolen" --reason 'laptop gone' --from-seq "$first" \
        --as a.admin --with b.admin
    [ "$(findings)" = "E_DISPUTE@$first E_DISPUTE@$second E_TRUST@null" ]
    run -1 yicang key resolve "$stolen" --events "$first" --outcome genuine --reason asked --as a.admin
    [[ $output == *"[duty.quorum]"* ]]
    run -1 yicang key resolve "$stolen" --events 1 --outcome genuine --reason asked --as a.admin \
        --with b.admin
    [[ $output == *"[dispute.not-its-event]"* ]]
    run -2 yicang key resolve "$stolen" --events "$first,x" --outcome genuine --reason asked \
        --as a.admin --with b.admin
    [[ $output == *"[dispute.events]"* ]]
    yicang key resolve "$stolen" --events "$first,$second" --outcome genuine --reason asked \
        --as a.admin --with b.admin
    [ "$(findings)" = E_TRUST@null ]
    run -1 yicang staff revoke-key "$(vkey b.admin)" --reason x --from-seq 1000 --as a.admin
    [[ $output == *"[duty.quorum]"* || $output == *"[key.from-seq]"* ]]
}

@test "a duty given in an emergency is reported to the bureau with the next head" {
    begin demo.invalid/ledger-00000015
    hire wang.li clerk
    run -0 yicang audit checkpoint export --out request
    local event
    event=$(yicang staff grant wang.li --role manager --emergency --reason '主任住院' --as a.admin \
        --with b.admin --format json | jq -r .event)
    rm request
    run -1 --separate-stderr yicang audit checkpoint export --out request
    [[ $stderr == *"[witness.report]"* ]]
    [ ! -e request ]
    run -0 yicang audit checkpoint export --out request --report report --format json
    [ -s request ]
    [ "$(jq -r '.rows[] | "\(.event) \(.signed_by) \(.staff) \(.role) \(.reason)"' report)" = \
        "$event a.admin,b.admin wang.li manager 主任住院" ]
    # Four hours, by the times in the log.
    [ "$(jq -r '.rows[0] | (.until | fromdate) - (.at | fromdate)' report)" = 14400 ]
    yicang audit checkpoint export --out request --report report.html
    grep -q 主任住院 report.html
}

@test "a day key that is lost is replaced by the admins, and a witness sees the log before work goes on" {
    local origin=demo.invalid/ledger-00000016 witness=(--key w.key --state w.state) event
    printf 'witness bureau %s\nquorum bureau\n' "$(yicang audit witness "${witness[@]}" \
        --new demo.invalid/bureau/witness/1 --origin $origin --format json | jq -r .vkey)" >witnesses
    yicang book init book --origin $origin --name Test --opening-day 2016-10-20 --policy "$policy" \
        --admins a.admin,b.admin --witness-policy witnesses --card card
    hire wang.li clerk
    run -1 yicang key recover --reason lost --as a.admin --with b.admin
    [[ $output == *"[log.key-present]"* ]]
    rm book.keys/day-*.key
    run -4 yicang day close --as wang.li
    [[ $output == *"[log.key-missing]"* ]]
    run -1 yicang key recover --reason lost --as wang.li
    [[ $output == *"[staff.role-missing]"* ]]
    run -1 yicang key recover --reason lost --as a.admin
    [[ $output == *"[duty.quorum]"* ]]
    run -0 yicang key recover --reason 'disk failed' --as a.admin --with b.admin --dry-run
    [ "$(find book.keys -name 'day-*')" = "" ]
    event=$(yicang key recover --reason 'disk failed' --as a.admin --with b.admin --format json |
        jq -r .event)
    [ "$(find book.keys -name 'day-*.key' | wc -l)" -eq 1 ]
    run -1 yicang day close --as wang.li
    [[ $output == *"[duty.recovery]"* ]]
    yicang staff grant wang.li --role manager --as a.admin --with b.admin
    # The seal over it bears the log key and the next day key alone.
    [ "$(sqlite3 book/book.db "SELECT note FROM checkpoint WHERE size = $event + 1 AND why = 'seal'" |
        grep -c '^— ')" -eq 2 ]
    yicang audit checkpoint export --out request
    yicang audit witness "${witness[@]}" --card card --request request --out answer
    yicang audit checkpoint import --card card --request request --answer answer --as wang.li
    yicang day close --as wang.li
    run -0 yicang audit verify --card card
    yicang book check
}

@test "without witnesses work goes on as soon as the day key is replaced" {
    begin demo.invalid/ledger-00000017
    hire wang.li clerk
    truncate -s 3 book.keys/day-*.key
    run ! yicang day close --as wang.li
    yicang key recover --reason rot --as a.admin --with b.admin
    yicang day close --as wang.li
    [ "$(findings)" = E_TRUST@null ]
}

@test "a log key that is stolen or lost is replaced by the admins, the bureau cosigns, cards are renewed" {
    local origin=demo.invalid/ledger-00000018 witness=(--key w.key --state w.state) event
    printf 'witness bureau %s\nquorum bureau\n' "$(yicang audit witness "${witness[@]}" \
        --new demo.invalid/bureau/witness/1 --origin $origin --format json | jq -r .vkey)" >witnesses
    yicang book init book --origin $origin --name Test --opening-day 2016-10-20 --policy "$policy" \
        --admins a.admin,b.admin --witness-policy witnesses --card card
    hire wang.li clerk
    yicang audit checkpoint export --out request
    sed -n '/^demo.invalid/,$p' request >kept
    lines() { sqlite3 book/book.db "SELECT note FROM checkpoint WHERE size = $1 + 1 AND why = 'seal'" | grep -c '^— '; }
    cosign() { # with the card $1
        rm -f request answer
        yicang audit checkpoint export --since-witness --out request
        yicang audit witness "${witness[@]}" --card "$1" --request request --out answer
        yicang audit checkpoint import --card "$1" --request request --answer answer --as wang.li
    }
    renewed() { yicang audit card --witness-policy witnesses --out "$1"; }

    # Stolen: the old one still signs the seal, beside the next.
    run -1 yicang key recover --replace-log --reason stolen --as a.admin
    [[ $output == *"[duty.quorum]"* ]]
    cp book.keys/log.key before
    run -0 yicang key recover --replace-log --reason stolen --as a.admin --with b.admin --dry-run
    cmp before book.keys/log.key
    event=$(yicang key recover --replace-log --reason stolen --as a.admin --with b.admin --format json | jq -r .event)
    run ! cmp before book.keys/log.key
    [ "$(find book.keys -name 'log*.key' | wc -l)" -eq 1 ]
    [ "$(lines "$event")" -eq 3 ]
    run -1 yicang day close --as wang.li
    [[ $output == *"[duty.recovery]"* ]]
    # A card of before says so and proves nothing; the renewed one proves, with heads kept before.
    renewed card.2
    cosign card.2
    run -2 --separate-stderr yicang audit verify --card card --format json
    [ "$(jq -r '[.rows[].code] | join(" ")' <<<"$output")" = E_TRUST ]
    [[ $output == *"get a new card"* ]]
    run -0 yicang audit verify --card card.2 --kept kept --save-state state
    [ "$(grep -c '^before ' card.2)" -eq 1 ]
    yicang day close --as wang.li

    # A file that others may read is there, and so is one that is no plain file: neither key is lost.
    chmod 644 book.keys/log.key
    for replaced in --replace-log ''; do
        # shellcheck disable=SC2086
        run -1 yicang key recover $replaced --reason lost --as a.admin --with b.admin
        [[ $output == *"[log.key-present]"* && $output == *"book.keys/log.key"*"(mode 0644)"* ]]
        [[ $output == *"chmod 640"*"move the file away"* ]]
    done
    chmod 640 book.keys/log.key
    mv book.keys/day-*.key day.key
    ln -s "$PWD/day.key" "book.keys/day-$(sed -n 's/^pub .*\/day+\([0-9a-f]*\)+.*/\1/p' day.key).key"
    run -1 yicang key recover --replace-log --reason lost --as a.admin --with b.admin
    [[ $output == *"[log.key-present]"* && $output == *"day-"* ]]
    # Nothing was changed: with the file put back the day closes as ever.
    mv day.key book.keys/day-*.key
    yicang day close --as wang.li

    # Lost, with the day key: nothing of the old is on the seal.
    rm book.keys/log.key book.keys/day-*.key
    run -4 yicang day close --as wang.li
    [[ $output == *"[log.key-missing]"* && $output == *"--replace-log"* ]]
    event=$(yicang key recover --replace-log --reason 'disk failed' --as a.admin --with b.admin --format json | jq -r .event)
    [ "$(lines "$event")" -eq 2 ]
    # The bureau's card of before does not know the key: it takes the new one by hand.
    rm -f request
    yicang audit checkpoint export --since-witness --out request
    run ! yicang audit witness "${witness[@]}" --card card.2 --request request --out answer
    renewed card.3
    cosign card.3
    yicang day close --as wang.li
    run -0 yicang audit verify --card card.3 --kept kept
    run -0 yicang audit verify --card card.3 --since state
    run -2 yicang audit verify --card card.2 --since state
    yicang staff grant wang.li --role manager --as a.admin --with b.admin
    yicang audit bundle export --card card.3 --as wang.li
    run -0 yicang audit verify --card card.3 --bundle export --kept kept
    yicang book check
}
