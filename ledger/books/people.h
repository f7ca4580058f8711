/* people.h - who works on the book, in which duties, up to which amounts, with which keys.
 * Layer: books.
 * Tables staff, staff_role, staff_role_ended, staff_use, staff_relative, staff_key,
 * staff_key_revoked, dispute_resolved and control_terms are written here and nowhere else. Of
 * persons, duties and relatives answers may be remembered (staff_memory.h): who writes them says
 * so. */
#ifndef YICANG_BOOKS_PEOPLE_H
#define YICANG_BOOKS_PEOPLE_H

#include "ledger/base/clock.h"
#include "ledger/base/date.h"
#include "ledger/store/store.h"

#define STAFF_CODE_SIZE 33
#define STAFF_VKEY_SIZE 500 /* of a verifier key as text */

/* `person` is the code under which this human being was first added; who has one code is their own
 * person. Who is known already stays as known. */
MUST_CHECK bool staff_put(struct store *store, uint64_t seq, const char *code, const char *person,
                          const char *office, struct date day, struct error *err);
/* The person behind a code; the code itself if nobody is known by it. */
MUST_CHECK bool staff_person(struct store *store, const char *code,
                             char ret[static STAFF_CODE_SIZE], struct error *err);
MUST_CHECK bool staff_is_known(struct store *store, const char *code, bool *ret, struct error *err);

/* A duty as it was given. */
struct staff_grant {
    const char *role;
    bool has_limit;
    struct money limit; /* of one event */
    bool has_day_limit;
    struct money day_limit; /* of all events of the person in this duty on one business day */
    bool has_until;
    struct instant until; /* it ends then by itself */
};
MUST_CHECK bool staff_role_put(struct store *store, uint64_t seq, const char *code,
                               const struct staff_grant *grant, struct error *err);
MUST_CHECK bool staff_role_end(struct store *store, uint64_t seq, const char *code,
                               const char *role, struct error *err);

/* Hands each duty that a code has at that moment to visit, oldest first. */
typedef void (*grant_visitor)(void *context, const struct staff_grant *grant);
MUST_CHECK bool staff_grants_each(struct store *store, const char *code, struct instant at,
                                  grant_visitor visit, void *context, struct error *err);
/* The same of one role. */
MUST_CHECK bool staff_grants_of_role(struct store *store, const char *code, const char *role,
                                     struct instant at, grant_visitor visit, void *context,
                                     struct error *err);
/* The same as it stood behind the first `size` events of the log. */
MUST_CHECK bool staff_grants_then(struct store *store, const char *code, const char *role,
                                  uint64_t size, struct instant at, grant_visitor visit,
                                  void *context, struct error *err);
/* The same over all codes of a person. */
MUST_CHECK bool person_grants_each(struct store *store, const char *person, struct instant at,
                                   grant_visitor visit, void *context, struct error *err);

/* Hands each duty that was given for a time only, by event `first` or later, to visit, oldest
 * first. */
typedef bool (*emergency_visitor)(void *context, uint64_t seq, const char *code, const char *role,
                                  struct instant until, struct error *err);
MUST_CHECK bool staff_emergencies_each(struct store *store, uint64_t first, emergency_visitor visit,
                                       void *context, struct error *err);

/* What a person moved in a duty on a business day. Derived. */
MUST_CHECK bool staff_use_add(struct store *store, struct date day, const char *person,
                              const char *role, struct money amount, struct error *err);
MUST_CHECK bool staff_use_load(struct store *store, struct date day, const char *person,
                               const char *role, struct money *ret, struct error *err);

/* Households that are a person's own or of their relatives. */
MUST_CHECK bool staff_relative_put(struct store *store, uint64_t seq, const char *person,
                                   int64_t household, struct error *err);
MUST_CHECK bool staff_has_relatives(struct store *store, const char *person, bool *ret,
                                    struct error *err);
MUST_CHECK bool staff_relative_is(struct store *store, const char *person, int64_t household,
                                  bool *ret, struct error *err);

/* replaces: the key that ends where this one begins; NULL: none. */
MUST_CHECK bool staff_key_put(struct store *store, uint64_t seq, const char *code, const char *vkey,
                              const char *replaces, struct error *err);
/* The key that this one replaced; "" if there is none. */
MUST_CHECK bool staff_key_replaced(struct store *store, const char *vkey,
                                   char ret[static STAFF_VKEY_SIZE], struct error *err);

/* Every verifier key that was ever registered, in the order of registration. */
typedef void (*staff_key_visitor)(void *context, const char *vkey);
MUST_CHECK bool staff_keys_each(struct store *store, staff_key_visitor visit, void *context,
                                struct error *err);

/* Every key of a code, with the event that registered it, and whether it is revoked by now. */
typedef void (*own_key_visitor)(void *context, const char *vkey, uint64_t seq, bool revoked);
MUST_CHECK bool staff_keys_of(struct store *store, const char *code, own_key_visitor visit,
                              void *context, struct error *err);

enum key_standing { KEY_UNKNOWN, KEY_VALID, KEY_REVOKED };
/* code NULL: whoever holds it. */
MUST_CHECK bool staff_key_standing(struct store *store, const char *vkey, const char *code,
                                   enum key_standing *ret, struct error *err);

/* Where a key ended: what it signed in events from `from` up to but not at `seq` is in dispute. */
struct key_end {
    bool ended;
    uint64_t from;
    uint64_t seq;
};
MUST_CHECK bool staff_key_revoked_put(struct store *store, uint64_t seq, uint64_t from,
                                      const char *vkey, const char *reason, struct error *err);
MUST_CHECK bool staff_key_end_load(struct store *store, const char *vkey, struct key_end *ret,
                                   struct error *err);
/* outcome: "genuine" or "forged". */
MUST_CHECK bool dispute_resolved_put(struct store *store, uint64_t seq, const char *vkey,
                                     uint64_t event, const char *outcome, struct error *err);
MUST_CHECK bool dispute_is_resolved(struct store *store, const char *vkey, uint64_t event,
                                    bool *ret, struct error *err);

/* What the genesis fixed about control. */
struct control_terms {
    int64_t admin_quorum;
    int64_t approval_days; /* how many days after it an approval may still be carried out */
};
MUST_CHECK bool control_terms_put(struct store *store, uint64_t seq,
                                  const struct control_terms *terms, struct error *err);
/* Those of a book without any are a quorum of 1 and APPROVAL_DAYS. */
#define APPROVAL_DAYS 90
#define APPROVAL_DAYS_MAX 3660
MUST_CHECK bool control_terms_load(struct store *store, struct control_terms *ret,
                                   struct error *err);

#endif
