/* registry.h - who may sign what, learnt from the log event by event. Layer: audit. */
#ifndef YICANG_AUDIT_REGISTRY_H
#define YICANG_AUDIT_REGISTRY_H

#include "ledger/audit/log.h"

#define REGISTRY_KEYS_MAX 10000

struct registry;

struct registry *registry_new(void);
struct registry *registry_free(struct registry *registry); /* accepts NULL; returns NULL */

/* The key behind a signature line, if it is registered and not revoked; else NULL. */
const struct verifier_key *registry_key(const struct registry *registry, const char *name,
                                        uint32_t id);
/* Whether exactly the people sign whom the type asks for: control events at least the quorum of
 * admins and nobody else, all others the actor alone. */
bool registry_signers_fit(const struct registry *registry, const char *origin,
                          const struct event *event);
/* Learns the keys of book.genesis, key.add and key.revoke. False if the body does not hold what it
 * must. A genesis must be learnt before its own signatures are checked. */
MUST_CHECK bool registry_learn(struct registry *registry, const struct event *event);

#endif
