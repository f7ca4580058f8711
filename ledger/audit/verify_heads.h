/* verify_heads.h - the signed heads of a log against its events and against what an auditor brings
 * along: V0 and V6 to V8 of audit-log.md 4.9. Layer: audit. Fed in order by log_verify(). */
#ifndef YICANG_AUDIT_VERIFY_HEADS_H
#define YICANG_AUDIT_VERIFY_HEADS_H

#include "ledger/audit/log_source.h"
#include "ledger/audit/signature_pool.h"

#define HEADS_REMEMBERED_MAX ((size_t)20000) /* a seal a day: fifty years */

/* A recorded head that was checked, with the keys that had to sign it: numbers in head_memory.key;
 * HEAD_KEY_NONE: that line must not stand. */
#define HEAD_KEY_NONE SIZE_MAX
struct passed_head {
    uint64_t size;
    struct sha256 root, note; /* note: hash of the bytes, cosignatures included */
    struct instant at;        /* of the event under it */
    size_t log, day, next_log, next_day;
};

/* The newest head that some of the card's witnesses have signed, and when the last of them did. */
struct head_seen {
    uint64_t size; /* 0: none */
    uint64_t by;   /* bit i: witness i */
    int64_t time;
};

/* What a later verification needs to know of the heads behind it. */
struct head_memory {
    struct sha256 genesis;
    bool has_policy;
    struct sha256 policy;      /* that the genesis names */
    struct sha256 card_policy; /* that the heads were checked with */
    int64_t max_age_days;
    struct verifier_key *key; /* each once, in order of use */
    size_t keys;
    size_t log, day; /* in force behind the last event */
    struct passed_head *head;
    size_t heads;
    uint64_t witnessed_size, witnessed_by;
    int64_t witnessed_time;
    struct head_seen mirrored;
};
void head_memory_release(struct head_memory *memory);

struct head_check;

/* The trust must outlive the check. With `remembers`, head_check_remember() may be asked later. */
struct head_check *head_check_new(const struct verify_trust *trust, bool remembers);
struct head_check *head_check_free(struct head_check *check); /* accepts NULL; returns NULL */

/* Goes on behind an earlier verification of the first `size` events, made with `memory`: the card
 * against the genesis (E_TRUST); every head of it that is no longer the same bytes is checked again
 * as it then was (E_ROOT, E_CPSIG, E_EPOCH), and a seal that is gone told; kept heads up to that
 * size are compared with those remembered (E_FORK; E_TRUST for one of another size). */
MUST_CHECK bool head_check_resume(struct head_check *check, const struct head_memory *memory,
                                  const char *origin, const struct merkle_range *range,
                                  const struct log_source *source, struct findings *findings,
                                  struct error *err);
/* After head_check_end(): hands over what it remembers; false if that is not enough to go on from
 * (no keys, or more heads than HEADS_REMEMBERED_MAX). */
MUST_CHECK bool head_check_remember(struct head_check *check, struct head_memory *ret);

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
