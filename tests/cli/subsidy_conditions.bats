#!/usr/bin/env bats
# Which days earn subsidy: conditions of the policy, asked when the interest is settled.
#
# By hand: 50,000 yuan at 4.35 % of 360 days are 6.041666... a day. From 2016-10-20 to 2016-12-20, both
# counted, are 62 days, 374.58; the first 43 of them, to 2016-12-01, are 259.79, and the household owes
# the other 114.79.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml

@test "a household that leaves the register earns subsidy up to that day" {
    begin_book "$BATS_TEST_TMPDIR" 00000072 "$policy"
    hire clerk.one clerk
    hire check.one approver
    hire money.one bureau-officer
    yicang fund open --amount 1000000 --as money.one
    yicang household add --area-code 510000 --village 一组 --status registered --head 示例户 \
        --id-no 51000019900101123X --as clerk.one
    yicang loan apply --household H1 --purpose breeding --term-months 12 --rate 4.35% --amount 50000 \
        --as clerk.one
    yicang loan approve L1 --as check.one
    yicang loan disburse L1 --as clerk.one
    yicang day close --through 2016-12-04 --as clerk.one
    yicang household register H1 --status none --from 2016-12-02 --as clerk.one
    yicang day close --through 2016-12-20 --as clerk.one

    [[ $(yicang subsidy preview --through 2016-12-21 --format json | jq -r '.rows[0].amount') == 259.79 ]]
    yicang --lang en explain L1 --depth clauses >explained
    sed -n '/^For the days from 2016-12-02/,/^Asked/p' explained >after
    diff - <(grep -v '^    [a-z]' after) <<TEXT
For the days from 2016-12-02 to 2016-12-20
subsidy 2016-12-02 (county-pilot): blocked
- overdue: holds
- used-otherwise: holds
- off-the-register: does not hold (blocks): The household is no longer on the register and earns no subsidy.
By policy county-pilot, digest $(sha256sum "$policy" | cut -d' ' -f1)
Asked again with what is on record: the same.
TEXT
    grep -Fx '    household_status (standing of the household on the day): none' after
    grep -A3 -Fx 'For the days from 2016-10-20 to 2016-12-01' explained |
        grep -Fx 'subsidy 2016-10-20 (county-pilot): passed'

    # The decision stands in the signed event: it is planned again.
    yicang audit card --new-export-key --out card
    yicang audit verify --card card
}
