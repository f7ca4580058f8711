#include "ledger/store/store_sqlite.h"
#include "tests/support/check.h"
#include "tests/support/store_book.h"

#include <stdio.h>
#include <string.h>

/* What the database itself refuses, whatever the program above it does. */

#define EVENT(seq, cmd)                                                                            \
    "INSERT INTO event (seq, leaf, leaf_hash, cmd) VALUES (" seq ", x'00', zeroblob(32), "         \
    "CAST(x'" cmd "' || x'000102030405060708090a0b0c0d0e' AS BLOB));"

/* The day before the open one is closed; accounts 1, 2 are the bank's, 31 and 34 the fund's. */
static const char opening[] = EVENT("0", "61") "INSERT INTO closed_day (day, last_entry, seq) "
                                               "VALUES (17000, 0, 0);";

static int run(struct store *store, const char *sql)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL);
}

static void must_run(struct store *store, const char *sql)
{
    if (run(store, sql) != SQLITE_OK) {
        print_error("%s\n%s\n", sql, sqlite3_errmsg(store->db));
        fail();
    }
}

static int open_empty_book(void **state)
{
    store_book_open(state, store_schema_files);
    struct store *store = ((struct store_book *)*state)->store;
    store->trusted = true;
    store->committing = true;
    return 0;
}

static int open_book(void **state)
{
    open_empty_book(state);
    must_run(((struct store_book *)*state)->store, opening);
    return 0;
}

static struct store *store_of(void **state)
{
    return ((struct store_book *)*state)->store;
}

#define LINE(entry, n, account, fen)                                                               \
    "INSERT INTO line (entry_id, n, account_id, fen) VALUES (" entry ", " n ", " account ", " fen  \
    ");"
#define ENTRY(id, book, no, book_date)                                                             \
    "INSERT INTO entry (id, seq, book, year, no, kind, book_date, value_date) VALUES (" id         \
    ", 0, '" book "', 2016, " no ", 'deposit', " book_date ", " book_date ");"
#define GOOD_ENTRY                                                                                 \
    LINE("1", "1", "1", "100") LINE("1", "2", "2", "-100") ENTRY("1", "bank", "1", "17001")

struct row {
    const char *before;
    const char *bad;
    const char *words; /* of the trigger, or the begin of the message of a constraint */
};

static const struct row rows[] = {
    /* unbalanced */
    {LINE("1", "1", "1", "100") LINE("1", "2", "2", "-99"), ENTRY("1", "bank", "1", "17001"),
     "entry: it needs at least two lines that sum to zero"},
    {LINE("1", "1", "1", "100") LINE("1", "2", "2", "100"), ENTRY("1", "bank", "1", "17001"),
     "entry: it needs at least two lines that sum to zero"},
    {LINE("1", "1", "1", "100"), ENTRY("1", "bank", "1", "17001"),
     "entry: it needs at least two lines that sum to zero"},
    {"", ENTRY("1", "bank", "1", "17001"), "entry: it needs at least two lines that sum to zero"},
    {LINE("1", "1", "1", "1000000000000000") LINE("1", "2", "1", "1000000000000000")
         LINE("1", "3", "2", "-1000000000000000"),
     ENTRY("1", "bank", "1", "17001"), "entry: it needs at least two lines that sum to zero"},
    /* a line that comes late */
    {GOOD_ENTRY, LINE("1", "3", "1", "5"), "line: its entry is complete already"},
    {GOOD_ENTRY, LINE("1", "1", "1", "5"), "line: its entry is complete already"},
    /* the wrong book */
    {LINE("1", "1", "1", "100") LINE("1", "2", "31", "-100"), ENTRY("1", "bank", "1", "17001"),
     "entry: every line must be of its book"},
    {LINE("1", "1", "1", "100") LINE("1", "2", "2", "-100"), ENTRY("1", "fund", "1", "17001"),
     "entry: every line must be of its book"},
    /* an account that there is not */
    {LINE("1", "1", "999", "5") LINE("1", "2", "1", "-5"), ENTRY("1", "bank", "1", "17001"),
     "entry: every line must be of its book"},
    {LINE("1", "1", "1", "5") LINE("1", "2", "2", "-5") LINE("1", "3", "999", "5"),
     ENTRY("1", "bank", "1", "17001"), "entry: it needs at least two lines that sum to zero"},
    /* a closed day, and one that is not open yet */
    {LINE("1", "1", "1", "100") LINE("1", "2", "2", "-100"), ENTRY("1", "bank", "1", "17000"),
     "entry: its book date is not the open business day"},
    {LINE("1", "1", "1", "100") LINE("1", "2", "2", "-100"), ENTRY("1", "bank", "1", "17002"),
     "entry: its book date is not the open business day"},
    /* gaps in the numbers */
    {LINE("2", "1", "1", "100") LINE("2", "2", "2", "-100"), ENTRY("2", "bank", "1", "17001"),
     "entry: ids and numbers follow each other"},
    {LINE("1", "1", "1", "100") LINE("1", "2", "2", "-100"), ENTRY("1", "bank", "2", "17001"),
     "entry: ids and numbers follow each other"},
    {GOOD_ENTRY LINE("2", "1", "1", "100") LINE("2", "2", "2", "-100"),
     ENTRY("2", "bank", "1", "17001"), "entry: ids and numbers follow each other"},
    {GOOD_ENTRY LINE("2", "1", "1", "100") LINE("2", "2", "2", "-100"),
     ENTRY("2", "bank", "3", "17001"), "entry: ids and numbers follow each other"},
    {"", EVENT("2", "62"), "event: seq must be the next one"},
    {"", EVENT("0", "62"), "event: seq must be the next one"},
    {"", "INSERT INTO closed_day (day, last_entry, seq) VALUES (17002, 0, 0)",
     "closed_day: days are closed one after the other"},
    {"", "INSERT INTO closed_day (day, last_entry, seq) VALUES (17000, 0, 0)",
     "closed_day: days are closed one after the other"},
    {"", "INSERT INTO closed_day (day, last_entry, seq) VALUES (16999, 0, 0)",
     "closed_day: days are closed one after the other"},
    /* amounts, accounts and dates that cannot be */
    {"", LINE("1", "1", "1", "0"), "CHECK constraint failed"},
    {"", LINE("1", "1", "1", "1000000000000001"), "CHECK constraint failed"},
    {"", LINE("1", "1", "1", "-1000000000000001"), "CHECK constraint failed"},
    {"", LINE("1", "1", "1", "1.5"), "cannot store REAL value in INTEGER column line.fen"},
    {"", LINE("1", "1", "1", "'many'"), "cannot store TEXT value in INTEGER column line.fen"},
    {"", LINE("1", "0", "1", "5"), "CHECK constraint failed"},
    {LINE("1", "1", "1", "5"), LINE("1", "1", "2", "-5"), "UNIQUE constraint failed"},
    {LINE("1", "1", "1", "100") LINE("1", "2", "2", "-100"),
     "INSERT INTO entry (id, seq, book, year, no, kind, book_date, value_date) "
     "VALUES (1, 0, 'bank', 2016, 1, 'deposit', 17001, 17002)",
     "CHECK constraint failed"},
    /* one of several rows: see also no_row_that_a_guard_refuses_ever_stands */
    {LINE("1", "1", "1", "100") LINE("1", "2", "2", "-100") LINE("2", "1", "1", "7"),
     "INSERT INTO entry (id, seq, book, year, no, kind, book_date, value_date) VALUES "
     "(1, 0, 'bank', 2016, 1, 'deposit', 17001, 17001), "
     "(2, 0, 'bank', 2016, 2, 'deposit', 17001, 17001)",
     "entry: it needs at least two lines that sum to zero"},
    {GOOD_ENTRY, "INSERT OR IGNORE INTO line (entry_id, n, account_id, fen) VALUES (1, 3, 1, 5)",
     "line: its entry is complete already"},
    {GOOD_ENTRY, "INSERT OR REPLACE INTO line (entry_id, n, account_id, fen) VALUES (1, 1, 1, 5)",
     "line: its entry is complete already"},
    {GOOD_ENTRY,
     "INSERT INTO line (entry_id, n, account_id, fen) VALUES (1, 1, 1, 5)"
     " ON CONFLICT (entry_id, n) DO UPDATE SET fen = 5",
     "line: its entry is complete already"},
    /* a line without its entry, account or loan, an entry without its event: seen at the commit */
    {LINE("1", "1", "999", "5"), "COMMIT", "FOREIGN KEY constraint failed"},
    {"INSERT INTO line (entry_id, n, account_id, fen, loan_id) VALUES (1, 1, 1, 5, 77);"
     "INSERT INTO line (entry_id, n, account_id, fen, loan_id) VALUES (1, 2, 2, -5, 77);" ENTRY(
         "1", "bank", "1", "17001"),
     "COMMIT", "FOREIGN KEY constraint failed"},
    {LINE("1", "1", "1", "100"), "COMMIT", "FOREIGN KEY constraint failed"},
    {LINE("1", "1", "1", "100")
         LINE("1", "2", "2",
              "-100") "INSERT INTO entry (id, seq, book, year, no, kind, book_date, value_date) "
                      "VALUES (1, 1, 'bank', 2016, 1, 'deposit', 17001, 17001)",
     "COMMIT", "FOREIGN KEY constraint failed"},
};

static void the_database_refuses_what_cannot_be(void **state)
{
    struct store *store = store_of(state);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        must_run(store, "BEGIN IMMEDIATE");
        must_run(store, rows[i].before);
        int code = run(store, rows[i].bad);
        if ((code & 0xff) != SQLITE_CONSTRAINT ||
            strncmp(sqlite3_errmsg(store->db), rows[i].words, strlen(rows[i].words)) != 0) {
            print_error("%s\n%s\ncode %d, \"%s\", want \"%s\"\n", rows[i].before, rows[i].bad, code,
                        sqlite3_errmsg(store->db), rows[i].words);
            fail();
        }
        must_run(store, "ROLLBACK");
    }
}

static int64_t count(struct store *store, const char *sql)
{
    int64_t number = -1;
    struct error err = {0};
    check_ok(store_read_int(store, sql, &number, &err), &err);
    return number;
}

/* The guards of a new row raise FAIL: what stood before it in the same statement stays, the row
 * itself does not, whatever the statement says about conflicts. */
static void no_row_that_a_guard_refuses_ever_stands(void **state)
{
    static const char *const words[] = {"", "OR FAIL ", "OR IGNORE ", "OR REPLACE ", "OR ABORT "};
    struct store *store = store_of(state);

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        char sql[400];
        must_run(store, "BEGIN IMMEDIATE;" LINE("1", "1", "1", "100") LINE("1", "2", "2", "-100")
                            LINE("2", "1", "1", "7"));
        (void)snprintf(sql, sizeof sql,
                       "INSERT %sINTO entry (id, seq, book, year, no, kind, book_date, value_date)"
                       " VALUES (1, 0, 'bank', 2016, 1, 'deposit', 17001, 17001),"
                       " (2, 0, 'bank', 2016, 2, 'deposit', 17001, 17001)",
                       words[i]);
        check_int_equal(run(store, sql), SQLITE_CONSTRAINT_TRIGGER);
        check_int_equal(count(store, "SELECT count(*) FROM entry WHERE id = 2"), 0);
        check_int_equal(run(store, "COMMIT") & 0xff, SQLITE_CONSTRAINT); /* line 2.1 has no entry */
        must_run(store, "ROLLBACK");
    }
}

static void a_good_entry_is_taken(void **state)
{
    struct store *store = store_of(state);
    must_run(store, "BEGIN IMMEDIATE;" GOOD_ENTRY "COMMIT");
    must_run(store, "BEGIN IMMEDIATE;" LINE("2", "1", "31", "7") LINE("2", "2", "34", "-7")
                        ENTRY("2", "fund", "1", "17001") "COMMIT");
    must_run(store, "BEGIN IMMEDIATE;" EVENT("1", "62") "COMMIT");
    must_run(store, "INSERT INTO closed_day (day, last_entry, seq) VALUES (17001, 2, 1)");
}

static void before_the_first_day_no_entry_is_taken(void **state)
{
    struct store *store = store_of(state);
    must_run(store, EVENT("0", "61"));
    must_run(store, "BEGIN IMMEDIATE;" LINE("1", "1", "1", "5") LINE("1", "2", "2", "-5"));
    check_int_equal(run(store, ENTRY("1", "bank", "1", "17001")), SQLITE_CONSTRAINT_TRIGGER);
    check_text_equal(sqlite3_errmsg(store->db),
                     "entry: its book date is not the open business day");
    must_run(store, "ROLLBACK");
}

/* The same refusal through the statements of the ledger. */
static void a_refusal_of_a_guard_is_an_integrity_error(void **state)
{
    struct store *store = store_of(state);
    struct error err = {0};
    store->trusted = false;
    store->committing = false;
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(store, &transaction, &err), &err);
    AUTO_STATEMENT struct statement *insert = store_query(store, ENTRY("1", "bank", "1", "17001"));
    check_refused(statement_run(insert, &err), &err, "store.guard");
    check_int_equal(err.fault, FAULT_INTEGRITY);
    assert_non_null(strstr(err.text, "entry: it needs at least two lines that sum to zero"));
    check_refused(transaction_commit(&transaction, &err), &err, "store.transaction-failed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_database_refuses_what_cannot_be, open_book,
                                        store_book_close),
        cmocka_unit_test_setup_teardown(no_row_that_a_guard_refuses_ever_stands, open_book,
                                        store_book_close),
        cmocka_unit_test_setup_teardown(a_good_entry_is_taken, open_book, store_book_close),
        cmocka_unit_test_setup_teardown(before_the_first_day_no_entry_is_taken, open_empty_book,
                                        store_book_close),
        cmocka_unit_test_setup_teardown(a_refusal_of_a_guard_is_an_integrity_error, open_book,
                                        store_book_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
