/* verify_heads.h - the signed heads of a log against its events and against what an auditor brings
 * along: V0 and V6 to V8 of audit-log.md 4.9. Layer: audit. Fed in order by log_verify(). */
#ifndef YICANG_AUDIT_VERIFY_HEADS_H
#define YICANG_AUDIT_VERIFY_HEADS_H

#include "ledger/audit/log_source.h"
#include "ledger/audit/signature_pool.h"

struct head_check;

/* The trust must outlive the check. */
struct head_check *head_check_new(const struct verify_trust *trust);
struct head_check *head_check_free(struct head_check *check); /* accepts NULL; returns NULL */

/* Each well-formed event, before head_check_size(): learns the keys of the log from genesis and
 * rotations, holds the genesis against the card (E_TRUST), a recorded cosignature against the head
 * it belongs to (E_CPSIG, T3 as E_TIME). */
MUST_CHECK bool head_check_event(struct head_check *check, const struct log_source *source,
                                 const struct event *event, const struct sha256 *leaf_hash,
                                 struct findings *findings, struct error *err);

/* A recorded head whose signatures are on their way through the pool. */
struct head_signatures;

/* After each event: checks the recorded head of exactly this size (E_ROOT, E_CPSIG, E_EPOCH, T2 as
 * E_TIME), a seal that is due and missing (E_EPOCH), and kept heads of this size (E_FORK). `at` is
 * the time of the newest event. If there is such a head its signatures are submitted to the pool,
 * in *ret, which lives in the arena; else NULL. */
MUST_CHECK bool head_check_size(struct head_check *check, const struct log_source *source,
                                const struct merkle_range *range, struct instant at,
                                struct signature_pool *pool, struct arena *arena,
                                struct head_signatures **ret, struct findings *findings,
                                struct error *err);
/* Waits for them and tells what was found, in the order of the heads; accepts NULL. */
void head_check_signatures(struct head_check *check, struct signature_pool *pool,
                           struct head_signatures *signatures, struct findings *findings);

/* At the end: E_TAIL, E_QUORUM, E_STALE, E_ROLLBACK; fills in what the summary says of heads. */
MUST_CHECK bool head_check_end(struct head_check *check, const struct log_source *source,
                               uint64_t events, struct findings *findings,
                               struct verify_summary *summary, struct error *err);

#endif
