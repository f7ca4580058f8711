#include "ledger/base/digest.h"
#include "tests/support/check.h"

#include <string.h>

static void check_digest(struct sha256 got, const char *want)
{
    char hex[SHA256_HEX_SIZE];
    check_text_equal(hex_format(got.byte, sizeof got.byte, hex), want);
}

/* FIPS 180-2, appendix B. */
static void sha256_gives_the_known_answers(void **state)
{
    (void)state;
    check_digest(sha256_of("", 0),
                 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_digest(sha256_of("abc", 3),
                 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    check_digest(sha256_of(two_blocks, sizeof two_blocks - 1),
                 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void a_million_letters_in_pieces_give_the_known_answer(void **state)
{
    (void)state;
    char letters[1000];
    struct sha256_stream stream;
    memset(letters, 'a', sizeof letters);
    sha256_begin(&stream);
    for (int i = 0; i < 1000; i++) {
        sha256_add(&stream, letters, sizeof letters);
    }
    check_digest(sha256_end(&stream),
                 "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void digests_are_equal_only_in_every_bit(void **state)
{
    (void)state;
    struct sha256 a = sha256_of("abc", 3);
    for (size_t i = 0; i < sizeof a.byte; i++) {
        for (int bit = 0; bit < 8; bit++) {
            struct sha256 b = a;
            assert_true(sha256_equal(&a, &b));
            b.byte[i] ^= (uint8_t)(1 << bit);
            assert_false(sha256_equal(&a, &b));
        }
    }
}

/* The first was made with openssl and libsodium; the others are test cases 1 and 2 of RFC 4231 with
 * their keys filled up with zeros, which HMAC does anyway. */
static void hmac_gives_the_known_answers(void **state)
{
    (void)state;
    static const char index_key[] = "ledger-example-index-key-32bytes";
    static const char text[] = "member.id_no\n11010519491231002X";
    check_digest(hmac_sha256((const uint8_t *)index_key, "", text, sizeof text - 1),
                 "a6096ab28fd3de3580fdced0b2db6f6cba47ba8742caf083102e1635508b4927");
    uint8_t key[32] = {0};
    memset(key, 0x0b, 20);
    check_digest(hmac_sha256(key, "Hi ", "There", 5),
                 "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    uint8_t jefe[32] = {'J', 'e', 'f', 'e'};
    static const char question[] = "what do ya want for nothing?";
    check_digest(hmac_sha256(jefe, "", question, sizeof question - 1),
                 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void hex_has_one_spelling(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool valid;
    } rows[] = {
        {"00ff7a", true},    {"00FF7a", false},  {"00ff7", false},  {"00ff7a0", false},
        {"00ff7a00", false}, {"", false},        {"00ff7g", false}, {"00 ff7", false},
        {"0x00ff", false},   {"00:ff:7", false}, {" 00ff7", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t bytes[3] = {0};
        check_int_equal(hex_parse(rows[i].text, bytes, sizeof bytes), rows[i].valid);
    }
    uint8_t bytes[3] = {0};
    char text[7];
    assert_true(hex_parse("00ff7a", bytes, sizeof bytes));
    check_int_equal(bytes[1], 0xFF);
    check_text_equal(hex_format(bytes, sizeof bytes, text), "00ff7a");
    assert_true(hex_parse("", bytes, 0));
    check_text_equal(hex_format(bytes, 0, text), "");
}

/* RFC 4648 section 10. */
static void base64_gives_the_known_answers(void **state)
{
    (void)state;
    static const struct {
        const char *plain, *encoded;
    } rows[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[16];
        char back[16];
        size_t length = 99;
        check_text_equal(base64_format(rows[i].plain, strlen(rows[i].plain), text),
                         rows[i].encoded);
        check_int_equal((int64_t)base64_size(strlen(rows[i].plain)),
                        (int64_t)strlen(rows[i].encoded) + 1);
        assert_true(base64_parse(text, strlen(text), back, sizeof back, &length));
        check_int_equal((int64_t)length, (int64_t)strlen(rows[i].plain));
        assert_memory_equal(back, rows[i].plain, length);
    }
}

static void loose_base64_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "QR==", "QUJ=", "QUI",      "QQ",     "Q",     "====",         "Q===",
        "=QQ=", "QQ=Q", "QQ==QQ==", "QUI=\n", "QU I=", "\nQUI=",       "QUI= ",
        "QUI-", "QUI_", "QUJD=",    "QUJDR",  "QUI*",  "QQ==\n\n\n\n",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char bytes[16];
        size_t length = 99;
        assert_false(base64_parse(bad[i], strlen(bad[i]), bytes, sizeof bytes, &length));
    }
    char bytes[16];
    size_t length = 99;
    assert_false(base64_parse("QU\0D", 4, bytes, sizeof bytes, &length));
    for (int byte = 0x80; byte <= 0xFF; byte++) { /* the library alone takes these for "A" */
        const char text[] = {'Q', (char)byte, 'J', 'D'};
        assert_false(base64_parse(text, sizeof text, bytes, sizeof bytes, &length));
    }
}

static void base64_never_writes_past_its_room(void **state)
{
    (void)state;
    char bytes[4] = "....";
    size_t length = 99;
    assert_false(base64_parse("QUJD", 4, bytes, 2, &length));
    check_int_equal(bytes[2], '.');
    assert_true(base64_parse("QUJD", 4, bytes, 3, &length));
    check_int_equal((int64_t)length, 3);
    check_int_equal(bytes[3], '.');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_known_answers),
        cmocka_unit_test(a_million_letters_in_pieces_give_the_known_answer),
        cmocka_unit_test(digests_are_equal_only_in_every_bit),
        cmocka_unit_test(hmac_gives_the_known_answers),
        cmocka_unit_test(hex_has_one_spelling),
        cmocka_unit_test(base64_gives_the_known_answers),
        cmocka_unit_test(loose_base64_is_refused),
        cmocka_unit_test(base64_never_writes_past_its_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
