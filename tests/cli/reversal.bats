#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets output
# A payment is undone on the command line: what is printed in both languages, and what is refused.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml

# A loan of 50,000.00 without subsidy, on which 374.58 of interest is due and 37,458.00 were booked: the
# event of the payment is $paid. 50,000 x 4.35 % / 360 x 62 days = 374.58.
loan_with_a_wrong_payment() {
    begin_book "$PWD" 00000023 "$policy"
    hire clerk.one clerk
    hire check.one approver
    hire boss.one manager
    yicang household add --area-code 510000 --village 一组 --status none --head 张三丰 \
        --id-no 51000019900101123X --as clerk.one
    yicang loan apply --household H1 --purpose breeding --term-months 12 --rate 4.35% \
        --amount 50000 --as clerk.one
    yicang loan approve L1 --as check.one
    yicang loan disburse L1 --as clerk.one
    yicang day close --through 2016-12-20 --as clerk.one
    paid=$(yicang loan repay L1 --amount 37458 --as clerk.one --format json | jq .event)
}

propose() {
    yicang loan reverse "$1" --reason 'it was 374.58' --as clerk.one --format json | jq .event
}

# printed LANGUAGE words...: what a preview prints, without spaces at the ends of lines.
printed() {
    local language=$1
    shift
    yicang --lang "$language" "$@" --dry-run --command-id 00112233445566778899aabbccddeeff | sed 's/ *$//'
}

@test "a reversal is shown before it is done, in both languages" {
    loan_with_a_wrong_payment
    proposal=$(propose "$paid")
    printed en loan approve-reversal "$proposal" --as check.one >en.txt
    diff - en.txt <<END
dry run: nothing was written
command id: 00112233445566778899aabbccddeeff
date: 2016-12-21
repayment: 1
undone is event: $paid
next day on which something is due: 2016-12-22
amount: 37,458.00

Entries
as of 2016-12-21  amounts in yuan

book  kind               account                      debit    credit
bank  repayment reversed 1002 bank money                    37,458.00
bank  repayment reversed 1132 interest receivable    374.58
bank  repayment reversed 1303-01 loans, normal    37,083.42
total                                             37,458.00 37,458.00
END
    printed zh loan approve-reversal "$proposal" --as check.one >zh.txt
    diff - zh.txt <<END
试运行: 未写入任何内容
指令编号: 00112233445566778899aabbccddeeff
日期: 2016-12-21
还款编号: 1
被冲正的事件号: $paid
下一个处理日: 2016-12-22
金额: 37,458.00

会计分录
截至 2016-12-21  金额单位：元

账簿   事项     科目                   借方      贷方
银行账 冲正还款 1002 银行存款               37,458.00
银行账 冲正还款 1132 应收利息        374.58
银行账 冲正还款 1303-01 贷款—正常 37,083.42
合计                              37,458.00 37,458.00
END
}

@test "loan show, receipt and statement say what was undone, in both languages" {
    loan_with_a_wrong_payment
    undone=$(yicang loan approve-reversal "$(propose "$paid")" --as check.one --format json | jq .event)
    yicang --lang en loan show L1 >en.txt
    grep -qx 'postings undone: 1' en.txt
    grep -qx 'interest due: 374.58' en.txt
    yicang --lang zh loan show L1 >zh.txt
    grep -qx '已冲正笔数: 1' zh.txt
    yicang --lang en loan receipt "$paid" | grep -E '^(UNDONE|undone) ' | tr -s ' ' >en.txt
    diff - en.txt <<END
UNDONE in event $undone
undone on 2016-12-21
END
    yicang --lang zh loan receipt "$paid" | grep 冲正 | tr -s ' ' >zh.txt
    diff - zh.txt <<END
已冲正，冲正事件号 $undone
冲正日期 2016-12-21
END
    # The slip of the reversal: the parts that are taken back, and what is owed again.
    yicang loan receipt "$undone" --format json >slip.json
    jq -r '.rows | map(.item + " " + .amount) | join(", ")' slip.json >parts.txt
    diff - parts.txt <<<'interest 374.58, principal 37083.42'
    jq -r '.remarks | [.sum, .unpaid, (.undoes | tostring), .staff] | join(" ")' slip.json >remarks.txt
    diff - remarks.txt <<<"37458.00 50000.00 $paid check.one"
    yicang --lang zh loan receipt "$undone" | head -1 | grep -q '^贷款还款冲正凭证 '
    yicang --lang en loan receipt "$undone" | head -1 | grep -q '^Reversal of a payment '
    yicang --lang en loan statement L1 --format csv | tail -3 | tr -d '\r' >statement.csv
    diff - statement.csv <<END
2016-12-21,2016-12-21,bank,2016-4,repayment-reversed,1002,bank-money,,37458.00,,2016-3
2016-12-21,2016-12-21,bank,2016-4,repayment-reversed,1132,interest-receivable,374.58,,,2016-3
2016-12-21,2016-12-21,bank,2016-4,repayment-reversed,1303-01,loans-normal,37083.42,,50374.58,2016-3
END
}

@test "what cannot be undone is refused with the reason, and nothing is written" {
    loan_with_a_wrong_payment
    local before
    before=$(standing)
    refused 2 usage.option-missing loan reverse "$paid" --as clerk.one
    refused 1 staff.role-missing loan reverse "$paid" --reason wrong --as check.one
    refused 1 reversal.no-event loan reverse 9999 --reason wrong --as clerk.one
    refused 1 reversal.other-kind loan reverse 2 --reason wrong --as clerk.one
    refused 1 reversal.no-proposal loan approve-reversal "$paid" --as check.one
    refused 1 reversal.no-event loan refuse-reversal 9999 --reason no --as check.one
    diff <(echo "$before") <(standing)
    proposal=$(propose "$paid")
    refused 1 duty.pending loan reverse "$paid" --reason again --as boss.one
    refused 1 staff.role-missing loan approve-reversal "$proposal" --as clerk.one
    yicang loan refuse-reversal "$proposal" --reason 'show the slip' --as check.one
    refused 1 reversal.decided loan approve-reversal "$proposal" --as check.one
    proposal=$(yicang loan reverse "$paid" --reason wrong --as boss.one --format json | jq .event)
    refused 1 duty.same-person loan approve-reversal "$proposal" --as boss.one
    undone=$(yicang loan approve-reversal "$proposal" --as check.one --format json | jq .event)
    refused 1 reversal.done loan reverse "$paid" --reason again --as clerk.one
    refused 1 reversal.of-reversal loan reverse "$undone" --reason again --as clerk.one
    first=$(yicang loan repay L1 --amount 100 --as clerk.one --format json | jq .event)
    second=$(yicang loan repay L1 --amount 100 --as clerk.one --format json | jq .event)
    refused 1 reversal.later loan reverse "$first" --reason wrong --as clerk.one
    run --separate-stderr yicang --lang en loan reverse "$first" --reason wrong --as clerk.one
    diff - <(printf '%s\n' "$stderr") <<END
yicang: event $second (payment of the borrower) rests on event $first [reversal.later]
  limit: an event is undone while nothing rests on it
  next: have event $second undone first
END
    run --separate-stderr yicang --lang zh loan reverse "$first" --reason wrong --as clerk.one
    diff - <(printf '%s\n' "$stderr") <<END
yicang: 事件 $second（还款）以事件 $first 为依据 [reversal.later]
  限制: 没有后续事项以它为依据时，方可冲正
  下一步: 请先冲正事件 $second
END
}
