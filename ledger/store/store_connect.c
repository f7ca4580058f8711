#include "ledger/store/store_sqlite.h"

#include "ledger/base/text.h"

#include <stdlib.h>
#include <string.h>

#define HEADER_SIZE 100
#define HEADER_APPLICATION_ID 68

/* A full disk or a read-only one must not keep an auditor from reading. SQLite reads a book that
 * has a write-ahead log through a shared index beside the file, which it may have to create. Where
 * it cannot, there are two safe ways:
 * READ_FROZEN: no process can write here and no log is there, so the file is all there is;
 * READ_ALONE: the index is kept in memory, and the file locked against every other process. */
enum way { WAY_WRITE, WAY_READ_SHARED, WAY_READ_FROZEN, WAY_READ_ALONE };

/* Retries by time, not by count: with many writers each must come by, and the lock is free only for
 * a short while between two of them. */
static int busy_wait(void *context, int tries)
{
    (void)context;
    const int first_ms = 1;
    const int later_ms = 4;
    const int first_tries = 10;
    int waited = tries <= first_tries ? tries * first_ms
                                      : first_tries * first_ms + (tries - first_tries) * later_ms;
    if (waited >= STORE_BUSY_LIMIT_MS) {
        return 0;
    }
    sqlite3_sleep(tries < first_tries ? first_ms : later_ms);
    return 1;
}

void store_wait_when_busy(struct store *store)
{
    sqlite3_busy_handler(store->db, busy_wait, NULL);
}

/* Nobody asks how much memory SQLite uses, but counting it takes a lock at every allocation.
 * Refused, harmlessly, when SQLite is running already. */
static void leave_memory_uncounted(void)
{
    (void)!sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static bool open_handle(struct store *store, enum way way, struct error *err)
{
    leave_memory_uncounted();
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOFOLLOW |
                SQLITE_OPEN_EXRESCODE;
    bool writable = way == WAY_WRITE || way == WAY_READ_ALONE;
    flags |= writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    char *uri = NULL;
    if (way == WAY_READ_FROZEN) {
        uri = store_immutable_uri(store->path);
        flags |= SQLITE_OPEN_URI;
    }
    int code = sqlite3_open_v2(uri != NULL ? uri : store->path, &store->db, flags, log_file_vfs());
    free(uri);
    if (code != SQLITE_OK) {
        return store_fail(store, code, err);
    }
    store_wait_when_busy(store);
    if (writable && sqlite3_db_readonly(store->db, "main") != 0) {
        return store_fail(store, SQLITE_READONLY, err);
    }
    return true;
}

static bool refuse_not_a_book(const struct store *store, const char *fact, struct error *err)
{
    return error_set(err, FAULT_STORE, "store.not-a-book", _("the file “%s” is not a book: %s"),
                     store->path, fact);
}

/* Reads the header through SQLite's own file: opening and closing the file beside it would drop
 * the locks of every connection this process has to it. Nothing is locked, written or created, so a
 * file of another program stays as it is. */
static bool check_header(struct store *store, struct error *err)
{
    static const char magic[16] = "SQLite format 3";
    unsigned char header[HEADER_SIZE] = {0};
    sqlite3_file *file = NULL;
    int code = sqlite3_file_control(store->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code == SQLITE_OK) {
        code = file->pMethods->xRead(file, header, HEADER_SIZE, 0);
    }
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) {
        return store_fail(store, code, err);
    }
    if (code == SQLITE_IOERR_SHORT_READ) {
        return refuse_not_a_book(store, _("it is too short"), err);
    }
    if (memcmp(header, magic, sizeof magic) != 0) {
        return refuse_not_a_book(store, _("it is not a database"), err);
    }
    const unsigned char *at = header + HEADER_APPLICATION_ID;
    uint32_t id = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    if (id != STORE_APPLICATION_ID) {
        return refuse_not_a_book(store, _("it is a database of another program"), err);
    }
    return true;
}

static bool disconnect(struct store *store)
{
    int code = sqlite3_close(store->db);
    store->db = NULL;
    return code == SQLITE_OK;
}

static bool first_look(struct store *store, struct error *err)
{
    int64_t version = 0;
    return check_header(store, err) && store_ask_own(store, "PRAGMA user_version", &version, err);
}

static bool look_alone(struct store *store, struct error *err)
{
    int on = 0;
    if (!open_handle(store, WAY_READ_ALONE, err)) {
        return false;
    }
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &on);
    if (on != 1) {
        return store_fail(store, SQLITE_ERROR, err);
    }
    return store_run_own(store, "PRAGMA locking_mode = EXCLUSIVE", err) && first_look(store, err);
}

static bool may_have_lacked_room(const struct error *err)
{
    static const char *const reason[] = {"store.io", "store.full", "store.read-only"};
    for (size_t i = 0; i < COUNT_OF(reason); i++) {
        if (strcmp(err->reason, reason[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool connect_for_reading(struct store *store, struct error *err)
{
    if (open_handle(store, WAY_READ_SHARED, err) && first_look(store, err)) {
        return true;
    }
    if (!may_have_lacked_room(err) || !disconnect(store)) {
        return false;
    }
    if (store_file_is_frozen(store->path)) {
        return open_handle(store, WAY_READ_FROZEN, err) && first_look(store, err);
    }
    /* If this way is barred too, the first failure tells more. */
    struct error alone = {0};
    if (look_alone(store, &alone)) {
        return true;
    }
    return error_next(err, _("copy the book with all its files into a folder that you may write"));
}

bool store_connect(struct store *store, struct error *err)
{
    switch (store->mode) {
    case STORE_CREATE:
    case STORE_SCRATCH:
        return open_handle(store, WAY_WRITE, err);
    case STORE_WRITE:
        return open_handle(store, WAY_WRITE, err) && check_header(store, err);
    case STORE_READ_ONLY:
        return connect_for_reading(store, err);
    }
    return false;
}
