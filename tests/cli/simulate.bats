#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets output
# `policy simulate`: a book with one application, tried with a policy that would have blocked it. Its figures
# on a whole book are in tests/story/what-if.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml

begin() {
    export YICANG_BOOK=$PWD/book YICANG_KEYS=$PWD/keys XDG_RUNTIME_DIR=$PWD/run
    mkdir -m 700 run
    yicang book init book --origin demo.invalid/ledger-00000020 --name Test \
        --opening-day 2016-10-20 --policy "$policy" --admins a.admin
    for who in clerk.one:clerk officer.one:bureau-officer; do
        key=$(yicang staff key "${who%:*}" --new --format json)
        yicang staff add "${who%:*}" --role "${who#*:}" --office xinhe \
            --vkey "$(jq -r .vkey <<<"$key")" --pop "$(jq -r .pop <<<"$key")" --as a.admin
    done
    yicang fund open --amount 1000000 --as officer.one
    yicang household add --area-code 510000 --village 一组 --status registered --head 张三丰 \
        --id-no 51000019900101123X --as clerk.one
    yicang loan apply --household H1 --purpose breeding --term-months 12 --rate 4.35% \
        --amount 50000 --as clerk.one
    sed '/^  household_limit:/,/clause/s/50000 yuan/40000 yuan/' "$policy" >less.yaml
}

@test "one application is blocked, and the rest of the table says so" {
    begin
    refused 1 simulation.no-day policy simulate less.yaml
    yicang day close --as clerk.one
    digest=$(sha256sum less.yaml | cut -d' ' -f1)
    yicang policy simulate less.yaml --format csv | tr -d '\r' >got.csv
    diff - got.csv <<'CSV'
office,class,figure,count_before,amount_before,count_after,amount_after,count_change,amount_change
xinhe,normal,passed,1,50000.00,0,0.00,-1,-50000.00
xinhe,normal,blocked,0,0.00,1,50000.00,1,50000.00
all,all,passed,1,50000.00,0,0.00,-1,-50000.00
all,all,warned,0,0.00,0,0.00,0,0.00
all,all,referred,0,0.00,0,0.00,0,0.00
all,all,blocked,0,0.00,1,50000.00,1,50000.00
all,all,undecided,0,0.00,0,0.00,0,0.00
all,all,lent,0,0.00,0,0.00,0,0.00
all,all,covered,0,0.00,0,0.00,0,0.00
all,all,subsidy,0,0.00,0,0.00,0,0.00
all,all,premium,0,0.00,0,0.00,0,0.00
all,all,claims_passed,0,0.00,0,0.00,0,0.00
all,all,claims_warned,0,0.00,0,0.00,0,0.00
all,all,claims_referred,0,0.00,0,0.00,0,0.00
all,all,claims_blocked,0,0.00,0,0.00,0,0.00
all,all,claims,0,0.00,0,0.00,0,0.00
all,all,claims_undecided,0,0.00,0,0.00,0,0.00
all,all,loss_insurer,0,0.00,0,0.00,0,0.00
all,all,loss_fund,0,0.00,0,0.00,0,0.00
all,all,loss_bank,0,0.00,0,0.00,0,0.00
all,all,recovered,0,0.00,0,0.00,0,0.00
all,all,recovered_insurer,0,0.00,0,0.00,0,0.00
all,all,recovered_fund,0,0.00,0,0.00,0,0.00
all,all,recovered_bank,0,0.00,0,0.00,0,0.00
all,all,outstanding,0,0.00,0,0.00,0,0.00
all,,top_up,0,0.00,0,0.00,0,0.00
all,,special_account,,1000000.00,,1000000.00,,0.00
all,,claims_payable,,0.00,,0.00,,0.00
all,,advances_payable,,0.00,,0.00,,0.00
all,,reserved,,0.00,,0.00,,0.00
all,,free_balance,,1000000.00,,1000000.00,,0.00
CSV
    yicang policy simulate --policy less.yaml --rows-of 2030-01-01 --format json |
        jq -c '.remarks | [.from, .to, .policy, .digest, .rows_of, .loans]' >got.json
    diff - got.json <<<"[\"2016-10-20\",\"2016-10-20\",\"county-pilot\",\"$digest\",\"2030-01-01\",1]"
    yicang --lang zh policy simulate less.yaml | grep -q '禁止的申请 *0 *0.00 *1 *50,000.00'
}

@test "what is refused" {
    begin
    yicang day close --as clerk.one
    refused 2 usage.option-missing policy simulate
    refused 3 policy.not-read policy simulate none.yaml
    refused 2 date.not-in-calendar policy simulate less.yaml --from 2016-02-30
    refused 1 simulation.period policy simulate less.yaml --from 2016-10-19
    refused 1 simulation.period policy simulate less.yaml --to 2016-10-21
    refused 1 policy.not-in-force policy simulate less.yaml --rows-of 2015-12-31
    # The same refusal as of `policy check`, with its place.
    sed '/^  subsidy_rate:/,/clause/s/value: 5%/value: 5%%/' "$policy" >slip.yaml
    run --separate-stderr -3 yicang policy check slip.yaml
    checked=$stderr
    [[ $checked == *slip.yaml:*policy.value* ]]
    run --separate-stderr -3 yicang policy simulate slip.yaml
    [[ $stderr == "$checked" ]]
    # Rows that begin after the period's first day: another day's can be taken.
    sed 's/2016-01-01/2017-01-01/' less.yaml >late.yaml
    refused 1 policy.not-in-force policy simulate late.yaml
    [[ $stderr == *--rows-of* ]]
    yicang policy simulate late.yaml --rows-of 2017-01-01
    YICANG_BOOK=$PWD/nowhere refused 4 store.not-found policy simulate less.yaml
}
