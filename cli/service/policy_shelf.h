/* policy_shelf.h - the policies of a book, each loaded once. Layer: service.
 * Tables policy, policy_activation are written by the projection of policy.set alone. */
#ifndef YICANG_SERVICE_POLICY_SHELF_H
#define YICANG_SERVICE_POLICY_SHELF_H

#include "ledger/store/store.h"
#include "rules/policy.h"

struct policy_shelf *policy_shelf_new(void);
struct policy_shelf *policy_shelf_free(struct policy_shelf *shelf); /* accepts NULL; returns NULL */

/* The policy with this digest, from the table policy of the store. Reason ids policy.not-in-book,
 * policy.damaged (its bytes do not have that digest). Lives as long as the shelf. */
MUST_CHECK bool policy_with_digest(struct policy_shelf *shelf, struct store *store,
                                   const struct sha256 *digest, const struct policy **ret,
                                   struct error *err);
/* The policy in force on the day. Reason id policy.none-in-force. */
MUST_CHECK bool policy_in_force(struct policy_shelf *shelf, struct store *store, struct date day,
                                const struct policy **ret, struct error *err);
/* The first day after this one on which another version begins; false in *ret_found: none does. */
MUST_CHECK bool policy_version_after(struct policy_shelf *shelf, struct store *store,
                                     struct date day, bool *ret_found, struct date *ret,
                                     struct error *err);

/* Supposes that this policy had been activated: it is in force from that day on, whatever the book
 * says, and a contract with the digest below is under it. The policy must outlive the shelf. */
void policy_suppose(struct policy_shelf *shelf, const struct policy *policy, struct date from);
struct sha256 policy_supposed_digest(void); /* all zeros, which no policy has */

#endif
