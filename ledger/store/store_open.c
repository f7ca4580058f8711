#include "ledger/store/store_sqlite.h"

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

bool store_run_own(struct store *store, const char *sql, struct error *err)
{
    bool trusted_before = store->trusted;
    store->trusted = true;
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    store->trusted = trusted_before;
    return code == SQLITE_OK || store_fail(store, code, err);
}

bool store_ask_own(struct store *store, const char *sql, int64_t *ret, struct error *err)
{
    bool trusted_before = store->trusted;
    store->trusted = true;
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(store->db, sql, -1, &query, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(query);
    }
    bool ok = code == SQLITE_ROW;
    if (ok) {
        *ret = sqlite3_column_int64(query, 0);
    } else {
        store_fail(store, code, err);
    }
    sqlite3_finalize(query);
    store->trusted = trusted_before;
    return ok;
}

/* Runs when a statement is prepared. What the ledger may do to a book: read it, and put rows in;
 * no settings, no other files, no transactions beside ours, no change of the schema. */
static int authorize(void *context, int action, const char *a, const char *b, const char *c,
                     const char *d)
{
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    const struct store *store = context;
    if (store->trusted) {
        return SQLITE_OK;
    }
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return store->mode == STORE_READ_ONLY ? SQLITE_DENY : SQLITE_OK;
    default:
        return SQLITE_DENY;
    }
}

/* Anything but zero turns the commit into a rollback. */
static int on_commit(void *context)
{
    const struct store *store = context;
    return store->committing ? 0 : 1;
}

static int on_log_growth(void *context, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    struct store *store = context;
    store->wal_pages = pages;
    return SQLITE_OK;
}

static bool store_start(struct store *store, struct error *err)
{
    if (!store_connect(store, err) ||
        (store_mode_is_new(store->mode) && !store_set_on_create(store, err)) ||
        !store_set_on_open(store, err)) {
        return false;
    }
    sqlite3_set_authorizer(store->db, authorize, store);
    sqlite3_commit_hook(store->db, on_commit, store);
    sqlite3_wal_hook(store->db, on_log_growth, store);
    return transactions_prepare(store, err) && store_migrate(store, err);
}

bool store_open_with(const char *path, enum store_mode mode, const struct embedded_file *schema,
                     struct store **ret, struct error *err)
{
    char *absolute = NULL;
    if (!store_path_resolve(path, mode, &absolute, err)) {
        return false;
    }
    if (store_mode_is_new(mode) && !store_file_create(absolute, err)) {
        free(absolute);
        return false;
    }
    struct store *store = alloc_zeroed(1, sizeof *store);
    store->path = absolute;
    store->mode = mode;
    store->schema = schema;
    store->owner = getpid();
    store->edition = 1;
    if (store_start(store, err) && (mode != STORE_CREATE || store_folder_sync(absolute, err))) {
        *ret = store;
        return true;
    }
    char *leftover = store_mode_is_new(mode) ? alloc_text(absolute) : NULL;
    store_close(store);
    if (leftover != NULL) {
        store_files_remove(leftover);
        free(leftover);
    }
    return false;
}

bool store_open(const char *path, enum store_mode mode, struct store **ret, struct error *err)
{
    return store_open_with(path, mode, store_schema_files, ret, err);
}

void store_keep_log(struct store *store)
{
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

struct store *store_close(struct store *store)
{
    if (store == NULL) {
        return NULL;
    }
    if (store->transaction != TRANSACTION_NONE) {
        struct transaction open = {.store = store};
        transaction_release(&open);
    }
    statements_finalize(store);
    transactions_finalize(store);
    if (store->sync_failed) {
        /* A checkpoint would build on pages the disk may not hold. */
        store_keep_log(store);
    }
    int code = sqlite3_close(store->db);
    assert(code == SQLITE_OK);
    free(store->path);
    free(store);
    return NULL;
}

void store_close_pointer(struct store **store)
{
    *store = store_close(*store);
}

const char *store_path(const struct store *store)
{
    return store->path;
}

int store_schema_version(const struct store *store)
{
    return store->schema_version;
}

int64_t store_changes(const struct store *store)
{
    return store->changes;
}
