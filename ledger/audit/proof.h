/* proof.h - inclusion and consistency proofs (RFC 6962 2.1.1, 2.1.2) and the receipt file that
 * carries one (C2SP tlog-proof). Layer: audit. Proofs are checked by merkle.h. */
#ifndef YICANG_AUDIT_PROOF_H
#define YICANG_AUDIT_PROOF_H

#include "ledger/audit/merkle.h"
#include "ledger/base/arena.h"
#include "ledger/base/buffer.h"
#include "ledger/base/error.h"

#define RECEIPT_LINE_MAX 65535
/* Bytes that fit the `extra` line in base64; a longer leaf travels beside its receipt. */
#define RECEIPT_EXTRA_MAX 49146
#define RECEIPT_MAX ((size_t)256 << 10)

/* Where a proof gets its hashes: the root of the complete subtree over the leaves
 * [index * 2^level, (index + 1) * 2^level). */
struct tree_source {
    void *context;
    bool (*node)(void *context, unsigned level, uint64_t index, struct sha256 *ret,
                 struct error *err);
};

/* The same from leaf hashes alone, every node recomputed. The leaves must outlive the source. */
struct leaf_source {
    void *context;
    bool (*leaf_hash)(void *context, uint64_t seq, struct sha256 *ret, struct error *err);
};
struct tree_source tree_source_of_leaves(struct leaf_source *leaves);

struct proof {
    size_t count;
    struct sha256 hash[MERKLE_HASHES_MAX];
};

/* Root of the first `size` leaves. */
MUST_CHECK bool tree_root(const struct tree_source *source, uint64_t size, struct sha256 *ret,
                          struct error *err);
/* Leaf to root, for index < size; and from old_size <= new_size (empty if old_size is 0 or equal).
 * Sizes outside are refused with reason id proof.range. Fails otherwise only if the source does. */
MUST_CHECK bool proof_of_inclusion(const struct tree_source *source, uint64_t index, uint64_t size,
                                   struct proof *ret, struct error *err);
MUST_CHECK bool proof_of_consistency(const struct tree_source *source, uint64_t old_size,
                                     uint64_t new_size, struct proof *ret, struct error *err);

/* A receipt taken apart: pointers live in the arena. */
struct receipt {
    const uint8_t *extra; /* untrusted; NULL if there is none. Ours carries the leaf */
    size_t extra_length;
    uint64_t index;
    struct proof proof;
    const char *checkpoint; /* a signed note, not yet looked at */
    size_t checkpoint_length;
};

/* Reason id receipt.extra-too-long (more than RECEIPT_EXTRA_MAX). */
MUST_CHECK bool receipt_write(const struct receipt *receipt, struct buffer *ret, struct error *err);
/* Strict. Reason id receipt.malformed. */
MUST_CHECK bool receipt_parse(struct arena *arena, const char *bytes, size_t length,
                              struct receipt *ret, struct error *err);

#endif
