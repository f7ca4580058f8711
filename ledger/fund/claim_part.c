#include "ledger/fund/claim_part.h"

#include "ledger/base/text.h"

bool claim_part_put(struct store *store, int64_t claim, const struct claim_part *part,
                    struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO claim_part (claim_id, payer, fen) VALUES ($1, $2, $3)");
    bind_int(query, 1, claim);
    bind_text(query, 2, part->payer);
    bind_money(query, 3, part->amount);
    return statement_run(query, err);
}

bool claim_parts_load(struct store *store, struct arena *arena, int64_t claim,
                      struct claim_part ret[static CLAIM_PARTS_MAX], size_t *ret_count,
                      struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT payer, fen FROM claim_part WHERE claim_id = $1 ORDER BY payer");
    bind_int(query, 1, claim);
    *ret_count = 0;
    bool more = statement_row(query);
    while (more && *ret_count < CLAIM_PARTS_MAX) {
        ret[(*ret_count)++] =
            (struct claim_part){arena_text(arena, column_text(query, 0)), column_money(query, 1)};
        more = statement_row(query);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return !more ||
           error_set(err, FAULT_INTEGRITY, "claim.too-many-parts",
                     _("claim C%lld has more than %d payers"), (long long)claim, CLAIM_PARTS_MAX);
}

bool claims_borne(struct store *store, const char *payer, struct date since,
                  struct money *ret_since, struct money *ret_in_all, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT coalesce(sum(CASE WHEN c.filed_on >= $2 THEN p.fen ELSE 0 END), 0),"
               " coalesce(sum(p.fen), 0)"
               " FROM claim_part AS p JOIN claim AS c ON c.id = p.claim_id WHERE p.payer = $1"
               " AND NOT EXISTS (SELECT 1 FROM claim_status AS s WHERE s.claim_id = c.id"
               " AND s.status = 'refused')");
    bind_text(query, 1, payer);
    bind_date(query, 2, since);
    *ret_since = *ret_in_all = MONEY_ZERO;
    if (statement_one(query)) {
        *ret_since = column_money(query, 0);
        *ret_in_all = column_money(query, 1);
    }
    return statement_end(query, err);
}
