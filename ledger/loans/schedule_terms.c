#include "ledger/base/text.h"
#include "ledger/loans/schedule_plan.h"

#include <assert.h>
#include <string.h>

#define TERM_DAYS_MAX 18263 /* the days of 600 months */
#define SETTLE_DAY_MAX 28   /* every month has it */

static const char *const METHOD_NAME[] = {
    [METHOD_INTEREST_ONLY] = "interest-only",
    [METHOD_BULLET] = "bullet",
    [METHOD_ANNUITY] = "annuity",
    [METHOD_EQUAL_PRINCIPAL] = "equal-principal",
    [METHOD_FLAT] = "flat",
};

bool repayment_method_parse(const char *text, enum repayment_method *ret, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(METHOD_NAME); i++) {
        if (text_equal(text, METHOD_NAME[i])) {
            *ret = (enum repayment_method)i;
            return true;
        }
    }
    (void)error_set(err, FAULT_USAGE, "quote.method", _("“%s” is not a method of repayment"), text);
    return error_next(err, _("use interest-only, bullet, annuity, equal-principal or flat"));
}

const char *repayment_method_name(enum repayment_method method)
{
    return METHOD_NAME[method];
}

/* "10d": a count from 1 to most without leading zeros, and one letter. */
static bool read_count(const char *text, int most, int *ret_count, char *ret_unit)
{
    const size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 5 || text[0] == '0' || text[digits] == '\0' ||
        text[digits + 1] != '\0') {
        return false;
    }
    int count = 0;
    for (size_t i = 0; i < digits; i++) {
        count = count * 10 + (text[i] - '0');
    }
    *ret_count = count;
    *ret_unit = text[digits];
    return count <= most;
}

static bool read_period(const char *text, struct period *ret)
{
    static const struct {
        const char *name;
        struct period period;
    } named[] = {
        {"month", {PERIOD_MONTHS, 1}},
        {"quarter", {PERIOD_MONTHS, 3}},
        {"once", {PERIOD_ONCE, 1}},
    };
    for (size_t i = 0; i < COUNT_OF(named); i++) {
        if (text_equal(text, named[i].name)) {
            *ret = named[i].period;
            return true;
        }
    }
    int count = 0;
    char unit = '\0';
    if (!read_count(text, TERM_DAYS_MAX, &count, &unit) || (unit != 'd' && unit != 'w')) {
        return false;
    }
    const int days = unit == 'w' ? count * 7 : count;
    *ret = (struct period){PERIOD_DAYS, days};
    return days <= TERM_DAYS_MAX;
}

bool period_parse(const char *text, struct period *ret, struct error *err)
{
    struct period period;
    if (read_period(text, &period)) {
        *ret = period;
        return true;
    }
    (void)error_set(err, FAULT_USAGE, "quote.every", _("“%s” is not a period of instalments"),
                    text);
    return error_next(err, _("use month, quarter, days as 10d, weeks as 2w, or once"));
}

static bool refuse_term(struct error *err)
{
    return error_limit(err, _("at most %d months or %d days"), TERM_MONTHS_MAX, TERM_DAYS_MAX);
}

bool term_parse(const char *text, int *ret_months, int *ret_days, struct error *err)
{
    int count = 0;
    char unit = '\0';
    if (read_count(text, TERM_DAYS_MAX, &count, &unit)) {
        const bool in_months = unit == 'm' || unit == 'y';
        const int months = unit == 'y' ? count * 12 : count;
        if (unit == 'd' || (in_months && months <= TERM_MONTHS_MAX)) {
            *ret_months = in_months ? months : 0;
            *ret_days = in_months ? 0 : count;
            return true;
        }
    }
    (void)error_set(err, FAULT_USAGE, "quote.term", _("“%s” is not a term of a loan"), text);
    (void)refuse_term(err);
    return error_next(err, _("write months as 12m, days as 90d or years as 1y"));
}

static bool check_amount(const struct schedule_terms *terms, struct error *err)
{
    const struct money most = money_from_fen(MONEY_LIMIT_FEN);
    if (!money_is_positive(terms->principal)) {
        return error_set(err, FAULT_USAGE, "quote.amount", _("the principal is not positive"));
    }
    if (money_compare(terms->principal, most) > 0) {
        return error_set(err, FAULT_USAGE, "quote.amount", _("the principal is too large"));
    }
    return true;
}

static bool check_term(const struct schedule_terms *terms, struct error *err)
{
    const bool by_months =
        terms->term_months >= 1 && terms->term_months <= TERM_MONTHS_MAX && terms->term_days == 0;
    const bool by_days =
        terms->term_months == 0 && terms->term_days >= 1 && terms->term_days <= TERM_DAYS_MAX;
    if (by_months || by_days) {
        return true;
    }
    (void)error_set(err, FAULT_USAGE, "quote.term",
                    _("a term of %d months and %d days cannot be scheduled"), terms->term_months,
                    terms->term_days);
    return refuse_term(err);
}

static bool check_settle_day(const struct schedule_terms *terms, struct error *err)
{
    if (terms->settle_day < 0 || terms->settle_day > SETTLE_DAY_MAX) {
        (void)error_set(err, FAULT_USAGE, "quote.settle-day", _("%d is not a settlement day"),
                        terms->settle_day);
        return error_limit(err, _("a day of the month from 1 to %d"), SETTLE_DAY_MAX);
    }
    if (terms->settle_day != 0 && terms->every.unit == PERIOD_DAYS) {
        return error_set(err, FAULT_USAGE, "quote.settle-day",
                         _("a settlement day needs periods of months, not of %d days"),
                         terms->every.count);
    }
    return true;
}

bool schedule_terms_check(const struct schedule_terms *terms, struct error *err)
{
    assert(terms->rounding == ROUND_HALF_UP || terms->rounding == ROUND_HALF_EVEN);
    assert(terms->every.count >= 1);
    assert(terms->rate.ppm >= 0 && terms->rate.ppm <= RATE_LIMIT_PPM && terms->subsidy.ppm >= 0);
    const int64_t unit = money_fen(terms->installment_unit);
    if (unit != 1 && unit != 100) {
        return error_set(err, FAULT_USAGE, "quote.unit",
                         _("instalments are whole units of 0.01 or 1 yuan"));
    }
    return check_amount(terms, err) && check_term(terms, err) && check_settle_day(terms, err);
}
