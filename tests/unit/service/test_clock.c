/* Time goes back only by an event of the admins, and by that event alone (audit-log.md 4.9, T1). */
#include "tests/support/staffed_book.h"

#include "ledger/base/text.h"

#include <stdlib.h>

static int open_book(void **state)
{
    static struct staffed_book book;
    staffed_book_open(&book);
    *state = &book;
    return 0;
}

static int close_book(void **state)
{
    staffed_book_close(*state);
    return 0;
}

static struct canon *adjusting(struct staffed_book *book)
{
    return staffed_request(book, "reason", "the battery was changed", NULL);
}

static void the_log_goes_on_at_the_earlier_time(void **state)
{
    struct staffed_book *book = *state;
    struct act_result done;
    struct error err = {0};
    static const char *const with[] = {"a2"};
    const struct act_options options = {
        .as = "a1", .command = live_command(5000), .with = with, .with_count = 1};

    staffed_household(book);
    staffed_wait(-3600);
    staffed_refused(book, "clerk", NULL, "day.close", canon_object(&book->live.office.arena),
                    "log.time-went-back");
    check_ok(act(&book->live.office, &options, "clock.adjust", adjusting(book), &done, &err), &err);
    const struct canon *out = canon_get(done.body, "out");
    check_text_equal(canon_get_text(out, "old_time"), "2016-10-20T08:00:00Z");
    check_text_equal(canon_get_text(out, "new_time"), "2016-10-20T07:00:00Z");
    staffed_household(book);
    staffed_wait(60);
    staffed_household(book);
    check_text_equal(staffed_first_finding(book), "");
}

static void admins_say_so_and_only_where_it_is_needed(void **state)
{
    struct staffed_book *book = *state;
    staffed_refused(book, "a1", "a2", "clock.adjust", adjusting(book), "clock.not-behind");
    staffed_wait(-1);
    staffed_refused(book, "a1", NULL, "clock.adjust", adjusting(book), "duty.quorum");
    staffed_refused(book, "manager", NULL, "clock.adjust", adjusting(book), "staff.role-missing");
    staffed_refused(book, "a1", "a2", "clock.adjust", staffed_request(book, "reason", "", NULL),
                    "clock.reason");
    staffed_do(book, "a1", "a2", "clock.adjust", adjusting(book));
    staffed_wait(-1); /* it counts once */
    staffed_refused(book, "clerk", NULL, "day.close", canon_object(&book->live.office.arena),
                    "log.time-went-back");
    check_text_equal(staffed_first_finding(book), "");
}

/* By whatever the clock goes back, nothing is written until the admins say so; then all goes on. */
static void back_by_any_time_nothing_is_written(void **state)
{
    struct staffed_book *book = *state;
    /* a second, an hour, a day; to 1970-01-01T00:00:00Z from 2016-10-20T08:00:00Z, by `date -u +%s`
     */
    static const int64_t back[] = {1, 3600, 86400, INT64_C(1476950400)};

    for (size_t i = 0; i < COUNT_OF(back); i++) {
        uint64_t size = book->live.office.tip.size;
        staffed_wait(-back[i]);
        staffed_refused(book, "clerk", NULL, "day.close", canon_object(&book->live.office.arena),
                        "log.time-went-back");
        check_int_equal((int64_t)book->live.office.tip.size, (int64_t)size);
        staffed_wait(back[i]);
        staffed_household(book);
        check_text_equal(staffed_first_finding(book), "");
    }
    staffed_wait(-back[3]);
    staffed_do(book, "a1", "a2", "clock.adjust", adjusting(book));
    staffed_household(book);
    check_text_equal(staffed_first_finding(book), "");
}

/* An event of ten years ahead is written, for nobody knows better; when the clock is right again,
 * the admins say so. */
static void ten_years_ahead_the_log_goes_on_and_comes_back(void **state)
{
    struct staffed_book *book = *state;
    static const int64_t ten_years =
        INT64_C(315532800); /* 3,652 days: leap days of 2020 and 2024 */

    staffed_wait(ten_years);
    staffed_household(book);
    staffed_wait(-ten_years);
    staffed_refused(book, "clerk", NULL, "day.close", canon_object(&book->live.office.arena),
                    "log.time-went-back");
    staffed_do(book, "a1", "a2", "clock.adjust", adjusting(book));
    staffed_household(book);
    check_text_equal(staffed_first_finding(book), "");
}

/* On a leap day, in an hour that a zone passes over or has twice, and when no time goes by at all:
 * times in the log are UTC, and the same one may come again. */
static void leap_days_zones_and_a_clock_that_stands_make_no_difference(void **state)
{
    struct staffed_book *book = *state;
    /* From 2016-10-20T08:00:00Z to 2016-11-06T05:59:59Z, an hour before New York's clocks go back;
     * to 2020-02-29T23:59:59Z; and to 2020-03-08T06:59:59Z, when they go forward. */
    static const int64_t ahead[] = {INT64_C(1461599), INT64_C(104605199), INT64_C(626399)};

    assert_int_equal(setenv("TZ", "America/New_York", 1), 0);
    for (size_t i = 0; i < COUNT_OF(ahead); i++) {
        staffed_wait(ahead[i]);
        staffed_household(book);
        staffed_household(book); /* at the same second */
        staffed_wait(1);
        staffed_household(book);
        staffed_wait(3600);
        staffed_household(book);
    }
    check_text_equal(staffed_first_finding(book), "");
    assert_int_equal(setenv("TZ", "Asia/Shanghai", 1), 0); /* as for every test */
}

#define BOOK_TEST(test) cmocka_unit_test_setup_teardown(test, open_book, close_book)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(the_log_goes_on_at_the_earlier_time),
        BOOK_TEST(admins_say_so_and_only_where_it_is_needed),
        BOOK_TEST(back_by_any_time_nothing_is_written),
        BOOK_TEST(ten_years_ahead_the_log_goes_on_and_comes_back),
        BOOK_TEST(leap_days_zones_and_a_clock_that_stands_make_no_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
