#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets output and stderr
# A bureau officer decides on a claim on a machine of the bureau, where there is no book; the bank records
# what was signed. Refusals of the note itself are in unit.service.approval and unit.audit.approval.
load program

ledger=demo.invalid_ledger-00000031

# The book of every test: three claims of 10,000.00, filed on the second day of arrears (the policy has
# 90 days, here 1). Of the loss the insurer bears 7,000.00, the fund 1,500.00, the bank 1,500.00.
setup_file() {
    local n person
    cd "$BATS_FILE_TMPDIR" || return 1
    export HOME=$BATS_FILE_TMPDIR
    sed 's/value: 90 days$/value: 1 day/' "$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml" >policy.yaml
    mkdir made
    begin_book "$BATS_FILE_TMPDIR/made" 00000031 "$BATS_FILE_TMPDIR/policy.yaml" >/dev/null
    for person in 'wang.li clerk' 'li.na approver' 'zhou.yun risk-officer' 'sun.hao bureau-officer'; do
        hire "${person% *}" "${person#* }" >/dev/null
    done
    yicang fund open --amount 1000000 --as sun.hao >/dev/null
    for n in 1 2 3; do
        yicang household add --area-code 510000 --village 一组 --status registered --head 示例户 \
            --id-no "$(sed -n "${n}p" <<<$'510000198003010113\n510000198003020020\n51000019900101123X')" \
            --as wang.li >/dev/null
        yicang loan apply --household "H$n" --purpose breeding --amount 10000 --term-months 1 --rate 4.35% \
            --as wang.li >/dev/null
        yicang loan approve "L$n" --as li.na >/dev/null
        yicang loan disburse "L$n" --as wang.li >/dev/null
    done
    yicang day close --through 2016-11-21 --as wang.li >/dev/null
    for n in 1 2 3; do yicang claim open "L$n" --as zhou.yun >/dev/null; done
    yicang audit card --new-export-key --out made/card
}

# Each test has a bank of its own, and a bureau that has the officer's key and the card, and nothing else.
setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    cp -r "$BATS_FILE_TMPDIR/made" bank
    mkdir -p "bureau/keys/$ledger"
    chmod 700 bureau/keys "bureau/keys/$ledger"
    mv "bank/keys/$ledger/sun.hao.key" "bureau/keys/$ledger"
    cp bank/card bureau
    export HOME=$BATS_TEST_TMPDIR
    at_the_bank
}

# Of the one test that has an agent.
teardown() {
    [ ! -e agent.pid ] || kill "$(cat agent.pid)" || true
}

at_the_bank() {
    stand_here "$BATS_TEST_TMPDIR/bank"
}

at_the_bureau() {
    stand_here "$BATS_TEST_TMPDIR/bureau"
}

# request CLAIM: from the bank to the bureau.
request() {
    at_the_bank
    yicang claim request "$1" --out bureau/request 2>/dev/null
}

# sign words...: at the bureau, the note ends up in `approval`.
sign() {
    at_the_bureau
    yicang approval sign bureau/request --card bureau/card --as sun.hao --yes --out approval "$@" 2>/dev/null
    at_the_bank
}

claim() {
    yicang claim show "$1" --format json | jq -r "$2"
}

@test "a claim is accepted elsewhere, recorded and paid" {
    request C1
    at_the_bureau
    run -0 --separate-stderr yicang approval show bureau/request --card bureau/card --format json
    [ "$(jq -r '[.claim, .loan, .filed_by, .days_overdue, .loss, .insurer, .fund, .bank, .loss_in_words]
        | map(tostring) | join(" ")' <<<"$output")" = \
        '1 1 zhou.yun 2 10000.00 7000.00 1500.00 1500.00 人民币壹万元整' ]
    [ "$(jq -r '[.parts.rows[] | .payer + " " + .amount] | join(" ")' <<<"$output")" = \
        'insurer 7000.00 fund 1500.00 bank 1500.00' ]
    sign --decision accept
    [ ! -e bureau/book ]
    run -0 yicang claim accept C1 --approval approval --as wang.li --dry-run
    [[ $output == *'nothing was written'* ]]
    run -0 --separate-stderr yicang claim accept C1 --approval approval --as wang.li --format json
    [ "$(jq -r .decided_by <<<"$output")" = sun.hao ]
    [ "$(claim C1 .status)" = accepted ]
    [ "$(claim C1 '.approvals.rows[0] | [.decision, .officer, .recorder] | join(" ")')" = 'accept sun.hao wang.li' ]
    yicang claim pay C1 --payer insurer --amount 7000 --as wang.li >/dev/null
    YICANG_KEYS=$PWD/bureau/keys yicang claim pay C1 --payer fund --amount 1500 --as sun.hao >/dev/null
    [ "$(claim C1 .status)" = paid ]
    run -0 yicang explain C1
    [[ $output == *'(claim.record-acceptance) on 2016-11-22 by sun.hao'* ]]
    run -0 yicang audit verify --card bank/card
    run -0 yicang audit log --type claim.record-acceptance --format json
    [ "$(jq -r '.body.in.approval | join("\n")' <<<"$output")" = "$(cat approval)" ]
}

@test "a claim is refused elsewhere, with the reason in the note" {
    request C2
    at_the_bureau
    refused 2 approval.reason approval sign bureau/request --card bureau/card --as sun.hao --yes --decision refuse
    sign --decision refuse --reason '材料不齐'
    refused 2 approval.reason claim refuse C2 --approval approval --reason other --as wang.li
    run -0 yicang claim refuse C2 --approval approval --as zhou.yun
    [ "$(claim C2 '[.status, .refused_by, .reason] | join(" ")')" = 'refused sun.hao 材料不齐' ]
    run -0 yicang audit verify --card bank/card
}

@test "the direct way stays, for each claim one of the two" {
    request C3
    sign --decision accept
    refused 2 usage.option-missing claim refuse C3 --as sun.hao
    YICANG_KEYS=$PWD/bureau/keys yicang claim refuse C3 --reason papers --as sun.hao >/dev/null
    refused 1 claim.status claim request C3
    refused 1 claim.status claim accept C3 --approval approval --as wang.li
    refused 1 staff.role-missing claim accept C3 --approval approval --as li.na
}

@test "an approval is for one claim, one decision, one time" {
    request C1
    sign --decision accept
    refused 1 approval.of-seq claim accept C2 --approval approval --as wang.li
    refused 1 approval.other-decision claim refuse C1 --approval approval --as wang.li
    yicang claim accept C1 --approval approval --as wang.li >/dev/null
    refused 1 approval.used claim accept C1 --approval approval --as wang.li
    refused 1 approval.used claim accept C2 --approval approval --as wang.li
}

@test "what was changed on the way is refused" {
    request C1
    sign --decision accept
    sed 's/"amount_minor":"1000000"/"amount_minor":"2000000"/' approval >changed
    refused 1 approval.signature claim accept C1 --approval changed --as wang.li
    sed 's/ledger-00000031/ledger-00000032/g' approval >changed
    refused 1 approval.other-log claim accept C1 --approval changed --as wang.li
    sed '$d' approval >changed
    refused 3 approval.malformed claim accept C1 --approval changed --as wang.li
    refused 3 approval.malformed claim accept C1 --approval bureau/request --as wang.li
    refused 3 input.not-read claim accept C1 --approval nothing --as wang.li
    [ "$(claim C1 .status)" = filed ]
}

@test "the officer's machine takes no request that the card does not prove" {
    request C1
    at_the_bureau
    sign_it() { refused "$1" "$2" approval sign "$3" --card bureau/card --as sun.hao --yes --decision accept; }
    sed '/^$/,$d' bureau/request >headless
    sign_it 3 receipt.malformed headless
    sed "s/^index .*/index 3/" bureau/request >moved
    sign_it 5 E_ROOT moved
    sed '/^— /!b; s/ \([^ ]*\)$/ AAAA\1/; s/\(.\{4\}\)$//' bureau/request >unsigned
    sign_it 5 E_CPSIG unsigned
    at_the_bank
    yicang audit prove --event 4 --out other 2>/dev/null
    at_the_bureau
    sign_it 3 approval.no-claim other
    sed 's/ledger-00000031/ledger-00000032/g' bureau/card >other-card
    refused 3 E_TRUST approval show bureau/request --card other-card
    refused 2 usage.option-missing approval show bureau/request
}

@test "the officer signs with the own key, what was read, and for a time" {
    request C1
    at_the_bureau
    local sign=(approval sign bureau/request --card bureau/card --decision accept)
    refused 2 usage.not-confirmed "${sign[@]}" --as sun.hao
    refused 2 staff.not-named "${sign[@]}" --yes
    refused 1 approval.own-claim "${sign[@]}" --yes --as zhou.yun
    refused 1 key.not-found "${sign[@]}" --yes --as qian.qi
    refused 2 approval.expiry "${sign[@]}" --yes --as sun.hao --expires 0
    refused 2 usage.unknown-choice approval sign bureau/request --card bureau/card --yes --as sun.hao --decision maybe
    sign --decision accept --expires 91
    refused 1 approval.expiry claim accept C1 --approval approval --as wang.li
}

@test "what was signed can be read again, and checked with the officer's verifier key" {
    local vkey
    request C1
    sign --decision accept --reason 如约 --expires 3
    vkey=$(YICANG_KEYS=$PWD/bureau/keys yicang key show sun.hao --format json | jq -r .vkey)
    at_the_bureau
    run -0 yicang approval show approval
    [[ $output == *'not checked'* ]]
    run -0 yicang approval show approval --vkey "$vkey" --format json
    [ "$(jq -r '[.decision, .officer, .reason, .amount, .signature] | join(" ")' <<<"$output")" = \
        'accept sun.hao 如约 10000.00 good' ]
    sed 's/如约/违约/' approval >changed
    refused 5 approval.signature approval show changed --vkey "$vkey"
}

@test "a key that is revoked meanwhile, and a duty that ended" {
    local vkey
    request C1
    sign --decision accept
    yicang staff revoke sun.hao --role bureau-officer --reason leave --as a.admin >/dev/null
    refused 1 staff.role-missing claim accept C1 --approval approval --as wang.li
    yicang staff grant sun.hao --role bureau-officer --as a.admin >/dev/null
    yicang claim accept C1 --approval approval --as wang.li --dry-run >/dev/null
    vkey=$(YICANG_KEYS=$PWD/bureau/keys yicang key show sun.hao --format json | jq -r .vkey)
    yicang staff revoke-key "$vkey" --reason lost --as a.admin >/dev/null
    refused 1 approval.key claim accept C1 --approval approval --as wang.li
}

@test "an officer who was shown another history holds the proof of it" {
    cp -r bank other
    request C1
    stand_here "$PWD/other"
    yicang day close --as wang.li >/dev/null
    yicang claim request C1 --out bureau/request 2>/dev/null
    sign --decision accept
    yicang day close --as wang.li >/dev/null
    yicang day close --as wang.li >/dev/null
    refused 5 approval.fork claim accept C1 --approval approval --as wang.li
    # The head in what the officer was asked is signed by the log: kept, it shows the fork to every auditor.
    mkdir kept
    sed '1,/^$/d' bureau/request >kept/request
    run -1 --separate-stderr yicang audit verify --card bank/card --kept kept --format json
    [[ $(jq -r '[.rows[].code] | join(" ")' <<<"$output") == *E_FORK* ]]
}

@test "the key of the officer may stand behind an ssh-agent, and then nothing is signed without it" {
    local agent=$BATS_TEST_TMPDIR/agent.sock
    ssh-agent -D -a "$agent" >agent.out 2>&1 3>&- &
    echo $! >agent.pid
    for _ in {1..500}; do [ -S "$agent" ] || sleep 0.02; done
    ssh-keygen -q -t ed25519 -N '' -f k1
    SSH_AUTH_SOCK=$agent ssh-add -q k1
    mv "bureau/keys/$ledger/sun.hao.key" "bank/keys/$ledger"
    SSH_AUTH_SOCK=$agent yicang key rotate sun.hao --agent
    mv "bank/keys/$ledger/sun.hao.key" "bureau/keys/$ledger"
    request C1
    SSH_AUTH_SOCK=$agent sign --decision accept
    yicang claim accept C1 --approval approval --as wang.li
    [ "$(claim C1 .status)" = accepted ]
    run -0 yicang audit verify --card bank/card
    kill "$(cat agent.pid)"
    rm agent.pid
    rm bureau/request
    request C2
    at_the_bureau
    SSH_AUTH_SOCK=$agent refused 1 agent.not-running approval sign bureau/request --card bureau/card \
        --as sun.hao --yes --decision accept --out second
    [ ! -e second ]
}
