#include "ledger/fund/claim_approval.h"

bool claim_approval_put(struct store *store, const struct claim_approval *approval,
                        struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO claim_approval (nonce, claim_id, officer, decision, at_time,"
               " recorder, seq) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    bind_blob(query, 1, approval->nonce.byte, UUID_SIZE);
    bind_int(query, 2, approval->claim);
    bind_text(query, 3, approval->officer);
    bind_text(query, 4, approval->decision);
    bind_int(query, 5, approval->at.seconds);
    bind_text(query, 6, approval->recorder);
    bind_int(query, 7, (int64_t)approval->seq);
    return statement_run(query, err);
}

bool claim_approval_find(struct store *store, const struct uuid *nonce, bool *ret_found,
                         uint64_t *ret_seq, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT seq FROM claim_approval WHERE nonce = $1");
    bind_blob(query, 1, nonce->byte, UUID_SIZE);
    *ret_found = statement_one(query);
    if (*ret_found) {
        *ret_seq = (uint64_t)column_int(query, 0);
    }
    return statement_end(query, err);
}
