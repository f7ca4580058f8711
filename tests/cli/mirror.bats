#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets output and stderr
# The bureau's mirror: it verifies an export in full and says so with a key of its own, which the trust card
# asks for beside the witness. What it refuses besides: unit.service.mirror.
load program

ledger=00000041

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export HOME=$BATS_TEST_TMPDIR
    mkdir bureau bank
    stand_here "$PWD/bank"
    mkdir -m 700 "$XDG_RUNTIME_DIR"
    {
        echo "witness w $(new_key witness)"
        echo "witness m $(new_key mirror)"
        printf 'group both all w m\nquorum both\n'
    } >witnesses
    yicang book init "$YICANG_BOOK" --origin "demo.invalid/ledger-$ledger" --name Test \
        --opening-day 2016-10-20 --policy "$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml" \
        --admins a.admin --witness-policy witnesses >/dev/null
    hire wang.li clerk >/dev/null
    hire sun.hao bureau-officer >/dev/null
    yicang fund open --amount 1000 --as sun.hao >/dev/null
    yicang audit card --new-export-key --witness-policy witnesses --out card
}

# new_key KIND: key and memory bureau/KIND.*, the verifier key on stdout
new_key() {
    yicang audit witness --key "bureau/$1.key" --state "bureau/$1.state" \
        --new "demo.invalid/bureau/$1/1" --origin "demo.invalid/ledger-$ledger" --format json | jq -r .vkey
}

# send: a request and an export under the same head
send() {
    rm -rf export
    yicang audit checkpoint export --since-witness --out request 2>/dev/null
    yicang audit bundle export --card card --as sun.hao >/dev/null
}

# as KIND words...: the bureau answers with that key
as() {
    local kind=$1
    shift
    yicang audit witness --key "bureau/$kind.key" --state "bureau/$kind.state" --card card --request request "$@"
}

take() {
    yicang audit checkpoint import --card card --request request --answer "$1" --as wang.li >/dev/null
}

codes() {
    run --separate-stderr yicang audit verify --card card --format json
    jq -r '[.rows[].code] | join(" ")' <<<"$output"
}

@test "the card asks for a mirror, which verifies the export and signs the head" {
    send
    as witness --out w.line 2>/dev/null
    take w.line
    [ "$(codes)" = E_QUORUM ]
    run -0 --separate-stderr as mirror --mirror export --out m.line
    [[ $stderr == 'verified in full: 5 events of demo.invalid/ledger-00000041' ]]
    [[ $(cat m.line) == '— demo.invalid/bureau/mirror/1 '* ]]
    take m.line
    run -0 --separate-stderr yicang audit verify --card card --format json
    [ "$(jq -r '[.remarks.mirrored, .remarks.mirrors, .remarks.witnessed] | map(tostring) | join(" ")' <<<"$output")" = \
        '5 demo.invalid/bureau/mirror/1 5' ]
    [[ $stderr == *'the first 5 events were verified in full by demo.invalid/bureau/mirror/1 at '*'(events: 3)'* ]]
    # The next time from what it remembers.
    yicang day close --as wang.li >/dev/null
    send
    as witness --out w.line 2>/dev/null
    as mirror --mirror export --out m.line 2>/dev/null
    take w.line
    take m.line
    run -0 --separate-stderr yicang audit verify --card card --format json
    [ "$(jq -r .remarks.mirrored <<<"$output")" = 10 ]
}

@test "until it has, nobody says so" {
    run --separate-stderr yicang audit verify --card card
    [[ $stderr == *'none of the mirrors that the trust card names has verified this log'* ]]
}

@test "a key says one thing" {
    send
    refused 1 witness.one-meaning audit witness --key bureau/mirror.key --state bureau/mirror.state --card card \
        --request request
    refused 1 witness.one-meaning audit witness --key bureau/witness.key --state bureau/witness.state --card card \
        --request request --mirror export
}

@test "what is not proven is not signed, and the findings are told" {
    send
    printf '#\n' >>export/policy
    run -5 --separate-stderr as mirror --mirror export
    [ -z "$output" ]
    [[ $stderr == *'E_CONTAINER: '*'[witness.not-verified]'* ]]
    # The witness, which looks at the request alone, signs what only grew.
    run -0 --separate-stderr as witness
    [[ $output == '— demo.invalid/bureau/witness/1 '* ]]
}

@test "the export is that of the request" {
    send
    yicang day close --as wang.li >/dev/null
    mv request earlier
    send
    mv earlier request
    run -1 --separate-stderr as mirror --mirror export
    [[ $stderr == *'[witness.other-head]'* ]]
    run -3 --separate-stderr as mirror --mirror nowhere
    [[ $stderr == *'[bundle.no-folder]'* ]]
}
