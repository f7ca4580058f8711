/* R6, no space is left, at any size a file may have reached: every command says so or succeeds,
 * nothing is done by half, the book can still be read, and the same command sent again when there
 * is room has its one effect. The room is taken away with RLIMIT_FSIZE.
 *
 *     crash_full_disk [full]     sizes: 200; full: 5,000 */
#include "tests/crash/disk.h"
#include "tests/crash/story.h"

#include "ledger/base/clock.h"
#include "ledger/base/text.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define SIZE_MOST ((int64_t)400 << 10) /* more than any command's log: the last sizes succeed */

enum what_came { DONE, DONE_BUT_NOT_IN_HEAD, REFUSED_FULL, OUTCOMES };

struct room {
    struct story story;
    struct tape tape; /* the book before the command */
    struct disk *disk;
    struct random_source random;
    size_t step;
    uint64_t size;
    int64_t points;
    int64_t seen[OUTCOMES];
};

static bool is_full;

static void limit_files(rlim_t size)
{
    struct rlimit limit = {0};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size == RLIM_INFINITY ? limit.rlim_max : size;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static bool can_be_read(struct room *room, struct error *err)
{
    struct office office;
    if (!office_open(room->story.book.path, STORE_READ_ONLY, &office, err)) {
        return false;
    }
    bool whole = office.tip.size == room->size || office.tip.size == room->size + 1;
    office_release(&office);
    return whole || error_set(err, FAULT_INTEGRITY, "crash.size", "%llu events",
                              (unsigned long long)office.tip.size);
}

/* The command as a process of its own: open, act, close. */
static bool run_command(struct room *room, struct act_result *ret, struct error *err)
{
    struct story *story = &room->story;
    if (!story_open(story, err)) {
        return false;
    }
    bool ok = story_send(story, room->step, ret, err);
    story->book.open = false;
    if (!ok) {
        office_release(&story->book.office);
        return false;
    }
    return office_close(&story->book.office, err);
}

static enum what_came judge(const struct error *err)
{
    if (text_equal(err->reason, "store.full") || text_equal(err->reason, "key-file.write")) {
        return REFUSED_FULL;
    }
    if (text_equal(err->reason, "head.write")) {
        return DONE_BUT_NOT_IN_HEAD;
    }
    fail_msg("%s: %s", err->reason, err->text);
    return OUTCOMES;
}

static void try_size(struct room *room, int64_t most)
{
    struct act_result first = {0};
    struct act_result again = {0};
    struct error err = {0};
    struct error reading = {0};

    disk_cut(room->disk, CUT_KEPT, &room->random, room->story.book.disk);
    live_book_forget();
    limit_files((rlim_t)most);
    bool ok = run_command(room, &first, &err);
    bool read = can_be_read(room, &reading);
    limit_files(RLIM_INFINITY);
    check_ok(read, &reading);
    enum what_came outcome = ok ? DONE : judge(&err);
    if (!ok) {
        check_int_equal(fault_exit_code(err.fault), 4);
        assert_non_null(strstr(err.text, "File too large"));
    }
    check_ok(run_command(room, &again, &err), &err);
    check_int_equal((int64_t)again.seq, (int64_t)room->size);
    if (outcome != REFUSED_FULL) {
        assert_true(again.repeated);
    }
    live_book_open(&room->story.book);
    check_int_equal((int64_t)room->story.book.office.tip.size, (int64_t)room->size + 1);
    if (room->points % 25 == 0) {
        check_ok(live_book_is_sound(&room->story.book, &err), &err);
    }
    live_book_close(&room->story.book);
    room->seen[outcome]++;
    room->points++;
}

/* Small files (head, key, high-water mark) end early, the log late: every size up to 10,000 bytes
 * counts as much as every page behind. */
static int64_t size_of(struct room *room)
{
    return random_between(&room->random, 0, 2) == 0 ? random_between(&room->random, 0, 10000)
                                                    : random_between(&room->random, 0, SIZE_MOST);
}

static void every_size_before_step(struct room *room, size_t step, int64_t sizes)
{
    room->step = step;
    room->size = room->story.book.office.tip.size;
    live_book_close(&room->story.book);
    tape_start(&room->tape, room->story.book.disk);
    tape_stop();
    room->disk = disk_new(&room->tape);
    disk_play_to(room->disk, room->tape.count);
    try_size(room, 0);
    try_size(room, SIZE_MOST * 4);
    for (int64_t i = 2; i < sizes; i++) {
        try_size(room, size_of(room));
    }
    disk_free(room->disk);
    tape_release(&room->tape);
    live_book_open(&room->story.book);
}

/* One command of each kind that writes in its own way: a small event, a day with loans, the turn of
 * the day key. */
static bool is_tried(const struct story *story, size_t step)
{
    static const char *const types[] = {"loan.disburse", "day.close", "key.rotate", "loan.repay"};
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (text_equal(story_type(story, step), types[i])) {
            return true;
        }
    }
    return false;
}

static void a_full_disk_stops_every_command_cleanly(void **state)
{
    struct room room = {.random = random_start("full disk")};
    struct story *story = &room.story;
    struct act_result done;
    struct error err = {0};
    int64_t started = clock_milliseconds();
    const int64_t sizes = is_full ? 500 : 25;

    (void)state;
    story_prepare(story, STORY_LENDING);
    check_ok(live_book_init(&story->book, "2016-10-20", &err), &err);
    for (size_t step = 1; step < story->steps; step++) {
        if (is_tried(story, step)) {
            every_size_before_step(&room, step, sizes);
        }
        bool there = is_tried(story, step);
        check_ok(story_send(story, step, &done, &err), &err);
        check_int_equal(done.repeated, there);
        story->seq[step] = done.seq;
    }
    live_book_close(&story->book);
    print_message(
        "full disk: %lld sizes in %lld ms: %lld done, %lld done but not in the head, %lld "
        "refused\n",
        (long long)room.points, (long long)(clock_milliseconds() - started),
        (long long)room.seen[DONE], (long long)room.seen[DONE_BUT_NOT_IN_HEAD],
        (long long)room.seen[REFUSED_FULL]);
    assert_true(room.points >= (is_full ? 5000 : 200));
    assert_true(room.seen[DONE] > 0 && room.seen[REFUSED_FULL] > 0);
    story_release(story);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_stops_every_command_cleanly),
    };
    is_full = argc > 1 && strcmp(argv[1], "full") == 0;
    (void)signal(SIGXFSZ, SIG_IGN); /* as the program does */
    recording_vfs_register();
    recording_syncs(SYNCS_SPARED);
    return cmocka_run_group_tests_name("full disk", tests, NULL, NULL);
}
