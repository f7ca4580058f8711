/* The due days of a schedule. They are counted from one anchor - the payout day, or the first due
 * day if that is given - so that a clamped month end never shifts the later ones. With a settlement
 * day a period includes it, and the sum falls due on the day after. The maturity ends the last
 * period and takes the place of a due day that would fall on it or later. */
#include "ledger/loans/schedule_plan.h"

#include "ledger/base/text.h"

#include <assert.h>

static struct date anchor_of(const struct schedule_terms *terms)
{
    return terms->has_first_due ? terms->first_due : terms->start;
}

static bool has_one_row(const struct schedule_terms *terms)
{
    return terms->method == METHOD_BULLET || terms->every.unit == PERIOD_ONCE;
}

/* The first settlement day after `date` in a month whose number the period divides: with quarters
 * March, June, September and December. A close on `date` itself is none: a period begins there. */
static struct date settlement_after(struct date date, int settle_day, int months)
{
    const struct ymd ymd = date_to_ymd(date);
    const struct date first_of_month = date_add_days(date, 1 - ymd.day);
    const int wait = (months - (ymd.year * 12 + ymd.month) % months) % months;
    const struct date close =
        date_add_days(date_add_months(first_of_month, wait, MONTH_END_LAST), settle_day - 1);
    return date_compare(close, date) > 0 ? close : date_add_months(close, months, MONTH_END_LAST);
}

/* The due day of row `row` (0-based), if the maturity does not come first. */
static struct date due_day(const struct schedule_terms *terms, struct date from, int row)
{
    if (terms->has_first_due && row == 0) {
        return terms->first_due;
    }
    const int count = terms->every.count;
    if (terms->settle_day != 0) {
        return date_add_days(settlement_after(from, terms->settle_day, count), 1);
    }
    const int periods = terms->has_first_due ? row : row + 1;
    if (terms->every.unit == PERIOD_MONTHS) {
        return date_add_months(anchor_of(terms), periods * count, terms->month_end);
    }
    return date_add_days(anchor_of(terms), periods * count);
}

static bool find_maturity(const struct schedule_terms *terms, struct date *ret, struct error *err)
{
    *ret = terms->term_months > 0
               ? date_add_months(terms->start, terms->term_months, terms->month_end)
               : date_add_days(terms->start, terms->term_days);
    if (ret->day <= DATE_DAY_MAX) {
        return true;
    }
    (void)error_set(err, FAULT_USAGE, "quote.term", _("The loan would mature after 2199."));
    return error_limit(err, _("dates from 1900-01-01 to 2199-12-31"));
}

static bool check_first_due(const struct schedule_terms *terms, struct date maturity,
                            struct error *err)
{
    if (!terms->has_first_due) {
        return true;
    }
    char first[DATE_TEXT_SIZE];
    char other[DATE_TEXT_SIZE];
    date_format(terms->first_due, first);
    if (date_compare(terms->first_due, terms->start) <= 0) {
        return error_set(err, FAULT_USAGE, "quote.first-due",
                         _("The first due day %s is not after the payout on %s."), first,
                         date_format(terms->start, other));
    }
    if (date_compare(terms->first_due, maturity) > 0) {
        return error_set(err, FAULT_USAGE, "quote.first-due",
                         _("The first due day %s is after the maturity on %s."), first,
                         date_format(maturity, other));
    }
    if (has_one_row(terms) && date_compare(terms->first_due, maturity) != 0) {
        return error_set(err, FAULT_USAGE, "quote.first-due",
                         _("A loan repaid at once is due at its maturity on %s, not on %s."),
                         date_format(maturity, other), first);
    }
    return true;
}

static bool check_grace(const struct schedule_terms *terms, int rows, struct error *err)
{
    if (terms->grace_principal >= 0 && terms->grace_principal < rows) {
        return true;
    }
    (void)error_set(err, FAULT_USAGE, "quote.grace",
                    _("%d instalments without principal leave none of %d to repay it."),
                    terms->grace_principal, rows);
    return error_limit(err, _("From 0 to %d."), rows - 1);
}

bool schedule_plan_build(const struct schedule_terms *terms, struct arena *arena,
                         struct schedule_plan *ret, struct error *err)
{
    struct date maturity;
    if (!find_maturity(terms, &maturity, err) || !check_first_due(terms, maturity, err)) {
        return false;
    }
    struct date *at = arena_alloc_array(arena, SCHEDULE_ROWS_MAX + 1, sizeof *at);
    int rows = 0;
    at[0] = terms->start;
    while (date_compare(at[rows], maturity) < 0) {
        if (rows == SCHEDULE_ROWS_MAX) {
            (void)error_set(err, FAULT_USAGE, "quote.rows",
                            _("The schedule would have too many instalments."));
            return error_limit(err, _("At most %d."), SCHEDULE_ROWS_MAX);
        }
        const struct date due = has_one_row(terms) ? maturity : due_day(terms, at[rows], rows);
        assert(date_compare(due, at[rows]) > 0);
        rows++;
        at[rows] = date_min(due, maturity);
    }
    *ret = (struct schedule_plan){at, rows};
    return check_grace(terms, rows, err);
}

/* Whether `date` is whole months away from the anchor, and how many. */
static bool find_months(const struct schedule_terms *terms, struct date date, int *ret)
{
    const struct ymd a = date_to_ymd(anchor_of(terms));
    const struct ymd b = date_to_ymd(date);
    const int months = (b.year - a.year) * 12 + b.month - a.month;
    /* A month end that rolled over stands on the first of the month after its own. */
    for (int rolled = 0; rolled <= 1; rolled++) {
        const struct date there =
            date_add_months(anchor_of(terms), months - rolled, terms->month_end);
        if (date_compare(there, date) == 0) {
            *ret = months - rolled;
            return true;
        }
    }
    return false;
}

int32_t schedule_plan_days(const struct schedule_plan *plan, const struct schedule_terms *terms,
                           int i)
{
    int first = 0;
    int last = 0;
    if (terms->day_count == DAY_COUNT_30_360 && find_months(terms, plan->at[i], &first) &&
        find_months(terms, plan->at[i + 1], &last)) {
        return 30 * (last - first);
    }
    return day_count_days(terms->day_count, plan->at[i], plan->at[i + 1]);
}

struct year_fraction schedule_plan_fraction(const struct schedule_plan *plan,
                                            const struct schedule_terms *terms, int i)
{
    if (terms->day_count == DAY_COUNT_30_360) {
        return (struct year_fraction){schedule_plan_days(plan, terms, i), 360};
    }
    return day_count_fraction(terms->day_count, plan->at[i], plan->at[i + 1]);
}
