#include "tests/support/standing.h"

#include "ledger/base/attributes.h"
#include "ledger/base/buffer.h"
#include "ledger/base/text.h"
#include "tests/support/check.h"

#include <inttypes.h>

#define STANDING_MAX 10000000

/* Each gives numbers; one that is missing is -1. */
static const struct {
    const char *what;
    const char *sql;
    int columns;
} parts[] = {
    {"balance", "SELECT account_id, debit_fen - credit_fen FROM balance ORDER BY 1", 2},
    {"position",
     "SELECT loan_id, account_id, fen, dated_fen FROM loan_balance"
     " WHERE fen <> 0 OR dated_fen <> 0 ORDER BY 1, 2",
     4},
    {"state",
     "SELECT s.loan_id, coalesce(overdue_since, -1), coalesce(next_day, -1),"
     " CASE status WHEN 'normal' THEN 1 WHEN 'overdue' THEN 2 WHEN 'non-accrual' THEN 3"
     " WHEN 'closed' THEN 4 ELSE 5 END, CASE class WHEN 'normal' THEN 1"
     " WHEN 'special_mention' THEN 2 WHEN 'substandard' THEN 3 WHEN 'doubtful' THEN 4"
     " ELSE 5 END FROM loan_state AS s ORDER BY 1",
     5},
    {"settled",
     "SELECT loan_id, from_day, upto_day, fen_days, interest_fen, treasury_fen, due_day, settled_on"
     " FROM loan_settlement WHERE seq NOT IN (SELECT of_seq FROM reversal) ORDER BY 1, 3",
     8},
    {"repaid",
     "SELECT loan_id, day, received_fen, penalty_fen, interest_fen, principal_fen, over_fen"
     " FROM repayment WHERE seq NOT IN (SELECT of_seq FROM reversal) ORDER BY id",
     7},
    {"changed",
     "SELECT loan_id, day, CASE status WHEN 'normal' THEN 1 WHEN 'overdue' THEN 2"
     " WHEN 'non-accrual' THEN 3 WHEN 'closed' THEN 4 ELSE 5 END FROM loan_status"
     " WHERE seq NOT IN (SELECT of_seq FROM reversal UNION ALL SELECT seq FROM reversal)"
     " ORDER BY 1, n",
     3},
};

static void add_rows(struct store *store, size_t part, struct buffer *text)
{
    struct error err = {0};
    AUTO_STATEMENT struct statement *query = store_query(store, parts[part].sql);

    while (statement_row(query)) {
        buffer_add_text(text, parts[part].what);
        for (int i = 0; i < parts[part].columns; i++) {
            buffer_printf(text, " %" PRId64, column_int(query, i));
        }
        buffer_add_byte(text, '\n');
    }
    check_ok(statement_end(query, &err), &err);
}

const char *standing(struct store *store, struct arena *arena)
{
    AUTO_BUFFER text;

    buffer_init(&text, STANDING_MAX);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        add_rows(store, i, &text);
    }
    assert_false(text.overflowed);
    return arena_text_n(arena, text.data, text.length);
}
