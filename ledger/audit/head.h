/* head.h - the head beside the book: how far the log had come, outside the database (design.md 10).
 * Layer: audit.
 *
 * Two slots of one line each, written in turn under a lock, never backwards; the highest valid slot
 * counts. A flipped bit in the database's log makes SQLite drop committed events in silence; the
 * head is what notices. */
#ifndef YICANG_AUDIT_HEAD_H
#define YICANG_AUDIT_HEAD_H

#include "ledger/audit/file_write.h"
#include "ledger/audit/log.h"

struct head {
    bool present;
    struct log_tip tip;
};

/* The highest valid slot; present is false if there is no file. Read the head before the book is
 * read. Reason ids book.head-damaged (FAULT_INTEGRITY: no slot is valid), store.io. */
MUST_CHECK bool head_read(const char *path, struct head *ret, struct error *err);

/* Compares head and book. A book ahead of its head is normal if its events, hashed anew, chain from
 * it. Reason ids, all FAULT_INTEGRITY: book.events-lost (the book is behind its head; names the
 * range), book.head-missing, book.head-mismatch. */
MUST_CHECK bool head_compare(const struct head *head, struct store *store, struct error *err);

/* Creates the file for a new book, on the disk when it returns. Reason id head.write. */
MUST_CHECK bool head_create(const char *path, const struct log_tip *tip, struct error *err);

/* Writes the tip after a commit; nothing is done if the file is already further. With sync, returns
 * only when it is on the disk. Reason ids head.write, book.head-damaged, book.head-mismatch
 * (another tip of the same size stands there). kept: the file stays open in it for the next time,
 * until kept_file_close(); NULL: it is closed again. */
MUST_CHECK bool head_write(const char *path, struct kept_file *kept, const struct log_tip *tip,
                           bool sync, struct error *err);

#endif
