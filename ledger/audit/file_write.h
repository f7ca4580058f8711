/* file_write.h - small files written for good: every byte, and the folder that names them. Layer:
 * audit. */
#ifndef YICANG_AUDIT_FILE_WRITE_H
#define YICANG_AUDIT_FILE_WRITE_H

#include "ledger/base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* False with errno set; a write cut short is taken up again. */
MUST_CHECK bool file_write_all(int file, const void *bytes, size_t length);
/* Syncs the folder in which the file of this path stands. False with errno set. */
MUST_CHECK bool file_folder_sync(const char *path);

/* The whole content of a file, old or new but never half: written and synced under a second name
 * (<path>.new, 0600), then renamed; on failure that is taken away. Nothing but a file gives way: a
 * device, a folder or a pipe of that name is refused with ENOTSUP. False with errno set. */
MUST_CHECK bool file_replace(const char *path, const void *bytes, size_t length);
/* The same without a sync, for what may be forgotten: a power cut may leave the old content or, on
 * some file systems, none. */
MUST_CHECK bool file_exchange(const char *path, const void *bytes, size_t length);

/* A file that is written again and again, kept open between. Zero it first. */
struct kept_file {
    bool open;
    int file;
    dev_t device;
    ino_t inode;
};

/* Opens path with these flags, unless what stands there is open already, and locks it against other
 * writers. False with errno set. */
MUST_CHECK bool kept_file_lock(struct kept_file *kept, const char *path, int flags);
void kept_file_unlock(struct kept_file *kept);
/* Which also unlocks it. Accepts one that was only zeroed. */
void kept_file_close(struct kept_file *kept);

/* Overwrites a file of at most 512 bytes, so that what it held is not merely unlinked; on some
 * media that is best effort. */
void file_wipe(const char *path);

#endif
