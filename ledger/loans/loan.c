#include "ledger/loans/loan_columns.h"

#include "ledger/base/text.h"
#include "ledger/books/journal.h"
#include "ledger/loans/loan_reversal.h"

static bool overflow(struct error *err)
{
    return error_set(err, FAULT_INTEGRITY, "loan.overflow", _("the amounts of a loan do not fit"));
}

static void application_read(struct statement *query, struct arena *arena, struct loan *ret)
{
    ret->household = column_int(query, 0);
    ret->borrower = column_int(query, 1);
    ret->product = arena_text(arena, column_text(query, 2));
    ret->purpose = arena_text(arena, column_text(query, 3));
    ret->applied = column_money(query, 4);
    ret->term_months = (int)column_int(query, 5);
    ret->rate = column_rate(query, 6);
    ret->applied_on = column_date(query, 7);
    ret->policy = column_sha256(query, 8);
    ret->applied_by = arena_text(arena, column_text(query, 9));
    ret->applied_seq = (uint64_t)column_int(query, 10);
    ret->status = arena_text(arena, column_text(query, 11));
    ret->class = arena_text(arena, column_text(query, 21));
    ret->has_overdue_since = !column_is_null(query, 12);
    if (ret->has_overdue_since) {
        ret->overdue_since = column_date(query, 12);
    }
}

static void approval_read(struct statement *query, struct loan *ret)
{
    ret->is_approved = !column_is_null(query, 13);
    if (ret->is_approved) {
        ret->approved = column_money(query, 13);
        ret->approved_on = column_date(query, 14);
    }
}

static void contract_read(struct statement *query, struct loan *ret)
{
    ret->is_paid_out = !column_is_null(query, 15);
    if (ret->is_paid_out) {
        ret->principal = column_money(query, 15);
        ret->covered = column_money(query, 16);
        ret->start = column_date(query, 17);
        ret->due = column_date(query, 18);
        ret->settle_day = (int)column_int(query, 19);
        ret->policy = column_sha256(query, 20);
        ret->settled_upto = ret->start;
    }
}

static void progress_read(struct statement *query, struct loan *ret)
{
    if (!column_is_null(query, LOAN_COLUMNS_COUNT)) {
        ret->settled_upto = column_date(query, LOAN_COLUMNS_COUNT);
    }
}

void loan_columns_read(struct statement *query, struct arena *arena, struct loan *ret)
{
    application_read(query, arena, ret);
    approval_read(query, ret);
    contract_read(query, ret);
}

/* In one query: most commands ask it. */
static bool facts_load(struct store *store, struct arena *arena, struct loan *ret,
                       struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT " LOAN_COLUMNS ","
               " (SELECT t.upto_day FROM loan_settlement AS t"
               " WHERE t.loan_id = l.id AND" SETTLEMENT_STANDS " ORDER BY t.upto_day DESC LIMIT 1)"
               " FROM " LOAN_TABLES " WHERE l.id = $1");
    bind_int(query, 1, ret->id);
    bool found = statement_one(query);
    if (found) {
        loan_columns_read(query, arena, ret);
        progress_read(query, ret);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    if (!found) {
        error_set(err, FAULT_REFUSED, "loan.not-found", _("there is no loan L%lld"),
                  (long long)ret->id);
        return error_next(err, _("`yicang loan list` shows all"));
    }
    return true;
}

bool loan_balance_read(struct loan *ret, const struct loan_balance *balance, struct error *err)
{
    struct {
        enum account account;
        struct money *place;
    } places[] = {
        {ACCOUNT_LOANS_NORMAL, &ret->normal},
        {ACCOUNT_LOANS_OVERDUE, &ret->overdue},
        {ACCOUNT_LOANS_NON_ACCRUAL, &ret->non_accrual},
        {ACCOUNT_INTEREST_RECEIVABLE, &ret->interest_receivable},
        {ACCOUNT_OFF_BALANCE_INTEREST, &ret->off_balance_interest},
    };
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        if (places[i].account == balance->account) {
            *places[i].place = balance->amount;
        }
    }
    /* Nothing but what repayments bring is posted there, and reversals take back. */
    if (balance->account == ACCOUNT_PENALTY_INCOME) {
        ret->penalty_paid = money_negate(balance->amount);
    }
    return !account_is_principal(balance->account) ||
           !__builtin_add_overflow(ret->principal_dated, balance->dated, &ret->principal_dated) ||
           overflow(err);
}

static bool balances_load(struct store *store, struct loan *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT account_id, fen, dated_fen FROM loan_balance WHERE loan_id = $1");
    bind_int(query, 1, ret->id);
    while (statement_row(query)) {
        struct loan_balance balance = {(enum account)column_int(query, 0), column_money(query, 1),
                                       column_int(query, 2)};
        if (!loan_balance_read(ret, &balance, err)) {
            return false;
        }
    }
    return statement_end(query, err);
}

bool loan_load(struct store *store, struct arena *arena, int64_t id, struct loan *ret,
               struct error *err)
{
    *ret = (struct loan){.id = id};
    return facts_load(store, arena, ret, err) && balances_load(store, ret, err);
}

bool loan_pending(struct store *store, int64_t borrower, const char *product, int64_t *ret,
                  struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT l.id FROM loan AS l JOIN loan_state AS s ON s.loan_id = l.id"
                           " WHERE l.household_id = (SELECT household_id FROM person WHERE id = $1)"
                           " AND l.borrower_id = $1 AND l.product = $2 AND s.status = 'applied'"
                           " ORDER BY l.id LIMIT 1");
    bind_int(query, 1, borrower);
    bind_text(query, 2, product);
    *ret = statement_one(query) ? column_int(query, 0) : 0;
    return statement_end(query, err);
}

bool loan_next(struct store *store, int64_t *ret, struct error *err)
{
    return store_read_int(store, "SELECT coalesce(max(id), 0) + 1 FROM loan", ret, err);
}

struct money loan_unpaid(const struct loan *loan)
{
    /* raw: each is a balance of the store, bounded far below what a sum of three could overflow */
    return money_from_fen(money_fen(loan->normal) + money_fen(loan->overdue) +
                          money_fen(loan->non_accrual));
}

struct money loan_unpaid_covered(const struct loan *loan)
{
    return money_min(loan->covered, loan_unpaid(loan));
}

enum account loan_account(const char *status)
{
    if (text_equal(status, "normal")) {
        return ACCOUNT_LOANS_NORMAL;
    }
    return text_equal(status, "overdue") ? ACCOUNT_LOANS_OVERDUE : ACCOUNT_LOANS_NON_ACCRUAL;
}

const struct word loan_status_words[LOAN_STATUSES] = {
    {"applied", "applied", "已申请"},     {"approved", "approved", "已审批"},
    {"refused", "refused", "已拒绝"},     {"normal", "normal", "正常"},
    {"overdue", "overdue", "逾期"},       {"non-accrual", "non-accrual", "非应计"},
    {"claimed", "claimed", "已申请补偿"}, {"compensated", "compensated", "已补偿"},
    {"closed", "closed", "已结清"},
};

const char *loan_status_tell(const char *status)
{
    return word_tell(loan_status_words, COUNT_OF(loan_status_words), status);
}

bool status_is_overdue(const char *status)
{
    return text_equal(status, "overdue") || text_equal(status, "non-accrual") ||
           text_equal(status, "claimed") || text_equal(status, "compensated");
}

static bool add_loan(struct household_loans *sum, const struct loan *loan, struct error *err)
{
    struct money unpaid = loan_unpaid(loan);
    bool ended = text_equal(loan->status, "refused") || text_equal(loan->status, "lapsed") ||
                 text_equal(loan->status, "closed");

    sum->open += ended ? 0 : 1;
    if (loan->is_paid_out) {
        if (!money_add(sum->balance, unpaid, &sum->balance) ||
            !money_add(sum->covered, loan_unpaid_covered(loan), &sum->covered)) {
            return overflow(err);
        }
        sum->overdue += status_is_overdue(loan->status) ? 1 : 0;
        return true;
    }
    if (text_equal(loan->status, "approved") &&
        !money_add(sum->approved, loan->approved, &sum->approved)) {
        return overflow(err);
    }
    return true;
}

#define HOUSEHOLD_LOANS_MAX 1000

bool household_loans_load(struct store *store, struct arena *arena, int64_t household,
                          int64_t without_loan, struct household_loans *ret, struct error *err)
{
    int64_t *loans = arena_alloc_array(arena, HOUSEHOLD_LOANS_MAX, sizeof *loans);
    size_t count = 0;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT id FROM loan WHERE household_id = $1 AND id <> $2");

    *ret = (struct household_loans){0};
    bind_int(query, 1, household);
    bind_int(query, 2, without_loan);
    bool more = statement_row(query);
    while (more && count < HOUSEHOLD_LOANS_MAX) {
        loans[count++] = column_int(query, 0);
        more = statement_row(query);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    if (more) {
        return error_set(err, FAULT_REFUSED, "household.too-many-loans",
                         _("household H%lld has more than %d loans"), (long long)household,
                         HOUSEHOLD_LOANS_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        struct loan loan;
        if (!loan_load(store, arena, loans[i], &loan, err) || !add_loan(ret, &loan, err)) {
            return false;
        }
    }
    return true;
}
