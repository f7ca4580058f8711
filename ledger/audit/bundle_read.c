#include "ledger/audit/bundle_folder.h"

#include "ledger/audit/checkpoint.h"
#include "ledger/audit/tile_builder.h"
#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

uint64_t bundle_size(const struct bundle *bundle)
{
    return bundle->head.size;
}

size_t bundle_checkpoints(const struct bundle *bundle, const uint64_t **ret_sizes)
{
    *ret_sizes = bundle->checkpoint;
    return bundle->checkpoints;
}

bool bundle_read_file(const struct bundle *bundle, const char *path, struct buffer *ret,
                      struct error *err)
{
    const struct manifest_line *line = manifest_find(&bundle->manifest, path);
    struct bundle_path parsed;
    if (line == NULL || !bundle_path_parse(path, &parsed)) {
        return bundle_refuse(err, path, _("the export has no such file"));
    }
    size_t start = ret->length;
    if (!bundle_folder_read(bundle->folder, path, parsed.max, ret, err)) {
        return false;
    }
    struct sha256 digest = sha256_of(ret->data + start, ret->length - start);
    return sha256_equal(&digest, &line->digest) ||
           bundle_refuse(err, path, _("it is not the file that MANIFEST names"));
}

bool bundle_read_checkpoint(const struct bundle *bundle, uint64_t size, struct buffer *ret,
                            struct error *err)
{
    char path[BUNDLE_PATH_MAX] = "checkpoint";
    if (size != bundle->head.size) {
        snprintf(path, sizeof path, "checkpoints/%" PRIu64, size);
    }
    return bundle_read_file(bundle, path, ret, err);
}

bool bundle_read_rows(const struct bundle *bundle, uint64_t seq, bool *ret_found,
                      struct buffer *ret, struct error *err)
{
    char path[BUNDLE_PATH_MAX];
    snprintf(path, sizeof path, "rows/%" PRIu64, seq);
    *ret_found = manifest_find(&bundle->manifest, path) != NULL;
    return !*ret_found || bundle_read_file(bundle, path, ret, err);
}

/* Rows of an event before `from`, or from it on. */
static bool is_rows(const char *path, uint64_t from, bool before)
{
    struct bundle_path parsed;
    return text_starts_with(path, "rows/") && bundle_path_parse(path, &parsed) &&
           before == (parsed.number < from);
}

uint64_t bundle_rows_files(const struct bundle *bundle, uint64_t from)
{
    uint64_t files = 0;
    for (size_t i = 0; i < bundle->manifest.lines; i++) {
        files += is_rows(bundle->manifest.line[i].path, from, false) ? 1 : 0;
    }
    return files;
}

bool bundle_each_report(const struct bundle *bundle, report_path_visitor visit, void *context,
                        struct error *err)
{
    for (size_t i = 0; i < bundle->manifest.lines; i++) {
        const char *path = bundle->manifest.line[i].path;
        if (text_starts_with(path, "reports/") && !visit(context, path, err)) {
            return false;
        }
    }
    return true;
}

struct leaf_walk {
    const struct bundle *bundle;
    leaf_visitor visit;
    void *context;
    struct tile_builder *tiles;
};

static bool tile_compare(void *context, const struct tile *tile, const struct buffer *bytes,
                         struct error *err)
{
    const struct leaf_walk *walk = context;
    const struct bundle *bundle = walk->bundle;
    char path[TILE_PATH_SIZE];
    tile_path(tile, path);
    if (tile->entries) {
        return true; /* built from that very file */
    }
    AUTO_BUFFER file;
    buffer_init(&file, TILE_HASHES_MAX + 1);
    if (!bundle_read_file(bundle, path, &file, err)) {
        return false;
    }
    return (file.length == bytes->length && memcmp(file.data, bytes->data, file.length) == 0) ||
           bundle_refuse(err, path, _("its hashes are not those of the entries"));
}

static bool entries_walk(const struct leaf_walk *walk, const char *path, unsigned width,
                         const struct buffer *file, struct error *err)
{
    struct span rest = {file->data, file->length};
    struct span leaf;
    for (unsigned i = 0; i < width; i++) {
        if (!tile_entry_next(&rest, &leaf) || leaf.length == 0) {
            return bundle_refuse(err, path, _("an entry is empty or cut off"));
        }
        uint64_t seq = walk->tiles->range.size;
        if (!tile_builder_add(walk->tiles, leaf.start, leaf.length, err) ||
            !walk->visit(walk->context, seq, leaf.start, leaf.length, err)) {
            return false;
        }
    }
    return rest.length == 0 || bundle_refuse(err, path, _("it goes on behind its last entry"));
}

static bool leaves_walk(const struct leaf_walk *walk, struct error *err)
{
    AUTO_BUFFER file;
    buffer_init(&file, TILE_ENTRIES_MAX + 1);
    uint64_t size = walk->bundle->head.size;
    struct tile tile = {.entries = true};
    while (walk->tiles->range.size < size) {
        char path[TILE_PATH_SIZE];
        tile.width = tile_width(size, 0, tile.index);
        tile_path(&tile, path);
        buffer_clear(&file);
        if (!bundle_read_file(walk->bundle, path, &file, err) ||
            !entries_walk(walk, path, tile.width, &file, err)) {
            return false;
        }
        tile.index++;
    }
    return tile_builder_end(walk->tiles, err);
}

bool bundle_each_leaf(const struct bundle *bundle, leaf_visitor visit, void *context,
                      struct error *err)
{
    AUTO_TILE_BUILDER tiles;
    struct leaf_walk walk = {bundle, visit, context, &tiles};
    tile_builder_init(&tiles, (struct tile_sink){&walk, tile_compare});
    if (!leaves_walk(&walk, err)) {
        return false;
    }
    struct sha256 root = merkle_range_root(&tiles.range);
    return sha256_equal(&root, &bundle->head.root) ||
           error_set(err, FAULT_INTEGRITY, "E_ROOT",
                     _("the entries do not have the root of the checkpoint of size %" PRIu64),
                     bundle->head.size);
}

static bool entries_walk_from(const struct tile *tile, uint64_t from, leaf_visitor visit,
                              void *context, const struct buffer *file, struct error *err)
{
    char path[TILE_PATH_SIZE];
    struct span rest = {file->data, file->length};
    struct span leaf;
    uint64_t seq = tile->index * TILE_WIDTH;
    tile_path(tile, path);
    for (unsigned i = 0; i < tile->width; i++, seq++) {
        if (!tile_entry_next(&rest, &leaf) || leaf.length == 0) {
            return bundle_refuse(err, path, _("an entry is empty or cut off"));
        }
        if (seq >= from && !visit(context, seq, leaf.start, leaf.length, err)) {
            return false;
        }
    }
    return rest.length == 0 || bundle_refuse(err, path, _("it goes on behind its last entry"));
}

bool bundle_each_leaf_from(const struct bundle *bundle, uint64_t from, leaf_visitor visit,
                           void *context, struct error *err)
{
    AUTO_BUFFER file;
    buffer_init(&file, TILE_ENTRIES_MAX + 1);
    uint64_t size = bundle->head.size;
    struct tile tile = {.entries = true, .index = from / TILE_WIDTH};
    for (; from < size && tile.index <= (size - 1) / TILE_WIDTH; tile.index++) {
        char path[TILE_PATH_SIZE];
        tile.width = tile_width(size, 0, tile.index);
        tile_path(&tile, path);
        buffer_clear(&file);
        if (!bundle_read_file(bundle, path, &file, err) ||
            !entries_walk_from(&tile, from, visit, context, &file, err)) {
            return false;
        }
    }
    return true;
}

bool bundle_check_files(const struct bundle *bundle, uint64_t from, struct error *err)
{
    AUTO_BUFFER file;
    buffer_init(&file, BUNDLE_FILE_MAX);
    for (size_t i = 0; i < bundle->manifest.lines; i++) {
        const char *path = bundle->manifest.line[i].path;
        buffer_clear(&file);
        if (!text_starts_with(path, "tile/") && !is_rows(path, from, true) &&
            !bundle_read_file(bundle, path, &file, err)) {
            return false;
        }
    }
    return true;
}

struct bundle *bundle_close(struct bundle *bundle)
{
    if (bundle != NULL) {
        manifest_release(&bundle->manifest);
        free(bundle->checkpoint);
        if (bundle->folder >= 0) {
            close(bundle->folder);
        }
        free(bundle);
    }
    return NULL;
}

void bundle_close_pointer(struct bundle **bundle)
{
    *bundle = bundle_close(*bundle);
}
