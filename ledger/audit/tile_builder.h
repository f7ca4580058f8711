/* tile_builder.h - leaves in, tiles out, in bounded memory. Layer: audit. */
#ifndef YICANG_AUDIT_TILE_BUILDER_H
#define YICANG_AUDIT_TILE_BUILDER_H

#include "ledger/audit/tile.h"

/* Takes each finished tile: to write it, or to compare it with one that was handed in. */
struct tile_sink {
    void *context;
    bool (*take)(void *context, const struct tile *tile, const struct buffer *bytes,
                 struct error *err);
};

struct tile_builder {
    struct tile_sink sink;
    struct merkle_range range; /* over all leaves so far */
    struct buffer entries;     /* the bundle being filled */
    struct buffer hashes[TILE_LEVELS_MAX];
};

void tile_builder_init(struct tile_builder *builder, struct tile_sink sink);
void tile_builder_release(struct tile_builder *builder);
#define AUTO_TILE_BUILDER AUTO(tile_builder_release) struct tile_builder

/* Adds the next leaf (1 to TILE_ENTRY_MAX bytes); full tiles go to the sink at once. Fails only if
 * the sink does. */
MUST_CHECK bool tile_builder_add(struct tile_builder *builder, const void *leaf, size_t length,
                                 struct error *err);
/* Hands out the partial tiles. Nothing can be added after it. */
MUST_CHECK bool tile_builder_end(struct tile_builder *builder, struct error *err);

#endif
