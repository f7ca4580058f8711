#include "ledger/audit/canon.h"

#include "ledger/base/text.h"
#include "tests/support/check.h"

#include <string.h>

/* A write that must succeed, as text in the buffer. */
static const char *written(const struct canon *value, struct buffer *out)
{
    struct error err = {0};
    buffer_clear(out);
    check_ok(canon_write(value, CANON_LINE_MAX, out, &err), &err);
    return out->data;
}

static void an_object_is_written_sorted_and_without_spaces(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    AUTO_BUFFER out;
    arena_init(&arena, 1 << 20);
    buffer_init(&out, 1 << 20);
    struct canon *list = canon_array(&arena);
    canon_add_text(list, "b");
    canon_add(list, canon_bool(&arena, false));
    canon_add(list, canon_array(&arena));
    struct canon *object = canon_object(&arena);
    canon_set(object, "list", list);
    canon_set_text(object, "zh", "春耕 \"贷款\" \\");
    canon_set_int(object, "a_1", -7);
    canon_set_bool(object, "a", true);
    canon_set_fen(object, "fen", money_from_fen(5000000));
    canon_set_date(object, "on", day("2016-10-20"));
    canon_set_rate(object, "rate_ppm", rate_from_ppm(43500));
    canon_set(object, "empty", canon_object(&arena));
    check_text_equal(written(object, &out),
                     "{\"a\":true,\"a_1\":\"-7\",\"empty\":{},\"fen\":\"5000000\","
                     "\"list\":[\"b\",false,[]],\"on\":\"2016-10-20\",\"rate_ppm\":\"43500\","
                     "\"zh\":\"春耕 \\\"贷款\\\" \\\\\"}");
}

static void a_hash_is_written_as_64_lower_case_digits(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    AUTO_BUFFER out;
    arena_init(&arena, 1 << 20);
    buffer_init(&out, 1 << 20);
    struct sha256 digest = sha256_of("", 0);
    struct canon *object = canon_object(&arena);
    canon_set_sha256(object, "h", &digest);
    check_text_equal(
        written(object, &out),
        "{\"h\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}");
    struct sha256 back;
    assert_true(canon_get_sha256(object, "h", &back));
    assert_true(sha256_equal(&digest, &back));
}

static void what_was_read_is_written_back_byte_for_byte(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "{}",
        "[]",
        "true",
        "false",
        "\"\"",
        "\"\\\"\\\\\"",
        "{\"a\":[{},[],\"\",true],\"b\":{\"c\":\"义仓\"}}",
        "{\"a\":\"1\",\"a0\":\"2\",\"a_\":\"3\",\"aa\":\"4\",\"b\":\"5\"}",
        "[[[[[[[[]]]]]]]]",
        "\"\xF0\xA0\xAE\xB7\"", /* U+20BB7 */
        "{\"abcdefghijklmnopqrstuvwxyz012345\":true}",
    };
    AUTO_ARENA arena;
    AUTO_BUFFER out;
    arena_init(&arena, 1 << 20);
    buffer_init(&out, 1 << 20);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct error err = {0};
        struct canon *value = NULL;
        check_ok(canon_read(&arena, lines[i], strlen(lines[i]), CANON_LINE_MAX, &value, &err),
                 &err);
        check_text_equal(written(value, &out), lines[i]);
    }
}

static void anything_a_writer_would_not_write_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *line, *reason;
    } rows[] = {
        {"", "canon.malformed"},
        {" {}", "canon.malformed"},
        {"{} ", "canon.malformed"},
        {"{}\n", "canon.malformed"},
        {"{ }", "canon.malformed"},
        {"{}{}", "canon.malformed"},
        {"{\"a\":1}", "canon.malformed"},
        {"{\"a\":-1}", "canon.malformed"},
        {"{\"a\":null}", "canon.malformed"},
        {"null", "canon.malformed"},
        {"0", "canon.malformed"},
        {"True", "canon.malformed"},
        {"tru", "canon.malformed"},
        {"{\"a\": \"1\"}", "canon.malformed"},
        {"{\"a\" :\"1\"}", "canon.malformed"},
        {"{\"a\":\"1\",}", "canon.malformed"},
        {"{\"a\":\"1\" }", "canon.malformed"},
        {"{,}", "canon.malformed"},
        {"[,]", "canon.malformed"},
        {"[\"a\",]", "canon.malformed"},
        {"[\"a\" ,\"b\"]", "canon.malformed"},
        {"[\"a\"", "canon.malformed"},
        {"{\"a\":\"1\"", "canon.malformed"},
        {"{\"a\"}", "canon.malformed"},
        {"{a:\"1\"}", "canon.malformed"},
        {"{\"a\":\"1\",\"a\":\"2\"}", "canon.malformed"}, /* twice */
        {"{\"b\":\"1\",\"a\":\"2\"}", "canon.malformed"}, /* not sorted */
        {"{\"aa\":\"1\",\"a\":\"2\"}", "canon.malformed"},
        {"{\"A\":\"1\"}", "canon.malformed"},
        {"{\"1a\":\"1\"}", "canon.malformed"},
        {"{\"_a\":\"1\"}", "canon.malformed"},
        {"{\"a-b\":\"1\"}", "canon.malformed"},
        {"{\"\":\"1\"}", "canon.malformed"},
        {"{\"\xC3\xA4\":\"1\"}", "canon.malformed"},
        {"{\"abcdefghijklmnopqrstuvwxyz0123456\":true}", "canon.malformed"}, /* 33 */
        {"\"a", "canon.malformed"},
        {"\"\\", "canon.malformed"},
        {"\"\\\"", "canon.malformed"},
        {"\"\\n\"", "canon.malformed"},
        {"\"\\/\"", "canon.malformed"},
        {"\"\\u4e49\"", "canon.malformed"},
        {"\"a\tb\"", "canon.code-point"},
        {"\"a\nb\"", "canon.code-point"},
        {"\"\xFF\"", "canon.code-point"},
        {"\"\xC0\x80\"", "canon.code-point"},     /* overlong NUL */
        {"\"\xED\xA0\x80\"", "canon.code-point"}, /* surrogate */
        {"\"\xE4\xBB\"", "canon.code-point"},     /* cut off */
        {"[[[[[[[[[]]]]]]]]]", "canon.depth"},
        {"{\"a\":[[[[[[[[]]]]]]]]}", "canon.depth"},
    };
    AUTO_ARENA arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct error err = {0};
        struct canon *value = NULL;
        check_refused(
            canon_read(&arena, rows[i].line, strlen(rows[i].line), CANON_LINE_MAX, &value, &err),
            &err, rows[i].reason);
    }
}

static void a_nul_byte_inside_a_text_is_refused(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    arena_init(&arena, 1 << 20);
    struct error err = {0};
    struct canon *value = NULL;
    check_refused(canon_read(&arena, "\"a\0b\"", 5, CANON_LINE_MAX, &value, &err), &err,
                  "canon.code-point");
}

static void the_error_names_the_byte(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    arena_init(&arena, 1 << 20);
    struct error err = {0};
    struct canon *value = NULL;
    const char *line = "{\"a\":\"1\",\"b\":2}";
    check_refused(canon_read(&arena, line, strlen(line), CANON_LINE_MAX, &value, &err), &err,
                  "canon.malformed");
    assert_non_null(strstr(err.text, "byte 13"));
}

static void a_line_may_be_as_long_as_the_limit_and_no_longer(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    AUTO_BUFFER out;
    arena_init(&arena, 1 << 20);
    buffer_init(&out, 1 << 20);
    struct error err = {0};
    struct canon *value = canon_text(&arena, "12345678");
    buffer_add_text(&out, "before");
    check_ok(canon_write(value, 10, &out, &err), &err);
    check_text_equal(out.data, "before\"12345678\"");
    check_refused(canon_write(value, 9, &out, &err), &err, "canon.too-long");
    check_ok(canon_read(&arena, "\"12345678\"", 10, 10, &value, &err), &err);
    check_refused(canon_read(&arena, "\"12345678\"", 10, 9, &value, &err), &err, "canon.too-long");

    AUTO_BUFFER small;
    buffer_init(&small, 5);
    check_refused(canon_write(value, 10, &small, &err), &err, "canon.too-long");
}

static void eight_levels_are_written_and_nine_are_not(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    AUTO_BUFFER out;
    arena_init(&arena, 1 << 20);
    buffer_init(&out, 1 << 20);
    struct error err = {0};
    struct canon *value = canon_array(&arena);
    for (int i = 1; i < 8; i++) {
        struct canon *outer = canon_array(&arena);
        canon_add(outer, value);
        value = outer;
    }
    check_text_equal(written(value, &out), "[[[[[[[[]]]]]]]]");
    struct canon *ninth = canon_array(&arena);
    canon_add(ninth, value);
    check_refused(canon_write(ninth, CANON_LINE_MAX, &out, &err), &err, "canon.depth");
}

/* The list of C5 written down a second time; the noncharacters are U+FDD0 to FDEF and the last two
 * of each plane. */
static bool c5_refuses(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0xD800 && c <= 0xDFFF) || c == 0xFEFF ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069) || (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

static size_t utf8_encode(uint32_t c, char *ret)
{
    if (c < 0x80) {
        ret[0] = (char)c;
        return 1;
    }
    size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
    for (size_t i = more; i > 0; i--) {
        ret[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    ret[0] = (char)(lead[more] | c);
    return more + 1;
}

static void every_forbidden_code_point_is_refused_and_every_other_is_not(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    AUTO_BUFFER out;
    arena_init(&arena, 1 << 20);
    buffer_init(&out, 1 << 10);
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        struct error err = {0};
        char text[8] = {0};
        (void)utf8_encode(c, text);
        arena_reset(&arena);
        buffer_clear(&out);
        struct canon *value = canon_text(&arena, text);
        bool wrote = canon_write(value, CANON_LINE_MAX, &out, &err);
        if (wrote == c5_refuses(c)) {
            fail_msg("writing U+%04X: %d", (unsigned)c, wrote);
        }
        char line[16] = "\"";
        strcat(line, c == '"' || c == '\\' ? "\\" : "");
        strcat(strcat(line, text), "\"");
        bool read = canon_read(&arena, line, strlen(line), CANON_LINE_MAX, &value, &err);
        if (read == c5_refuses(c)) {
            fail_msg("reading U+%04X: %d", (unsigned)c, read);
        }
    }
}

static void members_are_found_by_name_and_read_by_kind(void **state)
{
    (void)state;
    const char *line = "{\"b\":true,\"d\":\"2016-10-20\",\"d_bad\":\"2016-02-30\",\"f\":\"-350\","
                       "\"i\":\"999999999999999999\",\"list\":[\"x\",\"y\"],\"t\":\"text\"}";
    AUTO_ARENA arena;
    arena_init(&arena, 1 << 20);
    struct error err = {0};
    struct canon *value = NULL;
    check_ok(canon_read(&arena, line, strlen(line), CANON_LINE_MAX, &value, &err), &err);
    int64_t number = 0;
    struct money money = MONEY_ZERO;
    struct date date = {0};
    bool truth = false;
    check_int_equal((int64_t)canon_count(value), 7);
    check_text_equal(canon_key_at(value, 0), "b");
    assert_true(canon_get_bool(value, "b", &truth) && truth);
    assert_true(canon_get_int(value, "i", &number));
    check_int_equal(number, INT64_C(999999999999999999));
    assert_true(canon_get_fen(value, "f", &money));
    check_fen(money, -350);
    assert_true(canon_get_date(value, "d", &date));
    check_date(date, "2016-10-20");
    check_text_equal(canon_get_text(value, "t"), "text");
    check_text_equal(canon_as_text(canon_at(canon_get(value, "list"), 1)), "y");

    assert_false(canon_get_date(value, "d_bad", &date));
    assert_false(canon_get_int(value, "t", &number));
    assert_false(canon_get_int(value, "b", &number));
    assert_false(canon_get_fen(value, "i", &money)); /* past what a door lets in */
    assert_false(canon_get_bool(value, "t", &truth));
    assert_null(canon_get_text(value, "list"));
    assert_null(canon_get_text(value, "none"));
    assert_null(canon_get(canon_get(value, "list"), "x"));
}

static void integers_have_one_spelling(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"0", true},
        {"1", true},
        {"-1", true},
        {"10", true},
        {"", false},
        {"-", false},
        {"-0", false},
        {"00", false},
        {"01", false},
        {"+1", false},
        {" 1", false},
        {"1 ", false},
        {"-01", false},
        {"1.0", false},
        {"1e3", false},
        {"12a", false},
        {"-999999999999999999", true},
        {"1000000000000000000", false},
        {"\xEF\xBC\x91", false}, /* full width */
    };
    AUTO_ARENA arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t number = 0;
        struct canon *object = canon_object(&arena);
        canon_set_text(object, "n", rows[i].text);
        assert_int_equal(canon_get_int(object, "n", &number), rows[i].good);
    }
}

static void rates_are_never_negative_nor_absurd(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    arena_init(&arena, 1 << 20);
    struct canon *object = canon_object(&arena);
    struct rate rate = {0};
    canon_set_int(object, "good", 43500);
    canon_set_int(object, "negative", -1);
    canon_set_int(object, "huge", RATE_LIMIT_PPM + 1);
    assert_true(canon_get_rate(object, "good", &rate));
    check_int_equal(rate.ppm, 43500);
    assert_false(canon_get_rate(object, "negative", &rate));
    assert_false(canon_get_rate(object, "huge", &rate));
}

/* Two of these lines are equal if and only if they are the same one. */
static void values_are_equal_if_they_are_written_in_the_same_bytes(void **state)
{
    static const char *const lines[] = {"{}",
                                        "[]",
                                        "\"\"",
                                        "true",
                                        "false",
                                        "\"a\"",
                                        "[\"a\"]",
                                        "[\"b\"]",
                                        "[\"a\",\"a\"]",
                                        "[[\"a\"]]",
                                        "{\"a\":\"a\"}",
                                        "{\"b\":\"a\"}",
                                        "{\"a\":\"b\"}",
                                        "{\"a\":[\"a\"]}",
                                        "{\"a\":true}",
                                        "{\"a\":\"a\",\"b\":\"a\"}"};
    AUTO_ARENA arena;
    struct error err = {0};
    (void)state;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        for (size_t j = 0; j < COUNT_OF(lines); j++) {
            struct canon *a = NULL;
            struct canon *b = NULL;
            check_ok(canon_read(&arena, lines[i], strlen(lines[i]), CANON_LINE_MAX, &a, &err),
                     &err);
            check_ok(canon_read(&arena, lines[j], strlen(lines[j]), CANON_LINE_MAX, &b, &err),
                     &err);
            check_int_equal(canon_equal(a, b), i == j);
        }
    }
}

static void objects_are_equal_without_what_is_left_out(void **state)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } pairs[] = {
        {"{}", "{}", true},
        {"{\"rows\":[]}", "{}", true},
        {"{\"a\":\"1\",\"rows\":[],\"z\":\"2\"}", "{\"a\":\"1\",\"z\":\"2\"}", true},
        {"{\"a\":\"1\"}", "{\"a\":\"1\",\"rows_count\":\"3\",\"rows_sha256\":\"4\"}", true},
        {"{\"a\":\"1\",\"row\":\"5\"}", "{\"a\":\"1\"}", false},
        {"{\"a\":\"1\"}", "{\"a\":\"1\",\"z\":\"2\"}", false},
        {"{\"a\":\"1\",\"z\":\"2\"}", "{\"a\":\"1\",\"rows\":[],\"z\":\"3\"}", false},
        {"{\"a\":\"1\",\"rows\":[]}", "{\"b\":\"1\",\"rows\":[]}", false},
        {"{\"out\":{\"rows\":[]}}", "{\"out\":{}}", false}, /* only at the top */
    };
    AUTO_ARENA arena;
    struct error err = {0};
    (void)state;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        struct canon *a = NULL;
        struct canon *b = NULL;
        check_ok(canon_read(&arena, pairs[i].a, strlen(pairs[i].a), CANON_LINE_MAX, &a, &err),
                 &err);
        check_ok(canon_read(&arena, pairs[i].b, strlen(pairs[i].b), CANON_LINE_MAX, &b, &err),
                 &err);
        check_int_equal(canon_equal_without(a, b, "rows"), pairs[i].equal);
        check_int_equal(canon_equal_without(b, a, "rows"), pairs[i].equal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_equal_if_they_are_written_in_the_same_bytes),
        cmocka_unit_test(objects_are_equal_without_what_is_left_out),
        cmocka_unit_test(an_object_is_written_sorted_and_without_spaces),
        cmocka_unit_test(a_hash_is_written_as_64_lower_case_digits),
        cmocka_unit_test(what_was_read_is_written_back_byte_for_byte),
        cmocka_unit_test(anything_a_writer_would_not_write_is_refused),
        cmocka_unit_test(a_nul_byte_inside_a_text_is_refused),
        cmocka_unit_test(the_error_names_the_byte),
        cmocka_unit_test(a_line_may_be_as_long_as_the_limit_and_no_longer),
        cmocka_unit_test(eight_levels_are_written_and_nine_are_not),
        cmocka_unit_test(every_forbidden_code_point_is_refused_and_every_other_is_not),
        cmocka_unit_test(members_are_found_by_name_and_read_by_kind),
        cmocka_unit_test(integers_have_one_spelling),
        cmocka_unit_test(rates_are_never_negative_nor_absurd),
    };
    return cmocka_run_group_tests_name("canon", tests, NULL, NULL);
}
