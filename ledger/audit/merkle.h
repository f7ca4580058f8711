/* merkle.h - the RFC 6962 tree over leaf hashes, kept as a compact range. Layer: audit. */
#ifndef YICANG_AUDIT_MERKLE_H
#define YICANG_AUDIT_MERKLE_H

#include "ledger/base/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MERKLE_HASHES_MAX 63

/* Roots of the full subtrees that make up a tree of `size` leaves, largest first: one hash for each
 * one-bit of size. */
struct merkle_range {
    uint64_t size;
    struct sha256 hash[MERKLE_HASHES_MAX];
};

struct sha256 merkle_leaf_hash(const void *leaf, size_t length); /* SHA-256(0x00 || leaf) */
struct sha256 merkle_node_hash(const struct sha256 *left, const struct sha256 *right);
void merkle_range_init(struct merkle_range *range);
void merkle_range_append(struct merkle_range *range, const struct sha256 *leaf_hash);
struct sha256
merkle_range_root(const struct merkle_range *range);         /* of the empty tree: SHA-256("") */
size_t merkle_range_count(const struct merkle_range *range); /* hashes in use */

/* RFC 9162 2.1.3.2 and 2.1.4.2. */
bool merkle_inclusion_holds(uint64_t index, uint64_t size, const struct sha256 *leaf_hash,
                            const struct sha256 *proof, size_t proof_count,
                            const struct sha256 *root);
bool merkle_consistency_holds(uint64_t old_size, uint64_t new_size, const struct sha256 *old_root,
                              const struct sha256 *new_root, const struct sha256 *proof,
                              size_t proof_count);

#endif
