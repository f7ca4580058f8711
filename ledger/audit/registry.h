/* registry.h - who may sign what, learnt from the log event by event (audit-log.md 4.3, 4.9 V3 and
 * V4). Layer: audit.
 *
 * Bodies it understands:
 *     book.genesis  admin_keys [vkey], admin_quorum, system_key (optional), origin (optional)
 *     key.add       actor, role, vkey, pop
 *     key.revoke    vkey, from_seq (optional)
 *     key.renew     vkey, pop, replaces: signed with the key that it replaces
 *     dispute.resolve  vkey, events
 *     role.grant    actor, role, emergency (optional: it ends after 4 hours)
 *     role.revoke   actor, role
 * A key is valid from the event after the one that adds it up to the one that revokes it. What a
 * revoked key, or one that it replaced, signed in events from from_seq up to the revocation is in
 * dispute until it is resolved. */
#ifndef YICANG_AUDIT_REGISTRY_H
#define YICANG_AUDIT_REGISTRY_H

#include "ledger/audit/signature_pool.h"
#include "ledger/audit/verify.h"

#define REGISTRY_KEYS_MAX 10000
#define REGISTRY_ROLES_MAX 100000
#define REGISTRY_RESOLVED_MAX 1000000 /* events whose dispute is resolved */

struct registry;

struct registry *registry_new(void);
struct registry *registry_free(struct registry *registry); /* accepts NULL; returns NULL */
struct registry *registry_copy(const struct registry *registry);

/* Events that only admins may sign: genesis, keys (but not the daily key.rotate), roles, policies,
 * staff, the clock, a restored book and the erasing of personal data. */
bool event_is_control(const char *type);

/* Those and key.renew: what may be signed after them depends on them. */
bool event_is_learnt(const char *type);

/* The key behind a signature line, if it may sign event seq; else NULL. Valid until the registry
 * learns. */
const struct verifier_key *registry_key(const struct registry *registry, const char *name,
                                        uint32_t id, uint64_t seq);

/* What is to be checked of an event's signatures: every line whose key is known, also where the set
 * of signers is wrong. */
void registry_prepare_check(const struct registry *registry, const struct event *event,
                            struct signature_check *ret);

/* Whether exactly the people sign whom the type asks for: control events at least the quorum of
 * distinct admins, the actor among them, and nobody else; all others the actor alone. Adds
 * E_SIGNER. */
bool registry_signers_fit(const struct registry *registry, const struct event *event,
                          struct findings *findings);

/* Whether the actor holds the role the event was written in. Adds E_KEY. */
bool registry_role_fits(const struct registry *registry, const struct event *event,
                        struct findings *findings);

/* Takes in what a control event changes; only for events whose signatures hold. A genesis brings
 * its own keys and is learnt before its signatures are checked. Adds E_KEY for a body that does not
 * hold what it must (nothing is learnt then). */
void registry_learn(struct registry *registry, const struct event *event,
                    struct findings *findings);

/* The first and the last event that may be in dispute; false if none is. */
bool registry_disputes(const struct registry *registry, uint64_t *ret_first, uint64_t *ret_last);
/* Whether what this key signed in event seq is in dispute. */
bool registry_is_disputed(const struct registry *registry, const char *name, uint32_t id,
                          uint64_t seq);

#endif
