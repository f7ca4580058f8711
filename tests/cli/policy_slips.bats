#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets stderr
# Slips of the hand in a shipped policy: each bad file is county-pilot with one thing changed by sed. Lines
# and columns are counted by hand in the shipped file: line 114 is `        value: 100%`, so what stands
# behind "value: " begins in column 16; line 293 is `      require: "term <= term_max"`, so the
# condition begins in column 17, its sign stands in 22 and its second name in 25.
load program

shipped=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    stand_here "$BATS_FILE_TMPDIR"
    mkdir -m 700 run
    cp "$shipped.yaml" county.yaml
    cp "$shipped.tests.yaml" county.tests.yaml
    cp "$shipped.tests.yaml" bad.tests.yaml
    yicang book init book --origin demo.invalid/ledger-00000032 --name Test --opening-day 2016-10-20 \
        --policy county.yaml --admins a.admin,b.admin
}

setup() {
    stand_in_a_copy
}

# says WANT words...: exit 3, WANT on stderr, nothing on stdout
says() {
    local want=$1
    shift
    run --separate-stderr -3 yicang "$@"
    if [[ -n $output || $stderr != "$want" ]]; then
        printf '%s\nstdout: %s\nstderr: %s\nwant:   %s\n' "$*" "$output" "$stderr" "$want"
        return 1
    fi
}

# refuses LINE COLUMN REASON ENGLISH CHINESE: bad.yaml, by each command that reads a policy file, in both
# languages and as JSON, and nothing is written. "{reason}" stands for the reason id.
refuses() {
    local place=bad.yaml:$1:$2 before words
    local en="yicang: $place: ${4/"{reason}"/"[$3]"}" zh="yicang: $place: ${5/"{reason}"/"[$3]"}"
    run ! cmp -s county.yaml bad.yaml
    before=$(standing)
    for words in 'check bad.yaml' 'test bad.yaml' 'show bad.yaml --on 2016-10-20' 'diff book bad.yaml' \
        'activate bad.yaml --as a.admin --with b.admin'; do
        # shellcheck disable=SC2086 # several words
        says "$en" --lang en policy $words
    done
    says "$en" --lang en book init other --origin demo.invalid/ledger-00000033 --name Test \
        --opening-day 2016-10-20 --policy bad.yaml --admins a.admin
    says "$zh" --lang zh policy check bad.yaml
    says "$zh" --lang zh policy activate bad.yaml --as a.admin --with b.admin
    run --separate-stderr -3 yicang policy check bad.yaml --format json
    diff <(printf '%s' "$output") /dev/null
    diff <(jq -c '.error | [.reason, .fault, .file, .line, .column]' <<<"$stderr") \
        <(printf '["%s","input","bad.yaml",%s,%s]\n' "$3" "$1" "$2")
    diff <(echo "$before") <(standing)
}

# slip SCRIPT and the words of refuses
slip() {
    sed "$1" county.yaml >bad.yaml
    shift
    refuses "$@"
}

@test "a percent sign too many, a fraction where a whole number is due" {
    slip '114s/100%/20%%/' 114 16 policy.value '“20%%” cannot be read: “20%%” is not a rate {reason}
  limit: expected: a percentage such as 4.35%' '“20%%”无法读取：“20%%”不是利率 {reason}
  限制: 应为：百分数，如 4.35%'
    slip '153s/20/1.5/' 153 16 policy.value '“1.5” cannot be read: “1.5” is not a whole number {reason}
  limit: expected: a whole number such as 20' '“1.5”无法读取：“1.5”不是整数 {reason}
  限制: 应为：整数，如 20'
    slip '177s/90 days/1.5 days/' 177 16 policy.value '“1.5 days” cannot be read: “1.5” is not a whole number {reason}
  limit: expected: a number of days such as 90 days' '“1.5 days”无法读取：“1.5”不是整数 {reason}
  限制: 应为：天数，如 90 days'
}

@test "numbers that look octal or hexadecimal" {
    slip '153s/20/020/' 153 16 policy.value '“020” cannot be read: “020” is not a whole number {reason}
  limit: expected: a whole number such as 20' '“020”无法读取：“020”不是整数 {reason}
  限制: 应为：整数，如 20'
    slip '153s/20/0x14/' 153 16 policy.value '“0x14” cannot be read: “0x14” is not a whole number {reason}
  limit: expected: a whole number such as 20' '“0x14”无法读取：“0x14”不是整数 {reason}
  限制: 应为：整数，如 20'
    slip '114s/100%/010%/' 114 16 policy.value '“010%” cannot be read: a number does not begin with 0 {reason}
  limit: expected: a percentage such as 4.35%' '“010%”无法读取：数字不以 0 开头 {reason}
  限制: 应为：百分数，如 4.35%'
    slip '27s/50000/050000/' 27 16 policy.value '“050000 yuan” cannot be read: a number does not begin with 0 {reason}
  limit: expected: an amount such as 50000 yuan' '“050000 yuan”无法读取：数字不以 0 开头 {reason}
  限制: 应为：金额，如 50000 yuan'
}

@test "days that no calendar has" {
    slip '26s/01-01/02-30/' 26 15 policy.value '“2016-02-30” cannot be read: there is no day 2016-02-30 in the calendar {reason}
  limit: expected: a date such as 2016-10-01' '“2016-02-30”无法读取：日历上没有 2016-02-30 这一天 {reason}
  限制: 应为：日期，如 2016-10-01'
    slip '26s/2016-01-01/2023-02-29/' 26 15 policy.value '“2023-02-29” cannot be read: there is no day 2023-02-29 in the calendar {reason}
  limit: expected: a date such as 2016-10-01' '“2023-02-29”无法读取：日历上没有 2023-02-29 这一天 {reason}
  限制: 应为：日期，如 2016-10-01'
    # 17 + 20 characters of "application_date >= "
    slip '293s/term <= term_max/application_date >= 2016-13-01/' 293 37 expression.value '“2016-13-01” cannot be read: there is no day 2016-13-01 in the calendar {reason}
  limit: expected: a date such as 2016-10-01' '“2016-13-01”无法读取：日历上没有 2016-13-01 这一天 {reason}
  限制: 应为：日期，如 2016-10-01'
}

@test "shares of more than the whole, a gap and an overlap of bands" {
    # The insurer 70 % and the fund 50 % of the same loss: the second share is one too many.
    slip '567s/rest/loss/' 566 18 policy.shares 'the shares up to here come to more than the whole loss {reason}
  limit: at most 30% are left for it' '到此为止的份额合计超过全部损失 {reason}
  限制: 最多还剩 30%'
    slip '562s/70/110/' 562 18 policy.shares '“110%” is more than the whole {reason}
  limit: at most 100%' '“110%”超过整体 {reason}
  限制: 最多 100%'
    slip '224s/from: 91/from: 92/' 224 13 policy.bands 'between 90 days and 92 days lies a gap {reason}
  limit: this band must begin right after 90 days' '90 days 与 92 days 之间有空档 {reason}
  限制: 该档须紧接 90 days 之后开始'
    slip '224s/from: 91/from: 90/' 224 13 policy.bands 'this band overlaps the one before it, which goes up to 90 days {reason}
  limit: this band must begin right after 90 days' '该档与前一档重叠，前一档到 90 days 为止 {reason}
  限制: 该档须紧接 90 days 之后开始'
}

@test "a condition with an unknown fact or mixed kinds" {
    slip '293s/term </trm </' 293 17 expression.unknown-name 'there is no fact or parameter called “trm” here {reason}
  next: did you mean “term”?' '此处没有名为“trm”的事实或参数 {reason}
  下一步: 是否应为“term”？'
    slip '293s/term_max/term_mix/' 293 25 expression.unknown-name \
        'there is no fact or parameter called “term_mix” here {reason}
  next: did you mean “term_max”?' '此处没有名为“term_mix”的事实或参数 {reason}
  下一步: 是否应为“term_max”？'
    # A fact of other decisions, a name that is near to nothing, a word that is not of the list.
    slip '293s/term_max/days_overdue/' 293 25 expression.unknown-name \
        'there is no fact or parameter called “days_overdue” here {reason}
  limit: this fact is known at: claim, subsidy, classification, loss' '此处没有名为“days_overdue”的事实或参数 {reason}
  限制: 该事实可用于：claim, subsidy, classification, loss'
    slip '293s/term_max/the_longest_ever/' 293 25 expression.unknown-name \
        'there is no fact or parameter called “the_longest_ever” here {reason}
  next: docs/policy-language lists facts and parameters' '此处没有名为“the_longest_ever”的事实或参数 {reason}
  下一步: 事实和参数见 docs/policy-language'
    slip '293s/term <= term_max/product = houshold/' 293 27 expression.unknown-word \
        '“houshold” is not a word of the list product {reason}
  limit: known here: household, micro_entrepreneur' '“houshold”不是列表 product 中的词 {reason}
  限制: 此处可用：household, micro_entrepreneur'
    slip '293s/term <= term_max/band(provision, normal) < 5%/' 293 22 expression.unknown-name \
        'there is no table of bands called “provision” {reason}
  limit: known here: loan_class, provision_rate' '没有名为“provision”的分档表 {reason}
  限制: 此处可用：loan_class, provision_rate'
    slip '293s/term_max/amount/' 293 22 expression.kinds 'these do not go together: “term” (months) and “amount” (money) {reason}' \
        '两者不能放在一起：“term”（月数）和“amount”（金额） {reason}'
    slip '293s/term </term + 5% </' 293 22 expression.kinds 'these do not go together: “term” (months) and “5%” (rate) {reason}' \
        '两者不能放在一起：“term”（月数）和“5%”（比率） {reason}'
}

@test "a condition too large and too deep" {
    slip '293s/term_max/99999999999999999999 months/' 293 25 expression.value '“99999999999999999999 months” cannot be read: 99999999999999999999 is out of range {reason}
  limit: expected: a number of months such as 36 months' '“99999999999999999999 months”无法读取：99999999999999999999 超出范围 {reason}
  限制: 应为：月数，如 36 months'
    # Each parenthesis is a level below the first: 31 are 32 levels, and the 33rd begins behind 32 of them.
    local open close
    printf -v open '%.0s(' {1..31}
    printf -v close '%.0s)' {1..31}
    sed "293s/term <= term_max/${open}term <= term_max$close/" county.yaml >deep.yaml
    run ! cmp -s county.yaml deep.yaml
    yicang policy check deep.yaml
    slip "293s/term <= term_max/($open&$close)/" 293 49 expression.too-large 'the condition is nested too deeply {reason}
  limit: at most 32 levels
  next: make two conditions of it' '条件嵌套过深 {reason}
  限制: 最多 32 层
  下一步: 请拆成两个条件'
}

@test "a condition that overflows: no test of it is green, so nothing is activated" {
    # 1,000,000 times 10,000,000,000,000 yuan are 10^21 fen, above 2^63 - 1, which is 9.2 * 10^18.
    sed '293s/term <= term_max/amount <= 1000000 * 10000000000000 yuan/' county.yaml >bad.yaml
    run ! cmp -s county.yaml bad.yaml
    local before
    before=$(standing)
    run --separate-stderr -1 yicang --lang en policy test bad.yaml --format json
    # The first case, an ordinary application, is on line 21 of the tests.
    [ "$(jq -r '.failures.rows[0] | "\(.section) \(.line) \(.difference)"' <<<"$output")" = \
        'eligibility 21 the value of “1000000 * 10000000000000 yuan” is too large [expression.overflow]' ]
    [[ $stderr == *'"policy.tests-failed"'* ]]
    refused 1 policy.tests-failed policy activate bad.yaml --as a.admin --with b.admin
    diff <(echo "$before") <(standing)
}

@test "YAML bombs, and a text that is not UTF-8" {
    # Each name nine times the one before it.
    slip '1i a: \&a [x, x, x, x, x, x, x, x, x]\nb: \&b [*a, *a, *a, *a, *a, *a, *a, *a, *a]' 1 4 policy.anchor \
        'anchors (&) are not allowed: write the value out where it is used {reason}' \
        '不允许锚点（&）：请在使用处写出值 {reason}'
    # Twelve levels: the file, the title and ten lists, whose brackets stand in columns 7 to 16.
    slip '17s/: .*/: [[[[[[[[[[[[[[]]]]]]]]]]]]]]/' 17 17 policy.too-large 'the file is nested too deeply {reason}
  limit: at most 12 levels
  next: look for a bracket that is not closed, or a line indented too far' '文件嵌套过深 {reason}
  限制: 最多 12 层
  下一步: 请查找未闭合的括号或缩进过多的行'
    slip '15s/: /: \&a /' 15 9 policy.anchor 'anchors (&) are not allowed: write the value out where it is used {reason}' \
        '不允许锚点（&）：请在使用处写出值 {reason}'
    slip '15s/: .*/: *a/' 15 9 policy.anchor 'aliases (*) are not allowed: write the value out where it is used {reason}' \
        '不允许别名（*）：请在使用处写出值 {reason}'
    # The first Chinese characters of the file stand in line 13, behind 51 others.
    iconv -t GB18030 county.yaml >bad.yaml
    refuses 13 52 policy.not-utf8 'the file is not UTF-8 text {reason}' '文件不是 UTF-8 文本 {reason}'
}

@test "a file too large" {
    # 256 KiB are read, one byte more is not.
    { cat county.yaml && printf '#%*s\n' $((262144 - $(stat -c %s county.yaml) - 2)) ''; } >bad.yaml
    [ "$(stat -c %s bad.yaml)" -eq 262144 ]
    yicang policy check bad.yaml
    echo >>bad.yaml
    refuses 1 1 policy.too-large 'the file is too large {reason}
  limit: at most 262144 bytes' '文件过大 {reason}
  限制: 最多 262144 字节'
}
