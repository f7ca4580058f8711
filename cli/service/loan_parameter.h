/* loan_parameter.h - which version of the policy, and which of its days, governs a loan. Layer:
 * service. The contract's version says by which date a parameter goes: signing (the payout),
 * application, or the day on which interest accrues or the claim is filed; then the version in
 * force that day counts. */
#ifndef YICANG_SERVICE_LOAN_PARAMETER_H
#define YICANG_SERVICE_LOAN_PARAMETER_H

#include "cli/service/use_case.h"
#include "ledger/loans/loan.h"

struct loan_parameter {
    const struct policy *policy;
    struct date on;
    bool may_change;    /* it goes by the day given, and another row or version begins later */
    struct date change; /* the first day on which it may be another */
};

/* The version in force on the day, for what goes by the day and not by the contract; good until the
 * next question. */
MUST_CHECK bool policy_of_day(struct planning *planning, struct date day,
                              const struct in_force **ret, struct error *err);

/* For a loan that is paid out. accrual: the day asked about; for what a claim governs, that of the
 * claim. */
MUST_CHECK bool loan_parameter_find(struct planning *planning, const struct loan *loan,
                                    enum parameter parameter, struct date accrual,
                                    struct loan_parameter *ret, struct error *err);
MUST_CHECK bool loan_parameter_rate(struct planning *planning, const struct loan *loan,
                                    enum parameter parameter, struct date accrual, struct rate *ret,
                                    struct loan_parameter *ret_found, struct error *err);
/* Days overdue after which accrual stops. */
MUST_CHECK bool loan_non_accrual_days(struct planning *planning, const struct loan *loan,
                                      struct date day, int64_t *ret,
                                      struct loan_parameter *ret_found, struct error *err);

#endif
