#include "ledger/audit/checkpoint.h"
#include "tests/support/check.h"

#include <string.h>

#define ORIGIN "demo.invalid/ledger-00000001"

static struct signing_key key_of(const char *name, uint8_t type, uint8_t seed_byte)
{
    uint8_t seed[32] = {seed_byte};
    struct signing_key key;
    signing_key_from_seed(name, type, seed, &key);
    return key;
}

struct scene {
    struct signing_key log, day[3], witness[2];
    struct epoch epoch[3]; /* from 0, 10 and 20 */
    const struct verifier_key *known[2];
    struct sha256 root;
};

static struct scene scene_set(struct scene *scene)
{
    scene->log = key_of(ORIGIN, KEY_TYPE_ED25519, 1);
    for (size_t i = 0; i < 3; i++) {
        scene->day[i] = key_of(ORIGIN "/day", KEY_TYPE_ED25519, (uint8_t)(10 + i));
        scene->epoch[i] = (struct epoch){scene->day[i].verifier, 10 * i};
    }
    scene->witness[0] = key_of("bureau.invalid/witness/1", KEY_TYPE_COSIGNATURE, 20);
    scene->witness[1] = key_of("bank.invalid/witness/1", KEY_TYPE_COSIGNATURE, 21);
    scene->known[0] = &scene->witness[0].verifier;
    scene->known[1] = &scene->witness[1].verifier;
    scene->root = sha256_of("root", 4);
    return *scene;
}

static bool verifies(const struct scene *scene, const struct buffer *bytes,
                     struct checkpoint_witnessed *ret, struct error *err)
{
    struct note note;
    struct checkpoint checkpoint;
    struct checkpoint_signers signers;
    return checkpoint_read(bytes->data, bytes->length, &note, &checkpoint, err) &&
           epoch_signers(scene->epoch, 3, checkpoint.size, &scene->log.verifier, &signers, err) &&
           checkpoint_verify(&note, &checkpoint, ORIGIN, &signers, scene->known, 2, ret, err);
}

static void each_size_is_signed_by_the_key_of_its_day(void **state)
{
    (void)state;
    struct scene scene;
    scene_set(&scene);
    for (uint64_t size = 1; size <= 25; size++) {
        for (size_t day = 0; day < 3; day++) {
            for (size_t next = 0; next <= 3; next++) {
                AUTO_BUFFER bytes;
                struct error err;
                buffer_init(&bytes, CHECKPOINT_NOTE_MAX);
                checkpoint_make(ORIGIN, size, &scene.root, &scene.log, &scene.day[day],
                                next == 3 ? NULL : &scene.day[next], &bytes);
                /* Key 0 up to size 10, key 1 from 10 to 20, key 2 from 20 on. */
                size_t wanted = size <= 10 ? 0 : size <= 20 ? 1 : 2;
                size_t wanted_next = size == 10 ? 1 : size == 20 ? 2 : 3;
                bool ok = verifies(&scene, &bytes, NULL, &err);
                if (day == wanted && next == wanted_next) {
                    check_ok(ok, &err);
                } else {
                    check_refused(ok, &err, "E_EPOCH");
                }
            }
        }
    }
}

static void epochs_with_a_gap_or_out_of_order_are_refused(void **state)
{
    (void)state;
    struct scene scene;
    struct error err;
    struct checkpoint_signers signers;
    scene_set(&scene);
    check_refused(epoch_signers(scene.epoch, 0, 5, NULL, &signers, &err), &err, "E_EPOCH");
    scene.epoch[0].from = 1;
    check_refused(epoch_signers(scene.epoch, 3, 5, NULL, &signers, &err), &err, "E_EPOCH");
    scene.epoch[0].from = 0;
    scene.epoch[2].from = 10;
    check_refused(epoch_signers(scene.epoch, 3, 5, NULL, &signers, &err), &err, "E_EPOCH");
}

static void every_closed_day_needs_its_seal(void **state)
{
    (void)state;
    struct scene scene;
    struct error err;
    scene_set(&scene);
    static const uint64_t all[] = {3, 10, 15, 20, 25};
    static const uint64_t first_missing[] = {3, 9, 11, 20};
    static const uint64_t last_missing[] = {10, 19, 21};
    check_ok(epochs_are_sealed(scene.epoch, 3, all, 5, &err), &err);
    check_ok(epochs_are_sealed(scene.epoch, 1, all, 0, &err), &err);
    check_refused(epochs_are_sealed(scene.epoch, 3, first_missing, 4, &err), &err, "E_EPOCH");
    check_refused(epochs_are_sealed(scene.epoch, 3, last_missing, 3, &err), &err, "E_EPOCH");
    check_refused(epochs_are_sealed(scene.epoch, 2, all, 1, &err), &err, "E_EPOCH");
}

static void add_cosignature(const struct signing_key *witness, const char *text, size_t length,
                            int64_t time, struct buffer *ret)
{
    AUTO_BUFFER line;
    buffer_init(&line, 1000);
    cosignature_line_add(witness, text, length, time, &line);
    buffer_add(ret, line.data, line.length);
}

static void witnesses_are_told_with_their_times(void **state)
{
    (void)state;
    struct scene scene;
    struct error err;
    struct note note;
    struct checkpoint_witnessed witnessed;
    scene_set(&scene);
    AUTO_BUFFER bytes;
    buffer_init(&bytes, CHECKPOINT_NOTE_MAX);
    checkpoint_make(ORIGIN, 5, &scene.root, &scene.log, &scene.day[0], NULL, &bytes);
    check_ok(verifies(&scene, &bytes, &witnessed, &err), &err);
    check_int_equal((int64_t)witnessed.by, 0);
    check_ok(note_parse(bytes.data, bytes.length, &note, &err), &err);
    size_t length = note.length;

    struct signing_key stranger = key_of("stranger.invalid/w", KEY_TYPE_COSIGNATURE, 22);
    add_cosignature(&stranger, bytes.data, length, 99, &bytes);
    add_cosignature(&scene.witness[1], bytes.data, length, 1234, &bytes);
    check_ok(verifies(&scene, &bytes, &witnessed, &err), &err);
    check_int_equal((int64_t)witnessed.by, 2);
    check_int_equal(witnessed.time[1], 1234);

    add_cosignature(&scene.witness[1], bytes.data, length, 1235, &bytes);
    check_refused(verifies(&scene, &bytes, &witnessed, &err), &err, "E_CPSIG");
}

static void bad_line_of_a_witness_refuses_the_checkpoint(void **state)
{
    (void)state;
    struct scene scene;
    struct error err;
    scene_set(&scene);
    AUTO_BUFFER bytes;
    buffer_init(&bytes, CHECKPOINT_NOTE_MAX);
    checkpoint_make(ORIGIN, 5, &scene.root, &scene.log, &scene.day[0], NULL, &bytes);
    add_cosignature(&scene.witness[0], "something else\n", 15, 1234, &bytes);
    check_refused(verifies(&scene, &bytes, NULL, &err), &err, "E_CPSIG");
}

static void lines_of_ours_stand_first_and_once(void **state)
{
    (void)state;
    struct scene scene;
    struct error err;
    scene_set(&scene);
    const struct signing_key *const order[][3] = {
        {&scene.day[0], &scene.log, NULL},       /* the wrong order */
        {&scene.log, NULL, NULL},                /* no day key */
        {&scene.log, &scene.day[0], &scene.log}, /* the log key twice */
        {&scene.log, &scene.log, &scene.day[0]},
    };
    static const char *const reason[] = {"E_CPSIG", "E_EPOCH", "E_CPSIG", "E_EPOCH"};
    AUTO_BUFFER text;
    buffer_init(&text, 1000);
    checkpoint_text_add(ORIGIN, 5, &scene.root, &text);
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        AUTO_BUFFER bytes;
        buffer_init(&bytes, CHECKPOINT_NOTE_MAX);
        size_t count = order[i][1] == NULL ? 1 : order[i][2] == NULL ? 2 : 3;
        note_make(text.data, text.length, order[i], count, &bytes);
        check_refused(verifies(&scene, &bytes, NULL, &err), &err, reason[i]);
    }
}

static void other_log_and_extension_lines_are_refused(void **state)
{
    (void)state;
    struct scene scene;
    struct error err;
    scene_set(&scene);
    const struct signing_key *const signers[] = {&scene.log, &scene.day[0]};
    AUTO_BUFFER other;
    AUTO_BUFFER text;
    AUTO_BUFFER extended;
    buffer_init(&other, CHECKPOINT_NOTE_MAX);
    buffer_init(&text, 1000);
    buffer_init(&extended, CHECKPOINT_NOTE_MAX);
    checkpoint_make("demo.invalid/ledger-00000002", 5, &scene.root, &scene.log, &scene.day[0], NULL,
                    &other);
    check_refused(verifies(&scene, &other, NULL, &err), &err, "E_CPSIG");
    checkpoint_text_add(ORIGIN, 5, &scene.root, &text);
    buffer_add_text(&text, "more\n");
    note_make(text.data, text.length, signers, 2, &extended);
    check_refused(verifies(&scene, &extended, NULL, &err), &err, "E_CPSIG");
}

static void only_signature_lines_can_be_added(void **state)
{
    (void)state;
    struct scene scene;
    struct error err;
    struct checkpoint_witnessed witnessed;
    scene_set(&scene);
    AUTO_BUFFER bytes;
    AUTO_BUFFER text;
    AUTO_BUFFER line;
    AUTO_BUFFER joined;
    buffer_init(&bytes, CHECKPOINT_NOTE_MAX);
    buffer_init(&text, 1000);
    buffer_init(&line, 1000);
    buffer_init(&joined, CHECKPOINT_NOTE_MAX);
    checkpoint_make(ORIGIN, 5, &scene.root, &scene.log, &scene.day[0], NULL, &bytes);
    checkpoint_text_add(ORIGIN, 5, &scene.root, &text);
    cosignature_line_add(&scene.witness[0], text.data, text.length, 77, &line);
    check_ok(checkpoint_add_lines(bytes.data, bytes.length, line.data, line.length, &joined, &err),
             &err);
    check_ok(verifies(&scene, &joined, &witnessed, &err), &err);
    check_int_equal((int64_t)witnessed.by, 1);
    /* An empty line would make the first signatures part of the text. */
    buffer_clear(&text);
    buffer_add_byte(&text, '\n');
    buffer_add(&text, line.data, line.length);
    check_refused(
        checkpoint_add_lines(bytes.data, bytes.length, text.data, text.length, &joined, &err), &err,
        "note.malformed");
    check_refused(checkpoint_add_lines(bytes.data, bytes.length, "hello\n", 6, &joined, &err), &err,
                  "note.malformed");
}

static void lost_key_leaves_the_lines_of_the_others(void **state)
{
    (void)state;
    struct scene scene;
    struct error err;
    struct note note;
    struct checkpoint checkpoint;
    scene_set(&scene);
    AUTO_BUFFER bytes;
    buffer_init(&bytes, CHECKPOINT_NOTE_MAX);
    checkpoint_make(ORIGIN, 5, &scene.root, NULL, &scene.day[0], NULL, &bytes);
    check_ok(checkpoint_read(bytes.data, bytes.length, &note, &checkpoint, &err), &err);
    struct checkpoint_signers without_log = {.day = &scene.day[0].verifier};
    struct checkpoint_signers with_log = {.log = &scene.log.verifier,
                                          .day = &scene.day[0].verifier};
    struct checkpoint_signers nobody = {0};
    check_ok(checkpoint_verify(&note, &checkpoint, ORIGIN, &without_log, NULL, 0, NULL, &err),
             &err);
    check_refused(checkpoint_verify(&note, &checkpoint, ORIGIN, &with_log, NULL, 0, NULL, &err),
                  &err, "E_CPSIG");
    check_refused(checkpoint_verify(&note, &checkpoint, ORIGIN, &nobody, NULL, 0, NULL, &err), &err,
                  "E_CPSIG");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_size_is_signed_by_the_key_of_its_day),
        cmocka_unit_test(epochs_with_a_gap_or_out_of_order_are_refused),
        cmocka_unit_test(every_closed_day_needs_its_seal),
        cmocka_unit_test(witnesses_are_told_with_their_times),
        cmocka_unit_test(bad_line_of_a_witness_refuses_the_checkpoint),
        cmocka_unit_test(lines_of_ours_stand_first_and_once),
        cmocka_unit_test(other_log_and_extension_lines_are_refused),
        cmocka_unit_test(only_signature_lines_can_be_added),
        cmocka_unit_test(lost_key_leaves_the_lines_of_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
