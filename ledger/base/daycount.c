#include "ledger/base/daycount.h"

#include "ledger/base/text.h"

#include <assert.h>

static const char *const NAME[] = {
    [DAY_COUNT_ACT_360] = "act/360", [DAY_COUNT_ACT_364] = "act/364",
    [DAY_COUNT_ACT_365] = "act/365", [DAY_COUNT_ACT_ACT] = "act/act",
    [DAY_COUNT_30_360] = "30/360",
};

/* Bond basis: a 31st counts as a 30th, at the end only if the period also begins on a 30th. */
static int32_t days_30_360(struct date from, struct date to)
{
    const struct ymd a = date_to_ymd(from);
    const struct ymd b = date_to_ymd(to);
    const int first = a.day == 31 ? 30 : a.day;
    const int last = b.day == 31 && first == 30 ? 30 : b.day;
    return 360 * (b.year - a.year) + 30 * (b.month - a.month) + (last - first);
}

static int32_t days_in_leap_years(struct date from, struct date to)
{
    int32_t days = 0;
    struct date start = from;
    while (date_compare(start, to) < 0) {
        const int year = date_to_ymd(start).year;
        const struct date first = date_add_days(start, 1 - date_to_ymd(start).day);
        const int months_left = 13 - date_to_ymd(start).month;
        const struct date next_year = date_add_months(first, months_left, MONTH_END_LAST);
        const struct date end = date_min(next_year, to);
        if (date_is_leap_year(year)) {
            days += date_days_between(start, end);
        }
        start = end;
    }
    return days;
}

static struct year_fraction fraction_act_act(struct date from, struct date to)
{
    const int32_t leap = days_in_leap_years(from, to);
    const int32_t other = date_days_between(from, to) - leap;
    return (struct year_fraction){
        .num = INT64_C(365) * leap + INT64_C(366) * other,
        .den = INT64_C(365) * 366,
    };
}

struct year_fraction day_count_fraction(enum day_count convention, struct date from, struct date to)
{
    assert(date_compare(from, to) <= 0);
    const int64_t days = day_count_days(convention, from, to);
    switch (convention) {
    case DAY_COUNT_ACT_ACT:
        return fraction_act_act(from, to);
    case DAY_COUNT_ACT_364:
        return (struct year_fraction){days, 364};
    case DAY_COUNT_ACT_365:
        return (struct year_fraction){days, 365};
    case DAY_COUNT_ACT_360:
    case DAY_COUNT_30_360:
        break;
    }
    return (struct year_fraction){days, 360};
}

int32_t day_count_days(enum day_count convention, struct date from, struct date to)
{
    return convention == DAY_COUNT_30_360 ? days_30_360(from, to) : date_days_between(from, to);
}

bool day_count_parse(const char *text, enum day_count *ret, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(NAME); i++) {
        if (text_equal(text, NAME[i])) {
            *ret = (enum day_count)i;
            return true;
        }
    }
    (void)error_set(err, FAULT_USAGE, "day-count.unknown", _("“%s” is not a day count"), text);
    return error_next(err, _("use act/360, act/364, act/365, act/act or 30/360"));
}

const char *day_count_name(enum day_count convention)
{
    return NAME[convention];
}
