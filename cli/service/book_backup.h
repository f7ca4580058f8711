/* book_backup.h - a copy of a book that is whole, and putting it back. Layer: service. Prints
 * nothing.
 *
 * A backup is a folder with the store and its head, as a book has them: it can be read and verified
 * like one. It holds no keys and no high-water file; what nobody verified is no backup. */
#ifndef YICANG_SERVICE_BOOK_BACKUP_H
#define YICANG_SERVICE_BOOK_BACKUP_H

#include "cli/service/act.h"

struct backup_facts {
    struct log_tip tip;
    struct sha256 sha256; /* of book.db */
};

/* Copies the open book as it stands, while others may write, into a new folder, verifies the copy
 * in full and only then gives it its name. Reason ids backup.exists, backup.write, backup.unsound
 * (FAULT_INTEGRITY: the copy does not verify; nothing is left of it), store.*. */
MUST_CHECK bool book_backup(struct office *office, const char *folder, struct backup_facts *ret,
                            struct error *err);

struct restore_request {
    const char *book;   /* folder that is replaced; it need not be there */
    const char *backup; /* folder of the backup */
    const char *reason;
};

struct restore_facts {
    struct backup_facts backup;
    const char *aside;       /* where the old folder stands now; NULL: there was none */
    struct act_result event; /* db.restore; without its body */
};

/* Puts a backup in the place of a book: verified in full, at the size of head and high-water file
 * and of whatever those who sign saw last, with data keys that open it. The old folder is kept
 * aside, and event db.restore is the first in the new one. With options->dry_run all but the
 * replacing. Strings live in the arena. Reason ids restore.loses-events (which),
 * restore.other-book, restore.begun, restore.write, book.high-water-missing, backup.unsound, and
 * those of act(). */
MUST_CHECK bool book_restore(const struct restore_request *request,
                             const struct act_options *options, struct arena *arena,
                             struct restore_facts *ret, struct error *err);

#endif
