/* Attacks with a decision that a bureau officer is said to have signed on another machine
 * (ledger/audit/approval.h), by somebody who has the keys of the log and of whom records it. The
 * claim is none, so that even the best of them breaks a rule (audit-log.md 5; the numbers are those
 * of its table). */
#include "ledger/audit/approval.h"
#include "ledger/audit/note.h"
#include "tests/conformance/attacks/attacks.h"
#include "tests/conformance/attacks/forging.h"

#include <inttypes.h>
#include <string.h>

#define ACCEPTANCE "claim.record-acceptance"

static struct approval sample(struct scene *scene)
{
    uint64_t size = scene->size - 1;
    return (struct approval){.origin = SCENE_ORIGIN,
                             .actor = "bureau",
                             .at = clock_now(),
                             .decision = "accept",
                             .of_seq = size - 1,
                             .of_leaf = sha256_of("filing", 6),
                             .amount = money_from_fen(1000000),
                             .expires = {clock_now().seconds + 86400},
                             .size = size,
                             .root = scene_root(scene, size)};
}

static const char *note_of(struct scene *scene, const struct approval *approval,
                           const struct signing_key *key)
{
    struct error err = {0};
    struct signer signer = signer_of_key(key);
    AUTO_BUFFER note;
    buffer_init(&note, APPROVAL_MAX);
    check_ok(approval_write(approval, &signer, &note, &err), &err);
    return arena_text_n(&scene->arena, note.data, note.length);
}

/* The body that records a note, whatever it is. */
static const char *body_of(struct scene *scene, const struct approval *approval, const char *note)
{
    struct error err = {0};
    struct canon *in = canon_object(&scene->arena);
    AUTO_BUFFER line;
    buffer_init(&line, CANON_LINE_MAX);
    canon_set(in, "approval", note_lines(&scene->arena, note, strlen(note)));
    canon_set_int(in, "claim", 1);
    canon_set_sha256(in, "of_leaf", &approval->of_leaf);
    canon_set_int(in, "of_seq", (int64_t)approval->of_seq);
    buffer_printf(&line, "{\"date\":\"2016-10-22\",\"in\":");
    check_ok(canon_write(in, CANON_LINE_MAX, &line, &err), &err);
    buffer_printf(&line, ",\"out\":{\"decided_by\":\"bureau\"}}");
    return arena_text_n(&scene->arena, line.data, line.length);
}

/* The verdict on the book whose last event records the note. */
static const char *recorded(struct scene *scene, const struct approval *approval, const char *note)
{
    return last_event_by(scene, "clerk", ACCEPTANCE, body_of(scene, approval, note), &scene->clerk);
}

/* All that is wrong with this one is that no such claim was filed. */
static void a_good_signature_on_no_claim(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    struct approval approval = sample(scene);
    check_text_equal(recorded(scene, &approval, note_of(scene, &approval, &scene->bureau)),
                     "E_RULE@17 tampering");
}

/* 14 */
static void an_approval_of_another_book(void **state)
{
    struct scene *scene = *state;
    struct signing_key there;
    scene_restore(scene);
    struct approval approval = sample(scene);
    approval.origin = "demo.invalid/ledger-00000002";
    signing_key_from_seed("demo.invalid/ledger-00000002/a/bureau", KEY_TYPE_ED25519,
                          scene->bureau.secret, &there);
    check_text_equal(recorded(scene, &approval, note_of(scene, &approval, &there)),
                     "E_ORIGIN@17 E_RULE@17 tampering");
    /* Behind an earlier state too, where rules are not looked at. */
    verify_state_release(&scene->since);
    scene_state(scene, scene->seal, &scene->since);
    scene->scope.since = &scene->since;
    check_text_equal(scene_verdict(scene), "E_ORIGIN@17 tampering");
}

/* 15: what the officer signed as an event is no approval, and what was signed as an approval no
 * event. */
static void an_approval_made_of_another_signature(void **state)
{
    struct scene *scene = *state;
    AUTO_BUFFER forged;
    scene_restore(scene);
    struct approval approval = sample(scene);
    const char *note = note_of(scene, &approval, &scene->bureau);
    const char *deposit = strstr(last_leaf(scene), "\n\n") + 2;
    buffer_init(&forged, APPROVAL_MAX);
    buffer_printf(&forged, "%.*s%s", (int)(strstr(note, "\n\n") + 2 - note), note, deposit);
    check_text_equal(recorded(scene, &approval, forged.data), "E_SIG@17 E_RULE@17 tampering");

    scene_restore(scene);
    AUTO_BUFFER leaf;
    buffer_init(&leaf, LEAF_MAX);
    buffer_printf(&leaf, "%s\n%s", signed_part(scene, last_leaf(scene)), strstr(note, "\n\n") + 2);
    put_leaf(scene, scene->size - 1, leaf.data, leaf.length);
    cover_up(scene);
    check_text_equal(scene_verdict(scene), "E_SIG@17 tampering");
}

/* The clerk's own key under the officer's name, the log's key, nobody's. */
static void an_approval_that_another_key_signed(void **state)
{
    struct scene *scene = *state;
    struct signing_key own;
    scene_restore(scene);
    struct approval approval = sample(scene);
    signing_key_from_seed(SCENE_ORIGIN "/a/bureau", KEY_TYPE_ED25519, scene->clerk.secret, &own);
    check_text_equal(recorded(scene, &approval, note_of(scene, &approval, &own)),
                     "E_SIGNER@17 E_RULE@17 tampering");
    check_text_equal(recorded(scene, &approval, note_of(scene, &approval, &scene->log)),
                     "E_LEAF@17 E_RULE@17 tampering");
    const char *note = note_of(scene, &approval, &scene->bureau);
    const char *unsigned_note =
        arena_text_n(&scene->arena, note, (size_t)(strstr(note, "\n\n") + 2 - note));
    check_text_equal(recorded(scene, &approval, unsigned_note), "E_LEAF@17 E_RULE@17 tampering");
}

/* 13: the officer was shown another history, and signed what proves it. */
static void an_approval_that_saw_another_history(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    struct approval approval = sample(scene);
    approval.root = scene_root(scene, approval.size - 1);
    check_text_equal(recorded(scene, &approval, note_of(scene, &approval, &scene->bureau)),
                     "E_FORK@17 tampering");
}

int attacks_elsewhere(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_signature_on_no_claim),
        cmocka_unit_test(an_approval_of_another_book),
        cmocka_unit_test(an_approval_made_of_another_signature),
        cmocka_unit_test(an_approval_that_another_key_signed),
        cmocka_unit_test(an_approval_that_saw_another_history),
    };
    return cmocka_run_group_tests(tests, scene_set_up, scene_tear_down);
}
