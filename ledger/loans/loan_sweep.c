#include "ledger/loans/loan_sweep.h"

#include "ledger/base/text.h"

/* All queries go by the number of the loan, so what belongs to one stands together. */
struct sweep {
    struct statement *settlements;
    bool more_settlements; /* it stands on a row */
    struct statement *later;
    bool more_later;
};

static const char loans_sql[] =
    "SELECT l.id, l.household_id, l.borrower_id, l.product, l.purpose, l.applied_fen,"
    " l.term_months, l.rate_ppm, l.applied_on, l.policy, l.seq,"
    " coalesce((SELECT s.office FROM staff AS s WHERE s.code = l.actor), ''),"
    " t.status, t.overdue_since, coalesce((SELECT sum(b.fen) FROM loan_balance AS b"
    " WHERE b.loan_id = l.id AND b.account_id BETWEEN $1 AND $2), 0),"
    " EXISTS (SELECT 1 FROM loan AS o WHERE o.household_id = l.household_id AND o.id <> l.id),"
    " EXISTS (SELECT 1 FROM loan_override AS v WHERE v.loan_id = l.id),"
    " EXISTS (SELECT 1 FROM claim AS m WHERE m.loan_id = l.id),"
    " a.fen, a.approved_on, a.seq,"
    " c.principal_fen, c.covered_fen, c.start_day, c.due_day, c.settle_day, c.policy, c.seq"
    " FROM loan AS l JOIN loan_state AS t ON t.loan_id = l.id"
    " LEFT JOIN loan_approval AS a ON a.loan_id = l.id"
    " LEFT JOIN loan_contract AS c ON c.loan_id = l.id WHERE l.applied_on <= $3 ORDER BY l.id";

/* What moved the principal after the close of the day. */
static const char later_sql[] =
    "SELECT line.loan_id, sum(line.fen) FROM entry JOIN line ON line.entry_id = entry.id"
    " WHERE entry.seq > (SELECT seq FROM closed_day WHERE day = $1)"
    " AND line.account_id BETWEEN $2 AND $3 AND line.loan_id IS NOT NULL"
    " GROUP BY line.loan_id ORDER BY line.loan_id";

static void read_application(struct statement *query, struct arena *arena, struct swept_loan *ret)
{
    struct loan *loan = &ret->loan;

    loan->id = column_int(query, 0);
    loan->household = column_int(query, 1);
    loan->borrower = column_int(query, 2);
    loan->product = arena_text(arena, column_text(query, 3));
    loan->purpose = arena_text(arena, column_text(query, 4));
    loan->applied = column_money(query, 5);
    loan->term_months = (int)column_int(query, 6);
    loan->rate = column_rate(query, 7);
    loan->applied_on = column_date(query, 8);
    loan->policy = column_sha256(query, 9);
    loan->applied_seq = (uint64_t)column_int(query, 10);
    ret->office = arena_text(arena, column_text(query, 11));
    loan->status = arena_text(arena, column_text(query, 12));
    loan->has_overdue_since = !column_is_null(query, 13);
    if (loan->has_overdue_since) {
        loan->overdue_since = column_date(query, 13);
    }
    ret->unpaid = column_money(query, 14);
    ret->alone = !column_bool(query, 15);
    ret->has_override = column_bool(query, 16);
    ret->has_claim = column_bool(query, 17);
}

static void read_approval_and_contract(struct statement *query, struct swept_loan *ret)
{
    struct loan *loan = &ret->loan;

    loan->is_approved = !column_is_null(query, 18);
    if (loan->is_approved) {
        loan->approved = column_money(query, 18);
        loan->approved_on = column_date(query, 19);
        ret->approved_seq = (uint64_t)column_int(query, 20);
    }
    loan->is_paid_out = !column_is_null(query, 21);
    if (loan->is_paid_out) {
        loan->principal = column_money(query, 21);
        loan->covered = column_money(query, 22);
        loan->start = column_date(query, 23);
        loan->due = column_date(query, 24);
        loan->settle_day = (int)column_int(query, 25);
        loan->policy = column_sha256(query, 26);
        ret->paid_out_seq = (uint64_t)column_int(query, 27);
    }
}

static void take_settlements(struct sweep *sweep, struct arena *arena, struct swept_loan *ret)
{
    struct statement *query = sweep->settlements;
    size_t capacity = 0;

    while (sweep->more_settlements && column_int(query, 0) < ret->loan.id) {
        sweep->more_settlements = statement_row(query);
    }
    while (sweep->more_settlements && column_int(query, 0) == ret->loan.id) {
        ret->settlement = arena_grow(arena, ret->settlement, ret->settlements, &capacity,
                                     sizeof *ret->settlement);
        ret->settlement[ret->settlements++] =
            (struct settlement){.upto = column_date(query, 1),
                                .from = column_date(query, 2),
                                .fen_days = column_int(query, 3),
                                .interest = column_money(query, 4),
                                .treasury = column_money(query, 5),
                                .due = column_date(query, 6)};
        sweep->more_settlements = statement_row(query);
    }
}

static bool take_off_later(struct sweep *sweep, struct swept_loan *ret, struct error *err)
{
    bool fits = true;

    while (sweep->more_later && column_int(sweep->later, 0) < ret->loan.id) {
        sweep->more_later = statement_row(sweep->later);
    }
    if (sweep->more_later && column_int(sweep->later, 0) == ret->loan.id) {
        fits = money_sub(ret->unpaid, column_money(sweep->later, 1), &ret->unpaid);
    }
    return fits || error_set(err, FAULT_INTEGRITY, "loan.overflow",
                             _("the outstanding principal does not fit"));
}

static void bind_all(struct sweep *sweep, struct statement *loans, struct date from, struct date to)
{
    bind_int(loans, 1, ACCOUNT_LOANS_NORMAL);
    bind_int(loans, 2, ACCOUNT_LOANS_NON_ACCRUAL);
    bind_date(loans, 3, to);
    bind_date(sweep->settlements, 1, from);
    bind_date(sweep->settlements, 2, to);
    bind_date(sweep->later, 1, to);
    bind_int(sweep->later, 2, ACCOUNT_LOANS_NORMAL);
    bind_int(sweep->later, 3, ACCOUNT_LOANS_NON_ACCRUAL);
}

bool loans_sweep(struct store *store, struct date from, struct date to, struct arena *arena,
                 loan_visitor visit, void *context, struct error *err)
{
    bool ok = true;
    AUTO_STATEMENT struct statement *loans = store_query(store, loans_sql);
    AUTO_STATEMENT struct statement *settlements =
        store_query(store, "SELECT loan_id, upto_day, from_day, fen_days, interest_fen,"
                           " treasury_fen, due_day FROM loan_settlement"
                           " WHERE settled_on BETWEEN $1 AND $2 ORDER BY loan_id, upto_day");
    AUTO_STATEMENT struct statement *later = store_query(store, later_sql);
    struct sweep sweep = {.settlements = settlements, .later = later};

    bind_all(&sweep, loans, from, to);
    sweep.more_settlements = statement_row(settlements);
    sweep.more_later = statement_row(later);
    while (ok && statement_row(loans)) {
        struct swept_loan loan = {0};
        read_application(loans, arena, &loan);
        read_approval_and_contract(loans, &loan);
        take_settlements(&sweep, arena, &loan);
        ok = take_off_later(&sweep, &loan, err) && visit(context, &loan, err);
        arena_reset(arena);
    }
    return ok && statement_end(loans, err) && statement_end(settlements, err) &&
           statement_end(later, err);
}
