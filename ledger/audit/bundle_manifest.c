#include "ledger/audit/bundle_manifest.h"

#include "ledger/audit/bundle.h"
#include "ledger/audit/checkpoint.h"
#include "ledger/audit/log.h"
#include "ledger/audit/proof.h"
#include "ledger/audit/witness.h"
#include "ledger/audit/witness_policy.h"
#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_MAX ((size_t)1 << 20)
#define ROWS_MAX EVENT_ROWS_MAX
#define NAME_MAX_BYTES 100
#define HEX_LENGTH ((size_t)2 * SHA256_SIZE)
#define DIGEST_COLUMN (HEX_LENGTH + 2) /* the hex digits and two spaces */

void manifest_release(struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->lines; i++) {
        free(manifest->line[i].path);
    }
    free(manifest->line);
    *manifest = (struct manifest){0};
}

bool manifest_add(struct manifest *manifest, const char *path, const struct sha256 *digest)
{
    if (manifest->lines == BUNDLE_FILES_MAX) {
        return false;
    }
    if (manifest->lines == manifest->capacity) {
        manifest->capacity = manifest->capacity == 0 ? 64 : manifest->capacity * 2;
        manifest->line = alloc_resized(manifest->line, manifest->capacity, sizeof *manifest->line);
    }
    manifest->line[manifest->lines++] = (struct manifest_line){alloc_text(path), *digest};
    return true;
}

static int by_path(const void *a, const void *b)
{
    const struct manifest_line *first = a;
    const struct manifest_line *second = b;
    return strcmp(first->path, second->path);
}

void manifest_sort(struct manifest *manifest)
{
    if (manifest->lines > 0) {
        qsort(manifest->line, manifest->lines, sizeof *manifest->line, by_path);
    }
}

static int path_against_line(const void *path, const void *line)
{
    return strcmp(path, ((const struct manifest_line *)line)->path);
}

const struct manifest_line *manifest_find(const struct manifest *manifest, const char *path)
{
    return manifest->lines == 0 ? NULL
                                : bsearch(path, manifest->line, manifest->lines,
                                          sizeof *manifest->line, path_against_line);
}

void manifest_write(const struct manifest *manifest, struct buffer *ret)
{
    for (size_t i = 0; i < manifest->lines; i++) {
        char hex[SHA256_HEX_SIZE];
        buffer_printf(ret, "%s  %s\n", hex_format(manifest->line[i].digest.byte, SHA256_SIZE, hex),
                      manifest->line[i].path);
    }
}

static bool line_parse(struct span line, char path[static BUNDLE_PATH_MAX], struct sha256 *digest)
{
    char hex[SHA256_HEX_SIZE];
    return line.length > DIGEST_COLUMN && memcmp(line.start + HEX_LENGTH, "  ", 2) == 0 &&
           span_copy((struct span){line.start, HEX_LENGTH}, hex, sizeof hex) &&
           hex_parse(hex, digest->byte, SHA256_SIZE) &&
           span_copy((struct span){line.start + DIGEST_COLUMN, line.length - DIGEST_COLUMN}, path,
                     BUNDLE_PATH_MAX);
}

static bool refuse_line(size_t number, const char *fact, struct error *err)
{
    return error_set(err, FAULT_INTEGRITY, "E_CONTAINER", _("line %zu of MANIFEST: %s"), number,
                     fact);
}

bool manifest_parse(const char *bytes, size_t length, struct manifest *ret, struct error *err)
{
    struct line_reader lines;
    line_reader_init(&lines, bytes, length);
    struct span line;
    while (line_next(&lines, &line)) {
        char path[BUNDLE_PATH_MAX];
        struct sha256 digest;
        size_t number = ret->lines + 1;
        if (!line_parse(line, path, &digest)) {
            return refuse_line(number, _("it is not a digest, two spaces and a path"), err);
        }
        if (ret->lines > 0 && strcmp(ret->line[ret->lines - 1].path, path) >= 0) {
            return refuse_line(number, _("the paths are not in order, or one stands twice"), err);
        }
        if (!manifest_add(ret, path, &digest)) {
            return refuse_line(number, _("there are too many files"), err);
        }
    }
    return line_at_end(&lines) || refuse_line(ret->lines + 1, _("it has no line end"), err);
}

static bool name_is_plain(const char *name)
{
    size_t length = strlen(name);
    return length >= 1 && length <= NAME_MAX_BYTES && name[0] != '.' && name[0] != '-' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
               length;
}

static bool number_parse(const char *text, uint64_t *ret)
{
    return span_decimal((struct span){text, strlen(text)}, ret);
}

bool bundle_path_parse(const char *path, struct bundle_path *ret)
{
    static const struct {
        const char *prefix;
        enum { WHOLE, NUMBER, NAME, TILE } rest;
        enum bundle_kind kind;
        size_t max;
    } shapes[] = {
        {"checkpoint", WHOLE, BUNDLE_CHECKPOINT, CHECKPOINT_NOTE_MAX},
        {"checkpoints/", NUMBER, BUNDLE_CHECKPOINT_OLD, CHECKPOINT_NOTE_MAX},
        {"keys.vkey", WHOLE, BUNDLE_KEYS, KEYS_MAX},
        {"policy", WHOLE, BUNDLE_POLICY, WITNESS_POLICY_MAX},
        {"tile/", TILE, BUNDLE_TILE, TILE_ENTRIES_MAX},
        {"rows/", NUMBER, BUNDLE_ROWS, ROWS_MAX},
        {"add-checkpoint.", NUMBER, BUNDLE_REQUEST, WITNESS_REQUEST_MAX},
        {"receipt.tlog-proof", WHOLE, BUNDLE_RECEIPT, RECEIPT_MAX},
        {"receipts/", NAME, BUNDLE_RECEIPT, RECEIPT_MAX},
        {"reports/", NAME, BUNDLE_REPORT, BUNDLE_REPORT_MAX},
    };
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        const char *rest = path + strlen(shapes[i].prefix);
        *ret = (struct bundle_path){.kind = shapes[i].kind, .max = shapes[i].max};
        if (!text_starts_with(path, shapes[i].prefix)) {
            continue;
        }
        if ((shapes[i].rest == WHOLE && *rest == '\0') ||
            (shapes[i].rest == NUMBER && number_parse(rest, &ret->number)) ||
            (shapes[i].rest == NAME && name_is_plain(rest)) ||
            (shapes[i].rest == TILE && tile_path_parse(path, &ret->tile))) {
            return true;
        }
    }
    return false;
}
