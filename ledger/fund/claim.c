#include "ledger/fund/claim.h"

#include "ledger/base/text.h"

static bool recovered_load(struct store *store, struct claim *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT coalesce(sum(insurer_fen), 0), coalesce(sum(fund_fen), 0),"
                           " coalesce(sum(bank_fen), 0) FROM recovery WHERE claim_id = $1");
    bind_int(query, 1, ret->id);
    if (statement_one(query)) {
        ret->recovered.insurer = column_money(query, 0);
        ret->recovered.fund = column_money(query, 1);
        ret->recovered.bank = column_money(query, 2);
    }
    return statement_end(query, err);
}

static void claim_read(struct statement *query, struct arena *arena, struct claim *ret)
{
    ret->loan = column_int(query, 0);
    ret->filed_on = column_date(query, 1);
    ret->days_overdue = column_int(query, 2);
    ret->loss = column_money(query, 3);
    ret->parts.insurer = column_money(query, 4);
    ret->parts.fund = column_money(query, 5);
    ret->parts.bank = column_money(query, 6);
    ret->policy = column_sha256(query, 7);
    ret->actor = arena_text(arena, column_text(query, 8));
    ret->seq = (uint64_t)column_int(query, 9);
    ret->status = arena_text(arena, column_text(query, 10));
    ret->interest = column_money(query, 11);
}

bool claim_load(struct store *store, struct arena *arena, int64_t id, struct claim *ret,
                struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT loan_id, filed_on, days_overdue, loss_fen, insurer_fen, fund_fen, bank_fen,"
               " policy, actor, seq, (SELECT s.status FROM claim_status AS s"
               " WHERE s.claim_id = claim.id ORDER BY s.n DESC LIMIT 1), interest_fen"
               " FROM claim WHERE id = $1");

    *ret = (struct claim){.id = id};
    bind_int(query, 1, id);
    bool found = statement_one(query);
    if (found) {
        claim_read(query, arena, ret);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    if (!found) {
        error_set(err, FAULT_REFUSED, "claim.not-found", _("there is no claim C%lld"),
                  (long long)id);
        return error_next(err, _("`yicang claim list` shows all"));
    }
    return recovered_load(store, ret, err);
}

bool claim_of_loan(struct store *store, int64_t loan, int64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT coalesce(max(id), 0) FROM claim WHERE loan_id = $1");
    bind_int(query, 1, loan);
    if (statement_one(query)) {
        *ret = column_int(query, 0);
    }
    return statement_end(query, err);
}

bool claim_next(struct store *store, int64_t *ret, struct error *err)
{
    return store_read_int(store, "SELECT coalesce(max(id), 0) + 1 FROM claim", ret, err);
}

bool claim_put(struct store *store, const struct claim *claim, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO claim (id, loan_id, filed_on, days_overdue, loss_fen, insurer_fen,"
               " fund_fen, bank_fen, policy, actor, seq, interest_fen)"
               " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    bind_int(query, 1, claim->id);
    bind_int(query, 2, claim->loan);
    bind_date(query, 3, claim->filed_on);
    bind_int(query, 4, claim->days_overdue);
    bind_money(query, 5, claim->loss);
    bind_money(query, 6, claim->parts.insurer);
    bind_money(query, 7, claim->parts.fund);
    bind_money(query, 8, claim->parts.bank);
    bind_sha256(query, 9, &claim->policy);
    bind_text(query, 10, claim->actor);
    bind_int(query, 11, (int64_t)claim->seq);
    bind_money(query, 12, claim->interest);
    return statement_run(query, err);
}

bool claim_status_put(struct store *store, uint64_t seq, int64_t claim, struct date day,
                      const char *status, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO claim_status (claim_id, n, day, status, seq)"
                           " SELECT $1, coalesce(max(n), 0) + 1, $2, $3, $4 FROM claim_status"
                           " WHERE claim_id = $1");
    bind_int(query, 1, claim);
    bind_date(query, 2, day);
    bind_text(query, 3, status);
    bind_int(query, 4, (int64_t)seq);
    return statement_run(query, err);
}

bool claim_accepted_on(struct store *store, int64_t claim, bool *ret_found, struct date *ret,
                       struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT day FROM claim_status WHERE claim_id = $1 AND status = 'accepted'");
    bind_int(query, 1, claim);
    *ret_found = statement_one(query);
    if (*ret_found) {
        *ret = column_date(query, 0);
    }
    return statement_end(query, err);
}

bool loan_status_before_claim(struct store *store, struct arena *arena, int64_t loan,
                              const char **ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT status FROM loan_status WHERE loan_id = $1 AND status <> 'claimed'"
               " ORDER BY n DESC LIMIT 1");
    bind_int(query, 1, loan);
    *ret = NULL;
    if (statement_one(query)) {
        *ret = arena_text(arena, column_text(query, 0));
    }
    return statement_end(query, err);
}

const struct word claim_status_words[CLAIM_STATUSES] = {
    {"filed", "filed", "已申请"},
    {"accepted", "accepted", "已核准"},
    {"refused", "refused", "不予补偿"},
    {"paid", "paid", "已赔付"},
};

const char *claim_status_tell(const char *status)
{
    return word_tell(claim_status_words, COUNT_OF(claim_status_words), status);
}

bool claim_events(struct store *store, int64_t claim, struct arena *arena, uint64_t **ret,
                  size_t *ret_count, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT seq FROM claim_status WHERE claim_id = $1"
                           " UNION SELECT seq FROM recovery WHERE claim_id = $1 ORDER BY 1");
    int64_t *seq = NULL;
    bind_int(query, 1, claim);
    bool read = statement_numbers(query, arena, &seq, ret_count, err);
    *ret = (uint64_t *)seq;
    return read;
}
