/* daycount.h - day count conventions as exact fractions of a year. Layer: base. */
#ifndef YICANG_BASE_DAYCOUNT_H
#define YICANG_BASE_DAYCOUNT_H

#include "ledger/base/date.h"

#include <stdint.h>

enum day_count {
    DAY_COUNT_ACT_360, /* the trade's default: day rate = year rate / 360 (domain.md 3.1) */
    DAY_COUNT_ACT_364,
    DAY_COUNT_ACT_365,
    DAY_COUNT_ACT_ACT, /* days in leap years / 366 + the others / 365 */
    DAY_COUNT_30_360,  /* US rule (bond basis): a whole month is 1/12 */
};

/* A fraction of a year: num / den, den > 0. */
struct year_fraction {
    int64_t num;
    int64_t den;
};

/* First day counted, last day not. from <= to. */
struct year_fraction day_count_fraction(enum day_count convention, struct date from,
                                        struct date to);
/* The number of days the convention sees between the two (30/360: 30 a month). */
int32_t day_count_days(enum day_count convention, struct date from, struct date to);

/* "act/360", "act/364", "act/365", "act/act", "30/360"; reason id day-count.unknown. */
MUST_CHECK bool day_count_parse(const char *text, enum day_count *ret, struct error *err);
const char *day_count_name(enum day_count convention);

#endif
