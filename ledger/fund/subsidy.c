/* subsidy.c - the treasury's part of settled interest: claimed from county finance, received. */
#include "ledger/base/text.h"
#include "ledger/fund/treasury.h"
#include "ledger/loans/loan_reversal.h"

bool subsidy_items_open(struct store *store, struct date through, struct arena *arena,
                        struct subsidy_item **ret, size_t *ret_count, struct error *err)
{
    struct subsidy_item *item = NULL;
    size_t at = 0;
    size_t room = 0;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT t.loan_id, t.upto_day, t.treasury_fen FROM loan_settlement AS t"
                           " WHERE t.treasury_fen > 0 AND t.settled_on <= $1 AND NOT EXISTS"
                           " (SELECT 1 FROM subsidy_claim_item AS i"
                           " WHERE i.loan_id = t.loan_id AND i.upto_day = t.upto_day)"
                           " AND" SETTLEMENT_STANDS " ORDER BY t.loan_id, t.upto_day");
    bind_date(query, 1, through);
    while (at <= TREASURY_ITEMS_MAX && statement_row(query)) {
        item = arena_grow(arena, item, at, &room, sizeof *item);
        item[at].loan = column_int(query, 0);
        item[at].upto = column_date(query, 1);
        item[at].amount = column_money(query, 2);
        at++;
    }
    *ret = item;
    *ret_count = at;
    if (!statement_end(query, err)) {
        return false;
    }
    return at <= TREASURY_ITEMS_MAX || error_set(err, FAULT_REFUSED, "subsidy.too-many",
                                                 _("too many settlements for one claim"));
}

bool subsidy_claim_next(struct store *store, int64_t *ret, struct error *err)
{
    return store_read_int(store, "SELECT coalesce(max(id), 0) + 1 FROM subsidy_claim", ret, err);
}

bool subsidy_claim_put(struct store *store, uint64_t seq, int64_t id, struct date through,
                       struct money amount, struct date day, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO subsidy_claim (id, through_day, fen, day, seq)"
                           " VALUES ($1, $2, $3, $4, $5)");
    bind_int(query, 1, id);
    bind_date(query, 2, through);
    bind_money(query, 3, amount);
    bind_date(query, 4, day);
    bind_int(query, 5, (int64_t)seq);
    return statement_run(query, err);
}

bool subsidy_item_put(struct store *store, int64_t claim, const struct subsidy_item *item,
                      struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO subsidy_claim_item (loan_id, upto_day, settled, claim_id,"
                           " fen) VALUES ($1, $2, (SELECT t.seq FROM loan_settlement AS t"
                           " WHERE t.loan_id = $1 AND t.upto_day = $2"
                           " AND" SETTLEMENT_STANDS "), $3, $4)");
    bind_int(query, 1, item->loan);
    bind_date(query, 2, item->upto);
    bind_int(query, 3, claim);
    bind_money(query, 4, item->amount);
    return statement_run(query, err);
}

bool subsidy_claim_load(struct store *store, int64_t id, struct money *ret, bool *ret_received,
                        struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT fen, (SELECT count(*) FROM subsidy_receipt AS r WHERE r.claim_id = c.id)"
               " FROM subsidy_claim AS c WHERE c.id = $1");
    bind_int(query, 1, id);
    bool found = statement_one(query);
    if (found) {
        *ret = column_money(query, 0);
        *ret_received = column_int(query, 1) > 0;
    }
    if (!statement_end(query, err)) {
        return false;
    }
    if (!found) {
        error_set(err, FAULT_REFUSED, "subsidy.not-found", _("there is no subsidy claim S%lld"),
                  (long long)id);
        return error_next(err, _("`yicang subsidy list` shows all"));
    }
    return true;
}

bool subsidy_receipt_put(struct store *store, uint64_t seq, int64_t claim, struct money amount,
                         struct date day, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO subsidy_receipt (claim_id, fen, day, seq)"
                           " VALUES ($1, $2, $3, $4)");
    bind_int(query, 1, claim);
    bind_money(query, 2, amount);
    bind_date(query, 3, day);
    bind_int(query, 4, (int64_t)seq);
    return statement_run(query, err);
}
