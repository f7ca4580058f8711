/* recorded_roots.h - events that say which root the log had at some size before them: what was
 * verified, what was put back from a copy. Layer: audit; only for verify.c.
 *
 * Mostly that is the whole log before the event, which is at hand. Earlier sizes wait for the end,
 * where the leaves are hashed once more as far as the last of them. */
#ifndef YICANG_AUDIT_RECORDED_ROOTS_H
#define YICANG_AUDIT_RECORDED_ROOTS_H

#include "ledger/audit/log_source.h"
#include "ledger/audit/merkle.h"

#define RECORDED_ROOTS_MAX 100000 /* that wait */

struct recorded_root {
    uint64_t size;
    struct sha256 root;
    int64_t seq; /* of the event that says so */
};

struct recorded_roots {
    struct recorded_root *waiting;
    size_t count;
    uint64_t left_out;
};

void recorded_roots_release(struct recorded_roots *roots); /* accepts one that was only zeroed */
/* `before` is the tree of the events before this one. Adds E_ROOT: another root, or a size that the
 * log had not yet. */
void recorded_roots_follow(struct recorded_roots *roots, const struct event *event,
                           const struct merkle_range *before, struct findings *findings);
/* Those that wait, and E_TRUST for those that were too many. Fails if the source does. */
MUST_CHECK bool recorded_roots_tell(struct recorded_roots *roots, const struct log_source *source,
                                    struct findings *findings, struct error *err);

#endif
