#include "reports/definition.h"
#include "reports/words.h"

#include "ledger/loans/loan_reversal.h"

#define REPAYMENT_STOOD NOT_REVERSED_UPTO("r.seq", "$2")
#define SETTLEMENT_STOOD NOT_REVERSED_UPTO("t.seq", "$2")

/* What was paid back, and how much of it was interest. */
static bool read_repayments(struct store *store, int64_t loan, const struct report_cut *cut,
                            struct loan_position *ret, struct money *ret_interest,
                            struct error *err)
{
    bool ok = true;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT r.principal_fen, r.interest_fen FROM repayment AS r"
                           " WHERE r.loan_id = $1 AND r.seq <= $2"
                           " AND" REPAYMENT_STOOD);
    bind_int(query, 1, loan);
    bind_int(query, 2, cut->seq);
    while (ok && statement_row(query)) {
        ok = report_add(&ret->repaid_principal, column_money(query, 0), err) &&
             report_add(ret_interest, column_money(query, 1), err);
    }
    return ok && statement_end(query, err);
}

static bool read_recoveries(struct store *store, int64_t loan, const struct report_cut *cut,
                            struct loan_position *ret, struct error *err)
{
    bool ok = true;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT r.insurer_fen, r.fund_fen, r.bank_fen"
                           " FROM claim AS c JOIN recovery AS r ON r.claim_id = c.id"
                           " WHERE c.loan_id = $1 AND r.seq <= $2");
    bind_int(query, 1, loan);
    bind_int(query, 2, cut->seq);
    while (ok && statement_row(query)) {
        struct money insurer = column_money(query, 0);
        struct money fund = column_money(query, 1);
        ok = report_add(&ret->repaid_principal, insurer, err) &&
             report_add(&ret->repaid_principal, fund, err) &&
             report_add(&ret->repaid_principal, column_money(query, 2), err) &&
             report_subtract(&ret->subrogated, insurer, err) &&
             report_subtract(&ret->subrogated, fund, err);
    }
    return ok && statement_end(query, err);
}

static bool read_claims(struct store *store, int64_t loan, const struct report_cut *cut,
                        struct loan_position *ret, struct error *err)
{
    bool ok = true;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT c.insurer_fen, c.fund_fen"
                           " FROM claim AS c JOIN claim_status AS s ON s.claim_id = c.id"
                           " WHERE c.loan_id = $1 AND s.status = 'accepted' AND s.seq <= $2");
    bind_int(query, 1, loan);
    bind_int(query, 2, cut->seq);
    while (ok && statement_row(query)) {
        ok = report_add(&ret->subrogated, column_money(query, 0), err) &&
             report_add(&ret->subrogated, column_money(query, 1), err);
    }
    return ok && statement_end(query, err);
}

struct interest_walk {
    struct money paid_left; /* interest paid, not yet set against a settlement */
    struct date as_of;
    struct date oldest_due; /* of what is overdue; as_of if nothing is */
};

/* Payments go to the oldest settlement first. */
static bool walk_settlement(struct interest_walk *walk, struct money owed, struct date due,
                            struct loan_position *ret, struct error *err)
{
    struct money covered = money_min(owed, walk->paid_left);
    struct money left = owed;
    if (!report_subtract(&walk->paid_left, covered, err) || !report_subtract(&left, covered, err)) {
        return false;
    }
    if (!money_is_positive(left) || date_compare(due, walk->as_of) >= 0) {
        return true;
    }
    walk->oldest_due = date_min(walk->oldest_due, due);
    return report_add(&ret->interest_arrears, left, err);
}

static bool read_settlements(struct store *store, int64_t loan, const struct report_cut *cut,
                             struct interest_walk *walk, struct loan_position *ret,
                             struct error *err)
{
    bool ok = true;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT t.interest_fen, t.treasury_fen, t.due_day"
                           " FROM loan_settlement AS t WHERE t.loan_id = $1 AND t.seq <= $2"
                           " AND" SETTLEMENT_STOOD " ORDER BY t.upto_day");
    bind_int(query, 1, loan);
    bind_int(query, 2, cut->seq);
    while (ok && statement_row(query)) {
        struct money owed = column_money(query, 0);
        struct money treasury = column_money(query, 1);
        ok = report_subtract(&owed, treasury, err) && report_add(&ret->subsidy, treasury, err) &&
             walk_settlement(walk, owed, column_date(query, 2), ret, err);
    }
    return ok && statement_end(query, err);
}

bool loan_position_load(struct store *store, const struct loan_terms *terms, struct date as_of,
                        const struct report_cut *cut, struct loan_position *ret, struct error *err)
{
    struct interest_walk walk = {.as_of = as_of, .oldest_due = as_of};
    *ret = (struct loan_position){.unpaid_principal = terms->principal};
    if (!read_repayments(store, terms->id, cut, ret, &walk.paid_left, err) ||
        !read_claims(store, terms->id, cut, ret, err) ||
        !read_recoveries(store, terms->id, cut, ret, err) ||
        !read_settlements(store, terms->id, cut, &walk, ret, err) ||
        !report_subtract(&ret->unpaid_principal, ret->repaid_principal, err)) {
        return false;
    }
    if (money_is_positive(ret->unpaid_principal) && date_compare(terms->due, as_of) < 0) {
        ret->overdue_principal = ret->unpaid_principal;
        walk.oldest_due = date_min(walk.oldest_due, terms->due);
    }
    ret->days_overdue = date_days_between(walk.oldest_due, as_of);
    return true;
}

/* The last word of a dated history; else, if there is one, the word before its first row. */
static bool read_last(struct statement *query, int64_t loan, const struct report_cut *cut,
                      const char *before, const char **ret, struct arena *arena, struct error *err)
{
    bind_int(query, 1, loan);
    bind_int(query, 2, cut->seq);
    *ret = statement_one(query) ? arena_text(arena, column_text(query, 0)) : before;
    return statement_end(query, err);
}

bool loan_status_load(struct store *store, int64_t loan, const struct report_cut *cut,
                      struct table *table, struct cell *ret, struct error *err)
{
    const char *status = NULL;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT status FROM loan_status WHERE loan_id = $1 AND seq <= $2"
                           " ORDER BY n DESC LIMIT 1");

    *ret = (struct cell){.kind = CELL_EMPTY};
    if (!read_last(query, loan, cut, NULL, &status, table->arena, err)) {
        return false;
    }
    if (status != NULL) {
        *ret = word_of_loan_status(table, status);
    }
    return true;
}

bool loan_class_load(struct store *store, int64_t loan, const struct report_cut *cut,
                     struct table *table, struct cell *ret, struct error *err)
{
    const char *class = NULL;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT class FROM loan_class WHERE loan_id = $1 AND seq <= $2"
                           " ORDER BY n DESC LIMIT 1");

    if (!read_last(query, loan, cut, "normal", &class, table->arena, err)) {
        return false;
    }
    *ret = word_of_loan_class(table, class);
    return true;
}
