#include "ledger/base/clock.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#include <stdio.h>
#include <string.h>

#define SECONDS_A_DAY INT64_C(86400)

/* The calendar of date.h as seconds since 1970; its last day ends by the clocks of China. */
static int64_t random_second(struct random_source *random)
{
    return random_between(random, INT64_C(-2208988800), INT64_C(7258089599));
}

static void reading_undoes_writing(void **state)
{
    (void)state;
    struct random_source random = random_start("instants");
    for (int round = 0; round < 50000; round++) {
        struct instant instant = {random_second(&random)};
        struct instant back = {0};
        char text[INSTANT_TEXT_SIZE];
        assert_true(instant_parse(instant_format(instant, text), &back));
        check_int_equal(back.seconds, instant.seconds);
    }
}

/* A calendar of its own: days counted year by year and month by month. */
static void the_text_is_the_calendar_and_the_clock_on_the_wall(void **state)
{
    (void)state;
    struct random_source random = random_start("walls");
    for (int round = 0; round < 2000; round++) {
        static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        int64_t seconds = random_between(&random, 0, INT64_C(7258089599));
        int64_t rest = seconds / SECONDS_A_DAY;
        int year = 1970;
        int month = 0;
        char want[64];
        char got[INSTANT_TEXT_SIZE];
        for (;;) {
            bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            int length = lengths[month] + (month == 1 && leap ? 1 : 0);
            if (rest < length) {
                break;
            }
            rest -= length;
            year += month == 11 ? 1 : 0;
            month = (month + 1) % 12;
        }
        int clock = (int)(seconds % SECONDS_A_DAY);
        (void)snprintf(want, sizeof want, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month + 1,
                       (int)rest + 1, clock / 3600, clock / 60 % 60, clock % 60);
        check_text_equal(instant_format((struct instant){seconds}, got), want);
    }
}

/* China is eight hours ahead: its day begins at 16:00 of the day before in UTC, all year round. */
static void a_day_in_china_begins_at_sixteen_hours(void **state)
{
    (void)state;
    struct random_source random = random_start("days in China");
    for (int round = 0; round < 50000; round++) {
        struct instant instant = {random_second(&random)};
        char utc[INSTANT_TEXT_SIZE];
        struct date day = {0};
        struct error err = {0};
        (void)instant_format(instant, utc);
        bool next = strcmp(utc + 11, "16:00:00Z") >= 0;
        utc[10] = '\0';
        check_ok(date_parse(utc, &day, &err), &err);
        struct date china = clock_date_in_china(instant);
        check_int_equal(date_days_between(day, china), next ? 1 : 0);
    }
}

/* One character changed: another instant that is written so, or refused; never read as something
 * that is written otherwise. */
static void what_is_read_has_one_spelling(void **state)
{
    (void)state;
    struct random_source random = random_start("changed instants");
    int refused = 0;
    for (int round = 0; round < 50000; round++) {
        struct instant back = {0};
        char text[INSTANT_TEXT_SIZE];
        char again[INSTANT_TEXT_SIZE];
        (void)instant_format((struct instant){random_second(&random)}, text);
        text[random_between(&random, 0, INSTANT_TEXT_SIZE - 2)] =
            (char)random_between(&random, 1, 127);
        if (instant_parse(text, &back)) {
            check_text_equal(instant_format(back, again), text);
        } else {
            refused++;
        }
    }
    assert_true(refused > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_undoes_writing),
        cmocka_unit_test(the_text_is_the_calendar_and_the_clock_on_the_wall),
        cmocka_unit_test(a_day_in_china_begins_at_sixteen_hours),
        cmocka_unit_test(what_is_read_has_one_spelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
