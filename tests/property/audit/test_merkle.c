/* The compact range against the definition, for every size up to a little over a power of two. */
#include "ledger/audit/merkle.h"

#include "tests/support/check.h"
#include "tests/support/random.h"

#include <string.h>

#define SIZES 1025
#define PAIRS 300

/* RFC 6962 2.1, word for word. */
static struct sha256 slow_root(const struct sha256 *leaf, size_t size)
{
    if (size == 0) {
        return sha256_of("", 0);
    }
    if (size == 1) {
        return leaf[0];
    }
    size_t half = 1;
    while (2 * half < size) {
        half *= 2;
    }
    uint8_t bytes[65] = {0x01};
    struct sha256 left = slow_root(leaf, half);
    struct sha256 right = slow_root(leaf + half, size - half);
    memcpy(bytes + 1, left.byte, 32);
    memcpy(bytes + 33, right.byte, 32);
    return sha256_of(bytes, sizeof bytes);
}

static void random_leaves(struct random_source *random, struct sha256 *leaf, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bytes[5];
        for (size_t j = 0; j < COUNT_OF(bytes); j++) {
            bytes[j] = random_next(random);
        }
        leaf[i] = merkle_leaf_hash(bytes, (size_t)random_between(random, 16, sizeof bytes));
    }
}

static void every_size_has_the_root_of_the_definition(void **state)
{
    (void)state;
    static struct sha256 leaf[SIZES];
    struct random_source random = random_start("merkle");
    struct merkle_range range;
    random_leaves(&random, leaf, SIZES);
    merkle_range_init(&range);
    for (size_t size = 0;; size++) {
        struct sha256 got = merkle_range_root(&range);
        struct sha256 want = slow_root(leaf, size);
        if (!sha256_equal(&got, &want)) {
            fail_msg("size %zu", size);
        }
        if (size == SIZES) {
            break;
        }
        merkle_range_append(&range, &leaf[size]);
    }
}

/* PATH of RFC 6962 2.1.1. */
static size_t slow_path(size_t m, const struct sha256 *leaf, size_t size, struct sha256 *ret)
{
    if (size == 1) {
        return 0;
    }
    size_t half = 1;
    while (2 * half < size) {
        half *= 2;
    }
    bool left = m < half;
    size_t count =
        left ? slow_path(m, leaf, half, ret) : slow_path(m - half, leaf + half, size - half, ret);
    ret[count] = left ? slow_root(leaf + half, size - half) : slow_root(leaf, half);
    return count + 1;
}

static void a_proof_with_any_change_fails(void **state)
{
    (void)state;
    static struct sha256 leaf[PAIRS];
    struct random_source random = random_start("merkle proofs");
    random_leaves(&random, leaf, PAIRS);
    for (size_t size = 2; size <= PAIRS; size++) {
        struct sha256 proof[64];
        size_t index = (size_t)random_between(&random, 0, (int64_t)size - 1);
        size_t count = slow_path(index, leaf, size, proof);
        struct sha256 root = slow_root(leaf, size);
        assert_true(merkle_inclusion_holds(index, size, &leaf[index], proof, count, &root));
        for (size_t other = 0; other < size; other++) {
            if (other != index) {
                assert_false(
                    merkle_inclusion_holds(other, size, &leaf[index], proof, count, &root));
                assert_false(
                    merkle_inclusion_holds(index, size, &leaf[other], proof, count, &root));
            }
        }
        size_t at = (size_t)random_between(&random, 0, (int64_t)count - 1);
        proof[at].byte[random_between(&random, 0, 31)] ^=
            (uint8_t)(1U << random_between(&random, 0, 7));
        assert_false(merkle_inclusion_holds(index, size, &leaf[index], proof, count, &root));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_has_the_root_of_the_definition),
        cmocka_unit_test(a_proof_with_any_change_fails),
    };
    return cmocka_run_group_tests_name("merkle", tests, NULL, NULL);
}
