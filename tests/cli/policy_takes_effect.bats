#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets stderr
# A policy that two people have activated holds from the day after the next day close, not before; and a
# changed share in words.
load program

shipped=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export HOME=$BATS_TEST_TMPDIR
    stand_here "$BATS_TEST_TMPDIR"
    mkdir -m 700 run
    cp "$shipped.yaml" county.yaml
}

apply() { # household amount
    yicang loan apply --household "$1" --purpose breeding --term-months 12 --rate 4.35% --amount "$2" \
        --as clerk.one
}

# decided LOAN DIGEST: that policy, and no other, has decided on the loan
decided() {
    diff <(yicang explain "$1" --format json | jq -r '[.decisions.rows[].policy] | unique | .[]') \
        <(echo "$2")
}

# shows DIGEST LIMIT words...: which policy `policy show` shows, with its limit of a household
shows() {
    diff <(printf '["%s","%s"]\n' "$1" "$2") <(yicang policy show "${@:3}" --format json |
        jq -c '[.digest, (.values.rows[] | select(.parameter == "household_limit") | .value)]')
}

@test "the day of the activation keeps the old policy, the next has the new one" {
    local before old new number
    sed '/^  household_limit:/,/clause/s/50000 yuan/40000 yuan/' county.yaml >less.yaml
    cat >less.tests.yaml <<'TESTS'
tests: county-pilot
values:
  - {parameter: household_limit, on: 2016-10-21, expect: 40000 yuan}
TESTS
    sed 's/40000/50000/' less.tests.yaml >red.tests.yaml
    old=$(sha256sum county.yaml | cut -d' ' -f1)
    new=$(sha256sum less.yaml | cut -d' ' -f1)
    yicang book init book --origin demo.invalid/ledger-00000034 --name Test --opening-day 2016-10-20 \
        --policy county.yaml --admins a.admin
    hire clerk.one clerk
    hire b.admin admin
    for number in 51000019900101123X 510000198003020020; do
        yicang household add --area-code 510000 --village 一组 --status registered --head 示例户 \
            --id-no "$number" --as clerk.one
    done

    before=$(sqlite3 'file:book/book.db?mode=ro' .dump)
    refused 1 policy.two-persons policy activate less.yaml --as a.admin --with a.admin
    refused 1 policy.tests-failed policy activate less.yaml --tests red.tests.yaml --as a.admin \
        --with b.admin
    diff <(echo "$before") <(sqlite3 'file:book/book.db?mode=ro' .dump)

    yicang policy activate less.yaml --as a.admin --with b.admin
    shows "$old" '50000 yuan'
    shows "$old" '50000 yuan' --on 2016-10-20
    shows "$new" '40000 yuan' --on 2016-10-21
    diff - <(yicang policy list --format json | jq -c '.rows[] | [.from, .digest, .state]') <<LIST
["2016-10-20","$old","in-force"]
["2016-10-21","$new","coming"]
LIST
    apply H1 50000
    decided L1 "$old"

    yicang day close --as clerk.one
    shows "$new" '40000 yuan'
    shows "$old" '50000 yuan' --on 2016-10-20
    diff - <(yicang policy list --format json | jq -c '.rows[] | [.from, .digest, .state]') <<LIST
["2016-10-20","$old","past"]
["2016-10-21","$new","in-force"]
LIST
    refused 1 loan.over-household-limit loan apply --household H2 --purpose breeding --term-months 12 \
        --rate 4.35% --amount 50000 --as clerk.one
    apply H2 40000
    decided L2 "$new"
    decided L1 "$old"
    yicang book check
}

@test "a lower share of the insurer from 2024 on, in words" {
    local last
    # The row of the loss a second time, behind itself.
    last=$(($(grep -n '^# Who gets what' county.yaml | cut -d: -f1) - 2))
    sed -n '/^loss:/,/^$/{/^    - from/,$p}' county.yaml | sed '/^$/,$d' |
        sed 's/2016-01-01/2024-01-01/; s/share: 70%/share: 60%/' >row
    sed "${last}r row" county.yaml >later.yaml
    diff <(yicang --lang en policy diff county.yaml later.yaml) \
        <(echo 'loss: insurer share 70% -> 60% from 2024-01-01')
    diff <(yicang --lang zh policy diff county.yaml later.yaml) \
        <(echo '损失分担: 保险公司承担比例 70% -> 60%，自 2024-01-01 起')
    diff <(yicang --lang en policy diff county.yaml later.yaml --format json | jq -c '.rows[]') - <<'ROW'
{"section":"loss","subject":"insurer","before":"70%","after":"60%","from":"2024-01-01","until":null,"words":"insurer share 70% -> 60% from 2024-01-01"}
ROW
    for day in '2023-12-31 70%' '2024-01-01 60%'; do
        yicang --lang en policy show later.yaml --on "${day% *}" | grep -x "1\. insurer ${day#* } of loss"
        diff <(yicang policy show later.yaml --on "${day% *}" --format json | jq -r '.loss.rows[0].words') \
            <(echo "insurer ${day#* } of loss")
    done
    yicang --lang zh policy show later.yaml --on 2024-01-01 | grep -x '1\. 保险公司承担损失的60%'
}
