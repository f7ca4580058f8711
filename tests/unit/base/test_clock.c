#include "ledger/base/clock.h"
#include "tests/support/check.h"

#include <string.h>
#include <time.h>

/* Worked out with Python's calendar.timegm(). */
static const struct {
    const char *text;
    int64_t seconds;
    const char *china;
} known[] = {
    {"1970-01-01T00:00:00Z", 0, "1970-01-01"},
    {"1969-12-31T23:59:59Z", -1, "1970-01-01"},
    {"1969-12-31T15:59:59Z", -28801, "1969-12-31"},
    {"2026-03-02T08:15:30Z", 1772439330, "2026-03-02"},
    {"2016-10-20T15:59:59Z", 1476979199, "2016-10-20"}, /* the last second of the day in China */
    {"2016-10-20T16:00:00Z", 1476979200, "2016-10-21"},
    {"2000-02-29T12:00:00Z", 951825600, "2000-02-29"},
    {"1900-01-01T00:00:00Z", -2208988800, "1900-01-01"},
    {"2199-12-31T15:59:59Z", 7258089599, "2199-12-31"},
};

static void instants_are_written_read_and_dated_in_china(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        char text[INSTANT_TEXT_SIZE];
        struct instant back = {4711};
        check_text_equal(instant_format((struct instant){known[i].seconds}, text), known[i].text);
        assert_true(instant_parse(known[i].text, &back));
        check_int_equal(back.seconds, known[i].seconds);
        check_date(clock_date_in_china(back), known[i].china);
    }
}

static void other_spellings_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026-03-02",
        "2026-03-02T08:15:30",
        "2026-03-02T08:15:30z",
        "2026-03-02t08:15:30Z",
        "2026-03-02 08:15:30Z",
        "2026-03-02T08:15:30.0Z",
        "2026-03-02T08:15:30+00:00",
        "2026-03-02T24:00:00Z",
        "2026-03-02T08:60:00Z",
        "2026-03-02T08:15:60Z", /* no leap second */
        "2026-03-02T8:15:30Z",
        "2026-03-02T08:15:3 Z",
        "2026-03-02T-8:15:30Z",
        "2026-02-30T08:15:30Z",
        "2025-02-29T08:15:30Z",
        "2026-3-002T08:15:30Z",
        "1899-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
        "2199-12-31T16:00:00Z", /* in China it is 2200 */
        " 2026-03-02T08:15:30Z",
        "2026-03-02T08:15:30Z ",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct instant got = {4711};
        assert_false(instant_parse(bad[i], &got));
        check_int_equal(got.seconds, 4711);
    }
}

static struct instant fixed_instant(void)
{
    return (struct instant){1772439330};
}

static struct instant far_future(void)
{
    return (struct instant){INT64_MAX};
}

static struct instant far_past(void)
{
    return (struct instant){INT64_MIN};
}

static void a_test_may_bring_its_own_clock(void **state)
{
    (void)state;
    clock_replace(fixed_instant);
    check_int_equal(clock_now().seconds, 1772439330);
    check_date(clock_date_in_china(clock_now()), "2026-03-02");
    clock_replace(NULL);
    int64_t before = time(NULL);
    int64_t now = clock_now().seconds;
    assert_true(now >= before && now - before < 60);
}

static void a_clock_that_is_centuries_off_stops_nothing(void **state)
{
    (void)state;
    char text[INSTANT_TEXT_SIZE];
    clock_replace(far_future);
    check_text_equal(instant_format(clock_now(), text), "2199-12-31T15:59:59Z");
    clock_replace(far_past);
    check_text_equal(instant_format(clock_now(), text), "1900-01-01T00:00:00Z");
    clock_replace(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_are_written_read_and_dated_in_china),
        cmocka_unit_test(other_spellings_are_refused),
        cmocka_unit_test(a_test_may_bring_its_own_clock),
        cmocka_unit_test(a_clock_that_is_centuries_off_stops_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
