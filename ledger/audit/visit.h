/* visit.h - the newest head of a log that one person saw, in a file of that person's own
 * (audit-log.md 4.5 step 1): a book that is put back to an earlier state, or continued in two ways,
 * shows to whoever saw more of it, or the other way. Layer: audit.
 *
 *     yicang-visit/v1 <checksum of what follows>
 *     at <when it was kept>
 *     tree <size> <roots of the full subtrees, largest first, 64 hex digits each>
 *
 *     <the head: a signed note of that size and of the root of this tree>
 *
 * With the tree, the way from there to the log of today costs as many hashes as there are new
 * events. */
#ifndef YICANG_AUDIT_VISIT_H
#define YICANG_AUDIT_VISIT_H

#include "ledger/audit/checkpoint.h"
#include "ledger/audit/log.h"

#define VISIT_MAX ((size_t)CHECKPOINT_NOTE_MAX + 8192)

struct visit {
    bool present; /* false: no file, or an empty one */
    bool empty;   /* the file is there with nothing in it, which a power cut may leave */
    struct instant at;
    struct merkle_range range; /* zero events if nothing is present */
};

/* Reason ids visit.damaged (FAULT_INTEGRITY: not what was written there; also of another log than
 * `origin`), visit.not-read (FAULT_STORE). */
MUST_CHECK bool visit_read(const char *path, const char *origin, struct visit *ret,
                           struct error *err);

/* The head in such a file, if the bytes begin like one; else the bytes themselves. */
struct span visit_head(const char *bytes, size_t length);

/* Whether the log is what `staff` saw with more behind it; *range then goes up to the tip. Reason
 * ids, both FAULT_INTEGRITY: log.rolled-back (it is shorter; names the events that are missing),
 * log.forked (other events). path: of the file, for the message. */
MUST_CHECK bool visit_follow(const struct visit *visit, const char *path, const char *staff,
                             struct store *store, const struct log_tip *tip,
                             struct merkle_range *range, struct error *err);

/* The newest head of the log, which must be of the tip and signed by a key of the log. Reason id
 * log.head-false (FAULT_INTEGRITY). */
MUST_CHECK bool visit_newest_head(struct store *store, const char *origin,
                                  const struct log_tip *tip, struct buffer *ret, struct error *err);

/* Keeps a head of the range's size, unless more is kept there already. The file is replaced, old or
 * new but never half, and not synced: a power cut may cost the last visits, or leave it empty.
 * Reason id visit.not-kept (FAULT_STORE). */
MUST_CHECK bool visit_write(const char *path, const char *origin, struct instant at,
                            const struct merkle_range *range, const struct buffer *head,
                            struct error *err);

#endif
