/* What those who sign saw at their last visit: a book that is older, or another one, does not get
 * their signature, though all of its files fit together. */
#include "cli/service/visits.h"
#include "ledger/audit/verify.h"
#include "ledger/audit/visit.h"
#include "ledger/base/text.h"
#include "tests/support/file.h"
#include "tests/support/live_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ORIGIN "demo.invalid/ledger-00000001"

static struct live_book book;
static uint64_t next_command = 100;
static int warnings;
static char warned[96];

static void count_warning(const struct error *why)
{
    warnings++;
    (void)snprintf(warned, sizeof warned, "%s", why->reason);
}

/* Files ---------------------------------------------------------------------------------------- */

static void put_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void make_folder(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        assert_int_equal(mkdir(path, 0700), 0);
    }
}

/* `to` holds afterwards the files of `from`, and no others. */
static void copy_folder(const char *from, const char *to)
{
    AUTO_ARENA arena;
    arena_init(&arena, (size_t)1 << 20);
    make_folder(to);
    char **old = folder_list(to, &(size_t){0});
    for (char **at = old; *at != NULL; at++) {
        assert_int_equal(unlink(arena_printf(&arena, "%s/%s", to, *at)), 0);
    }
    folder_list_free(old);
    char **names = folder_list(from, &(size_t){0});
    for (char **at = names; *at != NULL; at++) {
        size_t length = 0;
        char *bytes = file_read(arena_printf(&arena, "%s/%s", from, *at), &length);
        const char *copy = arena_printf(&arena, "%s/%s", to, *at);
        put_file(copy, bytes, length);
        assert_int_equal(chmod(copy, 0600), 0);
        free(bytes);
    }
    folder_list_free(names);
}

/* The book with its head, and the service keys with the high-water file: everything but what
 * people keep. */
static void save(const char *name)
{
    char from[400], to[400];
    (void)snprintf(to, sizeof to, "%s/%s", book.folder, name);
    make_folder(to);
    (void)snprintf(to, sizeof to, "%s/%s/book", book.folder, name);
    copy_folder(book.path, to);
    (void)snprintf(from, sizeof from, "%s.keys", book.path);
    (void)snprintf(to, sizeof to, "%s/%s/keys", book.folder, name);
    copy_folder(from, to);
}

static void put_back(const char *name)
{
    char from[400], to[400];
    (void)snprintf(from, sizeof from, "%s/%s/book", book.folder, name);
    copy_folder(from, book.path);
    (void)snprintf(from, sizeof from, "%s/%s/keys", book.folder, name);
    (void)snprintf(to, sizeof to, "%s.keys", book.path);
    copy_folder(from, to);
}

static const char *path_of(const char *staff)
{
    static char path[400];
    AUTO_ARENA arena;
    arena_init(&arena, (size_t)64 << 10);
    (void)snprintf(path, sizeof path, "%s", visit_path_of(&arena, ORIGIN, staff));
    return path;
}

/* Acting --------------------------------------------------------------------------------------- */

static bool try_as(const char *as, struct error *err)
{
    struct act_result done;
    struct personal_data person;
    struct act_options options = {
        .as = as, .command = live_command(++next_command), .warn = count_warning};
    live_book_open(&book);
    bool ok = act_with_persons(&book.office, &options, "household.add",
                               live_household_request(&book, (int)(next_command % 1000), &person),
                               &person, 1, &done, err);
    live_book_close(&book);
    return ok;
}

static void add_household(const char *as)
{
    struct error err = {0};
    check_ok(try_as(as, &err), &err);
}

static uint64_t size_of_book(void)
{
    live_book_open(&book);
    uint64_t size = book.office.tip.size;
    live_book_close(&book);
    return size;
}

static uint64_t size_seen_by(const char *staff)
{
    struct visit visit;
    struct error err = {0};
    check_ok(visit_read(path_of(staff), ORIGIN, &visit, &err), &err);
    return visit.range.size;
}

static int set_up(void **state)
{
    (void)state;
    warnings = 0;
    live_book_create(&book, "2016-10-20");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    live_book_release(&book);
    return 0;
}

/* Tests ---------------------------------------------------------------------------------------- */

/* 6, 7, 8 */
static void an_older_book_with_all_its_files_is_refused_to_whoever_saw_more(void **state)
{
    struct error err = {0};
    (void)state;
    add_household("clerk");
    add_household("manager");
    save("old");
    add_household("clerk");
    add_household("clerk");
    uint64_t newer = size_of_book();
    put_back("old");
    check_int_equal((int64_t)size_of_book(), (int64_t)newer - 2);
    check_refused(try_as("clerk", &err), &err, "log.rolled-back");
    assert_int_equal(err.fault, FAULT_INTEGRITY);
    char missing[60];
    (void)snprintf(missing, sizeof missing, "events %d to %d are missing", (int)newer - 2,
                   (int)newer - 1);
    assert_non_null(strstr(err.text, missing));
    assert_non_null(strstr(err.text, "clerk saw"));
    check_int_equal((int64_t)size_of_book(), (int64_t)newer - 2);
    check_int_equal((int64_t)size_seen_by("clerk"), (int64_t)newer);
    /* Who has not seen more cannot tell; from then on the clerk sees another history. */
    add_household("manager");
    add_household("manager");
    add_household("manager");
    check_refused(try_as("clerk", &err), &err, "log.forked");
}

/* 9, 13 */
static void another_history_of_the_same_book_is_refused_to_whoever_saw_the_first(void **state)
{
    struct error err = {0};
    (void)state;
    add_household("clerk");
    save("common");
    add_household("clerk");
    save("first");
    put_back("common");
    add_household("manager");
    check_refused(try_as("clerk", &err), &err, "log.forked");
    assert_int_equal(err.fault, FAULT_INTEGRITY);
    put_back("first");
    check_refused(try_as("manager", &err), &err, "log.forked");
    add_household("clerk");
}

static void each_who_signs_keeps_the_newest_head_and_never_an_older_one(void **state)
{
    (void)state;
    add_household("clerk");
    check_int_equal((int64_t)size_seen_by("clerk"), (int64_t)size_of_book());
    add_household("manager");
    check_int_equal((int64_t)size_seen_by("manager"), (int64_t)size_of_book());
    check_int_equal((int64_t)size_seen_by("clerk"), (int64_t)size_of_book() - 1);

    /* Two at once: whoever was further stays. */
    struct visit further;
    struct error err = {0};
    char path[400];
    (void)snprintf(path, sizeof path, "%s", path_of("manager"));
    size_t length = 0;
    char *bytes = file_read(path, &length);
    check_ok(visit_read(path_of("clerk"), ORIGIN, &further, &err), &err);
    AUTO_BUFFER head;
    buffer_init(&head, 1);
    check_ok(visit_write(path, ORIGIN, further.at, &further.range, &head, &err), &err);
    char *after = file_read(path, &length);
    check_text_equal(after, bytes);
    free(bytes);
    free(after);

    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    check_int_equal(status.st_mode & 0777, 0600);
}

static void admins_have_seen_the_beginning_they_signed(void **state)
{
    struct live_book other = book;
    struct error err = {0};
    char path[400];
    (void)state;
    (void)snprintf(path, sizeof path, "%s/disk/second", book.folder);
    assert_true(size_seen_by("admin") > 2);
    other.path = path;
    check_refused(live_book_init(&other, "2016-10-20", &err), &err, "book.origin-seen");
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(unlink(path_of("admin")), 0);
    check_ok(live_book_init(&other, "2016-10-20", &err), &err);
    check_ok(office_close(&other.office, &err), &err);
    check_int_equal((int64_t)size_seen_by("admin"), 2);
}

static void a_damaged_file_is_told_and_left_alone(void **state)
{
    struct error err = {0};
    size_t length = 0;
    (void)state;
    add_household("clerk");
    char path[400];
    (void)snprintf(path, sizeof path, "%s", path_of("clerk"));
    char *bytes = file_read(path, &length);
    uint64_t size = size_of_book();
    for (size_t cut = 1; cut < length; cut += 7) {
        put_file(path, bytes, cut);
        check_refused(try_as("clerk", &err), &err, "visit.damaged");
    }
    assert_non_null(strstr(err.next, ".damaged"));
    for (size_t at = 0; at < length; at += 3) {
        bytes[at] ^= 1;
        put_file(path, bytes, length);
        check_refused(try_as("clerk", &err), &err, "visit.damaged");
        bytes[at] ^= 1;
    }
    char *twice = calloc(2, VISIT_MAX);
    memset(twice, 'x', VISIT_MAX + 1);
    put_file(path, twice, VISIT_MAX + 1);
    check_refused(try_as("clerk", &err), &err, "visit.damaged");
    free(twice);
    check_int_equal((int64_t)size_of_book(), (int64_t)size);
    size_t now = 0;
    free(file_read(path, &now));
    check_int_equal((int64_t)now, VISIT_MAX + 1);
    free(bytes);

    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    check_refused(try_as("clerk", &err), &err, "visit.damaged");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(symlink("/dev/zero", path), 0);
    check_refused(try_as("clerk", &err), &err, "visit.damaged");
    assert_int_equal(unlink(path), 0);
    add_household("clerk");
    check_int_equal((int64_t)size_seen_by("clerk"), (int64_t)size + 1);
}

static void a_file_of_another_log_is_none(void **state)
{
    struct visit visit;
    struct error err = {0};
    (void)state;
    add_household("clerk");
    check_refused(visit_read(path_of("clerk"), "demo.invalid/ledger-00000002", &visit, &err), &err,
                  "visit.damaged");
}

static void what_a_power_cut_leaves_is_told_and_stops_nobody(void **state)
{
    static const char nothing[4096];
    (void)state;
    add_household("clerk");
    check_int_equal(warnings, 0);
    put_file(path_of("clerk"), "", 0);
    add_household("clerk");
    check_int_equal(warnings, 1);
    check_text_equal(warned, "visit.empty");
    put_file(path_of("clerk"), nothing, sizeof nothing);
    add_household("clerk");
    check_int_equal(warnings, 2);
    check_int_equal((int64_t)size_seen_by("clerk"), (int64_t)size_of_book());
}

static void a_head_that_the_log_key_has_not_signed_is_refused(void **state)
{
    struct error err = {0};
    (void)state;
    add_household("clerk");
    live_book_open(&book);
    uint64_t size = book.office.tip.size;
    AUTO_BUFFER note;
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    check_ok(visit_newest_head(book.office.store, ORIGIN, &book.office.tip, &note, &err), &err);
    struct log_tip other = book.office.tip;
    other.root.byte[0] ^= 1;
    buffer_clear(&note);
    check_refused(visit_newest_head(book.office.store, ORIGIN, &other, &note, &err), &err,
                  "log.head-false");
    other = book.office.tip;
    other.size = size - 1;
    buffer_clear(&note);
    check_refused(visit_newest_head(book.office.store, ORIGIN, &other, &note, &err), &err,
                  "log.head-false");
    live_book_close(&book);
}

/* What a clerk keeps is a kept checkpoint for the auditor. */
static void an_auditor_reads_the_head_in_it(void **state)
{
    struct kept_head kept;
    struct error err = {0};
    size_t length = 0;
    struct trust_card card = {.befores = 0};
    char vkey[VKEY_TEXT_MAX];
    (void)state;
    add_household("clerk");
    live_book_open(&book);
    check_ok(service_key_in_force(book.office.store, SERVICE_KEY_LOG, vkey, &err), &err);
    check_ok(verifier_key_parse(vkey, &card.log, &err), &err);
    (void)snprintf(card.origin, sizeof card.origin, "%s", ORIGIN);
    char *bytes = file_read(path_of("clerk"), &length);
    check_ok(kept_head_read(&card, "clerk", bytes, length, &kept, &err), &err);
    check_int_equal((int64_t)kept.size, (int64_t)book.office.tip.size);
    assert_true(sha256_equal(&kept.root, &book.office.tip.root));
    free(bytes);
    live_book_close(&book);
}

int main(void)
{
#define BOOK_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        BOOK_TEST(an_older_book_with_all_its_files_is_refused_to_whoever_saw_more),
        BOOK_TEST(another_history_of_the_same_book_is_refused_to_whoever_saw_the_first),
        BOOK_TEST(each_who_signs_keeps_the_newest_head_and_never_an_older_one),
        BOOK_TEST(admins_have_seen_the_beginning_they_signed),
        BOOK_TEST(a_damaged_file_is_told_and_left_alone),
        BOOK_TEST(a_file_of_another_log_is_none),
        BOOK_TEST(what_a_power_cut_leaves_is_told_and_stops_nobody),
        BOOK_TEST(a_head_that_the_log_key_has_not_signed_is_refused),
        BOOK_TEST(an_auditor_reads_the_head_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
