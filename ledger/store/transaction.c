#include "ledger/store/store_sqlite.h"

#include "ledger/base/text.h"

#include <assert.h>
#include <unistd.h>

/* The store's own statements, prepared once: they run past the authorizer. */

bool transactions_prepare(struct store *store, struct error *err)
{
    const struct {
        sqlite3_stmt **ret;
        const char *sql;
    } own[] = {
        {&store->begin_write, "BEGIN IMMEDIATE"},
        {&store->begin_read, "BEGIN"},
        {&store->first_read, "PRAGMA user_version"},
        {&store->commit, "COMMIT"},
        {&store->rollback, "ROLLBACK"},
    };
    store->trusted = true;
    int code = SQLITE_OK;
    for (size_t i = 0; i < COUNT_OF(own) && code == SQLITE_OK; i++) {
        code = sqlite3_prepare_v3(store->db, own[i].sql, -1, SQLITE_PREPARE_PERSISTENT, own[i].ret,
                                  NULL);
    }
    store->trusted = false;
    return code == SQLITE_OK || store_fail(store, code, err);
}

void transactions_finalize(struct store *store)
{
    sqlite3_finalize(store->begin_write);
    sqlite3_finalize(store->begin_read);
    sqlite3_finalize(store->first_read);
    sqlite3_finalize(store->commit);
    sqlite3_finalize(store->rollback);
}

static bool run_prepared(struct store *store, sqlite3_stmt *statement, struct error *err)
{
    store->trusted = true;
    int code = sqlite3_step(statement);
    store->trusted = false;
    bool ok = code == SQLITE_DONE || code == SQLITE_ROW;
    if (!ok) {
        store_fail(store, code, err);
    }
    sqlite3_reset(statement);
    return ok;
}

uint64_t store_edition(const struct store *store)
{
    return store->edition;
}

void store_new_edition(struct store *store)
{
    store->edition++;
}

static void transaction_forget(struct store *store)
{
    store_new_edition(store); /* what was written may be taken back */
    store->transaction = TRANSACTION_NONE;
    store->spoiled = false;
    store->began_file = NULL;
    store->began_line = 0;
}

static void roll_back(struct store *store)
{
    /* Some failures (disk full, I/O error) have rolled back by themselves. If the rollback fails,
     * the connection is of no use, and closing it rolls back; the caller has its error already. */
    struct error ignored;
    if (sqlite3_get_autocommit(store->db) == 0) {
        (void)!run_prepared(store, store->rollback, &ignored);
    }
    transaction_forget(store);
}

static bool check_may_begin(const struct store *store, struct error *err)
{
    assert(store->owner == getpid());
    if (store->transaction != TRANSACTION_NONE) {
        return error_set(err, FAULT_INTERNAL, "store.transaction",
                         _("a transaction is open already; it began at %s:%d"), store->began_file,
                         store->began_line);
    }
    if (store->sync_failed) {
        error_set(err, FAULT_STORE, "store.io",
                  _("the disk under the book “%s” did not confirm an earlier write"), store->path);
        return error_next(err, _("look after the disk, then start again: the book is compared with "
                                 "its head before anything is written"));
    }
    return true;
}

/* Whoever waited for the lock while the book was replaced would write into what was put aside. */
static bool is_in_place(struct store *store, struct error *err)
{
    int moved = 0;
    if (sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) != SQLITE_OK ||
        moved == 0) {
        return true;
    }
    error_set(err, FAULT_STORE, "store.moved",
              _("the book “%s” was replaced, moved or removed while this command had it open"),
              store->path);
    return error_next(err, _("nothing was written: send the command again"));
}

bool transaction_begin_at(struct store *store, struct transaction *transaction, const char *file,
                          int line, struct error *err)
{
    if (store->mode == STORE_READ_ONLY) {
        return error_set(err, FAULT_STORE, "store.read-only",
                         _("the book “%s” was opened for reading only"), store->path);
    }
    if (!check_may_begin(store, err) || !run_prepared(store, store->begin_write, err)) {
        return false;
    }
    if (!is_in_place(store, err)) {
        roll_back(store);
        return false;
    }
    store_new_edition(store); /* others may have written */
    store->transaction = TRANSACTION_WRITE;
    store->began_file = file;
    store->began_line = line;
    *transaction = (struct transaction){store, file, line};
    return true;
}

bool transaction_begin_read(struct store *store, struct transaction *transaction, struct error *err)
{
    if (!check_may_begin(store, err) || !run_prepared(store, store->begin_read, err)) {
        return false;
    }
    store_new_edition(store);
    store->transaction = TRANSACTION_READ;
    store->began_file = __FILE__;
    store->began_line = __LINE__;
    /* The snapshot is taken by the first read, not by BEGIN. */
    if (!run_prepared(store, store->first_read, err)) {
        roll_back(store);
        return false;
    }
    *transaction = (struct transaction){store, store->began_file, store->began_line};
    return true;
}

/* Copies the log into the file when it has grown long. What was committed is safe in the log, so a
 * failure here takes nothing back; but after a failed sync nothing more is written. */
static void checkpoint_if_due(struct store *store)
{
    if (store->wal_pages < STORE_WAL_CHECKPOINT_PAGES) {
        return;
    }
    int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (code != SQLITE_OK && code != SQLITE_BUSY) {
        struct error ignored;
        store_fail(store, code, &ignored);
    }
}

static bool refuse_spoiled(const struct store *store, struct error *err)
{
    return error_set(err, FAULT_INTERNAL, "store.transaction-failed",
                     _("the transaction begun at %s:%d cannot be committed: a statement in it "
                       "failed"),
                     store->began_file, store->began_line);
}

static bool commit_in_pieces(struct store *store, struct error *err)
{
    log_file_gather(store);
    if (!run_prepared(store, store->commit, err)) {
        log_file_drop(store);
        return false;
    }
    /* Nothing is left where the commit syncs, as it does with synchronous FULL. */
    int code = log_file_write(store);
    return code == SQLITE_OK || store_fail(store, code, err);
}

bool transaction_commit(struct transaction *transaction, struct error *err)
{
    struct store *store = transaction->store;
    assert(store != NULL && store->transaction != TRANSACTION_NONE);
    transaction->store = NULL;
    if (store->spoiled || sqlite3_get_autocommit(store->db) != 0) {
        refuse_spoiled(store, err);
        roll_back(store);
        return false;
    }
    store->committing = store->transaction == TRANSACTION_WRITE;
    bool ok = commit_in_pieces(store, err);
    store->committing = false;
    if (!ok) {
        roll_back(store);
        return false;
    }
    bool wrote = store->transaction == TRANSACTION_WRITE;
    transaction_forget(store);
    if (wrote) {
        checkpoint_if_due(store);
    }
    return true;
}

void transaction_release(struct transaction *transaction)
{
    if (transaction->store != NULL) {
        roll_back(transaction->store);
        transaction->store = NULL;
    }
}

bool store_write_ahead(struct store *store, struct error *err)
{
    assert(store->transaction == TRANSACTION_WRITE);
    /* Busy are pages that a statement is still reading: they wait for the commit. */
    log_file_gather(store);
    int code = sqlite3_db_cacheflush(store->db);
    int written = log_file_write(store);
    if (code != SQLITE_OK && code != SQLITE_BUSY) {
        return store_fail(store, code, err);
    }
    return written == SQLITE_OK || store_fail(store, written, err);
}

static bool check_outside(const struct store *store, struct error *err)
{
    if (store->transaction == TRANSACTION_NONE) {
        return true;
    }
    return error_set(err, FAULT_INTERNAL, "store.transaction",
                     _("a transaction is open already; it began at %s:%d"), store->began_file,
                     store->began_line);
}

bool store_checkpoint(struct store *store, struct error *err)
{
    if (!check_outside(store, err)) {
        return false;
    }
    /* Readers may hold the log for hours: what can be copied is copied, and nobody waits. */
    sqlite3_busy_handler(store->db, NULL, NULL);
    int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    store_wait_when_busy(store);
    return code == SQLITE_OK || code == SQLITE_BUSY || store_fail(store, code, err);
}

bool store_forget(struct store *store, struct error *err)
{
    if (!check_outside(store, err)) {
        return false;
    }
    store->trusted = true;
    store->committing = true; /* VACUUM commits by itself */
    int code = sqlite3_exec(store->db, "VACUUM", NULL, NULL, NULL);
    store->committing = false;
    store->trusted = false;
    if (code == SQLITE_OK) {
        code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    }
    return code == SQLITE_OK || store_fail(store, code, err);
}
