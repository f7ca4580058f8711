#include "ledger/store/store_sqlite.h"

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <errno.h>
#include <string.h>

/* What a result code of SQLite means to the person at the desk. The text gets the path of the book
 * and SQLite's own words. */
struct meaning {
    int code;
    enum fault fault;
    const char *reason;
    const char *text;
    const char *next; /* NULL: nothing to say */
};

/* Extended codes first: the first row that fits counts. */
static const struct meaning meanings[] = {
    {SQLITE_CONSTRAINT_COMMITHOOK, FAULT_INTERNAL, "store.commit-bypassed",
     N_("a change of the book “%s” was not committed through its transaction: %s"), NULL},
    {SQLITE_CONSTRAINT_TRIGGER, FAULT_INTEGRITY, "store.guard",
     N_("the book “%s” refused the change: %s"), NULL},
    {SQLITE_CANTOPEN_SYMLINK, FAULT_STORE, "store.link",
     N_("the book “%s” is reached through a link: %s"),
     N_("name the file itself, not a link to it")},
    {SQLITE_READONLY_DBMOVED, FAULT_STORE, "store.io",
     N_("the book “%s” was moved or removed while it was open: %s"),
     N_("put the file back where it was and run the command again")},
    {SQLITE_CONSTRAINT, FAULT_INTERNAL, "store.constraint",
     N_("the book “%s” does not accept the row: %s"), NULL},
    {SQLITE_FULL, FAULT_STORE, "store.full", N_("no space is left for the book “%s”: %s"),
     N_("free some space and run the same command again; nothing was written")},
    {SQLITE_READONLY, FAULT_STORE, "store.read-only", N_("the book “%s” cannot be written: %s"),
     N_("check the permissions of the file and of its folder")},
    {SQLITE_PERM, FAULT_STORE, "store.read-only", N_("the book “%s” cannot be written: %s"),
     N_("check the permissions of the file and of its folder")},
    {SQLITE_BUSY, FAULT_STORE, "store.locked", N_("another program is writing the book “%s”: %s"),
     N_("run the same command again when the other one has ended")},
    {SQLITE_LOCKED, FAULT_STORE, "store.locked", N_("another program is writing the book “%s”: %s"),
     N_("run the same command again when the other one has ended")},
    {SQLITE_IOERR, FAULT_STORE, "store.io", N_("the disk failed under the book “%s”: %s"),
     N_("look after the disk before anything else is written")},
    {SQLITE_CANTOPEN, FAULT_STORE, "store.io", N_("a file of the book “%s” cannot be opened: %s"),
     N_("check the permissions of the file and of its folder")},
    {SQLITE_CORRUPT, FAULT_INTEGRITY, "store.corrupt", N_("the book “%s” is damaged: %s"),
     N_("keep the file as it is and restore the last backup")},
    {SQLITE_NOTADB, FAULT_STORE, "store.not-a-book", N_("the file “%s” is not a book: %s"), NULL},
    {SQLITE_AUTH, FAULT_INTERNAL, "store.not-allowed",
     N_("a statement on the book “%s” does what statements may not: %s"), NULL},
};

static const struct meaning other_meaning = {0, FAULT_INTERNAL, "store.sql",
                                             N_("a statement on the book “%s” failed: %s"), NULL};

/* SQLite names some full disks an I/O error; the system's own error number tells. */
static int code_by_errno(int code, int system_error)
{
    int primary = code & 0xff;
    if (primary != SQLITE_IOERR && primary != SQLITE_CANTOPEN) {
        return code;
    }
    switch (system_error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return SQLITE_FULL;
    case EROFS:
        return SQLITE_READONLY;
    default:
        return code;
    }
}

static int errno_of_file(sqlite3 *db, int which)
{
    sqlite3_file *file = NULL;
    int found = 0;
    if (sqlite3_file_control(db, "main", which, &file) != SQLITE_OK || file == NULL ||
        file->pMethods == NULL || file->pMethods->xFileControl == NULL || /* a journal in memory */
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &found) != SQLITE_OK) {
        return 0;
    }
    return found;
}

/* When COMMIT fails, SQLite forgets to note the error number; the file remembers it. */
static int errno_find(sqlite3 *db)
{
    int found = sqlite3_system_errno(db);
    if (found == 0) {
        found = errno_of_file(db, SQLITE_FCNTL_JOURNAL_POINTER);
    }
    return found != 0 ? found : errno_of_file(db, SQLITE_FCNTL_FILE_POINTER);
}

static const struct meaning *meaning_find(int code)
{
    for (size_t i = 0; i < COUNT_OF(meanings); i++) {
        if (meanings[i].code == code || meanings[i].code == (code & 0xff)) {
            return &meanings[i];
        }
    }
    return &other_meaning;
}

bool store_fail(struct store *store, int code, struct error *err)
{
    if ((code & 0xff) == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) {
        alloc_exhausted(0);
    }
    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) {
        store->sync_failed = true;
    }
    int system_error = errno_find(store->db);
    const struct meaning *meaning = meaning_find(code_by_errno(code, system_error));
    bool known = sqlite3_errcode(store->db) != SQLITE_OK; /* to the connection, not only to us */
    const char *words = known ? sqlite3_errmsg(store->db) : sqlite3_errstr(code);
    if (((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN) && system_error != 0) {
        words = strerror(system_error);
    }
    error_set(err, meaning->fault, meaning->reason, _(meaning->text), store->path, words);
    if (meaning->next != NULL) {
        error_next(err, "%s", _(meaning->next));
    }
    return false;
}
