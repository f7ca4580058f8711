#include "ledger/base/text.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

static void malformed_utf8_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        bool valid;
    } rows[] = {
        {"", 0, true},
        {"abc\0d", 5, true},
        {"\xC3\xA9", 2, true},
        {"\xE5\x85\x83", 3, true},
        {"\xF0\xA0\xAE\xB7", 4, true},
        {"\xF4\x8F\xBF\xBF", 4, true},
        {"\x80", 1, false},             /* continuation alone */
        {"\xC3", 1, false},             /* cut short */
        {"\xE5\x85", 2, false},         /* cut short */
        {"\xF0\xA0\xAE", 3, false},     /* cut short */
        {"\xC3(", 2, false},            /* no continuation */
        {"\xE5\x85(", 3, false},        /* no continuation */
        {"\xC0\xAF", 2, false},         /* overlong */
        {"\xC1\xBF", 2, false},         /* overlong */
        {"\xE0\x9F\xBF", 3, false},     /* overlong */
        {"\xF0\x8F\xBF\xBF", 4, false}, /* overlong */
        {"\xED\xA0\x80", 3, false},     /* surrogate */
        {"\xED\xBF\xBF", 3, false},     /* surrogate */
        {"\xF4\x90\x80\x80", 4, false}, /* past U+10FFFF */
        {"\xF8\x88\x80\x80\x80", 5, false},
        {"\xFE", 1, false},
        {"\xFF", 1, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_int_equal(text_is_utf8(rows[i].bytes, rows[i].length), rows[i].valid);
    }
}

/* Unicode Standard Annex 15: composed where there is a composed form, singletons replaced. */
static void texts_in_nfc_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length;
        bool is_nfc;
    } rows[] = {
        {"", 0, true},
        {"plain", 5, true},
        {"caf\u00e9", 5, true},
        {"cafe\u0301", 6, false},
        {"cafe\u0301", 4, true}, /* the part before the accent */
        {"村", 3, true},
        {"\u212b", 3, false},       /* ANGSTROM SIGN is U+00C5 */
        {"\uf900", 3, false},       /* CJK COMPATIBILITY IDEOGRAPH is U+8C48 */
        {"\u1112\u1161", 6, false}, /* a Hangul syllable in parts */
        {"q\u0323\u0307", 5, true},
        {"q\u0307\u0323", 5, false}, /* marks out of order */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_int_equal(text_is_nfc(rows[i].text, rows[i].length), rows[i].is_nfc);
    }
}

static void code_points_are_read_one_by_one(void **state)
{
    (void)state;
    static const char text[] = "a\xC3\xA9元𠮷";
    static const uint32_t want[] = {'a', 0xE9, 0x5143, 0x20BB7};
    size_t at = 0;
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        uint32_t got = 0;
        assert_true(text_next_code_point(text, sizeof text - 1, &at, &got));
        check_int_equal(got, want[i]);
    }
    check_int_equal((int64_t)at, (int64_t)sizeof text - 1);
    check_int_equal((int64_t)text_code_points(text), 4);
    check_int_equal((int64_t)text_code_points(""), 0);
    uint32_t got = 0;
    at = 1;
    assert_false(text_next_code_point(text, 2, &at, &got));
    check_int_equal((int64_t)at, 1);
}

/* The ranges are written out from audit-log.md C5, every code point is asked. */
static void exactly_the_listed_code_points_are_invisible(void **state)
{
    (void)state;
    static const struct {
        uint32_t first, last;
    } hidden[] = {{0x0, 0x1F},      {0x7F, 0x9F},     {0x200B, 0x200F},
                  {0x2028, 0x202E}, {0x2060, 0x2069}, {0xD800, 0xDFFF},
                  {0xFDD0, 0xFDEF}, {0xFEFF, 0xFEFF}, {0xFFFE, 0xFFFF}};
    size_t at = 0;
    for (uint32_t code_point = 0; code_point < 0x110000; code_point++) {
        while (at < COUNT_OF(hidden) && code_point > hidden[at].last) {
            at++;
        }
        bool listed = (at < COUNT_OF(hidden) && code_point >= hidden[at].first) ||
                      code_point % 0x10000 >= 0xFFFE;
        check_int_equal(text_is_visible_code_point(code_point), !listed);
    }
    assert_false(text_is_visible_code_point(0x110000));
    assert_false(text_is_visible_code_point(UINT32_MAX));
}

static void text_from_people_is_made_fit_for_storing(void **state)
{
    (void)state;
    static const struct {
        const char *given, *want;
    } rows[] = {
        {"张三", "张三"},
        {"  张三 ", "张三"},
        {"　张　三　", "张　三"}, /* the wide space of Chinese keyboards */
        {"\xC2\xA0x\xC2\xA0", "x"},
        {"a  b", "a  b"},
        {"e\xCC\x81", "\xC3\xA9"},                /* e and an accent become one */
        {"\xEF\xA4\x80", "\xE8\xB1\x88"},         /* U+F900 is U+8C48 */
        {"\xE2\x84\xAB", "\xC3\x85"},             /* the Angstrom sign */
        {"\xEF\xBC\xA1", "\xEF\xBC\xA1"},         /* full width stays: NFC, not NFKC */
        {"\xF0\xA0\xAE\xB7", "\xF0\xA0\xAE\xB7"}, /* a rare name character */
        {"\xEE\x80\x80", "\xEE\x80\x80"},         /* private use */
    };
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *got = NULL;
        struct error err = {0};
        check_ok(text_accept(&arena, "name", rows[i].given, 20, &got, &err), &err);
        check_text_equal(got, rows[i].want);
    }
}

static void unfit_text_is_refused_with_its_reason(void **state)
{
    (void)state;
    /* U+202E, the right-to-left override, byte by byte so that no editor is turned by it. */
    static const char turned[] = {'a', (char)0xE2, (char)0x80, (char)0xAE, 'b', '\0'};
    static const struct {
        const char *given, *reason;
    } rows[] = {
        {"", "text.empty"},
        {"   ", "text.empty"},
        {"　", "text.empty"},
        {"a\nb", "text.invisible"},
        {"a\t", "text.invisible"},
        {"\x7F", "text.invisible"},
        {"\xC2\x85", "text.invisible"},
        {"a\xE2\x80\x8B", "text.invisible"}, /* zero-width space */
        {turned, "text.invisible"},
        {"\xEF\xBB\xBF"
         "a",
         "text.invisible"},                 /* byte order mark */
        {"\xEF\xB7\x90", "text.invisible"}, /* noncharacter */
        {"\xED\xA0\x80", "text.not-utf8"},
        {"a\xFF", "text.not-utf8"},
        {"\xD6\xD0", "text.not-utf8"}, /* GB18030 */
        {"123456", "text.too-long"},
        {"元元元元元元", "text.too-long"},
    };
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *got = "untouched";
        struct error err = {0};
        check_refused(text_accept(&arena, "the purpose", rows[i].given, 5, &got, &err), &err,
                      rows[i].reason);
        check_int_equal(err.fault, FAULT_USAGE);
        assert_non_null(strstr(err.text, "the purpose"));
        check_text_equal(got, "untouched");
    }
}

static void the_length_is_counted_in_characters_after_composing(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    const char *got = NULL;
    struct error err = {0};
    check_ok(text_accept(&arena, "name", " e\xCC\x81元元元𠮷 ", 5, &got, &err), &err);
    check_refused(text_accept(&arena, "name", "元元元元元x", 5, &got, &err), &err, "text.too-long");
    check_text_equal(err.text, "name has 6 characters");
    check_text_equal(err.limit, "at most 5 characters");
}

/* The byte pairs are from the standard, by way of Python's gb18030 codec. */
static void a_banks_bytes_are_decoded_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *want; /* NULL: refused */
        int place;
    } rows[] = {
        {"", 0, "", 0},
        {"abc,1\r\n", 7, "abc,1\r\n", 0},
        {"\xD6\xD0", 2, "中", 0},
        {"\x95\x34\xB2\x35", 4, "𠮷", 0}, /* four bytes */
        {"\x81\x39\xEE\x39", 4, "㐀", 0},
        {"\xA2\xE3", 2, "€", 0},
        {"\x84\x31\x95\x33"
         "a",
         5,
         "\xEF\xBB\xBF"
         "a",
         0}, /* the mark stays, the reader decides */
        {"\xD6", 1, NULL, 1},
        {"ab\xD6", 3, NULL, 3},
        {"a\xFF", 2, NULL, 2},
        {"\xD6\x20", 2, NULL, 1},
        {"\x81\x30\x81", 3, NULL, 1},
        {"\x95\x34\xFF\x35", 4, NULL, 1},
        {"\xFE\x39\xFE\x39", 4, NULL, 1}, /* past U+10FFFF */
        {"a\0b", 3, NULL, 2},
        {"\xE5\x85\x83", 3, NULL, 3}, /* UTF-8 for one character: an odd byte is left over */
    };
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *got = "untouched";
        struct error err = {0};
        bool ok = text_from_gb18030(&arena, rows[i].bytes, rows[i].length, &got, &err);
        if (rows[i].want != NULL) {
            check_ok(ok, &err);
            check_text_equal(got, rows[i].want);
        } else {
            char want[80];
            check_refused(ok, &err, "text.not-gb18030");
            (void)snprintf(want, sizeof want, "byte %d is not GB18030 text", rows[i].place);
            check_text_equal(err.text, want);
            check_int_equal(err.fault, FAULT_INPUT);
        }
    }
}

static void whole_numbers_are_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t min, max, want;
        const char *reason; /* NULL: accepted */
    } rows[] = {
        {"0", 0, 10, 0, NULL},
        {"10", 0, 10, 10, NULL},
        {"-7", -7, 10, -7, NULL},
        {"9223372036854775807", INT64_MIN, INT64_MAX, INT64_MAX, NULL},
        {"-9223372036854775808", INT64_MIN, INT64_MAX, INT64_MIN, NULL},
        {"9223372036854775808", INT64_MIN, INT64_MAX, 0, "number.range"},
        {"-9223372036854775809", INT64_MIN, INT64_MAX, 0, "number.range"},
        {"99999999999999999999999", INT64_MIN, INT64_MAX, 0, "number.range"},
        {"11", 0, 10, 0, "number.range"},
        {"-1", 0, 10, 0, "number.range"},
        {"", 0, 10, 0, "number.format"},
        {"-", 0, 10, 0, "number.format"},
        {"-0", -1, 10, 0, "number.format"},
        {"00", 0, 10, 0, "number.format"},
        {"07", 0, 10, 0, "number.format"},
        {"+7", 0, 10, 0, "number.format"},
        {" 7", 0, 10, 0, "number.format"},
        {"7 ", 0, 10, 0, "number.format"},
        {"7x", 0, 10, 0, "number.format"},
        {"0x7", 0, 10, 0, "number.format"},
        {"1.0", 0, 10, 0, "number.format"},
        {"--1", -5, 10, 0, "number.format"},
        {"７", 0, 10, 0, "number.format"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t got = 4711;
        struct error err = {0};
        bool ok = text_parse_int(rows[i].text, rows[i].min, rows[i].max, &got, &err);
        if (rows[i].reason == NULL) {
            check_ok(ok, &err);
            check_int_equal(got, rows[i].want);
        } else {
            check_refused(ok, &err, rows[i].reason);
            check_int_equal(got, 4711);
        }
    }
}

static void texts_are_compared_by_bytes(void **state)
{
    (void)state;
    assert_true(text_equal("贷款", "贷款"));
    assert_false(text_equal("贷款", "贷"));
    assert_true(text_starts_with("贷款", "贷"));
    assert_true(text_starts_with("贷款", ""));
    assert_false(text_starts_with("贷", "贷款"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_utf8_is_refused),
        cmocka_unit_test(texts_in_nfc_are_known),
        cmocka_unit_test(code_points_are_read_one_by_one),
        cmocka_unit_test(exactly_the_listed_code_points_are_invisible),
        cmocka_unit_test(text_from_people_is_made_fit_for_storing),
        cmocka_unit_test(unfit_text_is_refused_with_its_reason),
        cmocka_unit_test(the_length_is_counted_in_characters_after_composing),
        cmocka_unit_test(a_banks_bytes_are_decoded_strictly),
        cmocka_unit_test(whole_numbers_are_read_strictly),
        cmocka_unit_test(texts_are_compared_by_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
