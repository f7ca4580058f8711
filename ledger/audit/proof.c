#include "ledger/audit/proof.h"

#include "ledger/base/text.h"

#include <assert.h>
#include <inttypes.h>

/* The largest power of two below n, as its exponent; n >= 2. */
static unsigned split_level(uint64_t n)
{
    return 63U - (unsigned)__builtin_clzll(n - 1);
}

static unsigned top_level(uint64_t n)
{
    return 63U - (unsigned)__builtin_clzll(n);
}

static bool leaf_node(void *context, unsigned level, uint64_t index, struct sha256 *ret,
                      struct error *err)
{
    const struct leaf_source *leaves = context;
    struct merkle_range range;
    merkle_range_init(&range);
    uint64_t first = index << level;
    for (uint64_t i = 0; i < UINT64_C(1) << level; i++) {
        struct sha256 leaf;
        if (!leaves->leaf_hash(leaves->context, first + i, &leaf, err)) {
            return false;
        }
        merkle_range_append(&range, &leaf);
    }
    *ret = merkle_range_root(&range);
    return true;
}

struct tree_source tree_source_of_leaves(struct leaf_source *leaves)
{
    return (struct tree_source){leaves, leaf_node};
}

/* Root over the leaves [first, first + count), where first is a multiple of the largest power of
 * two that is not above count: complete subtrees, joined from the right. */
static bool subtree_root(const struct tree_source *source, uint64_t first, uint64_t count,
                         struct sha256 *ret, struct error *err)
{
    struct sha256 part[64];
    size_t parts = 0;
    while (count > 0) {
        unsigned level = top_level(count);
        if (!source->node(source->context, level, first >> level, &part[parts], err)) {
            return false;
        }
        parts++;
        first += UINT64_C(1) << level;
        count -= UINT64_C(1) << level;
    }
    struct sha256 root = part[parts - 1];
    for (size_t i = parts - 1; i > 0; i--) {
        root = merkle_node_hash(&part[i - 1], &root);
    }
    *ret = root;
    return true;
}

bool tree_root(const struct tree_source *source, uint64_t size, struct sha256 *ret,
               struct error *err)
{
    if (size == 0) {
        *ret = sha256_of("", 0);
        return true;
    }
    return subtree_root(source, 0, size, ret, err);
}

static bool proof_push(const struct tree_source *source, uint64_t first, uint64_t count,
                       struct proof *proof, struct error *err)
{
    assert(proof->count < MERKLE_HASHES_MAX);
    return subtree_root(source, first, count, &proof->hash[proof->count++], err);
}

/* Collected from the root down; a proof goes from the leaf up. */
static void proof_turn(struct proof *proof)
{
    for (size_t i = 0; i < proof->count / 2; i++) {
        struct sha256 kept = proof->hash[i];
        proof->hash[i] = proof->hash[proof->count - 1 - i];
        proof->hash[proof->count - 1 - i] = kept;
    }
}

/* A subtree on the way from the root to what is proven. */
struct walk {
    uint64_t first;
    uint64_t count;
};

/* Goes into one half of the subtree; the other half's root becomes part of the proof. */
static bool walk_step(const struct tree_source *source, bool left, struct walk *walk,
                      struct proof *proof, struct error *err)
{
    uint64_t half = UINT64_C(1) << split_level(walk->count);
    struct walk low = {walk->first, half};
    struct walk high = {walk->first + half, walk->count - half};
    const struct walk *sibling = left ? &high : &low;
    *walk = left ? low : high;
    return proof_push(source, sibling->first, sibling->count, proof, err);
}

bool proof_of_inclusion(const struct tree_source *source, uint64_t index, uint64_t size,
                        struct proof *ret, struct error *err)
{
    if (index >= size || size > INT64_MAX) {
        return error_set(err, FAULT_REFUSED, "proof.range",
                         _("a log of %" PRIu64 " events has no event %" PRIu64), size, index);
    }
    struct walk walk = {0, size};
    ret->count = 0;
    while (walk.count > 1) {
        bool left = index - walk.first < UINT64_C(1) << split_level(walk.count);
        if (!walk_step(source, left, &walk, ret, err)) {
            return false;
        }
    }
    proof_turn(ret);
    return true;
}

bool proof_of_consistency(const struct tree_source *source, uint64_t old_size, uint64_t new_size,
                          struct proof *ret, struct error *err)
{
    if (old_size > new_size || new_size > INT64_MAX) {
        return error_set(err, FAULT_REFUSED, "proof.range",
                         _("a log of %" PRIu64 " events cannot follow one of %" PRIu64), new_size,
                         old_size);
    }
    ret->count = 0;
    if (old_size == 0) {
        return true;
    }
    struct walk walk = {0, new_size};
    while (old_size != walk.first + walk.count) {
        bool left = old_size - walk.first <= UINT64_C(1) << split_level(walk.count);
        if (!walk_step(source, left, &walk, ret, err)) {
            return false;
        }
    }
    /* A tree that was complete is its own first hash: its root is known to who asks. */
    if (walk.first != 0 && !proof_push(source, walk.first, walk.count, ret, err)) {
        return false;
    }
    proof_turn(ret);
    return true;
}
