#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # run sets output; each test is a subshell
# `policy check, test, show, list, diff, activate`: what they print in text and JSON and in both languages,
# and what is refused. The bad files are those of tests/policies/bad, their places counted by hand there.
load program

root=$BATS_TEST_DIRNAME/../..
shipped=$root/rules/policies/county-pilot
bad=$root/tests/policies/bad

# A book of 3 June 2024, county.yaml as shipped, and next.yaml with another age from July on.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    stand_here "$BATS_FILE_TMPDIR"
    mkdir -m 700 run
    cp "$shipped.yaml" county.yaml
    cp "$shipped.tests.yaml" county.tests.yaml
    yicang book init book --origin demo.invalid/ledger-00000031 --name Test --opening-day 2024-06-03 \
        --policy county.yaml --admins a.admin,b.admin
    hire_by_two clerk.one clerk
    sed '/^  age_max:/,/^$/{
        /not a refusal/a\      - from: 2024-07-01\n        value: 60 years\n        clause: Notice of June 2024.
    }' county.yaml >next.yaml
    cp county.tests.yaml next.tests.yaml
    # One case expects what the policy does not answer.
    sed 's/applicant_age: 65 years}, expect: pass}/applicant_age: 65 years}, expect: warn, because: age-out-of-range}/' \
        county.tests.yaml >red.tests.yaml
    run ! cmp -s county.tests.yaml red.tests.yaml
}

hire_by_two() {
    local key
    key=$(yicang staff key "$1" --new --format json)
    yicang staff add "$1" --role "$2" --office test --vkey "$(jq -r .vkey <<<"$key")" \
        --pop "$(jq -r .pop <<<"$key")" --as a.admin --with b.admin
}

setup() {
    stand_in_a_copy
}

digest() {
    sha256sum "$1" | cut -d' ' -f1
}

# says LANGUAGE TEXT words...: the command prints exactly this
says() {
    local lang=$1 want=$2
    shift 2
    diff <(printf '%s\n' "$want") <(yicang --lang "$lang" "$@")
}

# answers JQ JSON words...: what jq takes from the JSON that the command prints
answers() {
    local take=$1 want=$2
    shift 2
    diff <(printf '%s\n' "$want") <(yicang "$@" --format json | jq -c "$take")
}

# refuses EXIT ENGLISH CHINESE words...: both languages, nothing on stdout, nothing written.
refuses() {
    local code=$1 lang before
    local -A want=([en]=$2 [zh]=$3)
    shift 3
    before=$(standing)
    for lang in en zh; do
        run --separate-stderr -"$code" yicang --lang $lang "$@"
        diff <(printf '%s' "$output") /dev/null
        diff <(printf '%s\n' "${want[$lang]}") <(printf '%s\n' "$stderr")
    done
    diff <(echo "$before") <(standing)
}

# slip CASE PLACE ENGLISH CHINESE: the policy of the case is refused alike by check and by activate, and
# its place is that counted by hand.
slip() {
    local case=$1 place=$2
    grep -q " $place\$" "$bad/$case/expected"
    cp "$bad/$case/policy.yaml" slip.yaml
    refuses 3 "yicang: slip.yaml:$place: $3" "yicang: slip.yaml:$place: $4" policy check slip.yaml
    refuses 3 "yicang: slip.yaml:$place: $3" "yicang: slip.yaml:$place: $4" \
        policy activate slip.yaml --tests county.tests.yaml --as a.admin --with b.admin
}

@test "check" {
    says en "policy: county-pilot
title: County pilot of poverty-alleviation microcredit and its risk-compensation fund
digest: $(digest county.yaml)
check: the file is in order" policy check county.yaml
    says zh "政策: county-pilot
名称: 县级扶贫小额信贷及风险补偿金试点办法
摘要: $(digest county.yaml)
检查: 文件无误" policy check county.yaml
    answers '[.policy, .digest]' "[\"county-pilot\",\"$(digest county.yaml)\"]" policy check county.yaml
    refused 3 policy.not-read policy check none.yaml
}

@test "numbers, dates and texts that are none" {
    slip scalar-two-percent-signs 10:75 '“20%%” cannot be read: “20%%” is not a rate [policy.value]
  limit: expected: a percentage such as 4.35%' '“20%%”无法读取：“20%%”不是利率 [policy.value]
  限制: 应为：百分数，如 4.35%'
    slip scalar-fraction-of-integer 14:73 '“1.5” cannot be read: “1.5” is not a whole number [policy.value]
  limit: expected: a whole number such as 20' '“1.5”无法读取：“1.5”不是整数 [policy.value]
  限制: 应为：整数，如 20'
    slip scalar-octal-looking 14:73 '“010” cannot be read: “010” is not a whole number [policy.value]
  limit: expected: a whole number such as 20' '“010”无法读取：“010”不是整数 [policy.value]
  限制: 应为：整数，如 20'
    slip condition-literal-octal-looking 20:110 '“036 months” cannot be read: “036” is not a whole number [expression.value]
  limit: expected: a number of months such as 36 months' '“036 months”无法读取：“036”不是整数 [expression.value]
  限制: 应为：月数，如 36 months'
    slip date-30-february 4:63 '“2016-02-30” cannot be read: there is no day 2016-02-30 in the calendar [policy.value]
  limit: expected: a date such as 2016-10-01' '“2016-02-30”无法读取：日历上没有 2016-02-30 这一天 [policy.value]
  限制: 应为：日期，如 2016-10-01'
    slip condition-literal-date-not-in-calendar 20:102 '“2017-02-29” cannot be read: there is no day 2017-02-29 in the calendar [expression.value]
  limit: expected: a date such as 2016-10-01' '“2017-02-29”无法读取：日历上没有 2017-02-29 这一天 [expression.value]
  限制: 应为：日期，如 2016-10-01'
    slip text-not-utf8 4:102 'the file is not UTF-8 text [policy.not-utf8]' '文件不是 UTF-8 文本 [policy.not-utf8]'
}

@test "shares that do not sum, bands with a gap or an overlap" {
    slip shares-over-whole 20:88 '“100.01%” is more than the whole [policy.shares]
  limit: at most 100%' '“100.01%”超过整体 [policy.shares]
  限制: 最多 100%'
    slip shares-over-whole-together 20:125 'the shares up to here come to more than the whole loss [policy.shares]
  limit: at most 30% are left for it' '到此为止的份额合计超过全部损失 [policy.shares]
  限制: 最多还剩 30%'
    slip recovery-shares-over-whole 22:134 'the shares up to here come to more than what is recovered [policy.shares]
  limit: at most 30% are left for it' '到此为止的份额合计超过追偿款总额 [policy.shares]
  限制: 最多还剩 30%'
    slip band-gap 19:190 'between 90 days and 92 days lies a gap [policy.bands]
  limit: this band must begin right after 90 days' '90 days 与 92 days 之间有空档 [policy.bands]
  限制: 该档须紧接 90 days 之后开始'
    slip band-overlap 19:190 'this band overlaps the one before it, which goes up to 90 days [policy.bands]
  limit: this band must begin right after 90 days' '该档与前一档重叠，前一档到 90 days 为止 [policy.bands]
  限制: 该档须紧接 90 days 之后开始'
}

@test "conditions: unknown fact, unknown function, mixed kinds, too large, too deep" {
    slip condition-unknown-name 19:122 'there is no fact or parameter called “amnt” here [expression.unknown-name]
  next: did you mean “amount”?' '此处没有名为“amnt”的事实或参数 [expression.unknown-name]
  下一步: 是否应为“amount”？'
    slip condition-function-unknown 20:102 'there is no function called “max” [expression.unknown-name]
  limit: known here: band, share' '没有名为“max”的函数 [expression.unknown-name]
  限制: 此处可用：band, share'
    slip condition-mixed-kinds 19:109 'these do not go together: “amount” (money) and “term_max” (months) [expression.kinds]' \
        '两者不能放在一起：“amount”（金额）和“term_max”（月数） [expression.kinds]'
    slip condition-literal-too-large 20:112 '“99999999999999999999 yuan” cannot be read: the amount “99999999999999999999” is too large [expression.value]
  limit: expected: an amount such as 50000 yuan' '“99999999999999999999 yuan”无法读取：金额“99999999999999999999”过大 [expression.value]
  限制: 应为：金额，如 50000 yuan'
    slip condition-too-deep 19:134 'the condition is nested too deeply [expression.too-large]
  limit: at most 32 levels
  next: make two conditions of it' '条件嵌套过深 [expression.too-large]
  限制: 最多 32 层
  下一步: 请拆成两个条件'
}

@test "YAML bombs: aliases, depth, length, size" {
    slip yaml-bomb-of-aliases 1:4 'anchors (&) are not allowed: write the value out where it is used [policy.anchor]' \
        '不允许锚点（&）：请在使用处写出值 [policy.anchor]'
    slip yaml-alias 14:73 'aliases (*) are not allowed: write the value out where it is used [policy.anchor]' \
        '不允许别名（*）：请在使用处写出值 [policy.anchor]'
    local en='the file is nested too deeply [policy.too-large]
  limit: at most 12 levels
  next: look for a bracket that is not closed, or a line indented too far'
    local zh='文件嵌套过深 [policy.too-large]
  限制: 最多 12 层
  下一步: 请查找未闭合的括号或缩进过多的行'
    slip yaml-bomb-of-depth 1:20 "$en" "$zh"
    slip yaml-bomb-of-open-brackets 1:20 "$en" "$zh"
    slip yaml-bomb-of-length 514:5 'the list or map is too long [policy.too-large]
  limit: at most 512 entries
  next: take out what is no longer needed' '列表或映射过长 [policy.too-large]
  限制: 最多 512 项
  下一步: 请删去不再需要的内容'
    # 40 lists of 500 values. The file, and in each of 32 lines a key, a list and 500 values, are 16,065;
    # the key and the list of line 33 and 317 of its values fill it, and the next begins in 7 + 2 * 317.
    local list
    printf -v list '1,%.0s' {1..500}
    for n in {1..40}; do echo "k$n: [$list]"; done >many.yaml
    refuses 3 'yicang: many.yaml:33:641: the file holds too many values [policy.too-large]
  limit: at most 16384
  next: take out what is no longer needed' 'yicang: many.yaml:33:641: 文件中的值过多 [policy.too-large]
  限制: 最多 16384
  下一步: 请删去不再需要的内容' policy check many.yaml
    # 256 KiB are read, one byte more is not.
    { cat county.yaml && printf '#%*s\n' $((262144 - $(stat -c %s county.yaml) - 2)) ''; } >large.yaml
    [ "$(stat -c %s large.yaml)" -eq 262144 ]
    yicang policy check large.yaml
    echo >>large.yaml
    refused 3 policy.too-large policy check large.yaml
}

@test "a condition that overflows stops each decision, and nothing is activated" {
    # 1,000,000 times 10,000,000,000,000 yuan are 10^21 fen, above 2^63 - 1 = 9.2 * 10^18.
    sed 's/require: "applicant_age between age_min and age_max"/require: "amount <= 1000000 * 10000000000000 yuan"/' \
        county.yaml >over.yaml
    run ! cmp -s county.yaml over.yaml
    yicang policy check over.yaml
    run --separate-stderr -1 yicang policy test over.yaml --tests county.tests.yaml
    [[ $output == *expression.overflow* && $stderr == *policy.tests-failed* ]]
    refused 1 policy.tests-failed policy activate over.yaml --tests county.tests.yaml \
        --as a.admin --with b.admin
}

@test "test: what passes, what fails, what nobody has seen" {
    says en "policy: county-pilot
title: County pilot of poverty-alleviation microcredit and its risk-compensation fund
digest: $(digest county.yaml)
tests: 85
failed: 0
points of coverage: 78
of them seen: 78" policy test county.yaml
    says zh "政策: county-pilot
名称: 县级扶贫小额信贷及风险补偿金试点办法
摘要: $(digest county.yaml)
用例数: 85
未通过: 0
覆盖点: 78
已覆盖: 78" policy test county.yaml
    answers '[.tests, .failed, .coverage_points, .coverage_seen, .gaps.rows]' \
        '[85,0,79,78,[{"section":"values","subject":"age_max","gap":"the row from 2024-07-01 is never read"}]]' \
        policy test next.yaml
    yicang --lang zh policy test next.yaml | grep -qx '参数 age_max 自 2024-07-01 起的一行从未读取'
    answers '[.gaps.as_of, .failures.as_of]' '[null,null]' policy test next.yaml
    # Red: the whole answer, and a refusal.
    run --separate-stderr -1 yicang policy test county.yaml --tests red.tests.yaml --format json
    [ "$(jq -c '[.tests, .failed, (.failures.rows | length)]' <<<"$output")" = '[85,1,1]' ]
    [[ $stderr == *policy.tests-failed* ]]
    run --separate-stderr -1 yicang --lang zh policy test county.yaml --tests red.tests.yaml
    [[ $output == *'未通过: 1'* ]]
}

@test "a band, a condition and a waterfall step that no case has seen" {
    # Without the cases of the tables, of one condition and of the loss.
    python3 - <<'PY'
import re
text = open("county.tests.yaml", encoding="utf-8").read()
text = re.sub(r"^bands:\n(?:[ #].*\n|\n)*", "", text, flags=re.M)
text = re.sub(r"^loss:\n(?:[ #].*\n|\n)*", "", text, flags=re.M)
open("less.tests.yaml", "w", encoding="utf-8").write(text)
PY
    run ! cmp -s county.tests.yaml less.tests.yaml
    yicang policy test county.yaml --tests less.tests.yaml --format json |
        jq -r '.gaps.rows[] | "\(.section) \(.subject): \(.gap)"' >gaps
    cat gaps
    grep -q '^loss insurer: ' gaps
    grep -q '^loss fund: ' gaps
    grep -q '^loss bank: ' gaps
    grep -q 'provision_rate: ' gaps
    grep -q 'loan_class: ' gaps
}

@test "show" {
    yicang --lang en policy show >shown
    grep -qx -- '- highest age: 65 years, from 2016-01-01, by the day of the application' shown
    grep -qx '    otherwise it refers it to a person: Another loan of the household is overdue.' shown
    grep -qx '2. fund 50% of rest, at most its free balance' shown
    yicang --lang zh policy show >shown
    grep -qx '    否则转人工审定：该户另有逾期贷款' shown
    grep -qx '2. 风险补偿金承担余下部分的50%，以可用余额为限' shown
    # Values, bands and dues are told; conditions stay as written, with what their names and words mean.
    grep -qx -- '- 最高年龄：65 岁，自 2016-01-01 起，按申请日' shown
    grep -qx -- '- 农户贷款限额：50000 元，自 2016-01-01 起，按申请日' shown
    grep -qx -- '- 最长期限：36 个月，自 2016-01-01 起，按申请日' shown
    grep -qx -- '- 逾期期间贴息：否，自 2016-01-01 起，按签约日' shown
    grep -qx '分档表：loan_class（按天数定贷款分类），自 2016-01-01 起，按计息日' shown
    grep -A5 '^分档表：loan_class' shown | tail -5 >bands
    diff - bands <<'TEXT'
- 0 天及以下：正常
- 1 天至 90 天：关注
- 91 天至 270 天：次级
- 271 天至 360 天：可疑
- 361 天及以上：损失
TEXT
    grep -qx -- '- 费用、罚息、复利、利息、本金' shown
    grep -qx '    须满足：applicant_age between age_min and age_max' shown
    grep -qx '        applicant_age（借款人年龄）、age_min（最低年龄）、age_max（最高年龄）' shown
    grep -qx '        household_status（农户当日身份）、registered（建档立卡）、lifted（已脱贫）、monitored（监测对象）' shown
    grep -qx '    各地通行做法：借款人年龄原则上为18周岁（含）至65周岁（含）。超出范围只作提示，不作拒绝。' shown
    grep -qx '    本县试点办法：风险补偿金分担纳入补偿贷款的损失。假定：损失为纳入补偿的未还本金。' shown
    grep -q '^    《商业银行金融资产风险分类办法》（令〔2023〕第1号）' shown
    grep -q '^    《民法典》第五百六十一条' shown
    # nothing of a value, and no clause, is left in English
    run ! grep -Eq '(scheme|practice|Assumed|Usual|the )' shown
    run ! grep -E '^- [^：]+：(.* )?([0-9]+ (yuan|days?|months?|years?)|yes|no)(，|$)' shown
    yicang --lang en policy show >shown
    grep -qx '        applicant_age (age of the borrower), age_min (lowest age), age_max (highest age)' shown
    run ! grep -qx '        product (product)' shown
    grep -qx '    National six points (no. 42 of 2017): a term of up to three years.' shown
    # A clause of one text is shown to everybody, and one policy may have both kinds.
    yicang --lang zh policy show next.yaml --on 2024-07-01 >shown
    grep -A1 -x -- '- 最高年龄：60 岁，自 2024-07-01 起，按申请日' shown | grep -qx '    Notice of June 2024.'
    diff <(yicang --lang zh policy show --format json | jq -c '[.values.rows[].clause, .conditions.rows[].clause]') \
        <(yicang --lang en policy show --format json | jq -c '[.values.rows[].clause, .conditions.rows[].clause]')
    answers '[.on, (.values.rows[] | select(.parameter == "age_max") | .value), (.loss.rows | length)]' \
        '["2024-06-03","65 years",3]' policy show
    answers '.values.rows[] | select(.parameter == "age_max") | [.value, .from]' '["60 years","2024-07-01"]' \
        policy show next.yaml --on 2024-07-01
    answers '.values.rows[] | select(.parameter == "age_max") | .value' '"65 years"' \
        policy show next.yaml --on 2024-06-30
    answers .digest "\"$(digest county.yaml)\"" policy show "$(digest county.yaml | cut -c1-10)"
    refused 1 policy.not-in-book policy show 0123456789
}

@test "diff says in words what differs" {
    says en 'values: highest age 65 years -> 60 years from 2024-07-01
values: clause of highest age: “National practice: borrowers are in principle 18 to 65 years old, both included. Outside it is a warning, not a refusal.” -> “Notice of June 2024.” from 2024-07-01' \
        policy diff book next.yaml
    yicang --lang zh policy diff book next.yaml | grep -qx '参数: 最高年龄 65 岁 -> 60 岁，自 2024-07-01 起'
    answers '.rows[0] | [.section, .subject, .before, .after, .from]' \
        '["values","age_max","65 years","60 years","2024-07-01"]' policy diff county.yaml next.yaml
    answers .as_of null policy diff county.yaml next.yaml
    # Machines read the same in both languages.
    sed -e 's/to: 90 days, value/to: 80 days, value/' -e 's/from: 91 days/from: 81 days/' \
        -e 's/order: \[costs, penalty/order: [penalty, costs/' next.yaml >told.yaml
    yicang --lang zh policy diff county.yaml told.yaml >told
    grep -q '：“0 天及以下：正常；1 天至 90 天：关注；91 天至 270 天：次级；' told
    grep -qx '还款顺序: 还款冲抵顺序：“费用、罚息、复利、利息、本金” -> “罚息、费用、复利、利息、本金”，自 2016-01-01 起' told
    diff <(yicang --lang zh policy diff county.yaml told.yaml --format json | jq -c '.rows[] | [.before, .after]') \
        <(yicang --lang en policy diff county.yaml told.yaml --format json | jq -c '.rows[] | [.before, .after]')
    yicang --lang zh policy diff county.yaml told.yaml --format html | grep -q '<td class="text short">65 岁</td><td class="text short">60 岁</td>'
    # A clause changed in one language is a difference for everybody, told in that language if in no other.
    sed 's/zh: 银监发〔2017〕42号：3年期以内。/zh: 银监发〔2017〕42号：三年期以内。/' county.yaml >zh.yaml
    yicang --lang en policy diff county.yaml zh.yaml >differs
    grep -qx 'values: clause of longest term: “银监发〔2017〕42号：3年期以内。” -> “银监发〔2017〕42号：三年期以内。” from 2016-01-01' differs
    sed 's/National six points (no. 42 of 2017): a term/Six points: a term/' county.yaml >en.yaml
    yicang --lang zh policy diff county.yaml en.yaml | grep -q '依据：“National six points (no. 42 of 2017): a term of up to three years.” -> “Six points: a term'
    says en 'no difference' policy diff book county.yaml
    says zh '没有差异' policy diff book county.yaml
    answers .rows '[]' policy diff book county.yaml
}

@test "activate: one person, red tests, a day that has begun" {
    refuses 2 'yicang: --with CODE,CODE is missing [usage.option-missing]
  next: --with CODE,CODE: further admins who sign; at least one' \
        'yicang: 缺少 --with CODE,CODE [usage.option-missing]
  下一步: --with CODE,CODE: 会签的其他管理员，至少一人' policy activate next.yaml --as a.admin
    refuses 1 'yicang: a policy is activated by two people, and only one signs [policy.two-persons]
  next: name a second admin with --with' 'yicang: 启用政策须两人签名，现只有一人 [policy.two-persons]
  下一步: 请用 --with 指明另一名管理员' policy activate next.yaml --as a.admin --with a.admin
    refuses 1 'yicang: a policy cannot begin on 2024-06-03, a day that has begun [policy.from-past]
  next: let it begin after the open day' 'yicang: 政策不能从 2024-06-03 开始，该日已经开始 [policy.from-past]
  下一步: 请让它在开放日之后开始' \
        policy activate next.yaml --from 2024-06-03 --as a.admin --with b.admin
    local before
    before=$(standing)
    refused 1 policy.tests-failed policy activate next.yaml --tests red.tests.yaml --as a.admin --with b.admin
    diff <(echo "$before") <(standing)
}

@test "activate: in force from the day after the close" {
    local old new
    old=$(digest county.yaml)
    new=$(digest next.yaml)
    answers '[.policy, .digest, .from, .tests_passed]' "[\"county-pilot\",\"$new\",\"2024-06-04\",85]" \
        policy activate next.yaml --as a.admin --with b.admin
    says en "Policies
as of 2024-06-03

in force from policy       digest                                                           event state
2024-06-03    county-pilot $old     1 in force
2024-06-04    county-pilot $new     3 coming" policy list
    answers '[.rows[].state]' '["in-force","coming"]' policy list
    answers .digest "\"$old\"" policy show
    yicang day close --as clerk.one
    says zh "政策版本
截至 2024-06-04

起用日     政策         摘要                                                             事件 状态
2024-06-03 county-pilot $old    1 已失效
2024-06-04 county-pilot $new    3 现行" policy list
    answers .digest "\"$new\"" policy show
    refused 1 policy.in-force-already policy activate next.yaml --as a.admin --with b.admin
    yicang book check
}
