#include "ledger/audit/bundle_folder.h"

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool comment_fits(const char *comment, const struct checkpoint *head)
{
    char root[64];
    char wanted[MINISIGN_COMMENT_MAX + 1];
    snprintf(wanted, sizeof wanted, "origin=%s size=%" PRIu64 " root=%s", head->origin, head->size,
             base64_format(head->root.byte, SHA256_SIZE, root));
    return text_equal(comment, wanted);
}

static bool manifest_read(struct bundle *bundle, const struct minisign_key *key,
                          char ret_comment[static MINISIGN_COMMENT_MAX + 1], struct error *err)
{
    AUTO_BUFFER text;
    AUTO_BUFFER signature;
    buffer_init(&text, BUNDLE_MANIFEST_MAX + 1);
    buffer_init(&signature, MINISIGN_SIGNATURE_MAX + 1);
    if (!bundle_folder_read(bundle->folder, "MANIFEST", BUNDLE_MANIFEST_MAX, &text, err) ||
        !bundle_folder_read(bundle->folder, "MANIFEST.minisig", MINISIGN_SIGNATURE_MAX, &signature,
                            err)) {
        return false;
    }
    uint8_t digest[MINISIGN_DIGEST_SIZE];
    minisign_digest(text.data, text.length, digest);
    if (key != NULL &&
        !minisign_verify(key, digest, signature.data, signature.length, ret_comment, err)) {
        return bundle_refuse(err, "MANIFEST", _("it is not signed with the export key"));
    }
    return manifest_parse(text.data, text.length, &bundle->manifest, err);
}

/* The files that are there against the files that are named. */
static bool files_match(const struct bundle *bundle, struct error *err)
{
    AUTO_MANIFEST there = {0};
    if (!bundle_folder_list(bundle->folder, &there, err)) {
        return false;
    }
    size_t named = 0;
    for (size_t i = 0; i < there.lines; i++) {
        const char *path = there.line[i].path;
        if (text_equal(path, "MANIFEST") || text_equal(path, "MANIFEST.minisig")) {
            continue;
        }
        int order =
            named < bundle->manifest.lines ? strcmp(path, bundle->manifest.line[named].path) : -1;
        if (order < 0) {
            return bundle_refuse(err, path, _("MANIFEST does not name it"));
        }
        if (order > 0) {
            return bundle_refuse(err, bundle->manifest.line[named].path, _("it is missing"));
        }
        named++;
    }
    return named == bundle->manifest.lines ||
           bundle_refuse(err, bundle->manifest.line[named].path, _("it is missing"));
}

static bool head_read(struct bundle *bundle, struct error *err)
{
    AUTO_BUFFER file;
    buffer_init(&file, CHECKPOINT_NOTE_MAX + 1);
    struct note note;
    if (!bundle_read_file(bundle, "checkpoint", &file, err)) {
        return false;
    }
    if (!checkpoint_read(file.data, file.length, &note, &bundle->head, err)) {
        return bundle_refuse(err, "checkpoint", _("it cannot be read"));
    }
    bundle->head.extension = (struct span){0};
    return bundle->head.size > 0 ||
           bundle_refuse(err, "checkpoint", _("it is of a log without events"));
}

/* Tiles that a log of this size has: entry bundles, and hash tiles of every level. */
static uint64_t tiles_wanted(uint64_t size)
{
    uint64_t tiles = (size + TILE_WIDTH - 1) / TILE_WIDTH;
    for (uint64_t hashes = size; hashes > 0; hashes /= TILE_WIDTH) {
        tiles += (hashes + TILE_WIDTH - 1) / TILE_WIDTH;
    }
    return tiles;
}

static bool path_fits(const struct bundle_path *path, uint64_t size)
{
    if (path->kind == BUNDLE_TILE) {
        return tile_width(size, path->tile.level, path->tile.index) == path->tile.width;
    }
    if (path->kind == BUNDLE_CHECKPOINT_OLD) {
        return path->number > 0 && path->number < size;
    }
    return path->kind != BUNDLE_ROWS || path->number < size;
}

static int by_number(const void *a, const void *b)
{
    uint64_t first = *(const uint64_t *)a;
    uint64_t second = *(const uint64_t *)b;
    return (first > second) - (first < second);
}

/* Paths differ, so the right number of fitting tiles is every tile, once. */
static bool paths_check(struct bundle *bundle, struct error *err)
{
    const struct manifest *manifest = &bundle->manifest;
    uint64_t tiles = 0;
    bundle->checkpoint = alloc_zeroed(manifest->lines + 1, sizeof *bundle->checkpoint);
    for (size_t i = 0; i < manifest->lines; i++) {
        struct bundle_path path;
        if (!bundle_path_parse(manifest->line[i].path, &path) ||
            !path_fits(&path, bundle->head.size)) {
            return bundle_refuse(err, manifest->line[i].path,
                                 _("an export of this size has no such file"));
        }
        tiles += path.kind == BUNDLE_TILE ? 1 : 0;
        if (path.kind == BUNDLE_CHECKPOINT_OLD) {
            bundle->checkpoint[bundle->checkpoints++] = path.number;
        }
    }
    if (tiles != tiles_wanted(bundle->head.size)) {
        return bundle_refuse(err, "tile", _("a tile is missing"));
    }
    if (manifest_find(manifest, "keys.vkey") == NULL || manifest_find(manifest, "policy") == NULL) {
        return bundle_refuse(err, "policy", _("keys.vkey or policy is missing"));
    }
    bundle->checkpoint[bundle->checkpoints++] = bundle->head.size;
    qsort(bundle->checkpoint, bundle->checkpoints, sizeof *bundle->checkpoint, by_number);
    return true;
}

static bool bundle_check(struct bundle *bundle, const char *folder, const struct minisign_key *key,
                         struct error *err)
{
    char comment[MINISIGN_COMMENT_MAX + 1];
    bundle->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (bundle->folder < 0) {
        error_set(err, FAULT_INPUT, "bundle.no-folder", _("there is no export %s: %s"), folder,
                  strerror(errno));
        return error_next(err, _("name the folder that `yicang audit bundle` made"));
    }
    if (!manifest_read(bundle, key, comment, err) || !files_match(bundle, err) ||
        !head_read(bundle, err) || !paths_check(bundle, err)) {
        return false;
    }
    return key == NULL || comment_fits(comment, &bundle->head) ||
           bundle_refuse(err, "MANIFEST.minisig",
                         _("its trusted comment names another log, size or root"));
}

bool bundle_open(const char *folder, const struct minisign_key *key, struct bundle **ret,
                 struct error *err)
{
    struct bundle *bundle = alloc_zeroed(1, sizeof *bundle);
    if (!bundle_check(bundle, folder, key, err)) {
        bundle_close(bundle);
        return false;
    }
    *ret = bundle;
    return true;
}
