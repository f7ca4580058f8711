/* bundle_folder.h - inside of the reader of exports: the folder and what stands in it. Layer:
 * audit. Private to bundle_*.c. */
#ifndef YICANG_AUDIT_BUNDLE_FOLDER_H
#define YICANG_AUDIT_BUNDLE_FOLDER_H

#include "ledger/audit/bundle.h"
#include "ledger/audit/bundle_manifest.h"
#include "ledger/audit/checkpoint.h"

#define BUNDLE_FILE_MAX ((size_t)257 << 20) /* above every limit of bundle_path_parse() */

struct bundle {
    int folder;
    struct manifest manifest;
    struct checkpoint head; /* its extension points nowhere */
    uint64_t *checkpoint;   /* sizes, ascending */
    size_t checkpoints;
};

/* E_CONTAINER, naming the file. */
bool bundle_refuse(struct error *err, const char *path, const char *fact);

/* Appends a regular file of at most `max` bytes, never through a link. */
MUST_CHECK bool bundle_folder_read(int folder, const char *path, size_t max, struct buffer *ret,
                                   struct error *err);

/* Every path below the folder, sorted; digests are left zero. Refuses what is neither a regular
 * file nor a folder with files in it. */
MUST_CHECK bool bundle_folder_list(int folder, struct manifest *ret, struct error *err);

#endif
