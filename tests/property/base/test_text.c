#include "ledger/base/text.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#include <iconv.h>
#include <stdio.h>
#include <string.h>

#define TEXT_POINTS_MAX 30

static bool is_surrogate(uint32_t code_point)
{
    return code_point >= 0xD800 && code_point <= 0xDFFF;
}

/* Any code point but NUL and surrogates; half of them where the characters of names are. */
static uint32_t random_code_point(struct random_source *random)
{
    static const struct {
        uint32_t first, last;
    } common[] = {
        {0x20, 0x7E}, {0xA0, 0x36F}, {0x4E00, 0x9FFF}, {0xF900, 0xFAD9}, {0x20000, 0x2A6DF}};
    uint32_t code_point = 0;
    if (random_between(random, 0, 1) == 0) {
        int64_t i = random_between(random, 0, (int64_t)COUNT_OF(common) - 1);
        return (uint32_t)random_between(random, common[i].first, common[i].last);
    }
    do {
        code_point = (uint32_t)random_between(random, 1, 0x10FFFF);
    } while (is_surrogate(code_point));
    return code_point;
}

/* UTF-8 as RFC 3629 draws it, apart from the code under test. */
static size_t encode(uint32_t code_point, char *ret)
{
    if (code_point < 0x80) {
        ret[0] = (char)code_point;
        return 1;
    }
    size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    static const unsigned lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size - 1; i > 0; i--) {
        ret[i] = (char)(0x80U | (code_point & 0x3FU));
        code_point >>= 6;
    }
    ret[0] = (char)(lead[size] | code_point);
    return size;
}

static size_t random_text(struct random_source *random, char *ret)
{
    int64_t count = random_between(random, 0, TEXT_POINTS_MAX);
    size_t length = 0;
    for (int64_t i = 0; i < count; i++) {
        length += encode(random_code_point(random), ret + length);
    }
    ret[length] = '\0';
    return length;
}

/* Every code point there is. */
static void reading_undoes_writing(void **state)
{
    (void)state;
    for (uint32_t code_point = 0; code_point < 0x110000; code_point++) {
        char text[4];
        size_t at = 0;
        uint32_t got = 0;
        size_t length = encode(code_point, text);
        bool ok = text_next_code_point(text, length, &at, &got);
        check_int_equal(ok, !is_surrogate(code_point));
        if (ok) {
            check_int_equal(got, code_point);
            check_int_equal((int64_t)at, (int64_t)length);
        }
    }
}

/* The C library's decoder is another pair of eyes. */
static void random_bytes_are_judged_as_by_iconv(void **state)
{
    (void)state;
    struct random_source random = random_start("utf-8 of random bytes");
    iconv_t judge = iconv_open("UTF-32LE", "UTF-8");
    int valid = 0;
    assert_true((intptr_t)judge != -1);
    for (int round = 0; round < 200000; round++) {
        char bytes[8];
        char decoded[64];
        size_t length = (size_t)random_between(&random, 0, 8);
        for (size_t i = 0; i < length; i++) {
            static const unsigned char likely[] = {'a',  0x80, 0xBF, 0xC3, 0xE5, 0xED, 0xA0,
                                                   0xF0, 0x90, 0xF4, 0x8F, 0xC0, 0xFF, 0xE0};
            bytes[i] = (char)likely[random_between(&random, 0, (int64_t)sizeof likely - 1)];
        }
        char *in = bytes;
        char *out = decoded;
        size_t in_left = length;
        size_t out_left = sizeof decoded;
        iconv(judge, NULL, NULL, NULL, NULL);
        bool want = iconv(judge, &in, &in_left, &out, &out_left) == 0 && in_left == 0;
        valid += want ? 1 : 0;
        check_int_equal(text_is_utf8(bytes, length), want);
    }
    iconv_close(judge);
    assert_true(valid > 100);
}

/* What was accepted is accepted again as it is, is short enough, and shows everything. */
static void accepting_is_idempotent(void **state)
{
    (void)state;
    struct random_source random = random_start("text_accept");
    int accepted = 0;
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    for (int round = 0; round < 30000; round++) {
        char text[4 * TEXT_POINTS_MAX + 1];
        const char *once = NULL;
        const char *twice = NULL;
        struct error err = {0};
        random_text(&random, text);
        if (text_accept(&arena, "text", text, 25, &once, &err)) {
            accepted++;
            check_ok(text_accept(&arena, "text", once, 25, &twice, &err), &err);
            check_text_equal(twice, once);
            size_t length = strlen(once);
            size_t count = 0;
            for (size_t at = 0; at < length; count++) {
                uint32_t code_point = 0;
                assert_true(text_next_code_point(once, length, &at, &code_point));
                assert_true(text_is_visible_code_point(code_point));
            }
            assert_true(count >= 1 && count <= 25);
            check_int_equal((int64_t)count, (int64_t)text_code_points(once));
        }
        arena_reset(&arena);
    }
    assert_true(accepted > 1000);
}

/* Every invisible code point, alone and between others. */
static void no_invisible_code_point_is_accepted(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    for (uint32_t code_point = 1; code_point < 0x110000; code_point++) {
        if (text_is_visible_code_point(code_point)) {
            continue;
        }
        char text[16] = "a";
        const char *accepted = NULL;
        struct error err = {0};
        size_t length = encode(code_point, text + 1);
        memcpy(text + 1 + length, "b", 2);
        const char *reason = is_surrogate(code_point) ? "text.not-utf8" : "text.invisible";
        check_refused(text_accept(&arena, "text", text, 9, &accepted, &err), &err, reason);
        text[1 + length] = '\0';
        check_refused(text_accept(&arena, "text", text + 1, 9, &accepted, &err), &err, reason);
    }
}

/* Composing a visible character never brings out an invisible one. */
static void every_visible_character_is_accepted_as_one_that_stays(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    for (uint32_t code_point = 1; code_point < 0x110000; code_point++) {
        if (!text_is_visible_code_point(code_point)) {
            continue;
        }
        char text[8] = "x";
        const char *once = NULL;
        const char *twice = NULL;
        struct error err = {0};
        text[1 + encode(code_point, text + 1)] = '\0';
        check_ok(text_accept(&arena, "text", text, 9, &once, &err), &err);
        check_ok(text_accept(&arena, "text", once, 9, &twice, &err), &err);
        check_text_equal(twice, once);
        arena_reset(&arena);
    }
}

static void gb18030_written_by_a_bank_is_read_back(void **state)
{
    (void)state;
    struct random_source random = random_start("gb18030");
    iconv_t bank = iconv_open("GB18030", "UTF-8");
    int read = 0;
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    assert_true((intptr_t)bank != -1);
    for (int round = 0; round < 30000; round++) {
        char text[4 * TEXT_POINTS_MAX + 1];
        char bytes[4 * TEXT_POINTS_MAX + 1];
        char *in = text;
        char *out = bytes;
        size_t in_left = random_text(&random, text);
        size_t out_left = sizeof bytes;
        iconv(bank, NULL, NULL, NULL, NULL);
        /* The C library has no GB18030 form for a few private code points. */
        if (iconv(bank, &in, &in_left, &out, &out_left) == 0) {
            const char *got = NULL;
            struct error err = {0};
            check_ok(text_from_gb18030(&arena, bytes, sizeof bytes - out_left, &got, &err), &err);
            check_text_equal(got, text);
            read++;
        }
        arena_reset(&arena);
    }
    iconv_close(bank);
    assert_true(read > 10000);
}

/* Whatever bytes come in: refused, or UTF-8 that the C library writes back as the same bytes. */
static void random_bytes_are_never_guessed(void **state)
{
    (void)state;
    struct random_source random = random_start("gb18030 of random bytes");
    iconv_t bank = iconv_open("GB18030", "UTF-8");
    int read = 0;
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    assert_true((intptr_t)bank != -1);
    for (int round = 0; round < 100000; round++) {
        char bytes[6];
        char again[64];
        const char *got = NULL;
        struct error err = {0};
        size_t length = (size_t)random_between(&random, 0, 6);
        for (size_t i = 0; i < length; i++) {
            bytes[i] = (char)random_between(&random, 0, 255);
        }
        if (!text_from_gb18030(&arena, bytes, length, &got, &err)) {
            check_text_equal(err.reason, "text.not-gb18030");
        } else {
            read++;
            assert_true(text_is_utf8(got, strlen(got)));
            char *in = arena_text(&arena, got);
            char *out = again;
            size_t in_left = strlen(got);
            size_t out_left = sizeof again;
            iconv(bank, NULL, NULL, NULL, NULL);
            check_int_equal((int64_t)iconv(bank, &in, &in_left, &out, &out_left), 0);
            check_int_equal((int64_t)(sizeof again - out_left), (int64_t)length);
            assert_memory_equal(again, bytes, length);
        }
        arena_reset(&arena);
    }
    iconv_close(bank);
    assert_true(read > 1000);
}

static void whole_numbers_are_read_back(void **state)
{
    (void)state;
    struct random_source random = random_start("text_parse_int");
    for (int round = 0; round < 100000; round++) {
        int64_t shift = random_between(&random, 0, 63);
        int64_t number = random_between(&random, INT64_MIN, INT64_MAX) >> shift;
        int64_t got = 0;
        struct error err = {0};
        char text[32];
        (void)snprintf(text, sizeof text, "%lld", (long long)number);
        check_ok(text_parse_int(text, INT64_MIN, INT64_MAX, &got, &err), &err);
        check_int_equal(got, number);
        if (number < INT64_MAX) {
            check_refused(text_parse_int(text, number + 1, INT64_MAX, &got, &err), &err,
                          "number.range");
        }
        if (number > INT64_MIN) {
            check_refused(text_parse_int(text, INT64_MIN, number - 1, &got, &err), &err,
                          "number.range");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_undoes_writing),
        cmocka_unit_test(random_bytes_are_judged_as_by_iconv),
        cmocka_unit_test(accepting_is_idempotent),
        cmocka_unit_test(no_invisible_code_point_is_accepted),
        cmocka_unit_test(every_visible_character_is_accepted_as_one_that_stays),
        cmocka_unit_test(gb18030_written_by_a_bank_is_read_back),
        cmocka_unit_test(random_bytes_are_never_guessed),
        cmocka_unit_test(whole_numbers_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
