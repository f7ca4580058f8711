#include "ledger/store/store_sqlite.h"

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <stdlib.h>

static bool refuse_copy(const char *path, int code, struct error *err)
{
    (void)error_set(err, FAULT_STORE, code == SQLITE_FULL ? "store.full" : "store.io",
                    _("the copy %s cannot be written: %s"), path, sqlite3_errstr(code));
    return error_next(err, _("Make room on the disk or mend it, and begin again."));
}

/* All pages in one step: of one state of the book, whatever others write meanwhile. */
static int copy_pages(sqlite3 *to, sqlite3 *from)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == NULL) {
        return sqlite3_errcode(to);
    }
    int step = sqlite3_backup_step(backup, -1);
    int finish = sqlite3_backup_finish(backup);
    return step == SQLITE_DONE ? finish : step;
}

/* The copy is synced when its one transaction ends: a new connection has synchronous FULL. */
static bool copy_into(struct store *store, const char *path, struct error *err)
{
    sqlite3 *to = NULL;
    int code = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL);
    if (code == SQLITE_OK) {
        code = copy_pages(to, store->db);
    }
    int closed = sqlite3_close(to);
    code = code == SQLITE_OK ? closed : code;
    return code == SQLITE_OK || refuse_copy(path, code, err);
}

bool store_copy(struct store *store, const char *path, struct error *err)
{
    char *absolute = NULL;
    if (!store_path_resolve(path, STORE_CREATE, &absolute, err)) {
        return false;
    }
    bool made = store_file_create(absolute, err);
    bool ok = made && copy_into(store, absolute, err) && store_folder_sync(absolute, err);
    if (made && !ok) {
        store_files_remove(absolute);
    }
    free(absolute);
    return ok;
}
