/* simulating.h - what the parts of a simulation share. Layer: service; for simulat*.c only. */
#ifndef YICANG_SERVICE_SIMULATING_H
#define YICANG_SERVICE_SIMULATING_H

#include "cli/service/simulation.h"
#include "cli/service/use_case.h"
#include "ledger/fund/fund.h"
#include "ledger/loans/loan_sweep.h"
#include "rules/waterfall.h"

/* What the loans leave for their claims. */
struct claimed_loan {
    int64_t loan;
    struct simulated_group *group, *group_after;
    bool dropped;   /* not lent */
    bool undecided; /* stays as booked */
    struct money covered;
    bool supposed;        /* its contract is under the simulated policy */
    struct money carried; /* principal in the books at the end, after */
};

/* What a payer bore in claims so far. */
struct borne {
    const char *payer;
    struct money this_year, in_all;
};
#define BORNE_MAX 64

/* A claim that was refused later, and what it takes back then. */
struct refused_part {
    uint64_t seq;
    int year;
    const char *payer;
    struct money amount;
};

/* An event in which the premium was claimed of all covered loans up to a day. */
struct past_premium_claim {
    uint64_t seq;
    struct date through;
};

struct simulating {
    struct simulation *to;
    struct store *store;
    const char *origin;
    struct policy_shelf *book; /* as it was */
    struct policy_shelf *supposed;
    const struct policy *policy;      /* the simulated one */
    const struct policy *book_policy; /* in force at the end of the period */
    struct arena *arena;              /* of the result */
    struct arena work;                /* of one loan or claim */
    struct planning planning;         /* in the supposed book: for the functions of the plans */
    struct simulated_group *last;     /* found last */
    size_t group_capacity, exception_capacity;
    struct claimed_loan *claimed;
    size_t claims, claimed_capacity;
    struct past_premium_claim *premium; /* of the period, ascending */
    size_t premiums;
    struct past_top_up *top_up;
    struct money *base_change; /* of each top-up */
    size_t top_ups;
    struct borne borne[BORNE_MAX];
    size_t payers;
    int year; /* of the claim before */
    struct refused_part *refused;
    size_t refusals, refused_capacity;
    struct money special_change, payable_change, advances_change;
};

/* Reason id simulation.too-large. */
MUST_CHECK bool simulating_group(struct simulating *s, const char *office, enum loan_class class,
                                 struct simulated_group **ret, struct error *err);
/* *sum += the count and the amount; reason id simulation.too-large. */
MUST_CHECK bool simulating_add(struct simulated_sum *sum, int64_t count, struct money amount,
                               struct error *err);
MUST_CHECK bool simulating_add_money(struct money *sum, struct money amount, struct error *err);
MUST_CHECK bool simulating_take_money(struct money *sum, struct money amount, struct error *err);
bool simulating_is_in_period(const struct simulating *s, struct date day);
/* True if the policy could not say (and the reason is counted); false if the error is another. */
bool simulating_undecided(struct simulating *s, const struct error *err);

/* --- decisions -------------------------------------------------------------------------------- */

/* What the conditions of an event come to. */
struct ruling {
    enum outcome before, after;             /* the worst */
    enum outcome coverage_before, coverage; /* at a payout */
    bool undecided;
};

/* An event in which the policy was asked. */
struct asked_event {
    uint64_t seq;
    struct date day;
    int64_t loan;
    bool has_override;
    const struct policy *policy;       /* that is asked after; NULL: decided as booked */
    const struct governing_days *days; /* NULL: as on record */
    struct case_facts facts; /* known without the record; what is on record comes on top */
    struct case_facts given; /* and these on top of it */
};
/* Asks again what the event asked, but for `given` with the facts on record. */
MUST_CHECK bool simulating_ask(struct simulating *s, struct asked_event *event, struct ruling *ret,
                               struct error *err);

/* --- the two passes --------------------------------------------------------------------------- */

MUST_CHECK bool simulating_loan(void *context, const struct swept_loan *loan, struct error *err);
struct swept_claim;
MUST_CHECK bool simulating_claim(void *context, const struct swept_claim *claim, struct error *err);

#endif
