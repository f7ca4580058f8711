#include "ledger/audit/tile_builder.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void path_and_parse_are_inverse(void **state)
{
    (void)state;
    static const uint64_t index[] = {
        0, 1, 255, 999, 1000, 999999, 1000000, 123456789, INT64_MAX / 256};
    for (size_t i = 0; i < COUNT_OF(index); i++) {
        for (unsigned width = 1; width <= TILE_WIDTH; width += 15) {
            for (unsigned level = 0; level < TILE_LEVELS_MAX; level++) {
                struct tile tile = {level == 0 && width % 2 == 0, level, index[i], width};
                struct tile parsed;
                char path[TILE_PATH_SIZE];
                assert_true(tile_path_parse(tile_path(&tile, path), &parsed));
                assert_true(parsed.entries == tile.entries && parsed.level == level &&
                            parsed.index == index[i] && parsed.width == width);
            }
        }
    }
}

static void entries_come_back_one_by_one(void **state)
{
    (void)state;
    AUTO_BUFFER bundle;
    buffer_init(&bundle, TILE_ENTRIES_MAX);
    char *longest = calloc(TILE_ENTRY_MAX, 1);
    tile_entry_add("a", 1, &bundle);
    tile_entry_add(longest, TILE_ENTRY_MAX, &bundle);
    tile_entry_add("bc", 2, &bundle);
    struct span rest = {bundle.data, bundle.length};
    struct span leaf;
    static const size_t length[] = {1, TILE_ENTRY_MAX, 2};
    for (size_t i = 0; i < 3; i++) {
        assert_true(tile_entry_next(&rest, &leaf));
        check_int_equal((int64_t)leaf.length, (int64_t)length[i]);
    }
    assert_false(tile_entry_next(&rest, &leaf));
    check_int_equal((int64_t)rest.length, 0);
    /* Cut off inside the length, or inside the entry. */
    for (size_t cut = 1; cut <= 3; cut++) {
        rest = (struct span){bundle.data + bundle.length - 4, 4 - cut};
        assert_false(tile_entry_next(&rest, &leaf));
    }
    free(longest);
}

/* Counts what the builder hands out, and checks each tile against tile_width(). */
struct taken {
    uint64_t size;
    uint64_t tiles, entries;
    struct sha256 first_of_level_1;
};

static bool take(void *context, const struct tile *tile, const struct buffer *bytes,
                 struct error *err)
{
    (void)err;
    struct taken *taken = context;
    check_int_equal(tile->width, tile_width(taken->size, tile->level, tile->index));
    taken->tiles += tile->entries ? 0 : 1;
    taken->entries += tile->entries ? 1 : 0;
    if (!tile->entries) {
        check_int_equal((int64_t)bytes->length, (int64_t)tile->width * SHA256_SIZE);
    }
    if (!tile->entries && tile->level == 1 && tile->index == 0) {
        memcpy(taken->first_of_level_1.byte, bytes->data, SHA256_SIZE);
    }
    return true;
}

static void build(uint64_t size, struct taken *ret)
{
    AUTO_TILE_BUILDER tiles;
    struct error err;
    struct merkle_range range;
    *ret = (struct taken){.size = size};
    tile_builder_init(&tiles, (struct tile_sink){ret, take});
    merkle_range_init(&range);
    for (uint64_t i = 0; i < size; i++) {
        char leaf[32];
        size_t length = (size_t)snprintf(leaf, sizeof leaf, "leaf %u", (unsigned)i);
        struct sha256 hash = merkle_leaf_hash(leaf, length);
        merkle_range_append(&range, &hash);
        check_ok(tile_builder_add(&tiles, leaf, length, &err), &err);
    }
    check_ok(tile_builder_end(&tiles, &err), &err);
    struct sha256 wanted = merkle_range_root(&range);
    struct sha256 got = merkle_range_root(&tiles.range);
    assert_true(sha256_equal(&wanted, &got));
}

static void builder_hands_out_every_tile_once(void **state)
{
    (void)state;
    /* size, hash tiles, entry bundles: 70,000 has 274 + 2 + 1 tiles (tlog-tiles). */
    static const uint64_t wanted[][3] = {{0, 0, 0},         {1, 1, 1},        {255, 1, 1},
                                         {256, 2, 1},       {257, 3, 2},      {512, 3, 2},
                                         {65536, 258, 256}, {70000, 277, 274}};
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        struct taken taken;
        build(wanted[i][0], &taken);
        check_int_equal((int64_t)taken.tiles, (int64_t)wanted[i][1]);
        check_int_equal((int64_t)taken.entries, (int64_t)wanted[i][2]);
    }
}

static void hash_of_level_1_is_the_root_of_256_leaves(void **state)
{
    (void)state;
    struct taken taken;
    struct merkle_range range;
    build(300, &taken);
    merkle_range_init(&range);
    for (unsigned i = 0; i < 256; i++) {
        char leaf[32];
        size_t length = (size_t)snprintf(leaf, sizeof leaf, "leaf %u", i);
        struct sha256 hash = merkle_leaf_hash(leaf, length);
        merkle_range_append(&range, &hash);
    }
    struct sha256 root = merkle_range_root(&range);
    assert_true(sha256_equal(&root, &taken.first_of_level_1));
}

static bool refuse(void *context, const struct tile *tile, const struct buffer *bytes,
                   struct error *err)
{
    (void)context;
    (void)tile;
    (void)bytes;
    return error_set(err, FAULT_STORE, "bundle.write", "no room");
}

static void sink_that_fails_stops_the_builder(void **state)
{
    (void)state;
    AUTO_TILE_BUILDER tiles;
    struct error err;
    tile_builder_init(&tiles, (struct tile_sink){NULL, refuse});
    for (unsigned i = 0; i < 255; i++) {
        check_ok(tile_builder_add(&tiles, "x", 1, &err), &err);
    }
    check_refused(tile_builder_end(&tiles, &err), &err, "bundle.write");
    check_refused(tile_builder_add(&tiles, "x", 1, &err), &err, "bundle.write");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(path_and_parse_are_inverse),
        cmocka_unit_test(entries_come_back_one_by_one),
        cmocka_unit_test(builder_hands_out_every_tile_once),
        cmocka_unit_test(hash_of_level_1_is_the_root_of_256_leaves),
        cmocka_unit_test(sink_that_fails_stops_the_builder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
