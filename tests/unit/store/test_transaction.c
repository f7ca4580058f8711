#include "ledger/store/store_sqlite.h"
#include "tests/support/check.h"
#include "tests/support/store_book.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char schema_text[] =
    "CREATE TABLE thing (\n"
    "    id  INTEGER PRIMARY KEY,\n"
    "    fen INTEGER NOT NULL CHECK (fen < 1000),\n"
    "    of  INTEGER REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED\n"
    ") STRICT;\n"
    "CREATE TABLE bulk (bytes BLOB NOT NULL) STRICT;\n";

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

static bool insert(struct store *store, int64_t id, int64_t fen, struct error *err)
{
    struct statement *statement = store_query(store, "INSERT INTO thing (id, fen) VALUES ($1, $2)");
    bind_int(statement, 1, id);
    bind_int(statement, 2, fen);
    return statement_run(statement, err);
}

static bool insert_bulk(struct store *store, struct error *err)
{
    static const char bytes[4000];
    struct statement *statement = store_query(store, "INSERT INTO bulk (bytes) VALUES ($1)");
    bind_blob(statement, 1, bytes, sizeof bytes);
    return statement_run(statement, err);
}

static int64_t count(struct store *store)
{
    struct error err = {0};
    struct statement *query = store_query(store, "SELECT count(*) FROM thing");
    int64_t found = statement_one(query) ? column_int(query, 0) : -1;
    check_ok(statement_end(query, &err), &err);
    return found;
}

static void what_is_committed_stays(void **state)
{
    struct store_book *fixture = *state;
    struct error err = {0};
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(fixture->store, &transaction, &err), &err);
    check_ok(insert(fixture->store, 1, 1, &err), &err);
    check_ok(transaction_commit(&transaction, &err), &err);
    fixture->store = store_close(fixture->store);
    check_ok(store_open_with(fixture->path, STORE_WRITE, schema, &fixture->store, &err), &err);
    check_int_equal(count(fixture->store), 1);
}

static bool begin_and_leave(struct store *store, struct error *err)
{
    AUTO_TRANSACTION transaction = {0};
    return transaction_begin(store, &transaction, err) && insert(store, 1, 1, err);
}

static void what_leaves_its_scope_is_rolled_back(void **state)
{
    struct error err = {0};
    check_ok(begin_and_leave(store_of(state), &err), &err);
    check_int_equal(count(store_of(state)), 0);
    check_ok(begin_and_leave(store_of(state), &err), &err);
}

static void closing_rolls_back(void **state)
{
    struct store_book *fixture = *state;
    struct error err = {0};
    struct transaction transaction = {0};
    check_ok(transaction_begin(fixture->store, &transaction, &err), &err);
    check_ok(insert(fixture->store, 1, 1, &err), &err);
    fixture->store = store_close(fixture->store);
    check_ok(store_open_with(fixture->path, STORE_WRITE, schema, &fixture->store, &err), &err);
    check_int_equal(count(fixture->store), 0);
}

static void after_a_failed_statement_only_rolling_back_is_left(void **state)
{
    struct store *store = store_of(state);
    static const char *const failing[] = {
        "INSERT INTO thing (id, fen) VALUES (1, 1)",
        "INSERT INTO thing (id, fen) VALUES (2, 1000)",
        "SELECT nothing FROM thing",
        "SELECT $1",
        "SELECT 'x'",
    };
    for (size_t i = 0; i < COUNT_OF(failing); i++) {
        struct error err = {0};
        AUTO_TRANSACTION transaction = {0};
        check_ok(transaction_begin(store, &transaction, &err), &err);
        check_ok(insert(store, 1, 1, &err), &err);
        struct statement *statement = store_query(store, failing[i]);
        if (statement_one(statement)) {
            check_int_equal(column_int(statement, 0), 0); /* the last row: text read as a number */
        }
        assert_false(statement_end(statement, &err));
        check_refused(transaction_commit(&transaction, &err), &err, "store.transaction-failed");
        assert_non_null(strstr(err.text, "test_transaction.c"));
        check_int_equal(count(store), 0);
    }
    struct error err = {0};
    AUTO_TRANSACTION next = {0};
    check_ok(transaction_begin(store, &next, &err), &err);
    check_ok(insert(store, 1, 1, &err), &err);
    check_ok(transaction_commit(&next, &err), &err);
    check_int_equal(count(store), 1);
}

/* AUTO_STATEMENT alone does not hide a failure from the commit. */
static void a_failure_nobody_looked_at_spoils_too(void **state)
{
    struct store *store = store_of(state);
    struct error err = {0};
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(store, &transaction, &err), &err);
    struct statement *statement =
        store_query(store, "INSERT INTO thing (id, fen) VALUES (1, 1000)");
    assert_false(statement_row(statement));
    statement_release(&statement);
    check_refused(transaction_commit(&transaction, &err), &err, "store.transaction-failed");
}

static void a_deferred_reference_is_checked_at_the_commit(void **state)
{
    struct store *store = store_of(state);
    struct error err = {0};
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(store, &transaction, &err), &err);
    struct statement *statement =
        store_query(store, "INSERT INTO thing (id, fen, of) VALUES (1, 1, 2)");
    check_ok(statement_run(statement, &err), &err);
    check_refused(transaction_commit(&transaction, &err), &err, "store.constraint");
    check_int_equal(count(store), 0);
}

static void a_change_outside_a_transaction_is_refused(void **state)
{
    struct error err = {0};
    check_refused(insert(store_of(state), 1, 1, &err), &err, "store.commit-bypassed");
    check_int_equal(err.fault, FAULT_INTERNAL);
    check_int_equal(count(store_of(state)), 0);
}

static void a_commit_past_the_layer_is_refused(void **state)
{
    struct store *store = store_of(state);
    struct error err = {0};
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(store, &transaction, &err), &err);
    check_ok(insert(store, 1, 1, &err), &err);
    store->trusted = true;
    check_int_equal(sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL),
                    SQLITE_CONSTRAINT_COMMITHOOK);
    store->trusted = false;
    check_refused(transaction_commit(&transaction, &err), &err, "store.transaction-failed");
    check_int_equal(count(store), 0);
}

static void transactions_do_not_nest(void **state)
{
    struct store *store = store_of(state);
    struct error err = {0};
    AUTO_TRANSACTION outer = {0};
    AUTO_TRANSACTION inner = {0};
    check_ok(transaction_begin(store, &outer, &err), &err);
    check_refused(transaction_begin(store, &inner, &err), &err, "store.transaction");
    assert_non_null(strstr(err.text, "test_transaction.c"));
    check_refused(transaction_begin_read(store, &inner, &err), &err, "store.transaction");
    check_refused(store_checkpoint(store, &err), &err, "store.transaction");
    check_ok(insert(store, 1, 1, &err), &err);
    check_ok(transaction_commit(&outer, &err), &err);
    check_ok(store_checkpoint(store, &err), &err);
    check_int_equal(count(store), 1);
}

static void a_snapshot_does_not_move(void **state)
{
    struct store_book *fixture = *state;
    struct error err = {0};
    AUTO_STORE struct store *reader = NULL;
    check_ok(store_open_with(fixture->path, STORE_READ_ONLY, schema, &reader, &err), &err);
    AUTO_TRANSACTION snapshot = {0};
    AUTO_TRANSACTION write = {0};
    check_ok(transaction_begin_read(reader, &snapshot, &err), &err);
    check_ok(transaction_begin(fixture->store, &write, &err), &err);
    check_ok(insert(fixture->store, 1, 1, &err), &err);
    check_ok(transaction_commit(&write, &err), &err);
    check_int_equal(count(reader), 0);
    check_ok(store_checkpoint(fixture->store, &err), &err);
    check_int_equal(count(reader), 0);
    check_ok(transaction_commit(&snapshot, &err), &err);
    check_int_equal(count(reader), 1);
}

static int give_up(void *context, int tries)
{
    (void)context;
    (void)tries;
    return 0;
}

static void a_second_writer_is_told_the_book_is_locked(void **state)
{
    struct store_book *fixture = *state;
    struct error err = {0};
    AUTO_STORE struct store *other = NULL;
    check_ok(store_open_with(fixture->path, STORE_WRITE, schema, &other, &err), &err);
    AUTO_TRANSACTION first = {0};
    AUTO_TRANSACTION second = {0};
    check_ok(transaction_begin(fixture->store, &first, &err), &err);
    sqlite3_busy_handler(other->db, give_up, NULL);
    check_refused(transaction_begin(other, &second, &err), &err, "store.locked");
    check_int_equal(err.fault, FAULT_STORE);
    transaction_release(&first);
    check_ok(transaction_begin(other, &second, &err), &err);
}

/* Inserts until the book is full; the failure is in err. */
static void fill(struct store *store, struct error *err)
{
    for (int i = 0; i < 5000; i++) {
        if (!insert_bulk(store, err)) {
            return;
        }
    }
    fail_msg("the book takes more than it has room for");
}

static void check_still_fine_after(struct store *store)
{
    struct error err = {0};
    check_int_equal(count(store), 1);
    check_ok(store_verify_file(store, true, &err), &err);
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(store, &transaction, &err), &err);
    check_ok(insert(store, 2, 2, &err), &err);
    check_ok(transaction_commit(&transaction, &err), &err);
    check_int_equal(count(store), 2);
}

static void commit_one(struct store *store)
{
    struct error err = {0};
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(store, &transaction, &err), &err);
    check_ok(insert(store, 1, 1, &err), &err);
    check_ok(transaction_commit(&transaction, &err), &err);
}

static void a_full_book_writes_nothing_and_goes_on_later(void **state)
{
    struct store *store = store_of(state);
    struct error err = {0};
    struct transaction transaction = {0};
    commit_one(store);
    check_ok(store_run_own(store, "PRAGMA max_page_count = 40", &err), &err);
    check_ok(transaction_begin(store, &transaction, &err), &err);
    check_ok(insert(store, 5, 5, &err), &err);
    fill(store, &err);
    check_refused(false, &err, "store.full");
    check_int_equal(err.fault, FAULT_STORE);
    assert_true(err.next[0] != '\0');
    check_refused(transaction_commit(&transaction, &err), &err, "store.transaction-failed");
    check_ok(store_run_own(store, "PRAGMA max_page_count = 100000", &err), &err);
    check_still_fine_after(store);
}

/* A limit on the size of files stands for the disk: the write itself fails. */
static void a_full_disk_writes_nothing_and_goes_on_later(void **state)
{
    struct store *store = store_of(state);
    struct error err = {0};
    struct rlimit before;
    commit_one(store);
    check_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit small = {.rlim_cur = 512 << 10, .rlim_max = before.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    check_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    struct transaction transaction = {0};
    bool begun = transaction_begin(store, &transaction, &err) && insert(store, 5, 5, &err);
    bool failed = false;
    for (int i = 0; i < 300 && begun && !failed; i++) {
        failed = !insert_bulk(store, &err);
    }
    failed = failed || !transaction_commit(&transaction, &err);
    transaction_release(&transaction);
    check_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, handler);
    assert_true(begun);
    check_refused(!failed, &err, "store.full");
    check_still_fine_after(store);
}

static void after_a_failed_sync_nothing_more_is_written(void **state)
{
    struct store *store = store_of(state);
    struct error err = {0};
    AUTO_TRANSACTION transaction = {0};
    commit_one(store);
    assert_false(store_fail(store, SQLITE_IOERR_FSYNC, &err));
    check_text_equal(err.reason, "store.io");
    check_refused(transaction_begin(store, &transaction, &err), &err, "store.io");
    check_int_equal(err.fault, FAULT_STORE);
}

static int64_t count_elsewhere(const struct store_book *fixture)
{
    struct error err = {0};
    struct store *other = NULL;
    check_ok(store_open_with(fixture->path, STORE_READ_ONLY, schema, &other, &err), &err);
    int64_t found = count(other);
    store_close(other);
    return found;
}

static void write_ahead(struct store *store, int64_t first, struct error *err)
{
    for (int64_t id = first; id < first + 500; id++) {
        check_ok(insert(store, id, 1, err) && insert_bulk(store, err), err);
    }
    check_ok(store_write_ahead(store, err), err);
}

static void what_was_written_ahead_counts_only_with_the_commit(void **state)
{
    struct store_book *fixture = *state;
    struct error err = {0};
    for (int round = 0; round < 2; round++) {
        AUTO_TRANSACTION dropped = {0};
        AUTO_TRANSACTION kept = {0};
        check_ok(transaction_begin(fixture->store, &dropped, &err), &err);
        write_ahead(fixture->store, 1000 * round, &err);
        check_int_equal(count_elsewhere(fixture), 501 * round);
        transaction_release(&dropped);
        check_int_equal(count(fixture->store), 501 * round);
        check_ok(transaction_begin(fixture->store, &kept, &err), &err);
        write_ahead(fixture->store, 1000 * round, &err);
        check_ok(insert(fixture->store, 1000 * round + 999, 1, &err), &err);
        check_ok(transaction_commit(&kept, &err), &err);
        check_int_equal(count_elsewhere(fixture), 501 * (round + 1));
    }
    fixture->store = store_close(fixture->store);
    check_ok(store_open_with(fixture->path, STORE_WRITE, schema, &fixture->store, &err), &err);
    check_int_equal(count(fixture->store), 1002);
}

/* Somebody puts another file in its place while this one waits for the lock. */
static void a_book_that_was_replaced_is_not_written(void **state)
{
    struct store_book *fixture = *state;
    struct error err = {0};
    char aside[320];
    AUTO_TRANSACTION refused = {0};
    AUTO_TRANSACTION again = {0};
    (void)snprintf(aside, sizeof aside, "%s.aside", fixture->path);
    assert_int_equal(rename(fixture->path, aside), 0);
    check_refused(transaction_begin(fixture->store, &refused, &err), &err, "store.moved");
    assert_int_equal(link(aside, fixture->path), 0);
    assert_int_equal(unlink(aside), 0);
    check_ok(transaction_begin(fixture->store, &again, &err), &err);
    check_ok(insert(fixture->store, 1, 1, &err), &err);
    check_ok(transaction_commit(&again, &err), &err);
}

int main(void)
{
#define WITH_A_BOOK(test) cmocka_unit_test_setup_teardown(test, open_book, store_book_close)
    const struct CMUnitTest tests[] = {
        WITH_A_BOOK(what_is_committed_stays),
        WITH_A_BOOK(what_leaves_its_scope_is_rolled_back),
        WITH_A_BOOK(closing_rolls_back),
        WITH_A_BOOK(after_a_failed_statement_only_rolling_back_is_left),
        WITH_A_BOOK(a_failure_nobody_looked_at_spoils_too),
        WITH_A_BOOK(a_deferred_reference_is_checked_at_the_commit),
        WITH_A_BOOK(a_change_outside_a_transaction_is_refused),
        WITH_A_BOOK(a_commit_past_the_layer_is_refused),
        WITH_A_BOOK(transactions_do_not_nest),
        WITH_A_BOOK(a_snapshot_does_not_move),
        WITH_A_BOOK(a_second_writer_is_told_the_book_is_locked),
        WITH_A_BOOK(a_full_book_writes_nothing_and_goes_on_later),
        WITH_A_BOOK(a_full_disk_writes_nothing_and_goes_on_later),
        WITH_A_BOOK(after_a_failed_sync_nothing_more_is_written),
        WITH_A_BOOK(what_was_written_ahead_counts_only_with_the_commit),
        WITH_A_BOOK(a_book_that_was_replaced_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
