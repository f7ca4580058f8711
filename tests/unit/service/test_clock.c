/* Time goes back only by an event of the admins, and by that event alone (audit-log.md 4.9, T1). */
#include "tests/support/staffed_book.h"

#include "ledger/base/text.h"

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

#define BOOK_TEST(test) cmocka_unit_test_setup_teardown(test, open_book, close_book)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(the_log_goes_on_at_the_earlier_time),
        BOOK_TEST(admins_say_so_and_only_where_it_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
