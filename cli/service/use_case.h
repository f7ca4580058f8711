/* use_case.h - one kind of event as a row: who may do it, what it decides, what it writes.
 * Layer: service. Prints nothing.
 *
 * Every change of a book goes the same way (act.h): the request is planned, the plan becomes the
 * body of a signed event, the event is appended, projected into the tables, its entries are posted,
 * everything is read again and checked, then committed.
 *
 *     plan     reads the book and the policy, decides, and fills in facts and entries. It writes
 *              nothing, and the same book and request always give the same plan.
 *     project  writes the fact tables from the body of the event and from nothing else.
 *
 * So a book can be rebuilt from its log by project alone, and whoever doubts a decision can plan it
 * again from the book as it then stood and compare: replay.h does both.
 *
 * The body of an event is {"date", "in", "out", "decision", "entries", "rows"}: the business date,
 * the request as it was made (no personal data), the facts that follow, the decision if a policy
 * was asked, the entries, and for bulk work one object a row with its own "out" and "entries". All
 * but date and in are left out when empty. docs/events.md lists every type. */
#ifndef YICANG_SERVICE_USE_CASE_H
#define YICANG_SERVICE_USE_CASE_H

#include "cli/service/role.h"
#include "ledger/audit/canon.h"
#include "ledger/base/arena.h"
#include "ledger/base/buffer.h"
#include "ledger/base/clock.h"
#include "ledger/base/date.h"
#include "ledger/base/error.h"
#include "ledger/books/entry.h"
#include "ledger/store/store.h"
#include "rules/decision.h"
#include "rules/policy.h"

#include <stdbool.h>
#include <stdint.h>

struct signature_pool; /* signature_pool.h */
struct staff_memory;   /* ledger/books/staff_memory.h */
struct tree_memory;    /* ledger/audit/tree_memory.h */
struct policy_shelf;   /* policy_shelf.h: the policies of a book, loaded when first asked for */

#define PLAN_ROWS_MAX 1000000
#define PLAN_DECISIONS_MAX 4

/* The policy in force from a day on, and the first day after it on which another one comes. */
struct in_force {
    bool known;
    struct date on;
    const struct policy *policy;
    bool changes;
    struct date change;
};

/* What a plan works with and what it leaves behind. */
struct planning {
    /* given */
    struct store *store;
    struct store *log;   /* where events stand, if not in `store`; NULL: there */
    struct arena *arena; /* of the command */
    struct policy_shelf *policies;
    const char *origin;
    const char *actor; /* staff code */
    enum role role;
    unsigned roles;                 /* all in which the actor may do it, as bits */
    struct date day;                /* the open business day */
    uint64_t seq;                   /* of the event to be */
    struct instant at;              /* when it is written */
    struct signature_pool *helpers; /* for work in memory; NULL: none */
    struct in_force in_force;       /* asked last; no policy changes while a plan is made */
    struct tree_memory *tree;       /* of the log up to here; NULL: none */
    struct arena scratch;           /* of one question; whoever asks empties it first */
    /* set by a plan before it decides */
    int64_t loan;  /* whose exceptions count; 0: there is none yet */
    bool proposal; /* nothing is decided: conditions with exceptions do not stand in the way */
    /* left behind */
    struct canon *out; /* an empty object to fill in */
    struct entry_list entries;
    struct decision decision[PLAN_DECISIONS_MAX];
    size_t decisions;        /* in the order in which they were asked */
    struct canon *records;   /* of decisions on record already, after these; NULL: none */
    struct canon *overrides; /* of `out`: the exceptions it rests on; NULL: none */
    struct buffer rows;      /* canonical lines, each with its LF; planning_row() adds */
    uint64_t rows_count;
    bool rows_hashed; /* else whoever needs the hash makes it */
    struct sha256 rows_sha256;
};

void planning_init(struct planning *planning, struct arena *arena); /* what is left behind, empty */
void planning_release(struct planning *planning); /* accepts one that was only zeroed */
#define AUTO_PLANNING AUTO(planning_release) struct planning
/* Adds one object of "rows", which may be forgotten afterwards. Reason id request.too-many-rows. */
MUST_CHECK bool planning_row(struct planning *planning, const struct canon *row, struct error *err);

/* Where the events before this one are read. */
struct store *planning_log(const struct planning *planning);

/* Asks the policy and keeps the decision for the body. Whatever the outcome, true; *ret (may be
 * NULL) stays as long as the planning. */
MUST_CHECK bool planning_ask(struct planning *planning, const struct policy *policy,
                             enum decision_point point, const struct governing_days *days,
                             const struct case_facts *facts, const struct decision **ret,
                             struct error *err);

/* The same, but a decision that blocks becomes a refusal: reason id "<subject>.<condition id>",
 * e.g. "loan.over-household-limit", with the message and clause of the policy. Otherwise true. A
 * condition from which there is an exception (plan_override.h) neither blocks nor refers; `out`
 * then names the exception in "overrides". */
MUST_CHECK bool planning_decide(struct planning *planning, const struct policy *policy,
                                const char *subject, enum decision_point point,
                                const struct governing_days *days, const struct case_facts *facts,
                                struct error *err);

/* What a condition that does not hold has to tell, in the reader's language: its message and what
 * it looked at. */
const char *condition_tell(struct arena *arena, const struct decided_condition *condition);

/* Adds an exception to "overrides" of `out`, once. */
void planning_rests_on(struct planning *planning, int64_t override);

/* A decision about an earlier event names exactly that one, by of_seq and of_leaf: whether the
 * request names event seq. */
MUST_CHECK bool planning_names_event(struct planning *planning, const struct canon *request,
                                     uint64_t seq, bool *ret, struct error *err);

/* If a decision of the plan refers the case to a person, that is somebody in this role, whatever
 * others they have, and the request must give a reason; `out` then names each condition that refers
 * in "referred". Reason id <subject>.referred, with the first of them. */
MUST_CHECK bool planning_referral(struct planning *planning, const char *subject, enum role role,
                                  const struct canon *request, struct error *err);

/* The decisions as they stand in a body (docs/events.md); NULL if there are none. */
struct canon *decisions_record(const struct planning *planning);

/* What a projection works with: an event that is in the log already. */
struct projection {
    struct store *store;
    struct arena *arena; /* emptied after each event of a replay */
    uint64_t seq;
    const char *actor;
    const char *role;
    const char *origin;
    struct date day;
    struct instant at;           /* when the event was written */
    const struct canon *in;      /* an object */
    const struct canon *out;     /* an object, empty if the body has none */
    struct staff_memory *memory; /* NULL: none */
};

/* A request or a body lacks a member or has one that is malformed: for plans reason id
 * request.malformed (FAULT_INTERNAL: the caller builds requests), for projections event.malformed
 * (FAULT_INTEGRITY). Each returns false and names the member. */
bool request_malformed(const char *member, struct error *err);
bool event_malformed(const char *member, struct error *err);
#ifdef __clang_analyzer__ /* as in error.h */
#define request_malformed(member, err) ((void)request_malformed((member), (err)), false)
#define event_malformed(member, err) ((void)event_malformed((member), (err)), false)
#endif

/* Who decided what an event holds: its actor, unless its `out` names who did so elsewhere. */
const char *decided_by(const struct canon *out, const char *actor);

typedef bool (*plan_function)(struct planning *planning, const struct canon *request,
                              struct error *err);
typedef bool (*project_function)(const struct projection *projection, struct error *err);

/* Heads of a day and seals of a day key stay for ever, others give way to the next. */
enum seal_kind {
    SEAL_TIP,
    SEAL_DAY,
    SEAL_DAY_KEY,
    SEAL_RECOVERY, /* a key that is lost gives way to the next and cannot sign for it */
    SEAL_NONE
};

struct use_case {
    const char *type;  /* of the event: "loan.repay" */
    const char *title; /* "payment of the borrower"; shown by event_title() */
    unsigned roles; /* who may do it: bits of enum role; anybody else is refused (default deny) */
    plan_function plan;
    project_function project;     /* NULL: nothing but entries */
    project_function project_row; /* for each of "rows", with its out; NULL if there are none */
    project_function finish;      /* after rows and entries; NULL: nothing */
    /* The type whose decision, signed on another machine, this records (approval.h): it counts as
     * that of who signed it, in that type's one role. NULL: none. */
    const char *decides;
    bool control;        /* the members of the request stand in the body itself, without a date */
    enum seal_kind seal; /* what the head that covers the event is kept as */
};

/* What an event was asked for and what followed: the body the plan makes (without rows). Used by
 * the door, and by a replay to compare. */
struct canon *planned_body(const struct use_case *use_case, const struct planning *planning,
                           const struct canon *request);

/* NULL if there is no such type. */
const struct use_case *use_case_find(const char *type);
/* In the reader's language; of a type that there is not, the type. */
const char *event_title(const char *type);
size_t use_case_count(void);
const struct use_case *use_case_at(size_t index);

#endif
