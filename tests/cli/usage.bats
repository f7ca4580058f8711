#!/usr/bin/env bats
# shellcheck disable=SC1111,SC2016,SC2154 # bash -c gets its words as they are; run sets stderr
# What is said to a command line that is wrong, and with which exit code.
load program

county=(--principal 50000 --rate 4.35% --from 2016-10-20 --term 12m)

@test "no command, an unknown one, a noun alone" {
    refused 2 usage.no-command
    refused 2 usage.unknown-command qoute
    [[ $stderr == *"did you mean “quote”?"* ]]
    refused 2 usage.missing-verb loan
    refused 2 usage.unknown-verb loan repya
    [[ $stderr == *"did you mean “loan repay”?"* ]]
    refused 2 usage.unknown-command repay L1 --amount 5
    [[ $stderr == *"did you mean “loan repay”?"* ]]
    refused 2 usage.unknown-command list # the verb of several nouns
    [[ $stderr == *"yicang help shows every command"* ]]
    refused 2 usage.unknown-command help loans
}

@test "options are whole words" {
    refused 2 usage.unknown-option quote "${county[@]}" --princ 5
    refused 2 usage.unknown-option quote "${county[@]}" -p
    refused 2 usage.unknown-option --principal 5 quote
    refused 2 usage.unknown-option quote --amount 5
}

@test "each option once, with a value if it takes one" {
    refused 2 usage.option-repeated quote "${county[@]}" --principal 5
    refused 2 usage.value-missing quote "${county[@]}" --method
    refused 2 usage.value-missing quote "${county[@]}" --method --every
    refused 2 usage.value-unwanted version --yes=no
    refused 2 usage.option-missing quote --principal 5
    refused 2 usage.empty quote "${county[@]}" --method=
    refused 2 usage.unknown-choice quote "${county[@]}" --method linear
    refused 2 usage.unknown-choice quote "${county[@]}" --method 'bullet|annuity'
    refused 2 usage.extra-argument version 5
    refused 2 usage.extra-argument version -- --yes
}

@test "both forms of a value are the same" {
    yicang quote --principal=50000 --rate=4.35% --from=2016-10-20 --term=12m --format=csv >one
    yicang --format csv quote "${county[@]}" >two
    diff one two
}

@test "amounts" {
    local rest=(--rate 4.35% --from 2016-10-20 --term 12m)
    refused 2 money.negative quote --principal -5 "${rest[@]}"
    refused 2 money.zero quote --principal 0 "${rest[@]}"
    refused 2 money.too-precise quote --principal 1.005 "${rest[@]}"
    refused 2 money.full-width quote --principal ５００００ "${rest[@]}"
    refused 2 money.format quote --principal 5x "${rest[@]}"
    refused 2 money.format quote --principal 1,23 "${rest[@]}"
    refused 2 money.too-large quote --principal 99999999999999999999 "${rest[@]}"
    refused 2 usage.empty quote --principal '' "${rest[@]}"
}

@test "dates and rates" {
    refused 2 date.not-in-calendar quote --principal 5 --rate 1% --from 2017-02-30 --term 1m
    refused 2 date.format quote --principal 5 --rate 1% --from 2017/02/28 --term 1m
    refused 2 date.range quote --principal 5 --rate 1% --from 1017-02-28 --term 1m
    refused 2 rate.negative quote --principal 5 --rate -1% --from 2017-02-28 --term 1m
    refused 2 rate.too-precise quote --principal 5 --rate 1.00001% --from 2017-02-28 --term 1m
    refused 2 number.format quote --principal 5 --rate 1% --from 2017-02-28 --term 1m \
        --grace-principal two
}

@test "bytes that are no text, and too many of them" {
    refused 2 usage.not-utf8 quote "${county[@]}" --method $'\xff'
    refused 2 usage.not-utf8 $'\xff'
    refused 2 usage.not-utf8 $'--\xff'
    refused 2 usage.too-long quote "${county[@]}" --every "$(printf '%05000d' 1)"
    # shellcheck disable=SC2046 # a thousand words
    refused 2 usage.too-many-words $(seq 1001)
}

@test "a command without a table has no csv" {
    refused 2 usage.format-not-offered version --format csv
    refused 2 usage.unknown-choice version --format yaml
    refused 2 command-id.format version --command-id 12
}

@test "an error as JSON is one object that keeps its keys" {
    run --separate-stderr -2 yicang quote --format json --principal 0 --rate 1% --from 2017-01-01 \
        --term 1m
    jq -e '.error.reason == "money.zero" and .error.fault == "usage"
           and (.error.text | startswith("--principal: "))' <<<"$stderr"
}

@test "help exists for everything it lists" {
    local noun verb seen=0
    while read -r noun; do
        yicang help "$noun" >page
        grep -q "yicang help $noun <verb>" page || continue
        while read -r verb; do
            yicang help "$noun" "$verb" | grep -q '^example:'
            yicang "$noun" "$verb" --help | grep -q '^usage: yicang '"$noun $verb"
            seen=$((seen + 1))
        done < <(sed -n "s/^  $noun \([a-z-]*\) .*/\1/p" page)
    done < <(yicang help | sed -n '/^global options:/q; s/^  \([a-z]*\)  .*/\1/p')
    [ "$seen" -gt 20 ]
}

@test "help of a command names its options" {
    run -0 yicang quote --help
    [[ $output == *"--principal YUAN"*"(required)"* ]]
    [[ $output == *"example:"*"yicang quote --principal 50000"* ]]
    run -0 yicang --help
    [[ $output == *"usage: yicang [global options] <noun> <verb> [options]"* ]]
    run -0 yicang loan --help
    [[ $output == *"loan repay"* ]]
}

@test "every example of help is a command line that is understood" {
    local example words status seen=0
    while read -r example; do
        [[ $example == yicang* ]] || continue
        status=0
        seen=$((seen + 1))
        [[ $example != *[\'\"\<\>]* ]] || continue
        read -ra words <<<"${example#yicang }"
        setsid --wait "$YICANG" "${words[@]}" </dev/null >out 2>err || status=$?
        if grep -q '\[usage\.' err || [[ $status -eq 2 && $example != *" audit "* ]]; then
            echo "$example"
            cat err
            return 1
        fi
    done < <(yicang help --mdoc | sed -n 's/^\.Dl //p')
    [ "$seen" -gt 20 ]
}

@test "version" {
    run -0 yicang version --format json
    jq -e '.program == "yicang" and (.version | test("^[0-9]+\\.[0-9]+\\.[0-9]+$"))' <<<"$output"
}
