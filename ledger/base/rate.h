/* rate.h - rates and shares in whole millionths (ppm). Layer: base.
 * An interest rate is ppm a year: 4.35 % = 43500. A share is ppm of the whole: 70 % = 700000. */
#ifndef YICANG_BASE_RATE_H
#define YICANG_BASE_RATE_H

#include "ledger/base/attributes.h"
#include "ledger/base/error.h"

#include <stdbool.h>
#include <stdint.h>

#define RATE_WHOLE_PPM INT64_C(1000000)    /* 100 % */
#define RATE_LIMIT_PPM INT64_C(1000000000) /* 100,000 %: nothing sensible is larger */

struct rate {
    int64_t ppm;
};

static inline struct rate rate_from_ppm(int64_t ppm)
{
    return (struct rate){ppm};
}

/* Reads "4.35%" or "4.35" (per cent, at most four decimals, not negative). Reason ids rate.empty,
 * rate.format, rate.full-width, rate.too-precise, rate.too-large, rate.negative. */
MUST_CHECK bool rate_parse(const char *text, struct rate *ret, struct error *err);

struct rate rate_min(struct rate a, struct rate b);

#define RATE_TEXT_SIZE 32
/* Per cent without sign and without needless zeros, at least as many decimals as stand in "4.35",
 * "5", "0.5". Returns buffer. */
char *rate_format(struct rate rate, char buffer[static RATE_TEXT_SIZE]);
/* Permille a month with four decimals at most, e.g. 4.35 % a year = "3.625". Returns buffer. */
char *rate_format_monthly_permille(struct rate rate, char buffer[static RATE_TEXT_SIZE]);

#endif
