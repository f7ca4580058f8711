/* claim_approval.h - decisions on claims that were signed on another machine (approval.h) and are
 * on record. Layer: fund. Table claim_approval is written here and nowhere else. */
#ifndef YICANG_FUND_CLAIM_APPROVAL_H
#define YICANG_FUND_CLAIM_APPROVAL_H

#include "ledger/base/clock.h"
#include "ledger/base/uuid.h"
#include "ledger/store/store.h"

struct claim_approval {
    uint64_t seq; /* of the event that records it */
    int64_t claim;
    struct uuid nonce;
    const char *officer;  /* who decided: a staff code */
    const char *decision; /* "accept" */
    struct instant at;
    const char *recorder; /* who recorded it */
};

MUST_CHECK bool claim_approval_put(struct store *store, const struct claim_approval *approval,
                                   struct error *err);
/* The event in which an approval with this nonce is recorded; *ret_found is false if none is. */
MUST_CHECK bool claim_approval_find(struct store *store, const struct uuid *nonce, bool *ret_found,
                                    uint64_t *ret_seq, struct error *err);

#endif
