/* log_lookup.h - single events of a log, and the command ids they answered. Layer: audit.
 * Table command_request is written here and nowhere else. */
#ifndef YICANG_AUDIT_LOG_LOOKUP_H
#define YICANG_AUDIT_LOG_LOOKUP_H

#include "ledger/audit/log.h"

/* An event taken apart; lives in the arena. Reason id event.not-found. */
MUST_CHECK bool event_load(struct store *store, struct arena *arena, const char *origin,
                           uint64_t seq, struct event *ret, struct sha256 *ret_leaf_hash,
                           struct error *err);
/* All zeros if there is no such event. */
MUST_CHECK bool event_leaf_hash(struct store *store, uint64_t seq, struct sha256 *ret,
                                struct error *err);
/* Appends the hashes of the events from `first` up to, not including, `upto` to a tree; fewer if
 * there are fewer. */
MUST_CHECK bool event_hashes_append(struct store *store, uint64_t first, uint64_t upto,
                                    struct merkle_range *range, struct error *err);
/* The row of a parsed event into a store that plays the log again. Without `whole` its leaf is left
 * out, which would be most of what is written there. */
MUST_CHECK bool event_put(struct store *store, const struct event *event, bool whole,
                          struct error *err);

MUST_CHECK bool command_find_request(struct store *store, const struct uuid *command,
                                     bool *ret_found, struct sha256 *ret_mac, uint64_t *ret_seq,
                                     struct error *err);
MUST_CHECK bool command_request_put(struct store *store, const struct uuid *command,
                                    const struct sha256 *mac, uint64_t seq, struct error *err);

#endif
