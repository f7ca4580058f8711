#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets output
# An exception on the command line: a household may have 50,000 yuan and gets 60,000 after a flood.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml

@test "an exception is listed by what rests on it, and one person alone is refused" {
    awk '{ print } /require: "amount <= household_limit - household_balance - household_approved"/ {
        print "      override: yes" }' "$policy" >policy.yaml
    yicang --lang en policy show policy.yaml --on 2016-10-20 >shown.txt
    [[ $(grep -cx '    a person may make an exception, with a reason' shown.txt) == 2 ]]
    yicang policy show policy.yaml --on 2016-10-20 --format json >shown.json
    [[ $(jq '[.conditions.rows[] | select(.override == "yes")] | length' shown.json) == 2 ]]
    begin_book "$PWD" 00000010 policy.yaml
    hire clerk.one clerk
    hire check.one approver
    hire boss.one manager
    hire officer.one bureau-officer
    hire risk.one risk-officer
    yicang fund open --amount 1000000 --as officer.one
    yicang household add --area-code 510000 --village 一组 --status registered --head 张三丰 \
        --id-no 51000019900101123X --as clerk.one
    yicang loan apply --household H1 --purpose breeding --term-months 12 --rate 4.35% \
        --amount 60000 --as clerk.one
    refused 1 loan.over-household-limit loan approve L1 --as check.one
    refused 1 loan.over-household-limit --lang zh loan approve L1 --as check.one
    [[ $stderr == *'限制: 本县试点办法：每户5万元以内。假定：全户各笔贷款合并计算。'* ]]
    refused 1 override.role --lang zh loan override L1 --point claim --condition nothing-covered \
        --reason 'flood loss' --as boss.one
    [[ $stderr == *'主管不得提出此项例外'* && $stderr == *'请由财政局经办提出'* ]]
    yicang loan override L1 --point eligibility --condition over-household-limit \
        --reason 'flood loss' --as boss.one
    refused 1 duty.same-person loan approve L1 --as boss.one
    approved=$(yicang loan approve L1 --as check.one --format json | jq .event)
    yicang --lang en explain "$approved" --depth result | tail -1 >rests.txt
    diff - rests.txt <<<'Rests on exception 1 from over-household-limit (eligibility), proposed by boss.one: flood loss'
    yicang --lang zh explain "$approved" --depth result | tail -1 >rests.txt
    diff - rests.txt <<<'依据例外 1：条件 over-household-limit（准入审查），由 boss.one 提出，理由：flood loss'
    yicang loan override L1 --point disbursement --condition over-household-limit \
        --reason 'flood loss' --as boss.one
    yicang loan disburse L1 --as clerk.one
    yicang day close --through 2018-01-21 --as clerk.one
    yicang claim open L1 --as risk.one
    yicang claim show C1 --format json | jq -c '[.overrides.rows[] | [.override, .point, .reason, .actor]]' >claim.txt
    diff - claim.txt <<<'[[1,"eligibility","flood loss","boss.one"],[2,"disbursement","flood loss","boss.one"]]'
    yicang explain C1 --format json | jq -c '[.overrides.rows[].override]' >explain.txt
    diff - explain.txt <<<'[1,2]'
    yicang audit card --new-export-key --out card
    yicang audit verify --card card
}
