#include "ledger/audit/key.h"

#include "ledger/base/digest.h"
#include "tests/support/check.h"

#include <string.h>

/* RFC 8032 7.1, test 1 */
static const char seed_hex[] = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
static const char public_hex[] = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

static void make_key(const char *name, struct signing_key *ret)
{
    uint8_t seed[32];
    assert_true(hex_parse(seed_hex, seed, sizeof seed));
    signing_key_from_seed(name, KEY_TYPE_ED25519, seed, ret);
}

static void the_public_key_follows_from_the_seed(void **state)
{
    (void)state;
    AUTO_SIGNING_KEY key;
    char hex[65];
    make_key("example.com/foo", &key);
    check_text_equal(hex_format(key.verifier.public_key, 32, hex), public_hex);
    check_text_equal(key.verifier.name, "example.com/foo");
    check_int_equal(key.verifier.type, KEY_TYPE_ED25519);
}

static void a_verifier_key_is_read_as_it_was_written(void **state)
{
    (void)state;
    static const uint8_t types[] = {KEY_TYPE_ED25519, KEY_TYPE_COSIGNATURE};
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        AUTO_SIGNING_KEY key;
        struct verifier_key back;
        struct error err = {0};
        char text[VKEY_TEXT_MAX], again[VKEY_TEXT_MAX];
        signing_key_generate("demo.invalid/ledger-00000001/a/wang.li", types[i], &key);
        verifier_key_format(&key.verifier, text);
        check_ok(verifier_key_parse(text, &back, &err), &err);
        check_text_equal(verifier_key_format(&back, again), text);
        check_int_equal(back.type, types[i]);
        assert_memory_equal(back.public_key, key.verifier.public_key, 32);
    }
}

static void the_type_is_part_of_the_number(void **state)
{
    (void)state;
    AUTO_SIGNING_KEY a;
    AUTO_SIGNING_KEY b;
    uint8_t seed[32] = {1};
    signing_key_from_seed("x", KEY_TYPE_ED25519, seed, &a);
    signing_key_from_seed("x", KEY_TYPE_COSIGNATURE, seed, &b);
    assert_true(a.verifier.id != b.verifier.id);
}

/* A verifier key with these parts, its number made to match. */
static void vkey_of(const char *name, uint8_t type, const uint8_t key[32], char *ret)
{
    struct verifier_key parts = {.type = type};
    struct sha256_stream stream;
    strcpy(parts.name, name);
    memcpy(parts.public_key, key, 32);
    sha256_begin(&stream);
    sha256_add(&stream, name, strlen(name));
    sha256_add(&stream, "\n", 1);
    sha256_add(&stream, &type, 1);
    sha256_add(&stream, key, 32);
    struct sha256 digest = sha256_end(&stream);
    for (int i = 0; i < 4; i++) {
        parts.id = parts.id << 8 | digest.byte[i];
    }
    verifier_key_format(&parts, ret);
}

static void keys_that_could_not_sign_safely_are_refused(void **state)
{
    (void)state;
    static const struct {
        uint8_t first, last;
    } points[] = {
        {0x01, 0x00}, /* the neutral element */
        {0x00, 0x00}, /* order 4 */
        {0xEC, 0x7F}, /* order 2, completed below */
        {0x02, 0x00}, /* not on the curve */
    };
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        uint8_t key[32] = {0};
        char text[VKEY_TEXT_MAX];
        struct verifier_key ret;
        struct error err = {0};
        memset(key, points[i].last == 0x7F ? 0xFF : 0, sizeof key);
        key[0] = points[i].first;
        key[31] = points[i].last;
        vkey_of("x", KEY_TYPE_ED25519, key, text);
        check_refused(verifier_key_parse(text, &ret, &err), &err, "vkey.point");
    }
}

static void a_key_of_another_type_or_number_is_refused(void **state)
{
    (void)state;
    struct verifier_key ret;
    struct error err = {0};
    uint8_t key[32];
    char text[VKEY_TEXT_MAX];
    assert_true(hex_parse(public_hex, key, sizeof key));
    vkey_of("x", 0x02, key, text);
    check_refused(verifier_key_parse(text, &ret, &err), &err, "vkey.type");
    vkey_of("x", KEY_TYPE_ED25519, key, text);
    text[0] = 'y';
    check_refused(verifier_key_parse(text, &ret, &err), &err, "vkey.id-mismatch");
}

static void names_with_plus_space_or_nothing_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {
        "", "a b", "a\tb", "a\xC2\xA0", "\xE3\x80\x80", "a\xE2\x80\x8B", "a\xFF", "a\nb"};
    uint8_t key[32];
    assert_true(hex_parse(public_hex, key, sizeof key));
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char text[VKEY_TEXT_MAX];
        struct verifier_key ret;
        struct error err = {0};
        vkey_of(names[i], KEY_TYPE_ED25519, key, text);
        check_refused(verifier_key_parse(text, &ret, &err), &err, "vkey.format");
    }
}

static void names_may_have_200_bytes_and_no_more(void **state)
{
    (void)state;
    uint8_t key[32];
    char name[KEY_NAME_MAX + 2] = {0};
    char text[VKEY_TEXT_MAX + 1];
    struct verifier_key ret;
    struct error err = {0};
    assert_true(hex_parse(public_hex, key, sizeof key));
    memset(name, 'n', KEY_NAME_MAX);
    vkey_of(name, KEY_TYPE_ED25519, key, text);
    check_ok(verifier_key_parse(text, &ret, &err), &err);
    check_text_equal(ret.name, name);
    memmove(text + 1, text, strlen(text) + 1);
    check_refused(verifier_key_parse(text, &ret, &err), &err, "vkey.format");
}

static void origins_end_in_eight_hex_digits(void **state)
{
    (void)state;
    static const struct {
        const char *origin;
        bool good;
    } rows[] = {
        {"xinhe-coop.example/ledger-7f3a9c21", true},
        {"demo.invalid/ledger-00000000", true},
        {"a.example/sub/ledger-7f3a9c21", true},
        {"/ledger-7f3a9c21", false},
        {"ledger-7f3a9c21", false},
        {"a.example/ledger-7f3a9c2", false},
        {"a.example/ledger-7f3a9c211", false},
        {"a.example/ledger-7F3A9C21", false},
        {"a.example/ledger-7f3a9c2g", false},
        {"a.example//ledger-7f3a9c21", false},
        {"A.example/ledger-7f3a9c21", false},
        {".example/ledger-7f3a9c21", false},
        {"-a.example/ledger-7f3a9c21", false},
        {"a-.example/ledger-7f3a9c21", false},
        {"a..example/ledger-7f3a9c21", false},
        {"a b/ledger-7f3a9c21", false},
        {"a+b/ledger-7f3a9c21", false},
        {"a.example/ledger-7f3a9c21\n", false},
        {"", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (origin_is_valid(rows[i].origin) != rows[i].good) {
            fail_msg("%s", rows[i].origin);
        }
    }
    char origin[160];
    memset(origin, 'a', sizeof origin);
    strcpy(origin + 111, "/ledger-7f3a9c21"); /* 127 bytes */
    assert_true(origin_is_valid(origin));
    memset(origin, 'a', sizeof origin);
    strcpy(origin + 113, "/ledger-7f3a9c21"); /* 129 bytes */
    assert_false(origin_is_valid(origin));
}

static void the_name_of_a_persons_key_holds_origin_and_code(void **state)
{
    (void)state;
    char name[KEY_NAME_MAX + 1];
    assert_true(key_name_of_staff("demo.invalid/ledger-00000001", "wang.li", name));
    check_text_equal(name, "demo.invalid/ledger-00000001/a/wang.li");
    static const char *const bad[] = {
        "", "Wang", "wang li", "wang/li", "wang+li", "王", "abcdefghijklmnopqrstuvwxyz0123456"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(key_name_of_staff("demo.invalid/ledger-00000001", bad[i], name));
    }
    assert_false(key_name_of_staff("demo.invalid", "wang.li", name));
    assert_true(staff_code_is_valid("abcdefghijklmnopqrstuvwxyz012345"));
}

static void demo_books_are_known_by_their_whole_domain(void **state)
{
    (void)state;
    assert_true(origin_is_demo("demo.invalid/ledger-00000001"));
    assert_false(origin_is_demo("demo.invalid.example/ledger-00000001"));
    assert_false(origin_is_demo("x.demo.invalid/ledger-00000001"));
}

static void a_signature_line_verifies_over_the_text(void **state)
{
    (void)state;
    AUTO_SIGNING_KEY key;
    AUTO_BUFFER out;
    make_key("example.com/foo", &key);
    buffer_init(&out, 4096);
    buffer_add_text(&out, "hello\n");
    signature_line_add(&key, out.data, 6, &out);
    /* em dash, name, base64 of 4 + 64 bytes */
    assert_int_equal(out.length, 6 + 4 + 15 + 1 + 92 + 1);
    assert_memory_equal(out.data + 6, "\xE2\x80\x94 example.com/foo ", 20);
    uint8_t bytes[68];
    size_t length = 0;
    assert_true(base64_parse(out.data + 26, 92, bytes, sizeof bytes, &length));
    uint32_t id =
        (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    assert_int_equal(id, key.verifier.id);
    assert_int_equal(crypto_sign_verify_detached(bytes + 4, (const unsigned char *)"hello\n", 6,
                                                 key.verifier.public_key),
                     0);
}

static void a_wiped_key_is_all_zero(void **state)
{
    (void)state;
    struct signing_key key, zero;
    memset(&zero, 0, sizeof zero);
    make_key("x", &key);
    signing_key_wipe(&key);
    assert_memory_equal(&key, &zero, sizeof zero);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_public_key_follows_from_the_seed),
        cmocka_unit_test(a_verifier_key_is_read_as_it_was_written),
        cmocka_unit_test(the_type_is_part_of_the_number),
        cmocka_unit_test(keys_that_could_not_sign_safely_are_refused),
        cmocka_unit_test(a_key_of_another_type_or_number_is_refused),
        cmocka_unit_test(names_with_plus_space_or_nothing_are_refused),
        cmocka_unit_test(names_may_have_200_bytes_and_no_more),
        cmocka_unit_test(origins_end_in_eight_hex_digits),
        cmocka_unit_test(the_name_of_a_persons_key_holds_origin_and_code),
        cmocka_unit_test(demo_books_are_known_by_their_whole_domain),
        cmocka_unit_test(a_signature_line_verifies_over_the_text),
        cmocka_unit_test(a_wiped_key_is_all_zero),
    };
    return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
