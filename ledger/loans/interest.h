/* interest.h - interest that stays exact until it is settled (design.md 3). Layer: loans. Pure: no
 * SQL, no clock. A day rate is the year rate / 360 (domain.md 3.1).
 *
 * A period gathers its parts - end-of-day balance x days (积数) at the rate of those days - in an
 * accrual and rounds once, however often balance, rate or subsidy share changed inside it. */
#ifndef YICANG_LOANS_INTEREST_H
#define YICANG_LOANS_INTEREST_H

#include "ledger/base/attributes.h"
#include "ledger/base/money.h"
#include "ledger/base/rate.h"
#include "ledger/base/wide.h"

#include <stdbool.h>
#include <stdint.h>

#define INTEREST_YEAR_DAYS 360

/* Written by the functions below only. The unit of sum is fen x days x ppm x ppm, so that a rate
 * can be taken times a share or a factor without rounding. */
struct accrual {
    wide sum;
};

/* Each addition returns false, leaving the accrual alone, when the sum does not fit or the days are
 * negative. A negative balance takes back what was added. */
void accrual_init(struct accrual *accrual);
MUST_CHECK bool accrual_add(struct accrual *accrual, struct money balance, int32_t days,
                            struct rate rate);
/* Only a share of the interest (county finance pays 70 % of it), or a multiple: penalty (罚息) is
 * unpaid principal x days x rate x factor, 1.5 = 1500000 ppm, from the maturity day inclusive to
 * the payment day exclusive. */
MUST_CHECK bool accrual_add_share(struct accrual *accrual, struct money balance, int32_t days,
                                  struct rate rate, struct rate share);

/* The same for a product of balance and days that somebody else summed. */
MUST_CHECK bool accrual_add_product(struct accrual *accrual, wide fen_days, struct rate rate,
                                    struct rate share);

/* The sum as an amount, rounded once. False when it does not fit. */
MUST_CHECK bool accrual_round(const struct accrual *accrual, enum rounding how, struct money *ret);

/* *fen_days += balance x days. */
MUST_CHECK bool product_add(int64_t *fen_days, struct money balance, int32_t days);

#endif
