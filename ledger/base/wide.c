#include "ledger/base/wide.h"

#include <assert.h>

/* Whether the magnitude of a quotient grows by one for the rest it leaves. */
static bool rounds_away(wide quotient, wide rest, wide den, enum rounding how)
{
    const wide below = rest < 0 ? -rest : rest;
    const wide above = den - below;
    if (how == ROUND_HALF_UP) {
        return below >= above;
    }
    if (how == ROUND_HALF_EVEN) {
        return below > above || (below == above && quotient % 2 != 0);
    }
    return false;
}

bool wide_divide(wide product, wide den, enum rounding how, int64_t *ret)
{
    assert(den > 0);
    const wide rest = product % den;
    wide quotient = product / den;
    if (rest != 0) {
        if (how == ROUND_EXACT) {
            return false;
        }
        if (rounds_away(quotient, rest, den, how)) {
            quotient += product < 0 ? -1 : 1;
        }
    }
    if (quotient < INT64_MIN || quotient > INT64_MAX) {
        return false;
    }
    *ret = (int64_t)quotient;
    return true;
}
