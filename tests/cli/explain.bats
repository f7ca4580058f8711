#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # run sets output; each test is a subshell
# `explain`: why a loan, a payout, a claim and a recovery came out as they did. One book for the file:
# L1 of 40,000.03 runs from 2016-10-20 and is never repaid; L2 is applied for by somebody of 70 years.
#
# By hand: overdue since the unpaid day, 2017-10-20, so 94 days on 2018-01-22. Of the loss of 40,000.03
# the insurer bears 70 %, 28,000.021, so 28,000.02; of the rest, 12,000.01, the fund half, 6,000.005, so
# 6,000.00; the bank 6,000.01. Of 10,000.00 that come back the insurer gets 10,000 x 28,000.02 /
# 40,000.03 = 6,999.9997, so 6,999.99; of what is left, 3,000.01, the fund 3,000.01 x 6,000.00 / 12,000.01
# = 1,500.0037, so 1,500.00; the bank 1,500.01.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml

# event words...: the number of the event that the command writes
event() {
    yicang "$@" --format json | jq .event
}

setup_file() {
    begin_book "$BATS_FILE_TMPDIR" 00000009 "$policy"
    hire clerk.one clerk
    hire check.one approver
    hire officer.one bureau-officer
    hire risk.one risk-officer
    yicang fund open --amount 1000000 --as officer.one
    local number loan=1
    for number in 51000019900101123X 510000194603030072; do
        yicang household add --area-code 510000 --village 一组 --status registered --head 张三丰 \
            --id-no "$number" --as clerk.one
        event loan apply --household H$loan --purpose breeding --term-months 12 --rate 4.35% \
            --amount 40000.03 --as clerk.one >"$BATS_FILE_TMPDIR/applied-$loan"
        loan=$((loan + 1))
    done
    event loan approve L1 --as check.one >"$BATS_FILE_TMPDIR/approved"
    event loan disburse L1 --as clerk.one >"$BATS_FILE_TMPDIR/paid"
    yicang day close --through 2018-01-21 --as clerk.one
    event claim open L1 --as risk.one >"$BATS_FILE_TMPDIR/filed"
    yicang day close --as clerk.one
    event claim accept C1 --as officer.one >"$BATS_FILE_TMPDIR/accepted"
    event recovery record C1 --amount 10200 --costs 200 --as clerk.one >"$BATS_FILE_TMPDIR/recovered"
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export HOME=$BATS_TEST_TMPDIR
    stand_here "$BATS_FILE_TMPDIR"
}

seq_of() {
    cat "$BATS_FILE_TMPDIR/$1"
}

# says text words...: the command prints exactly this
says() {
    local want=$1
    shift
    diff <(printf '%s\n' "$want") <(yicang --lang "$@")
}

@test "the result of an application is its outcome and what does not hold" {
    says "Event $(seq_of applied-2): loan application (loan.apply) on 2016-10-20 by clerk.one

eligibility 2016-10-20 (county-pilot): passed with a warning
- age-out-of-range: does not hold (warning): The borrower is younger or older than usual.
Asked again with what is on record: the same.

lending 2016-10-20 (county-pilot): passed
Asked again with what is on record: the same." en explain "$(seq_of applied-2)" --depth result
}

@test "the steps are the values of every part, the clauses say where they come from" {
    yicang --lang en explain "$(seq_of applied-2)" >steps.txt
    grep -qx '    applicant_age (age of the borrower): 70 years' steps.txt
    grep -qx '    age_max (highest age): 65 years' steps.txt
    grep -qx '    household_limit - household_balance - household_approved: 50000 yuan' steps.txt
    grep -qx '    amount <= household_limit - household_balance - household_approved: yes' steps.txt
    run ! grep -q clause steps.txt
    yicang --lang en explain "$(seq_of applied-2)" --depth clauses >clauses.txt
    grep -q '^    clause (from 2016-01-01): ' clauses.txt
    grep -q '^- household_limit (household limit): 50000 yuan (from 2016-01-01): County scheme: a household borrows' clauses.txt
    diff <(yicang --lang en explain "$(seq_of applied-2)" --depth steps) steps.txt
}

@test "in Chinese facts have titles, and values, units and words are Chinese; expressions stay as written" {
    yicang --lang zh explain "$(seq_of applied-2)" --depth clauses >zh.txt
    grep -qx '    applicant_age（借款人年龄）: 70 岁' zh.txt
    grep -qx '    age_max（最高年龄）: 65 岁' zh.txt
    grep -qx '    applicant_age between age_min and age_max: 否' zh.txt
    grep -qx '    product（贷款品种）: 农户贷款' zh.txt
    grep -qx '    product = household: 是' zh.txt
    grep -qx '    purpose（贷款用途）: 养殖业' zh.txt
    grep -qx '    term（贷款期限）: 12 个月' zh.txt
    grep -qx '    amount（本笔金额）: 40000.03 元' zh.txt
    grep -q '^- household_limit（农户贷款限额）: 50000 元 (起用日 2016-01-01): 本县试点办法：每户可借5万元以内' zh.txt
    grep -qx '    依据 (起用日 2016-01-01): 银监发〔2017〕42号：3年期以内。' zh.txt
    run ! grep -Eq '(依据|起用日).*(scheme|practice|Assumed|rule)' zh.txt
    run ! grep -Eq ': (yes|no|[0-9.]+ (yuan|days?|months?|years?))( |$)' zh.txt
    # what programs read, and what the log holds, is the same in both
    diff <(yicang --lang zh explain "$(seq_of applied-2)" --depth clauses --format json) \
        <(yicang --lang en explain "$(seq_of applied-2)" --depth clauses --format json)
    [[ $(yicang --lang zh explain "$(seq_of applied-2)" --format json |
        jq -r '.parts.rows[] | select(.part == "purpose") | .value') == breeding ]]
}

@test "a loss is explained step by step, in both languages" {
    yicang --lang en explain "$(seq_of filed)" --depth steps | sed -n '/^Loss/,$p' >en.txt
    diff - en.txt <<'TEXT'
Loss of 40000.03, shared by the rules of 2018-01-22
- insurer 70% of loss: of 40000.03 are 28000.02, bears 28000.02
- fund 50% of rest, at most its free balance: of 12000.01 are 6000.00, bears 6000.00
- bank the remainder: bears 6000.01
insurer: 28000.02
fund: 6000.00
bank: 6000.01
Asked again with what is on record: the same.
TEXT
    yicang --lang zh explain "$(seq_of filed)" --depth steps >zh.txt
    diff - zh.txt <<TEXT
事件 $(seq_of filed)：2018-01-22 由 risk.one 办理 申请补偿（claim.open）

补偿申请审查 2018-01-22 (county-pilot): 通过（有提示）
- not-yet-overdue-long-enough: 符合
    days_overdue（逾期天数）: 94 天
    claim_after_days（申请补偿的逾期天数）: 90 天
    days_overdue >= claim_after_days: 是
- nothing-covered: 符合
    covered_unpaid（未还的纳入补偿本金）: 40000.03 元
    covered_unpaid > 0 yuan: 是
- no-demand-on-record: 不符合 (提示): 逾期后没有催收通知记录
    collection_notices（逾期后催收通知次数）: 0
    collection_notices >= 1: 否
- used-otherwise: 不适用
    used_as_applied（按申请用途使用）: 无需计算
    used_as_applied is known: 否
按留存资料复核：结果一致。

损失 40000.03 元，按 2018-01-22 的规则分担
- 保险公司承担损失的70%：基数 40000.03，按比例 28000.02，承担 28000.02
- 风险补偿金承担余下部分的50%，以可用余额为限：基数 12000.01，按比例 6000.00，承担 6000.00
- 贷款银行承担其余部分：承担 6000.01
保险公司：28000.02
风险补偿金：6000.00
贷款银行：6000.01
按留存资料复核：结果一致。
TEXT
}

@test "a recovery shows what each bore and has back" {
    yicang --lang en explain "$(seq_of recovered)" --depth result >text
    diff - text <<TEXT
Event $(seq_of recovered): record of a recovery (recovery.record) on 2018-01-23 by clerk.one

Recovery of 10000.00, shared by the rules of 2018-01-22
insurer: 6999.99; so far 6999.99 of 28000.02 borne
fund: 1500.00; so far 1500.00 of 6000.00 borne
bank: 1500.01; so far 1500.01 of 6000.01 borne
Asked again with what is on record: the same.
TEXT
}

@test "a loan and a claim stand for the events that decided on them" {
    diff <(yicang explain L1 --format json | jq -c '[.events.rows[].event] | .[:3]') \
        <(echo "[$(seq_of applied-1),$(seq_of approved),$(seq_of paid)]")
    # and those that settled its interest, up to the maturity, or changed its class: 1 and 91 days overdue
    diff <(yicang explain L1 --format json | jq -r '.events.rows[3:][] | .type + " " + .date') \
        <(printf 'day.close %s\n' 2016-12-20 2017-03-20 2017-06-20 2017-09-20 2017-10-20 2017-10-21 \
            2018-01-19)
    diff <(yicang explain C1 --format json | jq -c '[.events.rows[].event]') \
        <(echo "[$(seq_of filed),$(seq_of accepted),$(seq_of recovered)]")
    diff <(yicang explain L1 --format json | jq -r '.decisions.rows[] | .point + " " + .asked_again') \
        <(printf '%s same\n' eligibility lending eligibility lending disbursement lending coverage \
            subsidy subsidy subsidy subsidy subsidy classification classification)
}

@test "a close of a day shows for which days it settled a subsidy" {
    local closed
    closed=$(yicang explain L1 --format json | jq '.events.rows[3].event')
    yicang --lang en explain "$closed" --depth result >text
    diff - text <<TEXT
Event $closed: close of the day (day.close) on 2016-12-20 by clerk.one

Loan L1
For the days from 2016-10-20 to 2016-12-20
subsidy 2016-10-20 (county-pilot): passed
Asked again with what is on record: the same.
TEXT
    diff <(yicang explain "$closed" --format json |
        jq -c '.decisions.rows[] | [.no, .loan, .first_day, .last_day]') \
        <(echo '[1,"L1","2016-10-20","2016-12-20"]')
}

@test "JSON has the same at every depth, figures as they stand" {
    yicang explain "$(seq_of filed)" --depth clauses --format json >all
    [[ $(jq -c '[.steps.rows[] | [.of, .share, .part]]' all) == \
        '[["40000.03","28000.02","28000.02"],["12000.01","6000.00","6000.00"],[null,null,"6000.01"]]' ]]
    [[ $(jq -r '.splits.rows[0].amount' all) == 40000.03 ]]
    [[ $(jq -r '.splits.rows[0] | .policy_name + " " + .policy' all) == \
        "county-pilot $(sha256sum "$policy" | cut -d' ' -f1)" ]]
    diff <(yicang --lang zh explain "$(seq_of filed)" --depth clauses | grep -x '所依政策 .*') - <<TEXT
所依政策 county-pilot，摘要 $(sha256sum "$policy" | cut -d' ' -f1)
所依政策 county-pilot，摘要 $(sha256sum "$policy" | cut -d' ' -f1)
TEXT
    [[ $(jq -r '.parts.rows[0] | .part + " " + .kind + " " + .value' all) == \
        'days_overdue fact 94 days' ]]
    [[ $(jq -r '.parameters.rows[0] | .name + " " + .value + " " + .from' all) == \
        'claim_after_days 90 days 2016-01-01' ]]
    [[ $(jq -r '.conditions.rows[1].clause' all) == 'County scheme: the fund shares'* ]]
    [[ $(jq -r '.conditions.rows[1].clause_zh' all) == '本县试点办法：风险补偿金分担'* ]]
    [[ $(jq -r '.parameters.rows[0].clause_zh' all) == '同类风险补偿金的通行做法：'* ]]
    [[ $(jq -r '.splits.rows[0].clause_zh' all) == '本县试点办法：损失由保险公司承担70%；'* ]]
    yicang --lang zh explain "$(seq_of filed)" --depth clauses >zh.txt
    grep -q '^    依据: 本县试点办法：损失由保险公司承担70%；' zh.txt
    yicang --lang zh claim show C1 >claim.txt
    grep -qx '政策判定: 通过（有提示）' claim.txt
    grep -Eqx ' +1 保险公司 +保险公司 +28,000.02 .*' claim.txt
    # a claim that rests on no exception says so
    [[ $(grep -A3 -x 所依据的例外 claim.txt | tail -1) == （无） ]]
    [[ $(yicang claim show C1 --format json | jq -r '.outcome') == warn ]]
    yicang --lang zh loan show L1 >loan.txt
    grep -qx '用途: 养殖业' loan.txt
    grep -qx '年利率: 4.35%' loan.txt
    [[ $(yicang --lang zh loan show L1 --format json | jq -r .purpose) == breeding ]]
    grep -Eq '可申请补偿的逾期天数 +90 天 +同类风险补偿金的通行做法' claim.txt
    grep -Eq '保险公司承担损失的70% +本县试点办法：损失由保险公司承担70%；' claim.txt
    [[ $(yicang --lang zh claim show C1 --format json | jq -r '.rules.rows[0] | .value + " " + .clause') == '90 days Usual trigger'* ]]
    [[ $(yicang explain "$(seq_of filed)" --format json | jq 'has("parts") and (has("parameters") | not)') == true ]]
    [[ $(yicang explain "$(seq_of filed)" --depth result --format json | jq 'has("parts")') == false ]]
}

@test "an event whose record is not what the policy gives is told apart" {
    cp -r "$BATS_FILE_TMPDIR/book" "$BATS_FILE_TMPDIR/book.keys" .
    export YICANG_BOOK=$PWD/book
    sqlite3 book/book.db "DROP TRIGGER event_never_changed;
        UPDATE event SET leaf = CAST(replace(CAST(leaf AS TEXT), '\"applicant_age\":\"70 years\"',
            '\"applicant_age\":\"66 years\"') AS BLOB) WHERE seq = $(seq_of applied-2);
        UPDATE event SET leaf = CAST(replace(CAST(leaf AS TEXT), '\"id\":\"nothing-covered\",\"outcome\":\"pass\"',
            '\"id\":\"nothing-covered\",\"outcome\":\"block\"') AS BLOB) WHERE seq = $(seq_of accepted);
        UPDATE event SET leaf = CAST(replace(CAST(leaf AS TEXT), '\"share_fen\":\"600000\"',
            '\"share_fen\":\"600001\"') AS BLOB) WHERE seq = $(seq_of filed);"
    # 66 years is another fact with the same outcome: the record agrees with itself.
    [[ $(yicang explain "$(seq_of applied-2)" --format json | jq -r '.decisions.rows[0].asked_again') == same ]]
    [[ $(yicang explain "$(seq_of accepted)" --format json | jq -r '.decisions.rows[0].asked_again') == differs ]]
    [[ $(yicang explain "$(seq_of filed)" --format json | jq -r '.splits.rows[0].asked_again') == differs ]]
    yicang --lang en explain "$(seq_of accepted)" | grep -x 'Asked again with what is on record: NOT the same.'
    sqlite3 book/book.db "UPDATE event SET leaf = CAST(replace(CAST(leaf AS TEXT), '\"outcome\":\"warn\",\"p',
        '\"outcome\":\"refer\",\"p') AS BLOB) WHERE seq = $(seq_of applied-2);"
    yicang --lang zh explain "$(seq_of applied-2)" | grep -x '事件中留存的结论为“需人工审定”。'
    yicang --lang en explain "$(seq_of applied-2)" | grep -x 'The event holds the outcome “referred to a person”.'
}

@test "what holds no decision, and what is no event, is refused" {
    refused 1 event.no-decision explain 0
    refused 1 event.not-found explain 100000
    refused 1 loan.not-found explain L9
    refused 1 claim.not-found explain C9
    refused 2 usage.reference explain H1
    refused 2 usage.unknown-choice explain L1 --depth all
}
