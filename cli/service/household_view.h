/* household_view.h - how much more a household may borrow. Layer: service. */
#ifndef YICANG_SERVICE_HOUSEHOLD_VIEW_H
#define YICANG_SERVICE_HOUSEHOLD_VIEW_H

#include "cli/service/book.h"
#include "ledger/loans/loan.h"

/* By the policy in force on the open day; the limits count all loans of the household together
 * (design.md 4), unpaid or approved. Nothing left is zero. */
struct household_limits {
    struct household_loans loans;
    struct money left;         /* for a loan of the product household */
    struct money left_micro;   /* micro-entrepreneur */
    struct money left_covered; /* principal that subsidy and fund would cover */
};
MUST_CHECK bool household_limits_load(struct office *office, int64_t household,
                                      struct household_limits *ret, struct error *err);

#endif
