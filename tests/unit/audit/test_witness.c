#include "ledger/audit/witness.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORIGIN "demo.invalid/ledger-00000001"
#define LEAVES 40

/* A log of forty leaves, its witness, and what the witness remembers. */
struct scene {
    struct signing_key log, day, witness;
    struct arena arena;
    const struct witness_policy *policy;
    struct witness_state memory;
    int history; /* another number is another history from leaf 5 on */
    struct error err;
};

static bool leaf_hash(void *context, uint64_t seq, struct sha256 *ret, struct error *err)
{
    (void)err;
    const struct scene *scene = context;
    char leaf[32];
    int length = snprintf(leaf, sizeof leaf, "%d/%u", seq < 5 ? 0 : scene->history, (unsigned)seq);
    *ret = merkle_leaf_hash(leaf, (size_t)length);
    return true;
}

static struct signing_key key_of(const char *name, uint8_t type, uint8_t seed_byte)
{
    uint8_t seed[32] = {seed_byte};
    struct signing_key key;
    signing_key_from_seed(name, type, seed, &key);
    return key;
}

static void scene_set(struct scene *scene)
{
    char log[VKEY_TEXT_MAX];
    *scene = (struct scene){.log = key_of(ORIGIN, KEY_TYPE_ED25519, 1),
                            .day = key_of(ORIGIN "/day", KEY_TYPE_ED25519, 2),
                            .witness = key_of("bureau.invalid/w", KEY_TYPE_COSIGNATURE, 3)};
    arena_init(&scene->arena, 1 << 20);
    const char *policy = arena_printf(&scene->arena, "log %s\nquorum none\n",
                                      verifier_key_format(&scene->log.verifier, log));
    check_ok(
        witness_policy_parse(&scene->arena, policy, strlen(policy), &scene->policy, &scene->err),
        &scene->err);
    witness_state_start(ORIGIN, &scene->witness.verifier, &scene->memory);
}

static void checkpoint_build(struct scene *scene, uint64_t size, struct buffer *ret)
{
    struct leaf_source leaves = {scene, leaf_hash};
    struct tree_source tree = tree_source_of_leaves(&leaves);
    struct sha256 root;
    check_ok(tree_root(&tree, size, &root, &scene->err), &scene->err);
    checkpoint_make(ORIGIN, size, &root, &scene->log, &scene->day, NULL, ret);
}

/* A request as an honest log would make it. */
static void request_build(struct scene *scene, uint64_t old_size, uint64_t size,
                          struct witness_request *ret, struct buffer *checkpoint)
{
    struct leaf_source leaves = {scene, leaf_hash};
    struct tree_source tree = tree_source_of_leaves(&leaves);
    buffer_clear(checkpoint);
    checkpoint_build(scene, size, checkpoint);
    *ret = (struct witness_request){.old_size = old_size,
                                    .checkpoint = checkpoint->data,
                                    .checkpoint_length = checkpoint->length};
    if (old_size <= size) {
        check_ok(proof_of_consistency(&tree, old_size, size, &ret->proof, &scene->err),
                 &scene->err);
    }
}

static bool advance(struct scene *scene, const struct witness_request *request, int64_t now,
                    struct buffer *line)
{
    struct signer signer = signer_of_key(&scene->witness);
    buffer_clear(line);
    return witness_advance(&scene->memory, request, scene->policy, &signer, now, &scene->memory,
                           line, &scene->err);
}

static void witness_follows_an_honest_log(void **state)
{
    (void)state;
    struct scene scene;
    scene_set(&scene);
    AUTO_BUFFER checkpoint;
    AUTO_BUFFER line;
    buffer_init(&checkpoint, CHECKPOINT_NOTE_MAX);
    buffer_init(&line, 1000);
    for (uint64_t size = 1; size <= LEAVES; size += size % 3 + 1) {
        struct witness_request request;
        request_build(&scene, scene.memory.size, size, &request, &checkpoint);
        check_ok(advance(&scene, &request, (int64_t)size, &line), &scene.err);
        check_int_equal((int64_t)scene.memory.size, (int64_t)size);
        check_int_equal(scene.memory.time, (int64_t)size);

        AUTO_BUFFER cosigned;
        struct note note;
        struct checkpoint body;
        struct checkpoint_witnessed witnessed;
        const struct verifier_key *const known[] = {&scene.witness.verifier};
        struct checkpoint_signers signers = {.log = &scene.log.verifier,
                                             .day = &scene.day.verifier};
        buffer_init(&cosigned, CHECKPOINT_NOTE_MAX);
        check_ok(checkpoint_add_lines(checkpoint.data, checkpoint.length, line.data, line.length,
                                      &cosigned, &scene.err),
                 &scene.err);
        check_ok(checkpoint_read(cosigned.data, cosigned.length, &note, &body, &scene.err),
                 &scene.err);
        check_ok(
            checkpoint_verify(&note, &body, ORIGIN, &signers, known, 1, &witnessed, &scene.err),
            &scene.err);
        check_int_equal((int64_t)witnessed.by, 1);
        check_int_equal(witnessed.time[0], (int64_t)size);
    }
    arena_release(&scene.arena);
}

static void same_head_can_be_asked_for_again(void **state)
{
    (void)state;
    struct scene scene;
    struct witness_request request;
    scene_set(&scene);
    AUTO_BUFFER checkpoint;
    AUTO_BUFFER line;
    buffer_init(&checkpoint, CHECKPOINT_NOTE_MAX);
    buffer_init(&line, 1000);
    request_build(&scene, 0, 7, &request, &checkpoint);
    check_ok(advance(&scene, &request, 100, &line), &scene.err);
    request_build(&scene, 7, 7, &request, &checkpoint);
    check_ok(advance(&scene, &request, 101, &line), &scene.err);
    check_int_equal(scene.memory.time, 101);
    arena_release(&scene.arena);
}

/* Refused, and the memory is what it was. */
static void check_refusal(struct scene *scene, const struct witness_request *request, int64_t now,
                          const char *reason)
{
    AUTO_BUFFER line;
    struct witness_state before = scene->memory;
    buffer_init(&line, 1000);
    check_refused(advance(scene, request, now, &line), &scene->err, reason);
    assert_memory_equal(&before, &scene->memory, sizeof before);
    check_int_equal((int64_t)line.length, 0);
}

static void fork_rollback_and_bad_proofs_are_refused(void **state)
{
    (void)state;
    struct scene scene;
    struct witness_request request;
    scene_set(&scene);
    AUTO_BUFFER checkpoint;
    AUTO_BUFFER line;
    buffer_init(&checkpoint, CHECKPOINT_NOTE_MAX);
    buffer_init(&line, 1000);
    request_build(&scene, 0, 20, &request, &checkpoint);
    check_ok(advance(&scene, &request, 100, &line), &scene.err);

    request_build(&scene, 19, 30, &request, &checkpoint);
    check_refusal(&scene, &request, 100, "witness.old-size");
    request_build(&scene, 0, 30, &request, &checkpoint);
    check_refusal(&scene, &request, 100, "witness.old-size");
    request_build(&scene, 20, 19, &request, &checkpoint);
    check_refusal(&scene, &request, 100, "witness.malformed");
    request_build(&scene, 20, 30, &request, &checkpoint);
    request.proof.hash[0].byte[0] ^= 1;
    check_refusal(&scene, &request, 100, "witness.proof");
    request_build(&scene, 20, 30, &request, &checkpoint);
    request.proof.count--;
    check_refusal(&scene, &request, 100, "witness.proof");
    request_build(&scene, 20, 30, &request, &checkpoint);
    check_refusal(&scene, &request, 99, "witness.clock");

    scene.history = 1;
    request_build(&scene, 20, 20, &request, &checkpoint);
    check_refusal(&scene, &request, 100, "witness.fork");
    for (uint64_t size = 21; size <= LEAVES; size++) {
        request_build(&scene, 20, size, &request, &checkpoint);
        check_refusal(&scene, &request, 100, "witness.proof");
    }
    scene.history = 0;
    request_build(&scene, 20, 21, &request, &checkpoint);
    check_ok(advance(&scene, &request, 100, &line), &scene.err);
    arena_release(&scene.arena);
}

static void stranger_and_unsigned_heads_are_refused(void **state)
{
    (void)state;
    struct scene scene;
    struct witness_request request;
    scene_set(&scene);
    AUTO_BUFFER checkpoint;
    buffer_init(&checkpoint, CHECKPOINT_NOTE_MAX);
    struct signing_key log = scene.log;

    request_build(&scene, 0, 7, &request, &checkpoint);
    request.proof.count = 1;
    check_refusal(&scene, &request, 100, "witness.malformed"); /* a proof from nothing */

    scene.log = key_of(ORIGIN, KEY_TYPE_ED25519, 9);
    request_build(&scene, 0, 7, &request, &checkpoint);
    check_refusal(&scene, &request, 100, "witness.log-signature");
    scene.log = log;

    buffer_clear(&checkpoint);
    struct sha256 root = sha256_of("x", 1);
    checkpoint_make("demo.invalid/ledger-00000002", 7, &root, &scene.log, &scene.day, NULL,
                    &checkpoint);
    request = (struct witness_request){.checkpoint = checkpoint.data,
                                       .checkpoint_length = checkpoint.length};
    check_refusal(&scene, &request, 100, "witness.unknown-log");

    request_build(&scene, 0, 7, &request, &checkpoint);
    scene.witness = key_of("bureau.invalid/w", KEY_TYPE_COSIGNATURE, 8);
    check_refusal(&scene, &request, 100, "witness.other-key");
    request.checkpoint_length--;
    check_refusal(&scene, &request, 100, "witness.malformed");
    arena_release(&scene.arena);
}

static void request_reads_back_and_is_strict(void **state)
{
    (void)state;
    static const char root[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    struct scene scene;
    struct witness_request request;
    struct witness_request parsed;
    struct error err;
    scene_set(&scene);
    AUTO_BUFFER checkpoint;
    AUTO_BUFFER body;
    AUTO_BUFFER again;
    buffer_init(&checkpoint, CHECKPOINT_NOTE_MAX);
    buffer_init(&body, WITNESS_REQUEST_MAX);
    buffer_init(&again, WITNESS_REQUEST_MAX);
    request_build(&scene, 5, 29, &request, &checkpoint);
    witness_request_write(&request, &body);
    check_ok(witness_request_parse(body.data, body.length, &parsed, &err), &err);
    witness_request_write(&parsed, &again);
    check_text_equal(again.data, body.data);

    static const char *const bad[] = {"",
                                      "old\n\nx\n",
                                      "old 5\n",
                                      "old 05\n\nx\n",
                                      "old -5\n\nx\n",
                                      "5\n\nx\n",
                                      "old 5\n\n",
                                      "old 5 \n\nx\n",
                                      "old 5\nnot\n\nx\n",
                                      "old 5\n\r\nx\n",
                                      "OLD 5\n\nx\n"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_refused(witness_request_parse(bad[i], strlen(bad[i]), &parsed, &err), &err,
                      "witness.malformed");
    }
    for (size_t hashes = 63; hashes <= 64; hashes++) {
        buffer_clear(&body);
        buffer_add_text(&body, "old 5\n");
        for (size_t i = 0; i < hashes; i++) {
            buffer_add_text(&body, root);
        }
        buffer_add_text(&body, "\nx\n");
        assert_true(witness_request_parse(body.data, body.length, &parsed, &err) == (hashes == 63));
    }
    arena_release(&scene.arena);
}

static void memory_reads_back_and_is_strict(void **state)
{
    (void)state;
    struct scene scene;
    struct witness_state parsed;
    struct error err;
    scene_set(&scene);
    AUTO_BUFFER text;
    AUTO_BUFFER again;
    buffer_init(&text, WITNESS_STATE_MAX);
    buffer_init(&again, WITNESS_STATE_MAX);
    scene.memory.size = 7;
    scene.memory.time = 1772442600;
    scene.memory.root = sha256_of("root", 4);
    witness_state_write(&scene.memory, &text);
    check_ok(witness_state_parse(text.data, text.length, &parsed, &err), &err);
    witness_state_write(&parsed, &again);
    check_text_equal(again.data, text.data);
    for (size_t length = 0; length < text.length; length++) {
        check_refused(witness_state_parse(text.data, length, &parsed, &err), &err, "witness.state");
    }
    buffer_add_byte(&text, '\n');
    check_refused(witness_state_parse(text.data, text.length, &parsed, &err), &err,
                  "witness.state");

    /* Nothing seen, and yet a root: a memory that was put together by hand. */
    buffer_clear(&text);
    scene.memory.size = 0;
    witness_state_write(&scene.memory, &text);
    check_refused(witness_state_parse(text.data, text.length, &parsed, &err), &err,
                  "witness.state");
    arena_release(&scene.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(witness_follows_an_honest_log),
        cmocka_unit_test(same_head_can_be_asked_for_again),
        cmocka_unit_test(fork_rollback_and_bad_proofs_are_refused),
        cmocka_unit_test(stranger_and_unsigned_heads_are_refused),
        cmocka_unit_test(request_reads_back_and_is_strict),
        cmocka_unit_test(memory_reads_back_and_is_strict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
