#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets stderr
# The class of a loan: kept from the day on which a policy begins that keeps classes, changed at the close of
# a day, explained.
#
# By hand: both households owe their own interest, due on 2016-12-21. L1 never pays: 96 days overdue on
# 2017-03-27, so substandard, and non-accrual since 2017-03-22; doubtful at 271 days, 2017-09-18. L2 pays
# what fell due in December, and not what fell due on 2017-03-21: 6 days overdue on 2017-03-27.
load program

shipped=$BATS_TEST_DIRNAME/../../rules/policies
before=$BATS_TEST_DIRNAME/../policies/golden/county-pilot/policy.yaml

class_of() {
    yicang loan show "$1" --format json | jq -r .class
}

# registered DAY: the classes of all loans in the register of that day.
registered() {
    yicang report loan-register --as-of "$1" --format json | jq -r '[.rows[].class] | join(" ")'
}

@test "classes are kept from the version on that has them, also of loans in arrears for long" {
    local loan number=(x 51000019900101123X 510000198003020020)
    begin_book "$BATS_TEST_TMPDIR" 00000073 "$before"
    hire clerk.one clerk
    hire check.one approver
    hire money.one bureau-officer
    hire b.admin admin
    yicang fund open --amount 1000000 --as money.one
    for loan in 1 2; do
        yicang household add --area-code 510000 --village 一组 --status none --head 示例户 \
            --id-no "${number[loan]}" --as clerk.one
        yicang loan apply --household H$loan --purpose breeding --term-months 24 --rate 4.35% \
            --amount 50000 --as clerk.one
        yicang loan approve L$loan --as check.one
        yicang loan disburse L$loan --as clerk.one
    done
    yicang day close --through 2016-12-29 --as clerk.one
    yicang loan repay L2 --amount 374.58 --as clerk.one
    yicang day close --through 2017-03-25 --as clerk.one
    [[ $(class_of L1) == null ]] # nobody keeps it
    yicang --lang en policy diff book "$shipped/county-pilot.yaml" |
        grep -Fx 'decisions: classification not asked -> asked'
    yicang --lang en policy show "$shipped/county-pilot.yaml" --on 2017-03-27 |
        grep -F 'otherwise it puts the loan into the class “special mention” at least: '
    yicang policy activate "$shipped/county-pilot.yaml" --as a.admin --with b.admin
    yicang day close --as clerk.one
    [[ $(class_of L1) == null ]]
    yicang day close --as clerk.one
    [[ $(class_of L1) == substandard ]]
    [[ $(class_of L2) == special_mention ]]

    yicang --lang en explain L1 --depth clauses | sed -n '/(day.close) on 2017-03-27/,$p' >explained
    diff - <(grep -v '^    [a-z]' explained | tail -n +2) <<TEXT

Loan L1
class of the loan 2017-03-27 (county-pilot): substandard
- days_overdue (days overdue): 96 days: substandard
- used-otherwise: holds
tables of the policy
$(grep '^- loan_class (from 2016-01-01): ' explained)
By policy county-pilot, digest $(sha256sum "$shipped/county-pilot.yaml" | cut -d' ' -f1)
Asked again with what is on record: the same.
TEXT
    yicang explain L1 --lang zh >explained
    grep -Fx '五级分类 2017-03-27 (county-pilot): 次级' explained
    grep -E '^事件 [0-9]+：2017-03-27 由 clerk.one 办理 日终（day.close）$' explained
    # People read the title, programs the type.
    yicang --lang zh audit log --type loan.repay | grep -F ' 还款（loan.repay） '
    yicang --lang en audit log --type loan.repay | grep -F ' payment of the borrower (loan.repay) '
    yicang --lang zh audit log --type loan.repay --format csv | cut -d, -f4 | tr -d '\r' >types
    diff - types <<<$'type\nloan.repay'

    # An inspection that finds the money elsewhere is one of the things a class goes by.
    yicang loan repay L2 --amount 543.75 --as clerk.one
    yicang loan inspect L2 --finding otherwise --note '用于婚嫁' --as clerk.one
    yicang day close --as clerk.one
    [[ $(class_of L2) == special_mention ]]
    yicang loan inspect L2 --finding as-applied --as clerk.one
    yicang day close --as clerk.one
    [[ $(class_of L2) == normal ]]

    yicang day close --through 2017-09-17 --as clerk.one
    [[ $(class_of L1) == substandard ]]
    yicang day close --as clerk.one
    [[ $(class_of L1) == doubtful ]]
    [[ $(registered 2017-03-26) == " " ]]
    [[ $(registered 2017-03-27) == "substandard special_mention" ]]
    [[ $(registered 2017-03-29) == "substandard normal" ]]
    [[ $(registered 2017-09-18) == "doubtful special_mention" ]] # L2's 555.83 fell due on 2017-06-21
    yicang book check
    yicang audit card --new-export-key --out card
    yicang audit verify --card card
}
