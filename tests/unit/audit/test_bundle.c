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

static struct signing_key key_of(const char *name, uint8_t seed_byte)
{
    uint8_t seed[32] = {seed_byte};
    struct signing_key key;
    signing_key_from_seed(name, KEY_TYPE_ED25519, seed, &key);
    return key;
}

static int scene_open(void **state)
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

static int scene_close(void **state)
{
    struct scene *scene = *state;
    store_close(scene->store);
    scratch_remove(scene->folder);
    free(scene);
    return 0;
}

static int leaf_text(uint64_t seq, char leaf[static 32])
{
    return snprintf(leaf, 32, "leaf %" PRIu64 "\n", seq);
}

static void event_put(struct scene *scene, uint64_t seq)
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

static void head_put(struct scene *scene, enum checkpoint_why why)
{
    AUTO_BUFFER note;
    struct sha256 root = merkle_range_root(&scene->range);
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    checkpoint_make(ORIGIN, scene->range.size, &root, &scene->log, &scene->day, NULL, &note);
    check_ok(checkpoint_store_put(scene->store, scene->range.size, note.data, note.length, why,
                                  &scene->err),
             &scene->err);
}

static void rows_put(struct scene *scene, int64_t seq, int64_t part, const char *bytes)
{
    AUTO_STATEMENT struct statement *insert =
        store_query(scene->store, "INSERT INTO event_rows (seq, part, bytes) VALUES ($1, $2, $3)");
    bind_int(insert, 1, seq);
    bind_int(insert, 2, part);
    bind_blob(insert, 3, bytes, strlen(bytes));
    check_ok(statement_run(insert, &scene->err), &scene->err);
}

/* Events up to `size`, day heads at 3 and 7, rows at events 2 and 5. */
static void log_fill(struct scene *scene, uint64_t size)
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

static bool export_write(struct scene *scene, uint64_t size, const struct bundle_file *file,
                         size_t files)
{
    struct sha256 manifest;
    struct bundle_content content = {ORIGIN, size,  "keys\n",      "quorum none\n",
                                     file,   files, &scene->secret};
    return bundle_write(scene->store, scene->export, &content, &manifest, &scene->err);
}

static bool see_leaf(void *context, uint64_t seq, const void *leaf, size_t length,
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
static bool export_read(struct scene *scene)
{
    AUTO_BUNDLE struct bundle *bundle = NULL;
    uint64_t next = 0;
    return bundle_open(scene->export, &scene->secret.key, &bundle, &scene->err) &&
           bundle_each_leaf(bundle, see_leaf, &next, &scene->err) &&
           bundle_check_files(bundle, &scene->err);
}

static void export_of_several_tiles_reads_back(void **state)
{
    struct scene *scene = *state;
    log_fill(scene, 520);
    check_ok(export_write(scene, 520, NULL, 0), &scene->err);
    check_ok(export_read(scene), &scene->err);
    AUTO_BUNDLE struct bundle *bundle = NULL;
    check_ok(bundle_open(scene->export, &scene->secret.key, &bundle, &scene->err), &scene->err);
    const uint64_t *sizes = NULL;
    check_int_equal((int64_t)bundle_size(bundle), 520);
    check_int_equal((int64_t)bundle_checkpoints(bundle, &sizes), 3);
    check_int_equal((int64_t)sizes[0], 3);
    check_int_equal((int64_t)sizes[1], 7);
    check_int_equal((int64_t)sizes[2], 520);
    for (size_t i = 0; i < 3; i++) {
        AUTO_BUFFER note;
        AUTO_BUFFER kept;
        bool found = false;
        buffer_init(&note, CHECKPOINT_NOTE_MAX);
        buffer_init(&kept, CHECKPOINT_NOTE_MAX);
        check_ok(bundle_read_checkpoint(bundle, sizes[i], &note, &scene->err), &scene->err);
        check_ok(checkpoint_store_get(scene->store, sizes[i], &found, &kept, &scene->err),
                 &scene->err);
        check_text_equal(note.data, kept.data);
    }
}

static void rows_of_an_event_are_one_file(void **state)
{
    struct scene *scene = *state;
    static const char *const wanted[] = {NULL, NULL, "one\ntwo\n", NULL, NULL, "three\n", NULL};
    log_fill(scene, 7);
    check_ok(export_write(scene, 7, NULL, 0), &scene->err);
    AUTO_BUNDLE struct bundle *bundle = NULL;
    check_ok(bundle_open(scene->export, &scene->secret.key, &bundle, &scene->err), &scene->err);
    for (uint64_t seq = 0; seq < 7; seq++) {
        AUTO_BUFFER rows;
        bool found = false;
        buffer_init(&rows, 1000);
        check_ok(bundle_read_rows(bundle, seq, &found, &rows, &scene->err), &scene->err);
        assert_true(found == (wanted[seq] != NULL));
        check_text_equal(rows.data, found ? wanted[seq] : "");
    }
}

static void older_size_can_be_exported_again(void **state)
{
    struct scene *scene = *state;
    log_fill(scene, 12);
    check_ok(export_write(scene, 7, NULL, 0), &scene->err);
    check_ok(export_read(scene), &scene->err);
}

static bool folder_is_there(const struct scene *scene, const char *ending)
{
    char path[400];
    struct stat status;
    snprintf(path, sizeof path, "%s%s", scene->export, ending);
    return lstat(path, &status) == 0;
}

static void refused_export_leaves_nothing_behind(void **state)
{
    struct scene *scene = *state;
    log_fill(scene, 12);
    check_refused(export_write(scene, 11, NULL, 0), &scene->err, "bundle.no-checkpoint");
    const struct bundle_file misplaced = {"reports/../../x", "x", 1};
    check_refused(export_write(scene, 12, &misplaced, 1), &scene->err, "bundle.path");
    const struct bundle_file doubled[] = {{"reports/x", "x", 1}, {"reports/x", "y", 1}};
    check_refused(export_write(scene, 12, doubled, 2), &scene->err, "bundle.write");
    assert_false(folder_is_there(scene, ""));
    assert_false(folder_is_there(scene, ".part"));
    check_ok(export_write(scene, 12, doubled, 1), &scene->err);
    check_refused(export_write(scene, 12, doubled, 1), &scene->err, "bundle.exists");
    check_ok(export_read(scene), &scene->err);
}

static void leaves_that_are_not_those_of_the_head_are_not_exported(void **state)
{
    struct scene *scene = *state;
    log_fill(scene, 12);
    merkle_range_append(&scene->range, &(struct sha256){{1}}); /* a head of other leaves */
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(scene->store, &transaction, &scene->err), &scene->err);
    struct merkle_range kept = scene->range;
    event_put(scene, 12);
    scene->range = kept;
    head_put(scene, CHECKPOINT_TIP);
    check_ok(transaction_commit(&transaction, &scene->err), &scene->err);
    check_refused(export_write(scene, 13, NULL, 0), &scene->err, "E_ROOT");
    assert_false(folder_is_there(scene, ".part"));
}

/* The files of the export; their number is *ret. */
static struct manifest manifest_of(const struct scene *scene)
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

static void file_write(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* MANIFEST written and signed anew over what the folder holds, by the holder of the export key:
 * only the checks behind the digests can object. */
static void manifest_anew(const struct scene *scene, const struct manifest *before,
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

static void every_changed_file_is_noticed(void **state)
{
    struct scene *scene = *state;
    log_fill(scene, 12);
    check_ok(export_write(scene, 12, NULL, 0), &scene->err);
    AUTO_MANIFEST manifest = manifest_of(scene);
    for (size_t i = 0; i <= manifest.lines + 1; i++) {
        char path[600];
        size_t length = 0;
        const char *name = i < manifest.lines    ? manifest.line[i].path
                           : i == manifest.lines ? "MANIFEST"
                                                 : "MANIFEST.minisig";
        snprintf(path, sizeof path, "%s/%s", scene->export, name);
        char *bytes = file_read(path, &length);
        size_t first = i == manifest.lines + 1 ? strcspn(bytes, "\n") : 0;
        for (size_t at = first; at < length; at += 1 + length / 50) {
            bytes[at] ^= 0x10;
            file_write(path, bytes, length);
            check_refused(export_read(scene), &scene->err, "E_CONTAINER");
            bytes[at] ^= 0x10;
        }
        file_write(path, bytes, length / 2);
        check_refused(export_read(scene), &scene->err, "E_CONTAINER");
        assert_int_equal(remove(path), 0);
        check_refused(export_read(scene), &scene->err, "E_CONTAINER");
        assert_int_equal(symlink("/dev/null", path), 0);
        check_refused(export_read(scene), &scene->err, "E_CONTAINER");
        assert_int_equal(remove(path), 0);
        assert_int_equal(mkfifo(path, 0600), 0);
        check_refused(export_read(scene), &scene->err, "E_CONTAINER");
        assert_int_equal(remove(path), 0);
        file_write(path, bytes, length);
        free(bytes);
    }
    check_ok(export_read(scene), &scene->err);
}

static void what_is_not_named_is_noticed(void **state)
{
    struct scene *scene = *state;
    static const char *const extra[] = {"x",        "checkpoints/4", "tile/0/001", "tile/entries/x",
                                        "rows/3",   "reports",       "receipts",   ".hidden",
                                        "a/b/c/d/e"};
    log_fill(scene, 12);
    check_ok(export_write(scene, 12, NULL, 0), &scene->err);
    for (size_t i = 0; i < COUNT_OF(extra); i++) {
        char path[600];
        snprintf(path, sizeof path, "%s/%s", scene->export, extra[i]);
        bool folder = strcmp(extra[i], "reports") == 0 || strcmp(extra[i], "receipts") == 0;
        if (folder) {
            assert_int_equal(mkdir(path, 0755), 0);
        } else if (extra[i][0] == 'a') {
            char part[600];
            for (char *slash = strchr(path + strlen(scene->export) + 1, '/'); slash != NULL;
                 slash = strchr(slash + 1, '/')) {
                snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
                assert_int_equal(mkdir(part, 0755), 0);
            }
            file_write(path, "x", 1);
        } else {
            file_write(path, "x", 1);
        }
        check_refused(export_read(scene), &scene->err, "E_CONTAINER");
        if (extra[i][0] != 'a') {
            assert_int_equal(remove(path), 0);
            check_ok(export_read(scene), &scene->err);
        }
    }
}

/* With the export key in hand: the paths of another size, other tiles, other leaves. */
static void signed_manifest_of_wrong_content_is_refused(void **state)
{
    struct scene *scene = *state;
    static const struct {
        const char *path, *bytes, *reason;
    } change[] = {
        {"checkpoints/4", "x", NULL}, /* a known shape: whether it is a checkpoint is seen later */
        {"checkpoints/12", "x", "E_CONTAINER"},
        {"checkpoints/13", "x", "E_CONTAINER"},
        {"checkpoints/0", "x", "E_CONTAINER"},
        {"checkpoints/04", "x", "E_CONTAINER"},
        {"rows/12", "x", "E_CONTAINER"},
        {"rows/11", "x", NULL},
        {"tile/0/000.p/11", "x", "E_CONTAINER"},
        {"tile/1/000.p/1", "x", "E_CONTAINER"},
        {"tile/0/001.p/1", "x", "E_CONTAINER"},
        {"tile/0/000.p/12", "x", "E_CONTAINER"}, /* the tile itself, other bytes */
        {"tile/0/000.p/12", NULL, "E_CONTAINER"},
        {"tile/entries/000.p/12", "", "E_CONTAINER"},
        {"tile/entries/000.p/12", NULL, "E_CONTAINER"},
        {"policy", NULL, "E_CONTAINER"},
        {"keys.vkey", NULL, "E_CONTAINER"},
        {"checkpoint", NULL, "E_CONTAINER"},
        {"checkpoint", "x", "E_CONTAINER"},
        {"reports/ok.txt", "x", NULL},
        {"reports/.txt", "x", "E_CONTAINER"},
        {"receipts/a b", "x", "E_CONTAINER"},
        {"other", "x", "E_CONTAINER"},
    };
    log_fill(scene, 12);
    check_ok(export_write(scene, 12, NULL, 0), &scene->err);
    AUTO_MANIFEST manifest = manifest_of(scene);
    char path[600];
    static const char *const folders[] = {"reports", "receipts", "tile/1", "tile/1/000.p",
                                          "tile/0/001.p"};
    for (size_t i = 0; i < COUNT_OF(change); i++) {
        for (size_t j = 0; j < COUNT_OF(folders); j++) {
            snprintf(path, sizeof path, "%s/%s", scene->export, folders[j]);
            if (strncmp(change[i].path, folders[j], strlen(folders[j])) == 0) {
                assert_int_equal(mkdir(path, 0755), 0);
            }
        }
        bool known = manifest_find(&manifest, change[i].path) != NULL;
        size_t length = 0;
        snprintf(path, sizeof path, "%s/%s", scene->export, change[i].path);
        char *bytes = known ? file_read(path, &length) : NULL;
        if (change[i].bytes == NULL) {
            assert_int_equal(remove(path), 0);
        } else {
            file_write(path, change[i].bytes, strlen(change[i].bytes));
        }
        manifest_anew(scene, &manifest, known ? NULL : change[i].path);
        if (change[i].reason == NULL) {
            check_ok(export_read(scene), &scene->err);
        } else {
            check_refused(export_read(scene), &scene->err, change[i].reason);
        }
        if (known) {
            file_write(path, bytes, length);
        } else {
            assert_int_equal(remove(path), 0);
        }
        free(bytes);
        for (size_t j = COUNT_OF(folders); j > 0; j--) {
            snprintf(path, sizeof path, "%s/%s", scene->export, folders[j - 1]);
            rmdir(path);
        }
    }
    manifest_anew(scene, &manifest, NULL);
    check_ok(export_read(scene), &scene->err);
}

static bool skip_leaf(void *context, uint64_t seq, const void *leaf, size_t length,
                      struct error *err)
{
    (void)context;
    (void)seq;
    (void)leaf;
    (void)length;
    (void)err;
    return true;
}

/* Entries and hash tile changed together, manifest signed anew: only the root of the head objects.
 */
static void other_leaves_under_a_genuine_head_have_another_root(void **state)
{
    struct scene *scene = *state;
    log_fill(scene, 12);
    check_ok(export_write(scene, 12, NULL, 0), &scene->err);
    AUTO_MANIFEST manifest = manifest_of(scene);
    AUTO_BUFFER entries;
    AUTO_BUFFER hashes;
    char path[600];
    buffer_init(&entries, 10000);
    buffer_init(&hashes, 10000);
    for (uint64_t seq = 0; seq < 12; seq++) {
        char leaf[32];
        int length = leaf_text(seq, leaf);
        leaf[0] = seq == 4 ? 'L' : leaf[0];
        struct sha256 hash = merkle_leaf_hash(leaf, (size_t)length);
        tile_entry_add(leaf, (size_t)length, &entries);
        buffer_add(&hashes, hash.byte, SHA256_SIZE);
    }
    snprintf(path, sizeof path, "%s/tile/entries/000.p/12", scene->export);
    file_write(path, entries.data, entries.length);
    snprintf(path, sizeof path, "%s/tile/0/000.p/12", scene->export);
    file_write(path, hashes.data, hashes.length);
    manifest_anew(scene, &manifest, NULL);
    AUTO_BUNDLE struct bundle *bundle = NULL;
    check_ok(bundle_open(scene->export, &scene->secret.key, &bundle, &scene->err), &scene->err);
    check_refused(bundle_each_leaf(bundle, skip_leaf, NULL, &scene->err), &scene->err, "E_ROOT");
}

static void export_signed_by_another_key_is_refused(void **state)
{
    struct scene *scene = *state;
    struct bundle *unused = NULL;
    struct minisign_key other = scene->secret.key;
    log_fill(scene, 12);
    check_ok(export_write(scene, 12, NULL, 0), &scene->err);
    other.public_key[0] ^= 1;
    check_refused(bundle_open(scene->export, &other, &unused, &scene->err), &scene->err,
                  "E_CONTAINER");
    other = scene->secret.key;
    other.number[0] ^= 1;
    check_refused(bundle_open(scene->export, &other, &unused, &scene->err), &scene->err,
                  "E_CONTAINER");
}

static void manifest_is_strict(void **state)
{
    (void)state;
#define D "0000000000000000000000000000000000000000000000000000000000000000"
    static const char *const bad[] = {
        D "  a",
        D "  b\n" D "  a\n",
        D "  a\n" D "  a\n",
        D " a\n",
        D " *a\n",
        D "  \n",
        "\n",
        D "\n",
        "A" D "  a\n",
        D "  a\r\n" D "\n",
        "xx\n",
        "F000000000000000000000000000000000000000000000000000000000000000  a\n"};
    struct error err;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        AUTO_MANIFEST manifest = {0};
        check_refused(manifest_parse(bad[i], strlen(bad[i]), &manifest, &err), &err, "E_CONTAINER");
    }
    AUTO_MANIFEST manifest = {0};
    check_ok(manifest_parse(D "  a\n" D "  b/c\n", 2 * 66 + 6, &manifest, &err), &err);
    assert_non_null(manifest_find(&manifest, "b/c"));
    assert_null(manifest_find(&manifest, "b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(export_of_several_tiles_reads_back, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(rows_of_an_event_are_one_file, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(older_size_can_be_exported_again, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(refused_export_leaves_nothing_behind, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(leaves_that_are_not_those_of_the_head_are_not_exported,
                                        scene_open, scene_close),
        cmocka_unit_test_setup_teardown(every_changed_file_is_noticed, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(what_is_not_named_is_noticed, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(signed_manifest_of_wrong_content_is_refused, scene_open,
                                        scene_close),
        cmocka_unit_test_setup_teardown(other_leaves_under_a_genuine_head_have_another_root,
                                        scene_open, scene_close),
        cmocka_unit_test_setup_teardown(export_signed_by_another_key_is_refused, scene_open,
                                        scene_close),
        cmocka_unit_test(manifest_is_strict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
