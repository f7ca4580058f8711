#include "ledger/loans/loan_reversal.h"

#include "ledger/base/text.h"

/* Of a proposal p. */
#define NOT_DECIDED                                                                                \
    " NOT EXISTS (SELECT 1 FROM reversal AS r WHERE r.proposal = p.seq)"                           \
    " AND NOT EXISTS (SELECT 1 FROM reversal_refusal AS f WHERE f.proposal = p.seq)"

bool reversal_proposal_put(struct store *store, uint64_t seq,
                           const struct reversal_proposal *proposal, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO reversal_proposal (seq, of_seq, loan_id, fen, reason, day,"
                           " actor) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    bind_int(query, 1, (int64_t)seq);
    bind_int(query, 2, (int64_t)proposal->of_seq);
    bind_int(query, 3, proposal->loan);
    bind_money(query, 4, proposal->amount);
    bind_text(query, 5, proposal->reason);
    bind_date(query, 6, proposal->day);
    bind_text(query, 7, proposal->actor);
    return statement_run(query, err);
}

bool reversal_proposal_load(struct store *store, struct arena *arena, uint64_t seq,
                            struct reversal_proposal *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT p.of_seq, p.loan_id, p.fen, p.reason, p.day, p.actor,"
               " coalesce((SELECT r.seq FROM reversal AS r WHERE r.proposal = p.seq), 0),"
               " coalesce((SELECT f.seq FROM reversal_refusal AS f WHERE f.proposal = p.seq), 0)"
               " FROM reversal_proposal AS p WHERE p.seq = $1");
    bind_int(query, 1, (int64_t)seq);
    bool found = statement_one(query);
    if (found) {
        *ret = (struct reversal_proposal){.seq = seq,
                                          .of_seq = (uint64_t)column_int(query, 0),
                                          .loan = column_int(query, 1),
                                          .amount = column_money(query, 2),
                                          .reason = arena_text(arena, column_text(query, 3)),
                                          .day = column_date(query, 4),
                                          .actor = arena_text(arena, column_text(query, 5)),
                                          .undone_in = (uint64_t)column_int(query, 6),
                                          .refused_in = (uint64_t)column_int(query, 7)};
    }
    if (!statement_end(query, err)) {
        return false;
    }
    if (!found) {
        error_set(err, FAULT_REFUSED, "reversal.no-proposal", _("event %llu proposes no reversal"),
                  (unsigned long long)seq);
        return error_next(err, _("give the number that `yicang loan reverse` printed"));
    }
    return true;
}

bool reversal_pending(struct store *store, uint64_t of_seq, uint64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT p.seq FROM reversal_proposal AS p WHERE p.of_seq = $1"
                           " AND" NOT_DECIDED " ORDER BY p.seq LIMIT 1");
    bind_int(query, 1, (int64_t)of_seq);
    *ret = statement_one(query) ? (uint64_t)column_int(query, 0) : 0;
    return statement_end(query, err);
}

bool reversal_put(struct store *store, uint64_t seq, uint64_t of_seq, uint64_t proposal,
                  struct date day, const char *actor, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO reversal (of_seq, proposal, day, actor, seq)"
                           " VALUES ($1, $2, $3, $4, $5)");
    bind_int(query, 1, (int64_t)of_seq);
    bind_int(query, 2, (int64_t)proposal);
    bind_date(query, 3, day);
    bind_text(query, 4, actor);
    bind_int(query, 5, (int64_t)seq);
    return statement_run(query, err);
}

bool reversal_refusal_put(struct store *store, uint64_t seq, uint64_t proposal, const char *reason,
                          struct date day, const char *actor, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO reversal_refusal (proposal, reason, day, actor, seq)"
                           " VALUES ($1, $2, $3, $4, $5)");
    bind_int(query, 1, (int64_t)proposal);
    bind_text(query, 2, reason);
    bind_date(query, 3, day);
    bind_text(query, 4, actor);
    bind_int(query, 5, (int64_t)seq);
    return statement_run(query, err);
}

bool reversal_of(struct store *store, uint64_t of_seq, uint64_t *ret, struct date *ret_on,
                 struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT seq, day FROM reversal WHERE of_seq = $1");
    bind_int(query, 1, (int64_t)of_seq);
    bool found = statement_one(query);
    *ret = found ? (uint64_t)column_int(query, 0) : 0;
    if (found) {
        *ret_on = column_date(query, 1);
    }
    return statement_end(query, err);
}

/* A repayment may settle interest and change the status as well: it is told as the repayment. */
#define OF_LOAN_AFTER " WHERE t.loan_id = $1 AND t.seq > $2"
#define BY_NO_REPAYMENT                                                                            \
    " AND NOT EXISTS (SELECT 1 FROM repayment AS r WHERE r.loan_id = $1 AND r.seq = t.seq)"
#define BY_NO_REVERSAL " AND" OF_NO_REVERSAL("t.seq")

static const char repayments_later[] =
    "SELECT coalesce(max(r.seq), 0) FROM repayment AS r WHERE r.loan_id = $1 AND r.seq > $2"
    " AND" REPAYMENT_STANDS;
static const char settlements_later[] =
    "SELECT coalesce(max(t.seq), 0) FROM loan_settlement AS t" OF_LOAN_AFTER BY_NO_REPAYMENT;
static const char changes_later[] =
    "SELECT coalesce(max(t.seq), 0) FROM loan_status AS t" OF_LOAN_AFTER BY_NO_REPAYMENT
        BY_NO_REVERSAL;
static const char subsidy_later[] =
    "SELECT coalesce(max(c.seq), 0) FROM subsidy_claim_item AS i"
    " JOIN subsidy_claim AS c ON c.id = i.claim_id WHERE i.loan_id = $1 AND i.settled = $2";
static const char premium_later[] =
    "SELECT coalesce(max(c.seq), 0) FROM premium_item AS i"
    " JOIN premium_claim AS c ON c.id = i.claim_id WHERE i.loan_id = $1 AND c.seq > $2";
static const char inspections_later[] =
    "SELECT coalesce(max(t.seq), 0) FROM loan_inspection AS t" OF_LOAN_AFTER;
static const char periods_later[] =
    "SELECT coalesce(max(seq), 0) FROM closed_period WHERE $1 > 0 AND seq > $2";

static bool last_of(struct store *store, const char *sql, int64_t loan, uint64_t seq, uint64_t *ret,
                    struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(store, sql);
    bind_int(query, 1, loan);
    bind_int(query, 2, (int64_t)seq);
    *ret = statement_one(query) ? (uint64_t)column_int(query, 0) : 0;
    return statement_end(query, err);
}

/* The last of several. */
static bool last_of_any(struct store *store, const char *const *sql, size_t count, int64_t loan,
                        uint64_t seq, uint64_t *ret, struct error *err)
{
    *ret = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t last = 0;
        if (!last_of(store, sql[i], loan, seq, &last, err)) {
            return false;
        }
        *ret = last > *ret ? last : *ret;
    }
    return true;
}

bool loan_later_events(struct store *store, int64_t loan, uint64_t seq, struct later_events *ret,
                       struct error *err)
{
    static const char *const others[] = {settlements_later, changes_later, subsidy_later};
    static const char *const of_payout[] = {premium_later, inspections_later};

    *ret = (struct later_events){0};
    return last_of(store, repayments_later, loan, seq, &ret->repayment, err) &&
           last_of_any(store, others, COUNT_OF(others), loan, seq, &ret->other, err) &&
           last_of_any(store, of_payout, COUNT_OF(of_payout), loan, seq, &ret->of_payout, err) &&
           last_of(store, periods_later, loan, seq, &ret->period, err);
}

bool loan_before_load(struct store *store, struct arena *arena, int64_t loan, uint64_t seq,
                      struct loan_before *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT (SELECT status FROM loan_status WHERE loan_id = $1 AND seq < $2"
               " ORDER BY n DESC LIMIT 1),"
               " (SELECT t.upto_day FROM loan_settlement AS t WHERE t.loan_id = $1 AND t.seq < $2"
               " AND" SETTLEMENT_STANDS " ORDER BY t.upto_day DESC LIMIT 1)");
    bind_int(query, 1, loan);
    bind_int(query, 2, (int64_t)seq);
    *ret = (struct loan_before){.status = NULL};
    if (statement_one(query)) {
        ret->status = column_is_null(query, 0) ? NULL : arena_text(arena, column_text(query, 0));
        ret->has_settled = !column_is_null(query, 1);
        if (ret->has_settled) {
            ret->settled_upto = column_date(query, 1);
        }
    }
    return statement_end(query, err);
}

bool loan_reversal_counts(struct store *store, int64_t loan, struct reversal_counts *ret,
                          struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT (SELECT count(*) FROM reversal_proposal AS p JOIN reversal AS r"
               " ON r.proposal = p.seq WHERE p.loan_id = $1),"
               " (SELECT coalesce(min(p.seq), 0) FROM reversal_proposal AS p WHERE p.loan_id = $1"
               " AND" NOT_DECIDED ")");
    bind_int(query, 1, loan);
    *ret = (struct reversal_counts){0};
    if (statement_one(query)) {
        *ret = (struct reversal_counts){.undone = column_int(query, 0),
                                        .pending = (uint64_t)column_int(query, 1)};
    }
    return statement_end(query, err);
}
