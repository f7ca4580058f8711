#include "ledger/base/text.h"

#include "ledger/base/alloc.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define ASCII_END 0x80U

bool text_next_code_point(const char *text, size_t length, size_t *at, uint32_t *ret)
{
    assert(*at < length);
    unsigned char first = (unsigned char)text[*at];

    if (first < ASCII_END) {
        *ret = first;
        (*at)++;
        return true;
    }
    utf8proc_int32_t code_point = 0;
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text + *at;
    utf8proc_ssize_t read = utf8proc_iterate(bytes, (utf8proc_ssize_t)(length - *at), &code_point);
    if (read <= 0) {
        return false;
    }
    *ret = (uint32_t)code_point;
    *at += (size_t)read;
    return true;
}

bool text_is_utf8(const char *text, size_t length)
{
    uint32_t code_point = 0;

    for (size_t at = 0; at < length;) {
        if (!text_next_code_point(text, length, &at, &code_point)) {
            return false;
        }
    }
    return true;
}

size_t text_code_points(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++) {
        count += ((unsigned char)*text & 0xC0U) != 0x80U ? 1 : 0;
    }
    return count;
}

static bool is_noncharacter(uint32_t code_point)
{
    return (code_point >= 0xFDD0 && code_point <= 0xFDEF) || (code_point & 0xFFFEU) == 0xFFFEU;
}

bool text_is_visible_code_point(uint32_t code_point)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        {0x0000, 0x001F}, /* controls */
        {0x007F, 0x009F}, /* controls */
        {0x200B, 0x200F}, /* zero width, direction marks */
        {0x2028, 0x202E}, /* separators, direction embedding and override */
        {0x2060, 0x2069}, /* joiners, direction isolates */
        {0xD800, 0xDFFF}, /* surrogates */
        {0xFEFF, 0xFEFF}, /* byte order mark */
    };

    for (size_t i = 0; i < COUNT_OF(hidden); i++) {
        if (code_point >= hidden[i].first && code_point <= hidden[i].last) {
            return false;
        }
    }
    return code_point <= 0x10FFFF && !is_noncharacter(code_point);
}

/* What text is made of, before its form is looked at. */
static bool check_characters(const char *what, const char *text, struct error *err)
{
    size_t length = strlen(text);
    uint32_t code_point = 0;

    for (size_t at = 0; at < length;) {
        size_t place = at + 1;
        if (!text_next_code_point(text, length, &at, &code_point)) {
            return error_set(err, FAULT_USAGE, "text.not-utf8",
                             _("%s is not UTF-8 text (byte %zu)"), what, place);
        }
        if (!text_is_visible_code_point(code_point)) {
            return error_set(err, FAULT_USAGE, "text.invisible",
                             _("%s contains the invisible character U+%04X"), what,
                             (unsigned)code_point);
        }
    }
    return true;
}

static char *compose(struct arena *arena, const char *text)
{
    utf8proc_uint8_t *composed = NULL;
    utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)text, 0, &composed,
                                           UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE);

    if (length < 0) { /* the text is valid UTF-8, so only memory can be missing */
        alloc_exhausted(strlen(text));
    }
    char *copy = arena_text_n(arena, (const char *)composed, (size_t)length);
    free(composed);
    return copy;
}

bool text_is_nfc(const char *text, size_t length)
{
    utf8proc_uint8_t *composed = NULL;
    size_t plain = 0;

    while (plain < length && (unsigned char)text[plain] < ASCII_END) {
        plain++;
    }
    if (plain == length) {
        return true;
    }
    utf8proc_ssize_t got = utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length,
                                        &composed, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (got < 0) {
        alloc_exhausted(length);
    }
    bool same = (size_t)got == length && memcmp(composed, text, length) == 0;
    free(composed);
    return same;
}

/* Also the wide space of Chinese keyboards (U+3000) and the no-break space. */
static bool is_space(uint32_t code_point)
{
    return utf8proc_category((utf8proc_int32_t)code_point) == UTF8PROC_CATEGORY_ZS;
}

/* Cuts the spaces at both ends off valid UTF-8, in place. */
static char *trim(char *text)
{
    size_t length = strlen(text);
    size_t begin = length;
    size_t end = 0;
    uint32_t code_point = 0;

    for (size_t at = 0; at < length;) {
        size_t place = at;
        bool valid = text_next_code_point(text, length, &at, &code_point);
        assert(valid);
        (void)valid;
        if (!is_space(code_point)) {
            begin = begin == length ? place : begin;
            end = at;
        }
    }
    if (end == 0) {
        return text + length;
    }
    text[end] = '\0';
    return text + begin;
}

bool text_accept(struct arena *arena, const char *what, const char *text, size_t max_code_points,
                 const char **ret, struct error *err)
{
    if (!check_characters(what, text, err)) {
        return false;
    }
    const char *accepted = trim(compose(arena, text));
    size_t count = text_code_points(accepted);
    if (count == 0) {
        return error_set(err, FAULT_USAGE, "text.empty", _("%s is empty"), what);
    }
    if (count > max_code_points) {
        (void)error_set(err, FAULT_USAGE, "text.too-long", _("%s has %zu characters"), what, count);
        return error_limit(err, _("at most %zu characters"), max_code_points);
    }
    *ret = accepted;
    return true;
}

static bool refuse_gb18030(size_t place, struct error *err)
{
    return error_set(err, FAULT_INPUT, "text.not-gb18030", _("byte %zu is not GB18030 text"),
                     place);
}

bool text_from_gb18030(struct arena *arena, const char *bytes, size_t length, const char **ret,
                       struct error *err)
{
    /* iconv does not write through its input, but its type says it might. */
    union {
        const char *given;
        char *wanted;
    } in = {.given = bytes};
    const char *nul = length == 0 ? NULL : memchr(bytes, '\0', length);

    if (nul != NULL) {
        return refuse_gb18030((size_t)(nul - bytes) + 1, err);
    }
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    if ((intptr_t)converter == -1) {
        return error_set(err, FAULT_INTERNAL, "text.no-gb18030",
                         _("this system cannot read GB18030"));
    }
    /* Two bytes become at most three, four at most four; so twice the input is room enough. */
    size_t room = 2 * length;
    char *text = arena_alloc(arena, room + 1);
    char *out = text;
    size_t left = length;
    size_t odd = iconv(converter, &in.wanted, &left, &out, &room);
    (void)iconv_close(converter);
    if (odd != 0 || left != 0) {
        return refuse_gb18030(length - left + 1, err);
    }
    *ret = text;
    return true;
}

bool text_language_is_chinese(void)
{
    /* TRANSLATORS: the code of the language you translate into: zh. */
    return strcmp(_("en"), "zh") == 0;
}

const char *word_tell(const struct word *words, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(words[i].name, name)) {
            return text_language_is_chinese() ? words[i].zh : words[i].en;
        }
    }
    return name;
}

bool text_starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Accumulates below zero, where one more value fits. False when the digits do not fit. */
static bool read_digits(const char *digits, bool negative, int64_t *ret)
{
    int64_t value = 0;

    for (; *digits != '\0'; digits++) {
        if (__builtin_mul_overflow(value, INT64_C(10), &value) ||
            __builtin_sub_overflow(value, (int64_t)(*digits - '0'), &value)) {
            return false;
        }
    }
    return !__builtin_mul_overflow(value, negative ? INT64_C(1) : INT64_C(-1), ret);
}

bool text_parse_int(const char *text, int64_t min, int64_t max, int64_t *ret, struct error *err)
{
    bool negative = text[0] == '-';
    const char *digits = text + (negative ? 1 : 0);
    size_t count = strspn(digits, "0123456789");
    int64_t value = 0;

    if (count == 0 || digits[count] != '\0' || (digits[0] == '0' && (count > 1 || negative))) {
        return error_set(err, FAULT_USAGE, "number.format", _("“%s” is not a whole number"), text);
    }
    if (!read_digits(digits, negative, &value) || value < min || value > max) {
        (void)error_set(err, FAULT_USAGE, "number.range", _("%s is out of range"), text);
        return error_limit(err, _("%lld to %lld"), (long long)min, (long long)max);
    }
    *ret = value;
    return true;
}
