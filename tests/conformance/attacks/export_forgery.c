#include "tests/conformance/attacks/export_forgery.h"

#include "cli/service/exchange.h"
#include "ledger/audit/bundle_folder.h"
#include "tests/support/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 4096

const char *scene_export(struct scene *scene)
{
    struct sha256 manifest;
    struct error err = {0};
    uint64_t size = 0;
    const char *folder = arena_printf(&scene->arena, "%s/export", scene->book.folder);
    scene_restore(scene);
    live_book_open(&scene->book);
    struct office *office = &scene->book.office;
    AUTO_EXPORT_REPORTS reports = {0};
    check_ok(export_reports_make(office->store, office->policies, NULL, &reports, &err), &err);
    check_ok(export_write(office, &scene->card, &scene->export_key, &reports, folder, &size,
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
    AUTO_MANIFEST found = {0};
    int opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    buffer_init(&text, BUNDLE_MANIFEST_MAX);
    buffer_init(&signature, MINISIGN_SIGNATURE_MAX);
    assert_true(opened >= 0);
    check_ok(bundle_folder_list(opened, &found, &err), &err);
    assert_int_equal(close(opened), 0);
    for (size_t i = 0; i < found.lines; i++) {
        const char *path = found.line[i].path;
        if (strncmp(path, "MANIFEST", strlen("MANIFEST")) != 0) {
            char *bytes = read_in(folder, path, &length);
            struct sha256 hash = sha256_of(bytes, length);
            assert_true(manifest_add(&manifest, path, &hash));
            free(bytes);
        }
    }
    manifest_write(&manifest, &text);
    put_in(folder, "MANIFEST", &text);
    read_comment(folder, comment);
    minisign_digest(text.data, text.length, digest);
    minisign_sign(&scene->export_key, digest, "ledger export", comment, &signature);
    put_in(folder, "MANIFEST.minisig", &signature);
}
