#include "ledger/store/store_sqlite.h"
#include "tests/support/check.h"
#include "tests/support/store_book.h"

#include <string.h>

/* `loose` is no STRICT table: what a column then holds is whatever came in. */
static const char schema_text[] =
    "CREATE TABLE thing (\n"
    "    id  INTEGER PRIMARY KEY,\n"
    "    name TEXT NOT NULL,\n"
    "    fen INTEGER NOT NULL CHECK (fen < 1000)\n"
    ") STRICT;\n"
    "CREATE TABLE loose (id INTEGER PRIMARY KEY, value);\n"
    "CREATE TRIGGER thing_guard BEFORE DELETE ON thing\n"
    "BEGIN\n"
    "    SELECT RAISE(ABORT, 'thing: rows are never deleted');\n"
    "END;\n"
    "INSERT INTO thing (id, name, fen) VALUES (1, '一', 100), (2, 'two', 200), (3, '', -300);\n"
    "INSERT INTO loose (id, value) VALUES (1, '12x'), (2, 1.9), (3, NULL), (4, 12), (5, x'00ff'),\n"
    "    (6, x''), (7, 1000000000000001), (8, 84006), (9, 2), (10, CAST(x'610062' AS TEXT)),\n"
    "    (11, -25568), (12, 9223372036854775807);\n";

static const struct embedded_file schema[] = {
    {"0001_thing.sql", (const unsigned char *)schema_text, sizeof schema_text - 1},
    {NULL, NULL, 0},
};

static int open_book(void **state)
{
    return store_book_open(state, schema);
}

static struct store *store_of(void **state)
{
    return ((struct store_book *)*state)->store;
}

/* Steps through whatever comes and tells how it ended. */
static bool run_through(struct statement *statement, struct error *err)
{
    while (statement_row(statement)) {
    }
    return statement_end(statement, err);
}

static void rows_are_read_in_order(void **state)
{
    struct error err = {0};
    AUTO_STATEMENT struct statement *query =
        store_query(store_of(state), "SELECT id, name, fen FROM thing WHERE id >= $1 ORDER BY id");
    static const char *const names[] = {"一", "two", ""};
    bind_int(query, 1, 1);
    for (int i = 0; i < 3; i++) {
        assert_true(statement_row(query));
        check_int_equal(column_int(query, 0), i + 1);
        check_text_equal(column_text(query, 1), names[i]);
    }
    check_fen(column_money(query, 2), -300);
    assert_false(statement_row(query));
    assert_false(statement_row(query));
    check_ok(statement_end(query, &err), &err);
    check_ok(statement_end(query, &err), &err);
}

static void what_is_bound_is_read_back(void **state)
{
    struct store *store = store_of(state);
    struct error err = {0};
    struct sha256 digest = sha256_of("abc", 3);
    size_t length = 0;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11");
    bind_int(query, 1, INT64_MIN);
    bind_bool(query, 2, true);
    bind_text(query, 3, "𠮷");
    bind_text_n(query, 4, "abcdef", 3);
    bind_blob(query, 5, "\0\xFF", 2);
    bind_blob(query, 6, NULL, 0);
    bind_null(query, 7);
    bind_money(query, 8, money_from_fen(MONEY_LIMIT_FEN));
    bind_rate(query, 9, rate_from_ppm(43500));
    bind_date(query, 10, day("2016-10-20"));
    bind_sha256(query, 11, &digest);
    assert_true(statement_one(query));
    check_int_equal(column_int(query, 0), INT64_MIN);
    assert_true(column_bool(query, 1));
    check_text_equal(column_text(query, 2), "𠮷");
    check_text_equal(column_text(query, 3), "abc");
    assert_memory_equal(column_blob(query, 4, &length), "\0\xFF", 2);
    check_int_equal((int64_t)length, 2);
    assert_false(column_is_null(query, 5));
    assert_non_null(column_blob(query, 5, &length));
    check_int_equal((int64_t)length, 0);
    assert_true(column_is_null(query, 6));
    check_fen(column_money(query, 7), MONEY_LIMIT_FEN);
    check_int_equal(column_rate(query, 8).ppm, 43500);
    check_date(column_date(query, 9), "2016-10-20");
    struct sha256 back = column_sha256(query, 10);
    assert_true(sha256_equal(&back, &digest));
    check_ok(statement_end(query, &err), &err);
}

/* $n is the n-th value, wherever in the text it stands. */
static void parameters_go_by_their_number(void **state)
{
    struct error err = {0};
    AUTO_STATEMENT struct statement *query = store_query(store_of(state), "SELECT $3, $1, $2, $1");
    bind_int(query, 1, 10);
    bind_int(query, 2, 20);
    bind_int(query, 3, 30);
    assert_true(statement_one(query));
    check_int_equal(column_int(query, 0), 30);
    check_int_equal(column_int(query, 1), 10);
    check_int_equal(column_int(query, 2), 20);
    check_int_equal(column_int(query, 3), 10);
    check_ok(statement_end(query, &err), &err);
}

static void sql_that_is_not_one_plain_statement_is_refused(void **state)
{
    static const struct {
        const char *sql, *reason;
    } rows[] = {
        {"SELECT 1; SELECT 2", "store.sql-trailing"},
        {"SELECT 1; DROP TABLE thing", "store.sql-trailing"},
        {"SELECT 1; -- more", "store.sql-trailing"},
        {"", "store.sql"},
        {"  ", "store.sql"},
        {"SELEC 1", "store.sql"},
        {"SELECT nothing FROM thing", "store.sql"},
        {"SELECT id FROM nowhere", "store.sql"},
        {"SELECT id FROM thing WHERE name = \"two\"", "store.sql"}, /* no text in double quotes */
        {"SELECT ?", "store.parameter-unknown"},
        {"SELECT ?1", "store.parameter-unknown"},
        {"SELECT :a", "store.parameter-unknown"},
        {"SELECT @a", "store.parameter-unknown"},
        {"SELECT $a", "store.parameter-unknown"},
        {"SELECT $0", "store.parameter-unknown"},
        {"SELECT $01", "store.parameter-unknown"},
        {"SELECT $2", "store.parameter-unknown"},
        {"SELECT $1, $3", "store.parameter-unknown"},
        {"SELECT $1, $65", "store.parameter-unknown"},
        {"PRAGMA foreign_keys = OFF", "store.not-allowed"},
        {"PRAGMA user_version", "store.not-allowed"},
        {"ATTACH DATABASE ':memory:' AS other", "store.not-allowed"},
        {"CREATE TABLE more (id INTEGER)", "store.not-allowed"},
        {"CREATE TEMP TABLE more (id INTEGER)", "store.not-allowed"},
        {"DROP TABLE thing", "store.not-allowed"},
        {"DROP TRIGGER thing_guard", "store.not-allowed"},
        {"ALTER TABLE thing RENAME TO other", "store.not-allowed"},
        {"BEGIN", "store.not-allowed"},
        {"COMMIT", "store.not-allowed"},
        {"ROLLBACK", "store.not-allowed"},
        {"SAVEPOINT a", "store.not-allowed"},
        {"ANALYZE", "store.not-allowed"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct error err = {0};
        AUTO_STATEMENT struct statement *statement = store_query(store_of(state), rows[i].sql);
        check_refused(run_through(statement, &err), &err, rows[i].reason);
        check_int_equal(err.fault, FAULT_INTERNAL);
        assert_non_null(strstr(err.limit, rows[i].sql));
    }
    struct error err = {0};
    AUTO_STATEMENT struct statement *fine = store_query(store_of(state), "SELECT 1 ; \n");
    check_ok(run_through(fine, &err), &err);
}

static void the_database_stays_out_of_reach_of_statements(void **state)
{
    static const char *const attempts[] = {
        "UPDATE sqlite_schema SET sql = ''",
        "DELETE FROM sqlite_schema",
        "INSERT INTO sqlite_schema (type, name) VALUES ('table', 'x')",
        "VACUUM INTO '/dev/null'",
        "SELECT load_extension('x')",
    };
    for (size_t i = 0; i < COUNT_OF(attempts); i++) {
        struct error err = {0};
        AUTO_STATEMENT struct statement *statement = store_query(store_of(state), attempts[i]);
        assert_false(run_through(statement, &err));
        check_int_equal(err.fault, FAULT_INTERNAL);
    }
}

static void each_parameter_needs_a_value(void **state)
{
    struct error err = {0};
    AUTO_STATEMENT struct statement *query = store_query(store_of(state), "SELECT $1, $2, $3");
    bind_int(query, 1, 1);
    bind_int(query, 3, 1);
    assert_false(statement_row(query));
    check_refused(statement_end(query, &err), &err, "store.parameter-unbound");
    assert_non_null(strstr(err.text, "$2"));
}

static void values_do_not_stay_from_the_last_use(void **state)
{
    struct error err = {0};
    static const char sql[] = "SELECT $1, $2";
    struct statement *query = store_query(store_of(state), sql);
    bind_int(query, 1, 1);
    bind_int(query, 2, 2);
    check_ok(run_through(query, &err), &err);
    query = store_query(store_of(state), sql);
    bind_int(query, 1, 1);
    check_refused(run_through(query, &err), &err, "store.parameter-unbound");
}

static void a_parameter_that_is_not_there_is_refused(void **state)
{
    static const int numbers[] = {0, -1, 3, 64, 65, 1000};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        struct error err = {0};
        AUTO_STATEMENT struct statement *query = store_query(store_of(state), "SELECT $1, $2");
        bind_int(query, 1, 1);
        bind_int(query, 2, 2);
        bind_int(query, numbers[i], 3);
        check_refused(run_through(query, &err), &err, "store.parameter-unknown");
    }
}

static void a_parameter_that_comes_late_is_refused(void **state)
{
    struct error err = {0};
    AUTO_STATEMENT struct statement *query =
        store_query(store_of(state), "SELECT id FROM thing WHERE id > $1");
    bind_int(query, 1, 0);
    assert_true(statement_row(query));
    bind_int(query, 1, 1);
    assert_false(statement_row(query));
    check_refused(statement_end(query, &err), &err, "store.parameter-late");
}

enum reader {
    READ_INT,
    READ_BOOL,
    READ_TEXT,
    READ_BLOB,
    READ_MONEY,
    READ_RATE,
    READ_DATE,
    READ_SHA256
};

static void read_column(struct statement *query, int column, enum reader reader)
{
    size_t length = 0;
    switch (reader) {
    case READ_INT:
        check_int_equal(column_int(query, column), 0);
        break;
    case READ_BOOL:
        assert_false(column_bool(query, column));
        break;
    case READ_TEXT:
        check_text_equal(column_text(query, column), "");
        break;
    case READ_BLOB:
        assert_non_null(column_blob(query, column, &length));
        check_int_equal((int64_t)length, 0);
        break;
    case READ_MONEY:
        check_fen(column_money(query, column), 0);
        break;
    case READ_RATE:
        check_int_equal(column_rate(query, column).ppm, 0);
        break;
    case READ_DATE:
        check_int_equal(column_date(query, column).day, 0);
        break;
    case READ_SHA256:
        check_int_equal(column_sha256(query, column).byte[0], 0);
        break;
    }
}

/* What would be read wrongly gives zero or nothing, and the end says why. */
static void a_column_is_read_only_as_what_it_holds(void **state)
{
    static const struct {
        int id;
        enum reader reader;
        const char *reason;
    } rows[] = {
        {1, READ_INT, "store.column-type"},    /* '12x' */
        {1, READ_MONEY, "store.column-type"},  /* '12x' */
        {1, READ_BLOB, "store.column-type"},   /* '12x' */
        {2, READ_INT, "store.column-type"},    /* 1.9 */
        {2, READ_TEXT, "store.column-type"},   /* 1.9 */
        {3, READ_INT, "store.column-type"},    /* NULL */
        {3, READ_TEXT, "store.column-type"},   /* NULL */
        {3, READ_BLOB, "store.column-type"},   /* NULL */
        {4, READ_TEXT, "store.column-type"},   /* 12 */
        {5, READ_TEXT, "store.column-type"},   /* x'00ff' */
        {5, READ_SHA256, "store.column-type"}, /* 2 bytes */
        {6, READ_SHA256, "store.column-type"}, /* no bytes */
        {10, READ_TEXT, "store.column-type"},  /* a NUL inside */
        {7, READ_MONEY, "store.column-range"}, /* one fen past the limit */
        {8, READ_DATE, "store.column-range"},  /* the year 2200 */
        {11, READ_DATE, "store.column-range"}, /* the year 1899 */
        {12, READ_DATE, "store.column-range"}, {11, READ_RATE, "store.column-range"}, /* negative */
        {12, READ_RATE, "store.column-range"}, {9, READ_BOOL, "store.column-range"},  /* 2 */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct error err = {0};
        AUTO_STATEMENT struct statement *query =
            store_query(store_of(state), "SELECT value FROM loose WHERE id = $1");
        bind_int(query, 1, rows[i].id);
        assert_true(statement_one(query));
        read_column(query, 0, rows[i].reader);
        check_refused(statement_end(query, &err), &err, rows[i].reason);
        check_int_equal(err.fault, strcmp(rows[i].reason, "store.column-range") == 0
                                       ? FAULT_INTEGRITY
                                       : FAULT_INTERNAL);
    }
}

static void a_column_that_is_not_there_is_refused(void **state)
{
    static const int columns[] = {-1, 1, 100};
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        struct error err = {0};
        AUTO_STATEMENT struct statement *query = store_query(store_of(state), "SELECT 1");
        assert_true(statement_one(query));
        read_column(query, columns[i], READ_INT);
        check_refused(statement_end(query, &err), &err, "store.column-type");
        query = store_query(store_of(state), "SELECT 2");
        assert_true(statement_one(query));
        assert_true(column_is_null(query, columns[i]));
        check_refused(statement_end(query, &err), &err, "store.column-type");
    }
}

static void a_column_is_read_only_where_there_is_a_row(void **state)
{
    struct error err = {0};
    AUTO_STATEMENT struct statement *query =
        store_query(store_of(state), "SELECT id FROM thing WHERE id = 99");
    assert_false(statement_one(query));
    read_column(query, 0, READ_INT);
    check_refused(statement_end(query, &err), &err, "store.column-type");
}

static void a_second_row_is_one_too_many(void **state)
{
    struct error err = {0};
    AUTO_STATEMENT struct statement *query =
        store_query(store_of(state), "SELECT id FROM thing WHERE id <= $1");
    bind_int(query, 1, 2);
    assert_true(statement_one(query));
    check_refused(statement_end(query, &err), &err, "store.second-row");
    query = store_query(store_of(state), "SELECT id FROM thing WHERE id < $1");
    bind_int(query, 1, 2);
    assert_true(statement_one(query));
    check_ok(statement_end(query, &err), &err);
}

static void a_statement_that_should_return_nothing_may_not_return_a_row(void **state)
{
    struct error err = {0};
    AUTO_STATEMENT struct statement *query = store_query(store_of(state), "SELECT id FROM thing");
    check_refused(statement_run(query, &err), &err, "store.unexpected-row");
}

static void the_first_failure_counts(void **state)
{
    struct error err = {0};
    AUTO_STATEMENT struct statement *query =
        store_query(store_of(state), "SELECT name FROM thing WHERE id = $1");
    bind_int(query, 7, 1);
    bind_int(query, 1, 1);
    assert_false(statement_row(query));
    check_int_equal(column_int(query, 5), 0);
    check_refused(statement_end(query, &err), &err, "store.parameter-unknown");
    /* The statement is as good as new. */
    bool again = true;
    query = store_query(store_of(state), "SELECT name FROM thing WHERE id = $1");
    bind_int(query, 1, 1);
    again = statement_one(query);
    assert_true(again);
    check_ok(statement_end(query, &err), &err);
}

static void a_statement_in_use_is_lent_a_second_time(void **state)
{
    static const char sql[] = "SELECT id FROM thing WHERE id > $1 ORDER BY id";
    struct error err = {0};
    AUTO_STATEMENT struct statement *outer = store_query(store_of(state), sql);
    int64_t pairs = 0;
    bind_int(outer, 1, 0);
    while (statement_row(outer)) {
        AUTO_STATEMENT struct statement *inner = store_query(store_of(state), sql);
        assert_ptr_not_equal(inner, outer);
        bind_int(inner, 1, column_int(outer, 0));
        while (statement_row(inner)) {
            pairs++;
        }
        check_ok(statement_end(inner, &err), &err);
    }
    check_ok(statement_end(outer, &err), &err);
    check_int_equal(pairs, 3);
}

static void what_the_schema_refuses_has_its_reason(void **state)
{
    static const struct {
        const char *sql, *reason;
        enum fault fault;
    } rows[] = {
        {"INSERT INTO thing (id, name, fen) VALUES (1, 'x', 1)", "store.constraint",
         FAULT_INTERNAL},
        {"INSERT INTO thing (id, name, fen) VALUES (9, 'x', 1000)", "store.constraint",
         FAULT_INTERNAL},
        {"INSERT INTO thing (id, name, fen) VALUES (9, NULL, 1)", "store.constraint",
         FAULT_INTERNAL},
        {"INSERT INTO thing (id, name, fen) VALUES (9, 'x', 'much')", "store.constraint",
         FAULT_INTERNAL},
        {"DELETE FROM thing", "store.guard", FAULT_INTEGRITY},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct error err = {0};
        AUTO_TRANSACTION transaction = {0};
        check_ok(transaction_begin(store_of(state), &transaction, &err), &err);
        AUTO_STATEMENT struct statement *statement = store_query(store_of(state), rows[i].sql);
        check_refused(statement_run(statement, &err), &err, rows[i].reason);
        check_int_equal(err.fault, rows[i].fault);
    }
}

static void changed_rows_are_counted(void **state)
{
    struct error err = {0};
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(store_of(state), &transaction, &err), &err);
    AUTO_STATEMENT struct statement *update =
        store_query(store_of(state), "UPDATE thing SET fen = fen + 1 WHERE id >= $1");
    bind_int(update, 1, 2);
    check_ok(statement_run(update, &err), &err);
    check_int_equal(store_changes(store_of(state)), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_in_order),
        cmocka_unit_test(what_is_bound_is_read_back),
        cmocka_unit_test(parameters_go_by_their_number),
        cmocka_unit_test(sql_that_is_not_one_plain_statement_is_refused),
        cmocka_unit_test(the_database_stays_out_of_reach_of_statements),
        cmocka_unit_test(each_parameter_needs_a_value),
        cmocka_unit_test(values_do_not_stay_from_the_last_use),
        cmocka_unit_test(a_parameter_that_is_not_there_is_refused),
        cmocka_unit_test(a_parameter_that_comes_late_is_refused),
        cmocka_unit_test(a_column_is_read_only_as_what_it_holds),
        cmocka_unit_test(a_column_that_is_not_there_is_refused),
        cmocka_unit_test(a_column_is_read_only_where_there_is_a_row),
        cmocka_unit_test(a_second_row_is_one_too_many),
        cmocka_unit_test(a_statement_that_should_return_nothing_may_not_return_a_row),
        cmocka_unit_test(the_first_failure_counts),
        cmocka_unit_test(a_statement_in_use_is_lent_a_second_time),
        cmocka_unit_test(what_the_schema_refuses_has_its_reason),
        cmocka_unit_test(changed_rows_are_counted),
    };
    return cmocka_run_group_tests(tests, open_book, store_book_close);
}
