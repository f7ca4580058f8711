#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # bash -c gets its words as they are; run sets stderr
# yicang quote. Every figure is worked out with exact fractions, outside the program.
load program

county=(--principal 50000 --rate 4.35% --from 2016-10-20 --term 12m)

# check_rows FILTER: the chosen columns of the CSV against what stands on stdin
columns() {
    cut -d, -f"$1" | tail -n +2
}

@test "the loan of the county comes out to the fen" {
    yicang quote "${county[@]}" --subsidy 5% --format csv >got.csv
    cat >want.csv <<'CSV'
no,from,due,days,principal,interest,payment,balance,subsidy,own_interest
1,2016-10-20,2016-12-21,62,0.00,374.58,374.58,50000.00,374.58,0.00
2,2016-12-21,2017-03-21,90,0.00,543.75,543.75,50000.00,543.75,0.00
3,2017-03-21,2017-06-21,92,0.00,555.83,555.83,50000.00,555.83,0.00
4,2017-06-21,2017-09-21,92,0.00,555.83,555.83,50000.00,555.83,0.00
5,2017-09-21,2017-10-20,29,50000.00,175.21,50175.21,0.00,175.21,0.00
CSV
    diff -u want.csv <(tr -d '\r' <got.csv)
}

@test "totals stand in JSON as strings of yuan" {
    yicang quote "${county[@]}" --format json >got.json
    jq -e '.totals.interest == "2205.20" and .totals.principal == "50000.00"
           and .totals.payment == "52205.20" and (.rows | length) == 5
           and .rows[0].days == 62 and .rows[0].from == "2016-10-20"' got.json
}

@test "a subsidy of 3 % is rounded on its own and the household bears the rest" {
    yicang quote "${county[@]}" --subsidy 3% --format csv | columns 9,10 | tr -d '\r' >got
    printf '%s\n' 258.33,116.25 375.00,168.75 383.33,172.50 383.33,172.50 120.83,54.38 >want
    diff -u want got
}

@test "level payments under 30/360" {
    yicang quote "${county[@]}" --method annuity --every month --day-count 30/360 --format json >got
    jq -e '.rows[0].payment == "4265.50" and .rows[0].interest == "181.25"
           and .rows[10].balance == "4250.03" and .rows[11].payment == "4265.44"
           and .totals.interest == "1185.94" and .totals.principal == "50000.00"' got
}

@test "equal parts of principal under 30/360" {
    yicang quote "${county[@]}" --method equal-principal --day-count 30/360 --format json >got
    jq -e '.rows[0].principal == "4166.67" and .rows[11].principal == "4166.63"
           and .rows[11].balance == "0.00" and .totals.interest == "1178.12"' got
}

@test "one payment at the end, by four day counts" {
    local count
    for count in act/360=2205.21 act/364=2180.98 act/365=2175.00 act/act=2173.81; do
        yicang quote "${county[@]}" --method bullet --day-count "${count%=*}" --format json >got
        jq -e --arg want "${count#*=}" '(.rows | length) == 1 and .totals.interest == $want' got
    done
}

@test "--month-end says where the 31st goes" {
    local from=(--principal 1200 --rate 12% --from 2017-01-31 --term 3m --method equal-principal)
    yicang quote "${from[@]}" --month-end last --format csv | columns 3 | tr -d '\r' >got
    diff -u <(printf '%s\n' 2017-02-28 2017-03-31 2017-04-30) got
    yicang quote "${from[@]}" --month-end next --format csv | columns 3 | tr -d '\r' >got
    diff -u <(printf '%s\n' 2017-03-01 2017-03-31 2017-05-01) got
}

@test "parts of whole yuan; the last takes the rest" {
    yicang quote "${county[@]}" --method equal-principal --installment-rounding 1 --format json >got
    jq -e '.rows[0].principal == "4167.00" and .rows[11].principal == "4163.00"' got
}

@test "the first two instalments pay interest only" {
    yicang quote "${county[@]}" --method equal-principal --grace-principal 2 --format json >got
    jq -e '.rows[0].principal == "0.00" and .rows[1].principal == "0.00"
           and .rows[2].principal == "5000.00"' got
}

@test "flat interest is charged on the first principal throughout" {
    yicang quote "${county[@]}" --method flat --day-count 30/360 --format json >got
    jq -e '.totals.interest == "2175.00" and .rows[11].balance == "0.00"' got
}

@test "weeks and days as periods" {
    yicang quote --principal 700 --rate 5.2% --from 2017-01-02 --term 70d --method equal-principal \
        --every 2w --day-count act/364 --format csv | columns 3,4 | tr -d '\r' >got
    printf '%s\n' 2017-01-16,14 2017-01-30,14 2017-02-13,14 2017-02-27,14 2017-03-13,14 >want
    diff -u want got
}

@test "the first due day moves the others along" {
    yicang quote "${county[@]}" --method equal-principal --first-due 2016-11-05 --format csv |
        columns 3 | tr -d '\r' | head -n 3 >got
    diff -u <(printf '%s\n' 2016-11-05 2016-12-05 2017-01-05) got
}

@test "both roundings of half a fen" {
    # 200.00 at 4.5 % over 1 day of 360: 2.5 fen
    local one=(--principal 200 --rate 4.5% --from 2017-01-01 --term 1d --method bullet)
    yicang quote "${one[@]}" --format json | jq -e '.totals.interest == "0.03"'
    yicang quote "${one[@]}" --rounding half-even --format json | jq -e '.totals.interest == "0.02"'
}

@test "the page in HTML stands by itself and is in the language asked for" {
    yicang quote "${county[@]}" --format html --lang zh --out page.html
    grep -q '<html lang="zh' page.html
    grep -q '剩余本金' page.html
    run -1 grep -E 'src=|href=' page.html
}

@test "the table for people has thousands and totals" {
    run yicang quote "${county[@]}"
    [ "$status" -eq 0 ]
    [[ $output == *"50,000.00"* && $output == *"2,205.20"* ]]
}

@test "terms that give no schedule are refused" {
    refused 2 quote.term quote --principal 50000 --rate 4.35% --from 2016-10-20 --term 12
    refused 2 quote.settle-day quote "${county[@]}" --settle-day 31
    refused 2 quote.every quote "${county[@]}" --every fortnight
}
