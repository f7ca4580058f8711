/* R1, kill -9 at any moment of what is done once: a book is begun, the fund is topped up. A book
 * begun and not finished is refused with what to do about it; a top-up is there whole or not at
 * all, and sent again it is done once.
 *
 *     crash_killed_once [full]     kills: 100 of each; full: 1,000 */
#include "tests/crash/disk.h"
#include "tests/crash/story.h"
#include "tests/crash/tape.h"
#include "tests/support/random.h"

#include "ledger/base/clock.h"
#include "ledger/base/text.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TOP_UP_COMMAND 9000
#define OPERATIONS_MAX 80 /* either command makes fewer */

static int64_t kills;
static int64_t operations_left;

static void count_down(void)
{
    if (--operations_left == 0) {
        (void)kill(getpid(), SIGKILL);
    }
}

static void run(const char *const *words)
{
    int status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        (void)execvp(words[0], (char *const *)(uintptr_t)words);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Runs the work in a child that is killed before its n-th operation; false if it ended before. */
static bool killed_at(struct live_book *book, bool (*work)(struct live_book *, struct error *),
                      int64_t n)
{
    int status = 0;
    struct error err = {0};
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        operations_left = n;
        tape_before_op = count_down;
        _exit(work(book, &err) ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status)) {
        assert_int_equal(WEXITSTATUS(status), 0);
        return false;
    }
    assert_int_equal(WTERMSIG(status), SIGKILL);
    return true;
}

/* --- a book is begun -------------------------------------------------------------------------- */

static bool begin_book(struct live_book *book, struct error *err)
{
    return live_book_init(book, "2016-10-20", err) && office_close(&book->office, err);
}

/* Whether it was finished all the same. */
static bool look_after_beginning(struct live_book *book)
{
    struct error err = {0};
    char want[1200];

    if (live_book_try_open(book, &err)) {
        check_int_equal((int64_t)book->office.tip.size, 2); /* the book and its policy */
        live_book_close(book);
        return true;
    }
    (void)snprintf(want, sizeof want, "rm -r '%s' '%s.keys'", book->path, book->path);
    if (!live_book_init(book, "2016-10-20", &err)) {
        assert_string_equal(err.reason, "book.begun");
        assert_non_null(strstr(err.next, want));
        disk_wipe(book->disk);
        live_book_forget();
        check_ok(live_book_init(book, "2016-10-20", &err), &err);
    }
    live_book_close(book);
    return false;
}

static void a_book_begun_and_not_finished_is_refused_with_what_to_do(void **state)
{
    struct random_source random = random_start("killed book init");
    struct live_book book;
    int64_t killed = 0;
    int64_t finished = 0;

    (void)state;
    live_book_prepare(&book);
    for (int64_t round = 0; killed < kills && round < 20 * kills; round++) {
        if (killed_at(&book, begin_book, random_between(&random, 1, OPERATIONS_MAX))) {
            killed++;
            finished += look_after_beginning(&book);
        }
        disk_wipe(book.disk);
        live_book_forget();
    }
    print_message("killed: %lld while a book was begun, %lld of them finished all the same\n",
                  (long long)killed, (long long)finished);
    check_int_equal(killed, kills);
    assert_true(finished < kills / 2);
    live_book_release(&book);
}

/* --- the fund is topped up -------------------------------------------------------------------- */

static bool send_top_up(struct live_book *book, struct error *err)
{
    struct canon *request = canon_object(&book->office.arena);
    struct act_result done;

    canon_set_int(request, "year", 2016);
    return live_act(book, TOP_UP_COMMAND, "bureau", "fund.top-up", request, &done, err);
}

static bool top_up(struct live_book *book, struct error *err)
{
    return live_book_try_open(book, err) && send_top_up(book, err) &&
           office_close(&book->office, err);
}

static void restore(const struct live_book *book, const char *saved)
{
    const char *const words[] = {"cp", "-a", saved, book->disk, NULL};
    disk_wipe(book->disk);
    live_book_forget();
    assert_int_equal(rmdir(book->disk), 0);
    run(words);
}

/* Whether the top-up had been committed before the kill. */
static bool look_after_top_up(struct story *story, bool whole)
{
    struct live_book *book = &story->book;
    struct error err = {0};

    live_book_open(book);
    uint64_t size = book->office.tip.size;
    assert_true(size == story->first_size || size == story->first_size + 1);
    for (int i = 0; i < 2; i++) {
        check_ok(send_top_up(book, &err), &err);
        check_int_equal((int64_t)book->office.tip.size, (int64_t)story->first_size + 1);
    }
    if (whole) {
        check_ok(live_book_is_sound(book, &err), &err);
    }
    live_book_close(book);
    return size > story->first_size;
}

static void a_top_up_is_there_whole_or_not_at_all(void **state)
{
    struct random_source random = random_start("killed top-up");
    struct story story;
    char saved[1024];
    int64_t killed = 0;
    int64_t committed = 0;

    (void)state;
    story_prepare(&story, STORY_CLAIM);
    (void)snprintf(saved, sizeof saved, "%s/saved", story.book.folder);
    const char *const words[] = {"cp", "-a", story.book.disk, saved, NULL};
    run(words);
    for (int64_t round = 0; killed < kills && round < 20 * kills; round++) {
        if (killed_at(&story.book, top_up, random_between(&random, 1, OPERATIONS_MAX))) {
            committed += look_after_top_up(&story, killed % 20 == 0);
            killed++;
        }
        restore(&story.book, saved);
    }
    print_message("killed: %lld while the fund was topped up, %lld of them committed before\n",
                  (long long)killed, (long long)committed);
    check_int_equal(killed, kills);
    assert_true(committed > 0 && committed < kills);
    story_release(&story);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_book_begun_and_not_finished_is_refused_with_what_to_do),
        cmocka_unit_test(a_top_up_is_there_whole_or_not_at_all),
    };
    kills = argc > 1 && strcmp(argv[1], "full") == 0 ? 1000 : 100;
    recording_vfs_register();
    recording_syncs(SYNCS_SPARED); /* a killed process loses nothing of the page cache */
    return cmocka_run_group_tests_name("killed once", tests, NULL, NULL);
}
