#include "ledger/store/store_sqlite.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE_SIZE 4096

struct fixture {
    char *folder;
    char path[300];
};

static int create_book(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct store *store = NULL;
    struct error err = {0};
    fixture->folder = scratch_create();
    (void)snprintf(fixture->path, sizeof fixture->path, "%s/book", fixture->folder);
    check_ok(store_open(fixture->path, STORE_CREATE, &store, &err), &err);
    store_close(store);
    *state = fixture;
    return 0;
}

static int remove_book(void **state)
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

/* As somebody with the sqlite3 shell would. */
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

static int64_t root_page_of(const char *path, const char *table)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *query = NULL;
    check_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    check_int_equal(sqlite3_prepare_v2(db, "SELECT rootpage FROM sqlite_schema WHERE name = ?", -1,
                                       &query, NULL),
                    SQLITE_OK);
    check_int_equal(sqlite3_bind_text(query, 1, table, -1, SQLITE_STATIC), SQLITE_OK);
    check_int_equal(sqlite3_step(query), SQLITE_ROW);
    int64_t page = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    check_int_equal(sqlite3_close(db), SQLITE_OK);
    return page;
}

static void an_untouched_book_is_in_order(void **state)
{
    static const enum store_mode modes[] = {STORE_WRITE, STORE_READ_ONLY};
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        AUTO_STORE struct store *store = NULL;
        struct error err = {0};
        check_ok(store_open(path_of(state), modes[i], &store, &err), &err);
        check_ok(store_verify_schema(store, &err), &err);
        check_ok(store_verify_file(store, false, &err), &err);
        check_ok(store_verify_file(store, true, &err), &err);
    }
}

static void every_drift_of_the_schema_is_found_and_named(void **state)
{
    static const struct {
        const char *sql, *object;
    } rows[] = {
        {"DROP TRIGGER line_never_changed", "line_never_changed"},
        {"DROP TRIGGER entry_balances; CREATE TRIGGER entry_balances BEFORE INSERT ON entry BEGIN "
         "SELECT 1; END",
         "entry_balances"},
        {"DROP INDEX line_by_loan", "line_by_loan"},
        {"CREATE TABLE aaa (b TEXT) STRICT", "aaa"},
        {"CREATE TABLE zzz (b TEXT) STRICT", "zzz"},
        {"CREATE VIEW shown AS SELECT * FROM line", "shown"},
        {"CREATE TRIGGER sly AFTER INSERT ON line BEGIN SELECT 1; END", "sly"},
        {"ALTER TABLE line ADD COLUMN more TEXT", "line"},
        {"DROP TABLE period_balance", "period_balance"},
        {"ALTER TABLE pii_index RENAME TO zzz", "pii_index"},
        {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'fen <> 0', "
         "'fen <> 1') WHERE name = 'line'",
         "line"},
        {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET type = CAST(type AS BLOB)"
         " WHERE name = 'loan_state'",
         "loan_state"},
        {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = sql || char(0) || 'x'"
         " WHERE name = 'loan_state'",
         "loan_state"},
        {"ANALYZE", "sqlite_stat1"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        void *own = NULL;
        create_book(&own);
        raw_run(path_of(&own), rows[i].sql);
        struct store *store = NULL;
        struct error err = {0};
        char quoted[80];
        check_ok(store_open(path_of(&own), STORE_READ_ONLY, &store, &err), &err);
        check_refused(store_verify_schema(store, &err), &err, "store.schema-changed");
        check_int_equal(err.fault, FAULT_INTEGRITY);
        (void)snprintf(quoted, sizeof quoted, "“%s”", rows[i].object);
        if (strstr(err.text, quoted) == NULL) {
            print_error("%s\n%s\n", rows[i].sql, err.text);
            fail();
        }
        store_close(store);
        remove_book(&own);
    }
    (void)state;
}

static void damage_page(const char *path, int64_t page, int64_t at, const void *bytes,
                        size_t length)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(file >= 0);
    check_int_equal(pwrite(file, bytes, length, (page - 1) * PAGE_SIZE + at), (int64_t)length);
    check_int_equal(close(file), 0);
}

static void check_damage_found(const char *path)
{
    for (int thorough = 0; thorough < 2; thorough++) {
        struct store *store = NULL;
        struct error err = {0};
        check_ok(store_open(path, STORE_READ_ONLY, &store, &err), &err);
        check_refused(store_verify_file(store, thorough == 1, &err), &err, "store.corrupt");
        check_int_equal(err.fault, FAULT_INTEGRITY);
        assert_true(err.next[0] != '\0');
        store_close(store);
    }
}

/* A bit turned in the text of a CHECK: what then cannot be compiled is the file's, not ours. */
static void a_schema_that_cannot_be_compiled_is_damage(void **state)
{
    raw_run(path_of(state), "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql ="
                            " replace(sql, 'length(', 'lejgth(') WHERE name = 'checkpoint'");
    check_damage_found(path_of(state));
}

static void a_damaged_page_is_found(void **state)
{
    static const unsigned char zeros[PAGE_SIZE];
    const char *path = path_of(state);
    damage_page(path, root_page_of(path, "account"), 0, zeros, sizeof zeros);
    check_damage_found(path);
}

/* The number of cells in the page's header. */
static void a_damaged_header_of_a_page_is_found(void **state)
{
    const char *path = path_of(state);
    damage_page(path, root_page_of(path, "balance"), 3, "\xFF\xFF", 2);
    check_damage_found(path);
}

static void a_file_cut_short_is_found(void **state)
{
    const char *path = path_of(state);
    size_t length = 0;
    free(file_read(path, &length));
    check_int_equal(truncate(path, (off_t)(length - PAGE_SIZE)), 0);
    struct store *store = NULL;
    struct error err = {0};
    bool ok =
        store_open(path, STORE_READ_ONLY, &store, &err) && store_verify_file(store, true, &err);
    check_refused(ok, &err, "store.corrupt");
    store_close(store);
}

static void a_reference_to_nothing_is_found(void **state)
{
    raw_run(path_of(state),
            "PRAGMA foreign_keys = OFF; DROP TRIGGER line_before_entry; INSERT INTO "
            "line (entry_id, n, account_id, fen) VALUES (77, 1, 1, 5)");
    AUTO_STORE struct store *store = NULL;
    struct error err = {0};
    check_ok(store_open(path_of(state), STORE_READ_ONLY, &store, &err), &err);
    check_ok(store_verify_file(store, false, &err), &err);
    check_refused(store_verify_file(store, true, &err), &err, "store.corrupt");
    assert_non_null(strstr(err.text, "line"));
}

/* A row that the checks of its table would have refused. */
static void a_row_past_the_checks_is_found(void **state)
{
    raw_run(path_of(state),
            "PRAGMA ignore_check_constraints = ON; UPDATE balance SET debit_fen = -1 "
            "WHERE account_id = 1");
    check_damage_found(path_of(state));
}

int main(void)
{
#define WITH_A_BOOK(test) cmocka_unit_test_setup_teardown(test, create_book, remove_book)
    const struct CMUnitTest tests[] = {
        WITH_A_BOOK(an_untouched_book_is_in_order),
        cmocka_unit_test(every_drift_of_the_schema_is_found_and_named),
        WITH_A_BOOK(a_schema_that_cannot_be_compiled_is_damage),
        WITH_A_BOOK(a_damaged_page_is_found),
        WITH_A_BOOK(a_damaged_header_of_a_page_is_found),
        WITH_A_BOOK(a_file_cut_short_is_found),
        WITH_A_BOOK(a_reference_to_nothing_is_found),
        WITH_A_BOOK(a_row_past_the_checks_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
