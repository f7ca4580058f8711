/* Roots of a log at earlier sizes: those that a tree has which is built leaf by leaf. */
#include "ledger/audit/tree_memory.h"
#include "tests/support/check.h"

#include <stdio.h>

#define LEAVES 1100 /* four complete subtrees of 256, and a rest */

struct grown {
    char *folder;
    struct store *store;
    struct sha256 root[LEAVES + 1];
};

static void put_event(struct store *store, int64_t seq, const struct sha256 *hash)
{
    struct error err = {0};
    uint8_t command[16] = {(uint8_t)(seq >> 8), (uint8_t)seq};
    AUTO_STATEMENT struct statement *insert =
        store_query(store, "INSERT INTO event (seq, leaf, leaf_hash, cmd) VALUES ($1, $2, $3, $4)");
    bind_int(insert, 1, seq);
    bind_blob(insert, 2, "leaf", 4);
    bind_sha256(insert, 3, hash);
    bind_blob(insert, 4, command, sizeof command);
    check_ok(statement_run(insert, &err), &err);
}

static int set_up(void **state)
{
    static struct grown grown;
    struct error err = {0};
    struct merkle_range range;
    char path[400];
    AUTO_TRANSACTION transaction = {0};

    grown.folder = scratch_create();
    (void)snprintf(path, sizeof path, "%s/book.db", grown.folder);
    check_ok(store_open(path, STORE_CREATE, &grown.store, &err), &err);
    check_ok(transaction_begin(grown.store, &transaction, &err), &err);
    merkle_range_init(&range);
    grown.root[0] = merkle_range_root(&range);
    for (int64_t seq = 0; seq < LEAVES; seq++) {
        struct sha256 hash = merkle_leaf_hash(&seq, sizeof seq);
        put_event(grown.store, seq, &hash);
        merkle_range_append(&range, &hash);
        grown.root[seq + 1] = merkle_range_root(&range);
    }
    check_ok(transaction_commit(&transaction, &err), &err);
    *state = &grown;
    return 0;
}

static int tear_down(void **state)
{
    struct grown *grown = *state;
    grown->store = store_close(grown->store);
    scratch_remove(grown->folder);
    return 0;
}

static void check_root(const struct grown *grown, struct tree_memory *memory, uint64_t size)
{
    struct sha256 root;
    struct error err = {0};
    check_ok(tree_memory_root(memory, grown->store, size, &root, &err), &err);
    if (!sha256_equal(&root, &grown->root[size])) {
        fail_msg("another root at size %llu", (unsigned long long)size);
    }
}

static void every_size_has_its_root(void **state)
{
    AUTO_TREE_MEMORY memory = {0};
    for (uint64_t size = 0; size <= LEAVES; size++) {
        check_root(*state, &memory, size);
    }
    check_int_equal((int64_t)memory.count, LEAVES / 256);
}

static void whatever_was_asked_before(void **state)
{
    AUTO_TREE_MEMORY memory = {0};
    for (uint64_t i = 0; i <= LEAVES; i++) {
        check_root(*state, &memory, i * 577 % (LEAVES + 1));
    }
    for (uint64_t size = 0; size <= LEAVES; size += 131) {
        AUTO_TREE_MEMORY fresh = {0};
        check_root(*state, &fresh, size);
    }
}

static void more_than_there_is_is_refused(void **state)
{
    const struct grown *grown = *state;
    struct sha256 root;
    struct error err = {0};
    AUTO_TREE_MEMORY memory = {0};
    check_refused(tree_memory_root(&memory, grown->store, LEAVES + 1, &root, &err), &err,
                  "proof.range");
    check_refused(tree_memory_root(&memory, grown->store, UINT64_C(1) << 40, &root, &err), &err,
                  "proof.range");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_has_its_root),
        cmocka_unit_test(whatever_was_asked_before),
        cmocka_unit_test(more_than_there_is_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
