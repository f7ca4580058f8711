/* premium.c - the insurance premium that county finance pays through the bank. */
#include "ledger/base/text.h"
#include "ledger/fund/treasury.h"
#include "ledger/loans/loan_reversal.h"

bool premium_items_open(struct store *store, struct date through, struct arena *arena,
                        struct premium_item **ret, size_t *ret_count, struct error *err)
{
    struct premium_item *item = NULL;
    size_t at = 0;
    size_t room = 0;
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT c.loan_id, c.covered_fen, c.start_day, c.policy FROM loan_contract AS c"
               " WHERE c.covered_fen > 0 AND c.start_day <= $1"
               " AND NOT EXISTS (SELECT 1 FROM premium_item AS i WHERE i.loan_id = c.loan_id)"
               " AND" CONTRACT_STANDS " ORDER BY c.loan_id");
    bind_date(query, 1, through);
    while (at <= TREASURY_ITEMS_MAX && statement_row(query)) {
        item = arena_grow(arena, item, at, &room, sizeof *item);
        item[at].loan = column_int(query, 0);
        item[at].covered = column_money(query, 1);
        item[at].signed_on = column_date(query, 2);
        item[at].policy = column_sha256(query, 3);
        at++;
    }
    *ret = item;
    *ret_count = at;
    if (!statement_end(query, err)) {
        return false;
    }
    return at <= TREASURY_ITEMS_MAX || error_set(err, FAULT_REFUSED, "premium.too-many",
                                                 _("too many loans for one premium claim"));
}

bool premium_claims_between(struct store *store, struct date from, struct date to,
                            struct arena *arena, int64_t **ret, size_t *ret_count,
                            struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT seq FROM premium_claim WHERE day BETWEEN $1 AND $2 ORDER BY seq");
    bind_date(query, 1, from);
    bind_date(query, 2, to);
    return statement_numbers(query, arena, ret, ret_count, err);
}

bool premium_claim_next(struct store *store, int64_t *ret, struct error *err)
{
    return store_read_int(store, "SELECT coalesce(max(id), 0) + 1 FROM premium_claim", ret, err);
}

bool premium_claim_put(struct store *store, uint64_t seq, int64_t id, struct money amount,
                       struct date day, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO premium_claim (id, fen, day, seq) VALUES ($1, $2, $3, $4)");
    bind_int(query, 1, id);
    bind_money(query, 2, amount);
    bind_date(query, 3, day);
    bind_int(query, 4, (int64_t)seq);
    return statement_run(query, err);
}

bool premium_item_put(struct store *store, int64_t claim, const struct premium_item *item,
                      struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO premium_item (loan_id, claim_id, covered_fen, fen)"
                           " VALUES ($1, $2, $3, $4)");
    bind_int(query, 1, item->loan);
    bind_int(query, 2, claim);
    bind_money(query, 3, item->covered);
    bind_money(query, 4, item->amount);
    return statement_run(query, err);
}

bool premium_claim_load(struct store *store, int64_t id, struct money *ret, bool *ret_received,
                        bool *ret_paid, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT fen, (SELECT count(*) FROM premium_payment AS p"
                           " WHERE p.claim_id = c.id AND p.step = 'received'),"
                           " (SELECT count(*) FROM premium_payment AS p"
                           " WHERE p.claim_id = c.id AND p.step = 'paid')"
                           " FROM premium_claim AS c WHERE c.id = $1");
    bind_int(query, 1, id);
    bool found = statement_one(query);
    if (found) {
        *ret = column_money(query, 0);
        *ret_received = column_int(query, 1) > 0;
        *ret_paid = column_int(query, 2) > 0;
    }
    if (!statement_end(query, err)) {
        return false;
    }
    if (!found) {
        error_set(err, FAULT_REFUSED, "premium.not-found", _("there is no premium claim P%lld"),
                  (long long)id);
        return error_next(err, _("`yicang premium list` shows all"));
    }
    return true;
}

bool premium_step_put(struct store *store, uint64_t seq, int64_t claim, const char *step,
                      struct date day, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO premium_payment (claim_id, step, day, seq)"
                           " VALUES ($1, $2, $3, $4)");
    bind_int(query, 1, claim);
    bind_text(query, 2, step);
    bind_date(query, 3, day);
    bind_int(query, 4, (int64_t)seq);
    return statement_run(query, err);
}
