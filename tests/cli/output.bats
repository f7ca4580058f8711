#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # bash -c gets its words as they are; run sets stderr
# Data goes out whole or the command says that it did not.
load program

county=(quote --principal 50000 --rate 4.35% --from 2016-10-20 --term 12m)

@test "a full disk does not look like success" {
    local form
    for form in text json csv html xlsx; do
        run -4 yicang "${county[@]}" --format "$form" --out /dev/full
        [[ $output == *"output.write"* ]]
        run -4 bash -c '"$YICANG" "$@" >/dev/full' _ "${county[@]}" --format "$form"
        [[ $output == *"output.write"* ]]
    done
    # More than fits a buffer, in the reader's language also from inside the table.
    run -4 yicang quote --principal 50000 --rate 4.35% --from 2016-10-20 --term 360m --method annuity \
        --every month --lang zh --out /dev/full
    [[ $output == *"输出无法写入"* ]]
    run -4 bash -c '"$YICANG" help >/dev/full'
    run -4 bash -c '"$YICANG" version --format json >/dev/full'
}

@test "a closed standard output does not look like success" {
    run -4 bash -c '"$YICANG" version >&-'
    [[ $output == *"[output.write]"* ]]
}

@test "closed standard streams do not become the numbers of other files" {
    "$YICANG" "${county[@]}" --format csv --out got.csv <&- >&- 2>&- || true
    head -n 1 got.csv | grep -q '^no,from,due,'
    [ "$(grep -c yicang got.csv)" -eq 0 ]
}

@test "a reader that leaves early is told as an error of output" {
    run bash -c 'set -o pipefail; "$YICANG" quote --principal 50000 --rate 4.35% --from 2016-10-20 \
        --term 1200d --method equal-principal --every 1d --format json 2>err | head -n 1 >/dev/null'
    [ "$status" -eq 0 ] || { [ "$status" -eq 4 ] && grep -q output.write err; }
}

@test "--out leaves the new file or the old one, and nothing beside it" {
    echo old >report.csv
    yicang "${county[@]}" --format csv --out report.csv
    head -n 1 report.csv | grep -q '^no,from,due,'
    [ "$(ls)" = report.csv ]
    run -4 yicang "${county[@]}" --format csv --out no-such-folder/report.csv
    [[ $output == *"no-such-folder/report.csv cannot be opened"*"[output.open]"* ]]
    mkdir target
    run -4 yicang "${county[@]}" --format csv --out target
    [[ $output == *"[output.open]"* ]]
    [ "$(ls)" = "$(printf 'report.csv\ntarget')" ]
}

@test "a limit on the size of files leaves the old file" {
    echo old >report.html
    run -4 bash -c 'trap "" XFSZ; ulimit -f 1; "$YICANG" "$@"' _ "${county[@]}" --format html \
        --out report.html
    [[ $output == *"[output.write]"* ]]
    [ "$(cat report.html)" = old ]
    [ "$(ls)" = report.html ]
}

@test "a spreadsheet that finds no room is told once, in our words" {
    export TMPDIR=$BATS_TEST_TMPDIR/small
    mkdir "$TMPDIR"
    run --separate-stderr -4 bash -c 'trap "" XFSZ; ulimit -f 1; LANGUAGE=en "$YICANG" "$@"' _ \
        "${county[@]}" --format xlsx --out report.xlsx
    [ "$stderr" = "yicang: the spreadsheet could not be written: File too large [output.write]
  next: spreadsheets are made in $TMPDIR: make room there, or name another folder in TMPDIR" ]
    [ -z "$(ls "$TMPDIR")" ] && [ ! -e report.xlsx ]
}

@test "a spreadsheet is not thrown at a terminal" {
    : >answers
    run -2 python3 "$BATS_TEST_DIRNAME/../support/answer_prompts.py" answers "$YICANG" --lang en \
        "${county[@]}" --format xlsx
    [[ $output == *"a spreadsheet cannot be shown at a terminal [output.terminal]"*"--out report.xlsx"* ]]
    yicang "${county[@]}" --format xlsx | head -c 2 | grep -q PK
}

@test "a device given to --out stays a device" {
    yicang "${county[@]}" --format csv --out /dev/null
    [ -c /dev/null ]
    mkfifo pipe
    cat pipe >got &
    yicang "${county[@]}" --format csv --out pipe
    wait
    head -n 1 got | grep -q '^no,from,due,'
    [ -p pipe ]
}

@test "no core file, and no other process may look in" {
    strace -o trace -e trace=prctl,prlimit64,setrlimit "$YICANG" version >out 2>&1 || true
    grep -q version out || skip "this machine does not let a process be traced"
    grep -q 'RLIMIT_CORE, {rlim_cur=0, rlim_max=0}' trace
    # (the sanitizers need a process that can be looked into)
    grep -q 'PR_SET_DUMPABLE, SUID_DUMP_DISABLE' trace || grep -qa __asan_init "$YICANG"
}
