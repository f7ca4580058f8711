/* log_source.h - where a verification reads a log: a book, or an export of one. Layer: audit.
 * Whatever it hands over may be hostile. */
#ifndef YICANG_AUDIT_LOG_SOURCE_H
#define YICANG_AUDIT_LOG_SOURCE_H

#include "ledger/audit/bundle.h"
#include "ledger/audit/verify.h"

/* An event as it stands there; valid during the call. */
struct log_leaf {
    int64_t seq;
    const void *bytes;
    size_t length;
    /* What a book keeps beside the leaf; an export keeps nothing. */
    bool has_columns;
    struct sha256 hash;
    const void *cmd;
    size_t cmd_length;
};
typedef bool (*log_leaf_visitor)(void *context, const struct log_leaf *leaf, struct error *err);

/* Where each_leaf() begins for the whole log, whatever numbers its events claim. */
#define LOG_FROM_START INT64_MIN

struct log_source {
    void *context;
    bool is_book;
    /* In order of seq, those below `from` left out; stops when visit returns false, which then is
     * the result. */
    bool (*each_leaf)(void *context, int64_t from, log_leaf_visitor visit, void *visiting,
                      struct error *err);
    /* The rows beside an event, whole; empty if it has none. */
    bool (*rows)(void *context, uint64_t seq, struct buffer *ret, struct error *err);
    /* The recorded head with the smallest size above `after`, its note in ret; size 0: there is
     * none. */
    bool (*next_head)(void *context, uint64_t after, uint64_t *ret_size, struct buffer *ret,
                      struct error *err);
    /* What stands beside the events from `from` on and must agree with them: rows left over, files
     * of an export; and the kept tree. */
    bool (*end)(void *context, int64_t from, const struct log_tip *tip, uint64_t events_with_rows,
                struct findings *findings, struct error *err);
};

/* The caller holds a read snapshot if others may write meanwhile. */
struct log_source log_source_of_book(struct store *store);
/* Damage of the folder stops the reading with E_CONTAINER or E_ROOT (FAULT_INTEGRITY). */
struct log_source log_source_of_bundle(struct bundle *bundle);

#endif
