# What every .bats file here begins with: load program
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export HOME=$BATS_TEST_TMPDIR
    unset YICANG_BOOK YICANG_KEYS YICANG_SERVICE_KEYS
}

yicang() {
    "$YICANG" "$@"
}

# refused CODE REASON words...: the command ends with this code, says this reason id on stderr, and
# prints nothing on stdout.
refused() {
    local code=$1 reason=$2
    shift 2
    run --separate-stderr -"$code" yicang "$@"
    # shellcheck disable=SC2154 # set by run
    if [[ -n $output || $stderr != *"[$reason]"* ]]; then
        printf 'wanted reason %s\nstdout: %s\nstderr: %s\n' "$reason" "$output" "$stderr"
        return 1
    fi
}
