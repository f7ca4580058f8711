#include "tests/conformance/example.h"

#include "ledger/audit/checkpoint_store.h"
#include "tests/conformance/vector_file.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *example_file(const char *name, size_t *ret_length)
{
    char path[512];
    snprintf(path, sizeof path, "%s/tests/conformance/data/example/%s", TEST_SOURCE_DIR, name);
    return file_read(path, ret_length);
}

/* Finds the line of seeds; *ret_rest is what follows the seed. */
static void find_seed(const char *label, uint8_t ret_seed[static 32], char *ret_rest, size_t size)
{
    struct vector_file file = vector_file_open("example/seeds");
    struct vector_case row;
    bool found = false;
    while (!found && vector_file_next(&file, &row)) {
        if (strcmp(row.verdict, label) == 0) {
            char hex[65];
            snprintf(hex, sizeof hex, "%.64s", row.text);
            assert_true(hex_parse(hex, ret_seed, 32));
            snprintf(ret_rest, size, "%s", row.text + 65);
            found = true;
        }
    }
    vector_file_close(&file, found ? 1 : 0, 1);
}

struct signing_key example_key(const char *label, char ret_vkey[VKEY_TEXT_MAX])
{
    uint8_t seed[32];
    char vkey[VKEY_TEXT_MAX];
    char name[KEY_NAME_MAX + 1];
    find_seed(label, seed, vkey, sizeof vkey);
    snprintf(name, sizeof name, "%.*s", (int)strcspn(vkey, "+"), vkey);
    bool witness = strcmp(label, "witness") == 0;
    struct signing_key key;
    signing_key_from_seed(name, witness ? KEY_TYPE_COSIGNATURE : KEY_TYPE_ED25519, seed, &key);
    if (ret_vkey != NULL) {
        memcpy(ret_vkey, vkey, sizeof vkey);
    }
    return key;
}

struct minisign_secret example_export_key(void)
{
    uint8_t seed[32];
    uint8_t number[MINISIGN_NUMBER_SIZE];
    char rest[64];
    struct minisign_secret secret;
    find_seed("export", seed, rest, sizeof rest);
    assert_true(hex_parse(rest, number, sizeof number));
    minisign_secret_from_seed(number, seed, &secret);
    return secret;
}

struct sha256 example_root(uint64_t size)
{
    struct vector_file file = vector_file_open("example/roots");
    struct vector_case row;
    struct sha256 root = {{0}};
    bool found = false;
    while (!found && vector_file_next(&file, &row)) {
        found = strtoull(row.verdict, NULL, 10) == size;
        if (found) {
            assert_true(span_base64_sha256((struct span){row.text, strlen(row.text)}, &root));
        }
    }
    vector_file_close(&file, found ? 1 : 0, 1);
    return root;
}

static char *leaf_read(uint64_t seq, size_t *ret_length)
{
    char name[32];
    snprintf(name, sizeof name, "leaf-%" PRIu64, seq);
    return example_file(name, ret_length);
}

struct sha256 example_leaf_hash(uint64_t seq)
{
    size_t length = 0;
    char *leaf = leaf_read(seq, &length);
    struct sha256 hash = merkle_leaf_hash(leaf, length);
    free(leaf);
    return hash;
}

static bool leaf_hash(void *context, uint64_t seq, struct sha256 *ret, struct error *err)
{
    (void)context;
    (void)err;
    *ret = example_leaf_hash(seq);
    return true;
}

struct leaf_source example_leaves(void)
{
    return (struct leaf_source){NULL, leaf_hash};
}

void example_check_file(const struct buffer *got, const char *name)
{
    size_t length = 0;
    char *wanted = example_file(name, &length);
    bool same = !got->overflowed && got->length == length && memcmp(got->data, wanted, length) == 0;
    if (!same) {
        print_error("%s is\n%s\nbut was made as\n%s\n", name, wanted, got->data);
    }
    free(wanted);
    assert_true(same);
}

static void event_put(struct store *store, uint64_t seq)
{
    struct error err;
    size_t length = 0;
    char *leaf = leaf_read(seq, &length);
    struct sha256 hash = merkle_leaf_hash(leaf, length);
    AUTO_STATEMENT struct statement *insert =
        store_query(store, "INSERT INTO event (seq, leaf, leaf_hash, cmd) VALUES ($1, $2, $3, $4)");
    bind_int(insert, 1, (int64_t)seq);
    bind_blob(insert, 2, leaf, length);
    bind_sha256(insert, 3, &hash);
    bind_blob(insert, 4, hash.byte, 16);
    check_ok(statement_run(insert, &err), &err);
    free(leaf);
}

struct store *example_book(const char *path)
{
    static const struct {
        uint64_t size;
        enum checkpoint_why why;
    } head[] = {{3, CHECKPOINT_DAY},
                {7, CHECKPOINT_COSIGNED},
                {8, CHECKPOINT_DAY},
                {9, CHECKPOINT_COSIGNED}};
    struct error err;
    struct store *store = NULL;
    check_ok(store_open(path, STORE_CREATE, &store, &err), &err);
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(store, &transaction, &err), &err);
    for (uint64_t seq = 0; seq < EXAMPLE_EVENTS; seq++) {
        event_put(store, seq);
    }
    for (size_t i = 0; i < COUNT_OF(head); i++) {
        char name[32];
        size_t length = 0;
        snprintf(name, sizeof name, "checkpoint-%" PRIu64, head[i].size);
        char *note = example_file(name, &length);
        check_ok(checkpoint_store_put(store, head[i].size, note, length, head[i].why, &err), &err);
        free(note);
    }
    check_ok(transaction_commit(&transaction, &err), &err);
    return store;
}
