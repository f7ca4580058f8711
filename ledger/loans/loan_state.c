#include "ledger/loans/loan_state.h"

#include "ledger/base/text.h"
#include "ledger/books/account.h"
#include "ledger/loans/loan_reversal.h"

/* The number by a query of its own: what is inserted from its own table goes by a table between. */
static bool history_add(struct store *store, uint64_t seq, int64_t loan, struct date day,
                        const char *status, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO loan_status (loan_id, n, day, status, seq)"
                           " VALUES ($1, (SELECT coalesce(max(n), 0) + 1 FROM loan_status"
                           " WHERE loan_id = $1), $2, $3, $4)");
    bind_int(query, 1, loan);
    bind_date(query, 2, day);
    bind_text(query, 3, status);
    bind_int(query, 4, (int64_t)seq);
    return statement_run(query, err);
}

static void bind_since(struct statement *query, int index, const struct loan_state_change *change)
{
    if (change->has_overdue_since) {
        bind_date(query, index, change->overdue_since);
    } else {
        bind_null(query, index);
    }
}

static bool since_is_new(struct store *store, int64_t loan, const struct loan_state_change *change,
                         bool *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT (SELECT overdue_since FROM loan_state WHERE loan_id = $1) IS NOT $2");
    bind_int(query, 1, loan);
    bind_since(query, 2, change);
    *ret = statement_one(query) && column_bool(query, 0);
    return statement_end(query, err);
}

/* What is overdue stays so until the status changes, so most repayments need not ask. */
static bool overdue_add(struct store *store, uint64_t seq, int64_t loan, struct date day,
                        const struct loan_state_change *change, struct error *err)
{
    bool is_new = false;

    if (change->status == NULL && !change->has_overdue_since) {
        return true;
    }
    if (!since_is_new(store, loan, change, &is_new, err)) {
        return false;
    }
    if (!is_new) {
        return true;
    }
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO loan_overdue (loan_id, n, day, since, seq)"
                           " VALUES ($1, (SELECT coalesce(max(n), 0) + 1 FROM loan_overdue"
                           " WHERE loan_id = $1), $3, $2, $4)");
    bind_int(query, 1, loan);
    bind_since(query, 2, change);
    bind_date(query, 3, day);
    bind_int(query, 4, (int64_t)seq);
    return statement_run(query, err);
}

static bool state_is_there(struct store *store, int64_t loan, bool *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT 1 FROM loan_state WHERE loan_id = $1");
    bind_int(query, 1, loan);
    *ret = statement_one(query);
    return statement_end(query, err);
}

static void bind_days(struct statement *query, const struct loan_state_change *change)
{
    bind_since(query, 2, change);
    if (change->has_next_day) {
        bind_date(query, 3, change->next_day);
    } else {
        bind_null(query, 3);
    }
}

/* The status stays as it is; false in *ret_there if the loan has no state yet. Most repayments
 * leave both days, and a row that is not written leaves its two indices alone. */
static bool days_put(struct store *store, int64_t loan, const struct loan_state_change *change,
                     bool *ret_there, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "UPDATE loan_state SET overdue_since = $2, next_day = $3 WHERE loan_id = $1"
               " AND (overdue_since IS NOT $2 OR next_day IS NOT $3)");
    bind_int(query, 1, loan);
    bind_days(query, change);
    if (!statement_run(query, err)) {
        return false;
    }
    *ret_there = store_changes(store) == 1;
    return *ret_there || state_is_there(store, loan, ret_there, err);
}

bool loan_state_put(struct store *store, uint64_t seq, int64_t loan, struct date day,
                    const struct loan_state_change *change, struct error *err)
{
    if ((change->status != NULL && !history_add(store, seq, loan, day, change->status, err)) ||
        !overdue_add(store, seq, loan, day, change, err)) {
        return false;
    }
    bool there = false;
    if (change->status == NULL && !days_put(store, loan, change, &there, err)) {
        return false;
    }
    if (there) {
        return true;
    }
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO loan_state (loan_id, status, overdue_since, next_day)"
                           " VALUES ($1, (SELECT status FROM loan_status WHERE loan_id = $1"
                           " ORDER BY n DESC LIMIT 1), $2, $3) ON CONFLICT (loan_id) DO UPDATE SET"
                           " status = excluded.status, overdue_since = excluded.overdue_since,"
                           " next_day = excluded.next_day");
    bind_int(query, 1, loan);
    bind_days(query, change);
    return statement_run(query, err);
}

bool loan_class_put(struct store *store, uint64_t seq, int64_t loan, struct date day,
                    const char *class, struct error *err)
{
    AUTO_STATEMENT struct statement *row =
        store_query(store, "INSERT INTO loan_class (loan_id, n, day, class, seq)"
                           " VALUES ($1, (SELECT coalesce(max(n), 0) + 1 FROM loan_class"
                           " WHERE loan_id = $1), $2, $3, $4)");
    bind_int(row, 1, loan);
    bind_date(row, 2, day);
    bind_text(row, 3, class);
    bind_int(row, 4, (int64_t)seq);
    if (!statement_run(row, err)) {
        return false;
    }
    AUTO_STATEMENT struct statement *state =
        store_query(store, "UPDATE loan_state SET class = $2 WHERE loan_id = $1");
    bind_int(state, 1, loan);
    bind_text(state, 2, class);
    return statement_run(state, err);
}

bool loan_overdue_changes(struct store *store, int64_t loan, struct arena *arena,
                          struct overdue_change **ret, size_t *ret_count, struct error *err)
{
    size_t room = 0;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT t.day, t.since FROM loan_overdue AS t WHERE t.loan_id = $1"
                           " AND" OF_NO_REVERSAL("t.seq") " ORDER BY t.n");

    *ret = NULL;
    *ret_count = 0;
    bind_int(query, 1, loan);
    while (statement_row(query)) {
        *ret = arena_grow(arena, *ret, *ret_count, &room, sizeof **ret);
        struct overdue_change *change = &(*ret)[(*ret_count)++];
        *change = (struct overdue_change){.day = column_date(query, 0),
                                          .is_overdue = !column_is_null(query, 1)};
        if (change->is_overdue) {
            change->since = column_date(query, 1);
        }
    }
    return statement_end(query, err);
}

/* Unpaid principal of the loans that a query joins as `s`. */
#define UNPAID_OF_LOANS                                                                            \
    "SELECT coalesce(sum(b.fen), 0) FROM loan_state AS s JOIN loan_balance AS b"                   \
    " ON b.loan_id = s.loan_id AND b.account_id IN ($2, $3, $4) WHERE "

static bool read_unpaid(struct statement *query, struct money *ret, struct error *err)
{
    bind_int(query, 2, ACCOUNT_LOANS_NORMAL);
    bind_int(query, 3, ACCOUNT_LOANS_OVERDUE);
    bind_int(query, 4, ACCOUNT_LOANS_NON_ACCRUAL);
    *ret = MONEY_ZERO;
    if (statement_one(query)) {
        *ret = column_money(query, 0);
    }
    return statement_end(query, err);
}

bool loans_overdue_since(struct store *store, struct date day, struct money *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, UNPAID_OF_LOANS "s.overdue_since <= $1");
    bind_date(query, 1, day);
    return read_unpaid(query, ret, err);
}

bool loans_in_class(struct store *store, const char *class, struct date not_since,
                    struct money *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, UNPAID_OF_LOANS "s.class = $5 AND s.class <> 'normal'"
                               " AND (s.overdue_since IS NULL OR s.overdue_since > $1)");
    bind_date(query, 1, not_since);
    bind_text(query, 5, class);
    return read_unpaid(query, ret, err);
}
