/* The worked example pins every byte of the format: made again here from seeds and leaves, and
 * compared with files that programs of others have verified. */
#include "ledger/audit/bundle.h"
#include "ledger/audit/tile_builder.h"
#include "ledger/audit/witness.h"
#include "ledger/base/alloc.h"
#include "tests/conformance/example.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const labels[] = {"log0",   "day0", "day1", "admin1", "admin2",
                                     "system", "wang", "li",   "witness"};

static void every_seed_gives_its_verifier_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        char wanted[VKEY_TEXT_MAX];
        char got[VKEY_TEXT_MAX];
        struct signing_key key = example_key(labels[i], wanted);
        struct verifier_key parsed;
        struct error err;
        check_text_equal(verifier_key_format(&key.verifier, got), wanted);
        check_ok(verifier_key_parse(wanted, &parsed, &err), &err);
        check_int_equal(parsed.id, key.verifier.id);
    }
}

static void leaves_have_their_roots(void **state)
{
    (void)state;
    struct leaf_source leaves = example_leaves();
    struct tree_source tree = tree_source_of_leaves(&leaves);
    for (uint64_t size = 0; size <= EXAMPLE_EVENTS; size++) {
        struct sha256 root;
        struct sha256 wanted = example_root(size);
        struct error err;
        check_ok(tree_root(&tree, size, &root, &err), &err);
        assert_true(sha256_equal(&root, &wanted));
    }
}

static void leaves_signed_again_are_the_same_bytes(void **state)
{
    (void)state;
    static const char *const signer[EXAMPLE_EVENTS][3] = {{"admin1", "admin2"},
                                                          {"admin1", "admin2"},
                                                          {"admin1", "admin2"},
                                                          {"wang"},
                                                          {"wang"},
                                                          {"li"},
                                                          {"system"},
                                                          {"system"},
                                                          {"system"}};
    for (size_t i = 0; i < EXAMPLE_EVENTS; i++) {
        char name[32];
        size_t length = 0;
        snprintf(name, sizeof name, "leaf-%zu", i);
        char *leaf = example_file(name, &length);
        struct note note;
        struct error err;
        check_ok(note_parse(leaf, length, &note, &err), &err);
        struct signing_key keys[2];
        const struct signing_key *key[2];
        size_t count = 0;
        while (signer[i][count] != NULL) {
            keys[count] = example_key(signer[i][count], NULL);
            key[count] = &keys[count];
            count++;
        }
        AUTO_BUFFER again;
        buffer_init(&again, 65535);
        note_make(note.text, note.length, key, count, &again);
        example_check_file(&again, name);
        free(leaf);
    }
}

/* The checkpoint of this size as the log made it, with or without the line of the bureau. */
static void make_checkpoint(uint64_t size, bool cosigned, struct buffer *ret)
{
    struct signing_key log = example_key("log0", NULL);
    struct signing_key day0 = example_key("day0", NULL);
    struct signing_key day1 = example_key("day1", NULL);
    struct signing_key bureau = example_key("witness", NULL);
    struct sha256 root = example_root(size);
    checkpoint_make(EXAMPLE_ORIGIN, size, &root, &log, &day0, size == 9 ? &day1 : NULL, ret);
    if (cosigned) {
        struct note note;
        struct error err;
        check_ok(note_parse(ret->data, ret->length, &note, &err), &err);
        AUTO_BUFFER line;
        buffer_init(&line, 1000);
        cosignature_line_add(&bureau, note.text, note.length,
                             size == 9 ? EXAMPLE_COSIGNED_9 : EXAMPLE_COSIGNED_7, &line);
        buffer_add(ret, line.data, line.length);
    }
}

static void checkpoints_made_again_are_the_same_bytes(void **state)
{
    (void)state;
    static const struct {
        uint64_t size;
        bool cosigned;
        const char *file;
    } wanted[] = {{3, false, "checkpoint-3"},
                  {7, true, "checkpoint-7"},
                  {8, false, "checkpoint-8"},
                  {9, true, "checkpoint-9"}};
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        AUTO_BUFFER got;
        buffer_init(&got, CHECKPOINT_NOTE_MAX);
        make_checkpoint(wanted[i].size, wanted[i].cosigned, &got);
        example_check_file(&got, wanted[i].file);
    }
}

static void make_request(uint64_t old_size, uint64_t new_size, struct buffer *ret)
{
    struct leaf_source leaves = example_leaves();
    struct tree_source tree = tree_source_of_leaves(&leaves);
    struct witness_request request = {.old_size = old_size};
    struct error err;
    AUTO_BUFFER checkpoint;
    buffer_init(&checkpoint, CHECKPOINT_NOTE_MAX);
    make_checkpoint(new_size, false, &checkpoint);
    request.checkpoint = checkpoint.data;
    request.checkpoint_length = checkpoint.length;
    check_ok(proof_of_consistency(&tree, old_size, new_size, &request.proof, &err), &err);
    witness_request_write(&request, ret);
}

static void witness_requests_made_again_are_the_same_bytes(void **state)
{
    (void)state;
    AUTO_BUFFER from_7;
    AUTO_BUFFER from_3;
    buffer_init(&from_7, WITNESS_REQUEST_MAX);
    buffer_init(&from_3, WITNESS_REQUEST_MAX);
    make_request(7, 9, &from_7);
    make_request(3, 7, &from_3);
    example_check_file(&from_7, "add-checkpoint.7");
    example_check_file(&from_3, "add-checkpoint.3");
}

static void witness_answers_with_the_lines_of_the_example(void **state)
{
    (void)state;
    static const struct {
        uint64_t from, to;
        int64_t time;
        const char *cosigned;
    } step[] = {{0, 3, EXAMPLE_COSIGNED_7 - 60, NULL},
                {3, 7, EXAMPLE_COSIGNED_7, "checkpoint-7"},
                {7, 9, EXAMPLE_COSIGNED_9, "checkpoint-9"}};
    AUTO_ARENA arena;
    arena_init(&arena, 1 << 20);
    struct error err;
    size_t length = 0;
    char *text = example_file("policy", &length);
    const struct witness_policy *policy = NULL;
    check_ok(witness_policy_parse(&arena, text, length, &policy, &err), &err);
    struct signing_key bureau = example_key("witness", NULL);
    struct witness_state memory;
    witness_state_start(EXAMPLE_ORIGIN, &bureau.verifier, &memory);
    for (size_t i = 0; i < COUNT_OF(step); i++) {
        AUTO_BUFFER body;
        AUTO_BUFFER line;
        buffer_init(&body, WITNESS_REQUEST_MAX);
        buffer_init(&line, 1000);
        make_request(step[i].from, step[i].to, &body);
        struct witness_request request;
        check_ok(witness_request_parse(body.data, body.length, &request, &err), &err);
        struct signer signer = signer_of_key(&bureau);
        check_ok(
            witness_advance(&memory, &request, policy, &signer, step[i].time, &memory, &line, &err),
            &err);
        check_int_equal((int64_t)memory.size, (int64_t)step[i].to);
        if (step[i].cosigned != NULL) {
            char *wanted = example_file(step[i].cosigned, &length);
            check_text_equal(wanted + length - line.length, line.data);
            free(wanted);
        }
    }
    free(text);
}

static void receipt_made_again_is_the_same_bytes(void **state)
{
    (void)state;
    struct leaf_source leaves = example_leaves();
    struct tree_source tree = tree_source_of_leaves(&leaves);
    struct error err;
    AUTO_BUFFER checkpoint;
    AUTO_BUFFER got;
    buffer_init(&checkpoint, CHECKPOINT_NOTE_MAX);
    buffer_init(&got, RECEIPT_MAX);
    make_checkpoint(9, true, &checkpoint);
    size_t length = 0;
    char *leaf = example_file("leaf-4", &length);
    struct receipt receipt = {.extra = (const uint8_t *)leaf,
                              .extra_length = length,
                              .index = 4,
                              .checkpoint = checkpoint.data,
                              .checkpoint_length = checkpoint.length};
    check_ok(proof_of_inclusion(&tree, 4, 9, &receipt.proof, &err), &err);
    check_ok(receipt_write(&receipt, &got, &err), &err);
    example_check_file(&got, "receipt.tlog-proof");
    free(leaf);

    AUTO_ARENA arena;
    arena_init(&arena, 1 << 20);
    struct receipt parsed;
    check_ok(receipt_parse(&arena, got.data, got.length, &parsed, &err), &err);
    struct sha256 hash = merkle_leaf_hash(parsed.extra, parsed.extra_length);
    struct sha256 root = example_root(9);
    assert_true(merkle_inclusion_holds(parsed.index, 9, &hash, parsed.proof.hash,
                                       parsed.proof.count, &root));
}

static void manifest_signed_again_is_the_same_bytes(void **state)
{
    (void)state;
    size_t length = 0;
    char *manifest = example_file("MANIFEST", &length);
    struct minisign_secret secret = example_export_key();
    uint8_t digest[MINISIGN_DIGEST_SIZE];
    minisign_digest(manifest, length, digest);
    AUTO_BUFFER signature;
    AUTO_BUFFER key;
    buffer_init(&signature, MINISIGN_SIGNATURE_MAX);
    buffer_init(&key, 1000);
    minisign_sign(&secret, digest, "ledger export",
                  "origin=" EXAMPLE_ORIGIN
                  " size=9 root=FZtVkfHjzHHu0k94OjQpfQP+in1A7XISc48cz6oW85M=",
                  &signature);
    example_check_file(&signature, "MANIFEST.minisig");
    minisign_key_file_add(&secret.key, &key);
    example_check_file(&key, "export.pub");
    free(manifest);
}

/* SHA-256 of "ledger-pii/v1" LF origin LF member LF "id_no" LF, the salt, the value. */
static void commitment_in_leaf_3_opens(void **state)
{
    (void)state;
    uint8_t salt[32];
    struct sha256 wanted;
    assert_true(hex_parse("63479ad69a090b258277ec8fba6f99419a2ffb248981510657c944ccd1148e97", salt,
                          sizeof salt));
    assert_true(hex_parse("c5767ae790f4a45737939ac7a8b09ee436e2f7ee725787275ff0e1cb56b65c36",
                          wanted.byte, sizeof wanted.byte));
    static const char head[] =
        "ledger-pii/v1\n" EXAMPLE_ORIGIN "\nm-e31ab643c44f7a0ec824b59d1194d60d\nid_no\n";
    static const char value[] = "11010519491231002X";
    struct sha256_stream stream;
    sha256_begin(&stream);
    sha256_add(&stream, head, sizeof head - 1);
    sha256_add(&stream, salt, sizeof salt);
    sha256_add(&stream, value, sizeof value - 1);
    struct sha256 got = sha256_end(&stream);
    assert_true(sha256_equal(&got, &wanted));
}

/* Leaves and heads put into a book and exported give the very manifest of the example, so every
 * file of its folder. */
static void book_of_the_example_exports_its_manifest(void **state)
{
    (void)state;
    static const char *const added[] = {"add-checkpoint.3", "add-checkpoint.7",
                                        "receipt.tlog-proof"};
    char *folder = scratch_create();
    char path[512];
    struct error err;
    snprintf(path, sizeof path, "%s/book", folder);
    AUTO_STORE struct store *store = example_book(path);
    struct minisign_secret secret = example_export_key();
    struct bundle_file file[COUNT_OF(added)];
    for (size_t i = 0; i < COUNT_OF(added); i++) {
        file[i].path = added[i];
        file[i].bytes = example_file(added[i], &file[i].length);
    }
    char *keys = example_file("keys.vkey", &(size_t){0});
    char *policy = example_file("policy", &(size_t){0});
    struct bundle_content content = {.origin = EXAMPLE_ORIGIN,
                                     .size = EXAMPLE_EVENTS,
                                     .keys = keys,
                                     .policy = policy,
                                     .file = file,
                                     .files = COUNT_OF(added),
                                     .secret = &secret};
    struct sha256 digest;
    snprintf(path, sizeof path, "%s/export", folder);
    check_ok(bundle_write(store, path, &content, &digest, &err), &err);

    AUTO_BUNDLE struct bundle *bundle = NULL;
    check_ok(bundle_open(path, &secret.key, &bundle, &err), &err);
    check_int_equal((int64_t)bundle_size(bundle), EXAMPLE_EVENTS);
    check_ok(bundle_check_files(bundle, 0, &err), &err);
    static const char *const signed_files[] = {"MANIFEST", "MANIFEST.minisig"};
    for (size_t i = 0; i < COUNT_OF(signed_files); i++) {
        char full[600];
        snprintf(full, sizeof full, "%s/%s", path, signed_files[i]);
        size_t length = 0;
        char *got = file_read(full, &length);
        struct buffer seen = {.data = got, .length = length};
        example_check_file(&seen, signed_files[i]);
        free(got);
    }
    free(keys);
    free(policy);
    for (size_t i = 0; i < COUNT_OF(added); i++) {
        free((void *)(uintptr_t)file[i].bytes);
    }
    scratch_remove(folder);
}

/* What a verifier knows of the example when it meets a checkpoint. */
struct known {
    struct epoch epoch[2];
    struct verifier_key log;
    struct verifier_key bureau;
};

static struct known known_keys(void)
{
    return (struct known){
        .epoch = {{example_key("day0", NULL).verifier, 0}, {example_key("day1", NULL).verifier, 9}},
        .log = example_key("log0", NULL).verifier,
        .bureau = example_key("witness", NULL).verifier};
}

/* Accepts as the verifier does: the rule of epochs, and the bureau's line where it is asked for. */
static bool accepts(const struct known *known, const char *bytes, size_t length, bool cosigned,
                    struct error *err)
{
    struct note note;
    struct checkpoint checkpoint;
    struct checkpoint_signers signers;
    struct checkpoint_witnessed witnessed;
    const struct verifier_key *const witness[] = {&known->bureau};
    return checkpoint_read(bytes, length, &note, &checkpoint, err) &&
           epoch_signers(known->epoch, 2, checkpoint.size, &known->log, &signers, err) &&
           checkpoint_verify(&note, &checkpoint, EXAMPLE_ORIGIN, &signers, witness, 1, &witnessed,
                             err) &&
           (!cosigned || (witnessed.by == 1 && witnessed.time[0] == EXAMPLE_COSIGNED_9));
}

static void checkpoints_of_the_example_are_accepted(void **state)
{
    (void)state;
    static const char *const names[] = {"checkpoint-3", "checkpoint-7", "checkpoint-8",
                                        "checkpoint-9"};
    struct known known = known_keys();
    struct error err;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t length = 0;
        char *bytes = example_file(names[i], &length);
        check_ok(accepts(&known, bytes, length, i == 3, &err), &err);
        free(bytes);
    }
}

/* Signed by keys that are all real, in places that the epochs do not give them. */
static void wrong_twins_break_the_rule_of_epochs(void **state)
{
    (void)state;
    struct known known = known_keys();
    struct signing_key log = example_key("log0", NULL);
    struct signing_key day0 = example_key("day0", NULL);
    struct signing_key day1 = example_key("day1", NULL);
    const struct {
        uint64_t size;
        const struct signing_key *log, *day, *next;
        const char *reason;
    } twin[] = {
        {8, &log, &day1, NULL, "E_EPOCH"},   /* the next day's key, a day early */
        {9, &log, &day1, NULL, "E_EPOCH"},   /* a seal without the old key */
        {9, &log, &day0, NULL, "E_EPOCH"},   /* a seal without the new key */
        {9, &log, &day1, &day0, "E_EPOCH"},  /* the two swapped */
        {10, &log, &day0, NULL, "E_EPOCH"},  /* an old key used again */
        {8, &log, &day0, &day1, "E_EPOCH"},  /* a third line where there is no seal */
        {10, &log, &day1, &day0, "E_EPOCH"}, /* the old key beside the new one */
        {8, NULL, &day0, NULL, "E_CPSIG"},   /* no line of the log key */
        {8, &log, &day0, &day0, "E_EPOCH"},  /* a line twice */
        {8, &log, NULL, NULL, "E_EPOCH"},    /* no line of the day key */
    };
    struct sha256 root = example_root(9);
    for (size_t i = 0; i < COUNT_OF(twin); i++) {
        AUTO_BUFFER bytes;
        struct error err;
        buffer_init(&bytes, CHECKPOINT_NOTE_MAX);
        checkpoint_make(EXAMPLE_ORIGIN, twin[i].size, &root, twin[i].log, twin[i].day, twin[i].next,
                        &bytes);
        check_refused(accepts(&known, bytes.data, bytes.length, false, &err), &err, twin[i].reason);
    }
}

static void no_changed_bit_of_checkpoint_9_is_accepted(void **state)
{
    (void)state;
    struct known known = known_keys();
    struct error err;
    size_t length = 0;
    char *bytes = example_file("checkpoint-9", &length);
    check_int_equal((int64_t)length, 629);
    for (size_t bit = 0; bit < 8 * length; bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        if (accepts(&known, bytes, length, true, &err)) {
            fail_msg("bit %zu changed, and accepted", bit);
        }
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
    for (size_t i = 0; i < length; i++) {
        assert_false(accepts(&known, bytes, i, true, &err));
    }
    check_ok(accepts(&known, bytes, length, true, &err), &err);
    free(bytes);
}

struct leaves {
    struct span leaf[2 * EXAMPLE_EVENTS];
    size_t count;
};

/* The root, if the bytes are a bundle of exactly so many entries. */
static bool entries_prove(const char *bytes, size_t length, const struct sha256 *root)
{
    struct span rest = {bytes, length};
    struct span leaf;
    struct merkle_range range;
    merkle_range_init(&range);
    while (rest.length > 0) {
        if (!tile_entry_next(&rest, &leaf) || range.size == EXAMPLE_EVENTS) {
            return false;
        }
        struct sha256 hash = merkle_leaf_hash(leaf.start, leaf.length);
        merkle_range_append(&range, &hash);
    }
    struct sha256 got = merkle_range_root(&range);
    return range.size == EXAMPLE_EVENTS && sha256_equal(&got, root);
}

static void make_entries(struct buffer *ret)
{
    for (size_t i = 0; i < EXAMPLE_EVENTS; i++) {
        char name[32];
        size_t length = 0;
        snprintf(name, sizeof name, "leaf-%zu", i);
        char *leaf = example_file(name, &length);
        tile_entry_add(leaf, length, ret);
        free(leaf);
    }
}

static void no_changed_bit_of_the_entries_is_accepted(void **state)
{
    (void)state;
    struct sha256 root = example_root(9);
    AUTO_BUFFER entries;
    buffer_init(&entries, TILE_ENTRIES_MAX);
    make_entries(&entries);
    check_int_equal((int64_t)entries.length, 6224);
    assert_true(entries_prove(entries.data, entries.length, &root));
    for (size_t bit = 0; bit < 8 * entries.length; bit++) {
        entries.data[bit / 8] ^= (char)(1 << bit % 8);
        if (entries_prove(entries.data, entries.length, &root)) {
            fail_msg("bit %zu changed, and accepted", bit);
        }
        entries.data[bit / 8] ^= (char)(1 << bit % 8);
    }
    for (size_t length = 0; length < entries.length; length++) {
        assert_false(entries_prove(entries.data, length, &root));
    }
}

static bool order_proves(const struct leaves *leaves, const struct sha256 *root)
{
    AUTO_BUFFER bytes;
    buffer_init(&bytes, TILE_ENTRIES_MAX);
    for (size_t i = 0; i < leaves->count; i++) {
        tile_entry_add(leaves->leaf[i].start, leaves->leaf[i].length, &bytes);
    }
    return entries_prove(bytes.data, bytes.length, root);
}

static void no_dropped_doubled_or_swapped_event_is_accepted(void **state)
{
    (void)state;
    struct sha256 root = example_root(9);
    AUTO_BUFFER entries;
    buffer_init(&entries, TILE_ENTRIES_MAX);
    make_entries(&entries);
    struct span rest = {entries.data, entries.length};
    struct leaves genuine = {.count = 0};
    while (tile_entry_next(&rest, &genuine.leaf[genuine.count])) {
        genuine.count++;
    }
    assert_true(order_proves(&genuine, &root));
    for (size_t i = 0; i < EXAMPLE_EVENTS; i++) {
        for (size_t j = 0; j < EXAMPLE_EVENTS; j++) {
            struct leaves changed = genuine;
            if (i != j) {
                changed.leaf[i] = genuine.leaf[j];
                assert_false(order_proves(&changed, &root)); /* j in the place of i */
                changed.leaf[j] = genuine.leaf[i];
                assert_false(order_proves(&changed, &root)); /* swapped */
            }
            changed = genuine;
            for (size_t k = i; k + 1 < changed.count; k++) {
                changed.leaf[k] = changed.leaf[k + 1];
            }
            changed.count--;
            assert_false(order_proves(&changed, &root)); /* dropped */
            changed.leaf[changed.count++] = genuine.leaf[j];
            bool same = i == EXAMPLE_EVENTS - 1 && j == i;
            assert_true(order_proves(&changed, &root) == same); /* another behind the rest */
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_seed_gives_its_verifier_key),
        cmocka_unit_test(leaves_have_their_roots),
        cmocka_unit_test(leaves_signed_again_are_the_same_bytes),
        cmocka_unit_test(checkpoints_made_again_are_the_same_bytes),
        cmocka_unit_test(witness_requests_made_again_are_the_same_bytes),
        cmocka_unit_test(witness_answers_with_the_lines_of_the_example),
        cmocka_unit_test(receipt_made_again_is_the_same_bytes),
        cmocka_unit_test(manifest_signed_again_is_the_same_bytes),
        cmocka_unit_test(commitment_in_leaf_3_opens),
        cmocka_unit_test(book_of_the_example_exports_its_manifest),
        cmocka_unit_test(checkpoints_of_the_example_are_accepted),
        cmocka_unit_test(wrong_twins_break_the_rule_of_epochs),
        cmocka_unit_test(no_changed_bit_of_checkpoint_9_is_accepted),
        cmocka_unit_test(no_changed_bit_of_the_entries_is_accepted),
        cmocka_unit_test(no_dropped_doubled_or_swapped_event_is_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
