#!/usr/bin/env bats
# shellcheck disable=SC2154 # run sets output
# A new book, asked for step by step at a terminal, or given by options; with its keys and its card.
load program

policy=$BATS_TEST_DIRNAME/../../rules/policies/county-pilot.yaml
terminal=$BATS_TEST_DIRNAME/../support/answer_prompts.py

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export HOME=$PWD YICANG_KEYS=$PWD/keys XDG_RUNTIME_DIR=$PWD/run
    unset YICANG_BOOK YICANG_SERVICE_KEYS
    mkdir -m 700 run
}

# answers PROMPT ANSWER...: pairs, as the terminal script reads them
answers() {
    while [ $# -gt 0 ]; do
        printf '%s\t%s\n' "$1" "$2"
        shift 2
    done >answers
}

begin=("the folder to make" book "name of the book" county.example/ledger-00000021
    "name of the county" 示例县 "first business day" 2016-10-20 "the county's policy" "$policy"
    "staff codes" "chen.admin,he.admin,li.admin" "how many admins" "" "which witnesses" ""
    "write the trust card" "")

@test "one person is walked through admins, keys and the card" {
    local secret='one two three four'
    answers "${begin[@]}" "Go on" yes \
        chen.admin: "$secret" he.admin: "$secret" li.admin: "$secret" exports: "$secret" \
        chen.admin: "$secret" he.admin: "$secret" li.admin: "$secret"
    run -0 python3 "$terminal" answers "$YICANG" --lang en book init
    [[ $output == *"--quorum 2"* && $output == *"trust card: trust-card"* ]]
    [ "$(grep -c '^admin county.example/ledger-00000021/a/' trust-card)" -eq 3 ]
    run -0 --separate-stderr yicang --book book audit verify --card trust-card --format json
    grep -q '@page{size:A4 portrait' trust-card.html
    # The page says what the file says, line by line.
    while read -r _ value; do
        [ -z "$value" ] || grep -qF ">$value<" trust-card.html
    done < <(grep -E '^(origin|genesis|log|admin|minisign) ' trust-card)
    [ "$(find keys -type f ! -name '*.seen' | wc -l)" -eq 4 ]
}

@test "what no book can begin with is refused, and nothing stands" {
    local words=(book init book --name Test --opening-day 2016-10-20 --policy "$policy")
    refused 2 book.origin "${words[@]}" --admins a.admin --origin "示例县"
    refused 2 book.origin "${words[@]}" --admins a.admin --origin demo.invalid/ledger-12
    words+=(--origin demo.invalid/ledger-00000029)
    refused 2 book.quorum "${words[@]}" --admins a.admin,b.admin --quorum 3
    refused 2 book.admins "${words[@]}" --admins "$(seq -s , -f 'a%g' 1 9)"
    refused 2 book.approval-days "${words[@]}" --admins a.admin --approval-days 9999
    refused 2 staff.code "${words[@]}" --admins "a admin"
    [ "$(find . -type f ! -name 'separate-stderr-*')" = "" ]
    yicang "${words[@]}" --admins "$(seq -s , -f 'a%g' 1 8)"
    [ "$(yicang --book book staff list --format json | jq '.rows | length')" -eq 8 ]
    refused 4 book.exists "${words[@]}" --admins a.admin
}

@test "what cannot be read is asked again" {
    answers "the folder to make" "" "the folder to make" book \
        "name of the book" demo.invalid/ledger-00000022 "name of the county" Test \
        "first business day" 2016-02-30 "first business day" 2016-10-20 \
        "the county's policy" "$policy" "staff codes" a.admin "how many admins" many \
        "how many admins" 1 "which witnesses" "" "write the trust card" card "Go on" y
    run -0 python3 "$terminal" answers "$YICANG" --lang en book init
    [[ $output == *"[date.not-in-calendar]"* && $output == *"[number.format]"* ]]
    yicang --book book book check
    [ -s card ] && [ -s card.html ]
}

@test "only what no option gives is asked for" {
    answers "staff codes" a.admin "how many admins" 1 "which witnesses" "" "Go on" yes
    run -0 python3 "$terminal" answers "$YICANG" --lang en book init book \
        --origin demo.invalid/ledger-00000023 --name Test --opening-day 2016-10-20 \
        --policy "$policy" --card card
    [ -s card ]
}

@test "Ctrl-C and no leave nothing behind, at whichever question" {
    local step
    for step in 2 6 12 18; do
        answers "${begin[@]:0:step}" "${begin[step]:-Go on}" ^C
        run -130 python3 "$terminal" answers "$YICANG" --lang en book init
    done
    answers "${begin[@]}" "Go on" no
    run -1 python3 "$terminal" answers "$YICANG" --lang en book init
    [[ $output == *"[usage.given-up]"* ]]
    # At a passphrase, when some keys are made already.
    answers "${begin[@]}" "Go on" yes chen.admin: 'one two three four' \
        he.admin: 'one two three four' li.admin: ^C
    run -130 python3 "$terminal" answers "$YICANG" --lang en book init
    answers "${begin[@]}" "Go on" yes chen.admin: 'one two three four' he.admin: short
    run -1 python3 "$terminal" answers "$YICANG" --lang en book init
    [[ $output == *"[key-file.weak-passphrase]"* ]]
    [ "$(find . -type f ! -name answers)" = "" ]
    [ ! -e book ] && [ ! -e book.keys ]
}

@test "without a terminal, what is missing is said as ever" {
    run -2 yicang book init book --name Test
    [[ $output == *"[usage.option-missing]"* ]]
    yicang book init book --origin demo.invalid/ledger-00000024 --name Test --opening-day 2016-10-20 \
        --policy "$policy" --admins a.admin,b.admin --card card
    run -0 yicang --book book audit verify --card card
}
