/* log_recheck.h - log_recheck() in two halves, so that other work can be done while a helper
 * checks. Layer: audit. */
#ifndef YICANG_AUDIT_LOG_RECHECK_H
#define YICANG_AUDIT_LOG_RECHECK_H

#include "ledger/audit/log.h"
#include "ledger/audit/signature_pool.h"

struct log_rechecking {
    const char *origin;
    uint64_t seq;
    const struct verifier_key *const *signer;
    size_t signers;
    struct signature_pool *helpers;
    bool was_read, complete;
    struct error failure; /* of the store, unless it was read */
    /* What was read. */
    struct arena arena;
    const char *leaf;
    size_t length;
    struct sha256 hash, prev;
    bool follows, rows_known, rows_fit;
    struct buffer rows;
    /* What is found. */
    bool holds;
    struct pool_task task;
};

/* Reads the event again from the store and hands what it read to the helpers, to be taken apart and
 * checked (NULL: at the end, in this thread). rows: what was appended with it, with the digest that
 * is in its body; the rows read must be the same bytes. Origin, signers and *ret stay where they
 * are until the end, which must come. */
void log_recheck_begin(struct store *store, const char *origin, uint64_t seq,
                       const struct verifier_key *const *signer, size_t signers,
                       const struct buffer *rows, struct signature_pool *helpers,
                       struct log_rechecking *ret);
/* The result, as log_recheck() gives it. */
MUST_CHECK bool log_recheck_end(struct log_rechecking *rechecking, struct error *err);

#endif
