/* R9, a bit rots in the live write-ahead log: SQLite drops every event behind it in silence and
 * calls the book sound. Ours names the exact range at each opening, and leaves every file as it
 * was.
 *
 *     crash_log_rot [full]     one flip in each frame; full: 5,000 flips */
#include "tests/crash/disk.h"
#include "tests/support/file.h"
#include "tests/support/live_book.h"

#include "ledger/base/clock.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOG_HEADER 32
#define FRAME (24 + 4096)
#define EVENTS 20

struct rot {
    struct live_book book;
    struct tape tape; /* the book with its live log, all of it on the disk */
    struct disk *disk;
    struct random_source random;
    char log[600];
    char database[600];
    uint64_t events;
    uint64_t events_before_log; /* those the database file itself holds */
    size_t log_size;
    int64_t flips;
    int64_t lost_in_silence; /* by stock SQLite, which then calls the book sound */
    int64_t announced;
};

static bool is_full;

static void deposit(struct live_book *book, uint64_t command)
{
    struct act_result done;
    struct error err = {0};
    check_ok(live_act(book, command, "bureau", command == 1 ? "fund.open" : "fund.deposit",
                      live_amount_request(book, 100), &done, &err),
             &err);
}

static void set_up(struct rot *rot)
{
    struct error err = {0};
    size_t length = 0;

    live_book_create(&rot->book, "2016-10-20");
    (void)snprintf(rot->database, sizeof rot->database, "%s/book.db", rot->book.path);
    (void)snprintf(rot->log, sizeof rot->log, "%s/book.db-wal", rot->book.path);
    live_book_open(&rot->book);
    rot->events_before_log = rot->book.office.tip.size;
    for (uint64_t i = 1; i <= EVENTS; i++) {
        deposit(&rot->book, i);
    }
    check_ok(office_tip_write(&rot->book.office, true, &err), &err);
    rot->events = rot->book.office.tip.size;
    tape_start(&rot->tape, rot->book.disk);
    tape_stop();
    free(file_read(rot->log, &length));
    rot->log_size = length;
    live_book_close(&rot->book);
    rot->disk = disk_new(&rot->tape);
    disk_play_to(rot->disk, rot->tape.count);
}

static void tear_down(struct rot *rot)
{
    disk_free(rot->disk);
    tape_release(&rot->tape);
    live_book_release(&rot->book);
}

static void put_back(struct rot *rot, size_t bit)
{
    uint8_t byte = 0;
    disk_cut(rot->disk, CUT_KEPT, &rot->random, rot->book.disk);
    live_book_forget();
    int file = open(rot->log, O_RDWR);
    assert_int_equal(pread(file, &byte, 1, (off_t)(bit / 8)), 1);
    byte ^= (uint8_t)(1U << bit % 8);
    assert_int_equal(pwrite(file, &byte, 1, (off_t)(bit / 8)), 1);
    close(file);
}

/* --- what stock SQLite makes of it ------------------------------------------------------------ */

static int64_t ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *query = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    int64_t answer = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    return answer;
}

static uint64_t events_by_sqlite(struct rot *rot)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(rot->database, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    uint64_t events = (uint64_t)ask(db, "SELECT count(*) FROM event");
    bool sound = ask(db, "SELECT count(*) FROM pragma_quick_check WHERE quick_check = 'ok'") == 1;
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    rot->lost_in_silence += sound && events < rot->events;
    return events;
}

/* --- what ours makes of it -------------------------------------------------------------------- */

struct bytes {
    char *text;
    size_t length;
};

static bool unchanged(const char *path, const struct bytes *before)
{
    size_t length = 0;
    char *after = file_read(path, &length);
    bool same = length == before->length && memcmp(after, before->text, length) == 0;
    free(after);
    return same;
}

static bool is_announced(struct rot *rot, enum store_mode mode, uint64_t left)
{
    char range[80];
    struct office office;
    struct error err = {0};

    if (office_open(rot->book.path, mode, &office, &err)) {
        office_release(&office);
        return false;
    }
    (void)snprintf(range, sizeof range, "events %llu to %llu are lost", (unsigned long long)left,
                   (unsigned long long)rot->events - 1);
    if (strcmp(err.reason, "book.events-lost") != 0 || strstr(err.text, range) == NULL) {
        print_message("%s: %s\n", err.reason, err.text);
        return false;
    }
    return err.fault == FAULT_INTEGRITY;
}

static void flip(struct rot *rot, size_t bit)
{
    struct bytes log = {0};
    struct bytes database = {0};

    put_back(rot, bit);
    uint64_t left = events_by_sqlite(rot);
    put_back(rot, bit);
    log.text = file_read(rot->log, &log.length);
    database.text = file_read(rot->database, &database.length);
    bool said = is_announced(rot, STORE_WRITE, left) && unchanged(rot->log, &log) &&
                unchanged(rot->database, &database) && is_announced(rot, STORE_READ_ONLY, left) &&
                is_announced(rot, STORE_WRITE, left) && unchanged(rot->log, &log) &&
                unchanged(rot->database, &database);
    if (!said || left < rot->events_before_log || left >= rot->events) {
        print_message("bit %zu of the log, %llu events left\n", bit, (unsigned long long)left);
    } else {
        rot->announced++;
    }
    rot->flips++;
    free(log.text);
    free(database.text);
}

static size_t random_bit(struct rot *rot, size_t from, size_t length)
{
    return 8 * from + (size_t)random_between(&rot->random, 0, 8 * (int64_t)length - 1);
}

static void every_lost_event_is_announced(void **state)
{
    struct rot rot = {.random = random_start("log rot")};
    (void)state;

    set_up(&rot);
    size_t frames = (rot.log_size - LOG_HEADER) / FRAME;
    int64_t started = clock_milliseconds();
    flip(&rot, random_bit(&rot, 0, LOG_HEADER));
    for (size_t i = 0; i < frames; i++) {
        flip(&rot, random_bit(&rot, LOG_HEADER + i * FRAME, FRAME));
    }
    while (is_full && rot.flips < 5000) {
        flip(&rot, random_bit(&rot, 0, LOG_HEADER + frames * FRAME));
    }
    print_message(
        "log rot: %lld flips in %zu frames in %lld ms; stock SQLite lost events in silence "
        "in %lld, ours announced %lld\n",
        (long long)rot.flips, frames, (long long)(clock_milliseconds() - started),
        (long long)rot.lost_in_silence, (long long)rot.announced);
    assert_true(rot.flips >= (is_full ? 5000 : 100));
    check_int_equal(rot.announced, rot.flips);
    /* The control: without a head nobody would have noticed. */
    check_int_equal(rot.lost_in_silence, rot.flips);
    tear_down(&rot);
}

static void an_unharmed_log_is_opened(void **state)
{
    struct rot rot = {.random = {1}};
    struct error err = {0};
    (void)state;

    set_up(&rot);
    disk_cut(rot.disk, CUT_KEPT, &rot.random, rot.book.disk);
    live_book_forget();
    live_book_open(&rot.book);
    check_int_equal((int64_t)rot.book.office.tip.size, (int64_t)rot.events);
    check_ok(live_book_is_sound(&rot.book, &err), &err);
    live_book_close(&rot.book);
    assert_int_equal(access(rot.log, F_OK), -1); /* copied into the database and removed */
    tear_down(&rot);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lost_event_is_announced),
        cmocka_unit_test(an_unharmed_log_is_opened),
    };
    is_full = argc > 1 && strcmp(argv[1], "full") == 0;
    recording_vfs_register();
    recording_syncs(SYNCS_SPARED);
    return cmocka_run_group_tests_name("log rot", tests, NULL, NULL);
}
