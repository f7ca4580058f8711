#include "tests/conformance/attacks/export_forgery.h"

#include "cli/service/exchange.h"
#include "ledger/audit/bundle_manifest.h"
#include "tests/support/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_SIZE 4096

const char *scene_export(struct scene *scene)
{
    struct sha256 manifest;
    struct error err = {0};
    uint64_t size = 0;
    const char *folder = arena_printf(&scene->arena, "%s/export", scene->book.folder);
    scene_restore(scene);
    live_book_open(&scene->book);
    check_ok(export_write(&scene->book.office, &scene->card, &scene->export_key, folder, &size,
                          &manifest, &err),
             &err);
    live_book_close(&scene->book);
    assert_int_equal(size, scene->size);
    return folder;
}

void export_put_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wbe");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static char *read_in(const char *folder, const char *name, size_t *ret_length)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return file_read(path, ret_length);
}

static void put_in(const char *folder, const char *name, const struct buffer *bytes)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    export_put_file(path, bytes->data, bytes->length);
}

/* The trusted comment of the signature that stands there. */
static void read_comment(const char *folder, char ret[static MINISIGN_COMMENT_MAX + 1])
{
    size_t length = 0;
    char *kept = read_in(folder, "MANIFEST.minisig", &length);
    const char *trusted = strstr(kept, "trusted comment: origin");
    assert_non_null(trusted);
    trusted += strlen("trusted comment: ");
    (void)snprintf(ret, MINISIGN_COMMENT_MAX + 1, "%.*s", (int)strcspn(trusted, "\n"), trusted);
    free(kept);
}

void export_sign_again(struct scene *scene, const char *folder)
{
    AUTO_MANIFEST manifest = {0};
    AUTO_BUFFER text;
    AUTO_BUFFER signature;
    struct error err = {0};
    size_t length = 0;
    uint8_t digest[MINISIGN_DIGEST_SIZE];
    char comment[MINISIGN_COMMENT_MAX + 1];
    char *old = read_in(folder, "MANIFEST", &length);

    buffer_init(&text, BUNDLE_MANIFEST_MAX);
    buffer_init(&signature, MINISIGN_SIGNATURE_MAX);
    check_ok(manifest_parse(old, length, &manifest, &err), &err);
    free(old);
    for (size_t i = 0; i < manifest.lines; i++) {
        char *bytes = read_in(folder, manifest.line[i].path, &length);
        manifest.line[i].digest = sha256_of(bytes, length);
        free(bytes);
    }
    manifest_write(&manifest, &text);
    put_in(folder, "MANIFEST", &text);
    read_comment(folder, comment);
    minisign_digest(text.data, text.length, digest);
    minisign_sign(&scene->export_key, digest, "ledger export", comment, &signature);
    put_in(folder, "MANIFEST.minisig", &signature);
}
