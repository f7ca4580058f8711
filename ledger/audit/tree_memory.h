/* tree_memory.h - roots of a log at sizes that it had before, from its leaf hashes. Layer: audit.
 * Roots of complete subtrees of 256 leaves are reckoned once and kept: 32 bytes each, so that
 * asking for many sizes of a long log reads it once. */
#ifndef YICANG_AUDIT_TREE_MEMORY_H
#define YICANG_AUDIT_TREE_MEMORY_H

#include "ledger/audit/merkle.h"
#include "ledger/store/store.h"

#define TREE_MEMORY_MAX ((size_t)1 << 24) /* subtrees: four thousand million events */

/* Zeroed: empty. A log only grows, so what is kept stays true while it is one and the same. */
struct tree_memory {
    struct sha256 *subtree;
    size_t count;
    size_t capacity;
};

void tree_memory_release(struct tree_memory *memory);
#define AUTO_TREE_MEMORY AUTO(tree_memory_release) struct tree_memory

/* The root over the first `size` leaves that the store holds. Reason id proof.range (it does not
 * hold so many). */
MUST_CHECK bool tree_memory_root(struct tree_memory *memory, struct store *store, uint64_t size,
                                 struct sha256 *ret, struct error *err);

#endif
