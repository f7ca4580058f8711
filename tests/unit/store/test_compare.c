#include "ledger/store/compare.h"
#include "ledger/store/store_sqlite.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
    char *folder;
    struct store *live, *rebuilt;
    char found[8000]; /* one line for each difference */
    size_t differences;
};

static struct fixture fixture;

static struct store *store_new(const char *name)
{
    char path[300];
    struct store *store = NULL;
    struct error err = {0};
    (void)snprintf(path, sizeof path, "%s/%s", fixture.folder, name);
    check_ok(store_open(path, STORE_CREATE, &store, &err), &err);
    store->committing = true;
    return store;
}

/* As nobody but a test may: past the authorizer and the commit hook. */
static void run(struct store *store, const char *sql)
{
    store->trusted = true;
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        print_error("%s\n%s\n", sql, sqlite3_errmsg(store->db));
        fail();
    }
    store->trusted = false;
}

static const char common_rows[] =
    "PRAGMA foreign_keys = OFF;"
    "INSERT INTO event (seq, leaf, leaf_hash, cmd) VALUES"
    " (0, x'00', zeroblob(32), zeroblob(16)),"
    " (1, x'01ff', zeroblob(32), x'000102030405060708090a0b0c0d0e0f');"
    "INSERT INTO loan_state (loan_id, status, overdue_since, next_day) VALUES"
    " (2, 'normal', NULL, 17000), (10, 'normal', NULL, NULL), (11, 'overdue', 16999, 17001);"
    "INSERT INTO pii_key (subject, epoch, nonce, wrapped) VALUES"
    " ('p-b', 1, zeroblob(24), zeroblob(48)), ('p-a', 1, zeroblob(24), zeroblob(48));";

static int open_both(void **state)
{
    (void)state;
    fixture = (struct fixture){.folder = scratch_create()};
    fixture.live = store_new("live");
    fixture.rebuilt = store_new("rebuilt");
    run(fixture.live, common_rows);
    run(fixture.rebuilt, common_rows);
    return 0;
}

static int close_both(void **state)
{
    (void)state;
    store_close(fixture.live);
    store_close(fixture.rebuilt);
    scratch_remove(fixture.folder);
    return 0;
}

static const char *const words[] = {
    [ROW_MISSING] = "missing", [ROW_EXTRA] = "extra", [ROW_CHANGED] = "changed"};

/* Keeps as many lines as there is room for. */
static void note(void *context, const struct row_report *report)
{
    struct fixture *at = context;
    size_t used = strlen(at->found);
    bool changed = report->difference == ROW_CHANGED;
    at->differences++;
    assert_true(changed == (report->column != NULL));
    (void)snprintf(at->found + used, sizeof at->found - used, "%s %s (%s)%s%s%s%s%s%s\n",
                   words[report->difference], report->table, report->key, changed ? " " : "",
                   changed ? report->column : "", changed ? ": " : "", changed ? report->live : "",
                   changed ? ", not " : "", changed ? report->rebuilt : "");
}

static const char *compare(const char *const *skip)
{
    struct error err = {0};
    fixture.found[0] = '\0';
    fixture.differences = 0;
    check_ok(store_compare(fixture.live, fixture.rebuilt, skip, note, &fixture, &err), &err);
    return fixture.found;
}

/* But when a file was made, which is not the same second for both. */
static const char *const nothing[] = {"schema_history", NULL};

static void equal_stores_have_no_difference(void **state)
{
    (void)state;
    check_text_equal(compare(nothing), "");
}

static void a_row_that_only_one_side_has_is_extra_or_missing(void **state)
{
    (void)state;
    run(fixture.live, "INSERT INTO loan_state (loan_id, status) VALUES (3, 'normal')");
    run(fixture.rebuilt, "INSERT INTO loan_state (loan_id, status) VALUES (1, 'normal'), "
                         "(4, 'normal'), (12, 'normal')");
    check_text_equal(compare(nothing), "missing loan_state (loan_id=1)\n"
                                       "extra loan_state (loan_id=3)\n"
                                       "missing loan_state (loan_id=4)\n"
                                       "missing loan_state (loan_id=12)\n");
}

static void rows_behind_the_end_of_the_other_side_are_all_told(void **state)
{
    (void)state;
    run(fixture.rebuilt, "DELETE FROM loan_state");
    check_text_equal(compare(nothing), "extra loan_state (loan_id=2)\n"
                                       "extra loan_state (loan_id=10)\n"
                                       "extra loan_state (loan_id=11)\n");
}

static void a_changed_row_names_its_first_column_that_differs(void **state)
{
    (void)state;
    run(fixture.live, "UPDATE loan_state SET status = 'closed', next_day = 5 WHERE loan_id = 10");
    check_text_equal(compare(nothing),
                     "changed loan_state (loan_id=10) status: closed, not normal\n");
}

static void null_and_value_differ_both_ways(void **state)
{
    (void)state;
    run(fixture.live, "UPDATE loan_state SET next_day = NULL WHERE loan_id = 2");
    run(fixture.rebuilt, "UPDATE loan_state SET next_day = 0 WHERE loan_id = 10");
    check_text_equal(compare(nothing), "changed loan_state (loan_id=2) next_day: NULL, not 17000\n"
                                       "changed loan_state (loan_id=10) next_day: NULL, not 0\n");
}

static void keys_of_several_columns_and_of_text_are_shown(void **state)
{
    (void)state;
    run(fixture.live, "INSERT INTO account_code (account_id, from_year, code) "
                      "VALUES (2, 2030, '1303')");
    run(fixture.rebuilt, "INSERT INTO account_code (account_id, from_year, code) "
                         "VALUES (2, 2029, '1303')");
    run(fixture.live, "UPDATE pii_key SET epoch = 2 WHERE subject = 'p-b'");
    check_text_equal(compare(nothing), "missing account_code (account_id=2, from_year=2029)\n"
                                       "extra account_code (account_id=2, from_year=2030)\n"
                                       "changed pii_key (subject=p-b) epoch: 2, not 1\n");
}

static void bytes_are_shown_as_hex_and_a_longer_one_differs(void **state)
{
    (void)state;
    run(fixture.live, "DROP TRIGGER event_never_changed;"
                      "UPDATE event SET leaf = x'01ff00' WHERE seq = 1");
    check_text_equal(compare(nothing), "changed event (seq=1) leaf: 01ff00, not 01ff\n");
}

static void long_values_are_cut(void **state)
{
    (void)state;
    run(fixture.live, "DROP TRIGGER event_never_changed;"
                      "UPDATE event SET leaf = zeroblob(60000) WHERE seq = 1");
    assert_true(strlen(compare(nothing)) < 1000);
    check_int_equal((int64_t)fixture.differences, 1);
}

static void skipped_tables_and_families_are_left_out(void **state)
{
    (void)state;
    static const char *const one[] = {"schema_history", "loan_state", NULL};
    static const char *const family[] = {"loan_*", "loan", "schema*", NULL};
    static const char *const shorter[] = {"loan_stat", "pii_ke", "schema_history", NULL};
    run(fixture.live, "DELETE FROM loan_state WHERE loan_id = 2;"
                      "UPDATE pii_key SET epoch = 2 WHERE subject = 'p-b'");
    check_text_equal(compare(one), "changed pii_key (subject=p-b) epoch: 2, not 1\n");
    check_text_equal(compare(family), "changed pii_key (subject=p-b) epoch: 2, not 1\n");
    check_text_equal(compare(shorter), "missing loan_state (loan_id=2)\n"
                                       "changed pii_key (subject=p-b) epoch: 2, not 1\n");
}

static void a_table_that_was_dropped_is_a_failure(void **state)
{
    (void)state;
    struct error err = {0};
    run(fixture.live, "DROP TABLE loan_state");
    check_refused(store_compare(fixture.live, fixture.rebuilt, nothing, note, &fixture, &err), &err,
                  "store.sql");
    assert_non_null(strstr(err.text, "loan_state"));
}

static void many_differences_are_all_told(void **state)
{
    (void)state;
    static const char *const most[] = {"event*", "schema*", NULL};
    run(fixture.live, "WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n "
                      "WHERE i < 20099) "
                      "INSERT INTO loan_state (loan_id, status) SELECT i, 'normal' FROM n");
    compare(most);
    check_int_equal((int64_t)fixture.differences, 20000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_both, close_both)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(equal_stores_have_no_difference),
        TEST(a_row_that_only_one_side_has_is_extra_or_missing),
        TEST(rows_behind_the_end_of_the_other_side_are_all_told),
        TEST(a_changed_row_names_its_first_column_that_differs),
        TEST(null_and_value_differ_both_ways),
        TEST(keys_of_several_columns_and_of_text_are_shown),
        TEST(bytes_are_shown_as_hex_and_a_longer_one_differs),
        TEST(long_values_are_cut),
        TEST(skipped_tables_and_families_are_left_out),
        TEST(a_table_that_was_dropped_is_a_failure),
        TEST(many_differences_are_all_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
