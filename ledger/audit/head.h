/* head.h - the head beside the book: how far the log had come, outside the database (design.md 10).
 * Layer: audit.
 *
 * Two slots of one line each, written in turn under a lock, never backwards; the highest valid slot
 * counts. A flipped bit in the database's log makes SQLite drop committed events in silence; the
 * head is what notices. */
#ifndef YICANG_AUDIT_HEAD_H
#define YICANG_AUDIT_HEAD_H

#include "ledger/audit/log.h"

/* Compares head and book. A book ahead of its head is normal if it chains from it; a book behind its
 * head has lost events: reason id book.events-lost (FAULT_INTEGRITY) naming the range. Other ids:
 * book.head-missing, book.head-damaged, book.head-mismatch. Read the head before the book: head_read
 * first, then head_compare. */
struct head {
    bool present;
    struct log_tip tip;
};

MUST_CHECK bool head_read(const char *path, struct head *ret, struct error *err);
MUST_CHECK bool head_compare(const struct head *head, struct store *store, struct error *err);

/* Creates the file for a new book. */
MUST_CHECK bool head_create(const char *path, const struct log_tip *tip, struct error *err);

/* Writes the tip after a commit; nothing is done if the file is already further. With sync, returns
 * only when it is on the disk. Reason id head.write. */
MUST_CHECK bool head_write(const char *path, const struct log_tip *tip, bool sync,
                           struct error *err);

#endif
