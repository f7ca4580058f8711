/* log_recheck.h - log_recheck() in two halves, so that other work can be done while helpers check
 * the signatures. Layer: audit. */
#ifndef YICANG_AUDIT_LOG_RECHECK_H
#define YICANG_AUDIT_LOG_RECHECK_H

#include "ledger/audit/log.h"
#include "ledger/audit/signature_pool.h"

struct log_rechecking {
    struct arena arena; /* holds what was read */
    struct event event;
    struct signature_check check;
    struct signature_pool *helpers;
    uint64_t seq;
    bool was_read, holds;
    struct error failure; /* of the store, unless it was read */
};

/* Reads the event again from the store and hands its signatures to the helpers (NULL: they are
 * checked at the end, in this thread). rows: what was appended with it, with the digest that is in
 * its body; the rows read must be the same bytes. *ret stays where it is until the end, which must
 * come. */
void log_recheck_begin(struct store *store, const char *origin, uint64_t seq,
                       const struct verifier_key *const *signer, size_t signers,
                       const struct buffer *rows, struct signature_pool *helpers,
                       struct log_rechecking *ret);
/* The result, as log_recheck() gives it. */
MUST_CHECK bool log_recheck_end(struct log_rechecking *rechecking, struct error *err);

#endif
