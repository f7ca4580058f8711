/* The tree of RFC 6962 as transparency-dev/merkle builds it. */
#include "ledger/audit/merkle.h"
#include "tests/conformance/vector_file.h"
#include "tests/conformance/words.h"

#include <stdlib.h>

#define LEAVES 8

/* Hashes of the eight leaves, in order: those that follow the two of C1. */
struct tree {
    struct sha256 level[4][LEAVES];
    struct merkle_range range[LEAVES + 1];
};

static void check_hash(struct sha256 got, struct sha256 want, int line)
{
    if (!sha256_equal(&got, &want)) {
        fail_msg("line %d: another hash", line);
    }
}

static void grow(struct tree *tree)
{
    merkle_range_init(&tree->range[0]);
    for (size_t i = 0; i < LEAVES; i++) {
        tree->range[i + 1] = tree->range[i];
        merkle_range_append(&tree->range[i + 1], &tree->level[0][i]);
    }
    for (size_t level = 1; level < 4; level++) {
        for (size_t i = 0; i < (size_t)LEAVES >> level; i++) {
            tree->level[level][i] = merkle_node_hash(&tree->level[level - 1][2 * i],
                                                     &tree->level[level - 1][2 * i + 1]);
        }
    }
}

/* "level L HASH ...": level 0 fills the tree, the others are compared with it. */
static void check_level(struct tree *tree, char *text, int line)
{
    size_t level = strtoul(word_next(&text), NULL, 10);
    for (size_t i = 0; i < (size_t)LEAVES >> level; i++) {
        struct sha256 hash = word_hash(&text);
        if (level == 0) {
            tree->level[0][i] = hash;
        } else {
            check_hash(tree->level[level][i], hash, line);
        }
    }
    if (level == 0) {
        grow(tree);
    }
}

static struct sha256 node_of_bytes(const uint8_t *left, size_t left_length, const uint8_t *right,
                                   size_t right_length)
{
    struct sha256_stream stream;
    sha256_begin(&stream);
    sha256_add(&stream, "\x01", 1);
    sha256_add(&stream, left, left_length);
    sha256_add(&stream, right, right_length);
    return sha256_end(&stream);
}

static void check_case(struct tree *tree, const struct vector_case *row)
{
    uint8_t left[64], right[64];
    char *text = row->text;
    if (strcmp(row->verdict, "empty") == 0) {
        struct merkle_range range;
        merkle_range_init(&range);
        check_hash(merkle_range_root(&range), word_hash(&text), row->line);
    } else if (strcmp(row->verdict, "leaf") == 0) {
        size_t length = word_bytes(&text, left, sizeof left);
        check_hash(merkle_leaf_hash(left, length), word_hash(&text), row->line);
    } else if (strcmp(row->verdict, "node") == 0) { /* of 4-byte strings, which no tree has */
        size_t length = word_bytes(&text, left, sizeof left);
        size_t right_length = word_bytes(&text, right, sizeof right);
        check_hash(node_of_bytes(left, length, right, right_length), word_hash(&text), row->line);
    } else if (strcmp(row->verdict, "level") == 0) {
        check_level(tree, text, row->line);
    } else {
        check_text_equal(row->verdict, "root");
        size_t size = strtoul(word_next(&text), NULL, 10);
        check_hash(merkle_range_root(&tree->range[size]), word_hash(&text), row->line);
    }
}

static void hashes_levels_and_roots_are_theirs(void **state)
{
    (void)state;
    struct vector_file file = vector_file_open("merkle.txt");
    struct vector_case row;
    struct tree tree = {0};
    int cases = 0;
    while (vector_file_next(&file, &row)) {
        check_case(&tree, &row);
        cases++;
    }
    vector_file_close(&file, cases, 4 + LEAVES + 4 + LEAVES + 1);
}

static void leaf_and_node_are_never_confused(void **state)
{
    (void)state;
    struct sha256 hello = merkle_leaf_hash("Hello", 5);
    struct sha256 world = merkle_leaf_hash("World", 5);
    struct sha256 node = merkle_node_hash(&hello, &world);
    struct sha256 swapped = merkle_node_hash(&world, &hello);
    uint8_t joined[2 * SHA256_SIZE];
    memcpy(joined, hello.byte, SHA256_SIZE);
    memcpy(joined + SHA256_SIZE, world.byte, SHA256_SIZE);
    struct sha256 leaf = merkle_leaf_hash(joined, sizeof joined);
    struct sha256 same = node_of_bytes(hello.byte, SHA256_SIZE, world.byte, SHA256_SIZE);
    assert_true(sha256_equal(&node, &same)); /* what the case of 4-byte strings rests on */
    assert_false(sha256_equal(&node, &leaf));
    assert_false(sha256_equal(&node, &swapped));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_levels_and_roots_are_theirs),
        cmocka_unit_test(leaf_and_node_are_never_confused),
    };
    return cmocka_run_group_tests_name("merkle", tests, NULL, NULL);
}
