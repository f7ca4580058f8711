/* bundle.h - the log as a folder that an auditor takes away (audit-log.md 4.8). Layer: audit.
 *
 *     checkpoint                 of exactly the events inside, as cosigned
 *     checkpoints/<size>         the day, seal and cosigned heads before it
 *     tile/entries/... tile/L/.. C2SP tiles; the entries are the hashed bytes
 *     rows/<seq>                 rows of an event that did not fit its line
 *     keys.vkey policy           copies for convenience; never trusted by a verifier
 *     receipts/.. reports/.. receipt.tlog-proof add-checkpoint.<size>    what the period needs
 *     MANIFEST MANIFEST.minisig
 *
 * There is no personal data inside. */
#ifndef YICANG_AUDIT_BUNDLE_H
#define YICANG_AUDIT_BUNDLE_H

#include "ledger/audit/minisign.h"
#include "ledger/base/digest.h"
#include "ledger/store/store.h"

#define BUNDLE_REPORT_MAX ((size_t)64 << 20)

struct bundle_file {
    const char
        *path; /* receipts/<name>, reports/<name>, receipt.tlog-proof, add-checkpoint.<size> */
    const void *bytes;
    size_t length;
};

struct bundle_content {
    const char *origin;
    uint64_t size;      /* events; a head of this size must be kept */
    const char *keys;   /* verifier keys, one a line */
    const char *policy; /* text of the witness policy */
    const struct bundle_file *file;
    size_t files;
    const struct minisign_secret *secret;
};

/* Writes the folder, which must not exist yet, streaming, out of one read snapshot of its own:
 * first as <folder>.part, which is renamed when all of it is on the disk and removed if something
 * fails. Every hash is computed from the leaves. ret_manifest is the SHA-256 of MANIFEST. Reason
 * ids bundle.exists, bundle.no-checkpoint, bundle.path (an added file of another name),
 * bundle.too-many-files, bundle.write; E_ROOT if the leaves do not have the root of the head;
 * E_CONTAINER if events are missing; and the store's. */
MUST_CHECK bool bundle_write(struct store *store, const char *folder,
                             const struct bundle_content *content, struct sha256 *ret_manifest,
                             struct error *err);

struct bundle;

/* Opens a folder that may be hostile: MANIFEST is signed by this key (NULL: by whom is not asked,
 * which proves nothing about where the folder comes from), names exactly the files that
 * are there, all of them regular, of a known shape and not too large, and the tiles are exactly
 * those of the size in `checkpoint` (whose signatures are not looked at here). Everything read
 * later is compared with its digest first. Reason id E_CONTAINER. */
MUST_CHECK bool bundle_open(const char *folder, const struct minisign_key *key, struct bundle **ret,
                            struct error *err);
struct bundle *bundle_close(struct bundle *bundle); /* accepts NULL; returns NULL */
void bundle_close_pointer(struct bundle **bundle);
#define AUTO_BUNDLE AUTO(bundle_close_pointer)

uint64_t bundle_size(const struct bundle *bundle); /* events */
/* Sizes of the heads inside, ascending; the last is bundle_size(). */
size_t bundle_checkpoints(const struct bundle *bundle, const uint64_t **ret_sizes);
MUST_CHECK bool bundle_read_checkpoint(const struct bundle *bundle, uint64_t size,
                                       struct buffer *ret, struct error *err);
/* *ret_found is false if the event brought no rows. */
MUST_CHECK bool bundle_read_rows(const struct bundle *bundle, uint64_t seq, bool *ret_found,
                                 struct buffer *ret, struct error *err);
/* Events from seq `from` on that brought rows. */
uint64_t bundle_rows_files(const struct bundle *bundle, uint64_t from);
/* Hands over the path of each file in reports/, in order; stops when visit returns false, which
 * then is the result. */
typedef bool (*report_path_visitor)(void *context, const char *path, struct error *err);
MUST_CHECK bool bundle_each_report(const struct bundle *bundle, report_path_visitor visit,
                                   void *context, struct error *err);
/* Any file of the manifest, by path. */
MUST_CHECK bool bundle_read_file(const struct bundle *bundle, const char *path, struct buffer *ret,
                                 struct error *err);

/* Hands over every leaf from the first on, and compares each hash tile with the leaves on the way
 * (E_CONTAINER), the root with that of the head at the end (E_ROOT). Stops when visit returns
 * false, which then is the result. */
typedef bool (*leaf_visitor)(void *context, uint64_t seq, const void *leaf, size_t length,
                             struct error *err);
MUST_CHECK bool bundle_each_leaf(const struct bundle *bundle, leaf_visitor visit, void *context,
                                 struct error *err);
/* The leaves from seq `from` on alone. Hash tiles are not compared, nor is the root: whoever knows
 * the tree before `from` does that. */
MUST_CHECK bool bundle_each_leaf_from(const struct bundle *bundle, uint64_t from,
                                      leaf_visitor visit, void *context, struct error *err);
/* Every file that bundle_each_leaf() does not read has its digest; rows of events before `from` are
 * left out. */
MUST_CHECK bool bundle_check_files(const struct bundle *bundle, uint64_t from, struct error *err);

#endif
