/* simulating_claim.h - a claim while another policy is tried on it. Layer: service; for
 * simulate_*.c only. */
#ifndef YICANG_SERVICE_SIMULATING_CLAIM_H
#define YICANG_SERVICE_SIMULATING_CLAIM_H

#include "cli/service/claim_loss.h"
#include "cli/service/simulating.h"
#include "ledger/fund/claim_sweep.h"

struct trial {
    struct simulating *s;
    const struct swept_claim *swept;
    struct claimed_loan *on;
    struct loan loan; /* as it stood when the claim was filed, in the supposed book */
    struct claim_rules rules;
    enum outcome before_outcome, after_outcome; /* the worst of filing and acceptance */
    bool stands;                                /* after: it may be made */
    bool undecided;                             /* stays as booked */
    bool as_booked;                             /* undecided, or filed before the period */
    struct money loss, interest;                /* after; the interest is in the loss */
    struct claim_part part[PAYERS_MAX];         /* by payer, those that are positive */
    size_t parts;
    struct loss_parts booked; /* the same for the three of the books */
    struct claim_due *due;    /* after: what is handed over, and what of it was */
    size_t dues;
    struct claim before, after; /* as the books would carry it; recovered so far, while counted */
};

/* What the split has handed over, by whom. */
void trial_take_dues(struct trial *t, const struct policy *policy, const struct loss_split *split);
/* The claim as the books carry it, before and after: once the trial is decided. */
void trial_carry(struct trial *t);
/* What filing, acceptance and payments do to the fund, and what acceptance takes from the loan. */
MUST_CHECK bool trial_count_fund(struct trial *t, struct error *err);
/* The same for one recovery, of which the parts after are these. */
MUST_CHECK bool trial_count_recovery(struct trial *t, const struct swept_recovery *recovery,
                                     const struct loss_parts *after, struct error *err);

#endif
