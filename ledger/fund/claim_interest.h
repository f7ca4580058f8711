/* claim_interest.h - how much of a claim is interest. Layer: fund.
 *
 * Where the policy's loss counts interest, every sum of a claim is principal and interest in the
 * proportion of the loss, the odd fen being principal (design decision of the books). */
#ifndef YICANG_FUND_CLAIM_INTEREST_H
#define YICANG_FUND_CLAIM_INTEREST_H

#include "ledger/fund/claim.h"

/* Unpaid interest of the covered principal: all of it, or the covered principal's proportion,
 * rounded down. False if it does not fit. */
MUST_CHECK bool covered_interest(struct money unpaid_interest, struct money covered,
                                 struct money unpaid_principal, struct money *ret);
/* The interest in a loss: rounded down, never above the interest there is. */
MUST_CHECK bool loss_interest(struct money loss, struct money principal, struct money interest,
                              struct money *ret);
/* The interest in what insurer and fund bear. */
MUST_CHECK bool claim_interest_borne(const struct claim *claim, struct money *ret);
/* The interest in a part that the bank gets back of its own: of everything it has had so far, less
 * what it had before. */
MUST_CHECK bool claim_interest_recovered(const struct claim *claim, struct money bank_before,
                                         struct money part, struct money *ret);

#endif
