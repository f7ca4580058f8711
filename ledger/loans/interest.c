#include "ledger/loans/interest.h"

#define ACCRUAL_UNITS_PER_FEN ((wide)RATE_WHOLE_PPM * RATE_WHOLE_PPM * INTEREST_YEAR_DAYS)

void accrual_init(struct accrual *accrual)
{
    accrual->sum = 0;
}

/* 64-bit x 64-bit always fits; the later factors are checked one by one. */
static bool add_scaled(struct accrual *accrual, wide fen_days, struct rate rate, struct rate share)
{
    wide part;
    wide sum;
    if (__builtin_mul_overflow(fen_days, (wide)rate.ppm * share.ppm, &part) ||
        __builtin_add_overflow(accrual->sum, part, &sum)) {
        return false;
    }
    accrual->sum = sum;
    return true;
}

bool accrual_add(struct accrual *accrual, struct money balance, int32_t days, struct rate rate)
{
    return accrual_add_share(accrual, balance, days, rate, rate_from_ppm(RATE_WHOLE_PPM));
}

bool accrual_add_share(struct accrual *accrual, struct money balance, int32_t days,
                       struct rate rate, struct rate share)
{
    return days >= 0 && add_scaled(accrual, (wide)money_fen(balance) * days, rate, share);
}

bool accrual_add_product(struct accrual *accrual, wide fen_days, struct rate rate,
                         struct rate share)
{
    return add_scaled(accrual, fen_days, rate, share);
}

bool accrual_round(const struct accrual *accrual, enum rounding how, struct money *ret)
{
    int64_t fen;
    if (!wide_divide(accrual->sum, ACCRUAL_UNITS_PER_FEN, how, &fen)) {
        return false;
    }
    *ret = money_from_fen(fen);
    return true;
}

bool product_add(int64_t *fen_days, struct money balance, int32_t days)
{
    int64_t part;
    int64_t sum;
    if (days < 0 || __builtin_mul_overflow(money_fen(balance), (int64_t)days, &part) ||
        __builtin_add_overflow(*fen_days, part, &sum)) {
        return false;
    }
    *fen_days = sum;
    return true;
}
