#include "tests/unit/audit/sample_log.h"

#include "ledger/base/text.h"

static void an_empty_log_has_the_empty_tree(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct log_tip tip;
    struct sha256 empty = sha256_of("", 0);
    check_ok(log_tip_load(s->store, &tip, &err), &err);
    check_int_equal((int64_t)tip.size, 0);
    assert_true(sha256_equal(&tip.root, &empty));
    assert_true(sha256_equal(&tip.leaf_hash, &empty));
}

static void a_leaf_has_exactly_the_bytes_of_the_format(void **state)
{
    struct sample *s = *state;
    char want[1024], base64[93];
    uint8_t bytes[68];
    size_t length = 0;
    struct event_draft draft =
        sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "春耕 \"贷款\""));
    memset(draft.cmd.byte, 0xAB, sizeof draft.cmd.byte);
    sample_append(s, &draft);
    int text_length = snprintf(
        want, sizeof want,
        "ledger-event/v1 " SAMPLE_ORIGIN "\n"
        "{\"actor\":\"wang.li\",\"at\":\"2026-03-02T00:00:01Z\",\"body\":{\"text\":\"春耕 "
        "\\\"贷款\\\"\"},\"cmd\":\"abababababababababababababababab\",\"prev\":"
        "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"role\":\"clerk\","
        "\"seq\":\"0\",\"type\":\"note.make\"}\n");
    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(s->clerk.verifier.id >> (24 - 8 * i));
    }
    crypto_sign_detached(bytes + 4, NULL, (const unsigned char *)want,
                         (unsigned long long)text_length, s->clerk.secret);
    (void)snprintf(want + text_length, sizeof want - (size_t)text_length,
                   "\n\xE2\x80\x94 " SAMPLE_ORIGIN "/a/wang.li %s\n",
                   base64_format(bytes, sizeof bytes, base64));
    char *leaf = sample_leaf(s, 0, &length);
    check_text_equal(leaf, want);
    assert_int_equal(length, strlen(want));
}

static void each_event_names_the_leaf_before_it(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 5);
    struct sha256 prev = sha256_of("", 0);
    struct merkle_range range;
    merkle_range_init(&range);
    for (int64_t seq = 0; seq < 7; seq++) {
        struct error err = {0};
        struct event event;
        size_t length = 0;
        char *leaf = sample_leaf(s, seq, &length);
        check_ok(event_parse(&s->arena, SAMPLE_ORIGIN, leaf, length, &event, &err), &err);
        check_int_equal((int64_t)event.seq, seq);
        assert_true(sha256_equal(&event.prev, &prev));
        prev = merkle_leaf_hash(leaf, length);
        merkle_range_append(&range, &prev);
    }
    struct error err = {0};
    struct log_tip tip;
    struct sha256 root = merkle_range_root(&range);
    check_ok(log_tip_load(s->store, &tip, &err), &err);
    check_int_equal((int64_t)tip.size, 7);
    assert_true(sha256_equal(&tip.leaf_hash, &prev));
    assert_true(sha256_equal(&tip.root, &root));
    assert_memory_equal(&tip, &s->tip, sizeof tip);
}

static void signature_lines_are_sorted_by_name(void **state)
{
    struct sample *s = *state;
    struct event event;
    struct error err = {0};
    size_t length = 0;
    struct event_draft draft = genesis_draft(s, 2);
    draft.signer[0] = signer_of_key(&s->admin2);
    draft.signer[1] = signer_of_key(&s->admin1);
    sample_append(s, &draft);
    char *leaf = sample_leaf(s, 0, &length);
    check_ok(event_parse(&s->arena, SAMPLE_ORIGIN, leaf, length, &event, &err), &err);
    assert_int_equal(event.signatures, 2);
    check_text_equal(event.signature[0].name, s->admin1.verifier.name);
    check_text_equal(event.signature[1].name, s->admin2.verifier.name);
}

static void the_clock_may_stand_still_but_not_go_back(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    sample_fill(s, 1);
    struct event_draft draft =
        sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "same second"));
    draft.at.seconds = s->now - 1;
    sample_append(s, &draft);
    draft = sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "earlier"));
    draft.at.seconds = s->now - 3;
    check_refused(sample_try(s, &draft, &err), &err, "log.time-went-back");
}

static void a_command_id_is_used_once(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    sample_fill(s, 1);
    struct event_draft draft =
        sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "first"));
    sample_append(s, &draft);
    draft.body = text_body(s, "second");
    check_refused(sample_try(s, &draft, &err), &err, "log.command-used");
    assert_non_null(strstr(err.text, "event 3"));
}

static void an_event_without_its_actors_key_is_refused(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct event_draft draft = sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "x"));
    draft.signer[0] = signer_of_key(&s->other);
    check_refused(sample_try(s, &draft, &err), &err, "log.no-signer");
    draft.signers = 0;
    check_refused(sample_try(s, &draft, &err), &err, "log.no-signer");
    draft.signer[0] = signer_of_key(&s->clerk);
    draft.signer[1] = signer_of_key(&s->clerk);
    draft.signers = 2;
    check_refused(sample_try(s, &draft, &err), &err, "log.signer-twice");
}

/* What a person signed in peace is the event that is written, or nothing is. */
static void what_was_signed_beforehand_is_what_is_written(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct event_signing signing = {.text = {0}};
    sample_fill(s, 1);
    struct event_draft draft =
        sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "signed"));
    buffer_init(&signing.text, LEAF_MAX);
    check_ok(log_draft_text(s->store, SAMPLE_ORIGIN, &draft, &signing.text, &err), &err);
    check_ok(log_draft_sign(&draft, &signing, &err), &err);
    draft.signing = &signing;
    draft.body = text_body(s, "other");
    check_refused(sample_try(s, &draft, &err), &err, "log.signed-other");
    draft.body = text_body(s, "signed");
    sample_append(s, &draft);
    /* The log has grown: the same text may not be written twice, nor for the next place. */
    draft.cmd.byte[0] ^= 1;
    check_refused(sample_try(s, &draft, &err), &err, "log.signed-other");
    /* A signature of another text does not pass when the event is read back. */
    const struct verifier_key *const clerk[] = {&s->clerk.verifier};
    buffer_clear(&signing.text);
    check_ok(log_draft_text(s->store, SAMPLE_ORIGIN, &draft, &signing.text, &err), &err);
    sample_append(s, &draft);
    check_refused(log_recheck(s->store, SAMPLE_ORIGIN, s->tip.size - 1, clerk, 1, &err), &err,
                  "log.recheck");
    buffer_release(&signing.text);
}

static void a_line_holds_60000_bytes_and_no_more(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    size_t length = 0;
    char *text = arena_alloc(&s->arena, 60001);
    memset(text, 'x', 60000);
    struct event_draft draft = sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "x"));
    sample_append(s, &draft);
    struct event event;
    char *leaf = sample_leaf(s, 0, &length);
    check_ok(event_parse(&s->arena, NULL, leaf, length, &event, &err), &err);
    size_t around = event.line_length - 1;

    text[60000 - around] = '\0';
    draft = sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, text));
    sample_append(s, &draft);
    text[60000 - around] = 'x';
    text[60001 - around] = '\0';
    draft = sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, text));
    check_refused(sample_try(s, &draft, &err), &err, "log.line-too-long");
}

static void text_that_nobody_could_see_is_refused(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct event_draft draft = sample_draft(s, "note.make", &s->clerk, "clerk",
                                            text_body(s, "a\xE2\x80\xAE"
                                                         "b"));
    check_refused(sample_try(s, &draft, &err), &err, "canon.code-point");
}

static void nothing_stays_of_an_event_that_was_refused(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct log_tip tip;
    sample_fill(s, 1);
    struct event_draft draft = sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "x"));
    draft.at.seconds = 0;
    check_refused(sample_try(s, &draft, &err), &err, "log.time-went-back");
    check_ok(log_tip_load(s->store, &tip, &err), &err);
    check_int_equal((int64_t)tip.size, 3);
}

static void rows_beside_an_event_come_back_whole(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    AUTO_BUFFER rows;
    AUTO_BUFFER back;
    buffer_init(&rows, EVENT_ROWS_MAX);
    buffer_init(&back, EVENT_ROWS_MAX);
    uint64_t count = 0;
    while (rows.length <= 2 * EVENT_ROWS_PART_MAX) { /* three parts */
        buffer_printf(&rows, "{\"n\":\"%d\"}\n", (int)count++);
    }
    struct event_draft draft =
        sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "with rows"));
    draft.rows = &rows;
    draft.rows_count = count;
    sample_append(s, &draft);
    check_ok(event_rows_load(s->store, 0, &back, &err), &err);
    assert_int_equal(back.length, rows.length);
    assert_memory_equal(back.data, rows.data, rows.length);
    const struct verifier_key *signer[] = {&s->clerk.verifier};
    check_ok(log_recheck(s->store, SAMPLE_ORIGIN, 0, signer, 1, &err), &err);

    sample_tamper(s, "UPDATE event_rows SET bytes = $1 WHERE part = 2", "{}\n", 3);
    check_refused(log_recheck(s->store, SAMPLE_ORIGIN, 0, signer, 1, &err), &err, "log.recheck");
}

static void the_recheck_accepts_what_was_written(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    sample_fill(s, 1);
    const struct verifier_key *admins[] = {&s->admin2.verifier, &s->admin1.verifier};
    const struct verifier_key *clerk[] = {&s->clerk.verifier};
    check_ok(log_recheck(s->store, SAMPLE_ORIGIN, 0, admins, 2, &err), &err);
    check_ok(log_recheck(s->store, SAMPLE_ORIGIN, 2, clerk, 1, &err), &err);
}

static void the_recheck_needs_exactly_the_keys_given(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    sample_fill(s, 1);
    const struct verifier_key *one[] = {&s->admin1.verifier};
    const struct verifier_key *three[] = {&s->admin1.verifier, &s->admin2.verifier,
                                          &s->admin3.verifier};
    const struct verifier_key *other[] = {&s->other.verifier};
    check_refused(log_recheck(s->store, SAMPLE_ORIGIN, 0, one, 1, &err), &err, "log.recheck");
    check_refused(log_recheck(s->store, SAMPLE_ORIGIN, 0, three, 3, &err), &err, "log.recheck");
    check_refused(log_recheck(s->store, SAMPLE_ORIGIN, 2, other, 1, &err), &err, "log.recheck");
    check_refused(log_recheck(s->store, SAMPLE_ORIGIN, 9, other, 1, &err), &err, "log.recheck");
    check_refused(log_recheck(s->store, "demo.invalid/ledger-0000abce", 2,
                              (const struct verifier_key *[]){&s->clerk.verifier}, 1, &err),
                  &err, "log.recheck");
}

static void the_recheck_sees_every_changed_byte(void **state)
{
    struct sample *s = *state;
    const struct verifier_key *clerk[] = {&s->clerk.verifier};
    size_t length = 0;
    sample_fill(s, 1);
    char *leaf = sample_leaf(s, 2, &length);
    for (size_t at = 0; at < length; at += 37) { /* a row written anew costs milliseconds */
        struct error err = {0};
        leaf[at] = (char)(leaf[at] ^ 1);
        struct sha256 hash = merkle_leaf_hash(leaf, length);
        sample_tamper(s, "UPDATE event SET leaf = $1 WHERE seq = 2", leaf, length);
        sample_tamper(s, "UPDATE event SET leaf_hash = $1 WHERE seq = 2", hash.byte, 32);
        check_refused(log_recheck(s->store, SAMPLE_ORIGIN, 2, clerk, 1, &err), &err, "log.recheck");
        leaf[at] = (char)(leaf[at] ^ 1);
    }
}

struct visit {
    int seen;
    int stop_at;
    char types[8][EVENT_TYPE_MAX + 1];
};

static bool note_visit(void *context, const struct event *event, const struct buffer *rows,
                       struct error *err)
{
    struct visit *visit = context;
    assert_null(rows);
    (void)snprintf(visit->types[visit->seen], sizeof visit->types[0], "%s", event->type);
    visit->seen++;
    return visit->seen != visit->stop_at ||
           error_set(err, FAULT_REFUSED, "test.stop", "enough of it");
}

static void all_events_are_visited_in_order_until_the_visitor_stops(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct visit visit = {0};
    sample_fill(s, 2);
    check_ok(log_each(s->store, 1, note_visit, &visit, &err), &err);
    check_int_equal(visit.seen, 3);
    check_text_equal(visit.types[0], "key.add");
    check_text_equal(visit.types[2], "note.make");
    visit = (struct visit){.stop_at = 2};
    check_refused(log_each(s->store, 0, note_visit, &visit, &err), &err, "test.stop");
    check_int_equal(visit.seen, 2);
}

static void a_kept_tree_of_another_size_is_refused(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct log_tip tip;
    sample_fill(s, 1);
    sample_tamper(s, "UPDATE frontier SET size = 4, hashes = zeroblob(32)", NULL, 0);
    check_refused(log_tip_load(s->store, &tip, &err), &err, "log.frontier");
    sample_tamper(s, "UPDATE frontier SET size = 3, hashes = zeroblob(32)", NULL, 0);
    check_refused(log_tip_load(s->store, &tip, &err), &err, "log.frontier");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_empty_log_has_the_empty_tree),
        TEST(a_leaf_has_exactly_the_bytes_of_the_format),
        TEST(each_event_names_the_leaf_before_it),
        TEST(signature_lines_are_sorted_by_name),
        TEST(the_clock_may_stand_still_but_not_go_back),
        TEST(a_command_id_is_used_once),
        TEST(an_event_without_its_actors_key_is_refused),
        TEST(what_was_signed_beforehand_is_what_is_written),
        TEST(a_line_holds_60000_bytes_and_no_more),
        TEST(text_that_nobody_could_see_is_refused),
        TEST(nothing_stays_of_an_event_that_was_refused),
        TEST(rows_beside_an_event_come_back_whole),
        TEST(the_recheck_accepts_what_was_written),
        TEST(the_recheck_needs_exactly_the_keys_given),
        TEST(the_recheck_sees_every_changed_byte),
        TEST(all_events_are_visited_in_order_until_the_visitor_stops),
        TEST(a_kept_tree_of_another_size_is_refused),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
