#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets stderr
# The highest contract rate by term, a table of bands with dates: asked at the application and the approval,
# with the figures of the day of the application. national-2021: until 2021-12-19 3.85 % and 4.65 %, from the
# 20th on 3.80 % up to a year.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/national-2021.yaml

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

applying() { # household months rate
    echo loan apply --household "$1" --purpose breeding --term-months "$2" --rate "$3" --amount 30000 --as clerk.one
}

@test "the rate of a contract is at most that of its term on the day of the application" {
    local number
    begin_book "$BATS_TEST_TMPDIR" 00000071 "$policy" 2021-12-19
    hire clerk.one clerk
    hire chief.one approver
    hire money.one bureau-officer
    for number in 51000019900101123X 510000198003020020; do
        yicang household add --area-code 510000 --village 一组 --status lifted --head 示例户 \
            --id-no "$number" --as clerk.one
    done
    yicang fund open --amount 1000000 --as money.one

    # shellcheck disable=SC2046 # words of a command
    {
        refused 1 loan.rate-above-cap $(applying H1 12 3.86%)
        [[ $stderr == *"rate = 3.86%"* ]]
        refused 1 loan.rate-above-cap $(applying H1 13 4.66%)
        yicang $(applying H1 12 3.85%)
        yicang $(applying H2 13 4.65%)
    }
    yicang explain L1 --depth clauses --lang en >explained
    grep -Fx -- '- rate-above-cap: holds' explained
    grep -Fx '    band(rate_cap, term): 3.85%' explained
    grep -F -- '- rate_cap (from 2021-03-15): National rules (no. 6 of 2021)' explained

    # On the next day the LPR is 3.80 %: for new applications, not for those of the day before.
    yicang day close --as clerk.one
    yicang loan refuse --loan L2 --reason test --as chief.one
    # shellcheck disable=SC2046
    refused 1 loan.rate-above-cap $(applying H2 12 3.85%)
    yicang loan approve --loan L1 --amount 30000 --as chief.one
    # shellcheck disable=SC2046
    yicang $(applying H2 12 3.8%)
}
