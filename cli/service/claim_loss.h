/* claim_loss.h - what the loss of a claim is, and who bears it, by the policy. Layer: service. */
#ifndef YICANG_SERVICE_CLAIM_LOSS_H
#define YICANG_SERVICE_CLAIM_LOSS_H

#include "cli/service/use_case.h"
#include "ledger/loans/loan.h"

/* The days that govern a claim filed on the open day. */
struct governing_days claim_days(const struct planning *planning, const struct loan *loan);

/* Works out the loss, shares it, and puts parts, insurer_fen, fund_fen, bank_fen and split into
 * `out`. The facts are those of the claim's decision. Reason ids claim.loss (nothing, or more than
 * the unpaid covered principal), claim.payment-plan (instalments or an advance), and those of
 * policy_split_loss. */
MUST_CHECK bool claim_share_loss(struct planning *planning, const struct loan *loan,
                                 const struct policy *policy, const struct case_facts *facts,
                                 struct money *ret_loss, struct error *err);

#endif
