#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # run sets output; each test is a subshell
# What the commands of a book in use print: for people in their language, for programs the same in
# both. One book for the file: L1 repaid in part on 2016-11-20, L2 paid out, L3 applied for.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml

setup_file() {
    begin_book "$BATS_FILE_TMPDIR" 00000005 "$policy"
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
    yicang loan repay L1 --amount 10000 --as clerk.one --format json | jq .event \
        >"$BATS_FILE_TMPDIR/event"
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
        '[["special_account","1000000.00"],["claims_payable","0.00"],["advances_payable","0.00"],["advances_receivable","0.00"],["reserved","0.00"],["free_balance","1000000.00"]]' ]
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

@test "what a command did is told in the order in which people read it" {
    run -0 yicang --lang en loan repay L1 --amount 31000 --dry-run --as clerk.one
    [ "$(sed -n 's/^\(repayment\|status\|interest\|penalty\|overpaid\|principal\):.*/\1/p' <<<"$output" |
        paste -s -d ' ')" = 'repayment status principal interest penalty overpaid' ]
}

@test "the premium's claim and the subsidy's are none of the fund's" {
    run -0 yicang --lang en premium claim --through 2016-11-20 --dry-run --as clerk.one
    [[ $output == *"premium claim: 1"* ]]
    run -0 yicang --lang zh premium claim --through 2016-11-20 --dry-run --as clerk.one
    [[ $output == *"保费申请: 1"* && $output != *"补偿申请"* ]]
    cp -r "$BATS_FILE_TMPDIR"/{book,book.keys,keys,run} .
    stand_here "$BATS_TEST_TMPDIR"
    yicang day close --through 2016-12-20 --as clerk.one
    run -0 yicang --lang zh subsidy claim --through 2016-12-20 --dry-run --as clerk.one
    [[ $output == *"贴息申请: 1"* && $output != *"补偿申请"* ]]
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
    [ "$(yicang report list --format json | jq '.rows | length')" -eq 6 ]
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

# receipt EVENT: as JSON
receipt() {
    yicang loan receipt "$1" --format json
}

@test "a repayment has a receipt that says the same when printed again" {
    # 10,000.00 before any interest was settled: all of it is principal
    local event=$BATS_FILE_TMPDIR/event
    [ "$(receipt "$(cat "$event")" | jq -r '.rows | map(.item + " " + .amount) | join(", ")')" = \
        'principal 10000.00' ]
    [ "$(receipt "$(cat "$event")" | jq -r '.remarks | .sum + " " + .sum_in_words + " " + .unpaid')" = \
        '10000.00 人民币壹万元整 30000.00' ]
    diff <(receipt "$(cat "$event")") <(receipt "$(cat "$event")")
    run -0 yicang --lang zh loan receipt "$(cat "$event")"
    [[ $output == *贷款还款凭证*"L1  张**"* && $output == *人民币壹万元整* ]]
    [[ $output != *张三丰* ]]
    [ "$(receipt "$(cat "$event")" | jq -r .remarks.leaf)" = \
        "$(sqlite3 "$YICANG_BOOK/book.db" "SELECT lower(substr(hex(leaf_hash), 1, 16)) FROM event
            WHERE seq = $(cat "$event")")" ]
}

@test "a receipt prints on A5 or A4, and other events have none" {
    local event
    event=$(cat "$BATS_FILE_TMPDIR/event")
    yicang --lang zh loan receipt "$event" --format html | grep -q 'size:A5 landscape'
    yicang --lang zh loan receipt "$event" --format html --paper a4 | grep -q 'size:A4 portrait'
    yicang --lang zh loan receipt "$event" --format html | grep -q '借款人（签字）'
    refused 1 loan.no-receipt loan receipt 0
    refused 1 loan.no-event loan receipt 100000
    [ "$(receipt "$(sqlite3 "$YICANG_BOOK/book.db" 'SELECT seq FROM loan_contract WHERE loan_id = 2')" |
        jq -r '.rows[0].item + " " + .remarks.sum_in_words')" = 'payout 人民币肆万元整' ]
}

@test "what closes a loan closes it, and one fen less does not" {
    # 31 days at 40,000.00, then 10,000.00 came back; on 2016-12-20 another 30 at 30,000.00:
    # (40,000 x 31 + 30,000 x 30) x 4.35 % / 360 = 258.5833..., borne by the subsidy of 5 %.
    local rows
    rows=$(yicang loan payoff L1 --on 2016-12-20 --format json)
    [ "$(jq -r '.rows[0] | .formula' <<<"$rows")" = \
        '(40,000.00 × 31 + 30,000.00 × 30) × 4.35% ÷ 360 = 258.58' ]
    [ "$(jq -r '.rows[0] | [.days, .subsidy, .amount] | map(tostring) | join(" ")' <<<"$rows")" = \
        '61 258.58 0.00' ]
    [ "$(jq -r '.remarks.sum' <<<"$rows")" = 30000.00 ]
    [[ $(yicang --lang en loan repay L1 --amount 30000 --dry-run --as clerk.one) == *"status: closed"* ]]
    [[ $(yicang --lang en loan repay L1 --amount 29999.99 --dry-run --as clerk.one) != *"status: closed"* ]]
    refused 1 loan.payoff-too-far loan payoff L1 --on 2016-12-21
    refused 1 loan.payoff-past loan payoff L1 --on 2016-11-19
    refused 1 loan.not-paid-out loan payoff L3
}

@test "a penalty is on the payoff and on the receipt with its formula" {
    # Due 2017-10-20, nothing paid until 2017-12-20: 40,000.00 x 61 x 4.35 % x 150 % / 360 = 442.25;
    # the subsidy bore all interest until maturity.
    cp -r "$YICANG_BOOK" "$YICANG_BOOK.keys" "$YICANG_KEYS" .
    export YICANG_BOOK=$PWD/book YICANG_KEYS=$PWD/keys
    yicang day close --through 2017-12-19 --as clerk.one
    local formula='40,000.00 × 61 × 4.35% × 150% ÷ 360 = 442.25' event
    [ "$(yicang loan payoff L2 --format json | jq -r '.rows[0] | .item + " " + .formula')" = \
        "penalty $formula" ]
    [ "$(yicang loan payoff L2 --format json | jq -r .remarks.sum)" = 40442.25 ]
    event=$(yicang loan repay L2 --amount 40500 --as clerk.one --format json | jq .event)
    [ "$(receipt "$event" | jq -r '.rows | map(.item + " " + .amount) | join(", ")')" = \
        'penalty 442.25, principal 40000.00, overpayment 57.75' ]
    [ "$(receipt "$event" | jq -r '.rows[0] | [.from, .upto, .formula] | join(" ")')" = \
        "2017-10-20 2017-12-20 $formula" ]
    [ "$(receipt "$event" | jq -r .remarks.sum_in_words)" = 人民币肆万零伍佰元整 ]

    # The other is claimed, refused, and says why.
    yicang day close --through 2018-01-21 --as clerk.one
    yicang claim open L1 --as risk.one
    yicang claim refuse C1 --reason 'papers missing' --as officer.one
    local claim
    claim=$(yicang claim show C1 --format json)
    [ "$(jq -r '[.status, .loss, .refused_by, .reason, .filed_by, .outcome] | join("|")' <<<"$claim")" = \
        'refused|30000.00|officer.one|papers missing|risk.one|warn' ]
    # 70 % of 30,000.00; half of the other 9,000.00
    [ "$(jq -r '.shares.rows | map(.payer + " " + .share) | join(", ")' <<<"$claim")" = \
        'insurer 21000.00, fund 4500.00, bank 4500.00' ]
    [ "$(jq -r '.history.rows | map(.status) | join(" ")' <<<"$claim")" = 'filed refused' ]
    [ "$(jq -r '.rules.rows | map(.rule) | join(" ")' <<<"$claim")" = \
        'claim_after_days loss loss loss recovery recovery' ]
    same_json claim show C1
    refused 1 claim.not-found claim show C2
}

@test "a household with its people, its standing and what it may still borrow" {
    yicang person add H2 --relation spouse --name 李四 --id-no 510000198003040048 --as clerk.one
    yicang household register H2 --status lifted --from 2016-11-01 --as clerk.one
    local household
    household=$(yicang household show H2 --format json)
    [ "$(jq -r '[.status, .unpaid, .approved, .limit_left, .limit_left_micro, .covered_left] | join(" ")' \
        <<<"$household")" = 'lifted 40000.00 0.00 10000.00 60000.00 10000.00' ]
    [ "$(jq -r '.persons.rows | map(.relation + " " + .name + " " + .id_no) | join(", ")' \
        <<<"$household")" = 'head 张** 510***********0020, spouse 李** 510***********0048' ]
    [ "$(jq -r '.history.rows | map(.from + " " + .status) | join(", ")' <<<"$household")" = \
        '2016-10-20 registered, 2016-11-01 lifted' ]
    [ "$(jq -r '.loans.rows[0] | [.status, .unpaid] | join(" ")' <<<"$household")" = 'normal 40000.00' ]
    same_json household show H2
    run -0 yicang --lang zh household show H2
    [[ $output == *户主*配偶* && $output == *"剩余额度（农户贷款）: 10,000.00"* ]]
    refused 1 household.not-found household show H9
    refused 1 person.id-number-known person add H1 --relation child --name 李五 \
        --id-no 510000198003040048 --as clerk.one
}

@test "a preview holds what the claim then holds, and writes nothing" {
    cp -r "$YICANG_BOOK" "$YICANG_BOOK.keys" "$YICANG_KEYS" .
    export YICANG_BOOK=$PWD/book YICANG_KEYS=$PWD/keys
    yicang day close --through 2016-12-20 --as clerk.one
    local noun events
    events=$(yicang book info --format json | jq .events)
    # 40,000.00 x 62 days and (40,000.00 x 31 + 30,000.00 x 31), both at 4.35 % / 360; 1.5 % of 80,000.00
    [ "$(yicang subsidy preview --through 2016-12-20 --format json |
        jq -r '(.rows | map("L" + (.loan | tostring) + " " + .amount) | join(", ")) + " = " + .totals.amount')" = \
        'L1 262.21, L2 299.67 = 561.88' ]
    [ "$(yicang premium preview --through 2016-12-20 --format json | jq -r .totals.amount)" = 1200.00 ]
    [ "$(yicang book info --format json | jq .events)" = "$events" ]
    for noun in subsidy premium; do
        local amount
        amount=$(yicang $noun preview --through 2016-12-20 --format json | jq -r .totals.amount)
        [ "$(yicang $noun claim --through 2016-12-20 --as clerk.one --format json | jq -r .amount)" = "$amount" ]
        [ "$(yicang $noun preview --through 2016-12-20 --format json | jq -c .rows)" = '[]' ]
    done
    refused 1 date.future subsidy preview --through 2016-12-22
}

@test "closing several days counts the loans with something due on all of them" {
    cp -r "$YICANG_BOOK" "$YICANG_BOOK.keys" "$YICANG_KEYS" .
    export YICANG_BOOK=$PWD/book YICANG_KEYS=$PWD/keys
    local answer
    # Both loans are settled on 20 December; the other 32 days have nothing due.
    answer=$(yicang day close --through 2016-12-22 --as clerk.one --format json)
    [ "$(jq -r '[.loans, .days, .open_day] | join(" ")' <<<"$answer")" = '2 33 2016-12-23' ]
    # A dry run shows the first day alone, and says so.
    answer=$(yicang day close --through 2017-03-20 --as clerk.one --dry-run --format json)
    [ "$(jq -r '[.dry_run, .loans, .days, .open_day] | map(tostring) | join("|")' <<<"$answer")" = \
        'nothing was written|0|1|2016-12-24' ]
}
