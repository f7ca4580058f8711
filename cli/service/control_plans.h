/* control_plans.h - events about the book itself: its genesis, people, keys, policies. Layer:
 * service. The members of their requests stand in the body itself (docs/events.md). Tables of
 * people.h, service_key, policy, policy_activation are written here.
 */
#ifndef YICANG_SERVICE_CONTROL_PLANS_H
#define YICANG_SERVICE_CONTROL_PLANS_H

#include "cli/service/use_case.h"

/* Reason id book.begun: only the first event is a genesis. */
bool plan_book_genesis(struct planning *planning, const struct canon *request, struct error *err);
bool project_book_genesis(const struct projection *projection, struct error *err);

/* Reason ids staff.role, staff.role-held, staff.unknown, staff.person, key.registered,
 * key.wrong-name, key.proof (the new key did not sign for itself), vkey.*. */
bool plan_key_add(struct planning *planning, const struct canon *request, struct error *err);
bool project_key_add(const struct projection *projection, struct error *err);

/* Reason ids staff.unknown, staff.role, staff.role-held, staff.role-not-held, staff.emergency. */
bool plan_role_grant(struct planning *planning, const struct canon *request, struct error *err);
bool project_role_grant(const struct projection *projection, struct error *err);
bool plan_role_revoke(struct planning *planning, const struct canon *request, struct error *err);
bool project_role_revoke(const struct projection *projection, struct error *err);

/* A household is of somebody who works here or of relatives. Reason ids staff.unknown,
 * staff.related, household.not-found. */
bool plan_staff_relate(struct planning *planning, const struct canon *request, struct error *err);
bool project_staff_relate(const struct projection *projection, struct error *err);

/* Whether a key may be registered for this person. Reason ids key.registered, key.wrong-name,
 * key.proof, vkey.*. */
MUST_CHECK bool key_is_new(struct planning *planning, const char *actor, const char *vkey,
                           const char *proof, struct error *err);

/* What the key signed since from_seq, if that is given, is in dispute from then on. Reason ids
 * key.not-registered, key.revoked, key.from-seq. */
bool plan_key_revoke(struct planning *planning, const struct canon *request, struct error *err);
bool project_key_revoke(const struct projection *projection, struct error *err);

/* A person signs for the own next key with the one that ends: it may what the old one might, and
 * nothing else. Keys of admins are changed by the others (S8). Reason ids key.renew-admin,
 * key.not-registered, key.revoked, and those of key_is_new(). */
bool plan_key_renew(struct planning *planning, const struct canon *request, struct error *err);
bool project_key_renew(const struct projection *projection, struct error *err);

/* Events in dispute were looked at by two others. Reason ids dispute.none (the key is not in
 * dispute), dispute.outcome, dispute.events (how many, and in which order), dispute.not-its-event,
 * dispute.resolved. */
#define DISPUTE_EVENTS_MAX 500
bool plan_dispute_resolve(struct planning *planning, const struct canon *request,
                          struct error *err);
bool project_dispute_resolve(const struct projection *projection, struct error *err);

/* The day key turns (audit-log.md 4.6). The door makes the next key and puts it into the request as
 * "day_key"; reason id key.wrong-name if it is not named as a day key of this book. */
bool plan_key_rotate(struct planning *planning, const struct canon *request, struct error *err);
bool project_key_rotate(const struct projection *projection, struct error *err);

/* The day key is lost (audit-log.md 4.12): the admins say why, the door makes the next one, and the
 * head over this event carries its line without the lost one's. Where the genesis names witnesses,
 * nothing but their cosignature and what admins do is written until one of them has seen that head
 * (duty.recovery). Reason ids as for key.rotate. */
bool plan_key_recover(struct planning *planning, const struct canon *request, struct error *err);
bool project_key_recover(const struct projection *projection, struct error *err);

/* The clock was fast, and what comes now is written at an earlier time than the last event: the
 * admins say why, and from then on time counts from here. Reason ids clock.reason,
 * clock.not-behind. */
bool plan_clock_adjust(struct planning *planning, const struct canon *request, struct error *err);

/* Reason ids policy.digest, policy.not-in-force (not all of it is in force on its first day), those
 * of policy.h; and for every policy but the first policy.from-past (it begins after the open day at
 * the earliest), policy.in-force-already, policy.not-tested. */
bool plan_policy_set(struct planning *planning, const struct canon *request, struct error *err);
bool project_policy_set(const struct projection *projection, struct error *err);

#endif
