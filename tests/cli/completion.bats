#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # bash -c gets its words as they are; run sets stderr
# The completion of bash, made from the command table.
load program

# complete words...: what bash would offer for the last of them
complete_words() {
    COMP_WORDS=(yicang "$@")
    COMP_CWORD=$#
    _yicang
    printf '%s\n' "${COMPREPLY[@]}"
}

setup_file() {
    "$YICANG" completion bash >"$BATS_FILE_TMPDIR/yicang.bash"
}

@test "the script is one that shellcheck accepts" {
    shellcheck --shell=bash --exclude=SC2034 "$BATS_FILE_TMPDIR/yicang.bash"
}

@test "nouns, verbs, options and choices" {
    # shellcheck source=/dev/null
    source "$BATS_FILE_TMPDIR/yicang.bash"
    [[ $(complete_words qu) == quote ]]
    [[ $(complete_words loan rep) == repay ]]
    [[ $(complete_words quote --princ) == --principal ]]
    [[ $(complete_words --book x loan --format json rep) == repay ]]
    [[ $(complete_words quote --principal 5 --method bul) == bullet ]]
    [[ $(complete_words loan show --lang z) == zh ]]
}

@test "every command and option is in it" {
    # shellcheck source=/dev/null
    source "$BATS_FILE_TMPDIR/yicang.bash"
    local place option words seen=0
    while read -r place; do
        read -ra words <<<"$place"
        complete_words "${words[@]}" -- >offered
        while read -r option; do
            seen=$((seen + 1))
            grep -qx -- "--$option" offered || { echo "$place --$option"; return 1; }
        done < <(yicang help "${words[@]}" | sed -n '/^  --/s/^  --\([a-z-]*\).*/\1/p')
    done < <(yicang help --mdoc | sed -n 's/^\.Ss yicang //p')
    [ "$seen" -gt 20 ]
}
