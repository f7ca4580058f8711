/* The calendar against one that is walked day by day from 1900-01-01, a Monday. */
#include "ledger/base/date.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#define ROUNDS 50000

struct walker {
    struct ymd at;
    int weekday;
};

static int month_length(int year, int month)
{
    if (month == 2) {
        if (year % 400 == 0)
            return 29;
        return year % 100 != 0 && year % 4 == 0 ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static void walk(struct walker *walker)
{
    walker->weekday = walker->weekday == 6 ? 0 : walker->weekday + 1;
    if (++walker->at.day <= month_length(walker->at.year, walker->at.month))
        return;
    walker->at.day = 1;
    if (++walker->at.month <= 12)
        return;
    walker->at.month = 1;
    walker->at.year++;
}

static void every_day_of_the_range_is_where_walking_leads(void **state)
{
    (void)state;
    struct walker walker = {{DATE_YEAR_MIN, 1, 1}, 0};
    for (int32_t number = DATE_DAY_MIN; number <= DATE_DAY_MAX; number++) {
        const struct date date = date_from_day(number);
        const struct ymd got = date_to_ymd(date);
        struct date back = {0};
        struct date read = {0};
        struct error err = {0};
        char text[DATE_TEXT_SIZE];
        if (got.year != walker.at.year || got.month != walker.at.month || got.day != walker.at.day)
            fail_msg("day %d is %d-%d-%d", number, got.year, got.month, got.day);
        assert_true(date_from_ymd(walker.at, &back));
        check_int_equal(back.day, number);
        check_ok(date_parse(date_format(date, text), &read, &err), &err);
        check_int_equal(read.day, number);
        check_int_equal(date_weekday(date), walker.weekday);
        check_int_equal(date_is_month_end(date),
                        walker.at.day == month_length(walker.at.year, walker.at.month));
        walk(&walker);
    }
    check_int_equal(walker.at.year, DATE_YEAR_MAX + 1);
}

/* One month on or back. */
static void step_month(struct ymd *at, int step)
{
    at->month += step;
    if (at->month == 13 || at->month == 0) {
        at->month -= 12 * step;
        at->year += step;
    }
}

static void added_months_land_on_the_same_day_or_at_the_month_end(void **state)
{
    (void)state;
    struct random_source source =
        random_start("added_months_land_on_the_same_day_or_at_the_month_end");
    for (int i = 0; i < ROUNDS; i++) {
        const struct date start =
            date_from_day(random_between(&source, DATE_DAY_MIN + 20000, DATE_DAY_MAX - 20000));
        const int months = (int)random_between(&source, -600, 600);
        const struct ymd from = date_to_ymd(start);
        struct ymd target = from;
        for (int k = 0; k < months; k++) {
            step_month(&target, 1);
        }
        for (int k = 0; k > months; k--) {
            step_month(&target, -1);
        }
        const int length = month_length(target.year, target.month);
        const struct date last = date_add_months(start, months, MONTH_END_LAST);
        const struct date next = date_add_months(start, months, MONTH_END_NEXT);
        const struct ymd got = date_to_ymd(last);
        check_int_equal(got.year, target.year);
        check_int_equal(got.month, target.month);
        check_int_equal(got.day, from.day <= length ? from.day : length);
        check_int_equal(date_days_between(last, next), from.day > length);
    }
}

static void days_between_undoes_adding_days(void **state)
{
    (void)state;
    struct random_source source = random_start("days_between_undoes_adding_days");
    for (int i = 0; i < ROUNDS; i++) {
        const struct date start =
            date_from_day(random_between(&source, DATE_DAY_MIN, DATE_DAY_MAX));
        const int32_t days = (int32_t)random_between(&source, -100000, 100000);
        const struct date end = date_add_days(start, days);
        check_int_equal(date_days_between(start, end), days);
        check_int_equal(date_compare(start, end), (days < 0) - (days > 0));
        check_int_equal(date_min(start, end).day, days < 0 ? end.day : start.day);
        check_int_equal(date_max(start, end).day, days < 0 ? start.day : end.day);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_the_range_is_where_walking_leads),
        cmocka_unit_test(added_months_land_on_the_same_day_or_at_the_month_end),
        cmocka_unit_test(days_between_undoes_adding_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
