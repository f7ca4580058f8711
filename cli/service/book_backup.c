#include "cli/service/book_backup.h"

#include "cli/service/book_copy.h"
#include "ledger/audit/file_write.h"
#include "ledger/base/interruption.h"
#include "ledger/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool refuse_name(const char *folder, int number, struct error *err)
{
    error_set(err, FAULT_STORE, "backup.write", _("%s cannot be made: %s"), folder,
              strerror(number));
    return error_next(err, _("name a folder that you may write, on a disk with room"));
}

/* Under a name that says that it is none yet. */
static const char *part_of(struct arena *arena, const char *folder)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/') {
        length--;
    }
    return arena_printf(arena, "%.*s.part", (int)length, folder);
}

static bool check_new(const char *folder, const char *part, struct error *err)
{
    struct stat status;

    if (lstat(folder, &status) == 0) {
        error_set(err, FAULT_STORE, "backup.exists", _("%s exists already"), folder);
        return error_next(err, _("name a folder that is not there yet"));
    }
    if (lstat(part, &status) == 0) {
        error_set(err, FAULT_STORE, "backup.exists", _("%s exists already"), part);
        return error_next(err, _("it is of a backup that broke off: remove it"));
    }
    return true;
}

bool book_backup(struct office *office, const char *folder, struct backup_facts *ret,
                 struct error *err)
{
    AUTO_INTERRUPTION interruption = {0}; /* Ctrl-C leaves no half backup */
    const char *part = part_of(&office->arena, folder);

    *ret = (struct backup_facts){0};
    if (!check_new(folder, part, err)) {
        return false;
    }
    interruption_hold(&interruption);
    if (!book_copy_make(office->store, part, err)) {
        return false;
    }
    bool ok = book_copy_verify(part, ret, err);
    book_copy_tidy(part);
    if (ok && (rename(part, folder) != 0 || !file_folder_sync(folder))) {
        ok = refuse_name(folder, errno, err);
    }
    if (!ok) {
        book_copy_remove(part);
    }
    return ok;
}
