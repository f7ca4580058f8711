/* R1, kill -9 at any moment while posting, closing days and turning the day key: a child works on
 * the book until it is killed, its parent then opens the book. Every event it was told of is there,
 * at most one more, and the book goes on without repair.
 *
 *     crash_killed [full]     kills: 500; full: 10,000 */
#include "tests/crash/story.h"
#include "tests/crash/tape.h"
#include "tests/support/random.h"

#include "ledger/base/clock.h"
#include "ledger/base/text.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WHOLE_CHECK_EVERY 50
#define FIRST_COMMAND 1000

enum work { POSTING, DAYS, WORKS };
static const char *const work_name[WORKS] = {"posting", "day close"};

/* What the child tells after each command that was acknowledged. */
struct told {
    uint64_t command;
    uint64_t size;
};

struct county {
    struct story story;
    struct random_source random;
    uint64_t next_command;
    uint64_t events;
    int64_t kills[WORKS];
    int64_t acknowledged;
    int64_t one_more; /* committed, but not acknowledged */
};

static bool is_full;
static int64_t operations_left;

static void count_down(void)
{
    if (--operations_left == 0) {
        (void)kill(getpid(), SIGKILL);
    }
}

/* --- the child -------------------------------------------------------------------------------- */

static bool send(struct live_book *book, enum work work, uint64_t command, struct error *err)
{
    struct act_result done;
    const struct canon *nothing = canon_object(&book->office.arena);

    if (work == POSTING) {
        return live_act(book, command, "bureau", "fund.deposit", live_amount_request(book, 1),
                        &done, err);
    }
    return live_act(book, command, "clerk", command % 4 == 0 ? "key.rotate" : "day.close", nothing,
                    &done, err);
}

/* Works in processes of a few commands each, as people do, until it is killed. */
static void work_until_killed(struct county *county, enum work work, int pipe)
{
    struct live_book *book = &county->story.book;
    struct error err = {0};

    for (uint64_t command = county->next_command;; command++) {
        struct told told = {.command = command};
        if (!book->open && !live_book_try_open(book, &err)) {
            break;
        }
        if (!send(book, work, command, &err)) {
            break;
        }
        told.size = book->office.tip.size;
        if (command % 3 == 0) {
            book->open = false;
            if (!office_close(&book->office, &err)) {
                break;
            }
        }
        if (write(pipe, &told, sizeof told) != (ssize_t)sizeof told) {
            break;
        }
    }
    print_error("before the kill: %s: %s\n", err.reason, err.text);
    _exit(1);
}

/* --- the parent ------------------------------------------------------------------------------- */

static void listen(struct county *county, int pipe, struct told *last)
{
    struct told told;
    *last = (struct told){county->next_command - 1, county->events};
    while (read(pipe, &told, sizeof told) == (ssize_t)sizeof told) {
        *last = told;
        county->acknowledged++;
    }
}

/* Half of the kills come at a random moment, half right before a random operation of the disk. */
static void arm(struct county *county, bool by_operation)
{
    operations_left = by_operation ? random_between(&county->random, 1, 400) : 0;
    tape_before_op = by_operation ? count_down : NULL;
}

static void wait_a_moment(struct county *county)
{
    struct timespec moment = {0, (long)random_between(&county->random, 0, 25000000)};
    (void)nanosleep(&moment, NULL);
}

static void run_child(struct county *county, enum work work, bool by_operation, struct told *last)
{
    int ends[2];
    int status = 0;

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(ends[0]);
        arm(county, by_operation);
        work_until_killed(county, work, ends[1]);
    }
    (void)close(ends[1]);
    if (!by_operation) {
        wait_a_moment(county);
        assert_int_equal(kill(child, SIGKILL), 0);
    }
    listen(county, ends[0], last);
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void look_after(struct county *county, enum work work, const struct told *last)
{
    struct live_book *book = &county->story.book;
    struct error err = {0};
    uint64_t next = last->command + 1;

    live_book_open(book);
    uint64_t size = book->office.tip.size;
    assert_true(size >= last->size && size <= last->size + 1);
    county->one_more += size > last->size;
    /* What was broken off is done once, whether it had been done or not. */
    for (int i = 0; i < 2; i++) {
        check_ok(send(book, work, next, &err), &err);
        check_int_equal((int64_t)book->office.tip.size, (int64_t)last->size + 1);
    }
    county->events = book->office.tip.size;
    county->next_command = next + 1;
    if ((county->kills[POSTING] + county->kills[DAYS]) % WHOLE_CHECK_EVERY == 0) {
        check_ok(live_book_is_sound(book, &err), &err);
    }
    live_book_close(book);
}

/* A fund and two loans that are settled and go overdue while days are closed. */
static void begin(struct county *county)
{
    story_prepare(&county->story, STORY_LENDING);
    story_play(&county->story);
    county->next_command = FIRST_COMMAND;
    county->events = county->story.tip[county->story.steps - 1].size;
}

static void killed_at_any_moment_nothing_acknowledged_is_lost(void **state)
{
    struct county county = {.random = random_start("killed")};
    const int64_t kills = is_full ? 10000 : 500;
    int64_t started = clock_milliseconds();

    (void)state;
    begin(&county);
    for (int64_t i = 0; i < kills; i++) {
        enum work work = i % 4 < 2 ? POSTING : DAYS;
        struct told last;
        run_child(&county, work, i % 2 == 0, &last);
        county.kills[work]++;
        look_after(&county, work, &last);
        if (county.events > 2500) { /* so that the whole check stays short */
            story_release(&county.story);
            begin(&county);
        }
    }
    print_message(
        "killed: %lld while %s, %lld while %s, in %lld ms; %lld events acknowledged before, "
        "%lld committed but not acknowledged\n",
        (long long)county.kills[POSTING], work_name[POSTING], (long long)county.kills[DAYS],
        work_name[DAYS], (long long)(clock_milliseconds() - started),
        (long long)county.acknowledged, (long long)county.one_more);
    check_int_equal(county.kills[POSTING] + county.kills[DAYS], kills);
    assert_true(county.acknowledged > kills / 4 && county.one_more > 0);
    story_release(&county.story);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_any_moment_nothing_acknowledged_is_lost),
    };
    is_full = argc > 1 && strcmp(argv[1], "full") == 0;
    recording_vfs_register();
    recording_syncs(SYNCS_SPARED); /* a killed process loses nothing of the page cache */
    return cmocka_run_group_tests_name("killed", tests, NULL, NULL);
}
