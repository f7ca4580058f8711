#include "ledger/store/store_sqlite.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every table that the schema does not guard must be named here, with the reason. */
static const char *const rebuilt[] = {"balance",    "frontier",       "loan_balance",
                                      "loan_state", "period_balance", "staff_use"};
static const char *const forgets[] = {"pii_epoch", "pii_field", "pii_index", "pii_key",
                                      "pii_request"};
static const char *const has_rules_of_its_own[] = {"checkpoint"};

#define TABLES_MAX 100
#define SQL_SIZE 4000

struct fixture {
    char *folder;
    struct store *store;
    char *table[TABLES_MAX];
    size_t tables;
};

static sqlite3 *db_of(void **state)
{
    return ((struct fixture *)*state)->store->db;
}

static int run(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static void must_run(sqlite3 *db, const char *sql)
{
    if (run(db, sql) != SQLITE_OK) {
        print_error("%s\n%s\n", sql, sqlite3_errmsg(db));
        fail();
    }
}

static sqlite3_stmt *ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *query = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &query, NULL) != SQLITE_OK) {
        print_error("%s\n%s\n", sql, sqlite3_errmsg(db));
        fail();
    }
    return query;
}

static int64_t ask_number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *query = ask(db, sql);
    check_int_equal(sqlite3_step(query), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    return number;
}

/* Appends `before` and the name of each column, with commas between. */
static void add_columns(sqlite3 *db, const char *table, const char *form, char *sql)
{
    char text[SQL_SIZE];
    (void)snprintf(text, sizeof text, "SELECT name, type FROM pragma_table_info('%s')", table);
    sqlite3_stmt *columns = ask(db, text);
    const char *comma = "";
    while (sqlite3_step(columns) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(columns, 0);
        const char *type = (const char *)sqlite3_column_text(columns, 1);
        const char *value = strcmp(type, "INTEGER") == 0 ? "1"
                            : strcmp(type, "TEXT") == 0  ? "'x'"
                                                         : "x'01'";
        const char *what = strcmp(form, "value") == 0 ? value : name;
        size_t used = strlen(sql);
        (void)snprintf(sql + used, SQL_SIZE - used,
                       strcmp(form, "set") == 0 ? "%s %s = excluded.%s" : "%s %s", comma, what,
                       name);
        comma = ",";
    }
    sqlite3_finalize(columns);
}

static void list_tables(struct fixture *fixture)
{
    sqlite3_stmt *query =
        ask(fixture->store->db, "SELECT name FROM sqlite_schema WHERE type = "
                                "'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
    while (sqlite3_step(query) == SQLITE_ROW) {
        assert_true(fixture->tables < TABLES_MAX);
        fixture->table[fixture->tables++] =
            sqlite3_mprintf("%s", (const char *)sqlite3_column_text(query, 0));
    }
    sqlite3_finalize(query);
}

static void drop_insert_triggers(sqlite3 *db)
{
    char *drop = NULL;
    size_t length = 0;
    FILE *text = open_memstream(&drop, &length);
    sqlite3_stmt *query = ask(db, "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND "
                                  "sql LIKE '%BEFORE INSERT ON%'");
    while (sqlite3_step(query) == SQLITE_ROW) {
        (void)fprintf(text, "DROP TRIGGER %s;", (const char *)sqlite3_column_text(query, 0));
    }
    sqlite3_finalize(query);
    check_int_equal(fclose(text), 0);
    must_run(db, drop);
    free(drop);
}

/* A book with a row in every table. The checks, references and orders that rows are put in by would
 * need a whole story to be met; they are switched off, so that a changed or replaced row meets the
 * guards of its table and nothing else. All other settings are the store's. */
static int open_filled_book(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct error err = {0};
    char path[300];
    fixture->folder = scratch_create();
    (void)snprintf(path, sizeof path, "%s/book", fixture->folder);
    check_ok(store_open(path, STORE_CREATE, &fixture->store, &err), &err);
    sqlite3 *db = fixture->store->db;
    fixture->store->trusted = true;
    fixture->store->committing = true;
    must_run(db, "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
    list_tables(fixture);
    drop_insert_triggers(db);
    for (size_t i = 0; i < fixture->tables; i++) {
        char sql[SQL_SIZE];
        (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", fixture->table[i]);
        if (ask_number(db, sql) == 0) {
            (void)snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (", fixture->table[i]);
            add_columns(db, fixture->table[i], "value", sql);
            (void)snprintf(sql + strlen(sql), sizeof sql - strlen(sql), ")");
            must_run(db, sql);
        }
    }
    *state = fixture;
    return 0;
}

static int close_book(void **state)
{
    struct fixture *fixture = *state;
    store_close(fixture->store);
    for (size_t i = 0; i < fixture->tables; i++) {
        sqlite3_free(fixture->table[i]);
    }
    scratch_remove(fixture->folder);
    free(fixture);
    return 0;
}

static bool is_listed(const char *table, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table, list[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_fact(const char *table)
{
    return !is_listed(table, rebuilt, COUNT_OF(rebuilt)) &&
           !is_listed(table, forgets, COUNT_OF(forgets)) &&
           !is_listed(table, has_rules_of_its_own, COUNT_OF(has_rules_of_its_own));
}

static void every_table_is_strict(void **state)
{
    struct fixture *fixture = *state;
    assert_true(fixture->tables > 30);
    check_int_equal(ask_number(db_of(state),
                               "SELECT count(*) FROM pragma_table_list WHERE schema = "
                               "'main' AND type = 'table' AND strict = 1"),
                    (int64_t)fixture->tables);
}

static void every_fact_has_both_guards_and_no_other_table_has(void **state)
{
    struct fixture *fixture = *state;
    static const char *const ending[] = {"never_changed", "never_deleted"};
    for (size_t i = 0; i < fixture->tables; i++) {
        for (size_t e = 0; e < COUNT_OF(ending); e++) {
            char sql[SQL_SIZE];
            (void)snprintf(sql, sizeof sql,
                           "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND "
                           "tbl_name = '%s' AND name = '%s_%s'",
                           fixture->table[i], fixture->table[i], ending[e]);
            int64_t guards = ask_number(db_of(state), sql);
            if (guards != (is_fact(fixture->table[i]) ? 1 : 0)) {
                print_error("%s\n", fixture->table[i]);
            }
            check_int_equal(guards, is_fact(fixture->table[i]) ? 1 : 0);
        }
    }
}

static void check_guarded(sqlite3 *db, const char *table, const char *what, const char *sql)
{
    char words[200];
    (void)snprintf(words, sizeof words, "%s: rows are never %s", table, what);
    int code = run(db, sql);
    if (code != SQLITE_CONSTRAINT_TRIGGER) {
        print_error("%s\ncode %d: %s\n", sql, code, sqlite3_errmsg(db));
    }
    check_int_equal(code, SQLITE_CONSTRAINT_TRIGGER);
    check_text_equal(sqlite3_errmsg(db), words);
}

static void each_column_is_never_updated(sqlite3 *db, const char *table)
{
    char sql[SQL_SIZE];
    (void)snprintf(sql, sizeof sql, "SELECT name FROM pragma_table_info('%s')", table);
    sqlite3_stmt *columns = ask(db, sql);
    while (sqlite3_step(columns) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(columns, 0);
        static const char *const verbs[] = {"UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE"};
        for (size_t v = 0; v < COUNT_OF(verbs); v++) {
            (void)snprintf(sql, sizeof sql, "%s %s SET %s = %s", verbs[v], table, name, name);
            check_guarded(db, table, "changed", sql);
        }
    }
    sqlite3_finalize(columns);
}

static void no_statement_changes_or_takes_away_a_fact(void **state)
{
    struct fixture *fixture = *state;
    sqlite3 *db = db_of(state);
    size_t facts = 0;
    for (size_t i = 0; i < fixture->tables; i++) {
        const char *table = fixture->table[i];
        char sql[SQL_SIZE];
        if (!is_fact(table)) {
            continue;
        }
        facts++;
        (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
        int64_t before = ask_number(db, sql);
        assert_true(before > 0);
        each_column_is_never_updated(db, table);
        (void)snprintf(sql, sizeof sql, "DELETE FROM %s", table);
        check_guarded(db, table, "deleted", sql);
        (void)snprintf(sql, sizeof sql, "INSERT OR REPLACE INTO %s SELECT * FROM %s", table, table);
        check_guarded(db, table, "deleted", sql);
        (void)snprintf(sql, sizeof sql, "REPLACE INTO %s SELECT * FROM %s LIMIT 1", table, table);
        check_guarded(db, table, "deleted", sql);
        (void)snprintf(sql, sizeof sql,
                       "INSERT INTO %s SELECT * FROM %s WHERE true ON CONFLICT DO UPDATE SET",
                       table, table);
        add_columns(db, table, "set", sql);
        check_guarded(db, table, "changed", sql);
        (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
        check_int_equal(ask_number(db, sql), before);
    }
    assert_true(facts >= 30);
}

/* Without recursive_triggers REPLACE goes past the guard: the setting is what the facts rest on. */
static void the_guard_against_replace_rests_on_a_setting(void **state)
{
    sqlite3 *db = db_of(state);
    static const char replace[] = "INSERT OR REPLACE INTO account SELECT * FROM account";
    check_guarded(db, "account", "deleted", replace);
    must_run(db, "PRAGMA recursive_triggers = OFF");
    must_run(db, replace);
    must_run(db, "PRAGMA recursive_triggers = ON");
    check_guarded(db, "account", "deleted", replace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_is_strict),
        cmocka_unit_test(every_fact_has_both_guards_and_no_other_table_has),
        cmocka_unit_test(no_statement_changes_or_takes_away_a_fact),
        cmocka_unit_test(the_guard_against_replace_rests_on_a_setting),
    };
    return cmocka_run_group_tests(tests, open_filled_book, close_book);
}
