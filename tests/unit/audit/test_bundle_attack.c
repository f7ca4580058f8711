#include "tests/unit/audit/bundle_scene.h"

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
