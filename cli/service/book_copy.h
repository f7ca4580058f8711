/* book_copy.h - a folder that holds a copy of a book and is about to be one: made, verified, taken
 * back. Layer: service; for book_backup.h alone. */
#ifndef YICANG_SERVICE_BOOK_COPY_H
#define YICANG_SERVICE_BOOK_COPY_H

#include "cli/service/book_backup.h"

/* A new folder with the store, as it stands, and its head; nothing is left if it fails. Reason ids
 * backup.exists, backup.write, store.*. */
MUST_CHECK bool book_copy_make(struct store *store, const char *folder, struct error *err);
/* Verifies the book in this folder in full, against nothing that stands elsewhere, and learns its
 * facts. Reason ids backup.unsound, and those of office_open(). */
MUST_CHECK bool book_copy_verify(const char *folder, struct backup_facts *ret, struct error *err);
/* What reading left beside the store of a copy that nobody else has open. */
void book_copy_tidy(const char *folder);
void book_copy_remove(const char *folder);

#endif
