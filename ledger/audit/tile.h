/* tile.h - the log cut into files (C2SP tlog-tiles): 256 hashes or 256 entries each. Layer: audit.
 *
 * Tile n of level l holds the roots of the complete subtrees of 256^l leaves, numbers 256n to
 * 256n+255; the last one of a level may be partial. Entry bundles hold the leaves themselves, each
 * behind its length in two bytes, big endian. */
#ifndef YICANG_AUDIT_TILE_H
#define YICANG_AUDIT_TILE_H

#include "ledger/audit/line_reader.h"
#include "ledger/audit/merkle.h"
#include "ledger/base/buffer.h"
#include "ledger/base/error.h"

#define TILE_WIDTH 256
#define TILE_LEVELS_MAX 8 /* 256^8 leaves are more than any log has */
#define TILE_PATH_SIZE 64
#define TILE_ENTRY_MAX 65535
#define TILE_HASHES_MAX ((size_t)TILE_WIDTH * SHA256_SIZE)
#define TILE_ENTRIES_MAX ((size_t)TILE_WIDTH * (2 + TILE_ENTRY_MAX))

struct tile {
    bool entries; /* an entry bundle; level is 0 */
    unsigned level;
    uint64_t index;
    unsigned width; /* 1 to 256; 256: full */
};

/* "tile/0/x001/x234/067.p/9", "tile/entries/000". */
char *tile_path(const struct tile *tile, char buffer[static TILE_PATH_SIZE]);
/* Accepts only what tile_path() writes. */
MUST_CHECK bool tile_path_parse(const char *path, struct tile *ret);
/* How many hashes tile `index` of this level holds in a tree of `size` leaves; 0: there is no such
 * tile. Entry bundles are as wide as the tiles of level 0. */
unsigned tile_width(uint64_t size, unsigned level, uint64_t index);

/* Adds a leaf to an entry bundle. */
void tile_entry_add(const void *leaf, size_t length, struct buffer *ret);
/* Takes the next leaf off a bundle; false if its length goes past the end. */
MUST_CHECK bool tile_entry_next(struct span *rest, struct span *ret_leaf);

#endif
