#include "ledger/audit/note.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

/* The shape of a line does not depend on whether its signature is good: 68 bytes of zero. */
#define ZEROS                                                                                      \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define DASH "\xe2\x80\x94 "

static struct signing_key key_of(const char *name, uint8_t type)
{
    uint8_t seed[32] = {0};
    struct signing_key key;
    memcpy(seed, name, strlen(name) < 32 ? strlen(name) : 32);
    signing_key_from_seed(name, type, seed, &key);
    return key;
}

static bool parses(const char *bytes, size_t length, struct error *err)
{
    struct note note;
    return note_parse(bytes, length, &note, err);
}

static void shape_is_checked_strictly(void **state)
{
    (void)state;
    static const char *const good[] = {
        "text\n\n" DASH "name " ZEROS "\n",
        "text\n\nmore\n\n" DASH "name " ZEROS "\n",
        "\n\n" DASH "name " ZEROS "\n",
        "text\n\n" DASH "a " ZEROS "\n" DASH "\xe4\xb8\xad/b AAAAAAA=\n",
        "text \x7f\n\n" DASH "name " ZEROS "\n",
    };
    static const char *const bad[] = {
        "",
        "\n",
        "text\n",
        "text\n\n",
        "text\n" DASH "name " ZEROS "\n",
        "text\n\n" DASH "name " ZEROS,
        "text\n\n" DASH "name " ZEROS "\n\n",
        "text\n\n" DASH "name " ZEROS "\nno signature\n",
        "text\n\n" DASH "name  " ZEROS "\n",
        "text\n\n" DASH " " ZEROS "\n",
        "text\n\n" DASH "na+me " ZEROS "\n",
        "text\n\n" DASH "na\xc2\xa0me " ZEROS "\n",
        "text\n\n" DASH "na\xe3\x80\x80me " ZEROS "\n",
        "text\n\n" DASH "name " ZEROS " \n",
        "text\n\n" DASH "name " ZEROS "\r\n",
        "text\r\n\n" DASH "name " ZEROS "\n",
        "te\txt\n\n" DASH "name " ZEROS "\n",
        "te\xffxt\n\n" DASH "name " ZEROS "\n",
        "text\n\n" DASH "na\xff"
        "me " ZEROS "\n",
        "text\n\n- name " ZEROS "\n",
        "text\n\n" DASH "name\n",
        "text\n\n" DASH "name \n",
        "text\n\n" DASH "name AAAAAA==\n", /* a key id and no signature */
        "text\n\n" DASH "name AAAAAAA\n",  /* no padding */
        "text\n\n" DASH "name AAAAAAB=\n", /* an unused bit */
    };
    struct error err;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        check_ok(parses(good[i], strlen(good[i]), &err), &err);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_refused(parses(bad[i], strlen(bad[i]), &err), &err, "note.malformed");
    }
    static const char with_nul[] = "te\0xt\n\n" DASH "name " ZEROS "\n";
    check_refused(parses(with_nul, sizeof with_nul - 1, &err), &err, "note.malformed");
}

static void too_many_lines_are_refused(void **state)
{
    (void)state;
    struct error err;
    AUTO_BUFFER bytes;
    buffer_init(&bytes, NOTE_MAX);
    buffer_add_text(&bytes, "text\n\n");
    for (size_t i = 0; i < NOTE_SIGNATURES_MAX; i++) {
        buffer_add_text(&bytes, DASH "name " ZEROS "\n");
    }
    check_ok(parses(bytes.data, bytes.length, &err), &err);
    buffer_add_text(&bytes, DASH "name " ZEROS "\n");
    check_refused(parses(bytes.data, bytes.length, &err), &err, "note.malformed");
}

struct opened {
    struct note note;
    uint64_t by;
    struct error err;
};

static bool opens(const char *bytes, size_t length, const struct verifier_key *const *key,
                  size_t keys, struct opened *ret)
{
    return note_parse(bytes, length, &ret->note, &ret->err) &&
           note_open(&ret->note, key, keys, &ret->by, &ret->err);
}

static void lines_of_unknown_keys_are_skipped(void **state)
{
    (void)state;
    struct signing_key a = key_of("a", KEY_TYPE_ED25519);
    struct signing_key b = key_of("b", KEY_TYPE_ED25519);
    struct signing_key c = key_of("c", KEY_TYPE_ED25519);
    const struct signing_key *const signers[] = {&a, &b};
    const struct verifier_key *const all[] = {&a.verifier, &c.verifier, &b.verifier};
    const struct verifier_key *const only_b[] = {&b.verifier};
    const struct verifier_key *const only_c[] = {&c.verifier};
    AUTO_BUFFER bytes;
    struct opened opened;
    buffer_init(&bytes, 4096);
    note_make("hello\n", 6, signers, 2, &bytes);
    check_ok(opens(bytes.data, bytes.length, all, 3, &opened), &opened.err);
    check_int_equal((int64_t)opened.by, 5);
    check_ok(opens(bytes.data, bytes.length, only_b, 1, &opened), &opened.err);
    check_int_equal((int64_t)opened.by, 1);
    check_refused(opens(bytes.data, bytes.length, only_c, 1, &opened), &opened.err,
                  "note.no-known-signature");
    assert_null(note_signature_by(&opened.note, &c.verifier));
    assert_non_null(note_signature_by(&opened.note, &b.verifier));
}

static void one_bad_known_line_refuses_the_whole_note(void **state)
{
    (void)state;
    struct signing_key a = key_of("a", KEY_TYPE_ED25519);
    struct signing_key b = key_of("b", KEY_TYPE_ED25519);
    const struct signing_key *const first[] = {&a};
    const struct verifier_key *const both[] = {&a.verifier, &b.verifier};
    AUTO_BUFFER bytes;
    struct opened opened;
    buffer_init(&bytes, 4096);
    note_make("hello\n", 6, first, 1, &bytes);
    signature_line_add(&b, "other\n", 6, &bytes);
    check_refused(opens(bytes.data, bytes.length, both, 2, &opened), &opened.err, "note.signature");
    check_ok(opens(bytes.data, bytes.length, both, 1, &opened), &opened.err);
}

static void doubled_line_and_doubled_key_are_refused(void **state)
{
    (void)state;
    struct signing_key a = key_of("a", KEY_TYPE_ED25519);
    struct verifier_key same_name_and_id = key_of("b", KEY_TYPE_ED25519).verifier;
    const struct signing_key *const twice[] = {&a, &a};
    const struct verifier_key *const known[] = {&a.verifier, &same_name_and_id};
    AUTO_BUFFER bytes;
    struct opened opened;
    buffer_init(&bytes, 4096);
    note_make("hello\n", 6, twice, 2, &bytes);
    check_refused(opens(bytes.data, bytes.length, known, 1, &opened), &opened.err,
                  "note.doubled-signature");
    memcpy(same_name_and_id.name, "a", 2);
    same_name_and_id.id = a.verifier.id;
    check_refused(opens(bytes.data, bytes.length, known, 2, &opened), &opened.err, "note.two-keys");
}

/* A note signed by `signer` alone, whose line then says the name of another. */
static void sign_as(const struct signing_key *signer, const char *name, struct buffer *ret)
{
    AUTO_BUFFER line;
    buffer_init(&line, SIGNATURE_LINE_MAX);
    signature_line_add(signer, "hello\n", 6, &line);
    buffer_add_text(ret, "hello\n\n" DASH);
    buffer_add_text(ret, name);
    size_t before = strlen(DASH) + strlen(signer->verifier.name);
    buffer_add(ret, line.data + before, line.length - before);
}

/* Two keys with one id (2eb712b8): found by hashing, for w0, w1 and so on, "wN" LF 0x01 and the
 * public key of the seed "wN", filled up with zeros, until the first four bytes came twice; that
 * was at the 117,311th name. A line is its key's only under the key's own name. */
static void one_id_under_two_names_is_two_keys(void **state)
{
    (void)state;
    struct signing_key a = key_of("w71718", KEY_TYPE_ED25519);
    struct signing_key b = key_of("w117310", KEY_TYPE_ED25519);
    const struct signing_key *const signers[] = {&a, &b};
    const struct verifier_key *const only_a[] = {&a.verifier};
    const struct verifier_key *const only_b[] = {&b.verifier};
    const struct verifier_key *const both[] = {&b.verifier, &a.verifier};
    AUTO_BUFFER by_a, by_both, renamed;
    struct opened opened;
    check_int_equal(a.verifier.id, 0x2eb712b8);
    check_int_equal(b.verifier.id, 0x2eb712b8);
    buffer_init(&by_a, 4096);
    buffer_init(&by_both, 4096);
    buffer_init(&renamed, 4096);

    note_make("hello\n", 6, signers, 1, &by_a);
    check_refused(opens(by_a.data, by_a.length, only_b, 1, &opened), &opened.err,
                  "note.no-known-signature");
    assert_null(note_signature_by(&opened.note, &b.verifier));
    assert_false(note_signature_holds(&opened.note, &opened.note.signature[0], &b.verifier));
    check_ok(opens(by_a.data, by_a.length, both, 2, &opened), &opened.err);
    check_int_equal((int64_t)opened.by, 2);

    note_make("hello\n", 6, signers, 2, &by_both);
    check_ok(opens(by_both.data, by_both.length, both, 2, &opened), &opened.err);
    check_int_equal((int64_t)opened.by, 3);

    sign_as(&a, "w117310", &renamed);
    check_refused(opens(renamed.data, renamed.length, only_b, 1, &opened), &opened.err,
                  "note.signature");
    check_refused(opens(renamed.data, renamed.length, only_a, 1, &opened), &opened.err,
                  "note.no-known-signature");
}

/* One seed under two types has two key ids; even with the id forced, the kinds do not mix. */
static void signature_of_one_type_is_none_of_another(void **state)
{
    (void)state;
    struct signing_key signer = key_of("w", KEY_TYPE_ED25519);
    struct signing_key witness = key_of("w", KEY_TYPE_COSIGNATURE);
    struct verifier_key forced = witness.verifier;
    const struct signing_key *const signers[] = {&signer};
    const struct verifier_key *const known[] = {&forced};
    AUTO_BUFFER bytes;
    AUTO_BUFFER cosigned;
    struct opened opened;
    buffer_init(&bytes, 4096);
    buffer_init(&cosigned, 4096);
    note_make("hello\n", 6, signers, 1, &bytes);
    check_refused(opens(bytes.data, bytes.length, known, 1, &opened), &opened.err,
                  "note.no-known-signature");
    forced.id = signer.verifier.id;
    check_refused(opens(bytes.data, bytes.length, known, 1, &opened), &opened.err,
                  "note.signature");

    buffer_add_text(&cosigned, "hello\n\n");
    cosignature_line_add(&witness, "hello\n", 6, 1772442600, &cosigned);
    forced = witness.verifier;
    check_ok(opens(cosigned.data, cosigned.length, known, 1, &opened), &opened.err);
    check_int_equal(cosignature_time(opened.note.signature[0].bytes), 1772442600);
    forced.type = KEY_TYPE_ED25519;
    check_refused(opens(cosigned.data, cosigned.length, known, 1, &opened), &opened.err,
                  "note.signature");
}

static void cosignature_covers_its_time_and_ends_before_2_to_63(void **state)
{
    (void)state;
    struct signing_key witness = key_of("w", KEY_TYPE_COSIGNATURE);
    AUTO_BUFFER bytes;
    struct note note;
    struct error err;
    int64_t time = 0;
    buffer_init(&bytes, 4096);
    buffer_add_text(&bytes, "hello\n\n");
    cosignature_line_add(&witness, "hello\n", 6, INT64_MAX, &bytes);
    check_ok(note_parse(bytes.data, bytes.length, &note, &err), &err);
    uint8_t *signature = note.signature[0].bytes;
    assert_true(cosignature_holds(&witness.verifier, "hello\n", 6, signature, &time));
    check_int_equal(time, INT64_MAX);
    signature[7] ^= 1;
    assert_false(cosignature_holds(&witness.verifier, "hello\n", 6, signature, &time));
    signature[7] ^= 1;
    signature[0] ^= 0x80;
    check_int_equal(cosignature_time(signature), -1);
    assert_false(cosignature_holds(&witness.verifier, "hello\n", 6, signature, &time));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shape_is_checked_strictly),
        cmocka_unit_test(too_many_lines_are_refused),
        cmocka_unit_test(lines_of_unknown_keys_are_skipped),
        cmocka_unit_test(one_bad_known_line_refuses_the_whole_note),
        cmocka_unit_test(doubled_line_and_doubled_key_are_refused),
        cmocka_unit_test(one_id_under_two_names_is_two_keys),
        cmocka_unit_test(signature_of_one_type_is_none_of_another),
        cmocka_unit_test(cosignature_covers_its_time_and_ends_before_2_to_63),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
