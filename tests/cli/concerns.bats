#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets output
# Whoever applies, approves or pays out sees at once what the policy holds against it.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml

# Born on 1952-01-05, 72 years old; in no register. Another loan of the household is overdue since 2024-06-21.
@test "a warning, a referral and the want of cover are told with what was looked at" {
    begin_book "$PWD" 00000012 "$policy" 2024-06-03
    hire clerk.one clerk
    hire boss.one manager
    hire officer.one bureau-officer
    yicang fund open --amount 1000000 --as officer.one
    yicang household add --area-code 510000 --village 一组 --status none --head 示例户 \
        --id-no 510000195201050016 --as clerk.one
    yicang --lang en loan apply --household H1 --purpose breeding --term-months 12 --rate 4.35% \
        --amount 20000 --as clerk.one | sed -n '/^What/,$p' >told
    diff - told <<'TEXT'
What the policy holds against it
as of 2024-06-03

decision    condition        outcome               message
eligibility age-out-of-range passed with a warning The borrower is younger or older than usual. (applicant_age = 72 years, age_min = 18 years, age_max = 65 years)
TEXT
    yicang --lang zh loan approve L1 --as boss.one | sed -n '/^政策提示/,$p' >told
    diff - told <<'TEXT'
政策提示
截至 2024-06-03

决定     条件             结论           说明
准入审查 age-out-of-range 通过（有提示） 借款人年龄不在规定范围内（借款人年龄 72 岁、最低年龄 18 岁、最高年龄 65 岁）
TEXT
    # The same for programs in both languages.
    for language in en zh; do
        yicang --lang $language loan disburse L1 --as clerk.one --dry-run --format json |
            jq -c '[.concerns.rows[] | [.decision, .condition, .outcome, .message]]' >told
        diff - told <<'JSON'
[["coverage","never-on-the-register","block","The household is and was not on the register; the loan has neither subsidy nor cover."]]
JSON
    done
    yicang loan disburse L1 --as clerk.one
    yicang day close --through 2024-06-23 --as clerk.one
    yicang --lang en loan apply --household H1 --purpose breeding --term-months 12 --rate 4.35% \
        --amount 10000 --as clerk.one |
        grep -E 'overdue-elsewhere +referred to a person +Another loan of the household is overdue\. \(household_overdue_loans = 1\)'
}

@test "nothing is told where nothing is to be told" {
    begin_book "$PWD" 00000013 "$policy"
    hire clerk.one clerk
    hire officer.one bureau-officer
    yicang fund open --amount 1000000 --as officer.one
    yicang household add --area-code 510000 --village 一组 --status registered --head 张三丰 \
        --id-no 51000019900101123X --as clerk.one
    [[ $(yicang loan apply --household H1 --purpose breeding --term-months 12 --rate 4.35% \
        --amount 50000 --as clerk.one --format json | jq 'has("concerns")') == false ]]
}
