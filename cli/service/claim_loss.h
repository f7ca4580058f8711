/* claim_loss.h - what the loss of a claim is, and who bears it, by the policy. Layer: service. */
#ifndef YICANG_SERVICE_CLAIM_LOSS_H
#define YICANG_SERVICE_CLAIM_LOSS_H

#include "cli/service/use_case.h"
#include "ledger/loans/loan.h"
#include "rules/waterfall.h"

/* A version of the policy and the day on which its row is looked up. */
struct claim_rule {
    const struct policy *policy;
    struct date on;
};

/* What governs a claim. For each part the version of the contract says by its governed_by whether
 * that version itself counts or the one in force on the filing day; in the version that counts, its
 * own governed_by picks the row. */
struct claim_rules {
    struct governing_days days;
    const struct policy *conditions; /* as for the parameter claim_after_days */
    struct claim_rule after_days;    /* the parameter itself, for display */
    struct claim_rule loss;
    struct claim_rule recovery;
};

/* For a loan that is paid out. The policies live as long as the shelf. */
MUST_CHECK bool claim_rules_find(struct policy_shelf *policies, struct store *store,
                                 const struct loan *loan, struct date filed_on,
                                 struct claim_rules *ret, struct error *err);

/* The facts about what is unpaid: covered_unpaid and interest_unpaid. Reason id loan.overflow. */
MUST_CHECK bool claim_unpaid_facts(const struct loan *loan, struct case_facts *facts,
                                   struct error *err);

/* What the policy takes for the loss, and what of it is interest. Reason id claim.loss (nothing, or
 * more than what is unpaid). */
MUST_CHECK bool claim_loss_of(const struct loan *loan, const struct claim_rules *rules,
                              const struct case_facts *facts, struct money *ret,
                              struct money *ret_interest, struct error *err);

/* Works out the loss, shares it, and puts loss_fen, interest_fen, parts, insurer_fen, fund_fen,
 * bank_fen, payments and split into `out`. The facts are those of the claim's decision. Reason ids
 * claim.loss (nothing, or more than what is unpaid), claim.advance (more than the fund has to hand
 * over), and those of policy_split_loss. */
MUST_CHECK bool claim_share_loss(struct planning *planning, const struct loan *loan,
                                 const struct claim_rules *rules, const struct case_facts *facts,
                                 struct money *ret_loss, struct error *err);

/* An array of what is handed over, by whom, as it stands in the body of a claim. */
struct canon *payments_record(struct arena *arena, const struct policy *policy,
                              const struct loss_split *split);

#endif
