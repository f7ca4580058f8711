#include "cli/service/book_check.h"

#include "ledger/base/text.h"
#include "ledger/books/books_check.h"
#include "ledger/books/journal.h"
#include "ledger/loans/loans_check.h"

static bool note_or_fail(bool held, const struct error *found, const char *code,
                         struct findings *findings, struct error *err)
{
    if (held) {
        return true;
    }
    if (found->fault != FAULT_INTEGRITY) {
        *err = *found;
        return false;
    }
    findings_add(findings, code, -1, "%s", found->text);
    return true;
}

bool book_check(struct office *office, struct findings *findings, struct error *err)
{
    struct error found = {0};

    bool file = store_verify_file(office->store, true, &found);
    if (!note_or_fail(file, &found, "STORE_FILE", findings, err)) {
        return false;
    }
    bool schema = store_verify_schema(office->store, &found);
    if (!note_or_fail(schema, &found, "STORE_SCHEMA", findings, err)) {
        return false;
    }
    return books_check(office->store, findings, err) && loans_check(office->store, findings, err);
}

bool book_rebuild(struct office *office, struct findings *findings, struct error *err)
{
    AUTO_TRANSACTION transaction = {0};

    if (!transaction_begin(office->store, &transaction, err) ||
        !journal_rebuild(office->store, err) || !books_check(office->store, findings, err) ||
        !loans_check(office->store, findings, err)) {
        return false;
    }
    return findings->total > 0 || transaction_commit(&transaction, err);
}
