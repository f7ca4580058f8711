/* When the head is synced (design.md 10): at the end of a command, and in a process that posts many
 * at the latest 100 ms after the commit. The clock is the test's; fdatasync() is counted. */
#include "tests/support/live_book.h"

#include "ledger/audit/head.h"
#include "ledger/base/clock.h"

#include <stdio.h>
#include <unistd.h>

#define FILES 2 /* head and high-water file */

static int64_t now_ms;
static int syncs;

int __real_fdatasync(int file);
int __wrap_fdatasync(int file);

int __wrap_fdatasync(int file)
{
    syncs++;
    return __real_fdatasync(file);
}

static int64_t test_clock(void)
{
    return now_ms;
}

static uint64_t next_command;

static void deposit(struct live_book *book)
{
    struct act_result done;
    struct error err = {0};
    check_ok(live_act(book, ++next_command, "bureau", "fund.deposit", live_amount_request(book, 1),
                      &done, &err),
             &err);
}

static int set_up(void **state)
{
    static struct live_book book;
    struct act_result done;
    struct error err = {0};

    now_ms = 1000;
    clock_replace_milliseconds(test_clock);
    live_book_create(&book, "2016-10-20");
    live_book_open(&book);
    check_ok(live_act(&book, ++next_command, "bureau", "fund.open", live_amount_request(&book, 100),
                      &done, &err),
             &err);
    live_book_close(&book);
    live_book_open(&book);
    syncs = 0;
    *state = &book;
    return 0;
}

static int tear_down(void **state)
{
    live_book_release(*state);
    clock_replace_milliseconds(NULL);
    return 0;
}

static void the_end_of_a_command_syncs_once(void **state)
{
    struct live_book *book = *state;
    deposit(book);
    check_int_equal(syncs, 0);
    live_book_close(book);
    check_int_equal(syncs, FILES);
}

static void reading_syncs_nothing(void **state)
{
    live_book_close(*state);
    check_int_equal(syncs, 0);
}

static void quick_posting_shares_one_sync(void **state)
{
    struct live_book *book = *state;
    for (int i = 0; i < 49; i++) {
        deposit(book);
        now_ms++;
    }
    check_int_equal(syncs, 0);
    now_ms++;
    deposit(book); /* the first is 50 ms old */
    check_int_equal(syncs, FILES);
}

static void no_commit_stays_unsynced_for_100_ms(void **state)
{
    struct live_book *book = *state;
    int64_t oldest = -1;
    for (int i = 0; i < 500; i++) {
        int before = syncs;
        deposit(book);
        if (syncs != before) {
            oldest = -1;
        } else if (oldest < 0) {
            oldest = now_ms;
        }
        assert_true(oldest < 0 || now_ms - oldest < 100);
        now_ms += i % 40;
    }
    assert_true(syncs > FILES * 50);
}

static void what_is_old_is_synced_before_the_next_command_works(void **state)
{
    struct live_book *book = *state;
    struct act_result done;
    struct error err = {0};
    deposit(book);
    now_ms += 60;
    check_refused(live_act(book, ++next_command, "clerk", "fund.deposit",
                           live_amount_request(book, 1), &done, &err),
                  &err, "staff.role-missing");
    check_int_equal(syncs, FILES);
}

static void bulk_work_begins_with_a_synced_head(void **state)
{
    struct live_book *book = *state;
    struct act_result done;
    struct error err = {0};
    deposit(book);
    for (int i = 0; i < 3; i++) {
        check_ok(live_act(book, ++next_command, "clerk", "day.close",
                          canon_object(&book->office.arena), &done, &err),
                 &err);
        check_int_equal(syncs, FILES * (i + 1));
    }
}

static void an_answer_given_again_is_in_the_head(void **state)
{
    struct live_book *book = *state;
    struct act_result done;
    struct error err = {0};
    char head[600];
    char away[600];
    (void)snprintf(head, sizeof head, "%s/head", book->path);
    (void)snprintf(away, sizeof away, "%s/head", book->folder);
    assert_int_equal(rename(head, away), 0);
    /* Committed, then killed before the head was written. */
    check_refused(
        live_act(book, 4711, "bureau", "fund.deposit", live_amount_request(book, 1), &done, &err),
        &err, "head.write");
    assert_int_equal(rename(away, head), 0);
    uint64_t size = book->office.tip.size;
    book->office.tip_unsynced = false;
    live_book_close(book);
    live_book_open(book);
    check_ok(
        live_act(book, 4711, "bureau", "fund.deposit", live_amount_request(book, 1), &done, &err),
        &err);
    assert_true(done.repeated);
    check_int_equal((int64_t)done.seq, (int64_t)size - 1);
    live_book_close(book);
    struct head read;
    check_ok(head_read(head, &read, &err), &err);
    check_int_equal((int64_t)read.tip.size, (int64_t)size);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_end_of_a_command_syncs_once),
        TEST(reading_syncs_nothing),
        TEST(quick_posting_shares_one_sync),
        TEST(no_commit_stays_unsynced_for_100_ms),
        TEST(what_is_old_is_synced_before_the_next_command_works),
        TEST(bulk_work_begins_with_a_synced_head),
        TEST(an_answer_given_again_is_in_the_head),
    };
    return cmocka_run_group_tests_name("head sync", tests, NULL, NULL);
}
