/* The signed heads that the door keeps, the day key that turns, the high-water file. */
#include "cli/service/book_check.h"
#include "ledger/audit/checkpoint.h"
#include "ledger/audit/checkpoint_store.h"
#include "ledger/base/clock.h"
#include "ledger/base/text.h"
#include "tests/support/live_book.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static uint64_t next_command;
static struct arena paths; /* outlives the offices of a test */

static bool try(struct live_book *book, const char *as, const char *type, struct error *err)
{
    struct act_result done;
    return live_act(book, ++next_command, as, type, canon_object(&book->office.arena), &done, err);
}

static void deposit(struct live_book *book)
{
    struct act_result done;
    struct error err = {0};
    check_ok(live_act(book, ++next_command, "bureau", "fund.deposit", live_amount_request(book, 1),
                      &done, &err),
             &err);
}

/* As the command does. */
static void close_day(struct live_book *book)
{
    struct error err = {0};
    check_ok(try(book, "clerk", "day.close", &err), &err);
    check_ok(try(book, "clerk", "key.rotate", &err), &err);
}

static void reopen(struct live_book *book)
{
    live_book_close(book);
    live_book_open(book);
}

static int open_book(void **state)
{
    static struct live_book book;
    struct act_result done;
    struct error err = {0};

    arena_init(&paths, ARENA_LIMIT_COMMAND);
    live_book_create(&book, "2016-10-20");
    live_book_open(&book);
    check_ok(live_act(&book, ++next_command, "bureau", "fund.open",
                      live_amount_request(&book, 100000000), &done, &err),
             &err);
    *state = &book;
    return 0;
}

static int close_book(void **state)
{
    live_book_release(*state);
    arena_release(&paths);
    return 0;
}

/* Day keys on the disk, with the id of the last one seen. */
static int day_key_files(const struct live_book *book, char ret_name[static 64])
{
    int count = 0;
    DIR *folder = opendir(book->office.service_folder);
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (strncmp(entry->d_name, "day-", 4) == 0) {
            count++;
            snprintf(ret_name, 64, "%.63s", entry->d_name);
        }
    }
    closedir(folder);
    return count;
}

/* The signature lines of the kept head of this size, which covers every event before it. */
static size_t lines_of_head(struct live_book *book, uint64_t size, struct checkpoint *ret)
{
    struct error err = {0};
    struct note note;
    bool found = false;
    AUTO_BUFFER bytes;

    buffer_init(&bytes, CHECKPOINT_NOTE_MAX);
    check_ok(checkpoint_store_get(book->office.store, size, &found, &bytes, &err), &err);
    if (!found) {
        fail_msg("no head of size %llu is kept", (unsigned long long)size);
    }
    check_ok(checkpoint_read(bytes.data, bytes.length, &note, ret, &err), &err);
    ret->extension = (struct span){0};
    return note.signatures;
}

static void every_event_is_under_a_signed_head(void **state)
{
    struct live_book *book = *state;
    struct checkpoint head;

    for (int i = 0; i < 3; i++) {
        deposit(book);
        assert_int_equal(lines_of_head(book, book->office.tip.size, &head), 2);
        check_text_equal(head.origin, book->office.facts.origin);
        assert_memory_equal(&head.root, &book->office.tip.root, sizeof head.root);
    }
}

static void heads_of_days_and_seals_stay(void **state)
{
    struct live_book *book = *state;
    struct checkpoint head;
    uint64_t size = book->office.tip.size;

    close_day(book);
    deposit(book);
    assert_int_equal(lines_of_head(book, size + 1, &head), 2); /* day.close */
    assert_int_equal(lines_of_head(book, size + 2, &head), 3); /* the seal: old and new day key */
    assert_int_equal(lines_of_head(book, size + 3, &head), 2);
}

static int open_day_key(const struct live_book *book, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", book->office.service_folder, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0);
    return file;
}

static void check_holds_nothing(int file)
{
    char bytes[2000];
    ssize_t length = pread(file, bytes, sizeof bytes, 0);
    assert_true(length > 0);
    for (ssize_t i = 0; i < length; i++) {
        assert_int_equal(bytes[i], 0);
    }
    close(file);
}

static void the_old_day_key_is_destroyed(void **state)
{
    struct live_book *book = *state;
    char before[64];
    char after[64];

    assert_int_equal(day_key_files(book, before), 1);
    int file = open_day_key(book, before); /* which outlives its name */
    close_day(book);
    assert_int_equal(day_key_files(book, after), 1);
    assert_string_not_equal(before, after);
    check_holds_nothing(file);
    reopen(book);
    deposit(book); /* the new key is found again */
}

static void a_refused_turn_leaves_no_key_behind(void **state)
{
    struct live_book *book = *state;
    struct act_result done;
    struct error err = {0};
    char before[64];
    char after[64];

    assert_int_equal(day_key_files(book, before), 1);
    check_refused(try(book, "approver", "key.rotate", &err), &err, "staff.role-missing");
    struct act_options options = {.as = "clerk", .command = uuid_random(), .dry_run = true};
    check_ok(
        act(&book->office, &options, "key.rotate", canon_object(&book->office.arena), &done, &err),
        &err);
    assert_int_equal(day_key_files(book, after), 1);
    check_text_equal(after, before);
    deposit(book);
}

static void what_a_crash_leaves_of_a_day_key_is_swept(void **state)
{
    struct live_book *book = *state;
    char name[64];
    const char *stray = arena_printf(&paths, "%s/day-00000000.key", book->office.service_folder);
    FILE *file = fopen(stray, "w");

    assert_non_null(file);
    fputs("left behind", file);
    fclose(file);
    reopen(book);
    deposit(book);
    assert_int_equal(day_key_files(book, name), 1);
    assert_int_equal(access(stray, F_OK), -1);
}

static void the_same_turn_sent_again_is_one(void **state)
{
    struct live_book *book = *state;
    struct act_result done;
    struct error err = {0};
    struct act_options options = {.as = "clerk", .command = uuid_random()};

    check_ok(
        act(&book->office, &options, "key.rotate", canon_object(&book->office.arena), &done, &err),
        &err);
    uint64_t seq = done.seq;
    check_ok(
        act(&book->office, &options, "key.rotate", canon_object(&book->office.arena), &done, &err),
        &err);
    assert_true(done.repeated);
    assert_int_equal(done.seq, seq);
}

static void another_process_may_have_turned_the_day(void **state)
{
    struct live_book *book = *state;
    struct office other;
    struct error err = {0};
    struct act_options options = {.as = "clerk", .command = uuid_random()};
    struct act_result turned;

    deposit(book); /* this one holds the first day key */
    check_ok(office_open(book->path, STORE_WRITE, &other, &err), &err);
    check_ok(act(&other, &options, "key.rotate", canon_object(&other.arena), &turned, &err), &err);
    check_ok(office_close(&other, &err), &err);
    deposit(book);
    struct checkpoint head;
    assert_int_equal(lines_of_head(book, book->office.tip.size, &head), 2);
}

static void nothing_is_written_without_the_logs_keys(void **state)
{
    struct live_book *book = *state;
    struct error err = {0};
    const char *path = arena_printf(&paths, "%s/log.key", book->office.service_folder);
    uint64_t size = book->office.tip.size;

    assert_int_equal(unlink(path), 0);
    reopen(book);
    check_refused(try(book, "clerk", "day.close", &err), &err, "log.key-missing");
    reopen(book);
    assert_int_equal(book->office.tip.size, size);
}

static void open_key_files_are_refused(void **state)
{
    struct live_book *book = *state;
    struct error err = {0};
    const char *path = arena_printf(&paths, "%s/log.key", book->office.service_folder);

    assert_int_equal(chmod(path, 0644), 0);
    reopen(book);
    check_refused(try(book, "clerk", "day.close", &err), &err, "key-file.permissions");
}

static void copy_file(const char *from, const char *to)
{
    char bytes[65536];
    size_t got = 0;
    FILE *in = fopen(from, "rb");
    FILE *out = fopen(to, "wb");
    assert_non_null(in);
    assert_non_null(out);
    while ((got = fread(bytes, 1, sizeof bytes, in)) > 0) {
        assert_int_equal(fwrite(bytes, 1, got, out), got);
    }
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

/* Book and head of last week, both, put back: only the high-water file outside their folder tells.
 */
static void an_older_copy_of_the_whole_book_is_announced(void **state)
{
    static const char *const names[] = {"book.db", "head"};
    struct live_book *book = *state;
    struct error err = {0};

    reopen(book); /* nothing stands in the write-ahead log any more */
    for (size_t i = 0; i < 2; i++) {
        copy_file(arena_printf(&paths, "%s/%s", book->path, names[i]),
                  arena_printf(&paths, "%s/%s", book->folder, names[i]));
    }
    uint64_t size = book->office.tip.size;
    deposit(book);
    check_ok(office_close(&book->office, &err), &err);
    book->open = false;
    for (size_t i = 0; i < 2; i++) {
        copy_file(arena_printf(&paths, "%s/%s", book->folder, names[i]),
                  arena_printf(&paths, "%s/%s", book->path, names[i]));
    }
    check_refused(live_book_try_open(book, &err), &err, "book.events-lost");
    assert_non_null(
        strstr(err.text, arena_printf(&paths, "events %llu to %llu", (unsigned long long)size,
                                      (unsigned long long)size)));
}

static void who_writes_needs_the_high_water_file(void **state)
{
    struct live_book *book = *state;
    struct error err = {0};
    struct office reader;

    reopen(book); /* nothing is left to sync */
    assert_int_equal(unlink(book->office.high_water_path), 0);
    check_ok(office_open(book->path, STORE_READ_ONLY, &reader, &err), &err);
    check_ok(office_close(&reader, &err), &err);
    live_book_close(book);
    check_refused(live_book_try_open(book, &err), &err, "book.high-water-missing");
}

static void what_the_days_left_verifies(void **state)
{
    struct live_book *book = *state;
    struct error err = {0};
    struct findings findings;
    struct verify_summary summary;

    deposit(book);
    for (int i = 0; i < 3; i++) {
        close_day(book);
    }
    findings_init(&findings);
    check_ok(book_verify(&book->office, &(struct verify_scope){.plan_again = true}, &findings,
                         &summary, &err),
             &err);
    assert_int_equal(findings.total, 0);
    findings_release(&findings);
}

/* The admins replace the log key ----------------------------------------------------------------
 */

static bool recover(struct live_book *book, const char *as, struct error *err)
{
    struct act_result done;
    struct canon *request = canon_object(&book->office.arena);
    canon_set_text(request, "reason", "stolen");
    canon_set_bool(request, "replace_log", true);
    return live_act(book, ++next_command, as, "key.recover", request, &done, err);
}

static struct verifier_key log_key_file(struct live_book *book)
{
    struct signing_key key;
    struct error err = {0};
    check_ok(key_file_read_service(arena_printf(&paths, "%s/log.key", book->office.service_folder),
                                   &key, &err),
             &err);
    return key.verifier;
}

/* What a verification that looks at heads, without a card, finds besides. */
static const char *heads_verdict(struct live_book *book)
{
    struct error err = {0};
    struct findings findings;
    struct verify_summary summary;
    const struct verify_trust trust = {.today = clock_date_in_china(clock_now())};
    AUTO_BUFFER text;
    buffer_init(&text, 1 << 16);
    buffer_add_text(&text, "");
    findings_init(&findings);
    check_ok(book_verify(&book->office, &(struct verify_scope){.plan_again = true, .trust = &trust},
                         &findings, &summary, &err),
             &err);
    for (size_t i = 0; i < findings.count; i++) {
        if (!text_equal(findings.list[i].code, "E_TRUST")) {
            buffer_printf(&text, "%s@%lld ", findings.list[i].code,
                          (long long)findings.list[i].seq);
        }
    }
    findings_release(&findings);
    return arena_text(&paths, text.data == NULL ? "" : text.data);
}

static const char *keys_named(struct live_book *book, const char *prefix)
{
    DIR *folder = opendir(book->office.service_folder);
    int found = 0;
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        found += text_starts_with(entry->d_name, prefix) ? 1 : 0;
    }
    closedir(folder);
    return arena_printf(&paths, "%d", found);
}

static void a_stolen_log_key_signs_its_last_head_beside_the_next(void **state)
{
    struct live_book *book = *state;
    struct error err = {0};
    struct checkpoint head;
    struct verifier_key before = log_key_file(book);

    check_refused(recover(book, "clerk", &err), &err, "staff.role-missing");
    check_text_equal(keys_named(book, "log-"), "0");
    check_ok(recover(book, "admin", &err), &err);
    uint64_t seal = book->office.tip.size;
    assert_int_equal(lines_of_head(book, seal, &head), 3); /* old, day, next */
    struct verifier_key now = log_key_file(book);
    assert_memory_not_equal(now.public_key, before.public_key, sizeof now.public_key);
    check_text_equal(keys_named(book, "log-"), "0");
    deposit(book);
    assert_int_equal(lines_of_head(book, book->office.tip.size, &head), 2);
    close_day(book);
    reopen(book);
    deposit(book);
    assert_int_equal(lines_of_head(book, seal, &head), 3); /* a seal, kept for ever */
    check_text_equal(heads_verdict(book), "");
}

static void a_lost_log_key_is_replaced_with_the_day_key_if_that_is_gone_too(void **state)
{
    struct live_book *book = *state;
    struct error err = {0};
    struct checkpoint head;
    const char *log = arena_printf(&paths, "%s/log.key", book->office.service_folder);

    assert_int_equal(unlink(log), 0);
    reopen(book);
    check_ok(recover(book, "admin", &err), &err);
    assert_int_equal(lines_of_head(book, book->office.tip.size, &head), 2); /* day, next */
    deposit(book);
    char day[VKEY_TEXT_MAX];
    struct verifier_key key;
    check_ok(service_key_in_force(book->office.store, SERVICE_KEY_DAY, day, &err), &err);
    check_ok(verifier_key_parse(day, &key, &err), &err);
    assert_int_equal(unlink(log), 0);
    assert_int_equal(unlink(arena_printf(&paths, "%s/day-%08x.key", book->office.service_folder,
                                         (unsigned)key.id)),
                     0);
    reopen(book);
    check_ok(recover(book, "admin", &err), &err);
    assert_int_equal(lines_of_head(book, book->office.tip.size, &head), 2); /* both new */
    deposit(book);
    close_day(book);
    check_text_equal(heads_verdict(book), "");
}

/* Killed between the commit and the renaming, or before the commit. */
static void what_a_crash_leaves_of_a_log_key_is_put_right(void **state)
{
    struct live_book *book = *state;
    struct error err = {0};
    const char *log = arena_printf(&paths, "%s/log.key", book->office.service_folder);
    const char *stray = arena_printf(&paths, "%s/log-00000000.key", book->office.service_folder);
    const char *before = arena_printf(&paths, "%s/log.before", book->folder);

    copy_file(log, before);
    check_ok(recover(book, "admin", &err), &err);
    struct verifier_key now = log_key_file(book);
    const char *waiting =
        arena_printf(&paths, "%s/log-%08x.key", book->office.service_folder, (unsigned)now.id);
    assert_int_equal(rename(log, waiting), 0);
    assert_int_equal(rename(before, log), 0);
    copy_file(waiting, stray);
    reopen(book);
    deposit(book);
    check_text_equal(keys_named(book, "log-"), "0");
    struct verifier_key again = log_key_file(book);
    assert_memory_equal(again.public_key, now.public_key, sizeof now.public_key);
    check_text_equal(heads_verdict(book), "");
}

/* The thief goes on with the old log key, and has the day key too. */
static void a_head_after_the_recovery_under_the_old_log_key_is_refused(void **state)
{
    struct live_book *book = *state;
    struct error err = {0};
    struct signing_key stolen;
    struct log_keys keys = {.loaded = false};
    AUTO_TRANSACTION transaction = {0};
    AUTO_BUFFER note;

    check_ok(key_file_read_service(arena_printf(&paths, "%s/log.key", book->office.service_folder),
                                   &stolen, &err),
             &err);
    check_ok(recover(book, "admin", &err), &err);
    deposit(book);
    check_text_equal(heads_verdict(book), "");
    check_ok(log_keys_load(book->office.service_folder, book->office.store, &keys, &err), &err);
    const struct log_tip *tip = &book->office.tip;
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    checkpoint_make(book->office.facts.origin, tip->size, &tip->root, &stolen, keys.day, NULL,
                    &note);
    check_ok(transaction_begin(book->office.store, &transaction, &err), &err);
    check_ok(checkpoint_store_put(book->office.store, tip->size, note.data, note.length,
                                  CHECKPOINT_TIP, &err),
             &err);
    check_ok(transaction_commit(&transaction, &err), &err);
    check_text_equal(heads_verdict(book),
                     arena_printf(&paths, "E_CPSIG@%llu ", (unsigned long long)tip->size - 1));
    log_keys_wipe(&keys);
    signing_key_wipe(&stolen);
}

int main(void)
{
#define WITH_BOOK(test) cmocka_unit_test_setup_teardown(test, open_book, close_book)
    const struct CMUnitTest tests[] = {
        WITH_BOOK(every_event_is_under_a_signed_head),
        WITH_BOOK(heads_of_days_and_seals_stay),
        WITH_BOOK(the_old_day_key_is_destroyed),
        WITH_BOOK(a_refused_turn_leaves_no_key_behind),
        WITH_BOOK(what_a_crash_leaves_of_a_day_key_is_swept),
        WITH_BOOK(the_same_turn_sent_again_is_one),
        WITH_BOOK(another_process_may_have_turned_the_day),
        WITH_BOOK(nothing_is_written_without_the_logs_keys),
        WITH_BOOK(open_key_files_are_refused),
        WITH_BOOK(a_stolen_log_key_signs_its_last_head_beside_the_next),
        WITH_BOOK(a_lost_log_key_is_replaced_with_the_day_key_if_that_is_gone_too),
        WITH_BOOK(what_a_crash_leaves_of_a_log_key_is_put_right),
        WITH_BOOK(a_head_after_the_recovery_under_the_old_log_key_is_refused),
        WITH_BOOK(an_older_copy_of_the_whole_book_is_announced),
        WITH_BOOK(who_writes_needs_the_high_water_file),
        WITH_BOOK(what_the_days_left_verifies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
