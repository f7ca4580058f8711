#include "ledger/loans/loan_due.h"

#include "ledger/loans/loan_reversal.h"

/* The same loans in the same order for each query; nothing is sorted, for so the index of next_day
 * holds them, and that of overdue_since the others (of one loan the inspections are). CROSS JOIN:
 * they are walked first, and what belongs to them is looked up. Which loans are due the index alone
 * tells, so that most queries need not look at their states. */
#define OF_THOSE_DUE "s.next_day BETWEEN $1 AND $2"
#define OF_THOSE_OVERDUE OF_THOSE_DUE " AND s.status = 'overdue'"
#define OF_THOSE_CLASSED OF_THOSE_DUE " AND s.status = 'normal' AND s.class <> 'normal'"
#define IN_ORDER " ORDER BY s.next_day, s.loan_id"
#define OF_NON_ACCRUAL                                                                             \
    "s.overdue_since >= $1 AND (s.next_day IS NULL OR s.next_day > $2)"                            \
    " AND s.status = 'non-accrual'"
#define BY_ARREARS " ORDER BY s.overdue_since, s.loan_id"

#define FACTS                                                                                      \
    "SELECT s.loan_id, s.status, s.overdue_since, l.rate_ppm, l.applied_on, c.principal_fen,"      \
    " c.covered_fen, c.start_day, c.due_day, c.settle_day, c.policy,"                              \
    " (SELECT t.upto_day FROM loan_settlement AS t WHERE t.loan_id = s.loan_id"                    \
    " AND" SETTLEMENT_STANDS " ORDER BY t.upto_day DESC LIMIT 1),"                                 \
    " l.household_id, l.product, l.purpose, l.term_months, s.class"                                \
    " FROM loan_state AS s LEFT JOIN loan AS l ON l.id = s.loan_id"                                \
    " LEFT JOIN loan_contract AS c ON c.loan_id = s.loan_id AND" CONTRACT_STANDS " WHERE "

#define BALANCES                                                                                   \
    "SELECT s.loan_id, b.account_id, b.fen, b.dated_fen"                                           \
    " FROM loan_state AS s CROSS JOIN loan_balance AS b WHERE b.loan_id = s.loan_id AND "

#define MOVES                                                                                      \
    "SELECT s.loan_id, e.value_date, x.fen"                                                        \
    " FROM loan_state AS s CROSS JOIN line AS x CROSS JOIN entry AS e"                             \
    " WHERE x.loan_id = s.loan_id AND x.account_id BETWEEN $3 AND $4 AND e.id = x.entry_id AND "

#define CHANGES                                                                                    \
    "SELECT s.loan_id, t.day, t.status FROM loan_state AS s CROSS JOIN loan_status AS t"           \
    " WHERE t.loan_id = s.loan_id AND" OF_NO_REVERSAL("t.seq") " AND "

#define FINDINGS                                                                                   \
    "SELECT s.loan_id, i.day, i.finding FROM loan_state AS s CROSS JOIN loan_inspection AS i"      \
    " WHERE i.loan_id = s.loan_id AND "

struct due_sql {
    const char *facts, *balances, *moves, *changes, *use;
};
#define QUERIES(of, order)                                                                         \
    {                                                                                              \
        FACTS of order, BALANCES of order, MOVES of order ", x.entry_id, x.n",                     \
            CHANGES of order ", t.n", FINDINGS of order ", i.day, i.n",                            \
    }
static const struct due_sql expected[] = {
    [DUE_ALL] = QUERIES(OF_THOSE_DUE, IN_ORDER),
    [DUE_OVERDUE] = QUERIES(OF_THOSE_OVERDUE, IN_ORDER),
    [DUE_CLASSED] = QUERIES(OF_THOSE_CLASSED, IN_ORDER),
};
static const struct due_sql non_accrual = QUERIES(OF_NON_ACCRUAL, BY_ARREARS);

static void step(struct due_query *query)
{
    query->has_row = statement_row(query->statement);
}

static void query_begin(struct store *store, const char *sql, struct date first, struct date last,
                        struct due_query *ret)
{
    ret->statement = store_query(store, sql);
    bind_date(ret->statement, 1, first);
    bind_date(ret->statement, 2, last);
}

static void begin(struct store *store, const struct due_sql *sql, struct date first,
                  struct date last, struct due_loans *ret)
{
    query_begin(store, sql->facts, first, last, &ret->facts);
    query_begin(store, sql->balances, first, last, &ret->balances);
    query_begin(store, sql->moves, first, last, &ret->moves);
    query_begin(store, sql->changes, first, last, &ret->changes);
    query_begin(store, sql->use, first, last, &ret->use);
    bind_int(ret->moves.statement, 3, ACCOUNT_LOANS_NORMAL);
    bind_int(ret->moves.statement, 4, ACCOUNT_LOANS_NON_ACCRUAL);
    step(&ret->facts);
    step(&ret->balances);
    step(&ret->moves);
    step(&ret->changes);
    step(&ret->use);
}

void due_loans_begin(struct store *store, struct date first, struct date last,
                     enum due_choice choice, struct due_loans *ret)
{
    begin(store, &expected[choice], first, last, ret);
}

void due_loans_begin_non_accrual(struct store *store, struct date day, struct due_loans *ret)
{
    begin(store, &non_accrual, date_from_day(DATE_DAY_MIN), day, ret);
}

/* Whether the query stands at a row of the loan. */
static bool is_of(const struct due_query *query, int64_t loan)
{
    return query->has_row && column_int(query->statement, 0) == loan;
}

static void facts_read(struct statement *query, struct arena *arena, struct loan *ret)
{
    *ret = (struct loan){.id = column_int(query, 0),
                         .status = arena_text(arena, column_text(query, 1)),
                         .has_overdue_since = !column_is_null(query, 2),
                         .rate = column_rate(query, 3),
                         .applied_on = column_date(query, 4),
                         .is_paid_out = true,
                         .principal = column_money(query, 5),
                         .covered = column_money(query, 6),
                         .start = column_date(query, 7),
                         .due = column_date(query, 8),
                         .settle_day = (int)column_int(query, 9),
                         .policy = column_sha256(query, 10),
                         .household = column_int(query, 12),
                         .product = arena_text(arena, column_text(query, 13)),
                         .purpose = arena_text(arena, column_text(query, 14)),
                         .term_months = (int)column_int(query, 15),
                         .class = arena_text(arena, column_text(query, 16))};
    if (ret->has_overdue_since) {
        ret->overdue_since = column_date(query, 2);
    }
    ret->settled_upto = column_is_null(query, 11) ? ret->start : column_date(query, 11);
}

static bool balances_read(struct due_query *query, struct loan *ret, struct error *err)
{
    for (; is_of(query, ret->id); step(query)) {
        struct loan_balance balance = {(enum account)column_int(query->statement, 1),
                                       column_money(query->statement, 2),
                                       column_int(query->statement, 3)};
        if (!loan_balance_read(ret, &balance, err)) {
            return false;
        }
    }
    return true;
}

static bool moves_read(struct due_query *query, int64_t loan, struct arena *arena,
                       struct due_loan *ret, struct error *err)
{
    struct principal_moves list = {.arena = arena};

    for (; is_of(query, loan); step(query)) {
        struct principal_move move = {column_date(query->statement, 1),
                                      column_money(query->statement, 2)};
        if (!principal_moves_add(&list, move, err)) {
            return false;
        }
    }
    principal_moves_end(&list, &ret->move, &ret->moves);
    return true;
}

static void changes_read(struct due_query *query, int64_t loan, struct arena *arena,
                         struct due_loan *ret)
{
    size_t room = 0;

    for (; is_of(query, loan); step(query)) {
        ret->change = arena_grow(arena, ret->change, ret->changes, &room, sizeof *ret->change);
        ret->change[ret->changes++] = (struct status_change){
            column_date(query->statement, 1), status_is_overdue(column_text(query->statement, 2))};
    }
}

static void findings_read(struct due_query *query, int64_t loan, struct arena *arena,
                          struct use_findings *ret)
{
    size_t room = 0;

    for (; is_of(query, loan); step(query)) {
        use_finding_add(ret, arena, &room, column_date(query->statement, 1),
                        column_text(query->statement, 2));
    }
}

/* A query is a row ahead of the loan, so one that failed stands at none. */
static bool query_well(struct due_query *query, struct error *err)
{
    return query->has_row || statement_end(query->statement, err);
}

bool due_loans_next(struct due_loans *due, struct arena *arena, struct due_loan *ret,
                    bool *ret_found, struct error *err)
{
    *ret = (struct due_loan){0};
    *ret_found = due->facts.has_row;
    if (*ret_found) {
        facts_read(due->facts.statement, arena, &ret->loan);
        step(&due->facts);
        changes_read(&due->changes, ret->loan.id, arena, ret);
        findings_read(&due->use, ret->loan.id, arena, &ret->use);
        if (!balances_read(&due->balances, &ret->loan, err) ||
            !moves_read(&due->moves, ret->loan.id, arena, ret, err)) {
            return false;
        }
    }
    return query_well(&due->facts, err) && query_well(&due->balances, err) &&
           query_well(&due->changes, err) && query_well(&due->moves, err) &&
           query_well(&due->use, err);
}

void due_loans_end(struct due_loans *due)
{
    statement_release(&due->facts.statement);
    statement_release(&due->balances.statement);
    statement_release(&due->moves.statement);
    statement_release(&due->changes.statement);
    statement_release(&due->use.statement);
}
