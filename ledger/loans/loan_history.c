#include "ledger/loans/loan_history.h"

#include "ledger/base/text.h"
#include "ledger/loans/loan_reversal.h"

/* As of the event of $2, and as of that of the repayment $2. */
#define SETTLEMENT_STOOD NOT_REVERSED_UPTO("t.seq", "$2")
#define REPAYMENT_STOOD NOT_REVERSED_UPTO("r.seq", "(SELECT seq FROM repayment WHERE id = $2)")

static bool settlements_count(struct store *store, int64_t loan, size_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT count(*) FROM loan_settlement WHERE loan_id = $1");
    bind_int(query, 1, loan);
    *ret = statement_one(query) ? (size_t)column_int(query, 0) : 0;
    return statement_end(query, err);
}

bool loan_settlements_load(struct store *store, int64_t loan, uint64_t upto_seq,
                           struct arena *arena, struct past_settlement **ret, size_t *ret_count,
                           struct error *err)
{
    size_t room = 0;

    *ret_count = 0;
    if (!settlements_count(store, loan, &room, err)) {
        return false;
    }
    if (room > LOAN_SETTLEMENTS_MAX) {
        return error_set(err, FAULT_REFUSED, "loan.settlements-too-many",
                         _("the loan has more settled periods than can be shown"));
    }
    *ret = arena_alloc_array(arena, room + 1, sizeof **ret);
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT t.from_day, t.upto_day, t.fen_days, t.interest_fen,"
               " t.treasury_fen, t.due_day, t.seq FROM loan_settlement AS t"
               " WHERE t.loan_id = $1 AND t.seq <= $2 AND" SETTLEMENT_STOOD " ORDER BY t.upto_day");
    bind_int(query, 1, loan);
    bind_int(query, 2, (int64_t)upto_seq);
    while (*ret_count < room && statement_row(query)) {
        (*ret)[(*ret_count)++] =
            (struct past_settlement){.settlement = {.from = column_date(query, 0),
                                                    .upto = column_date(query, 1),
                                                    .fen_days = column_int(query, 2),
                                                    .interest = column_money(query, 3),
                                                    .treasury = column_money(query, 4),
                                                    .due = column_date(query, 5)},
                                     .seq = (uint64_t)column_int(query, 6)};
    }
    return statement_end(query, err);
}

bool repayments_before(struct store *store, int64_t loan, int64_t repayment, struct repayment *ret,
                       struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT coalesce(sum(received_fen), 0), coalesce(sum(penalty_fen), 0),"
               " coalesce(sum(interest_fen), 0), coalesce(sum(principal_fen), 0),"
               " coalesce(sum(over_fen), 0) FROM repayment AS r WHERE loan_id = $1 AND id < $2"
               " AND" REPAYMENT_STOOD);
    bind_int(query, 1, loan);
    bind_int(query, 2, repayment);
    *ret = (struct repayment){.loan = loan};
    if (statement_one(query)) {
        ret->received = column_money(query, 0);
        ret->penalty = column_money(query, 1);
        ret->interest = column_money(query, 2);
        ret->principal = column_money(query, 3);
        ret->over = column_money(query, 4);
    }
    return statement_end(query, err);
}

bool loan_principal_before(struct store *store, int64_t loan, uint64_t seq, struct money *ret,
                           struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT principal_fen FROM loan_contract"
                           " WHERE loan_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT 1");
    bind_int(query, 1, loan);
    bind_int(query, 2, (int64_t)seq);
    *ret = statement_one(query) ? column_money(query, 0) : MONEY_ZERO;
    return statement_end(query, err);
}

bool loan_next_day_load(struct store *store, int64_t loan, bool *ret_found, struct date *ret,
                        struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT next_day FROM loan_state WHERE loan_id = $1 AND next_day IS NOT NULL");
    bind_int(query, 1, loan);
    *ret_found = statement_one(query);
    if (*ret_found) {
        *ret = column_date(query, 0);
    }
    return statement_end(query, err);
}

bool loan_events(struct store *store, int64_t loan, struct arena *arena, uint64_t **ret,
                 size_t *ret_count, struct error *err)
{
    size_t room = 0;
    AUTO_STATEMENT struct statement *query = store_query(
        store,
        "SELECT seq FROM loan WHERE id = $1"
        " UNION SELECT seq FROM loan_approval WHERE loan_id = $1"
        " UNION SELECT c.seq FROM loan_contract AS c WHERE c.loan_id = $1"
        " AND" CONTRACT_STANDS " UNION SELECT t.seq FROM loan_settlement AS t WHERE t.loan_id = $1"
        " AND" SETTLEMENT_STANDS " UNION SELECT seq FROM loan_class WHERE loan_id = $1 ORDER BY 1");
    bind_int(query, 1, loan);
    *ret = NULL;
    *ret_count = 0;
    while (statement_row(query)) {
        *ret = arena_grow(arena, *ret, *ret_count, &room, sizeof **ret);
        (*ret)[(*ret_count)++] = (uint64_t)column_int(query, 0);
    }
    return statement_end(query, err);
}
