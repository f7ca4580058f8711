#include "ledger/audit/merkle.h"

#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#define SIZE_MAX_TESTED 130

/* RFC 6962 2.1 word for word: split at the largest power of two below n. */
static struct sha256 slow_root(const struct sha256 *leaves, size_t n)
{
    if (n == 1) {
        return leaves[0];
    }
    size_t k = 1;
    while (2 * k < n) {
        k *= 2;
    }
    struct sha256 left = slow_root(leaves, k);
    struct sha256 right = slow_root(leaves + k, n - k);
    return merkle_node_hash(&left, &right);
}

/* PATH(m, D[n]) of RFC 6962 2.1.1. */
static size_t slow_path(size_t m, const struct sha256 *leaves, size_t n, struct sha256 *ret)
{
    if (n == 1) {
        return 0;
    }
    size_t k = 1;
    while (2 * k < n) {
        k *= 2;
    }
    bool left = m < k;
    size_t count = left ? slow_path(m, leaves, k, ret) : slow_path(m - k, leaves + k, n - k, ret);
    ret[count] = left ? slow_root(leaves + k, n - k) : slow_root(leaves, k);
    return count + 1;
}

/* SUBPROOF(m, D[n], b) of RFC 6962 2.1.2. */
static size_t slow_subproof(size_t m, const struct sha256 *leaves, size_t n, bool whole,
                            struct sha256 *ret)
{
    if (m == n) {
        if (!whole) {
            ret[0] = slow_root(leaves, n);
        }
        return whole ? 0 : 1;
    }
    size_t k = 1;
    while (2 * k < n) {
        k *= 2;
    }
    bool left = m <= k;
    size_t count = left ? slow_subproof(m, leaves, k, whole, ret)
                        : slow_subproof(m - k, leaves + k, n - k, false, ret);
    ret[count] = left ? slow_root(leaves + k, n - k) : slow_root(leaves, k);
    return count + 1;
}

static void make_leaves(struct sha256 *leaves, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[24];
        int length = snprintf(text, sizeof text, "leaf %zu", i);
        leaves[i] = merkle_leaf_hash(text, (size_t)length);
    }
}

static void the_range_has_one_hash_for_each_one_bit(void **state)
{
    (void)state;
    struct merkle_range range;
    struct sha256 leaf = merkle_leaf_hash("x", 1);
    merkle_range_init(&range);
    assert_int_equal(merkle_range_count(&range), 0);
    for (uint64_t size = 1; size <= 300; size++) {
        merkle_range_append(&range, &leaf);
        assert_int_equal(range.size, size);
        assert_int_equal(merkle_range_count(&range), __builtin_popcountll(size));
    }
}

static void proofs_of_inclusion_hold_and_hold_for_nothing_else(void **state)
{
    (void)state;
    struct sha256 leaves[SIZE_MAX_TESTED], proof[64];
    make_leaves(leaves, SIZE_MAX_TESTED);
    for (size_t n = 1; n <= SIZE_MAX_TESTED; n++) {
        struct sha256 root = slow_root(leaves, n);
        for (size_t i = 0; i < n; i++) {
            size_t count = slow_path(i, leaves, n, proof);
            assert_true(merkle_inclusion_holds(i, n, &leaves[i], proof, count, &root));
            assert_false(merkle_inclusion_holds(n, n, &leaves[i], proof, count, &root));
            proof[count] = root;
            assert_false(merkle_inclusion_holds(i, n, &leaves[i], proof, count + 1, &root));
            if (n > 1) {
                size_t other = (i + 1) % n;
                assert_false(merkle_inclusion_holds(other, n, &leaves[i], proof, count, &root));
                assert_false(merkle_inclusion_holds(i, n, &leaves[i], proof, count - 1, &root));
                proof[count / 2].byte[7] ^= 1;
                assert_false(merkle_inclusion_holds(i, n, &leaves[i], proof, count, &root));
            }
        }
    }
}

static void proofs_of_consistency_hold_and_hold_for_nothing_else(void **state)
{
    (void)state;
    struct sha256 leaves[SIZE_MAX_TESTED], proof[64], roots[SIZE_MAX_TESTED + 1];
    make_leaves(leaves, SIZE_MAX_TESTED);
    for (size_t n = 1; n <= SIZE_MAX_TESTED; n++) {
        roots[n] = slow_root(leaves, n);
    }
    for (size_t n = 2; n <= SIZE_MAX_TESTED; n++) {
        for (size_t m = 1; m < n; m++) {
            size_t count = slow_subproof(m, leaves, n, true, proof);
            const struct sha256 *old = &roots[m], *new = &roots[n];
            assert_true(merkle_consistency_holds(m, n, old, new, proof, count));
            assert_false(merkle_consistency_holds(n, m, old, new, proof, count));
            assert_false(merkle_consistency_holds(m, n, new, old, proof, count));
            assert_false(merkle_consistency_holds(m, n, old, new, proof, count - 1));
            proof[count] = leaves[0];
            assert_false(merkle_consistency_holds(m, n, old, new, proof, count + 1));
            proof[count - 1].byte[31] ^= 0x80;
            assert_false(merkle_consistency_holds(m, n, old, new, proof, count));
        }
    }
}

static void equal_sizes_need_equal_roots_and_no_proof(void **state)
{
    (void)state;
    struct sha256 leaves[3];
    make_leaves(leaves, 3);
    struct sha256 root = slow_root(leaves, 3);
    struct sha256 other = slow_root(leaves, 2);
    assert_true(merkle_consistency_holds(3, 3, &root, &root, NULL, 0));
    assert_false(merkle_consistency_holds(3, 3, &root, &other, NULL, 0));
    assert_false(merkle_consistency_holds(3, 3, &root, &root, leaves, 1));
}

static void every_tree_follows_the_empty_one_without_a_proof(void **state)
{
    (void)state;
    struct sha256 leaves[2];
    make_leaves(leaves, 2);
    struct sha256 empty = sha256_of("", 0);
    struct sha256 root = slow_root(leaves, 2);
    assert_true(merkle_consistency_holds(0, 2, &empty, &root, NULL, 0));
    assert_false(merkle_consistency_holds(0, 2, &root, &root, NULL, 0));
    assert_false(merkle_consistency_holds(0, 2, &empty, &root, leaves, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_range_has_one_hash_for_each_one_bit),
        cmocka_unit_test(proofs_of_inclusion_hold_and_hold_for_nothing_else),
        cmocka_unit_test(proofs_of_consistency_hold_and_hold_for_nothing_else),
        cmocka_unit_test(equal_sizes_need_equal_roots_and_no_proof),
        cmocka_unit_test(every_tree_follows_the_empty_one_without_a_proof),
    };
    return cmocka_run_group_tests_name("merkle", tests, NULL, NULL);
}
