#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets output
# Demands for payment and inspections on the command line, and the claim that needs them.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/fund-80-bank-20.yaml

# 50,000 for three months, due on 2017-01-20 and not paid; the open day is 2017-04-20, 90 days later.
lend() {
    begin_book "$PWD" 00000012 "$policy"
    hire clerk.one clerk
    hire check.one approver
    hire officer.one bureau-officer
    hire risk.one risk-officer
    yicang fund open --amount 1000000 --as officer.one
    yicang household add --area-code 510000 --village 一组 --status registered --head 张三丰 \
        --id-no 51000019900101123X --as clerk.one
    yicang loan apply --household H1 --purpose breeding --term-months 3 --rate 4.35% \
        --amount 50000 --as clerk.one
    yicang loan approve L1 --as check.one
    yicang loan disburse L1 --as clerk.one
    yicang day close --through 2017-04-19 --as clerk.one
}

@test "demands and inspections are shown with the loan, in both languages" {
    lend
    id=(--command-id "$(printf '0%.0s' {1..32})")
    yicang --lang en loan dun L1 --number 2017-7 --delivery left --on 2017-02-01 --as clerk.one \
        "${id[@]}" | tail -n +2 >dun.txt
    diff - dun.txt <<'TEXT'
command id: 00000000000000000000000000000000
date: 2017-04-20
notice: 1
number of the notice: 2017-7
done on: 2017-02-01
overdue since: 2017-01-20
TEXT
    yicang --lang zh loan inspect L1 --finding otherwise --note 办了婚宴 --dry-run --as clerk.one --command-id \
        "$(printf '1%.0s' {1..32})" | tail -n +2 >inspect.txt
    diff - inspect.txt <<'TEXT'
指令编号: 11111111111111111111111111111111
日期: 2017-04-20
检查: 1
办理日期: 2017-04-20
检查结论: 挪作他用
说明: 办了婚宴
下一个处理日: 2017-04-20
逾期起始日: 2017-01-20
TEXT
    yicang loan inspect L1 --finding otherwise --note 办了婚宴 --on 2017-01-10 --as clerk.one
    yicang --lang en loan show L1 | tail -13 >shown.txt
    diff - shown.txt <<'TEXT'
Demands for payment
as of 2017-04-20

notice number day        delivered        recorded by event
     1 2017-7 2017-02-01 left at the door clerk.one     194

limitation of the claim runs out on  2020-02-01

Inspections after the payout
as of 2017-04-20

inspection day        finding        note     recorded by event
         1 2017-01-10 used otherwise 办了婚宴 clerk.one     195
TEXT
    yicang --lang zh loan show L1 --format json >shown.json
    [ "$(jq -r .notices.remarks.limitation_expires shown.json)" = 2020-02-01 ] # three years after the demand
    jq -c '[.notices.rows[] | [.notice, .number, .day, .delivery]]' shown.json >rows.txt
    jq -c '[.inspections.rows[] | [.inspection, .day, .finding, .note]]' shown.json >>rows.txt
    diff - rows.txt <<'ROWS'
[[1,"2017-7","2017-02-01","left"]]
[[1,"2017-01-10","otherwise","办了婚宴"]]
ROWS
    yicang audit card --new-export-key --out card
    yicang audit verify --card card
    sqlite3 book/book.db "SELECT count(*) FROM loan_dun JOIN loan_inspection USING (loan_id)" | grep -qx 1
    run ! sqlite3 book/book.db "UPDATE loan_dun SET day = day - 1"
    run ! sqlite3 book/book.db "DELETE FROM loan_inspection"
}

@test "what a demand or an inspection may not say leaves nothing behind" {
    lend
    yicang loan dun L1 --number 1 --delivery post --as clerk.one
    before=$(standing)
    dun=(loan dun L1 --number 2 --delivery post --as clerk.one)
    look=(loan inspect L1 --finding as-applied --as clerk.one)
    refused 1 loan.dun-early "${dun[@]}" --on 2017-01-20
    refused 1 loan.dun-late "${dun[@]}" --on 2017-04-21
    refused 1 loan.dun-number loan dun L1 --number 1 --delivery phone --as clerk.one
    refused 1 loan.inspection-early "${look[@]}" --on 2016-10-19
    refused 1 loan.inspection-late "${look[@]}" --on 2017-04-21
    refused 1 loan.inspection-note loan inspect L1 --finding otherwise --as clerk.one
    refused 1 staff.role-missing loan dun L1 --number 2 --delivery post --as risk.one
    refused 1 staff.role-missing loan inspect L1 --finding as-applied --as check.one
    refused 2 usage.unknown-choice loan dun L1 --number 2 --delivery pigeon --as clerk.one
    refused 2 usage.unknown-choice loan inspect L1 --finding maybe --as clerk.one
    refused 2 text.too-long loan dun L1 --number "$(printf '7%.0s' {1..65})" --delivery post --as clerk.one
    diff <(standing) - <<<"$before"
}

@test "a claim shows the demands and inspections it rests on" {
    lend
    refused 1 claim.too-few-demands claim open L1 --as risk.one
    yicang loan dun L1 --number 1 --delivery in-person --on 2017-01-25 --as clerk.one
    yicang loan dun L1 --number 2 --delivery post --on 2017-03-01 --as clerk.one
    yicang loan inspect L1 --finding as-applied --on 2016-12-20 --as clerk.one
    yicang claim open L1 --as risk.one
    yicang claim show C1 --format json >claim.json
    jq -c '[.outcome, .notices.rows[].number, .inspections.rows[].finding]' claim.json >claim.txt
    diff - claim.txt <<<'["pass","1","2","as-applied"]'
    yicang --lang en explain C1 >explained.txt
    grep -q 'demands for payment since overdue' explained.txt
    grep -q 'money used as applied for' explained.txt
}
