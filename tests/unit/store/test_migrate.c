#include "ledger/store/store_sqlite.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_OF(name, text)                                                                        \
    {                                                                                              \
        name, (const unsigned char *)(text), sizeof(text) - 1                                      \
    }
#define END_OF_FILES                                                                               \
    {                                                                                              \
        NULL, NULL, 0                                                                              \
    }

#define FIRST "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT;\n"
#define SECOND                                                                                     \
    "CREATE TABLE two (id INTEGER PRIMARY KEY, of INTEGER REFERENCES one (id)) STRICT;\n"          \
    "INSERT INTO one (id) VALUES (7);\n"
#define THIRD "CREATE INDEX two_by_of ON two (of);\n"

static const struct embedded_file version_1[] = {FILE_OF("0001_one.sql", FIRST), END_OF_FILES};
static const struct embedded_file version_3[] = {FILE_OF("0001_one.sql", FIRST),
                                                 FILE_OF("0002_two.sql", SECOND),
                                                 FILE_OF("0003_three.sql", THIRD), END_OF_FILES};
static const struct embedded_file edited[] = {FILE_OF("0001_one.sql", FIRST "-- more\n"),
                                              FILE_OF("0002_two.sql", SECOND),
                                              FILE_OF("0003_three.sql", THIRD), END_OF_FILES};
static const struct embedded_file renamed[] = {FILE_OF("0001_uno.sql", FIRST), END_OF_FILES};
static const struct embedded_file broken_second[] = {
    FILE_OF("0001_one.sql", FIRST),
    FILE_OF("0002_two.sql", "CREATE TABLE two (id INTEGER PRIMARY KEY) STRICT;\n"
                            "INSERT INTO one (id) VALUES (1);\n"
                            "INSERT INTO one (id) VALUES (1);\n"),
    END_OF_FILES};
static const struct embedded_file broken_first[] = {FILE_OF("0001_one.sql", "CREATE TABEL one;"),
                                                    END_OF_FILES};

struct fixture {
    char *folder;
    char path[300];
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
    scratch_remove(fixture->folder);
    free(fixture);
    return 0;
}

static const char *path_of(void **state)
{
    return ((struct fixture *)*state)->path;
}

/* Opens, compares the live schema with the built-in one, closes. */
static void check_opens(const char *path, enum store_mode mode, const struct embedded_file *schema,
                        int version)
{
    struct store *store = NULL;
    struct error err = {0};
    check_ok(store_open_with(path, mode, schema, &store, &err), &err);
    check_int_equal(store_schema_version(store), version);
    check_ok(store_verify_schema(store, &err), &err);
    store_close(store);
}

static void check_not_opened(const char *path, enum store_mode mode,
                             const struct embedded_file *schema, const char *reason,
                             enum fault fault)
{
    struct store *store = NULL;
    struct error err = {0};
    check_refused(store_open_with(path, mode, schema, &store, &err), &err, reason);
    check_int_equal(err.fault, fault);
    assert_null(store);
}

/* On a connection of its own, past the store. */
static int64_t raw_number(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *query = NULL;
    check_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    check_int_equal(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK);
    check_int_equal(sqlite3_step(query), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    check_int_equal(sqlite3_close(db), SQLITE_OK);
    return number;
}

static void raw_run(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    check_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        print_error("%s\n%s\n", sql, sqlite3_errmsg(db));
        fail();
    }
    check_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void a_new_book_gets_every_version_in_turn(void **state)
{
    check_opens(path_of(state), STORE_CREATE, version_3, 3);
    check_int_equal(raw_number(path_of(state), "PRAGMA user_version"), 3);
    check_int_equal(raw_number(path_of(state), "PRAGMA application_id"), 1497582663);
    check_int_equal(raw_number(path_of(state), "SELECT count(*) FROM schema_history"), 3);
    check_int_equal(raw_number(path_of(state), "SELECT id FROM one"), 7);
    check_int_equal(raw_number(path_of(state), "SELECT count(*) FROM schema_history WHERE name = "
                                               "'0002_two.sql' AND version = 2 AND program LIKE "
                                               "'yicang %' AND at LIKE '20__-__-__T__:__:__Z'"),
                    1);
}

/* "YCLG" as four bytes, most significant first. */
static void the_application_id_spells_its_name(void **state)
{
    (void)state;
    check_int_equal(STORE_APPLICATION_ID, ((int64_t)'Y' << 24) + ('C' << 16) + ('L' << 8) + 'G');
}

static void an_older_book_is_brought_up_to_date_once(void **state)
{
    check_opens(path_of(state), STORE_CREATE, version_1, 1);
    check_not_opened(path_of(state), STORE_READ_ONLY, version_3, "store.older-version",
                     FAULT_STORE);
    check_int_equal(raw_number(path_of(state), "PRAGMA user_version"), 1);
    check_opens(path_of(state), STORE_WRITE, version_3, 3);
    check_opens(path_of(state), STORE_WRITE, version_3, 3);
    check_opens(path_of(state), STORE_READ_ONLY, version_3, 3);
    check_int_equal(raw_number(path_of(state), "SELECT count(*) FROM schema_history"), 3);
    check_int_equal(raw_number(path_of(state), "SELECT count(*) FROM one"), 1);
}

static void a_newer_book_is_refused_and_left_alone(void **state)
{
    check_opens(path_of(state), STORE_CREATE, version_3, 3);
    check_not_opened(path_of(state), STORE_WRITE, version_1, "store.newer-version", FAULT_STORE);
    check_not_opened(path_of(state), STORE_READ_ONLY, version_1, "store.newer-version",
                     FAULT_STORE);
    check_int_equal(raw_number(path_of(state), "PRAGMA user_version"), 3);
    raw_run(path_of(state), "PRAGMA user_version = 2147483647");
    check_not_opened(path_of(state), STORE_WRITE, version_3, "store.newer-version", FAULT_STORE);
    raw_run(path_of(state), "PRAGMA user_version = -1");
    check_not_opened(path_of(state), STORE_WRITE, version_3, "store.newer-version", FAULT_STORE);
}

static void a_migration_that_fails_leaves_the_version_before(void **state)
{
    check_opens(path_of(state), STORE_CREATE, version_1, 1);
    check_not_opened(path_of(state), STORE_WRITE, broken_second, "store.constraint",
                     FAULT_INTERNAL);
    check_int_equal(raw_number(path_of(state), "PRAGMA user_version"), 1);
    check_int_equal(raw_number(path_of(state), "SELECT count(*) FROM one"), 0);
    check_int_equal(
        raw_number(path_of(state), "SELECT count(*) FROM sqlite_schema WHERE name = 'two'"), 0);
    check_opens(path_of(state), STORE_WRITE, version_3, 3);
}

static void a_creation_that_fails_leaves_no_file(void **state)
{
    struct stat status;
    check_not_opened(path_of(state), STORE_CREATE, broken_first, "store.sql", FAULT_INTERNAL);
    static const char *const ending[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < COUNT_OF(ending); i++) {
        char name[320];
        (void)snprintf(name, sizeof name, "%s%s", path_of(state), ending[i]);
        assert_int_not_equal(lstat(name, &status), 0);
    }
    check_opens(path_of(state), STORE_CREATE, version_1, 1);
}

static void a_creation_that_was_cut_off_is_no_book(void **state)
{
    check_opens(path_of(state), STORE_CREATE, version_1, 1);
    raw_run(path_of(state), "PRAGMA user_version = 0");
    check_not_opened(path_of(state), STORE_WRITE, version_1, "store.not-a-book", FAULT_STORE);
    check_not_opened(path_of(state), STORE_READ_ONLY, version_1, "store.not-a-book", FAULT_STORE);
}

static void an_edited_schema_file_is_noticed(void **state)
{
    check_opens(path_of(state), STORE_CREATE, version_1, 1);
    check_not_opened(path_of(state), STORE_WRITE, edited, "store.schema-changed", FAULT_INTEGRITY);
    check_not_opened(path_of(state), STORE_WRITE, renamed, "store.schema-changed", FAULT_INTEGRITY);
    check_int_equal(raw_number(path_of(state), "PRAGMA user_version"), 1);
}

static void a_history_that_was_tampered_with_is_noticed(void **state)
{
    static const char *const tampering[] = {
        "DROP TRIGGER schema_history_never_deleted; DELETE FROM schema_history WHERE version = 2",
        "DELETE FROM schema_history WHERE version = 3",
        "INSERT INTO schema_history SELECT 2, name, sha256, program, at FROM schema_history",
        "DROP TABLE schema_history",
        "CREATE TABLE schema_history AS SELECT '1' AS version, 'x' AS name, 'y' AS sha256",
    };
    check_opens(path_of(state), STORE_CREATE, version_3, 3);
    for (size_t i = 0; i < COUNT_OF(tampering); i++) {
        raw_run(path_of(state), tampering[i]);
        check_not_opened(path_of(state), STORE_WRITE, version_3, "store.schema-changed",
                         FAULT_INTEGRITY);
    }
}

static void the_history_itself_is_never_changed(void **state)
{
    static const char *const changes[] = {
        "UPDATE schema_history SET program = 'other'",
        "DELETE FROM schema_history",
        "INSERT OR REPLACE INTO schema_history SELECT * FROM schema_history",
        "INSERT INTO schema_history SELECT 9, name, sha256, program, at FROM schema_history",
    };
    struct store *store = NULL;
    struct error err = {0};
    check_ok(store_open_with(path_of(state), STORE_CREATE, version_1, &store, &err), &err);
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        AUTO_TRANSACTION transaction = {0};
        check_ok(transaction_begin(store, &transaction, &err), &err);
        AUTO_STATEMENT struct statement *statement = store_query(store, changes[i]);
        check_refused(statement_run(statement, &err), &err, "store.guard");
    }
    store_close(store);
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(a_new_book_gets_every_version_in_turn),
        cmocka_unit_test(the_application_id_spells_its_name),
        IN_A_FOLDER(an_older_book_is_brought_up_to_date_once),
        IN_A_FOLDER(a_newer_book_is_refused_and_left_alone),
        IN_A_FOLDER(a_migration_that_fails_leaves_the_version_before),
        IN_A_FOLDER(a_creation_that_fails_leaves_no_file),
        IN_A_FOLDER(a_creation_that_was_cut_off_is_no_book),
        IN_A_FOLDER(an_edited_schema_file_is_noticed),
        IN_A_FOLDER(a_history_that_was_tampered_with_is_noticed),
        IN_A_FOLDER(the_history_itself_is_never_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
