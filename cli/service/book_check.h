/* book_check.h - everything a book can prove of itself. Layer: service. */
#ifndef YICANG_SERVICE_BOOK_CHECK_H
#define YICANG_SERVICE_BOOK_CHECK_H

#include "cli/service/book.h"
#include "ledger/audit/verify.h"

/* The invariants of design.md 4 from the rows, schema and file included. Codes BOOKS_*, LOANS_*,
 * STORE_*. */
MUST_CHECK bool book_check(struct office *office, struct findings *findings, struct error *err);

/* Rebuilds from the journal what is derived from it (balances of accounts, loans and periods) and
 * proves the invariants again; kept if and only if there are no findings. Facts, entries and log
 * are not touched, so there is no event. The store must be open for writing. */
MUST_CHECK bool book_rebuild(struct office *office, struct findings *findings, struct error *err);

/* What a verification looks at. */
struct verify_scope {
    bool structure;  /* no signatures of people, no replay: V1, V2, V6 to V8 */
    bool plan_again; /* each event is also planned from the book as it then stood */
    const struct verify_trust *trust; /* NULL: heads are not looked at */
    /* As in verify_request. With `since` there is no replay (V5, V9), as in structure; `save` is
     * told how far that went. */
    const struct verify_state *since;
    struct verify_state *save;
    /* NULL: personal data stays closed. Else every commitment in the log must open to a field of
     * its subject (V10: E_PII), unless an event erased the subject. Not for structure and exports.
     */
    const struct privacy_keys *personal;
};

/* The container (V1: schema, and the file itself); what head and high-water file say against the
 * book (E_ROLLBACK, E_FORK, E_CONTAINER); the log (V2 to V4, V6 to V8); each event
 * projected into a new store beside it (V5), which is then compared with the live tables row by row
 * (V9). Codes E_*. */
MUST_CHECK bool book_verify(struct office *office, const struct verify_scope *scope,
                            struct findings *findings, struct verify_summary *ret,
                            struct error *err);
/* The same for an export, without live tables to compare; `folder` may be hostile. */
MUST_CHECK bool export_verify(const char *folder, const struct verify_scope *scope,
                              struct findings *findings, struct verify_summary *ret,
                              struct error *err);

/* Opens a book that may be hostile, for book_verify() alone: nothing of it is read yet, and its day
 * is today's. */
MUST_CHECK bool office_open_to_verify(const char *folder, struct office *ret, struct error *err);

#endif
