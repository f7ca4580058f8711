#include "ledger/fund/fund.h"

#include "ledger/base/text.h"
#include "ledger/books/journal.h"

static bool reserved_load(struct store *store, struct money *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT coalesce(sum(d.fen), 0) FROM claim_due AS d"
                           " WHERE 'fund' IN (d.booked, d.booked_by) AND 'filed' ="
                           " (SELECT s.status FROM claim_status AS s WHERE s.claim_id = d.claim_id"
                           " ORDER BY s.n DESC LIMIT 1)");
    if (statement_one(query)) {
        *ret = column_money(query, 0);
    }
    return statement_end(query, err);
}

static bool opened_load(struct store *store, bool *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT 1 FROM fund_payment WHERE kind = 'opening'");
    *ret = statement_one(query);
    return statement_end(query, err);
}

bool fund_position_load(struct store *store, struct fund_position *ret, struct error *err)
{
    struct money payable;
    struct money advances;

    *ret = (struct fund_position){0};
    if (!opened_load(store, &ret->opened, err) ||
        !account_balance(store, ACCOUNT_SPECIAL_ACCOUNT, &ret->special_account, err) ||
        !account_balance(store, ACCOUNT_CLAIMS_PAYABLE, &payable, err) ||
        !account_balance(store, ACCOUNT_ADVANCES_PAYABLE, &advances, err) ||
        !account_balance(store, ACCOUNT_ADVANCES_RECEIVABLE, &ret->advances_receivable, err) ||
        !reserved_load(store, &ret->reserved, err)) {
        return false;
    }
    ret->claims_payable = money_negate(payable);
    ret->advances_payable = money_negate(advances);
    if (!money_sub(ret->special_account, ret->claims_payable, &ret->free) ||
        !money_sub(ret->free, ret->advances_payable, &ret->free) ||
        !money_sub(ret->free, ret->reserved, &ret->free)) {
        return error_set(err, FAULT_INTEGRITY, "fund.overflow",
                         _("the balances of the fund do not fit"));
    }
    return true;
}

bool fund_topped_up(struct store *store, int year, bool *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT 1 FROM fund_payment WHERE year = $1");
    bind_int(query, 1, year);
    *ret = statement_one(query);
    return statement_end(query, err);
}

bool fund_payment_next(struct store *store, int64_t *ret_id, struct error *err)
{
    return store_read_int(store, "SELECT coalesce(max(id), 0) + 1 FROM fund_payment", ret_id, err);
}

bool fund_payment_put(struct store *store, uint64_t seq, int64_t id,
                      const struct fund_payment *payment, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO fund_payment (id, kind, fen, base_fen, year, day, seq)"
                           " VALUES ($1, $2, $3, $4, $5, $6, $7)");
    bind_int(query, 1, id);
    bind_text(query, 2, payment->kind);
    bind_money(query, 3, payment->amount);
    if (payment->year != 0) {
        bind_money(query, 4, payment->base);
        bind_int(query, 5, payment->year);
    } else {
        bind_null(query, 4);
        bind_null(query, 5);
    }
    bind_date(query, 6, payment->day);
    bind_int(query, 7, (int64_t)seq);
    return statement_run(query, err);
}

void fund_payment_entries(struct entry_list *list, const char *kind, struct money amount,
                          struct date value_date)
{
    bool interest = text_equal(kind, "interest");
    enum account source = interest ? ACCOUNT_INTEREST_EXPENSE : ACCOUNT_BANK_MONEY;
    enum account origin = interest                     ? ACCOUNT_INTEREST_EARNED
                          : text_equal(kind, "top-up") ? ACCOUNT_TOP_UPS
                                                       : ACCOUNT_CAPITAL;
    const char *word = interest                     ? "fund-interest"
                       : text_equal(kind, "top-up") ? "fund-top-up"
                                                    : "fund-deposit";
    entry_pair(list, BOOK_BANK, word, value_date, source, ACCOUNT_FUND_DEPOSIT, amount, 0);
    entry_pair(list, BOOK_FUND, word, value_date, ACCOUNT_SPECIAL_ACCOUNT, origin, amount, 0);
}

/* The end of a closed day in the order of events. */
static bool last_event_of(struct store *store, struct date day, uint64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT seq FROM closed_day WHERE day = $1");
    bind_date(query, 1, day);
    *ret = statement_one(query) ? (uint64_t)column_int(query, 0) : 0;
    return statement_end(query, err);
}

bool fund_top_ups_load(struct store *store, struct date from, struct date to, struct arena *arena,
                       struct past_top_up **ret, size_t *ret_count, struct error *err)
{
    size_t capacity = 0;
    bool ok = true;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT fen, base_fen, year FROM fund_payment"
                           " WHERE kind = 'top-up' AND day BETWEEN $1 AND $2 ORDER BY year");

    bind_date(query, 1, from);
    bind_date(query, 2, to);
    *ret = NULL;
    *ret_count = 0;
    while (ok && statement_row(query)) {
        struct past_top_up one = {.amount = column_money(query, 0), .base = column_money(query, 1)};
        int year = (int)column_int(query, 2);
        *ret = arena_grow(arena, *ret, *ret_count, &capacity, sizeof **ret);
        ok = date_from_ymd((struct ymd){year, 12, 31}, &one.last) &&
             last_event_of(store, one.last, &one.upto_seq, err);
        (*ret)[(*ret_count)++] = one;
    }
    return ok && statement_end(query, err);
}
