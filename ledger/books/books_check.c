#include "ledger/books/books_check.h"

#include "ledger/base/text.h"
#include "ledger/books/journal.h"

/* Each check is a query that gives the rows at fault: the first column an id for the message. */
struct invariant {
    const char *code;
    const char *sql;
    const char *text; /* with the id */
};

static const struct invariant invariants[] = {
    {"BOOKS_ENTRY_SUM",
     "SELECT entry_id FROM line GROUP BY entry_id HAVING sum(fen) <> 0 OR count(*) < 2",
     N_("entry %lld does not sum to zero")},
    {"BOOKS_ENTRY_SUM",
     "SELECT e.id FROM entry AS e WHERE NOT EXISTS"
     " (SELECT 1 FROM line AS l WHERE l.entry_id = e.id)",
     N_("entry %lld has no lines")},
    {"BOOKS_BALANCE",
     "SELECT b.account_id FROM balance AS b WHERE b.debit_fen <> (SELECT coalesce(sum(fen), 0)"
     " FROM line AS l WHERE l.account_id = b.account_id AND l.fen > 0) OR b.credit_fen <>"
     " (SELECT coalesce(sum(-fen), 0) FROM line AS l WHERE l.account_id = b.account_id"
     " AND l.fen < 0)",
     N_("the kept balance of account %lld is not the sum of its lines")},
    {"BOOKS_LOAN_BALANCE",
     "SELECT b.loan_id FROM loan_balance AS b WHERE b.fen <> (SELECT coalesce(sum(l.fen), 0)"
     " FROM line AS l WHERE l.loan_id = b.loan_id AND l.account_id = b.account_id)",
     N_("a kept balance of loan L%lld is not the sum of its lines")},
    {"BOOKS_LOAN_BALANCE",
     "SELECT l.loan_id FROM line AS l WHERE l.loan_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
     " loan_balance AS b WHERE b.loan_id = l.loan_id AND b.account_id = l.account_id)",
     N_("a balance of loan L%lld is not kept")},
    {"BOOKS_NUMBERING",
     "SELECT e.id FROM entry AS e WHERE e.no > 1 AND NOT EXISTS (SELECT 1 FROM entry AS p"
     " WHERE p.book = e.book AND p.year = e.year AND p.no = e.no - 1)",
     N_("the numbers of the entries have a gap before entry %lld")},
    {"BOOKS_CLOSED_DAY",
     "SELECT e.id FROM entry AS e JOIN closed_day AS d ON d.day = e.book_date"
     " WHERE e.id > d.last_entry",
     N_("entry %lld was written into a closed day")},
    {"BOOKS_EVENT",
     "SELECT e.id FROM entry AS e WHERE NOT EXISTS"
     " (SELECT 1 FROM event AS v WHERE v.seq = e.seq)",
     N_("the event of entry %lld does not exist")},
};

static bool check_one(struct store *store, const struct invariant *invariant,
                      struct findings *findings, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(store, invariant->sql);
    while (statement_row(query)) {
        findings_add(findings, invariant->code, -1, _(invariant->text),
                     (long long)column_int(query, 0));
    }
    return statement_end(query, err);
}

bool books_check(struct store *store, struct findings *findings, struct error *err)
{
    struct error found = {0};

    for (size_t i = 0; i < COUNT_OF(invariants); i++) {
        if (!check_one(store, &invariants[i], findings, err)) {
            return false;
        }
    }
    if (!journal_check_mirrors(store, &found)) {
        if (found.fault != FAULT_INTEGRITY) {
            *err = found;
            return false;
        }
        findings_add(findings, "BOOKS_MIRROR", -1, "%s", found.text);
    }
    return true;
}
