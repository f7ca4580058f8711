/* What a commit writes into the write-ahead log, seen from below: by the VFS that the store's own
 * stands on. */
#include "ledger/store/store_sqlite.h"
#include "tests/support/check.h"
#include "tests/support/store_book.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FRAME 4120        /* bytes: 24 of a head and a page */
#define FRAMES_AT_ONCE 31 /* 127,720 bytes: one more would be above 131,071 */

static const char schema_text[] = "CREATE TABLE bulk (bytes BLOB NOT NULL) STRICT;\n";

static const struct embedded_file schema[] = {
    {"0001_bulk.sql", (const unsigned char *)schema_text, sizeof schema_text - 1},
    {NULL, NULL, 0},
};

/* Below the store --------------------------------------------------------------------------- */

static sqlite3_vfs *original;
static sqlite3_vfs watching;
static const sqlite3_io_methods *original_methods;
static sqlite3_io_methods watched_methods;
static int writes;
static bool disk_is_full;

static int on_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    writes++;
    return disk_is_full ? SQLITE_FULL : original_methods->xWrite(file, bytes, length, offset);
}

static int on_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                   int *ret_flags)
{
    (void)vfs;
    int code = original->xOpen(original, path, file, flags, ret_flags);
    if (code == SQLITE_OK && (flags & SQLITE_OPEN_WAL) != 0) {
        original_methods = file->pMethods;
        watched_methods = *original_methods;
        watched_methods.xWrite = on_write;
        file->pMethods = &watched_methods;
    }
    return code;
}

static void watch(void)
{
    original = sqlite3_vfs_find(NULL);
    watching = *original;
    watching.zName = "watching";
    watching.xOpen = on_open;
    assert_int_equal(sqlite3_vfs_register(&watching, 1), SQLITE_OK);
}

/* The store --------------------------------------------------------------------------------- */

static int open_book(void **state)
{
    disk_is_full = false;
    return store_book_open(state, schema);
}

/* Each row has a page of its own. */
static void insert(struct store *store, int rows)
{
    static const char bytes[4000];
    struct error err = {0};
    for (int i = 0; i < rows; i++) {
        struct statement *statement = store_query(store, "INSERT INTO bulk (bytes) VALUES ($1)");
        bind_blob(statement, 1, bytes, sizeof bytes);
        check_ok(statement_run(statement, &err), &err);
    }
}

static bool commit(struct store *store, int rows, struct error *err)
{
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(store, &transaction, err), err);
    insert(store, rows);
    return transaction_commit(&transaction, err);
}

static int64_t count(struct store *store)
{
    struct error err = {0};
    struct statement *query = store_query(store, "SELECT count(*) FROM bulk");
    int64_t found = statement_one(query) ? column_int(query, 0) : -1;
    check_ok(statement_end(query, &err), &err);
    return found;
}

static int frames(const struct store_book *fixture)
{
    char path[310];
    struct stat facts;
    (void)snprintf(path, sizeof path, "%s-wal", fixture->path);
    assert_int_equal(stat(path, &facts), 0);
    return (int)(facts.st_size / FRAME);
}

/* The tests --------------------------------------------------------------------------------- */

static void frames_of_a_commit_are_written_at_once(void **state)
{
    struct store_book *fixture = *state;
    struct error err = {0};
    writes = 0;
    check_ok(commit(fixture->store, 20, &err), &err);
    check_int_equal(writes, 1);
    check_int_equal(count(fixture->store), 20);
}

static void more_frames_take_more_pieces(void **state)
{
    struct store_book *fixture = *state;
    struct error err = {0};
    int before = frames(fixture);
    writes = 0;
    check_ok(commit(fixture->store, 100, &err), &err);
    int written = frames(fixture) - before;
    assert_true(written >= 100);
    check_int_equal(writes, (written + FRAMES_AT_ONCE - 1) / FRAMES_AT_ONCE);
    check_int_equal(count(fixture->store), 100);
}

static void what_is_written_ahead_leaves_little_to_the_commit(void **state)
{
    struct store_book *fixture = *state;
    struct error err = {0};
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(fixture->store, &transaction, &err), &err);
    insert(fixture->store, 20);
    writes = 0;
    check_ok(store_write_ahead(fixture->store, &err), &err);
    check_int_equal(writes, 1);
    insert(fixture->store, 1);
    check_ok(transaction_commit(&transaction, &err), &err);
    check_int_equal(count(fixture->store), 21);
}

/* Another writer comes between the failure and the next attempt: its frames stand where those of
 * the failed commit would have been. */
static void a_commit_the_disk_had_no_room_for_leaves_nothing(void **state)
{
    struct store_book *fixture = *state;
    struct error err = {0};
    struct store *other = NULL;
    check_ok(store_open_with(fixture->path, STORE_WRITE, schema, &other, &err), &err);
    disk_is_full = true;
    check_refused(commit(fixture->store, 5, &err), &err, "store.full");
    disk_is_full = false;
    check_ok(commit(other, 3, &err), &err);
    check_int_equal(count(fixture->store), 3);
    check_ok(commit(fixture->store, 2, &err), &err);
    check_int_equal(count(other), 5);
    store_close(other);
    fixture->store = store_close(fixture->store);
    check_ok(store_open_with(fixture->path, STORE_WRITE, schema, &fixture->store, &err), &err);
    check_int_equal(count(fixture->store), 5);
    check_ok(store_verify_file(fixture->store, true, &err), &err);
}

static void a_disk_without_room_is_seen_ahead_of_the_commit(void **state)
{
    struct store_book *fixture = *state;
    struct error err = {0};
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(fixture->store, &transaction, &err), &err);
    insert(fixture->store, 5);
    disk_is_full = true;
    check_refused(store_write_ahead(fixture->store, &err), &err, "store.full");
    disk_is_full = false;
    transaction_release(&transaction);
    check_ok(commit(fixture->store, 1, &err), &err);
    check_int_equal(count(fixture->store), 1);
}

int main(void)
{
#define WITH_A_BOOK(test) cmocka_unit_test_setup_teardown(test, open_book, store_book_close)
    const struct CMUnitTest tests[] = {
        WITH_A_BOOK(frames_of_a_commit_are_written_at_once),
        WITH_A_BOOK(more_frames_take_more_pieces),
        WITH_A_BOOK(what_is_written_ahead_leaves_little_to_the_commit),
        WITH_A_BOOK(a_commit_the_disk_had_no_room_for_leaves_nothing),
        WITH_A_BOOK(a_disk_without_room_is_seen_ahead_of_the_commit),
    };
    watch();
    return cmocka_run_group_tests_name("store.log_file", tests, NULL, NULL);
}
