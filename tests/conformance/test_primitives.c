/* The primitives below the formats, by figures of standards and of other programs. */
#include "ledger/audit/key.h"
#include "tests/conformance/vector_file.h"
#include "tests/conformance/words.h"

#include <stdlib.h>

static const uint8_t example_key[] = "ledger-example-index-key-32bytes"; /* and a NUL */

static void ed25519(char *text)
{
    uint8_t seed[32], message[64], public_key[32], signature[64], got[64];
    struct signing_key key;
    word_bytes(&text, seed, sizeof seed);
    size_t length = word_bytes(&text, message, sizeof message);
    word_bytes(&text, public_key, sizeof public_key);
    word_bytes(&text, signature, sizeof signature);
    signing_key_from_seed("x", KEY_TYPE_ED25519, seed, &key);
    assert_memory_equal(key.verifier.public_key, public_key, sizeof public_key);
    crypto_sign_detached(got, NULL, message, length, key.secret);
    assert_memory_equal(got, signature, sizeof signature);
    assert_int_equal(crypto_sign_verify_detached(signature, message, length, public_key), 0);
}

static void blake2b_512(char *text)
{
    uint8_t want[64], got[64];
    const char *message = word_next(&text);
    word_bytes(&text, want, sizeof want);
    crypto_generichash(got, sizeof got, (const unsigned char *)message, strlen(message), NULL, 0);
    assert_memory_equal(got, want, sizeof want);
}

static void argon2id(char *text)
{
    uint8_t want[32], got[32];
    unsigned long long passes = strtoull(word_next(&text), NULL, 10);
    size_t mib = strtoul(word_next(&text), NULL, 10);
    word_bytes(&text, want, sizeof want);
    assert_int_equal(crypto_pwhash(got, sizeof got, "password", 8,
                                   (const unsigned char *)"somesaltsomesalt", passes, mib << 20,
                                   crypto_pwhash_ALG_ARGON2ID13),
                     0);
    assert_memory_equal(got, want, sizeof want);
}

static void xchacha20_poly1305(char *text)
{
    static const char message[] = "Ladies and Gentlemen of the class of '99: If I could offer you "
                                  "only one tip for the future, sunscreen would be it.";
    static const uint8_t data[] = {0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1,
                                   0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7};
    uint8_t key[32], nonce[24], want[sizeof message - 1 + 16], got[sizeof want];
    for (size_t i = 0; i < sizeof key; i++) {
        key[i] = (uint8_t)(0x80 + i);
    }
    for (size_t i = 0; i < sizeof nonce; i++) {
        nonce[i] = (uint8_t)(0x40 + i);
    }
    assert_int_equal(word_bytes(&text, want, sizeof want), sizeof want);
    crypto_aead_xchacha20poly1305_ietf_encrypt(got, NULL, (const unsigned char *)message,
                                               sizeof message - 1, data, sizeof data, NULL, nonce,
                                               key);
    assert_memory_equal(got, want, sizeof want);
}

static void hmac(char *text)
{
    static const char message[] = "member.id_no\n11010519491231002X";
    struct sha256 want = word_hash(&text);
    struct sha256 got = hmac_sha256(example_key, "", message, strlen(message));
    assert_true(sha256_equal(&got, &want));
}

static void kdf(char *text)
{
    struct sha256 want = word_hash(&text), got;
    assert_int_equal(
        crypto_kdf_derive_from_key(got.byte, sizeof got.byte, 1, "ledgrpii", example_key), 0);
    assert_true(sha256_equal(&got, &want));
}

static void base64_refuse(char *text)
{
    uint8_t bytes[16];
    size_t length = 0;
    assert_false(base64_parse(text, strlen(text), bytes, sizeof bytes, &length));
}

static void all_figures_come_out(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        void (*check)(char *text);
    } kinds[] = {
        {"ed25519", ed25519},
        {"blake2b-512", blake2b_512},
        {"argon2id", argon2id},
        {"xchacha20-poly1305", xchacha20_poly1305},
        {"hmac-sha256", hmac},
        {"kdf", kdf},
        {"base64-refuse", base64_refuse},
    };
    struct vector_file file = vector_file_open("primitives.txt");
    struct vector_case row;
    int cases = 0;
    digest_start();
    while (vector_file_next(&file, &row)) {
        for (size_t i = 0; i < COUNT_OF(kinds); i++) {
            if (strcmp(row.verdict, kinds[i].name) == 0) {
                kinds[i].check(row.text);
                cases++;
            }
        }
    }
    vector_file_close(&file, cases, 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_figures_come_out)};
    return cmocka_run_group_tests_name("primitives", tests, NULL, NULL);
}
