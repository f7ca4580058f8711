/* A mirror: a bureau that has an export of the whole log, verifies it in full, and says so with a
 * key of its own. It signs what follows from the rules and nothing else; a witness beside it signs
 * what only grew. */
#include "cli/service/book_card.h"
#include "cli/service/exchange.h"
#include "cli/service/witness_desk.h"
#include "ledger/audit/verify_state.h"
#include "ledger/base/text.h"
#include "tests/support/file.h"
#include "tests/support/staffed_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORIGIN "demo.invalid/ledger-00000001"

struct scene {
    struct staffed_book book;
    struct arena arena;
    struct minisign_secret secret;
    struct witness_files witness, mirror;
    struct trust_card card;
    struct buffer request;
    struct buffer line;
    struct witness_state state; /* after the last answer */
    struct findings findings;   /* of the last one of the mirror */
    int exports;
    const char *folder; /* of the last export */
};

static void add_witness(struct scene *scene, const char *name, const char *origin_of_key,
                        struct witness_files *ret, struct buffer *policy)
{
    char vkey[VKEY_TEXT_MAX];
    struct error err = {0};
    const char *folder = scene->book.live.folder;
    *ret = (struct witness_files){arena_printf(&scene->arena, "%s/%s.key", folder, name),
                                  arena_printf(&scene->arena, "%s/%s.state", folder, name)};
    check_ok(witness_desk_create(ret, origin_of_key, ORIGIN, NULL, vkey, &err), &err);
    buffer_printf(policy, "witness %s %s\n", name, vkey);
}

static int set_up(void **state)
{
    static struct scene scene;
    struct error err = {0};
    struct sha256 seed = sha256_of("export", 6);
    AUTO_BUFFER policy;
    AUTO_BUFFER card;

    scene = (struct scene){0};
    arena_init(&scene.arena, ARENA_LIMIT_COMMAND);
    buffer_init(&scene.request, WITNESS_REQUEST_MAX);
    buffer_init(&scene.line, CHECKPOINT_NOTE_MAX);
    findings_init(&scene.findings);
    buffer_init(&policy, WITNESS_POLICY_MAX);
    buffer_init(&card, TRUST_CARD_MAX);
    staffed_book_open(&scene.book);
    staffed_do(&scene.book, "bureau-officer", NULL, "fund.open",
               staffed_request(&scene.book, "amount_fen", "100000000", NULL));
    minisign_secret_from_seed(seed.byte + 8, seed.byte, &scene.secret);
    add_witness(&scene, "w", "demo.invalid/bureau/witness/1", &scene.witness, &policy);
    add_witness(&scene, "m", "demo.invalid/bureau/mirror/1", &scene.mirror, &policy);
    buffer_add_text(&policy, "group both all w m\nquorum both\n");
    check_ok(book_card(&scene.book.live.office, policy.data, policy.length, &scene.secret.key,
                       &card, &err),
             &err);
    check_ok(trust_card_parse(&scene.arena, card.data, card.length, &scene.card, &err), &err);
    *state = &scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    staffed_book_close(&scene->book);
    buffer_release(&scene->request);
    buffer_release(&scene->line);
    findings_release(&scene->findings);
    arena_release(&scene->arena);
    return 0;
}

/* What the bank sends: a request from what the witness has seen, and an export under the same head.
 */
static void send(struct scene *scene, uint64_t from)
{
    struct error err = {0};
    struct sha256 manifest;
    uint64_t size = 0;
    uint64_t exported = 0;
    static const struct export_reports no_reports;
    struct office *office = &scene->book.live.office;
    scene->folder =
        arena_printf(&scene->arena, "%s/export-%d", scene->book.live.folder, ++scene->exports);
    buffer_clear(&scene->request);
    check_ok(witness_request_make(office, from, &scene->request, &size, &err), &err);
    check_ok(export_write(office, &scene->card, &scene->secret, &no_reports, scene->folder,
                          &exported, &manifest, &err),
             &err);
    check_int_equal((int64_t)size, (int64_t)exported);
}

static bool as_witness(struct scene *scene, const struct witness_files *files, struct error *err)
{
    struct passphrase_source nobody = {0};
    buffer_clear(&scene->line);
    return witness_desk_answer(files, &scene->card, &scene->request, &nobody, clock_now().seconds,
                               &scene->state, &scene->line, err);
}

static bool as_mirror(struct scene *scene, const struct witness_files *files, const char *folder,
                      struct error *err)
{
    struct passphrase_source nobody = {0};
    buffer_clear(&scene->line);
    findings_release(&scene->findings);
    findings_init(&scene->findings);
    *err = (struct error){0};
    return mirror_desk_answer(files, &scene->card, &scene->request, folder, &nobody, clock_now(),
                              &scene->findings, &scene->state, &scene->line, err);
}

static void signs(struct scene *scene)
{
    struct error err = {0};
    check_ok(as_mirror(scene, &scene->mirror, scene->folder, &err), &err);
}

/* Nothing is signed, and the memory is as it was. */
static void refuses(struct scene *scene, const char *reason, const char *code)
{
    struct error err = {0};
    size_t length = 0;
    size_t length_after = 0;
    char *before = file_read(scene->mirror.state, &length);
    check_refused(as_mirror(scene, &scene->mirror, scene->folder, &err), &err, reason);
    check_int_equal((int64_t)scene->line.length, 0);
    check_text_equal(scene->findings.count == 0 ? "" : scene->findings.list[0].code, code);
    char *after = file_read(scene->mirror.state, &length_after);
    assert_true(length == length_after && memcmp(before, after, length) == 0);
    free(before);
    free(after);
}

static void take_in(struct scene *scene)
{
    struct error err = {0};
    struct canon *request = NULL;
    check_ok(cosign_request_make(&scene->book.live.office, &scene->card, &scene->request,
                                 &scene->line, clock_now().seconds, &request, &err),
             &err);
    staffed_do(&scene->book, "clerk", NULL, "witness.cosign", request);
}

static struct verify_summary verified(struct scene *scene, const struct verify_state *since,
                                      struct verify_state *save, const char *codes)
{
    struct findings findings;
    struct verify_summary summary;
    struct error err = {0};
    AUTO_BUFFER found;
    struct verify_trust trust = {.card = &scene->card, .today = clock_date_in_china(clock_now())};
    struct verify_scope scope = {.plan_again = true, .trust = &trust, .since = since, .save = save};
    buffer_init(&found, 1000);
    findings_init(&findings);
    check_ok(book_verify(&scene->book.live.office, &scope, &findings, &summary, &err), &err);
    for (size_t i = 0; i < findings.count; i++) {
        buffer_printf(&found, "%s ", findings.list[i].code);
    }
    findings_release(&findings);
    check_text_equal(found.length == 0 ? "" : found.data, codes);
    return summary;
}

static void what_is_proven_is_signed_and_told(void **state)
{
    struct scene *scene = *state;
    struct error err = {0};
    send(scene, 0);
    int64_t size = (int64_t)scene->book.live.office.tip.size;
    check_int_equal((int64_t)verified(scene, NULL, NULL, "E_QUORUM ").mirrored_size, 0);
    check_ok(as_witness(scene, &scene->witness, &err), &err);
    take_in(scene);
    /* The policy wants both, and a witness alone has only seen it. */
    struct verify_summary seen = verified(scene, NULL, NULL, "E_QUORUM ");
    assert_true(seen.mirrors);
    check_int_equal((int64_t)seen.mirrored_size, 0);
    signs(scene);
    check_int_equal((int64_t)scene->state.size, size);
    take_in(scene);
    staffed_do(&scene->book, "bureau-officer", NULL, "fund.deposit",
               staffed_request(&scene->book, "amount_fen", "100", NULL));
    seen = verified(scene, NULL, NULL, "");
    check_int_equal((int64_t)seen.mirrored_size, size);
    check_int_equal(seen.mirrored_time, clock_now().seconds);
    check_text_equal(seen.mirrored_by, "demo.invalid/bureau/mirror/1");
    check_text_equal(seen.witnessed_by,
                     "demo.invalid/bureau/witness/1, demo.invalid/bureau/mirror/1");
}

static void an_earlier_state_remembers_it(void **state)
{
    struct scene *scene = *state;
    struct error err = {0};
    struct verify_state kept;
    struct verify_state read;
    AUTO_BUFFER text;
    verify_state_init(&kept);
    verify_state_init(&read);
    buffer_init(&text, VERIFY_STATE_MAX);
    send(scene, 0);
    int64_t size = (int64_t)scene->book.live.office.tip.size;
    check_ok(as_witness(scene, &scene->witness, &err), &err);
    take_in(scene);
    signs(scene);
    take_in(scene);
    (void)verified(scene, NULL, &kept, "");
    check_ok(verify_state_write(&kept, &text, &err), &err);
    check_ok(verify_state_parse(text.data, text.length, &read, &err), &err);
    staffed_do(&scene->book, "bureau-officer", NULL, "fund.deposit",
               staffed_request(&scene->book, "amount_fen", "100", NULL));
    struct verify_summary seen = verified(scene, &read, NULL, "");
    check_int_equal((int64_t)seen.mirrored_size, size);
    check_text_equal(seen.mirrored_by, "demo.invalid/bureau/mirror/1");
    verify_state_release(&kept);
    verify_state_release(&read);
}

static struct canon *more_money(struct arena *arena, const struct canon *body)
{
    struct canon *copy = canon_copy(arena, body, "in");
    struct canon *in = canon_copy(arena, canon_get(body, "in"), "amount_fen");
    canon_set_text(in, "amount_fen", "900");
    canon_set(copy, "in", in);
    return copy;
}

/* Signed by whom it must be, chained, under a signed head: only the rules object. */
static void a_broken_rule_gets_a_witness_and_no_mirror(void **state)
{
    struct scene *scene = *state;
    struct error err = {0};
    (void)staffed_forge_altered(&scene->book, "bureau-officer", "bureau-officer", "fund.deposit",
                                staffed_request(&scene->book, "amount_fen", "100", NULL),
                                more_money);
    send(scene, 0);
    check_ok(as_witness(scene, &scene->witness, &err), &err);
    assert_true(scene->line.length > 0);
    refuses(scene, "witness.not-verified", "E_RULE");
    check_int_equal((int64_t)scene->findings.total, 1);
    /* Nor later, when more was built upon it. */
    staffed_close_day(&scene->book);
    send(scene, 0);
    refuses(scene, "witness.not-verified", "E_RULE");
}

static void another_head_than_that_of_the_request(void **state)
{
    struct scene *scene = *state;
    struct error err = {0};
    send(scene, 0);
    const char *older = scene->folder;
    staffed_close_day(&scene->book);
    send(scene, 0);
    check_refused(as_mirror(scene, &scene->mirror, older, &err), &err, "witness.other-head");
    check_int_equal((int64_t)scene->line.length, 0);
    signs(scene);
}

static void one_key_has_one_meaning(void **state)
{
    struct scene *scene = *state;
    struct error err = {0};
    send(scene, 0);
    check_refused(as_witness(scene, &scene->mirror, &err), &err, "witness.one-meaning");
    check_refused(as_mirror(scene, &scene->witness, scene->folder, &err), &err,
                  "witness.one-meaning");
    const struct witness_files mixed = {scene->mirror.key, scene->witness.state};
    check_refused(as_mirror(scene, &mixed, scene->folder, &err), &err, "witness.other-key");
}

static void an_export_that_was_damaged(void **state)
{
    struct scene *scene = *state;
    send(scene, 0);
    const char *path = arena_printf(&scene->arena, "%s/policy", scene->folder);
    FILE *file = fopen(path, "ae");
    assert_non_null(file);
    assert_int_equal(fputs("#\n", file) < 0, 0);
    assert_int_equal(fclose(file), 0);
    refuses(scene, "witness.not-verified", "E_CONTAINER");
}

/* Two histories from one book: the mirror has verified one, and will not say so of the other. */
static void another_history_than_the_one_it_verified(void **state)
{
    struct scene *scene = *state;
    struct error err = {0};
    AUTO_BUFFER memory;
    send(scene, 0);
    signs(scene);
    struct witness_state other = scene->state;
    other.root = sha256_of("another history", 15);
    buffer_init(&memory, WITNESS_STATE_MAX);
    witness_state_write(&other, &memory);
    FILE *file = fopen(scene->mirror.state, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(memory.data, 1, memory.length, file), memory.length);
    assert_int_equal(fclose(file), 0);
    staffed_close_day(&scene->book);
    send(scene, 0);
    refuses(scene, "witness.not-verified", "E_FORK");
    check_refused(as_mirror(scene, &scene->mirror, scene->folder, &err), &err,
                  "witness.not-verified");
}

static void a_shorter_one_than_it_verified(void **state)
{
    struct scene *scene = *state;
    send(scene, 0);
    const char *older = scene->folder;
    struct buffer request = scene->request;
    buffer_init(&scene->request, WITNESS_REQUEST_MAX);
    staffed_close_day(&scene->book);
    send(scene, 0);
    signs(scene);
    scene->folder = older;
    buffer_release(&scene->request);
    scene->request = request;
    refuses(scene, "witness.not-verified", "E_ROLLBACK");
}

static void names_of_mirrors(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool mirror;
    } names[] = {
        {"finance.county.example/mirror/1", true},
        {"county/mirror/2026-b", true},
        {"finance.county.example/witness/1", false},
        {"county/mirror", false},
        {"county/mirror/", false},
        {"/mirror/1", false},
        {"mirror/1", false},
        {"county/mirrors/1", false},
        {"county/mirror/1/witness", false},
        {"county", false},
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct verifier_key key = {0};
        (void)strncpy(key.name, names[i].name, sizeof key.name - 1);
        if (cosigner_is_mirror(&key) != names[i].mirror) {
            fail_msg("%s", names[i].name);
        }
    }
}

#define SCENE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(what_is_proven_is_signed_and_told),
        SCENE_TEST(an_earlier_state_remembers_it),
        SCENE_TEST(a_broken_rule_gets_a_witness_and_no_mirror),
        SCENE_TEST(another_head_than_that_of_the_request),
        SCENE_TEST(one_key_has_one_meaning),
        SCENE_TEST(an_export_that_was_damaged),
        SCENE_TEST(another_history_than_the_one_it_verified),
        SCENE_TEST(a_shorter_one_than_it_verified),
        cmocka_unit_test(names_of_mirrors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
