/* wide.h - 128-bit products of amounts, rates and days, and the one division that rounds them.
 * Layer: base. An amount (10^15) x a rate in ppm (10^9) x a factor in ppm (10^9) is below 2^113. */
#ifndef YICANG_BASE_WIDE_H
#define YICANG_BASE_WIDE_H

#include "ledger/base/money.h"

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128 wide;

/* ret = product / den with den > 0, rounded once. False when it does not fit, or when how is
 * ROUND_EXACT and a rest is left; *ret is then untouched. */
MUST_CHECK bool wide_divide(wide product, wide den, enum rounding how, int64_t *ret);

#endif
