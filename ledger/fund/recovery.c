/* recovery.c - what comes in after compensation, and where it goes. */
#include "ledger/base/text.h"
#include "ledger/fund/claim.h"

bool recovery_next(struct store *store, int64_t *ret, struct error *err)
{
    return store_read_int(store, "SELECT coalesce(max(id), 0) + 1 FROM recovery", ret, err);
}

bool recovery_put(struct store *store, uint64_t seq, const struct recovery *recovery,
                  struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO recovery (id, claim_id, gross_fen, costs_fen, insurer_fen, fund_fen,"
               " bank_fen, day, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    bind_int(query, 1, recovery->id);
    bind_int(query, 2, recovery->claim);
    bind_money(query, 3, recovery->gross);
    bind_money(query, 4, recovery->costs);
    bind_money(query, 5, recovery->parts.insurer);
    bind_money(query, 6, recovery->parts.fund);
    bind_money(query, 7, recovery->parts.bank);
    bind_date(query, 8, recovery->day);
    bind_int(query, 9, (int64_t)seq);
    return statement_run(query, err);
}

bool recovery_load(struct store *store, int64_t id, struct recovery *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT claim_id, gross_fen, costs_fen, insurer_fen, fund_fen, bank_fen, day"
               " FROM recovery WHERE id = $1");

    *ret = (struct recovery){.id = id};
    bind_int(query, 1, id);
    bool found = statement_one(query);
    if (found) {
        ret->claim = column_int(query, 0);
        ret->gross = column_money(query, 1);
        ret->costs = column_money(query, 2);
        ret->parts.insurer = column_money(query, 3);
        ret->parts.fund = column_money(query, 4);
        ret->parts.bank = column_money(query, 5);
        ret->day = column_date(query, 6);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    if (!found) {
        error_set(err, FAULT_REFUSED, "recovery.not-found", _("there is no recovery R%lld"),
                  (long long)id);
        return error_next(err, _("`yicang recovery list` shows all"));
    }
    return true;
}

bool recovery_transferred(struct store *store, int64_t recovery, const char *payer, bool *ret,
                          struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT 1 FROM recovery_transfer WHERE recovery_id = $1 AND payer = $2");
    bind_int(query, 1, recovery);
    bind_text(query, 2, payer);
    *ret = statement_one(query);
    return statement_end(query, err);
}

bool recovery_transfer_put(struct store *store, uint64_t seq, int64_t recovery, const char *payer,
                           struct money amount, struct date day, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO recovery_transfer (id, recovery_id, payer, fen, day, seq)"
               " SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5 FROM recovery_transfer");
    bind_int(query, 1, recovery);
    bind_text(query, 2, payer);
    bind_money(query, 3, amount);
    bind_date(query, 4, day);
    bind_int(query, 5, (int64_t)seq);
    return statement_run(query, err);
}
