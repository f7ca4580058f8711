/* seal.h - the signed head over an event (audit-log.md 4.6). Layer: service. */
#ifndef YICANG_SERVICE_SEAL_H
#define YICANG_SERVICE_SEAL_H

#include "cli/service/book.h"
#include "cli/service/use_case.h"

#define SEAL_LINES_MAX 4 /* log key, day key, the next of each */

/* One signature line while it is made. */
struct seal_line {
    const struct signing_key *key;
    const struct buffer *text;
    struct buffer line;
    struct pool_task task;
};

/* A head while it is signed, in two halves, so that other work can be done meanwhile. */
struct sealing {
    struct office *office;
    enum seal_kind kind;
    uint64_t size;
    struct signature_pool *helpers;
    struct buffer text;
    size_t lines;
    struct seal_line line[SEAL_LINES_MAX];
};

/* The head over the tip, signed with the log key and the day key in force, on SEAL_DAY_KEY with the
 * next day's key too, on SEAL_RECOVERY with those that are there and those that follow; nothing for
 * SEAL_NONE. The helpers sign; NULL: this thread does, at the end. *ret stays where it is until
 * seal_end(), which must come if this returns true. Reason ids log.key-missing, log.key-unknown,
 * the store's. */
MUST_CHECK bool seal_begin(struct office *office, const struct log_tip *tip, enum seal_kind kind,
                           struct signature_pool *helpers, struct sealing *ret, struct error *err);
/* Keeps the head, unless what else was to be done has failed. */
MUST_CHECK bool seal_end(struct sealing *sealing, bool keep, struct error *err);

#endif
