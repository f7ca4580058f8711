/* bundle_manifest.h - the list of files in an export: `sha256sum` lines, sorted by path; and which
 * paths an export may hold at all. Layer: audit. */
#ifndef YICANG_AUDIT_BUNDLE_MANIFEST_H
#define YICANG_AUDIT_BUNDLE_MANIFEST_H

#include "ledger/audit/tile.h"

#define BUNDLE_FILES_MAX ((size_t)1 << 20)
#define BUNDLE_PATH_MAX 160
#define BUNDLE_MANIFEST_MAX ((size_t)128 << 20)

struct manifest_line {
    char *path;
    struct sha256 digest;
};

struct manifest {
    struct manifest_line *line;
    size_t lines;
    size_t capacity;
};

void manifest_release(struct manifest *manifest); /* accepts one that was only zeroed */
#define AUTO_MANIFEST AUTO(manifest_release) struct manifest

/* False if there are BUNDLE_FILES_MAX already. */
MUST_CHECK bool manifest_add(struct manifest *manifest, const char *path,
                             const struct sha256 *digest);
void manifest_sort(struct manifest *manifest);
/* NULL if there is no such path; the manifest is sorted. */
const struct manifest_line *manifest_find(const struct manifest *manifest, const char *path);
void manifest_write(const struct manifest *manifest, struct buffer *ret);
/* Strict: sorted, no path twice. Reason id E_CONTAINER. */
MUST_CHECK bool manifest_parse(const char *bytes, size_t length, struct manifest *ret,
                               struct error *err);

enum bundle_kind {
    BUNDLE_CHECKPOINT,     /* checkpoint */
    BUNDLE_CHECKPOINT_OLD, /* checkpoints/<size> */
    BUNDLE_KEYS,           /* keys.vkey */
    BUNDLE_POLICY,         /* policy */
    BUNDLE_TILE,           /* tile/... */
    BUNDLE_ROWS,           /* rows/<seq> */
    BUNDLE_REQUEST,        /* add-checkpoint.<old size> */
    BUNDLE_RECEIPT,        /* receipt.tlog-proof, receipts/<name> */
    BUNDLE_REPORT,         /* reports/<name> */
};

struct bundle_path {
    enum bundle_kind kind;
    uint64_t number; /* the size or seq in the path; else 0 */
    struct tile tile;
    size_t max; /* bytes that such a file may have */
};

/* False if an export holds no such path. */
MUST_CHECK bool bundle_path_parse(const char *path, struct bundle_path *ret);

#endif
