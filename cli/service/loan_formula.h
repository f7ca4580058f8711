/* loan_formula.h - interest and penalty of a span of days as a formula a clerk can recompute.
 * Layer: service. */
#ifndef YICANG_SERVICE_LOAN_FORMULA_H
#define YICANG_SERVICE_LOAN_FORMULA_H

#include "cli/service/use_case.h"
#include "ledger/loans/loan.h"

struct formula {
    int32_t days;
    struct money amount; /* rounded half up once */
    const char *text;    /* "(50,000.00 × 30 + 40,000.00 × 32) × 4.35% ÷ 360 = 335.92"; in the
                          * arena of the planning */
};

/* Unpaid principal x days x rate / 360 over the days [from, upto). Reason id loan.overflow. */
MUST_CHECK bool interest_formula(struct planning *planning, const struct loan *loan,
                                 struct date from, struct date upto, struct formula *ret,
                                 struct error *err);
/* The same with the factor of the penalty, from the maturity day on: the whole penalty, whatever
 * was paid of it already. */
MUST_CHECK bool penalty_formula(struct planning *planning, const struct loan *loan,
                                struct date upto, struct formula *ret, struct error *err);

#endif
