/* Day numbers and weekdays from python3's datetime.date; the rest by hand from the calendar. */
#include "ledger/base/date.h"
#include "tests/support/check.h"

static void known_days_have_their_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int32_t day;
        int weekday;
    } rows[] = {
        {"1900-01-01", DATE_DAY_MIN, 0}, {"1969-12-31", -1, 2},           {"1970-01-01", 0, 3},
        {"2000-02-29", 11016, 1},        {"2016-10-20", 17094, 3},        {"2100-02-28", 47540, 6},
        {"2100-03-01", 47541, 0},        {"2199-12-31", DATE_DAY_MAX, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct date got = {-77};
        struct error err = {0};
        char text[DATE_TEXT_SIZE];
        check_ok(date_parse(rows[i].text, &got, &err), &err);
        check_int_equal(got.day, rows[i].day);
        check_int_equal(date_weekday(got), rows[i].weekday);
        check_text_equal(date_format(date_from_day(rows[i].day), text), rows[i].text);
    }
}

static void other_texts_are_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text, *reason;
    } rows[] = {
        {"", "date.format"},
        {"2016", "date.format"},
        {"2016-10-2", "date.format"},
        {"2016-1-20", "date.format"},
        {"2016-10-200", "date.format"},
        {"2016/10/20", "date.format"},
        {"20161020", "date.format"},
        {" 2016-10-20", "date.format"},
        {"2016-10-20 ", "date.format"},
        {"2016-10-20T00:00", "date.format"},
        {"-016-10-20", "date.format"},
        {"2016-10-2x", "date.format"},
        {"２０１６-10-20", "date.format"},
        {"2016年10月20日", "date.format"},
        {"2015-02-29", "date.not-in-calendar"},
        {"2016-02-30", "date.not-in-calendar"},
        {"2100-02-29", "date.not-in-calendar"},
        {"2016-04-31", "date.not-in-calendar"},
        {"2016-13-01", "date.not-in-calendar"},
        {"2016-00-01", "date.not-in-calendar"},
        {"2016-01-00", "date.not-in-calendar"},
        {"2016-01-32", "date.not-in-calendar"},
        {"1899-12-31", "date.range"},
        {"2200-01-01", "date.range"},
        {"0000-01-01", "date.range"},
        {"9999-12-31", "date.range"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct date got = {-77};
        struct error err = {0};
        check_refused(date_parse(rows[i].text, &got, &err), &err, rows[i].reason);
        check_int_equal(got.day, -77);
    }
}

static void triples_outside_the_calendar_are_no_dates(void **state)
{
    (void)state;
    static const struct ymd rows[] = {
        {1899, 12, 31}, {2200, 1, 1},  {2016, 0, 1},   {2016, 13, 1}, {2016, 1, 0},
        {2016, 1, 32},  {2015, 2, 29}, {2016, 11, 31}, {2016, 1, -1}, {-5, 1, 1},
    };
    struct date got = {-77};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_false(date_from_ymd(rows[i], &got));
    check_int_equal(got.day, -77);
    assert_true(date_from_ymd((struct ymd){2016, 2, 29}, &got));
    check_date(got, "2016-02-29");
}

static void months_are_added_without_drift(void **state)
{
    (void)state;
    static const struct {
        const char *start;
        int months;
        const char *last, *next;
    } rows[] = {
        {"2017-01-31", 1, "2017-02-28", "2017-03-01"},
        {"2017-01-31", 2, "2017-03-31", "2017-03-31"},
        {"2017-01-31", 3, "2017-04-30", "2017-05-01"},
        {"2016-01-31", 1, "2016-02-29", "2016-03-01"},
        {"2016-01-30", 1, "2016-02-29", "2016-03-01"},
        {"2016-01-29", 1, "2016-02-29", "2016-02-29"},
        {"2016-02-29", 12, "2017-02-28", "2017-03-01"},
        {"2016-02-29", 48, "2020-02-29", "2020-02-29"},
        {"2016-10-20", 12, "2017-10-20", "2017-10-20"},
        {"2016-10-31", 14, "2017-12-31", "2017-12-31"},
        {"2016-10-20", 0, "2016-10-20", "2016-10-20"},
        {"2017-03-31", -1, "2017-02-28", "2017-03-01"},
        {"2017-01-15", -13, "2015-12-15", "2015-12-15"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct date start = day(rows[i].start);
        check_date(date_add_months(start, rows[i].months, MONTH_END_LAST), rows[i].last);
        check_date(date_add_months(start, rows[i].months, MONTH_END_NEXT), rows[i].next);
    }
}

static void months_have_their_length(void **state)
{
    (void)state;
    static const int lengths[12] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int month = 1; month <= 12; month++)
        check_int_equal(date_days_in_month(2016, month), lengths[month - 1]);
    check_int_equal(date_days_in_month(2017, 2), 28);
    check_int_equal(date_is_leap_year(1900), false);
    check_int_equal(date_is_leap_year(2000), true);
    check_int_equal(date_is_leap_year(2016), true);
    check_int_equal(date_is_leap_year(2017), false);
    check_int_equal(date_is_leap_year(2100), false);
    check_int_equal(date_is_month_end(day("2016-02-28")), false);
    check_int_equal(date_is_month_end(day("2016-02-29")), true);
    check_int_equal(date_is_month_end(day("2017-02-28")), true);
    check_int_equal(date_is_month_end(day("2016-12-31")), true);
    check_int_equal(date_is_month_end(day("2016-12-30")), false);
}

static void days_are_counted_and_compared(void **state)
{
    (void)state;
    const struct date early = day("2016-10-20");
    const struct date late = day("2017-10-20");
    check_int_equal(date_days_between(early, late), 365);
    check_int_equal(date_days_between(late, early), -365);
    check_date(date_add_days(early, 62), "2016-12-21");
    check_date(date_add_days(late, -365), "2016-10-20");
    check_int_equal(date_compare(early, late), -1);
    check_int_equal(date_compare(late, early), 1);
    check_int_equal(date_compare(late, late), 0);
    check_date(date_min(late, early), "2016-10-20");
    check_date(date_min(early, late), "2016-10-20");
    check_date(date_max(late, early), "2017-10-20");
    check_date(date_max(early, late), "2017-10-20");
}

static void a_year_without_four_digits_is_written_as_no_day(void **state)
{
    (void)state;
    char text[DATE_TEXT_SIZE];
    check_text_equal(date_format(date_from_day(INT32_MAX), text), "0000-00-00");
    check_text_equal(date_format(date_from_day(INT32_MIN), text), "0000-00-00");
}

static void dates_on_bills_cannot_be_written_over(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"2016-10-20", "贰零壹陆年零壹拾月零贰拾日"}, {"2017-01-15", "贰零壹柒年零壹月壹拾伍日"},
        {"2000-02-01", "贰零零零年零贰月零壹日"},     {"2016-03-09", "贰零壹陆年叁月零玖日"},
        {"2016-09-10", "贰零壹陆年玖月零壹拾日"},     {"2016-11-11", "贰零壹陆年壹拾壹月壹拾壹日"},
        {"2016-12-30", "贰零壹陆年壹拾贰月零叁拾日"}, {"2016-12-31", "贰零壹陆年壹拾贰月叁拾壹日"},
        {"2024-05-21", "贰零贰肆年伍月贰拾壹日"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char words[DATE_WORDS_SIZE];
        check_text_equal(date_words(day(rows[i].text), words), rows[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_days_have_their_numbers),
        cmocka_unit_test(other_texts_are_refused_with_a_reason),
        cmocka_unit_test(triples_outside_the_calendar_are_no_dates),
        cmocka_unit_test(months_are_added_without_drift),
        cmocka_unit_test(months_have_their_length),
        cmocka_unit_test(days_are_counted_and_compared),
        cmocka_unit_test(a_year_without_four_digits_is_written_as_no_day),
        cmocka_unit_test(dates_on_bills_cannot_be_written_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
