/* store_log_file.c - the write-ahead log, written in large pieces. SQLite writes each frame in two
 * calls, and a posting has some twenty frames: on a fast disk the calls take a quarter as long as
 * the sync. So while the store says that it gathers, what SQLite writes one behind the other is
 * kept, and goes to SQLite's own VFS in one piece before anything else is done with the file.
 *
 * Nothing is kept past the lock of the writer: the store gathers only around its own calls, and
 * what is left after a COMMIT that failed is dropped, for the frames are of no account then and
 * another process may be writing at their place. */
#include "ledger/base/alloc.h"
#include "ledger/store/store_sqlite.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_MAX 0x1ffff /* bytes; what SQLite's VFS can write at once: 31 frames */

struct log_file {
    sqlite3_file base;
    sqlite3_file *own; /* of SQLite's VFS, behind this struct */
    bool gathering;
    unsigned char *piece; /* room for PIECE_MAX; NULL: nothing was ever gathered */
    int length;
    sqlite3_int64 offset;
};

static sqlite3_vfs *own_vfs;
static sqlite3_vfs gathering_vfs;

static struct log_file *log_file(sqlite3_file *file)
{
    return (struct log_file *)file;
}

/* After a failure nothing is tried again: SQLite gives the transaction up. */
static int write_piece(struct log_file *log)
{
    int length = log->length;

    log->length = 0;
    return length == 0 ? SQLITE_OK
                       : log->own->pMethods->xWrite(log->own, log->piece, length, log->offset);
}

static bool fits_behind(const struct log_file *log, int length, sqlite3_int64 offset)
{
    return log->length > 0 && offset == log->offset + log->length &&
           length <= PIECE_MAX - log->length;
}

static int on_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    struct log_file *log = log_file(file);

    if (!log->gathering || length > PIECE_MAX) {
        int code = write_piece(log);
        return code != SQLITE_OK ? code
                                 : log->own->pMethods->xWrite(log->own, bytes, length, offset);
    }
    if (!fits_behind(log, length, offset)) {
        int code = write_piece(log);
        if (code != SQLITE_OK) {
            return code;
        }
        log->offset = offset;
    }
    memcpy(log->piece + log->length, bytes, (size_t)length);
    log->length += length;
    return SQLITE_OK;
}

static int on_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset)
{
    struct log_file *log = log_file(file);
    int code = write_piece(log);

    return code != SQLITE_OK ? code : log->own->pMethods->xRead(log->own, bytes, length, offset);
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct log_file *log = log_file(file);
    int code = write_piece(log);

    return code != SQLITE_OK ? code : log->own->pMethods->xTruncate(log->own, size);
}

static int on_sync(sqlite3_file *file, int flags)
{
    struct log_file *log = log_file(file);
    int code = write_piece(log);

    return code != SQLITE_OK ? code : log->own->pMethods->xSync(log->own, flags);
}

static int on_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    struct log_file *log = log_file(file);
    int code = write_piece(log);

    return code != SQLITE_OK ? code : log->own->pMethods->xFileSize(log->own, ret);
}

static int on_close(sqlite3_file *file)
{
    struct log_file *log = log_file(file);

    assert(log->length == 0);
    free(log->piece);
    return log->own->pMethods->xClose(log->own);
}

/* SQLite locks the database, never its log. */
static int on_lock(sqlite3_file *file, int level)
{
    return log_file(file)->own->pMethods->xLock(log_file(file)->own, level);
}

static int on_unlock(sqlite3_file *file, int level)
{
    return log_file(file)->own->pMethods->xUnlock(log_file(file)->own, level);
}

static int on_ask_lock(sqlite3_file *file, int *ret)
{
    return log_file(file)->own->pMethods->xCheckReservedLock(log_file(file)->own, ret);
}

static int on_control(sqlite3_file *file, int operation, void *argument)
{
    return log_file(file)->own->pMethods->xFileControl(log_file(file)->own, operation, argument);
}

static int on_sector_size(sqlite3_file *file)
{
    return log_file(file)->own->pMethods->xSectorSize(log_file(file)->own);
}

static int on_device(sqlite3_file *file)
{
    return log_file(file)->own->pMethods->xDeviceCharacteristics(log_file(file)->own);
}

static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_ask_lock,
    .xFileControl = on_control,
    .xSectorSize = on_sector_size,
    .xDeviceCharacteristics = on_device,
};

/* Every other file is SQLite's own. */
static int on_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                   int *ret_flags)
{
    struct log_file *log = log_file(file);

    (void)vfs;
    if ((flags & SQLITE_OPEN_WAL) == 0) {
        return own_vfs->xOpen(own_vfs, path, file, flags, ret_flags);
    }
    *log = (struct log_file){.own = (sqlite3_file *)(log + 1)};
    int code = own_vfs->xOpen(own_vfs, path, log->own, flags, ret_flags);
    if (code == SQLITE_OK) {
        log->base.pMethods = &log_methods;
    }
    return code;
}

static void vfs_register(void)
{
    own_vfs = sqlite3_vfs_find(NULL);
    if (own_vfs == NULL) {
        return;
    }
    gathering_vfs = *own_vfs;
    gathering_vfs.zName = "yicang";
    gathering_vfs.szOsFile += (int)sizeof(struct log_file);
    gathering_vfs.xOpen = on_open;
    if (sqlite3_vfs_register(&gathering_vfs, 0) != SQLITE_OK) {
        own_vfs = NULL;
    }
}

const char *log_file_vfs(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    return pthread_once(&once, vfs_register) == 0 && own_vfs != NULL ? gathering_vfs.zName : NULL;
}

/* NULL: the database has no write-ahead log, or it is not open yet. */
static struct log_file *log_of(struct store *store)
{
    sqlite3_file *file = NULL;
    int code = sqlite3_file_control(store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);

    return code == SQLITE_OK && file != NULL && file->pMethods == &log_methods ? log_file(file)
                                                                               : NULL;
}

void log_file_gather(struct store *store)
{
    struct log_file *log = log_of(store);

    if (log == NULL) {
        return;
    }
    if (log->piece == NULL) {
        log->piece = alloc_zeroed(PIECE_MAX, 1);
    }
    log->gathering = true;
}

int log_file_write(struct store *store)
{
    struct log_file *log = log_of(store);

    if (log == NULL) {
        return SQLITE_OK;
    }
    log->gathering = false;
    return write_piece(log);
}

void log_file_drop(struct store *store)
{
    struct log_file *log = log_of(store);

    if (log != NULL) {
        log->gathering = false;
        log->length = 0;
    }
}
