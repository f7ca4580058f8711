#include "ledger/audit/tile_builder.h"

#include <assert.h>

void tile_builder_init(struct tile_builder *builder, struct tile_sink sink)
{
    builder->sink = sink;
    merkle_range_init(&builder->range);
    buffer_init(&builder->entries, TILE_ENTRIES_MAX);
    for (size_t i = 0; i < TILE_LEVELS_MAX; i++) {
        buffer_init(&builder->hashes[i], TILE_HASHES_MAX);
    }
}

void tile_builder_release(struct tile_builder *builder)
{
    buffer_release(&builder->entries);
    for (size_t i = 0; i < TILE_LEVELS_MAX; i++) {
        buffer_release(&builder->hashes[i]);
    }
}

static bool hand_out(struct tile_builder *builder, bool entries, unsigned level, unsigned width,
                     struct error *err)
{
    uint64_t hashes = builder->range.size >> (8 * level);
    struct tile tile = {entries, level, (hashes - 1) / TILE_WIDTH, width};
    struct buffer *bytes = entries ? &builder->entries : &builder->hashes[level];
    if (!builder->sink.take(builder->sink.context, &tile, bytes, err)) {
        return false;
    }
    buffer_clear(bytes);
    return true;
}

/* The root of a full tile, which is one hash of the level above. */
static struct sha256 tile_root(const struct buffer *bytes)
{
    struct merkle_range range;
    merkle_range_init(&range);
    for (size_t at = 0; at < bytes->length; at += SHA256_SIZE) {
        struct sha256 hash;
        for (size_t i = 0; i < SHA256_SIZE; i++) {
            hash.byte[i] = (uint8_t)bytes->data[at + i];
        }
        merkle_range_append(&range, &hash);
    }
    return merkle_range_root(&range);
}

static bool add_hash(struct tile_builder *builder, const struct sha256 *leaf_hash,
                     struct error *err)
{
    struct sha256 hash = *leaf_hash;
    for (unsigned level = 0; level < TILE_LEVELS_MAX; level++) {
        struct buffer *bytes = &builder->hashes[level];
        buffer_add(bytes, hash.byte, SHA256_SIZE);
        if (bytes->length < TILE_HASHES_MAX) {
            return true;
        }
        hash = tile_root(bytes);
        if (!hand_out(builder, false, level, TILE_WIDTH, err)) {
            return false;
        }
    }
    return true;
}

bool tile_builder_add(struct tile_builder *builder, const void *leaf, size_t length,
                      struct error *err)
{
    assert(length >= 1 && length <= TILE_ENTRY_MAX);
    struct sha256 hash = merkle_leaf_hash(leaf, length);
    merkle_range_append(&builder->range, &hash);
    tile_entry_add(leaf, length, &builder->entries);
    if (builder->range.size % TILE_WIDTH == 0 && !hand_out(builder, true, 0, TILE_WIDTH, err)) {
        return false;
    }
    return add_hash(builder, &hash, err);
}

bool tile_builder_end(struct tile_builder *builder, struct error *err)
{
    unsigned rest = (unsigned)(builder->range.size % TILE_WIDTH);
    if (rest > 0 && !hand_out(builder, true, 0, rest, err)) {
        return false;
    }
    for (unsigned level = 0; level < TILE_LEVELS_MAX; level++) {
        unsigned width = (unsigned)(builder->hashes[level].length / SHA256_SIZE);
        if (width > 0 && !hand_out(builder, false, level, width, err)) {
            return false;
        }
    }
    return true;
}
