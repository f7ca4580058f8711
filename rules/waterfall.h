/* waterfall.h - who bears a loss, and who gets what is recovered. Layer: rules.
 *
 * A policy lists steps (docs/policy-language.md): each payer takes a share of the whole, of what is
 * left, or of what another bears, above a deductible, at least and at most so much; whoever is
 * named takes the remainder. No fen is made or lost: the parts always come to the whole. */
#ifndef YICANG_RULES_WATERFALL_H
#define YICANG_RULES_WATERFALL_H

#include "rules/facts.h"
#include "rules/policy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAYERS_MAX 16
#define INSTALMENTS_MAX 6 /* of one payer */

/* The engine's books know these three; every policy has them as payers with these numbers. */
enum payer { PAYER_INSURER, PAYER_FUND, PAYER_BANK, PAYER_COUNT };
const char *payer_name(enum payer payer); /* "insurer", "fund", "bank" */

/* A payer of a policy. Others than the three are booked like one of them: a guarantor like the
 * insurer, say. */
struct payer_facts {
    const char *name; /* "guarantor" */
    const char *title_zh;
    const char *title_en;
    enum payer booked_as;
};
size_t policy_payers(const struct policy *policy);
struct payer_facts policy_payer(const struct policy *policy, size_t payer);

/* One figure for each payer of the policy, by its number; zero for the numbers above. */
struct shares {
    struct money of[PAYERS_MAX];
};
/* The same added up for the three of the books. */
struct shares shares_booked(const struct policy *policy, const struct shares *shares);

/* --- A loss ----------------------------------------------------------------------------------- */

struct loss_case {
    struct money loss;                 /* not negative */
    const struct governing_days *days; /* for the parameters that caps and floors name */
    const struct case_facts *facts;    /* fund_free_balance, loans_balance, ... */
    bool has_history;                  /* the next two are filled in */
    struct shares this_year;           /* what each payer bore since 1 January */
    struct shares in_all;
};

/* One sum that is handed over. Without instalments each payer pays once. */
struct loss_payment {
    size_t payer;          /* who bears it */
    size_t by;             /* who hands it over first: the payer, or who advances it */
    struct money amount;   /* positive */
    int64_t within;        /* days; -1: the policy does not say */
    int64_t refund_within; /* days in which the payer gives an advance back; -1 likewise */
};

/* What one step did. */
struct loss_step_result {
    size_t payer;
    struct money base;  /* what the share was taken of, the deductible off */
    struct money share; /* rounded, not below the floor, not above what there was */
    struct money part;  /* what is left of that under the caps */
    bool deducted;      /* the deductible took something off */
    bool raised;        /* the share is more than it would be without the floor */
    unsigned met;       /* bit i: the part is cut off at the cap i */
};

struct loss_split {
    struct shares shares; /* come to the loss */
    struct loss_step_result steps[PAYERS_MAX];
    size_t step_count;
    struct loss_payment
        payments[PAYERS_MAX * INSTALMENTS_MAX]; /* those booked as bank pay nothing */
    size_t payment_count;
};

/* What the loss of a claim is: the policy's amount, or else the fact covered_unpaid; not below
 * zero. Errors as for policy_split_loss. */
MUST_CHECK bool policy_loss_amount(const struct policy *policy, struct date on,
                                   const struct governing_days *days,
                                   const struct case_facts *facts, struct money *ret,
                                   struct error *err);

/* Whether that amount counts interest: then a loss is principal and interest in the proportion of
 * the facts covered_unpaid and interest_unpaid, else principal alone. */
bool policy_loss_has_interest(const struct policy *policy, struct date on);

/* Reason ids policy.not-in-force; expression.unknown-fact and expression.overflow of a cap, a floor
 * or a deductible, whose limit names the payer and the clause (FAULT_REFUSED). */
MUST_CHECK bool policy_split_loss(const struct policy *policy, struct date on,
                                  const struct loss_case *loss, struct loss_split *ret,
                                  struct error *err);
enum governing_date policy_loss_governed_by(const struct policy *policy);

/* The steps as text, for explanations and diff: "insurer 70% of loss"; the last one names the
 * remainder's taker. None before the first row; then the clauses are NULL. */
size_t policy_loss_steps(const struct policy *policy, struct date on);
const char *policy_loss_step(const struct policy *policy, struct date on, size_t index,
                             bool chinese);
struct clause policy_loss_clause(const struct policy *policy, struct date on);

/* --- What is recovered ------------------------------------------------------------------------ */

/* Splits what has come in so far (cumulative, net of costs). The sum is always recovered_total; no
 * part shrinks when more comes in, none is above what its payer bore, and each is exactly that once
 * everything came back. The caller subtracts what was given before. `on` is the same for all
 * recoveries of a claim. Reason ids policy.not-in-force, policy.recovery-over-loss
 * (FAULT_REFUSED). */
MUST_CHECK bool policy_split_recovery(const struct policy *policy, struct date on,
                                      const struct shares *borne, struct money recovered_total,
                                      struct shares *ret, struct error *err);
enum governing_date policy_recovery_governed_by(const struct policy *policy);
size_t policy_recovery_steps(const struct policy *policy, struct date on);
const char *policy_recovery_step(const struct policy *policy, struct date on, size_t index,
                                 bool chinese);
struct clause policy_recovery_clause(const struct policy *policy, struct date on);

#endif
