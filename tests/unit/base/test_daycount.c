/* act/act from python3: days of leap years over 366 plus the others over 365 as a Fraction, walking
 * day by day; 30/360 by hand from its rule. */
#include "ledger/base/daycount.h"
#include "tests/support/check.h"

static void check_fraction(struct year_fraction got, int64_t num, int64_t den)
{
    assert_true(got.den > 0);
    /* Equal as fractions, whatever they were cut down to; the terms here are small. */
    check_int_equal(got.num * den, num * got.den);
}

static void actual_days_are_counted_over_a_fixed_year(void **state)
{
    (void)state;
    const struct date from = day("2016-10-20");
    const struct date to = day("2016-12-21");
    check_fraction(day_count_fraction(DAY_COUNT_ACT_360, from, to), 62, 360);
    check_fraction(day_count_fraction(DAY_COUNT_ACT_364, from, to), 62, 364);
    check_fraction(day_count_fraction(DAY_COUNT_ACT_365, from, to), 62, 365);
    for (enum day_count convention = DAY_COUNT_ACT_360; convention <= DAY_COUNT_30_360;
         convention++) {
        check_fraction(day_count_fraction(convention, from, from), 0, 1);
        check_int_equal(day_count_days(convention, from, from), 0);
        check_int_equal(day_count_days(convention, from, to),
                        convention == DAY_COUNT_30_360 ? 61 : 62);
    }
}

static void days_of_leap_years_count_over_366(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        int64_t num, den;
    } rows[] = {
        {"2016-10-20", "2017-10-20", 1829, 1830}, {"2015-12-31", "2016-01-01", 1, 365},
        {"2016-12-31", "2017-01-01", 1, 366},     {"2015-07-01", "2017-07-01", 2, 1},
        {"2016-01-01", "2017-01-01", 1, 1},       {"2019-11-15", "2024-03-01", 95577, 22265},
        {"1999-01-01", "2001-01-01", 2, 1},       {"2099-12-31", "2101-01-01", 366, 365},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_fraction(day_count_fraction(DAY_COUNT_ACT_ACT, day(rows[i].from), day(rows[i].to)),
                       rows[i].num, rows[i].den);
}

static void months_of_thirty_days_follow_the_bond_basis(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        int32_t days;
    } rows[] = {
        {"2016-10-20", "2017-10-20", 360}, {"2016-10-20", "2016-11-20", 30},
        {"2017-01-31", "2017-02-28", 28},  {"2017-02-28", "2017-03-28", 30},
        {"2017-01-30", "2017-03-31", 60},  {"2017-01-29", "2017-03-31", 62},
        {"2017-02-28", "2017-03-31", 33},  {"2016-02-29", "2017-02-28", 359},
        {"2017-05-31", "2017-06-30", 30},  {"2017-05-31", "2017-07-31", 60},
        {"2016-12-15", "2017-01-01", 16},  {"2017-02-28", "2017-03-01", 3},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct date from = day(rows[i].from);
        const struct date to = day(rows[i].to);
        check_int_equal(day_count_days(DAY_COUNT_30_360, from, to), rows[i].days);
        check_fraction(day_count_fraction(DAY_COUNT_30_360, from, to), rows[i].days, 360);
    }
}

static void conventions_are_known_by_name(void **state)
{
    (void)state;
    static const char *const names[] = {"act/360", "act/364", "act/365", "act/act", "30/360"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        enum day_count got = DAY_COUNT_ACT_360;
        struct error err = {0};
        check_ok(day_count_parse(names[i], &got, &err), &err);
        check_int_equal(got, (int64_t)i);
        check_text_equal(day_count_name(got), names[i]);
    }
    static const char *const others[] = {"", "act", "act/366", "ACT/360", "act/360 ", "30/365"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        enum day_count got = DAY_COUNT_ACT_364;
        struct error err = {0};
        check_refused(day_count_parse(others[i], &got, &err), &err, "day-count.unknown");
        check_int_equal(got, DAY_COUNT_ACT_364);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actual_days_are_counted_over_a_fixed_year),
        cmocka_unit_test(days_of_leap_years_count_over_366),
        cmocka_unit_test(months_of_thirty_days_follow_the_bond_basis),
        cmocka_unit_test(conventions_are_known_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
