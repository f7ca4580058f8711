/* high_water.h - how far the log had come, in a file outside the folder of the database
 * (audit-log.md 4.5): an older copy of the whole book put back shows against it. Layer: audit.
 *
 * One line an event, "SIZE ROOT LEAF CHECKSUM" (decimal, then hex), only ever appended; the last
 * whole line counts: the lines of the last 100 ms are not synced, and a power cut may leave noise
 * of them. It stands in the service key folder, so that copies of the book leave it behind. */
#ifndef YICANG_AUDIT_HIGH_WATER_H
#define YICANG_AUDIT_HIGH_WATER_H

#include "ledger/audit/head.h"

/* Reason id head.write. */
MUST_CHECK bool high_water_create(const char *path, const struct log_tip *tip, struct error *err);
/* The last whole line; present is false if there is no file. Read it before the book; compare it
 * with head_compare(). Reason ids book.head-damaged, store.io. */
MUST_CHECK bool high_water_read(const char *path, struct head *ret, struct error *err);
/* Appends the tip after a commit, unless the file is as far already. With sync, returns only when
 * it is on the disk. kept as in head_write(). Reason ids head.write, book.head-damaged. */
MUST_CHECK bool high_water_append(const char *path, struct kept_file *kept,
                                  const struct log_tip *tip, bool sync, struct error *err);

#endif
