/* Attacks seen from an earlier verified state (audit verify --since), and on the state itself. */
#include "tests/conformance/attacks/attack_scene.h"
#include "tests/conformance/attacks/attacks.h"
#include "tests/conformance/attacks/export_forgery.h"

#include "ledger/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void a_genuine_book_is_proven_from_every_state(void **state)
{
    struct scene *scene = *state;
    for (uint64_t size = 1; size <= scene->size; size++) {
        scene_since(scene, size);
        check_text_equal(scene_verdict(scene), "proven");
    }
}

static void a_genuine_export_is_proven_from_every_state(void **state)
{
    struct scene *scene = *state;
    const char *folder = scene_export(scene);
    for (uint64_t size = 1; size <= scene->size; size++) {
        scene_since(scene, size);
        check_text_equal(scene_export_verdict(scene, folder), "proven");
    }
    /* A state that has seen more than the export holds. */
    scene_since(scene, scene->size);
    scene->since.range.size++;
    check_text_equal(scene_export_verdict(scene, folder), "E_ROLLBACK@-1 tampering");
}

/* 6, 7, 8: a log that is shorter than the state. */
static void a_log_cut_short_is_seen_by_whoever_kept_a_state(void **state)
{
    struct scene *scene = *state;
    scene_since(scene, scene->size);
    scene_cut(scene, scene->cosigned);
    check_text_equal(scene_verdict(scene), "E_ROLLBACK@-1 tampering");
    scene_since(scene, scene->cosigned);
    scene_cut(scene, scene->cosigned);
    check_text_equal(scene_verdict(scene), "proven");
}

/* 9, 13: another history, whose every hash, signature and head is good. The state knows the last
 * leaf, and by it every one before. */
static void another_history_shows_against_a_kept_state(void **state)
{
    struct scene *scene = *state;
    scene_since(scene, scene->seal);
    scene_sql(scene, "UPDATE event SET leaf = (SELECT leaf FROM event WHERE seq = 8)"
                     " WHERE seq = 11"); /* the last one under the seal */
    scene_mend(scene);
    check_text_equal(scene_verdict(scene), "E_FORK@11 tampering");
    scene_since(scene, scene->seal);
    scene->since.last_leaf.byte[31] ^= 1;
    check_text_equal(scene_verdict(scene), "E_FORK@11 tampering");
}

/* 12: the state stands beside the card, not in its place. */
static void a_state_with_another_card_or_none(void **state)
{
    struct scene *scene = *state;
    scene_since(scene, scene->seal);
    scene->trust.card = NULL;
    check_text_equal(scene_verdict(scene), "E_TRUST@-1 not proven");
    scene_since(scene, scene->seal);
    scene->card.genesis.byte[0] ^= 1;
    check_text_equal(scene_verdict(scene), "E_TRUST@0 not proven");
    /* Made with another witness policy: every head is looked at again, by this card. */
    scene_since(scene, scene->cosigned);
    scene->since.heads.card_policy.byte[0] ^= 1;
    scene->since.heads.witnessed_size = 0;
    check_text_equal(scene_verdict(scene), "proven");
    scene->since.heads.card_policy.byte[0] ^= 1;
    check_text_equal(scene_verdict(scene), "E_QUORUM@-1 not proven");
}

/* A head before the state may get a witness's line later, and nothing else. */
static void a_head_before_the_state_that_changed(void **state)
{
    struct scene *scene = *state;
    size_t length = 0;
    scene_since(scene, scene->size - 1);
    const char *sql = arena_printf(
        &scene->arena, "SELECT note FROM checkpoint WHERE size = %" PRIu64, scene->seal);
    char *note = scene_blob(scene, sql, &length);
    const char *put = arena_printf(
        &scene->arena, "UPDATE checkpoint SET note = ?1 WHERE size = %" PRIu64, scene->seal);
    AUTO_BUFFER more;
    buffer_init(&more, CHECKPOINT_NOTE_MAX);
    buffer_add(&more, note, length);
    const char *end = strstr(note, "\n\n");
    assert_non_null(end);
    cosignature_line_add(&scene->witness, note, (size_t)(end + 1 - note), clock_now().seconds,
                         &more);
    scene_sql_blob(scene, put, more.data, more.length);
    check_text_equal(scene_verdict(scene), "proven");
    scene_sql_blob(scene, put, note, length - 1);
    check_text_equal(scene_verdict(scene), "E_CPSIG@11 tampering");
    note[length - 20] ^= 1;
    scene_sql_blob(scene, put, note, length);
    check_text_equal(scene_verdict(scene), "E_CPSIG@11 tampering");
    scene_sql(scene, arena_printf(&scene->arena, "DELETE FROM checkpoint WHERE size = %" PRIu64,
                                  scene->seal));
    check_text_equal(scene_verdict(scene), "E_EPOCH@11 tampering");
}

/* A kept head from before the state: compared where the root is known, never passed over. */
static void kept_heads_and_a_state(void **state)
{
    struct scene *scene = *state;
    scene_since(scene, scene->size - 1);
    struct sha256 root = scene_root(scene, scene->seal);
    scene_keep(scene, scene->seal, &root);
    check_text_equal(scene_verdict(scene), "proven");
    root.byte[0] ^= 1;
    scene_since(scene, scene->size - 1);
    scene_keep(scene, scene->seal, &root);
    check_text_equal(scene_verdict(scene), "E_FORK@11 tampering");
    scene_since(scene, scene->size - 1);
    scene_keep(scene, scene->seal + 1, &root);
    check_text_equal(scene_verdict(scene), "E_TRUST@-1 not proven");
}

/* The file ------------------------------------------------------------------------------------- */

static bool parses(const char *bytes, size_t length, struct verify_state *ret)
{
    struct error err = {0};
    verify_state_release(ret);
    verify_state_init(ret);
    bool parsed = verify_state_parse(bytes, length, ret, &err);
    if (!parsed) {
        check_text_equal(err.reason, "audit.state-malformed");
        verify_state_release(ret);
    }
    return parsed;
}

static void write_state(const struct verify_state *state, struct buffer *ret)
{
    struct error err = {0};
    buffer_clear(ret);
    check_ok(verify_state_write(state, ret, &err), &err);
}

static void a_state_is_read_back_as_it_was_written(void **state)
{
    struct scene *scene = *state;
    AUTO_BUFFER text;
    AUTO_BUFFER again;
    buffer_init(&text, VERIFY_STATE_MAX);
    buffer_init(&again, VERIFY_STATE_MAX);
    for (uint64_t size = 1; size <= scene->size; size++) {
        scene_since(scene, size);
        write_state(&scene->since, &text);
        assert_true(parses(text.data, text.length, &scene->since));
        write_state(&scene->since, &again);
        check_text_equal(again.data, text.data);
        check_text_equal(scene_verdict(scene), "proven");
    }
}

static void damage_to_a_state_is_refused(void **state)
{
    struct scene *scene = *state;
    AUTO_BUFFER text;
    buffer_init(&text, VERIFY_STATE_MAX);
    scene_since(scene, scene->cosigned);
    write_state(&scene->since, &text);
    for (size_t i = 0; i < text.length; i++) {
        for (int bit = 0; bit < 8; bit++) {
            text.data[i] = (char)(text.data[i] ^ (1 << bit));
            assert_false(parses(text.data, text.length, &scene->since));
            text.data[i] = (char)(text.data[i] ^ (1 << bit));
        }
        assert_false(parses(text.data, i, &scene->since));
    }
    buffer_add_byte(&text, '\n');
    assert_false(parses(text.data, text.length, &scene->since));
    assert_false(parses("", 0, &scene->since));
    print_message("%zu bytes, each bit turned, each length tried\n", text.length - 1);
}

/* The checksum made anew over what precedes it. */
static void sign_off(struct buffer *text)
{
    char hex[SHA256_HEX_SIZE];
    size_t before = text->length - strlen("sha256 \n") - 2 * SHA256_SIZE;
    struct sha256 digest = sha256_of(text->data, before);
    hex_format(digest.byte, SHA256_SIZE, hex);
    memcpy(text->data + before + strlen("sha256 "), hex, 2 * SHA256_SIZE);
}

static const char *word_of_line(struct scene *scene, const struct buffer *text, size_t place)
{
    size_t start = place;
    while (start > 0 && text->data[start - 1] != '\n') {
        start--;
    }
    return arena_text_n(&scene->arena, text->data + start, strcspn(text->data + start, " \n"));
}

/* What a forger changes who can write the file and makes its checksum true. That is the auditor's
 * to prevent; yet the tree and the name of the log cannot be changed unnoticed, for the log and the
 * card stand against them. */
static void a_state_that_was_forged_whole(void **state)
{
    struct scene *scene = *state;
    size_t refused = 0;
    size_t told = 0;
    size_t untold = 0;
    const char *words = " ";
    AUTO_BUFFER text;
    buffer_init(&text, VERIFY_STATE_MAX);
    scene_since(scene, scene->cosigned);
    write_state(&scene->since, &text);
    size_t body = text.length - strlen("sha256 \n") - 2 * SHA256_SIZE;
    for (size_t i = 0; i < body; i++) {
        text.data[i] ^= 1;
        sign_off(&text);
        const char *word = word_of_line(scene, &text, i);
        if (!parses(text.data, text.length, &scene->since)) {
            refused++;
        } else if (!text_equal(scene_verdict_again(scene, NULL), "proven")) {
            told++;
        } else {
            static const char *const bound[] = {"origin", "genesis", "size", "leaf", "range"};
            untold++;
            if (strstr(words, arena_printf(&scene->arena, " %s ", word)) == NULL) {
                words = arena_printf(&scene->arena, "%s%s ", words, word);
            }
            for (size_t b = 0; b < COUNT_OF(bound); b++) {
                assert_string_not_equal(word, bound[b]);
            }
        }
        text.data[i] ^= 1;
    }
    print_message("%zu bytes changed: %zu refused, %zu told by the verification, %zu not\n", body,
                  refused, told, untold);
    print_message("not told, for nothing else knows them:%s\n", words);
    assert_true(refused > 0 && told > 0);
}

int attacks_on_state(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_genuine_book_is_proven_from_every_state),
        cmocka_unit_test(a_genuine_export_is_proven_from_every_state),
        cmocka_unit_test(a_log_cut_short_is_seen_by_whoever_kept_a_state),
        cmocka_unit_test(another_history_shows_against_a_kept_state),
        cmocka_unit_test(a_state_with_another_card_or_none),
        cmocka_unit_test(a_head_before_the_state_that_changed),
        cmocka_unit_test(kept_heads_and_a_state),
        cmocka_unit_test(a_state_is_read_back_as_it_was_written),
        cmocka_unit_test(damage_to_a_state_is_refused),
        cmocka_unit_test(a_state_that_was_forged_whole),
    };
    return cmocka_run_group_tests(tests, scene_set_up, scene_tear_down);
}
