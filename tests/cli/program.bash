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

# stand_here FOLDER: the book is FOLDER/book, people's keys and sessions stand beside it.
stand_here() {
    export YICANG_BOOK=$1/book YICANG_KEYS=$1/keys XDG_RUNTIME_DIR=$1/run
}

# What setup_file made, copied for one test, which stands in the copy.
stand_in_a_copy() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export HOME=$BATS_TEST_TMPDIR
    unset YICANG_SERVICE_KEYS
    cp -a "$BATS_FILE_TMPDIR"/. .
    stand_here "$BATS_TEST_TMPDIR"
}

# begin_book FOLDER LEDGER POLICY [OPENING_DAY]: an empty book of one admin, a.admin, who stands there; LEDGER
# is the number in its origin.
begin_book() {
    stand_here "$1"
    mkdir -m 700 "$1/run"
    yicang book init "$YICANG_BOOK" --origin "demo.invalid/ledger-$2" --name Test \
        --opening-day "${4:-2016-10-20}" --policy "$3" --admins a.admin
}

# hire CODE ROLE: a new key for somebody, whom a.admin lets in.
hire() {
    local key
    key=$(yicang staff key "$1" --new --format json)
    yicang staff add "$1" --role "$2" --office test --vkey "$(jq -r .vkey <<<"$key")" \
        --pop "$(jq -r .pop <<<"$key")" --as a.admin
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

# Everything that stands: each table row by row, each file but the database by its digest, and all names;
# not the files in which bats keeps the stderr of what is run. (Opening a database may move pages between
# its files; what it says may not change.)
standing() {
    sqlite3 "file:$YICANG_BOOK/book.db?mode=ro" .dump
    find . -type f ! -name 'book.db*' ! -name 'separate-stderr-*' -exec sha256sum {} + | sort
    find . ! -name 'book.db-*' ! -name 'separate-stderr-*' | sort
}
