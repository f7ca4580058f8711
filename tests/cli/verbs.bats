#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets output
# What the commands of a book in use print: for people in their language, for programs the same in
# both. One book for the file: L1 repaid in part on 2016-11-20, L2 paid out, L3 applied for.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml

stand_here() {
    export YICANG_BOOK=$1/book YICANG_KEYS=$1/keys XDG_RUNTIME_DIR=$1/run
}

hire() {
    local key
    key=$(yicang staff key "$1" --new --format json)
    yicang staff add "$1" --role "$2" --office test --vkey "$(jq -r .vkey <<<"$key")" \
        --pop "$(jq -r .pop <<<"$key")" --as a.admin
}

setup_file() {
    stand_here "$BATS_FILE_TMPDIR"
    mkdir -m 700 "$BATS_FILE_TMPDIR/run"
    yicang book init "$YICANG_BOOK" --origin demo.invalid/ledger-00000005 --name Test \
        --opening-day 2016-10-20 --policy "$policy" --admins a.admin
    hire clerk.one clerk
    hire check.one approver
    hire officer.one bureau-officer
    hire risk.one risk-officer
    yicang fund open --amount 1000000 --as officer.one
    local number loan=1
    for number in 51000019900101123X 510000198003020020 510000198003030034; do
        yicang household add --area-code 510000 --village 一组 --status registered --head 张三丰 \
            --id-no "$number" --as clerk.one
        yicang loan apply --household H$loan --purpose breeding --term-months 12 --rate 4.35% \
            --amount 40000 --as clerk.one
        loan=$((loan + 1))
    done
    for loan in L1 L2; do
        yicang loan approve $loan --as check.one
        yicang loan disburse $loan --as clerk.one
    done
    yicang day close --through 2016-11-19 --as clerk.one
    yicang loan repay L1 --amount 10000 --as clerk.one
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export HOME=$BATS_TEST_TMPDIR
    stand_here "$BATS_FILE_TMPDIR"
}

# same_json words...: the command's JSON says the same whatever the language; titles are for people
same_json() {
    diff <(yicang --lang en "$@" --format json | jq 'del(.. | .title?)') \
        <(yicang --lang zh "$@" --format json | jq 'del(.. | .title?)')
}

@test "JSON does not depend on the language" {
    same_json fund status
    same_json loan list
    same_json loan show L1
    same_json staff list
    same_json report list
    same_json loan statement L1
    same_json loan repay L1 --amount 1000 --dry-run --as clerk.one --command-id "$(printf '0%.0s' {1..32})"
    [ "$(yicang fund status --lang zh --format json | jq -c '[.rows[] | [.figure, .amount]]')" = \
        '[["special_account","1000000.00"],["claims_payable","0.00"],["reserved","0.00"],["free_balance","1000000.00"]]' ]
}

@test "what a command did reads well in both languages" {
    run -0 yicang --lang en loan repay L1 --amount 31000 --dry-run --as clerk.one
    [[ $output == *"principal: 30,000.00"* && $output == *"status: closed"* ]]
    [[ $output == *"1303-01 loans, normal"* && $output != *loans-normal* ]]
    run -0 yicang --lang zh loan repay L1 --amount 31000 --dry-run --as clerk.one
    [[ $output == *"本金: 30,000.00"* && $output == *"状态: 已结清"* ]]
    [[ $output == *"银行账 还款"* && $output == *"1303-01 贷款—正常"* ]]
    # no member of the event shows under its bare name
    [ "$(grep -cE '^[a-z_]+:' <<<"$output")" -eq 0 ]
}

@test "report list names every report, and each of them runs" {
    local name
    run -0 yicang --lang zh report list
    [[ $output == *"trial-balance"*"科目余额表"* ]]
    for name in $(yicang report list --format json | jq -r '.rows[].report'); do
        case $name in
            borrower-statement) yicang report "$name" L1 >/dev/null ;;
            *) yicang report "$name" >/dev/null ;;
        esac
    done
    [ "$(yicang report list --format json | jq '.rows | length')" -eq 5 ]
}

@test "a loan's statement is the borrower's statement" {
    diff <(yicang loan statement L1 --format csv) <(yicang report borrower-statement L1 --format csv)
    diff <(yicang loan statement L1 --as-of 2016-10-20 --format csv) \
        <(yicang report borrower-statement L1 --as-of 2016-10-20 --format csv)
}

@test "the trial balance of a period opens with what was there" {
    local row='.rows[] | select(.code == "1303-01") |
        [.opening_debit, .debit, .credit, .debit_balance] | join(" ")'
    [ "$(yicang report trial-balance --from 2016-11-01 --format json | jq -r "$row")" = \
        '80000.00 0.00 10000.00 70000.00' ]
    [ "$(yicang report trial-balance --format json | jq -r "$row")" = ' 80000.00 10000.00 70000.00' ]
    refused 1 report.period report trial-balance --from 2016-11-02 --as-of 2016-11-01
}
