/* people.h - who works on the book, in which duties, with which keys. Layer: books.
 * Tables staff, staff_role, staff_key, staff_key_revoked are written here and nowhere else. */
#ifndef YICANG_BOOKS_PEOPLE_H
#define YICANG_BOOKS_PEOPLE_H

#include "ledger/base/date.h"
#include "ledger/store/store.h"

/* Who is known already stays as known. */
MUST_CHECK bool staff_put(struct store *store, uint64_t seq, const char *code, const char *office,
                          struct date day, struct error *err);
MUST_CHECK bool staff_role_put(struct store *store, uint64_t seq, const char *code,
                               const char *role, struct error *err);
MUST_CHECK bool staff_key_put(struct store *store, uint64_t seq, const char *code, const char *vkey,
                              struct error *err);
MUST_CHECK bool staff_key_revoked_put(struct store *store, uint64_t seq, const char *vkey,
                                      const char *reason, struct error *err);

/* Hands each duty of a person to visit, oldest first. */
typedef void (*role_visitor)(void *context, const char *role);
MUST_CHECK bool staff_roles_each(struct store *store, const char *code, role_visitor visit,
                                 void *context, struct error *err);

/* Every verifier key that was ever registered, in the order of registration. */
typedef void (*staff_key_visitor)(void *context, const char *vkey);
MUST_CHECK bool staff_keys_each(struct store *store, staff_key_visitor visit, void *context,
                                struct error *err);

enum key_standing { KEY_UNKNOWN, KEY_VALID, KEY_REVOKED };
/* code NULL: whoever holds it. */
MUST_CHECK bool staff_key_standing(struct store *store, const char *vkey, const char *code,
                                   enum key_standing *ret, struct error *err);

#endif
