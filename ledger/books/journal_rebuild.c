#include "ledger/books/journal.h"

#include "ledger/books/tally.h"

#include <string.h>

bool journal_keep_period(struct store *store, struct date last_day, struct error *err)
{
    AUTO_STATEMENT struct statement *insert = store_query(
        store, "INSERT INTO period_balance (last_day, account_id, debit_fen, credit_fen) "
               "SELECT $1, account_id, debit_fen, credit_fen FROM balance WHERE account_id > 0");
    bind_date(insert, 1, last_day);
    return statement_run(insert, err);
}

static bool clear_kept(struct store *store, struct error *err)
{
    AUTO_STATEMENT struct statement *periods = store_query(store, "DELETE FROM period_balance");
    AUTO_STATEMENT struct statement *loans = store_query(store, "DELETE FROM loan_balance");
    AUTO_STATEMENT struct statement *balances = store_query(store, "DELETE FROM balance");
    return statement_run(periods, err) && statement_run(loans, err) && statement_run(balances, err);
}

static bool period_put(struct store *store, struct date last_day,
                       const struct turnover turnover[static ACCOUNT_SLOTS], struct error *err)
{
    for (size_t i = 0; i < account_count(); i++) {
        AUTO_STATEMENT struct statement *insert = store_query(
            store, "INSERT INTO period_balance (last_day, account_id, debit_fen, credit_fen) "
                   "VALUES ($1, $2, $3, $4)");
        enum account account = account_at(i);
        bind_date(insert, 1, last_day);
        bind_int(insert, 2, (int64_t)account);
        bind_money(insert, 3, turnover[account].debit);
        bind_money(insert, 4, turnover[account].credit);
        if (!statement_run(insert, err)) {
            return false;
        }
    }
    return true;
}

static bool balances_put(struct store *store, const struct turnover turnover[static ACCOUNT_SLOTS],
                         struct error *err)
{
    for (size_t i = 0; i < account_count(); i++) {
        AUTO_STATEMENT struct statement *insert = store_query(
            store, "INSERT INTO balance (account_id, debit_fen, credit_fen) VALUES ($1, $2, $3)");
        enum account account = account_at(i);
        bind_int(insert, 1, (int64_t)account);
        bind_money(insert, 2, turnover[account].debit);
        bind_money(insert, 3, turnover[account].credit);
        if (!statement_run(insert, err)) {
            return false;
        }
    }
    return true;
}

/* One pass over the lines, with a stop at the end of each closed period. */
static bool rebuild_accounts(struct store *store, struct error *err)
{
    struct turnover turnover[ACCOUNT_SLOTS];
    memset(turnover, 0, sizeof turnover);
    int64_t done = 0;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT closed_day.day, closed_day.last_entry FROM closed_period "
                           "JOIN closed_day ON closed_day.day = closed_period.last_day "
                           "ORDER BY closed_period.last_day");
    while (statement_row(query)) {
        struct date last_day = column_date(query, 0);
        int64_t last_entry = column_int(query, 1);
        if (!tally_lines(store, done, last_entry, turnover, err) ||
            !period_put(store, last_day, turnover, err)) {
            return false;
        }
        done = last_entry;
    }
    return statement_end(query, err) && tally_lines(store, done, INT64_MAX, turnover, err) &&
           balances_put(store, turnover, err);
}

static bool rebuild_loans(struct store *store, struct error *err)
{
    AUTO_STATEMENT struct statement *insert =
        store_query(store, "INSERT INTO loan_balance (loan_id, account_id, fen, dated_fen) "
                           "SELECT line.loan_id, line.account_id, sum(line.fen), "
                           "sum(CASE WHEN line.account_id BETWEEN $1 AND $2 "
                           "THEN line.fen * entry.value_date ELSE 0 END) FROM line "
                           "JOIN entry ON entry.id = line.entry_id WHERE line.loan_id IS NOT NULL "
                           "GROUP BY line.loan_id, line.account_id");
    bind_int(insert, 1, ACCOUNT_LOANS_NORMAL);
    bind_int(insert, 2, ACCOUNT_LOANS_NON_ACCRUAL);
    return statement_run(insert, err);
}

bool journal_rebuild(struct store *store, struct error *err)
{
    return clear_kept(store, err) && rebuild_accounts(store, err) && rebuild_loans(store, err);
}
