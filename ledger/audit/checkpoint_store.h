/* checkpoint_store.h - the signed heads that the book keeps. Layer: audit.
 * Table checkpoint is written here and nowhere else. */
#ifndef YICANG_AUDIT_CHECKPOINT_STORE_H
#define YICANG_AUDIT_CHECKPOINT_STORE_H

#include "ledger/base/buffer.h"
#include "ledger/base/error.h"
#include "ledger/store/store.h"

/* Why a head is kept. A tip gives way to the next; the others stay for ever. */
enum checkpoint_why { CHECKPOINT_TIP, CHECKPOINT_DAY, CHECKPOINT_SEAL, CHECKPOINT_COSIGNED };

/* Keeps a head inside the caller's transaction. A tip replaces the tip before it. The other kinds
 * take the place of a tip of their size; a head of that size which is kept already may only gain
 * lines at its end and become CHECKPOINT_COSIGNED (the same note again changes nothing). The
 * database refuses everything else: store.guard. */
MUST_CHECK bool checkpoint_store_put(struct store *store, uint64_t size, const char *note,
                                     size_t length, enum checkpoint_why why, struct error *err);

/* The head of this size appended to ret; *ret_found is false if none is kept. */
MUST_CHECK bool checkpoint_store_get(struct store *store, uint64_t size, bool *ret_found,
                                     struct buffer *ret, struct error *err);

/* The newest head, and the newest that a witness has cosigned; size 0 if there is none. */
MUST_CHECK bool checkpoint_store_newest(struct store *store, uint64_t *ret, struct error *err);
MUST_CHECK bool checkpoint_store_newest_cosigned(struct store *store, uint64_t *ret,
                                                 struct error *err);

/* Calls visit for each head in order of size; stops when it returns false, which then is the
 * result. The note is valid during the call. */
struct checkpoint_kept {
    uint64_t size;
    const char *note;
    size_t length;
    enum checkpoint_why why;
};
typedef bool (*checkpoint_visitor)(void *context, const struct checkpoint_kept *kept,
                                   struct error *err);
MUST_CHECK bool checkpoint_store_each(struct store *store, checkpoint_visitor visit, void *context,
                                      struct error *err);

#endif
