/* details.h - the parts of one claim, loan or household, as tables. Layer: reports; only reads.
 * The caller has seen that it exists. */
#ifndef YICANG_REPORTS_DETAILS_H
#define YICANG_REPORTS_DETAILS_H

#include "ledger/store/store.h"
#include "reports/table.h"

/* Who bears what of the loss, what is paid, recovered and handed over. */
MUST_CHECK bool claim_shares(struct store *store, int64_t claim, struct date day,
                             struct arena *arena, struct table *ret, struct error *err);
MUST_CHECK bool claim_payments(struct store *store, int64_t claim, struct date day,
                               struct arena *arena, struct table *ret, struct error *err);
MUST_CHECK bool claim_history(struct store *store, int64_t claim, struct date day,
                              struct arena *arena, struct table *ret, struct error *err);
MUST_CHECK bool claim_recoveries(struct store *store, int64_t claim, struct date day,
                                 struct arena *arena, struct table *ret, struct error *err);

/* Decisions that were signed on another machine, and who recorded them. */
MUST_CHECK bool claim_approvals(struct store *store, int64_t claim, struct date day,
                                struct arena *arena, struct table *ret, struct error *err);

/* The exceptions on which the filing rests. */
MUST_CHECK bool claim_overrides(struct store *store, int64_t claim, struct date day,
                                struct arena *arena, struct table *ret, struct error *err);

/* What the policy referred to a person, for the loan or the claim, and how it was decided. */
MUST_CHECK bool claim_referrals(struct store *store, int64_t claim, struct date day,
                                struct arena *arena, struct table *ret, struct error *err);

/* Demands for payment of a loan, with the day on which the limitation of the claim on the borrower
 * runs out (remark limitation_expires, while it is owed), and what inspections after its payout
 * found. */
MUST_CHECK bool loan_duns(struct store *store, int64_t loan, struct date day, struct arena *arena,
                          struct table *ret, struct error *err);
MUST_CHECK bool loan_inspections(struct store *store, int64_t loan, struct date day,
                                 struct arena *arena, struct table *ret, struct error *err);

/* Standing on the state register, by the day from which it counts. */
MUST_CHECK bool household_history(struct store *store, int64_t household, struct date day,
                                  struct arena *arena, struct table *ret, struct error *err);
MUST_CHECK bool household_loans(struct store *store, int64_t household, struct date day,
                                struct arena *arena, struct table *ret, struct error *err);

#endif
