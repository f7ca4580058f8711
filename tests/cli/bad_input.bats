#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # backquotes and braces are part of messages; run sets stderr
# Bad input on a book in use: reason id, fact and limit in both languages, the exit code, and the
# proof that nothing was written: every table and every file of book and keys is as before.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml

# L1 is applied for, L2 approved for 40,000, L3 repaid and closed, L4 taken by both.one.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    begin_book "$BATS_FILE_TMPDIR" 00000002 "$policy"
    hire clerk.one clerk
    hire check.one approver
    hire both.one clerk
    yicang staff grant both.one --role approver --as a.admin
    local number
    for number in 51000019900101123X 510000198003020020 510000198003030034 510000198003040048; do
        yicang household add --area-code 510000 --village 一组 --status registered --head 示例户 \
            --id-no "$number" --as clerk.one
    done
    local loan=(loan apply --purpose breeding --term-months 12 --rate 4.35% --amount 40000)
    yicang "${loan[@]}" --household H1 --as clerk.one
    yicang "${loan[@]}" --household H2 --as clerk.one
    yicang loan approve L2 --as check.one
    yicang "${loan[@]}" --household H3 --as clerk.one
    yicang loan approve L3 --as check.one
    yicang loan disburse L3 --as clerk.one
    yicang loan repay L3 --amount 40000 --as clerk.one
    yicang "${loan[@]}" --household H4 --as both.one
}

setup() {
    stand_in_a_copy
}

# bad EXIT REASON ENGLISH CHINESE words...: what is said in each language, and nothing written.
bad() {
    local code=$1 reason=$2 lang want before got status
    local -A says=([en]=$3 [zh]=$4)
    shift 4
    before=$(standing)
    for lang in en zh; do
        status=0
        got=$(yicang --lang $lang "$@" 2>&1) || status=$?
        want="yicang: ${says[$lang]/"{reason}"/"[$reason]"}"
        want=${want//"{here}"/$PWD}
        # (this one is the C library's, and Chinese only where its catalogue is installed)
        got=${got/没有那个文件或目录/No such file or directory}
        if [ "$status" != "$code" ] || [ "$got" != "$want" ]; then
            printf '%s\nexit %s, want %s\n%s\nwant:\n%s\n' "$*" "$status" "$code" "$got" "$want"
            return 1
        fi
    done
    diff <(echo "$before") <(standing)
}

# A clerk types an amount wrongly: with an application, an approval, a payout, a repayment.
wrong_amount() { # amount reason english chinese
    local amount=$1
    shift
    bad 2 "$@" loan apply --household H1 --purpose breeding --term-months 12 --rate 4.35% \
        --amount "$amount" --as clerk.one
    bad 2 "$@" loan approve L1 --amount "$amount" --as check.one
    bad 2 "$@" loan disburse L2 --amount "$amount" --as clerk.one
    bad 2 "$@" loan repay L3 --amount "$amount" --as clerk.one
}

@test "amounts that are none: negative, zero, too precise, full-width, huge, malformed" {
    wrong_amount -5 money.negative '--amount: the amount “-5” is less than zero {reason}
  limit: at least 0.01 yuan' '--amount: 金额“-5”小于零 {reason}
  限制: 至少 0.01 元'
    wrong_amount 0.00 money.zero '--amount: the amount is zero {reason}
  limit: at least 0.01 yuan' '--amount: 金额为零 {reason}
  限制: 至少 0.01 元'
    wrong_amount 1.005 money.too-precise '--amount: the amount “1.005” has more than two decimals {reason}
  limit: the smallest unit is the fen, 0.01 yuan' '--amount: 金额“1.005”的小数超过两位 {reason}
  限制: 最小单位为分，即 0.01 元'
    wrong_amount ５００ money.full-width '--amount: the amount “５００” has full-width characters {reason}
  next: write the digits 0 to 9 and the full stop in half width' '--amount: 金额“５００”含有全角字符 {reason}
  下一步: 请用半角的 0 至 9 和小数点书写'
    wrong_amount 10000000000000.01 money.too-large '--amount: the amount “10000000000000.01” is too large {reason}
  limit: at most 10,000,000,000,000.00 yuan' '--amount: 金额“10000000000000.01”过大 {reason}
  限制: 最多 10,000,000,000,000.00 元'
    wrong_amount 5e3 money.format '--amount: “5e3” is not an amount of money {reason}
  next: write yuan with at most two decimals, such as 50000 or 50,000.00' '--amount: “5e3”不是金额 {reason}
  下一步: 请写以元为单位、最多两位小数的金额，如 50000 或 50,000.00'
}

@test "a rate below 1 that does not say that it is per cent" {
    bad 2 rate.no-percent-sign '--rate: the rate “0.0435” is less than 1 and has no percent sign {reason}
  next: write 4.35% for 4.35 per cent; 0.0435% if it is so little' '--rate: 利率“0.0435”小于 1 且没有百分号 {reason}
  下一步: 百分之 4.35 请写 4.35%；利率确实如此低的请写 0.0435%' \
        loan apply --household H1 --purpose breeding --term-months 12 --rate 0.0435 \
        --amount 10000 --as clerk.one
    yicang quote --principal 50000 --from 2016-10-20 --term 12m --rate 0.0435%
    yicang quote --principal 50000 --from 2016-10-20 --term 12m --rate 4.35 --subsidy 0
}

@test "30 February, in a business date, a value date and a report" {
    local en='there is no day 2016-02-30 in the calendar {reason}
  limit: the last day of that month is 2016-02-29'
    local zh='日历上没有 2016-02-30 这一天 {reason}
  限制: 该月的最后一天是 2016-02-29'
    bad 2 date.not-in-calendar "--date: $en" "--date: $zh" day close --date 2016-02-30 --as clerk.one
    bad 2 date.not-in-calendar "--value-date: $en" "--value-date: $zh" \
        loan repay L3 --amount 1 --value-date 2016-02-30 --as clerk.one
    bad 2 date.not-in-calendar "--as-of: $en" "--as-of: $zh" \
        report trial-balance --of bank --as-of 2016-02-30
    bad 2 date.not-in-calendar '--as-of: there is no day 2016-13-01 in the calendar {reason}
  limit: months are 01 to 12' '--as-of: 日历上没有 2016-13-01 这一天 {reason}
  限制: 月份为 01 至 12' report trial-balance --of bank --as-of 2016-13-01
}

@test "a disbursement above the approved amount" {
    bad 1 loan.above-approval 'The payout is above the amount approved. (amount = 40000.01 yuan, approved_amount = 40000 yuan) {reason}
  limit: Usual rule of the trade: what is paid out was approved.' '放款金额超过批准金额（本笔金额 40000.01 元、批准金额 40000 元） {reason}
  限制: 行业惯例：放款不超过批准金额。' \
        loan disburse L2 --amount 40000.01 --as clerk.one
}

@test "deciding twice, and deciding on one's own application" {
    bad 1 loan.already-approved 'loan L2 is approved already {reason}
  limit: approved are 40000.00
  next: pay it out with `yicang loan disburse`' '贷款 L2 已经批准 {reason}
  限制: 批准金额为 40000.00
  下一步: 请用 `yicang loan disburse` 放款' \
        loan approve L2 --as check.one
    bad 1 loan.same-person 'loan L4 was applied for through “both.one” as well {reason}
  limit: who takes an application cannot decide on it
  next: ask another approver' '贷款 L4 的申请也是由“both.one”受理的 {reason}
  限制: 受理申请的人不能审批该申请
  下一步: 请由另一位审批人办理' \
        loan approve L4 --as both.one
}

@test "repaying a closed loan" {
    bad 1 loan.closed 'loan L3 is closed {reason}
  limit: nothing is owed any more
  next: give the money back, or look for the borrower'\''s other loans' '贷款 L3 已结清 {reason}
  限制: 已无欠款
  下一步: 请退还款项，或查看该借款人的其他贷款' \
        loan repay L3 --amount 1 --as clerk.one
}

@test "a household above its limit over all its loans" {
    bad 1 loan.over-household-limit 'The household'\''s loans together would be above the limit of a household. (amount = 10000.01 yuan, household_limit = 50000 yuan, household_balance = 0 yuan, household_approved = 40000 yuan) {reason}
  limit: County scheme: up to 50,000 yuan for a household. Assumed: all loans of the household count.' '全户贷款合计超过农户贷款限额（本笔金额 10000.01 元、农户贷款限额 50000 元、全户未还本金 0 元、全户已批未放金额 40000 元） {reason}
  限制: 本县试点办法：每户5万元以内。假定：全户各笔贷款合并计算。' \
        loan apply --household H2 --purpose breeding --term-months 12 --rate 4.35% \
        --amount 10000.01 --as clerk.one
}

@test "a household that cannot be, a code that nobody has, a day that is closed" {
    local household=(household add --village 一组 --status registered --head 示例户
        --id-no 510000198003050051 --as clerk.one)
    bad 2 household.area-code '“51” is not an area code {reason}
  limit: 6, 9 or 12 digits
  next: take the code of the county, township or village' '“51”不是区划代码 {reason}
  限制: 6、9 或 12 位数字
  下一步: 请使用县、乡或村的代码' "${household[@]}" --area-code 51
    bad 2 staff.code '“clerk one” is not a staff code {reason}
  limit: 1 to 32 of a-z 0-9 . - _' '“clerk one”不是人员代码 {reason}
  限制: 1 至 32 个 a-z 0-9 . - _' day close --as 'clerk one'
    bad 1 day.closed '2016-10-19 is closed already {reason}
  limit: open is 2016-10-20' '2016-10-19 已经日结 {reason}
  限制: 当前营业日为 2016-10-20' day close --through 2016-10-19 --as clerk.one
}

@test "the wrong day, the wrong loan, nobody, somebody unknown" {
    bad 1 date.not-open '2016-10-21 is not the open business day {reason}
  limit: open is 2016-10-20
  next: close days with `yicang day close`, or leave out --date' '2016-10-21 不是开放的营业日 {reason}
  限制: 当前营业日为 2016-10-20
  下一步: 请用 `yicang day close` 日结，或不写 --date' \
        loan disburse L2 --date 2016-10-21 --as clerk.one
    bad 1 loan.not-found 'there is no loan L9 {reason}
  next: `yicang loan list` shows all' '没有贷款 L9 {reason}
  下一步: `yicang loan list` 列出全部' \
        loan repay L9 --amount 1 --as clerk.one
    bad 2 staff.not-named 'who does this is not said {reason}
  next: name yourself with --as STAFF' '没有说明由谁办理 {reason}
  下一步: 请用 --as 人员代码 表明身份' \
        loan repay L3 --amount 1
    bad 1 key.not-found 'there is no key of nobody at {here}/keys/demo.invalid_ledger-00000002/nobody.key {reason}
  next: make one with `yicang key new`, or set YICANG_KEYS' '没有 nobody 的密钥：{here}/keys/demo.invalid_ledger-00000002/nobody.key {reason}
  下一步: 请用 `yicang key new` 生成，或设置 YICANG_KEYS' \
        loan repay L3 --amount 1 --as nobody
}

@test "whose duty it is, and how a loan stands, are told in the reader's language" {
    bad 1 staff.role-missing '“clerk.one” has no role in which “approval of a loan” is allowed {reason}
  limit: it is for: approver, manager
  next: ask somebody whose duty it is; `yicang staff list` shows who' '“clerk.one”没有可办理“审批贷款”的岗位 {reason}
  限制: 办理岗位：审批员、主管
  下一步: 请由该岗位的人员办理；`yicang staff list` 列出人员和岗位' \
        loan approve L1 --as clerk.one
    bad 1 staff.role-missing '“check.one” has no role in which “close of the day” is allowed {reason}
  limit: it is for: clerk, manager
  next: ask somebody whose duty it is; `yicang staff list` shows who' '“check.one”没有可办理“日终”的岗位 {reason}
  限制: 办理岗位：经办员、主管
  下一步: 请由该岗位的人员办理；`yicang staff list` 列出人员和岗位' \
        day close --as check.one
    bad 1 loan.not-approved 'loan L1 is not approved (applied) {reason}
  next: another person approves it with `yicang loan approve`' '贷款 L1 尚未批准（已申请） {reason}
  下一步: 由另一人用 `yicang loan approve` 批准' \
        loan disburse L1 --as clerk.one
}

@test "options and words that do not exist" {
    bad 2 usage.unknown-option 'there is no option --amout here {reason}
  next: did you mean --amount?' '此处没有选项 --amout {reason}
  下一步: 是不是 --amount?' \
        loan repay L3 --amout 1 --as clerk.one
    bad 2 usage.unknown-verb 'loan has no “reapy” {reason}
  next: did you mean “loan repay”? yicang help loan shows what there is' 'loan 没有“reapy” {reason}
  下一步: 是不是“loan repay”？yicang help loan 列出可用的命令' \
        loan reapy L3 --amount 1 --as clerk.one
    bad 2 usage.option-missing '--amount YUAN is missing {reason}
  next: --amount YUAN: what was paid' '缺少 --amount YUAN {reason}
  下一步: --amount YUAN: 还款金额' \
        loan repay L3 --as clerk.one
}

@test "a policy with a typo: line and column, and no book, no keys" {
    sed 's/^  household_limit:/  household_limti:/' "$policy" >typo.yaml
    sed 's/value: 50000 yuan/value: 5O000 yuan/' "$policy" >letter.yaml
    bad 3 policy.unknown-key 'typo.yaml:23:3: the key “household_limti” is not known here {reason}
  limit: known here: household_limit, micro_entrepreneur_limit, covered_limit, term_max, age_min, age_max, subsidy_rate, subsidy_share, subsidy_while_overdue, penalty_factor, settle_day, claim_after_days, non_accrual_after_days, top_up_share, premium_share' 'typo.yaml:23:3: 此处没有键“household_limti” {reason}
  限制: 此处可用：household_limit, micro_entrepreneur_limit, covered_limit, term_max, age_min, age_max, subsidy_rate, subsidy_share, subsidy_while_overdue, penalty_factor, settle_day, claim_after_days, non_accrual_after_days, top_up_share, premium_share' \
        book init other --origin demo.invalid/ledger-00000003 --name Test \
        --opening-day 2016-10-20 --policy typo.yaml --admins a.admin
    bad 3 policy.value 'letter.yaml:27:16: “5O000 yuan” cannot be read: “5O000” is not an amount of money {reason}
  limit: expected: an amount such as 50000 yuan' 'letter.yaml:27:16: “5O000 yuan”无法读取：“5O000”不是金额 {reason}
  限制: 应为：金额，如 50000 yuan' \
        book init other --origin demo.invalid/ledger-00000003 --name Test \
        --opening-day 2016-10-20 --policy letter.yaml --admins a.admin
}

@test "a book made by a newer version" {
    sqlite3 book/book.db 'PRAGMA user_version = 99'
    bad 4 store.newer-version 'the book “{here}/book/book.db” was made by a newer program: its version is 99 {reason}
  limit: this program knows versions up to 1
  next: install the newer program' '账簿“{here}/book/book.db”由更新版本的程序建立：其版本为 99 {reason}
  限制: 本程序支持到版本 1
  下一步: 请安装更新版本的程序' \
        day close --as clerk.one
    bad 4 store.newer-version 'the book “{here}/book/book.db” was made by a newer program: its version is 99 {reason}
  limit: this program knows versions up to 1
  next: install the newer program' '账簿“{here}/book/book.db”由更新版本的程序建立：其版本为 99 {reason}
  限制: 本程序支持到版本 1
  下一步: 请安装更新版本的程序' \
        book info
}

@test "a folder without a book, another program's database, a file that is no database" {
    mkdir empty foreign text
    bad 4 store.not-found 'there is no book “{here}/empty/book.db”: No such file or directory {reason}
  next: name the folder of the book with --book or YICANG_BOOK, or make a book with `yicang book init`' '没有账簿“{here}/empty/book.db”：No such file or directory {reason}
  下一步: 请用 --book 或 YICANG_BOOK 指明账簿文件夹，或用 `yicang book init` 新建账簿' \
        --book empty day close --as clerk.one
    cp book/* foreign
    sqlite3 foreign/book.db 'PRAGMA application_id = 5'
    bad 4 store.not-a-book 'the file “{here}/foreign/book.db” is not a book: it is a database of another program {reason}' '文件“{here}/foreign/book.db”不是账簿：是其他程序的数据库 {reason}' \
        --book foreign day close --as clerk.one
    echo 'not a database' >text/book.db
    bad 4 store.not-a-book 'the file “{here}/text/book.db” is not a book: it is too short {reason}' '文件“{here}/text/book.db”不是账簿：文件过短 {reason}' \
        --book text day close --as clerk.one
}

@test "Ctrl-C at a passphrase: the terminal echoes again, no book, no keys" {
    local before
    before=$(standing)
    python3 "$BATS_TEST_DIRNAME/../support/press_ctrl_c.py" "$YICANG" --lang en book init other \
        --origin bank.example/ledger-00000004 --name Test --opening-day 2016-10-20 \
        --policy "$policy" --admins b.admin
    rmdir keys/bank.example_ledger-00000004 # the empty folder that keys of that book would be in
    diff <(echo "$before") <(standing)
}

# interrupted SECONDS words...: whether SIGINT ended the command before it was done.
interrupted() {
    local status=0
    env --default-signal=INT timeout --signal=INT "$1" "$YICANG" "${@:2}" >answer 2>&1 || status=$?
    [ "$status" -eq 124 ] || { [ "$status" -eq 0 ] && return 1; }
}

@test "Ctrl-C in the middle of a command leaves all of it or nothing, and no file of its own" {
    local round pause before event cut=0 started ended
    started=$(date +%s%N)
    yicang day close --through 2017-10-19 --as clerk.one --dry-run >answer
    ended=$(date +%s%N)
    for ((round = 1; round <= 24; round++)); do
        pause=$(printf '0.%09d' $(((ended - started) * round / 20)))
        before=$(yicang book info --format json | jq .events)
        if interrupted "$pause" household register H1 --status registered --from 2016-10-20 \
            --as clerk.one --out report; then
            cut=$((cut + 1))
        else
            grep -q 'event:' report
        fi
        event=$(yicang book info --format json | jq .events)
        [ "$event" -eq "$before" ] || [ "$event" -eq $((before + 1)) ]
        if interrupted "$pause" book init other --origin demo.invalid/ledger-00000005 --name Test \
            --opening-day 2016-10-20 --policy "$policy" --admins c.admin; then
            cut=$((cut + 1))
        fi
        # A book that is there is whole, one that is not there can be made.
        [ ! -e other ] || yicang --book other book check
        [ -e other ] || [ ! -e other.keys ]
        rm -rf other other.keys keys/demo.invalid_ledger-00000005
    done
    echo "$cut of 48 commands were cut short"
    [ "$cut" -gt 0 ]
    yicang book check
    run -1 compgen -G '*.new-*'
}
