#include "ledger/audit/proof.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAVES 300

static struct sha256 leaves[LEAVES];

static int leaves_make(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEAVES; i++) {
        char text[16];
        int length = snprintf(text, sizeof text, "leaf %zu", i);
        leaves[i] = merkle_leaf_hash(text, (size_t)length);
    }
    return 0;
}

static bool leaf_hash(void *context, uint64_t seq, struct sha256 *ret, struct error *err)
{
    (void)context;
    (void)err;
    *ret = leaves[seq];
    return true;
}

/* The definition of RFC 6962 2.1, as slow as it stands there. */
static struct sha256 slow_root(size_t first, size_t count)
{
    if (count == 0) {
        return sha256_of("", 0);
    }
    if (count == 1) {
        return leaves[first];
    }
    size_t half = 1;
    while (half * 2 < count) {
        half *= 2;
    }
    struct sha256 left = slow_root(first, half);
    struct sha256 right = slow_root(first + half, count - half);
    return merkle_node_hash(&left, &right);
}

/* The slow roots of complete subtrees and of whole trees are asked for again and again. */
static struct sha256 node_cache[9][LEAVES];
static bool node_known[9][LEAVES];

static bool cached_node(void *context, unsigned level, uint64_t index, struct sha256 *ret,
                        struct error *err)
{
    (void)context;
    (void)err;
    if (!node_known[level][index]) {
        node_cache[level][index] = slow_root((size_t)index << level, (size_t)1 << level);
        node_known[level][index] = true;
    }
    *ret = node_cache[level][index];
    return true;
}

static void every_inclusion_proof_leads_to_its_root(void **state)
{
    (void)state;
    struct tree_source tree = {NULL, cached_node};
    for (uint64_t size = 1; size <= LEAVES; size++) {
        struct sha256 root = slow_root(0, (size_t)size);
        for (uint64_t index = 0; index < size; index++) {
            struct proof proof;
            struct error err;
            check_ok(proof_of_inclusion(&tree, index, size, &proof, &err), &err);
            assert_true(merkle_inclusion_holds(index, size, &leaves[index], proof.hash, proof.count,
                                               &root));
        }
    }
}

static void every_consistency_proof_leads_from_root_to_root(void **state)
{
    (void)state;
    struct tree_source tree = {NULL, cached_node};
    static struct sha256 root[LEAVES + 1];
    for (size_t size = 0; size <= LEAVES; size++) {
        root[size] = slow_root(0, size);
    }
    for (uint64_t old_size = 1; old_size <= LEAVES; old_size++) {
        for (uint64_t new_size = old_size; new_size <= LEAVES; new_size++) {
            struct proof proof;
            struct error err;
            check_ok(proof_of_consistency(&tree, old_size, new_size, &proof, &err), &err);
            assert_true(merkle_consistency_holds(old_size, new_size, &root[old_size],
                                                 &root[new_size], proof.hash, proof.count));
            assert_true(old_size != new_size || proof.count == 0);
        }
    }
}

static void leaves_alone_give_the_same_proofs(void **state)
{
    (void)state;
    struct leaf_source from_leaves = {NULL, leaf_hash};
    struct tree_source slow = tree_source_of_leaves(&from_leaves);
    struct tree_source fast = {NULL, cached_node};
    struct error err;
    for (uint64_t size = 1; size <= LEAVES; size += 37) {
        struct sha256 root;
        struct sha256 wanted = slow_root(0, (size_t)size);
        struct proof a;
        struct proof b;
        check_ok(tree_root(&slow, size, &root, &err), &err);
        assert_true(sha256_equal(&root, &wanted));
        check_ok(proof_of_inclusion(&slow, size / 2, size, &a, &err), &err);
        check_ok(proof_of_inclusion(&fast, size / 2, size, &b, &err), &err);
        check_int_equal((int64_t)a.count, (int64_t)b.count);
        assert_memory_equal(a.hash, b.hash, a.count * sizeof a.hash[0]);
    }
}

static void sizes_outside_the_log_are_refused(void **state)
{
    (void)state;
    struct tree_source tree = {NULL, cached_node};
    struct proof proof;
    struct error err;
    check_refused(proof_of_inclusion(&tree, 5, 5, &proof, &err), &err, "proof.range");
    check_refused(proof_of_inclusion(&tree, 0, 0, &proof, &err), &err, "proof.range");
    check_refused(proof_of_consistency(&tree, 6, 5, &proof, &err), &err, "proof.range");
    check_ok(proof_of_consistency(&tree, 0, 5, &proof, &err), &err);
    check_int_equal((int64_t)proof.count, 0);
}

static bool no_leaf(void *context, uint64_t seq, struct sha256 *ret, struct error *err)
{
    (void)context;
    (void)seq;
    (void)ret;
    return error_set(err, FAULT_STORE, "store.io", "no leaf");
}

static void failing_source_fails_the_proof(void **state)
{
    (void)state;
    struct leaf_source none = {NULL, no_leaf};
    struct tree_source tree = tree_source_of_leaves(&none);
    struct proof proof;
    struct sha256 root;
    struct error err;
    check_refused(proof_of_inclusion(&tree, 2, 5, &proof, &err), &err, "store.io");
    check_refused(proof_of_consistency(&tree, 2, 5, &proof, &err), &err, "store.io");
    check_refused(tree_root(&tree, 5, &root, &err), &err, "store.io");
}

/* An extra of the most bytes fits the longest line that others read; one byte more does not. */
static void receipt_carries_what_fits_its_line(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    AUTO_BUFFER text;
    struct error err;
    arena_init(&arena, 1 << 20);
    buffer_init(&text, RECEIPT_MAX);
    uint8_t *extra = calloc(RECEIPT_EXTRA_MAX + 1, 1);
    struct receipt receipt = {.extra = extra,
                              .extra_length = RECEIPT_EXTRA_MAX,
                              .index = 12,
                              .proof = {.count = 1},
                              .checkpoint = "checkpoint\n",
                              .checkpoint_length = 11};
    struct receipt parsed;
    check_ok(receipt_write(&receipt, &text, &err), &err);
    const char *line = strchr(text.data, '\n') + 1;
    assert_true(strcspn(line, "\n") <= RECEIPT_LINE_MAX);
    assert_true(strcspn(line, "\n") > RECEIPT_LINE_MAX - 8);
    check_ok(receipt_parse(&arena, text.data, text.length, &parsed, &err), &err);
    check_int_equal((int64_t)parsed.extra_length, RECEIPT_EXTRA_MAX);
    check_int_equal((int64_t)parsed.index, 12);
    check_text_equal(parsed.checkpoint, "checkpoint\n");
    receipt.extra_length++;
    check_refused(receipt_write(&receipt, &text, &err), &err, "receipt.extra-too-long");
    free(extra);
}

static void receipt_with_too_many_hashes_is_refused(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    AUTO_BUFFER text;
    struct error err;
    arena_init(&arena, 1 << 20);
    buffer_init(&text, RECEIPT_MAX);
    struct receipt receipt = {.proof = {.count = MERKLE_HASHES_MAX},
                              .checkpoint = "checkpoint\n",
                              .checkpoint_length = 11};
    struct receipt parsed;
    check_ok(receipt_write(&receipt, &text, &err), &err);
    check_ok(receipt_parse(&arena, text.data, text.length, &parsed, &err), &err);
    buffer_clear(&text);
    buffer_add_text(&text, "c2sp.org/tlog-proof@v1\nindex 0\n");
    for (size_t i = 0; i <= MERKLE_HASHES_MAX; i++) {
        buffer_add_text(&text, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    }
    buffer_add_text(&text, "\ncheckpoint\n");
    check_refused(receipt_parse(&arena, text.data, text.length, &parsed, &err), &err,
                  "receipt.malformed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_inclusion_proof_leads_to_its_root),
        cmocka_unit_test(every_consistency_proof_leads_from_root_to_root),
        cmocka_unit_test(leaves_alone_give_the_same_proofs),
        cmocka_unit_test(sizes_outside_the_log_are_refused),
        cmocka_unit_test(failing_source_fails_the_proof),
        cmocka_unit_test(receipt_carries_what_fits_its_line),
        cmocka_unit_test(receipt_with_too_many_hashes_is_refused),
    };
    return cmocka_run_group_tests(tests, leaves_make, NULL);
}
