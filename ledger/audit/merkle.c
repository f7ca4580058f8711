#include "ledger/audit/merkle.h"

#include <assert.h>
#include <string.h>

struct sha256 merkle_leaf_hash(const void *leaf, size_t length)
{
    struct sha256_stream stream;
    sha256_begin(&stream);
    sha256_add(&stream, "\x00", 1);
    sha256_add(&stream, leaf, length);
    return sha256_end(&stream);
}

struct sha256 merkle_node_hash(const struct sha256 *left, const struct sha256 *right)
{
    uint8_t bytes[1 + 2 * SHA256_SIZE];
    bytes[0] = 0x01;
    memcpy(bytes + 1, left->byte, SHA256_SIZE);
    memcpy(bytes + 1 + SHA256_SIZE, right->byte, SHA256_SIZE);
    return sha256_of(bytes, sizeof bytes);
}

void merkle_range_init(struct merkle_range *range)
{
    range->size = 0;
}

size_t merkle_range_count(const struct merkle_range *range)
{
    return (size_t)__builtin_popcountll(range->size);
}

void merkle_range_append(struct merkle_range *range, const struct sha256 *leaf_hash)
{
    assert(range->size < INT64_MAX);
    size_t count = merkle_range_count(range);
    struct sha256 hash = *leaf_hash;
    /* Each trailing one-bit of the old size is a full subtree of the height now reached. */
    for (uint64_t size = range->size; (size & 1) != 0; size >>= 1) {
        count--;
        hash = merkle_node_hash(&range->hash[count], &hash);
    }
    range->hash[count] = hash;
    range->size++;
}

struct sha256 merkle_range_root(const struct merkle_range *range)
{
    size_t count = merkle_range_count(range);
    if (count == 0) {
        return sha256_of("", 0);
    }
    struct sha256 root = range->hash[count - 1];
    for (size_t i = count - 1; i > 0; i--) {
        root = merkle_node_hash(&range->hash[i - 1], &root);
    }
    return root;
}

/* The place of a node and of the last node of its level, on the way up. */
struct climb {
    uint64_t node;
    uint64_t last;
};

static void climb_once(struct climb *climb)
{
    climb->node >>= 1;
    climb->last >>= 1;
}

/* Whether the next hash of the proof stands to the left. */
static bool hash_is_left(const struct climb *climb)
{
    return (climb->node & 1) != 0 || climb->node == climb->last;
}

/* After a left hash: levels in which the node has no brother are passed over. */
static void climb_past_single(struct climb *climb)
{
    while ((climb->node & 1) == 0 && climb->node != 0) {
        climb_once(climb);
    }
}

bool merkle_inclusion_holds(uint64_t index, uint64_t size, const struct sha256 *leaf_hash,
                            const struct sha256 *proof, size_t proof_count,
                            const struct sha256 *root)
{
    if (index >= size) {
        return false;
    }
    struct climb climb = {index, size - 1};
    struct sha256 hash = *leaf_hash;
    for (size_t i = 0; i < proof_count; i++) {
        if (climb.last == 0) {
            return false;
        }
        if (hash_is_left(&climb)) {
            hash = merkle_node_hash(&proof[i], &hash);
            climb_past_single(&climb);
        } else {
            hash = merkle_node_hash(&hash, &proof[i]);
        }
        climb_once(&climb);
    }
    return climb.last == 0 && sha256_equal(&hash, root);
}

/* The two roots that a proof leads to, from the subtree that both trees share. */
static bool consistency_climb(struct climb climb, const struct sha256 *proof, size_t proof_count,
                              struct sha256 *old_hash, struct sha256 *new_hash)
{
    for (size_t i = 0; i < proof_count; i++) {
        if (climb.last == 0) {
            return false;
        }
        if (hash_is_left(&climb)) {
            *old_hash = merkle_node_hash(&proof[i], old_hash);
            *new_hash = merkle_node_hash(&proof[i], new_hash);
            climb_past_single(&climb);
        } else {
            *new_hash = merkle_node_hash(new_hash, &proof[i]);
        }
        climb_once(&climb);
    }
    return climb.last == 0;
}

bool merkle_consistency_holds(uint64_t old_size, uint64_t new_size, const struct sha256 *old_root,
                              const struct sha256 *new_root, const struct sha256 *proof,
                              size_t proof_count)
{
    if (old_size > new_size) {
        return false;
    }
    if (old_size == new_size) {
        return proof_count == 0 && sha256_equal(old_root, new_root);
    }
    if (old_size == 0) { /* every tree begins with the empty one; there is nothing to prove */
        struct sha256 empty = sha256_of("", 0);
        return proof_count == 0 && sha256_equal(old_root, &empty);
    }
    if (proof_count == 0) {
        return false;
    }
    struct climb climb = {old_size - 1, new_size - 1};
    while ((climb.node & 1) != 0) {
        climb_once(&climb);
    }
    /* A full tree is itself the first hash, which the proof then leaves out. */
    bool full = (old_size & (old_size - 1)) == 0;
    struct sha256 old_hash = full ? *old_root : proof[0];
    struct sha256 new_hash = old_hash;
    size_t used = full ? 0 : 1;
    return consistency_climb(climb, proof + used, proof_count - used, &old_hash, &new_hash) &&
           sha256_equal(&old_hash, old_root) && sha256_equal(&new_hash, new_root);
}
