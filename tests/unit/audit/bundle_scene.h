/* bundle_scene.h - a book of any leaves, exported: what the tests of the export share. */
#ifndef YICANG_TESTS_UNIT_AUDIT_BUNDLE_SCENE_H
#define YICANG_TESTS_UNIT_AUDIT_BUNDLE_SCENE_H

#include "ledger/audit/bundle.h"

#include "ledger/audit/bundle_manifest.h"
#include "ledger/audit/checkpoint.h"
#include "ledger/audit/checkpoint_store.h"
#include "ledger/audit/merkle.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ORIGIN "demo.invalid/ledger-00000001"

/* A book of any leaves: what an export does with them does not depend on what they say. */
struct scene {
    char *folder;
    char book[300], export[300];
    struct store *store;
    struct minisign_secret secret;
    struct signing_key log, day;
    struct merkle_range range;
    struct error err;
};

static inline struct signing_key key_of(const char *name, uint8_t seed_byte)
{
    uint8_t seed[32] = {seed_byte};
    struct signing_key key;
    signing_key_from_seed(name, KEY_TYPE_ED25519, seed, &key);
    return key;
}

static inline int scene_open(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    uint8_t seed[32] = {5};
    scene->folder = scratch_create();
    snprintf(scene->book, sizeof scene->book, "%s/book", scene->folder);
    snprintf(scene->export, sizeof scene->export, "%s/export", scene->folder);
    minisign_secret_from_seed(seed + 8, seed, &scene->secret);
    scene->log = key_of(ORIGIN, 1);
    scene->day = key_of(ORIGIN "/day", 2);
    merkle_range_init(&scene->range);
    check_ok(store_open(scene->book, STORE_CREATE, &scene->store, &scene->err), &scene->err);
    *state = scene;
    return 0;
}

static inline int scene_close(void **state)
{
    struct scene *scene = *state;
    store_close(scene->store);
    scratch_remove(scene->folder);
    free(scene);
    return 0;
}

static inline int leaf_text(uint64_t seq, char leaf[static 32])
{
    return snprintf(leaf, 32, "leaf %" PRIu64 "\n", seq);
}

static inline void event_put(struct scene *scene, uint64_t seq)
{
    char leaf[32];
    int length = leaf_text(seq, leaf);
    struct sha256 hash = merkle_leaf_hash(leaf, (size_t)length);
    struct sha256 false_hash = {{0}};
    merkle_range_append(&scene->range, &hash);
    AUTO_STATEMENT struct statement *insert = store_query(
        scene->store, "INSERT INTO event (seq, leaf, leaf_hash, cmd) VALUES ($1, $2, $3, $4)");
    bind_int(insert, 1, (int64_t)seq);
    bind_blob(insert, 2, leaf, (size_t)length);
    bind_sha256(insert, 3, &false_hash); /* a cache that an export never reads */
    bind_blob(insert, 4, hash.byte, 16);
    check_ok(statement_run(insert, &scene->err), &scene->err);
}

static inline void head_put(struct scene *scene, enum checkpoint_why why)
{
    AUTO_BUFFER note;
    struct sha256 root = merkle_range_root(&scene->range);
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    checkpoint_make(ORIGIN, scene->range.size, &root, &scene->log, &scene->day, NULL, &note);
    check_ok(checkpoint_store_put(scene->store, scene->range.size, note.data, note.length, why,
                                  &scene->err),
             &scene->err);
}

static inline void rows_put(struct scene *scene, int64_t seq, int64_t part, const char *bytes)
{
    AUTO_STATEMENT struct statement *insert =
        store_query(scene->store, "INSERT INTO event_rows (seq, part, bytes) VALUES ($1, $2, $3)");
    bind_int(insert, 1, seq);
    bind_int(insert, 2, part);
    bind_blob(insert, 3, bytes, strlen(bytes));
    check_ok(statement_run(insert, &scene->err), &scene->err);
}

/* Events up to `size`, day heads at 3 and 7, rows at events 2 and 5. */
static inline void log_fill(struct scene *scene, uint64_t size)
{
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(scene->store, &transaction, &scene->err), &scene->err);
    for (uint64_t seq = 0; seq < size; seq++) {
        event_put(scene, seq);
        bool day = seq + 1 == 3 || seq + 1 == 7;
        head_put(scene, day ? CHECKPOINT_DAY : CHECKPOINT_TIP);
    }
    rows_put(scene, 2, 0, "one\n");
    rows_put(scene, 2, 1, "two\n");
    rows_put(scene, 5, 0, "three\n");
    check_ok(transaction_commit(&transaction, &scene->err), &scene->err);
}

static inline bool export_write(struct scene *scene, uint64_t size, const struct bundle_file *file,
                                size_t files)
{
    struct sha256 manifest;
    struct bundle_content content = {ORIGIN, size,  "keys\n",      "quorum none\n",
                                     file,   files, &scene->secret};
    return bundle_write(scene->store, scene->export, &content, &manifest, &scene->err);
}

static inline bool see_leaf(void *context, uint64_t seq, const void *leaf, size_t length,
                            struct error *err)
{
    (void)err;
    char wanted[32];
    uint64_t *next = context;
    int wanted_length = leaf_text(seq, wanted);
    check_int_equal((int64_t)seq, (int64_t)*next);
    check_int_equal((int64_t)length, wanted_length);
    assert_memory_equal(leaf, wanted, length);
    ++*next;
    return true;
}

/* Reads all of the export, as an auditor's program does. */
static inline bool export_read(struct scene *scene)
{
    AUTO_BUNDLE struct bundle *bundle = NULL;
    uint64_t next = 0;
    return bundle_open(scene->export, &scene->secret.key, &bundle, &scene->err) &&
           bundle_each_leaf(bundle, see_leaf, &next, &scene->err) &&
           bundle_check_files(bundle, 0, &scene->err);
}

/* The files of the export; their number is *ret. */
static inline struct manifest manifest_of(const struct scene *scene)
{
    char path[400];
    size_t length = 0;
    struct manifest manifest = {0};
    struct error err;
    snprintf(path, sizeof path, "%s/MANIFEST", scene->export);
    char *text = file_read(path, &length);
    check_ok(manifest_parse(text, length, &manifest, &err), &err);
    free(text);
    return manifest;
}

static inline void file_write(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* MANIFEST written and signed anew over what the folder holds, by the holder of the export key:
 * only the checks behind the digests can object. */
static inline void manifest_anew(const struct scene *scene, const struct manifest *before,
                                 const char *added)
{
    AUTO_MANIFEST manifest = {0};
    AUTO_BUFFER text;
    AUTO_BUFFER signature;
    char path[600];
    for (size_t i = 0; i <= before->lines; i++) {
        const char *name = i < before->lines ? before->line[i].path : added;
        size_t length = 0;
        if (name == NULL) {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", scene->export, name);
        if (access(path, F_OK) == 0) {
            char *bytes = file_read(path, &length);
            struct sha256 digest = sha256_of(bytes, length);
            assert_true(manifest_add(&manifest, name, &digest));
            free(bytes);
        }
    }
    buffer_init(&text, BUNDLE_MANIFEST_MAX);
    buffer_init(&signature, MINISIGN_SIGNATURE_MAX);
    manifest_sort(&manifest);
    manifest_write(&manifest, &text);
    char comment[300];
    char root[64];
    struct sha256 hash = merkle_range_root(&scene->range);
    uint8_t digest[MINISIGN_DIGEST_SIZE];
    snprintf(comment, sizeof comment, "origin=" ORIGIN " size=%" PRIu64 " root=%s",
             scene->range.size, base64_format(hash.byte, SHA256_SIZE, root));
    minisign_digest(text.data, text.length, digest);
    minisign_sign(&scene->secret, digest, "x", comment, &signature);
    snprintf(path, sizeof path, "%s/MANIFEST", scene->export);
    file_write(path, text.data, text.length);
    snprintf(path, sizeof path, "%s/MANIFEST.minisig", scene->export);
    file_write(path, signature.data, signature.length);
}

#endif
