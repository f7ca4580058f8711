#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets output
# What a policy refers to a person, on the command line: here every application, to keep it short.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml

@test "what was referred is listed with who decided on it by what rests on it" {
    sed 's/require: "household_overdue_loans = 0"/require: "household_loans < 0"/' "$policy" >policy.yaml
    begin_book "$PWD" 00000011 policy.yaml
    hire clerk.one clerk
    hire boss.one manager
    hire officer.one bureau-officer
    hire risk.one risk-officer
    yicang fund open --amount 1000000 --as officer.one
    yicang household add --area-code 510000 --village 一组 --status registered --head 张三丰 \
        --id-no 51000019900101123X --as clerk.one
    yicang loan apply --household H1 --purpose breeding --term-months 12 --rate 4.35% \
        --amount 50000 --as clerk.one
    refused 1 loan.referred loan approve L1 --as boss.one
    refused 1 loan.referred --lang zh loan approve L1 --as boss.one
    [[ $stderr == *'须由主管审定，并用 --reason 说明理由'* ]]
    approved=$(yicang loan approve L1 --reason 'known to the village' --as boss.one --format json | jq .event)
    yicang --lang en explain "$approved" --depth result | tail -1 >decided.txt
    line="Referred by overdue-elsewhere (eligibility), decided in event $approved by boss.one: known to the village"
    diff - decided.txt <<<"$line"
    yicang --lang zh explain "$approved" --depth result >told.txt
    grep -qx "事件 $approved：2016-10-20 由 boss.one 办理 审批贷款（loan.approve）" told.txt
    grep -qx "因条件overdue-elsewhere（准入审查）转人工审定，见事件$approved，审定人boss.one，理由：known to the village" told.txt
    yicang loan disburse L1 --as clerk.one
    yicang day close --through 2018-01-21 --as clerk.one
    yicang claim open L1 --as risk.one
    yicang claim show C1 --format json | jq -c '[.referrals.rows[] | [.event, .point, .condition, .reason, .actor]]' >claim.txt
    row="[$approved,\"eligibility\",\"overdue-elsewhere\",\"known to the village\",\"boss.one\"]"
    diff - claim.txt <<<"[$row]"
    yicang explain C1 --format json | jq -c '[.referrals.rows[] | [.decided_in, .actor]]' >explain.txt
    diff - explain.txt <<<"[[$approved,\"boss.one\"]]"
    yicang --lang en explain C1 --depth result | grep '^Referred by' >filing.txt
    diff - filing.txt <<<"$line"
    yicang --lang zh claim show C1 | grep -q '准入审查'
    yicang audit card --new-export-key --out card
    yicang audit verify --card card
}
