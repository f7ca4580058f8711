/* schedule.h - a repayment schedule as a pure function of its terms. Layer: loans.
 * Conventions: design.md 8; every row's figure is rounded once, nothing is carried in binary
 * fractions. Used by quote for any method, and by loans for the methods that are lent. */
#ifndef YICANG_LOANS_SCHEDULE_H
#define YICANG_LOANS_SCHEDULE_H

#include "ledger/base/arena.h"
#include "ledger/base/date.h"
#include "ledger/base/daycount.h"
#include "ledger/base/error.h"
#include "ledger/base/money.h"
#include "ledger/base/rate.h"

#include <stdbool.h>
#include <stddef.h>

enum repayment_method {
    METHOD_INTEREST_ONLY,   /* 按期付息到期还本 */
    METHOD_BULLET,          /* 利随本清 */
    METHOD_ANNUITY,         /* 等额本息 */
    METHOD_EQUAL_PRINCIPAL, /* 等额本金 */
    METHOD_FLAT,            /* interest on the first principal throughout */
};

enum period_unit { PERIOD_MONTHS, PERIOD_DAYS, PERIOD_ONCE };

/* How often an instalment falls due: month = 1 month, quarter = 3 months, 10d, 2w = 14 days. */
struct period {
    enum period_unit unit;
    int count;
};

#define SCHEDULE_ROWS_MAX 1200
#define TERM_MONTHS_MAX 600

struct schedule_terms {
    struct money principal;
    struct rate rate;  /* a year */
    struct date start; /* payout day */
    int term_months;   /* or 0 and term_days */
    int term_days;
    enum repayment_method method;
    struct period every;
    int settle_day; /* 1 to 28: periods end on this day; 0: on the day of the start */
    enum day_count day_count;
    enum month_end month_end;
    enum rounding rounding;        /* of every interest figure: HALF_UP or HALF_EVEN */
    struct money installment_unit; /* 0.01 or 1 yuan; level payments and equal parts are whole */
    int grace_principal;           /* instalments at the beginning that pay interest only */
    bool has_first_due;            /* later due days are counted from it; the maturity stays */
    struct date first_due;
    struct rate subsidy; /* a year; 0 for none; never above the contract rate */
};

struct schedule_row {
    int no;
    struct date from; /* the first day that bears interest */
    struct date due;
    int days; /* interest days */
    struct money principal, interest, payment;
    struct money balance;               /* after this payment */
    struct money subsidy, own_interest; /* interest = subsidy + own_interest */
};

struct schedule {
    struct schedule_row *row; /* in the arena */
    size_t count;
    struct money principal, interest, payment, subsidy, own_interest; /* totals */
    struct date maturity;
};

/* A bullet loan, or one repaid once, has one row; its period and settle day do not matter. A settle
 * day with periods of days is refused. No part is ever below zero: a level payment that does not
 * cover the interest repays no principal, and equal parts stop when nothing is left.
 * Reason ids quote.term, quote.rows, quote.settle-day, quote.first-due, quote.grace, quote.unit,
 * quote.amount (does not fit). */
MUST_CHECK bool schedule_build(const struct schedule_terms *terms, struct arena *arena,
                               struct schedule *ret, struct error *err);

/* "interest-only" ...; "month", "quarter", "10d", "2w", "once"; "12m", "90d", "1y". Reason ids
 * quote.method, quote.every, quote.term. */
MUST_CHECK bool repayment_method_parse(const char *text, enum repayment_method *ret,
                                       struct error *err);
const char *repayment_method_name(enum repayment_method method);
MUST_CHECK bool period_parse(const char *text, struct period *ret, struct error *err);
MUST_CHECK bool term_parse(const char *text, int *ret_months, int *ret_days, struct error *err);

/* The settlement days of a loan: the next close at or after `from` that settles interest, for the
 * settle day of the last month of each quarter. Never the payout day itself. */
struct date next_settlement_day(struct date from, int settle_day);

#endif
