#include "ledger/store/store_sqlite.h"
#include "tests/support/check.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_SIZE 700

struct fixture {
    char *folder;
    char path[PATH_SIZE];
};

static int make_folder(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->folder = scratch_create();
    (void)snprintf(fixture->path, sizeof fixture->path, "%s/book", fixture->folder);
    *state = fixture;
    return 0;
}

static int remove_folder(void **state)
{
    struct fixture *fixture = *state;
    (void)chmod(fixture->folder, 0700);
    scratch_remove(fixture->folder);
    free(fixture);
    return 0;
}

static const char *path_of(void **state)
{
    return ((struct fixture *)*state)->path;
}

static void beside(void **state, const char *name, char ret[static PATH_SIZE])
{
    (void)snprintf(ret, PATH_SIZE, "%s/%s", ((struct fixture *)*state)->folder, name);
}

static void create_book(const char *path)
{
    struct store *store = NULL;
    struct error err = {0};
    check_ok(store_open(path, STORE_CREATE, &store, &err), &err);
    store_close(store);
}

static void check_not_opened(const char *path, enum store_mode mode, const char *reason)
{
    struct store *store = NULL;
    struct error err = {0};
    check_refused(store_open(path, mode, &store, &err), &err, reason);
    assert_null(store);
}

static void write_file(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    check_int_equal((int64_t)fwrite(bytes, 1, length, file), (int64_t)length);
    check_int_equal(fclose(file), 0);
}

static bool exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

static void check_pragma(struct store *store, const char *pragma, const char *want)
{
    char sql[80];
    sqlite3_stmt *query = NULL;
    (void)snprintf(sql, sizeof sql, "PRAGMA %s", pragma);
    store->trusted = true;
    check_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &query, NULL), SQLITE_OK);
    store->trusted = false;
    check_int_equal(sqlite3_step(query), SQLITE_ROW);
    const char *got = (const char *)sqlite3_column_text(query, 0);
    if (got == NULL || strcmp(got, want) != 0) {
        print_error("PRAGMA %s\n", pragma);
    }
    check_text_equal(got, want);
    sqlite3_finalize(query);
}

struct pragma {
    const char *name, *want;
};

static const struct pragma everywhere[] = {
    {"application_id", "1497582663"},
    {"user_version", "1"},
    {"page_size", "4096"},
    {"encoding", "UTF-8"},
    {"auto_vacuum", "0"},
    {"foreign_keys", "1"},
    {"recursive_triggers", "1"},
    {"trusted_schema", "0"},
    {"cell_size_check", "1"},
    {"ignore_check_constraints", "0"},
    {"mmap_size", "0"},
    {"cache_size", "-16384"},
    {"journal_mode", "wal"},
    {"writable_schema", "0"},
    {"legacy_alter_table", "0"},
};

static const struct pragma when_writing[] = {
    {"synchronous", "2"},   {"locking_mode", "normal"},  {"query_only", "0"},
    {"secure_delete", "1"}, {"wal_autocheckpoint", "0"}, {"journal_size_limit", "67108864"},
};

static const struct {
    int which, want;
} switches[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},
    {SQLITE_DBCONFIG_DQS_DML, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 1},
    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    {SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0},
};

static void check_settings(struct store *store)
{
    for (size_t i = 0; i < COUNT_OF(everywhere); i++) {
        check_pragma(store, everywhere[i].name, everywhere[i].want);
    }
    for (size_t i = 0; i < COUNT_OF(when_writing) && store->mode != STORE_READ_ONLY; i++) {
        check_pragma(store, when_writing[i].name, when_writing[i].want);
    }
    if (store->mode == STORE_READ_ONLY) {
        check_pragma(store, "query_only", "1");
    }
    for (size_t i = 0; i < COUNT_OF(switches); i++) {
        int got = -1;
        check_int_equal(sqlite3_db_config(store->db, switches[i].which, -1, &got), SQLITE_OK);
        check_int_equal(got, switches[i].want);
    }
    check_int_equal(sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, -1), 16 << 20);
    check_int_equal(sqlite3_limit(store->db, SQLITE_LIMIT_TRIGGER_DEPTH, -1), 10);
}

static void every_setting_is_as_promised_in_every_mode(void **state)
{
    static const enum store_mode modes[] = {STORE_CREATE, STORE_WRITE, STORE_READ_ONLY};
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        struct store *store = NULL;
        struct error err = {0};
        check_ok(store_open(path_of(state), modes[i], &store, &err), &err);
        check_settings(store);
        check_text_equal(store_path(store), path_of(state));
        check_int_equal(store_schema_version(store), 1);
        store_close(store);
    }
    assert_null(store_close(NULL));
}

/* What is rebuilt to be compared never waits for the disk, and has the checks of a book's rows, but
 * neither its guards nor its references: the live tables have them. */
static void a_scratch_store_syncs_nothing(void **state)
{
    struct store *store = NULL;
    struct error err = {0};
    check_ok(store_open(path_of(state), STORE_SCRATCH, &store, &err), &err);
    check_pragma(store, "synchronous", "0");
    check_pragma(store, "journal_mode", "memory");
    check_pragma(store, "locking_mode", "exclusive");
    check_pragma(store, "foreign_keys", "0");
    check_pragma(store, "secure_delete", "0");
    check_pragma(store, "trusted_schema", "0");
    check_int_equal(store_schema_version(store), 1);
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(store, &transaction, &err), &err);
    check_ok(statement_run(store_query(store, "INSERT INTO event (seq, leaf, leaf_hash, cmd)"
                                              " VALUES (7, x'00', zeroblob(32), zeroblob(16))"),
                           &err),
             &err);
    check_refused(statement_run(store_query(store, "INSERT INTO event (seq, leaf, leaf_hash, cmd)"
                                                   " VALUES (0, x'', x'', x'')"),
                                &err),
                  &err, "store.constraint");
    transaction_release(&transaction);
    store_close(store);
    check_refused(store_open(path_of(state), STORE_SCRATCH, &store, &err), &err, "store.exists");
}

static void a_closed_book_is_one_file(void **state)
{
    char name[PATH_SIZE];
    create_book(path_of(state));
    assert_true(exists(path_of(state)));
    static const char *const names[] = {"book-wal", "book-shm", "book-journal"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        beside(state, names[i], name);
        assert_false(exists(name));
    }
}

static void creating_never_touches_what_is_there(void **state)
{
    static const char *const names[] = {"book", "book-wal", "book-shm", "book-journal"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char name[PATH_SIZE];
        struct stat status;
        beside(state, names[i], name);
        write_file(name, "kept", 4);
        check_not_opened(path_of(state), STORE_CREATE, "store.exists");
        check_int_equal(stat(name, &status), 0);
        check_int_equal(status.st_size, 4);
        check_int_equal(unlink(name), 0);
    }
    check_int_equal(symlink("/nowhere/else", path_of(state)), 0);
    check_not_opened(path_of(state), STORE_CREATE, "store.exists");
}

static void what_is_not_there_is_not_found(void **state)
{
    char name[PATH_SIZE];
    check_not_opened(path_of(state), STORE_WRITE, "store.not-found");
    check_not_opened(path_of(state), STORE_READ_ONLY, "store.not-found");
    assert_false(exists(path_of(state)));
    beside(state, "no/folder", name);
    check_not_opened(name, STORE_CREATE, "store.not-found");
    beside(state, "", name);
    check_not_opened(name, STORE_CREATE, "store.not-found");
    beside(state, "..", name);
    check_not_opened(name, STORE_WRITE, "store.not-found");
}

static void another_file_is_no_book_and_stays_as_it_is(void **state)
{
    static const char text[] =
        "Dear county finance bureau, this is a letter and not a database; it is "
        "long enough to have a header of one hundred bytes.";
    const struct {
        const char *bytes;
        size_t length;
    } rows[] = {{"", 0}, {"SQLite format 3", 16}, {text, sizeof text - 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stat status;
        write_file(path_of(state), rows[i].bytes, rows[i].length);
        check_not_opened(path_of(state), STORE_WRITE, "store.not-a-book");
        check_not_opened(path_of(state), STORE_READ_ONLY, "store.not-a-book");
        check_int_equal(stat(path_of(state), &status), 0);
        check_int_equal(status.st_size, (int64_t)rows[i].length);
    }
    check_int_equal(unlink(path_of(state)), 0);
    check_int_equal(mkdir(path_of(state), 0700), 0);
    check_not_opened(path_of(state), STORE_WRITE, "store.not-a-book");
}

static void a_database_of_another_program_is_no_book(void **state)
{
    sqlite3 *db = NULL;
    check_int_equal(sqlite3_open(path_of(state), &db), SQLITE_OK);
    check_int_equal(sqlite3_exec(db, "CREATE TABLE a (b)", NULL, NULL, NULL), SQLITE_OK);
    check_int_equal(sqlite3_close(db), SQLITE_OK);
    check_not_opened(path_of(state), STORE_WRITE, "store.not-a-book");
    check_not_opened(path_of(state), STORE_READ_ONLY, "store.not-a-book");
}

static void links_are_refused(void **state)
{
    char other[PATH_SIZE];
    beside(state, "other", other);
    create_book(path_of(state));
    check_int_equal(symlink(path_of(state), other), 0);
    check_not_opened(other, STORE_WRITE, "store.link");
    check_not_opened(other, STORE_READ_ONLY, "store.link");
    check_int_equal(unlink(other), 0);
    check_int_equal(link(path_of(state), other), 0);
    check_not_opened(other, STORE_WRITE, "store.link");
    check_not_opened(path_of(state), STORE_READ_ONLY, "store.link");
    check_int_equal(unlink(other), 0);
    struct store *store = NULL;
    struct error err = {0};
    check_ok(store_open(path_of(state), STORE_WRITE, &store, &err), &err);
    store_close(store);
}

/* A folder may be reached through a link: the path is made absolute, so all use the same name. */
static void a_linked_folder_is_resolved(void **state)
{
    char linked[PATH_SIZE];
    char through[PATH_SIZE + 8];
    struct store *store = NULL;
    struct error err = {0};
    beside(state, "linked", linked);
    check_int_equal(symlink(((struct fixture *)*state)->folder, linked), 0);
    create_book(path_of(state));
    (void)snprintf(through, sizeof through, "%s/book", linked);
    check_ok(store_open(through, STORE_READ_ONLY, &store, &err), &err);
    check_text_equal(store_path(store), path_of(state));
    store_close(store);
}

static void a_path_that_is_too_long_is_refused(void **state)
{
    char name[PATH_SIZE];
    char deep[201] = "";
    memset(deep, 'n', sizeof deep - 1);
    (void)snprintf(name, sizeof name, "%s/%s", ((struct fixture *)*state)->folder, deep);
    check_int_equal(mkdir(name, 0700), 0);
    (void)snprintf(name, sizeof name, "%s/%s/%s", ((struct fixture *)*state)->folder, deep, deep);
    check_int_equal(mkdir(name, 0700), 0);
    (void)snprintf(name, sizeof name, "%s/%s/%s/%s", ((struct fixture *)*state)->folder, deep, deep,
                   deep);
    check_not_opened(name, STORE_CREATE, "store.io");
}

/* Numbers of linux/magic.h and of the file systems' own sources. */
static void network_file_systems_are_known(void **state)
{
    (void)state;
    static const uint32_t remote[] = {0x6969,     0x517B,     0xFF534D42, 0xFE534D42,
                                      0x00c36400, 0x01021997, 0x65735546};
    static const uint32_t local[] = {EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC,
                                     TMPFS_MAGIC, OVERLAYFS_SUPER_MAGIC};
    for (size_t i = 0; i < COUNT_OF(remote); i++) {
        assert_true(file_system_is_remote(remote[i]));
    }
    for (size_t i = 0; i < COUNT_OF(local); i++) {
        assert_false(file_system_is_remote(local[i]));
    }
}

/* A child whose rights are those of an ordinary user; the superuser may write anywhere. */
static int ending_as_ordinary_user(int (*fn)(const char *), const char *path)
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
            _exit(99);
        }
        _exit(fn(path));
    }
    check_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int refused_with(const char *path, enum store_mode mode, const char *reason)
{
    struct store *store = NULL;
    struct error err = {0};
    if (store_open(path, mode, &store, &err)) {
        store_close(store);
        return 1;
    }
    if (strcmp(err.reason, reason) != 0) {
        print_error("refused with %s: %s\n", err.reason, err.text);
        return 2;
    }
    return err.fault == FAULT_STORE ? 0 : 3;
}

static int try_to_create(const char *path)
{
    return refused_with(path, STORE_CREATE, "store.read-only");
}

static int try_to_write(const char *path)
{
    return refused_with(path, STORE_WRITE, "store.read-only");
}

static int try_to_read(const char *path)
{
    struct store *store = NULL;
    struct error err = {0};
    if (!store_open(path, STORE_READ_ONLY, &store, &err)) {
        print_error("refused with %s: %s\n", err.reason, err.text);
        return 1;
    }
    struct statement *query = store_query(store, "SELECT count(*) FROM account");
    bool read = statement_one(query) && column_int(query, 0) == 35;
    bool ok = statement_end(query, &err) && read;
    store_close(store);
    return ok ? 0 : 2;
}

static void a_read_only_folder_can_be_read_and_not_written(void **state)
{
    const char *folder = ((struct fixture *)*state)->folder;
    check_int_equal(chmod(folder, 0555), 0);
    check_int_equal(ending_as_ordinary_user(try_to_create, path_of(state)), 0);
    assert_false(exists(path_of(state)));
    check_int_equal(chmod(folder, 0755), 0);
    create_book(path_of(state));
    check_int_equal(chmod(path_of(state), 0444), 0);
    check_int_equal(chmod(folder, 0555), 0);
    check_int_equal(ending_as_ordinary_user(try_to_write, path_of(state)), 0);
    check_int_equal(ending_as_ordinary_user(try_to_read, path_of(state)), 0);
}

static void a_reader_writes_nothing(void **state)
{
    struct store *store = NULL;
    struct error err = {0};
    AUTO_TRANSACTION transaction = {0};
    create_book(path_of(state));
    check_ok(store_open(path_of(state), STORE_READ_ONLY, &store, &err), &err);
    check_refused(transaction_begin(store, &transaction, &err), &err, "store.read-only");
    struct statement *insert = store_query(store, "DELETE FROM loan_state");
    check_refused(statement_run(insert, &err), &err, "store.not-allowed");
    /* The connection itself refuses too, whoever asks. */
    store->trusted = true;
    store->committing = true;
    check_int_equal(sqlite3_exec(store->db, "DELETE FROM loan_state", NULL, NULL, NULL),
                    SQLITE_READONLY);
    store_close(store);
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(every_setting_is_as_promised_in_every_mode),
        IN_A_FOLDER(a_scratch_store_syncs_nothing),
        IN_A_FOLDER(a_closed_book_is_one_file),
        IN_A_FOLDER(creating_never_touches_what_is_there),
        IN_A_FOLDER(what_is_not_there_is_not_found),
        IN_A_FOLDER(another_file_is_no_book_and_stays_as_it_is),
        IN_A_FOLDER(a_database_of_another_program_is_no_book),
        IN_A_FOLDER(links_are_refused),
        IN_A_FOLDER(a_linked_folder_is_resolved),
        IN_A_FOLDER(a_path_that_is_too_long_is_refused),
        cmocka_unit_test(network_file_systems_are_known),
        IN_A_FOLDER(a_read_only_folder_can_be_read_and_not_written),
        IN_A_FOLDER(a_reader_writes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
