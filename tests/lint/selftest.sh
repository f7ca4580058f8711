#!/bin/sh
# Each lint finds what was put into tests/lint/bad for it, and says where.
set -eu
here=$1/tests/lint
failed=0
expect() {
    check=$1
    shift
    if found=$(python3 "$here/$check.py" "$here/bad" 2>&1); then
        echo "$check: found nothing in tests/lint/bad"
        failed=1
    fi
    for wanted in "$@"; do
        case "$found" in
        *"$wanted"*) ;;
        *) echo "$check: did not find: $wanted"; echo "$found"; failed=1 ;;
        esac
    done
    case "$found" in
    *Traceback*) echo "$found"; failed=1 ;;
    esac
}
expect layers "ledger/base/bad.c:1: ledger/base must not include ledger/store/store.h" "layers: 1 findings"
expect calls "ledger/base/bad.c:3: atof() is not used here" "calls: 1 findings"
expect numbers "ledger/base/bad.c:3: no double here" "ledger/base/bad.c:4: raw fen" "numbers: 2 findings"
expect sql "rules/bad.c:1: SQL in rules" "table entry is written by ledger/books, ledger/store" "sql: 2 findings"
expect sizes "cli/long.c:1: long_one() has" "sizes: 1 findings"
expect words "docs/later.md:1:" "words: 1 findings"
expect clauses "rules/policies/bad.yaml:6: clause is not there in Chinese" \
    "rules/policies/bad.yaml:6: clause is not there in English" \
    "rules/policies/bad.yaml:8: message is not there in English" "clauses: 3 findings"
expect attacks "docs/attacks.md:3: no test nobody_tries_it is registered" \
    "docs/attacks.md:3: no test of this row expects E_PROJECTION" "attacks: 3 findings"
expect reasons "rules/bad.c:2: Rules_Bad is not of the form" "reasons nowhere.*" "reasons: 2 findings"
expect format "ledger/base/bad.c:3: not formatted"
expect shell "scripts/bad.sh:2: note: Double quote to prevent"
exit $failed
