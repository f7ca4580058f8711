/* schedule_plan.h - the periods of a schedule, before any amount is known. Layer: loans.
 * Private to the schedule_*.c files. */
#ifndef YICANG_LOANS_SCHEDULE_PLAN_H
#define YICANG_LOANS_SCHEDULE_PLAN_H

#include "ledger/loans/schedule.h"

/* Row i bears interest from at[i] (inclusive) to at[i + 1] (exclusive), and falls due there. */
struct schedule_plan {
    struct date *at; /* count + 1 days, the first the payout, the last the maturity */
    int count;
};

/* Refuses terms that contradict themselves: quote.amount, quote.term, quote.settle-day,
 * quote.unit. */
MUST_CHECK bool schedule_terms_check(const struct schedule_terms *terms, struct error *err);

/* Reason ids quote.term, quote.settle-day, quote.first-due, quote.rows, quote.grace. */
MUST_CHECK bool schedule_plan_build(const struct schedule_terms *terms, struct arena *arena,
                                    struct schedule_plan *ret, struct error *err);

/* The days and the part of a year of row i. Under 30/360 a period of whole months, seen from the
 * day that due days are counted from, has 30 days for each, also over a clamped February. */
int32_t schedule_plan_days(const struct schedule_plan *plan, const struct schedule_terms *terms,
                           int i);
struct year_fraction schedule_plan_fraction(const struct schedule_plan *plan,
                                            const struct schedule_terms *terms, int i);

/* The level payment that repays terms->principal in the rows from first_row on: principal / sum
 * over k of the product of 1 / (1 + f_j) for j <= k, exact, rounded once to whole units. False when
 * it is over MONEY_LIMIT_FEN. */
MUST_CHECK bool level_payment(const struct schedule_terms *terms, const struct schedule_plan *plan,
                              int first_row, struct money *ret);

#endif
