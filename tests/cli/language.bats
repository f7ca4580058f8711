#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # bash -c gets its words as they are; run sets stderr
# Chinese and English, whatever locales the machine has.
load program

first_line() {
    yicang "$@" | head -n 1
}

@test "--lang decides over the environment" {
    [[ $(LANGUAGE=zh_CN yicang version --lang en) == *"version: "* ]]
    [[ $(LANGUAGE=en yicang version --lang zh) == *"版本: "* ]]
    [[ $(LC_ALL=C yicang version --lang=zh) == *"版本: "* ]]
}

@test "LANGUAGE goes before the locale, the locale before nothing" {
    [[ $(LC_ALL=C.UTF-8 LANGUAGE=zh_CN yicang version) == *"版本: "* ]]
    [[ $(env -u LC_ALL -u LANGUAGE LANG=zh_CN.UTF-8 "$YICANG" version) == *"版本: "* ]]
    [[ $(env -u LC_ALL -u LANGUAGE -u LANG "$YICANG" version) == *"version: "* ]]
    [[ $(env -u LC_ALL -u LANG LANGUAGE=zh "$YICANG" version) == *"版本: "* ]]
    [[ $(env -u LANGUAGE LC_ALL=de_DE.UTF-8 "$YICANG" version) == *"version: "* ]]
}

@test "the locale C is English" {
    [[ $(LC_ALL=C LANGUAGE=zh_CN yicang version) == *"version: "* ]]
}

@test "errors are told in Chinese, reason ids and JSON keys are not" {
    run --separate-stderr -2 yicang --lang zh quote --principal 0 --rate 1% --from 2017-01-01 \
        --term 1m
    [[ $stderr == *"[money.zero]"* ]]
    LC_ALL=C.UTF-8 grep -qP '\p{Han}' <<<"$stderr"
    run --separate-stderr -2 yicang --lang zh qoute --format json
    jq -e '.error.reason == "usage.unknown-command" and (.error.text | test("\\p{Han}"))' <<<"$stderr"
}

@test "tables have Chinese headers for people and the same names for machines" {
    local county=(quote --principal 50000 --rate 4.35% --from 2016-10-20 --term 12m)
    [[ $(yicang "${county[@]}" --lang zh) == *"剩余本金"* ]]
    diff <(yicang "${county[@]}" --lang zh --format csv) <(yicang "${county[@]}" --lang en --format csv)
}

@test "help in Chinese keeps its columns" {
    yicang help --lang zh >page
    LC_ALL=C.UTF-8 grep -qP '\p{Han}' page
    # The explanations of short options all begin in the same column, two a Chinese character.
    python3 - page <<'PYTHON'
import re, sys, unicodedata
starts = set()
for line in open(sys.argv[1], encoding="utf-8"):
    match = re.match(r"  --\S+( \S+)?\s{2,}(?=\S)", line)
    if match:
        text = match.group()
        starts.add(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text))
assert len(starts) == 1, starts
PYTHON
}

@test "the catalogue is found where the program is installed" {
    local to=$BATS_TEST_TMPDIR/there
    mkdir -p "$to/bin" "$to/share/locale/zh_CN/LC_MESSAGES"
    cp "$YICANG" "$to/bin/yicang"
    cp "$YICANG_INSTALL_FROM/locale/zh_CN/LC_MESSAGES/yicang.mo" "$to/share/locale/zh_CN/LC_MESSAGES/"
    [[ $("$to/bin/yicang" version --lang zh) == *"版本: "* ]]
}
