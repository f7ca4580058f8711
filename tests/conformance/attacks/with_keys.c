/* Attacks by somebody who has the keys of the log and those of the person who acts: every hash,
 * signature and head is as good as it can be made (audit-log.md 5; the numbers are those of its
 * table). The last event of the genuine book is a deposit by the bureau; it is written anew. */
#include "tests/conformance/attacks/attacks.h"
#include "tests/conformance/attacks/forging.h"

#include "ledger/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The attacks ---------------------------------------------------------------------------------- */

static void covering_up_alone_changes_nothing(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    check_text_equal(last_event_with(scene, "fund.deposit", "fund.deposit"), "proven");
}

/* 14 */
static void an_event_of_another_book_or_a_command_carried_out_twice(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    check_text_equal(last_event_with(scene, "ledger-00000001", "ledger-00000002"),
                     "E_ORIGIN@17 E_PROJECTION@-1 tampering");
    const char *command = strstr(last_leaf(scene), "\"cmd\":\"");
    size_t length = 0;
    scene_restore(scene);
    const char *before = strstr(leaf_at(scene, scene->size - 2, &length), "\"cmd\":\"");
    check_text_equal(last_event_with(scene, arena_text_n(&scene->arena, command, 40),
                                     arena_text_n(&scene->arena, before, 40)),
                     "E_LEAF@17 E_DUP@17 E_RULE@17 tampering");
}

/* 15 */
static void a_signature_made_for_another_purpose(void **state)
{
    struct scene *scene = *state;
    size_t length = 0;
    AUTO_BUFFER leaf;
    buffer_init(&leaf, LEAF_MAX);
    scene_restore(scene);
    const char *text = signed_part(scene, last_leaf(scene));
    const char *head =
        scene_blob(scene, "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1", &length);
    const char *end = strstr(head, "\n\n");
    assert_non_null(end);
    buffer_printf(&leaf, "%s\n", text);
    signature_line_add(&scene->bureau, head, (size_t)(end + 1 - head), &leaf);
    put_leaf(scene, scene->size - 1, leaf.data, leaf.length);
    cover_up(scene);
    check_text_equal(scene_verdict(scene), "E_SIG@17 tampering");
    /* The key that signs heads signs no events. */
    scene_restore(scene);
    check_text_equal(last_event_says(scene, text, &scene->log), "E_SIGNER@17 E_RULE@17 tampering");
}

/* 16 */
static void a_key_that_nobody_proves_to_hold_or_that_everybody_holds(void **state)
{
    struct scene *scene = *state;
    char vkey[VKEY_TEXT_MAX];
    struct signing_key other;
    struct sha256 seed = sha256_of("other", 5);
    const char *line = "{\"actor\":\"newcomer\",\"pop\":\"%s\",\"role\":\"clerk\",\"vkey\":\"%s\"}";
    uint8_t signature[64];
    char base64[89];
    scene_restore(scene);
    signing_key_from_seed(SCENE_ORIGIN "/a/newcomer", KEY_TYPE_ED25519, seed.byte, &other);
    verifier_key_format(&other.verifier, vkey);
    const char *claim = arena_printf(&scene->arena, "ledger-pop/v1 " SCENE_ORIGIN "\n%s\n", vkey);
    (void)crypto_sign_detached(signature, NULL, (const unsigned char *)claim, strlen(claim),
                               scene->clerk.secret);
    base64_format(signature, sizeof signature, base64);
    check_text_equal(last_event_by(scene, "admin", "key.add",
                                   arena_printf(&scene->arena, line, base64, vkey), &scene->admin),
                     "E_KEY@17 E_RULE@17 tampering");
    /* The neutral element: any signature with R = 0 would be its signature. */
    memset(other.verifier.public_key, 0, sizeof other.verifier.public_key);
    other.verifier.public_key[0] = 1;
    verifier_key_format(&other.verifier, vkey);
    check_text_equal(last_event_by(scene, "admin", "key.add",
                                   arena_printf(&scene->arena, line, base64, vkey), &scene->admin),
                     "E_KEY@17 E_RULE@17 tampering");
}

/* 17: the order of the group added to S. Libraries that do not reduce accept it. */
static void a_signature_that_only_some_libraries_accept(void **state)
{
    struct scene *scene = *state;
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                      0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    uint8_t bytes[4 + 64];
    char base64[93];
    size_t length = 0;
    unsigned carry = 0;
    scene_restore(scene);
    char *leaf = leaf_at(scene, scene->size - 1, &length);
    char *line = strrchr(leaf, ' ') + 1;
    assert_true(base64_parse(line, 92, bytes, sizeof bytes, &length));
    for (size_t i = 0; i < sizeof order; i++) {
        carry += (unsigned)bytes[36 + i] + order[i];
        bytes[36 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_int_equal(carry, 0);
    memcpy(line, base64_format(bytes, sizeof bytes, base64), 92);
    put_leaf(scene, scene->size - 1, leaf, strlen(leaf));
    cover_up(scene);
    check_text_equal(scene_verdict(scene), "E_SIG@17 tampering");
}

/* 18, 20 */
static void another_spelling_of_the_same(void **state)
{
    struct scene *scene = *state;
    static const char *const spelt[][2] = {
        {"\"amount_fen\":\"500\"", "\"amount_fen\":500"},
        {"\"amount_fen\":\"500\"", "\"amount_fen\":\"\\u0035\\u0030\\u0030\""},
        {"\"amount_fen\":\"500\"", "\"amount_fen\":\"5\u200b00\""},
        {"\"amount_fen\":\"500\"", "\"amount_fen\":\"\u202e005\""},
        {"\"amount_fen\":\"500\"", "\"amount_fen\":\"500\",\"amount_fen\":\"900\""},
        {"{\"actor\"", "{ \"actor\""},
    };
    scene_restore(scene);
    for (size_t i = 0; i < COUNT_OF(spelt); i++) {
        check_text_equal(last_event_with(scene, spelt[i][0], spelt[i][1]),
                         "E_CANON@17 E_PROJECTION@-1 tampering");
    }
    check_text_equal(last_event_with(scene, "}\n", "}\r\n"),
                     "E_CANON@17 E_PROJECTION@-1 tampering");
}

/* 20: two ways of writing one letter. Nothing is wrong with the log, but somebody should look. (The
 * deposit that stood in its place is still in the tables.) */
static void a_text_that_looks_like_another(void **state)
{
    struct scene *scene = *state;
    size_t length = 0;
    scene_restore(scene);
    const char *subject = scene_blob(scene, "SELECT subject FROM person WHERE id = 1", &length);
    static const char *const reason[][2] = {{"caf\u00e9", "E_PROJECTION@-1 tampering"},
                                            {"cafe\u0301", "W_NFC@17 E_PROJECTION@-1 tampering"}};
    for (size_t i = 0; i < COUNT_OF(reason); i++) {
        const char *body = arena_printf(&scene->arena,
                                        "{\"date\":\"2016-10-22\",\"in\":{\"fields\":[\"name\"],"
                                        "\"household\":\"1\",\"person\":\"1\","
                                        "\"reason\":\"%s\"},\"out\":{\"subject\":\"%s\"}}",
                                        reason[i][0], subject);
        check_text_equal(last_event_by(scene, "manager", "pii.read", body, &scene->manager),
                         reason[i][1]);
    }
}

/* 21 */
static void a_clock_set_back_or_moved_between_two_events(void **state)
{
    struct scene *scene = *state;
    static const char boot[] = "\"clk\":{\"boot\":\"000102030405060708090a0b0c0d0e0f\",\"up\":\"";
    char hex[SHA256_HEX_SIZE];
    size_t length = 0;
    scene_restore(scene);
    check_text_equal(last_event_with(scene, "2026-03-02T", "2026-03-01T"), "E_TIME@17 not proven");
    /* The wall clock goes on by a second, the clock since the start of the machine by ten. */
    scene_restore(scene);
    const char *text = replaced(scene, signed_part(scene, leaf_at(scene, scene->size - 2, &length)),
                                "\"cmd\":", arena_printf(&scene->arena, "%s100\"},\"cmd\":", boot));
    put_signed(scene, scene->size - 2, text, &scene->clerk);
    const char *leaf = leaf_at(scene, scene->size - 2, &length);
    struct sha256 hash = merkle_leaf_hash(leaf, length);
    text = replaced(scene, signed_part(scene, last_leaf(scene)),
                    "\"cmd\":", arena_printf(&scene->arena, "%s110\"},\"cmd\":", boot));
    char *prev = strstr(text, "\"prev\":\"");
    assert_non_null(prev);
    hex_format(hash.byte, sizeof hash.byte, hex);
    memcpy(prev + strlen("\"prev\":\""), hex, strlen(hex));
    check_text_equal(last_event_says(scene, text, &scene->bureau), "E_TIME@17 not proven");
}

/* 22: signed in the name of another, in a role one does not hold, for oneself. */
static void an_event_signed_by_whom_it_may_not_be(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    const char *text = signed_part(scene, last_leaf(scene));
    check_text_equal(last_event_says(scene, text, &scene->clerk), "E_SIGNER@17 tampering");
    check_text_equal(last_event_with(scene, "\"role\":\"bureau-officer\"", "\"role\":\"manager\""),
                     "E_KEY@17 E_RULE@17 tampering");
    check_text_equal(last_event_by(scene, "admin", "role.grant",
                                   "{\"actor\":\"admin\",\"role\":\"manager\"}", &scene->admin),
                     "E_RULE@17 tampering");
}

/* 4: once the key is known to be stolen, nothing that it signed stands by itself. */
static void what_a_stolen_key_signed_is_in_dispute(void **state)
{
    struct scene *scene = *state;
    char vkey[VKEY_TEXT_MAX];
    scene_restore(scene);
    const char *body =
        arena_printf(&scene->arena, "{\"from_seq\":\"10\",\"reason\":\"stolen\",\"vkey\":\"%s\"}",
                     verifier_key_format(&scene->clerk.verifier, vkey));
    check_text_equal(last_event_by(scene, "admin", "key.revoke", body, &scene->admin),
                     "E_DISPUTE@12 E_PROJECTION@-1 tampering");
}

/* 10: whoever lost no key, but has one that may not say so, names the next day key. */
static void a_day_key_that_the_admins_did_not_name(void **state)
{
    struct scene *scene = *state;
    struct signing_key own;
    struct sha256 seed = sha256_of("own day", 7);
    char vkey[VKEY_TEXT_MAX];
    AUTO_BUFFER note;
    scene_restore(scene);
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    signing_key_from_seed(SCENE_ORIGIN "/day", KEY_TYPE_ED25519, seed.byte, &own);
    const char *body =
        arena_printf(&scene->arena,
                     "{\"date\":\"2016-10-22\",\"in\":{\"day_key\":\"%s\",\"reason\":\"lost\"},"
                     "\"out\":{\"awaits_witness\":false}}",
                     verifier_key_format(&own.verifier, vkey));
    /* The head is as it was, with the line of the day key in force: it should not be there. */
    check_text_equal(last_event_by(scene, "clerk", "key.recover", body, &scene->clerk),
                     "E_SIGNER@17 E_EPOCH@17 E_RULE@17 tampering");
    scene_head(scene, scene->size, &scene->log, &own, &note);
    scene_sql_blob(scene,
                   arena_printf(&scene->arena,
                                "UPDATE checkpoint SET note = ?1 WHERE size = %" PRIu64,
                                scene->size),
                   note.data, note.length);
    check_text_equal(scene_verdict(scene), "E_SIGNER@17 E_RULE@17 tampering");
}

/* 12: a log key that the admins did not name, and one that they did: then the auditor's card is
 * old, and is told so. (The tables know nothing of either.) */
static void a_log_key_that_is_not_the_one_on_the_card(void **state)
{
    struct scene *scene = *state;
    struct signing_key own;
    struct sha256 seed = sha256_of("own log", 7);
    char vkey[VKEY_TEXT_MAX];
    AUTO_BUFFER note;
    scene_restore(scene);
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    signing_key_from_seed(SCENE_ORIGIN, KEY_TYPE_ED25519, seed.byte, &own);
    const char *body = arena_printf(
        &scene->arena,
        "{\"date\":\"2016-10-22\",\"in\":{\"log_key\":\"%s\",\"log_lost\":%%s,\"reason\":"
        "\"lost\"},\"out\":{\"awaits_witness\":false}}",
        verifier_key_format(&own.verifier, vkey));
    const char *stands = arena_printf(&scene->arena, body, "false");
    const char *lost = arena_printf(&scene->arena, body, "true");
    check_text_equal(last_event_by(scene, "clerk", "key.recover", stands, &scene->clerk),
                     "E_SIGNER@17 E_CPSIG@17 E_RULE@17 E_TRUST@-1 tampering");
    check_text_equal(last_event_by(scene, "admin", "key.recover", lost, &scene->admin),
                     "E_EPOCH@17 E_TRUST@-1 E_PROJECTION@-1 tampering");
    scene_head(scene, scene->size, &own, &scene->day, &note);
    scene_sql_blob(scene,
                   arena_printf(&scene->arena,
                                "UPDATE checkpoint SET note = ?1 WHERE size = %" PRIu64,
                                scene->size),
                   note.data, note.length);
    scene->scope.structure = true;
    /* The lines stand in another order than they must: day key, then the next log key. */
    check_text_equal(scene_verdict(scene), "E_EPOCH@17 E_TRUST@-1 tampering");
}

/* 11: the log says that a witness signed, and no head bears the line. */
static void a_cosignature_that_no_head_bears(void **state)
{
    struct scene *scene = *state;
    AUTO_BUFFER line;
    scene_restore(scene);
    buffer_init(&line, SIGNATURE_LINE_MAX);
    cosignature_line_add(&scene->witness, "another head\n", strlen("another head\n"),
                         INT64_C(1772409600), &line);
    const char *body = arena_printf(
        &scene->arena,
        "{\"date\":\"2016-10-22\",\"in\":{\"line\":\"%.*s\",\"size\":\"%" PRIu64 "\"}}",
        (int)(line.length - 1), line.data, scene->cosigned);
    check_text_equal(last_event_by(scene, "clerk", "witness.cosign", body, &scene->clerk),
                     "E_CPSIG@17 E_RULE@17 tampering");
}

/* 23, as far as the log itself can tell: what the event posts is not what the rules give. */
static void figures_that_the_rules_do_not_give(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    check_text_equal(last_event_with(scene, "\"amount_fen\":\"500\"", "\"amount_fen\":\"400\""),
                     "E_RULE@17 tampering");
    check_text_equal(last_event_with(scene, "\"out\":{\"payment\":\"2\"}",
                                     "\"out\":{\"payment\":\"2\"},\"rows_count\":\"1\",\"rows_"
                                     "sha256\":\"00000000000000000000000000000000000000000000000000"
                                     "00000000000000\""),
                     "E_ROWS@17 tampering");
}

/* 27 */
static void an_event_or_a_head_that_never_ends(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    scene_sql(scene, "PRAGMA ignore_check_constraints = ON;"
                     "UPDATE event SET leaf = zeroblob(5000000) WHERE seq = 8");
    check_text_equal(scene_verdict(scene),
                     "E_CONTAINER@-1 E_LEAF@8 E_CHAIN@9 E_RULE@9 E_ROOT@10 tampering");
    scene_restore(scene);
    scene_sql(scene, "PRAGMA ignore_check_constraints = ON;"
                     "UPDATE checkpoint SET note = zeroblob(5000000) WHERE why = 'tip'");
    check_text_equal(scene_verdict(scene), "E_CONTAINER@-1 E_CPSIG@17 tampering");
    scene_restore(scene);
    scene_sql_plain(scene, "ALTER TABLE event RENAME TO hidden; CREATE VIEW event AS"
                           " WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n)"
                           " SELECT i AS seq, x'00' AS leaf, x'00' AS leaf_hash, x'00' AS cmd"
                           " FROM n");
    check_text_equal(scene_verdict(scene), "E_CONTAINER@-1 tampering");
    check_text_equal(last_event_with(scene, "\"in\":", "\"deep\":[[[[[[[[[[[]]]]]]]]]]],\"in\":"),
                     "E_CANON@17 E_PROJECTION@-1 tampering");
}

static const char *verification_of(struct scene *scene, uint64_t size, uint8_t changed)
{
    char hex[SHA256_HEX_SIZE];
    struct sha256 root = scene_root(scene, size);
    root.byte[0] ^= changed;
    return arena_printf(&scene->arena,
                        "{\"date\":\"2016-10-22\",\"in\":{\"findings\":[],\"findings_total\":\"0\","
                        "\"mode\":\"full\",\"result\":\"0\",\"root\":\"%s\",\"size\":\"%" PRIu64
                        "\",\"version\":\"yicang 0.1.0\"}}",
                        hex_format(root.byte, SHA256_SIZE, hex), size);
}

/* 13: a verification on record, of a log that this one never was. (The deposit that stood there is
 * missing in the tables.) */
static void a_verification_recorded_of_another_log(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    uint64_t before = scene->size - 1;
    const char *genuine = "E_PROJECTION@-1 tampering";
    const char *other = "E_ROOT@17 E_PROJECTION@-1 tampering";
    check_text_equal(last_event_by(scene, "clerk", "verify.run", verification_of(scene, before, 0),
                                   &scene->clerk),
                     genuine);
    check_text_equal(last_event_by(scene, "clerk", "verify.run", verification_of(scene, before, 1),
                                   &scene->clerk),
                     other);
    check_text_equal(
        last_event_by(scene, "clerk", "verify.run", verification_of(scene, 5, 0), &scene->clerk),
        genuine);
    check_text_equal(
        last_event_by(scene, "clerk", "verify.run", verification_of(scene, 5, 1), &scene->clerk),
        other);
    scene->scope.structure = true;
    check_text_equal(scene_verdict(scene), "E_ROOT@17 tampering");
}

/* A log without its beginning. */
static void the_genesis_taken_away(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    scene_sql(scene, "DELETE FROM event WHERE seq = 0");
    scene_mend(scene);
    scene->scope.structure = true;
    check_text_equal(
        scene_verdict(scene),
        "E_FORK@-1 E_SEQ@1 E_CHAIN@1 E_KEY@1 E_ROOT@10 E_CPSIG@10 E_TAIL@-1 tampering");
}

int attacks_with_keys(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(covering_up_alone_changes_nothing),
        cmocka_unit_test(an_event_of_another_book_or_a_command_carried_out_twice),
        cmocka_unit_test(a_signature_made_for_another_purpose),
        cmocka_unit_test(a_key_that_nobody_proves_to_hold_or_that_everybody_holds),
        cmocka_unit_test(a_signature_that_only_some_libraries_accept),
        cmocka_unit_test(another_spelling_of_the_same),
        cmocka_unit_test(a_text_that_looks_like_another),
        cmocka_unit_test(a_clock_set_back_or_moved_between_two_events),
        cmocka_unit_test(an_event_signed_by_whom_it_may_not_be),
        cmocka_unit_test(what_a_stolen_key_signed_is_in_dispute),
        cmocka_unit_test(a_day_key_that_the_admins_did_not_name),
        cmocka_unit_test(a_log_key_that_is_not_the_one_on_the_card),
        cmocka_unit_test(a_cosignature_that_no_head_bears),
        cmocka_unit_test(figures_that_the_rules_do_not_give),
        cmocka_unit_test(an_event_or_a_head_that_never_ends),
        cmocka_unit_test(a_verification_recorded_of_another_log),
        cmocka_unit_test(the_genesis_taken_away),
    };
    return cmocka_run_group_tests(tests, scene_set_up, scene_tear_down);
}
