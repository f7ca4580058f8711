/* The detached note of a decision made elsewhere: one spelling, every byte under one signature. */
#include "ledger/audit/approval.h"
#include "ledger/audit/note.h"
#include "tests/support/check.h"

#include <string.h>

#define ORIGIN "demo.invalid/ledger-00000001"

static struct arena arena;
static struct signing_key key;

static int set_up(void **state)
{
    (void)state;
    struct sha256 seed = sha256_of("officer", 7);
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    digest_start();
    signing_key_from_seed(ORIGIN "/a/officer", KEY_TYPE_ED25519, seed.byte, &key);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct approval sample(void)
{
    struct approval approval = {.origin = ORIGIN,
                                .actor = "officer",
                                .at = {INT64_C(1772438400)},
                                .decision = "accept",
                                .of_seq = 471,
                                .of_leaf = sha256_of("leaf", 4),
                                .amount = money_from_fen(5000000),
                                .expires = {INT64_C(1773043200)},
                                .size = 472,
                                .root = sha256_of("root", 4)};
    memcpy(approval.nonce.byte, "0123456789abcdef", UUID_SIZE);
    return approval;
}

static const char *written(const struct approval *approval)
{
    struct error err = {0};
    struct signer signer = signer_of_key(&key);
    AUTO_BUFFER note;
    buffer_init(&note, APPROVAL_MAX);
    check_ok(approval_write(approval, &signer, &note, &err), &err);
    return arena_text_n(&arena, note.data, note.length);
}

/* The hashes by `printf leaf | sha256sum`, the times by `date -u -d @...`. */
static void it_is_written_as_the_format_says(void **state)
{
    (void)state;
    struct approval approval = sample();
    static const char text[] =
        "ledger-approval/v1 " ORIGIN "\n"
        "{\"actor\":\"officer\",\"amount_minor\":\"5000000\",\"at\":\"2026-03-02T08:00:00Z\","
        "\"cp\":{\"root\":\"4813494d137e1631bba301d5acab6e7bb7aa74ce1185d456565ef51d737677b2\","
        "\"size\":\"472\"},\"decision\":\"accept\",\"expires\":\"2026-03-09T08:00:00Z\","
        "\"nonce\":\"30313233343536373839616263646566\","
        "\"of_leaf\":\"9f91161f43433e49a6de6db680d79f60159f2e4ac9172621a12846428158440b\","
        "\"of_seq\":\"471\"}\n\n— " ORIGIN "/a/officer ";
    const char *note = written(&approval);
    if (strncmp(note, text, strlen(text)) != 0) {
        check_text_equal(note, text);
    }
    approval.reason = "为了孩子";
    assert_non_null(strstr(written(&approval), "\"of_seq\":\"471\",\"reason\":\"为了孩子\"}\n"));
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct approval approval = sample();
    struct approval read;
    struct error err = {0};
    approval.reason = "papers are missing";
    const char *note = written(&approval);
    check_ok(approval_read(&arena, note, strlen(note), &read, &err), &err);
    check_text_equal(read.origin, approval.origin);
    check_text_equal(read.actor, approval.actor);
    check_text_equal(read.decision, approval.decision);
    check_text_equal(read.reason, approval.reason);
    check_text_equal(read.key_name, ORIGIN "/a/officer");
    check_int_equal(read.at.seconds, approval.at.seconds);
    check_int_equal(read.expires.seconds, approval.expires.seconds);
    check_int_equal((int64_t)read.of_seq, 471);
    check_int_equal((int64_t)read.size, 472);
    check_fen(read.amount, 5000000);
    assert_true(sha256_equal(&read.of_leaf, &approval.of_leaf));
    assert_true(sha256_equal(&read.root, &approval.root));
    assert_memory_equal(read.nonce.byte, approval.nonce.byte, UUID_SIZE);
    assert_true(approval_signed_by(&read, &key.verifier));
}

static void no_other_key_has_signed_it(void **state)
{
    (void)state;
    struct approval approval = sample();
    struct approval read;
    struct signing_key other;
    struct error err = {0};
    struct sha256 seed = sha256_of("other", 5);
    const char *note = written(&approval);
    check_ok(approval_read(&arena, note, strlen(note), &read, &err), &err);
    signing_key_from_seed(ORIGIN "/a/officer", KEY_TYPE_ED25519, seed.byte, &other);
    assert_false(approval_signed_by(&read, &other.verifier));
    other.verifier.id = key.verifier.id; /* same name, same id, another key */
    assert_false(approval_signed_by(&read, &other.verifier));
    other = key;
    other.verifier.type = KEY_TYPE_COSIGNATURE;
    assert_false(approval_signed_by(&read, &other.verifier));
}

static bool is_good(const char *bytes, size_t length)
{
    struct approval read;
    struct error err;
    return approval_read(&arena, bytes, length, &read, &err) &&
           approval_signed_by(&read, &key.verifier);
}

static void every_bit_counts(void **state)
{
    (void)state;
    struct approval approval = sample();
    const char *note = written(&approval);
    size_t length = strlen(note);
    char *copy = arena_text_n(&arena, note, length);
    assert_true(is_good(copy, length));
    for (size_t i = 0; i < 8 * length; i++) {
        copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
        if (is_good(copy, length)) {
            fail_msg("bit %zu may be turned", i);
        }
        copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
    }
    for (size_t i = 0; i < length; i++) {
        assert_false(is_good(copy, i));
    }
}

/* The note with one piece replaced and signed anew. */
static const char *with(const char *from, const char *to)
{
    struct approval approval = sample();
    const char *note = written(&approval);
    const char *end = strstr(note, "\n\n");
    const char *at = strstr(note, from);
    AUTO_BUFFER changed;
    buffer_init(&changed, APPROVAL_MAX);
    assert_true(at != NULL && at < end);
    const char *text = arena_printf(&arena, "%.*s%s%.*s", (int)(at - note), note, to,
                                    (int)(end + 1 - at) - (int)strlen(from), at + strlen(from));
    buffer_printf(&changed, "%s\n", text);
    signature_line_add(&key, text, strlen(text), &changed);
    return arena_text_n(&arena, changed.data, changed.length);
}

static void anything_else_is_refused_whoever_signs_it(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"ledger-approval/v1", "ledger-approval/v2"},
        {"ledger-approval/v1", "ledger-event/v1"},
        {" demo.invalid", " Demo.invalid"},
        {" demo.invalid/ledger-00000001\n", "\n"},
        {"{\"actor\"", "{ \"actor\""},
        {"\"actor\":\"officer\",", ""},
        {"\"actor\":\"officer\"", "\"actor\":\"another\""},
        {"\"actor\":\"officer\"", "\"actor\":\"Officer\""},
        {"\"amount_minor\":\"5000000\"", "\"amount_minor\":\"0\""},
        {"\"amount_minor\":\"5000000\"", "\"amount_minor\":\"-5000000\""},
        {"\"amount_minor\":\"5000000\"", "\"amount_minor\":\"05000000\""},
        {"\"amount_minor\":\"5000000\"", "\"amount_minor\":5000000"},
        {"\"amount_minor\":\"5000000\"", "\"amount_fen\":\"5000000\""},
        {"\"at\":\"2026-03-02T08:00:00Z\"", "\"at\":\"2026-03-02\""},
        {"\"at\":\"2026-03-02T08:00:00Z\"", "\"at\":\"2026-02-30T08:00:00Z\""},
        {",\"size\":\"472\"}", ",\"size\":\"0\"}"},
        {",\"size\":\"472\"}", "}"},
        {",\"size\":\"472\"}", ",\"size\":\"472\",\"time\":\"1\"}"},
        {"\"decision\":\"accept\"", "\"decision\":\"Accept\""},
        {"\"decision\":\"accept\"", "\"decision\":\"\""},
        {"\"decision\":\"accept\"", "\"decision\":\"accept or refuse\""},
        {"\"expires\":\"2026-03-09T08:00:00Z\",", ""},
        {"\"nonce\":\"3031", "\"nonce\":\"31"},
        {"\"nonce\":\"3031", "\"nonce\":\"AB31"},
        {"\"of_leaf\":\"9f", "\"of_leaf\":\"9F"},
        {"\"of_seq\":\"471\"", "\"of_seq\":\"-1\""},
        {"\"of_seq\":\"471\"", "\"more\":\"1\",\"of_seq\":\"471\""},
        {"\"of_seq\":\"471\"", "\"of_seq\":\"471\",\"reason\":true"},
        {"}\n", "}\r\n"},
        {"}\n", "}\n\n"},
        {"}\n", "}\nmore\n"},
    };
    struct approval read;
    struct error err;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const char *note = with(changes[i][0], changes[i][1]);
        if (approval_read(&arena, note, strlen(note), &read, &err)) {
            fail_msg("%s for %s is taken", changes[i][1], changes[i][0]);
        }
        check_text_equal(err.reason, "approval.malformed");
    }
}

static void one_line_signs_it(void **state)
{
    (void)state;
    struct approval approval = sample();
    struct approval read;
    struct error err;
    const char *note = written(&approval);
    const char *line = strstr(note, "— ");
    const char *twice = arena_printf(&arena, "%s%s", note, line);
    const char *unsigned_note = arena_text_n(&arena, note, (size_t)(line - note));
    const char *longer = arena_printf(&arena, "%s%s", note, "more\n");
    check_refused(approval_read(&arena, twice, strlen(twice), &read, &err), &err,
                  "approval.malformed");
    check_refused(approval_read(&arena, unsigned_note, strlen(unsigned_note), &read, &err), &err,
                  "approval.malformed");
    check_refused(approval_read(&arena, longer, strlen(longer), &read, &err), &err,
                  "approval.malformed");
}

static void a_note_has_a_longest_length(void **state)
{
    (void)state;
    struct approval approval = sample();
    struct error err = {0};
    AUTO_BUFFER note;
    struct signer signer = signer_of_key(&key);
    char *reason = arena_alloc(&arena, 2 * APPROVAL_MAX);
    buffer_init(&note, 4 * APPROVAL_MAX);
    memset(reason, 'x', 2 * APPROVAL_MAX - 1);
    reason[2 * APPROVAL_MAX - 1] = '\0';
    approval.reason = reason;
    check_refused(approval_write(&approval, &signer, &note, &err), &err, "canon.too-long");
    approval.reason = "\u200bhidden";
    check_refused(approval_write(&approval, &signer, &note, &err), &err, "canon.code-point");
}

static void it_travels_as_an_array_of_lines(void **state)
{
    (void)state;
    struct approval approval = sample();
    struct approval read;
    struct error err = {0};
    bool found = false;
    const char *note = written(&approval);
    struct canon *in = canon_object(&arena);
    check_ok(approval_in(&arena, in, &found, &read, &err), &err);
    assert_false(found);
    canon_set(in, "approval", note_lines(&arena, note, strlen(note)));
    check_int_equal((int64_t)canon_count(canon_get(in, "approval")), 4);
    check_ok(approval_in(&arena, in, &found, &read, &err), &err);
    assert_true(found && approval_signed_by(&read, &key.verifier));
    struct canon *others = canon_object(&arena);
    canon_set_text(others, "approval", note);
    check_refused(approval_in(&arena, others, &found, &read, &err), &err, "approval.malformed");
    others = canon_object(&arena);
    canon_set(others, "approval", canon_array(&arena));
    check_refused(approval_in(&arena, others, &found, &read, &err), &err, "approval.malformed");
    others = canon_object(&arena);
    canon_set(others, "approval", canon_object(&arena));
    check_refused(approval_in(&arena, others, &found, &read, &err), &err, "approval.malformed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_written_as_the_format_says),
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(no_other_key_has_signed_it),
        cmocka_unit_test(every_bit_counts),
        cmocka_unit_test(anything_else_is_refused_whoever_signs_it),
        cmocka_unit_test(one_line_signs_it),
        cmocka_unit_test(a_note_has_a_longest_length),
        cmocka_unit_test(it_travels_as_an_array_of_lines),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
