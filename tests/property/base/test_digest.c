#include "ledger/base/digest.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#include <string.h>

#define BYTES_MAX 200

static size_t random_bytes(struct random_source *random, uint8_t *ret)
{
    size_t length = (size_t)random_between(random, 0, BYTES_MAX);
    for (size_t i = 0; i < length; i++) {
        ret[i] = (uint8_t)random_between(random, 0, 255);
    }
    return length;
}

static void hex_and_base64_are_read_back(void **state)
{
    (void)state;
    struct random_source random = random_start("hex and base64");
    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[BYTES_MAX];
        uint8_t back[BYTES_MAX];
        char text[2 * BYTES_MAX + 1];
        size_t length = random_bytes(&random, bytes);
        assert_true(hex_parse(hex_format(bytes, length, text), back, length));
        assert_memory_equal(back, bytes, length);

        size_t got = 0;
        base64_format(bytes, length, text);
        check_int_equal((int64_t)strlen(text) + 1, (int64_t)base64_size(length));
        assert_true(base64_parse(text, strlen(text), back, length, &got));
        check_int_equal((int64_t)got, (int64_t)length);
        assert_memory_equal(back, bytes, length);
    }
}

/* What is accepted is written back in the very same characters: one value has one spelling. */
static void accepted_base64_has_one_spelling(void **state)
{
    (void)state;
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/==== -_\n";
    struct random_source random = random_start("base64 spelling");
    int accepted = 0;
    for (int round = 0; round < 200000; round++) {
        char text[9] = "";
        char again[13];
        uint8_t bytes[8];
        size_t length = (size_t)random_between(&random, 0, 8);
        for (size_t i = 0; i < length; i++) {
            /* Mostly digits in front and padding behind, so that many are nearly right. */
            size_t last = i + 2 < length ? 63 : sizeof alphabet - 2;
            size_t first = i + 2 < length ? 0 : (size_t)random_between(&random, 0, 1) * 64;
            text[i] = alphabet[random_between(&random, (int64_t)first, (int64_t)last)];
        }
        size_t got = 0;
        if (base64_parse(text, length, bytes, sizeof bytes, &got)) {
            accepted++;
            check_text_equal(base64_format(bytes, got, again), text);
        }
    }
    assert_true(accepted > 1000);
}

static void pieces_give_the_digest_of_the_whole(void **state)
{
    (void)state;
    struct random_source random = random_start("sha256 in pieces");
    for (int round = 0; round < 5000; round++) {
        uint8_t bytes[BYTES_MAX];
        size_t length = random_bytes(&random, bytes);
        struct sha256 whole = sha256_of(bytes, length);
        struct sha256_stream stream;
        sha256_begin(&stream);
        for (size_t at = 0; at < length;) {
            size_t piece = (size_t)random_between(&random, 0, (int64_t)(length - at));
            sha256_add(&stream, bytes + at, piece);
            at += piece;
        }
        struct sha256 joined = sha256_end(&stream);
        assert_true(sha256_equal(&whole, &joined));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_and_base64_are_read_back),
        cmocka_unit_test(accepted_base64_has_one_spelling),
        cmocka_unit_test(pieces_give_the_digest_of_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
