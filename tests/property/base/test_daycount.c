/* Day counts over random periods: actual conventions add up over any cut, act/act is counted again
 * day by day, and thirty-day months keep their bounds. */
#include "ledger/base/daycount.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#define ROUNDS 2000

struct period {
    struct date from, cut, to;
};

static struct period random_period(struct random_source *source, int32_t most)
{
    const struct date from =
        date_from_day(random_between(source, DATE_DAY_MIN, DATE_DAY_MAX - most));
    const int32_t days = (int32_t)random_between(source, 0, most);
    return (struct period){
        .from = from,
        .cut = date_add_days(from, (int32_t)random_between(source, 0, days)),
        .to = date_add_days(from, days),
    };
}

static void a_period_is_the_sum_of_its_parts(void **state)
{
    (void)state;
    struct random_source source = random_start("a_period_is_the_sum_of_its_parts");
    for (int i = 0; i < ROUNDS; i++) {
        const struct period p = random_period(&source, 18263);
        for (enum day_count c = DAY_COUNT_ACT_360; c <= DAY_COUNT_ACT_ACT; c++) {
            const struct year_fraction whole = day_count_fraction(c, p.from, p.to);
            const struct year_fraction first = day_count_fraction(c, p.from, p.cut);
            const struct year_fraction second = day_count_fraction(c, p.cut, p.to);
            check_int_equal(first.den, whole.den);
            check_int_equal(second.den, whole.den);
            check_int_equal(first.num + second.num, whole.num);
            check_int_equal(day_count_days(c, p.from, p.to), date_days_between(p.from, p.to));
        }
    }
}

static void days_of_leap_years_are_those_met_by_walking(void **state)
{
    (void)state;
    struct random_source source = random_start("days_of_leap_years_are_those_met_by_walking");
    for (int i = 0; i < ROUNDS; i++) {
        const struct period p = random_period(&source, 2000);
        int64_t leap = 0;
        int64_t other = 0;
        for (struct date d = p.from; date_compare(d, p.to) < 0; d = date_add_days(d, 1)) {
            if (date_is_leap_year(date_to_ymd(d).year))
                leap++;
            else
                other++;
        }
        const struct year_fraction got = day_count_fraction(DAY_COUNT_ACT_ACT, p.from, p.to);
        /* leap / 366 + other / 365, brought to one denominator. */
        check_int_equal(got.num * 366 * 365, (leap * 365 + other * 366) * got.den);
    }
}

/* Four years, 1461 days, count as 1440: the loss is spread over the year, within a few days. */
static void thirty_day_months_stay_near_the_calendar(void **state)
{
    (void)state;
    struct random_source source = random_start("thirty_day_months_stay_near_the_calendar");
    for (int i = 0; i < ROUNDS; i++) {
        const struct period p = random_period(&source, 18263);
        const int32_t days = day_count_days(DAY_COUNT_30_360, p.from, p.to);
        const int32_t actual = date_days_between(p.from, p.to);
        const int32_t lost = actual * 21 / 1461;
        assert_true(days <= actual - lost + 6 && days >= actual - lost - 6);
        const struct date month = date_add_months(p.from, 1, MONTH_END_LAST);
        if (date_to_ymd(p.from).day <= 28)
            check_int_equal(day_count_days(DAY_COUNT_30_360, p.from, month), 30);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_period_is_the_sum_of_its_parts),
        cmocka_unit_test(days_of_leap_years_are_those_met_by_walking),
        cmocka_unit_test(thirty_day_months_stay_near_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
