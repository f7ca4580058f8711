/* duties.h - separation of duties: S1 to S12 of audit-log.md 4.13, and what follows from them for
 * kin. Layer: service.
 *
 * The door asks duties_allow() for every event, after its plan and before it is signed; a replay
 * asks the same of every event of a log, with the tables as they stood before it. So nothing here
 * may depend on anything but the log. Which role may write which type stands in use_case.c; whether
 * the rules of the trade hold (S2 of_seq and of_leaf, S5 everything again when executing, S10 a
 * policy begins after the open day) is asked by the plans, which are planned again as well. */
#ifndef YICANG_SERVICE_DUTIES_H
#define YICANG_SERVICE_DUTIES_H

#include "cli/service/use_case.h"
#include "ledger/audit/log.h"

/* A duty given in an emergency ends by itself (S12). */
#define EMERGENCY_SECONDS INT64_C(14400) /* 4 hours */

/* What somebody is about to do, or did. */
struct deed {
    struct store *store; /* as it stands before it */
    struct arena *arena;
    const struct use_case *use_case;
    const char *origin;
    const char *actor;
    enum role role;
    const char *signer[EVENT_SIGNERS_MAX]; /* staff codes, the actor's among them */
    size_t signers;
    struct date day;
    struct instant at;
    uint64_t seq;
    const struct canon *in;      /* the request */
    const struct canon *out;     /* what the plan gives */
    struct staff_memory *memory; /* of a replay; NULL: none */
};

/* Reason ids:
 *     duty.quorum         fewer admins than needed, or one person twice (S8, S12)
 *     duty.own-key        signs about the own keys, duties or kin (S8)
 *     duty.apart          these two duties are never one person's
 *     duty.same-person    decides on what the same person proposed, under whatever code (S1), or on
 *                         the strength of an exception that the same person proposed
 *     duty.expired        the approval is too old to be carried out (S4)
 *     duty.pending        the same is proposed already (S6)
 *     duty.limit, duty.day-limit  above what the duty may move at once, or in a day (S7, S3)
 *     duty.recovery       the day key was lost, and no witness has seen the log since
 *     duty.own-household  a household of one's own or of relatives
 *     staff.role-missing  the actor does not have the role at that moment (S3) */
MUST_CHECK bool duties_allow(const struct deed *deed, struct error *err);

/* Of these, what is asked of admins: duty.quorum, duty.own-key, duty.apart (duties_admin.c). */
MUST_CHECK bool admins_allow(const struct deed *deed, struct error *err);
/* Of these, duty.limit and duty.day-limit (duties_limits.c). */
MUST_CHECK bool limits_allow(const struct deed *deed, struct error *err);
/* If it records a decision made elsewhere: all of these of who decided, as if they had come, and
 * their duty and limit as the log had them where it was seen (duties_elsewhere.c). */
MUST_CHECK bool elsewhere_allow(const struct deed *deed, struct error *err);

/* What counts against limits (S7). Reason ids claim.not-found, request.malformed. */
MUST_CHECK bool duty_amount(const struct deed *deed, struct money *ret, struct error *err);
/* Always false: the amount is above the limit. */
bool duty_above(const char *reason, const char *actor, struct money amount, struct money limit,
                struct error *err);
/* Always false: staff.role-missing, and the roles in which it is allowed. */
bool duty_role_missing(const char *code, const char *type, unsigned roles, struct error *err);

/* The role of `code` in which it does this, of several the one with the highest limit, and all of
 * them as bits: what a policy refers may ask for another of them (planning_referral()).
 * Reason ids staff.unknown, staff.role-missing: default deny. */
MUST_CHECK bool duties_role(struct store *store, const char *code, const struct use_case *use_case,
                            struct instant at, enum role *ret, unsigned *ret_all,
                            struct error *err);

/* After an event: what it moved counts for the rest of the day. */
MUST_CHECK bool duties_count(const struct projection *projection, const char *type,
                             struct error *err);

/* The staff code at the end of a key's name "<origin>/a/<code>"; NULL if it is not of this book. */
const char *staff_code_in_key_name(const char *origin, const char *name);

#endif
