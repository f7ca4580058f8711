#include "ledger/loans/loan_sweep.h"

#include "ledger/base/text.h"
#include "ledger/loans/loan_columns.h"
#include "ledger/loans/loan_reversal.h"

/* All queries go by the number of the loan, so what belongs to one stands together. */
struct sweep {
    struct statement *settlements;
    bool more_settlements; /* it stands on a row */
    struct statement *later;
    bool more_later;
};

static const char loans_sql[] =
    "SELECT " LOAN_COLUMNS ", l.id,"
    " coalesce((SELECT o.office FROM staff AS o WHERE o.code = l.actor), ''),"
    " coalesce((SELECT sum(b.fen) FROM loan_balance AS b"
    " WHERE b.loan_id = l.id AND b.account_id BETWEEN $1 AND $2), 0),"
    " EXISTS (SELECT 1 FROM loan AS o WHERE o.household_id = l.household_id AND o.id <> l.id),"
    " EXISTS (SELECT 1 FROM loan_override AS v WHERE v.loan_id = l.id),"
    " EXISTS (SELECT 1 FROM claim AS m WHERE m.loan_id = l.id), a.seq, c.seq,"
    " coalesce((SELECT i.fen FROM premium_item AS i JOIN premium_claim AS p ON p.id = i.claim_id"
    " WHERE i.loan_id = l.id AND p.day BETWEEN $4 AND $3), 0)"
    " FROM " LOAN_TABLES " WHERE l.applied_on <= $3 ORDER BY l.id";

enum own_column {
    COLUMN_ID = LOAN_COLUMNS_COUNT,
    COLUMN_OFFICE,
    COLUMN_UNPAID,
    COLUMN_HAS_OTHERS,
    COLUMN_HAS_OVERRIDE,
    COLUMN_HAS_CLAIM,
    COLUMN_APPROVED_SEQ,
    COLUMN_PAID_OUT_SEQ,
    COLUMN_PREMIUM,
};

/* What moved the principal after the close of the day. */
static const char later_sql[] =
    "SELECT line.loan_id, sum(line.fen) FROM entry JOIN line ON line.entry_id = entry.id"
    " WHERE entry.seq > (SELECT seq FROM closed_day WHERE day = $1)"
    " AND line.account_id BETWEEN $2 AND $3 AND line.loan_id IS NOT NULL"
    " GROUP BY line.loan_id ORDER BY line.loan_id";

static void read_loan(struct statement *query, struct arena *arena, struct swept_loan *ret)
{
    loan_columns_read(query, arena, &ret->loan);
    ret->loan.id = column_int(query, COLUMN_ID);
    ret->office = arena_text(arena, column_text(query, COLUMN_OFFICE));
    ret->unpaid = column_money(query, COLUMN_UNPAID);
    ret->alone = !column_bool(query, COLUMN_HAS_OTHERS);
    ret->has_override = column_bool(query, COLUMN_HAS_OVERRIDE);
    ret->has_claim = column_bool(query, COLUMN_HAS_CLAIM);
    ret->premium = column_money(query, COLUMN_PREMIUM);
    if (ret->loan.is_approved) {
        ret->approved_seq = (uint64_t)column_int(query, COLUMN_APPROVED_SEQ);
    }
    if (ret->loan.is_paid_out) {
        ret->paid_out_seq = (uint64_t)column_int(query, COLUMN_PAID_OUT_SEQ);
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
    bind_date(loans, 4, from);
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
        store_query(store, "SELECT t.loan_id, t.upto_day, t.from_day, t.fen_days, t.interest_fen,"
                           " t.treasury_fen, t.due_day FROM loan_settlement AS t"
                           " WHERE t.settled_on BETWEEN $1 AND $2 AND" SETTLEMENT_STANDS
                           " ORDER BY t.loan_id, t.upto_day");
    AUTO_STATEMENT struct statement *later = store_query(store, later_sql);
    struct sweep sweep = {.settlements = settlements, .later = later};

    bind_all(&sweep, loans, from, to);
    sweep.more_settlements = statement_row(settlements);
    sweep.more_later = statement_row(later);
    while (ok && statement_row(loans)) {
        struct swept_loan loan = {0};
        read_loan(loans, arena, &loan);
        take_settlements(&sweep, arena, &loan);
        ok = take_off_later(&sweep, &loan, err) && visit(context, &loan, err);
        arena_reset(arena);
    }
    return ok && statement_end(loans, err) && statement_end(settlements, err) &&
           statement_end(later, err);
}
