/* policy_record.h - the bytes of the policies a book has used, and from when each is in force.
 * Layer: books. Knows nothing of what they say. Tables policy, policy_activation are written here
 * and nowhere else. */
#ifndef YICANG_BOOKS_POLICY_RECORD_H
#define YICANG_BOOKS_POLICY_RECORD_H

#include "ledger/base/buffer.h"
#include "ledger/base/date.h"
#include "ledger/base/digest.h"
#include "ledger/store/store.h"

MUST_CHECK bool policy_record_put(struct store *store, uint64_t seq, const struct sha256 *digest,
                                  const char *name, const struct buffer *bytes, struct error *err);
MUST_CHECK bool policy_activation_put(struct store *store, uint64_t seq, struct date from,
                                      const struct sha256 *digest, struct error *err);
/* *ret_found false: the book does not hold it. */
MUST_CHECK bool policy_record_load(struct store *store, const struct sha256 *digest,
                                   struct buffer *ret, bool *ret_found, struct error *err);
/* Every policy the book has known, the oldest first. */
MUST_CHECK bool policy_records_each(struct store *store,
                                    void (*visit)(void *context, const struct sha256 *digest),
                                    void *context, struct error *err);
MUST_CHECK bool policy_activated_on(struct store *store, struct date day, struct sha256 *ret,
                                    bool *ret_found, struct error *err);
MUST_CHECK bool policy_activation_after(struct store *store, struct date day, bool *ret_found,
                                        struct date *ret, struct error *err);

#endif
