/* file_write.h - small files written for good: every byte, and the folder that names them. Layer:
 * audit. */
#ifndef YICANG_AUDIT_FILE_WRITE_H
#define YICANG_AUDIT_FILE_WRITE_H

#include "ledger/base/attributes.h"

#include <stdbool.h>
#include <stddef.h>

/* False with errno set; a write cut short is taken up again. */
MUST_CHECK bool file_write_all(int file, const void *bytes, size_t length);
/* Syncs the folder in which the file of this path stands. False with errno set. */
MUST_CHECK bool file_folder_sync(const char *path);

/* Overwrites a file of at most 512 bytes, so that what it held is not merely unlinked; on some
 * media that is best effort. */
void file_wipe(const char *path);

#endif
