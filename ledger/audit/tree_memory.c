#include "ledger/audit/tree_memory.h"

#include "ledger/audit/log_lookup.h"
#include "ledger/audit/proof.h"
#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <inttypes.h>
#include <stdlib.h>

#define KEPT_LEVEL 8

void tree_memory_release(struct tree_memory *memory)
{
    free(memory->subtree);
    *memory = (struct tree_memory){0};
}

/* The root over `count` leaves from `first` on. */
static bool leaves_root(struct store *store, uint64_t first, uint64_t count, struct sha256 *ret,
                        struct error *err)
{
    struct merkle_range range;

    merkle_range_init(&range);
    if (!event_hashes_append(store, first, first + count, &range, err)) {
        return false;
    }
    *ret = merkle_range_root(&range);
    return range.size == count || error_set(err, FAULT_REFUSED, "proof.range",
                                            _("the log has no event %" PRIu64), first + range.size);
}

static bool grow(struct tree_memory *memory, struct store *store, uint64_t count, struct error *err)
{
    if (count > TREE_MEMORY_MAX) {
        return error_set(err, FAULT_REFUSED, "proof.range", _("the log is too long"));
    }
    while (memory->count < count) {
        if (memory->count == memory->capacity) {
            memory->capacity = memory->capacity == 0 ? 64 : 2 * memory->capacity;
            memory->subtree =
                alloc_resized(memory->subtree, memory->capacity, sizeof memory->subtree[0]);
        }
        if (!leaves_root(store, (uint64_t)memory->count << KEPT_LEVEL, UINT64_C(1) << KEPT_LEVEL,
                         &memory->subtree[memory->count], err)) {
            return false;
        }
        memory->count++;
    }
    return true;
}

struct remembering {
    struct tree_memory *memory;
    struct store *store;
};

static bool node(void *context, unsigned level, uint64_t index, struct sha256 *ret,
                 struct error *err)
{
    const struct remembering *of = context;
    struct merkle_range range;

    if (level < KEPT_LEVEL) {
        return leaves_root(of->store, index << level, UINT64_C(1) << level, ret, err);
    }
    uint64_t first = index << (level - KEPT_LEVEL);
    uint64_t count = UINT64_C(1) << (level - KEPT_LEVEL);
    if (!grow(of->memory, of->store, first + count, err)) {
        return false;
    }
    /* Over roots of equal subtrees the tree is built as over leaves. */
    merkle_range_init(&range);
    for (uint64_t i = 0; i < count; i++) {
        merkle_range_append(&range, &of->memory->subtree[first + i]);
    }
    *ret = merkle_range_root(&range);
    return true;
}

bool tree_memory_root(struct tree_memory *memory, struct store *store, uint64_t size,
                      struct sha256 *ret, struct error *err)
{
    struct remembering of = {memory, store};
    struct tree_source source = {&of, node};

    return tree_root(&source, size, ret, err);
}
