#include "ledger/books/tally.h"

#include "ledger/base/text.h"

#include <inttypes.h>
#include <string.h>

bool tally_refuse_overflow(struct error *err)
{
    return error_set(err, FAULT_REFUSED, "journal.overflow",
                     _("the turnover of an account would pass 40,000,000,000,000,000 yuan"));
}

bool turnover_add(struct turnover *turnover, struct money amount)
{
    struct money *side = money_is_negative(amount) ? &turnover->credit : &turnover->debit;
    struct money size = money_is_negative(amount) ? money_negate(amount) : amount;
    struct money sum = MONEY_ZERO;
    if (!money_add(*side, size, &sum) || money_fen(sum) > TURNOVER_LIMIT_FEN) {
        return false;
    }
    *side = sum;
    return true;
}

bool turnover_balance(const struct turnover *turnover, struct money *ret)
{
    return money_sub(turnover->debit, turnover->credit, ret);
}

static bool refuse_account(struct error *err, int64_t number)
{
    return error_set(err, FAULT_INTEGRITY, "journal.account",
                     _("the journal names account %" PRId64 ", which does not exist"), number);
}

bool tally_lines(struct store *store, int64_t after, int64_t upto,
                 struct turnover ret[static ACCOUNT_SLOTS], struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT account_id, fen FROM line WHERE entry_id > $1 AND entry_id <= $2");
    bind_int(query, 1, after);
    bind_int(query, 2, upto);
    while (statement_row(query)) {
        enum account account = ACCOUNT_BANK_MONEY;
        int64_t number = column_int(query, 0);
        struct money amount = column_money(query, 1);
        if (!account_from_number(number, &account)) {
            return refuse_account(err, number);
        }
        if (!turnover_add(&ret[account], amount)) {
            return tally_refuse_overflow(err);
        }
    }
    return statement_end(query, err);
}

/* Rows of account, debit, credit. */
static bool tally_kept(struct statement *query, struct turnover ret[static ACCOUNT_SLOTS],
                       struct error *err)
{
    memset(ret, 0, ACCOUNT_SLOTS * sizeof ret[0]);
    while (statement_row(query)) {
        enum account account = ACCOUNT_BANK_MONEY;
        int64_t number = column_int(query, 0);
        struct turnover turnover = {money_from_fen(column_int(query, 1)),
                                    money_from_fen(column_int(query, 2))};
        if (!account_from_number(number, &account)) {
            return refuse_account(err, number);
        }
        ret[account] = turnover;
    }
    return statement_end(query, err);
}

bool tally_period(struct store *store, struct date last_day,
                  struct turnover ret[static ACCOUNT_SLOTS], struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT account_id, debit_fen, credit_fen FROM period_balance "
                           "WHERE last_day = $1");
    bind_date(query, 1, last_day);
    return tally_kept(query, ret, err);
}

/* As of a day --------------------------------------------------------------------------------- */

/* The last closed period that ends by `day`; its end is before any day if there is none. */
struct period_end {
    bool found;
    struct date last_day;
    int64_t last_entry;
};

static bool period_end_find(struct store *store, struct date day, struct period_end *ret,
                            struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT closed_day.day, closed_day.last_entry FROM closed_period "
               "JOIN closed_day ON closed_day.day = closed_period.last_day "
               "WHERE closed_period.last_day <= $1 ORDER BY closed_period.last_day DESC LIMIT 1");
    bind_date(query, 1, day);
    *ret = (struct period_end){0};
    if (statement_one(query)) {
        *ret = (struct period_end){true, column_date(query, 0), column_int(query, 1)};
    }
    return statement_end(query, err);
}

/* False in *ret_closed if `day` is still open or to come. */
static bool closed_entry_find(struct store *store, struct date day, bool *ret_closed,
                              int64_t *ret_last_entry, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT last_entry FROM closed_day WHERE day >= $1 ORDER BY day LIMIT 1");
    bind_date(query, 1, day);
    *ret_closed = statement_one(query);
    *ret_last_entry = *ret_closed ? column_int(query, 0) : 0;
    return statement_end(query, err);
}

static bool turnover_now(struct store *store, struct turnover ret[static ACCOUNT_SLOTS],
                         struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT account_id, debit_fen, credit_fen FROM balance");
    return tally_kept(query, ret, err);
}

bool journal_turnover_on(struct store *store, struct date day,
                         struct turnover ret[static ACCOUNT_SLOTS], struct error *err)
{
    bool closed = false;
    int64_t last_entry = 0;
    struct period_end period = {0};
    if (!closed_entry_find(store, day, &closed, &last_entry, err)) {
        return false;
    }
    if (!closed) {
        return turnover_now(store, ret, err);
    }
    memset(ret, 0, ACCOUNT_SLOTS * sizeof ret[0]);
    return period_end_find(store, day, &period, err) &&
           (!period.found || tally_period(store, period.last_day, ret, err)) &&
           tally_lines(store, period.last_entry, last_entry, ret, err);
}

bool account_balance_on(struct store *store, enum account account, struct date day,
                        struct money *ret, struct error *err)
{
    struct turnover turnover[ACCOUNT_SLOTS];
    if (!journal_turnover_on(store, day, turnover, err)) {
        return false;
    }
    return turnover_balance(&turnover[account], ret) || tally_refuse_overflow(err);
}
