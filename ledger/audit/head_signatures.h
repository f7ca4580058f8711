/* head_signatures.h - the signature lines of one recorded head, checked by whoever is free. Layer:
 * audit. */
#ifndef YICANG_AUDIT_HEAD_SIGNATURES_H
#define YICANG_AUDIT_HEAD_SIGNATURES_H

#include "ledger/audit/checkpoint.h"
#include "ledger/audit/signature_pool.h"
#include "ledger/audit/witness_policy.h"
#include "ledger/base/clock.h"

/* A head with what its signatures are held against: keys change while it waits. */
struct head_signatures {
    struct pool_task task;
    struct note note;
    struct checkpoint head;
    struct instant at;
    const char *origin;
    const struct witness_policy *policy;
    struct verifier_key log, day, next_log, next_day;
    struct checkpoint_signers signers;
    struct checkpoint_witnessed witnessed;
    struct error why; /* if they do not hold */
    bool hold;
};

/* Left alone, with all it points to, until the pool was waited for. */
void head_signatures_submit(struct head_signatures *signatures, struct signature_pool *pool);

/* When the quorum had seen it: the latest time at or after which enough of them signed. */
bool witness_quorum_time(const struct witness_policy *policy,
                         const struct checkpoint_witnessed *witnessed, int64_t *ret);

#endif
