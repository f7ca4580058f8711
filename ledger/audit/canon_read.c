#include "ledger/audit/canon.h"

#include <string.h>

#include "ledger/audit/canon_value.h"
#include "ledger/base/text.h"

struct reader {
    struct arena *arena;
    const char *bytes;
    size_t length;
    size_t at;
    struct error *err;
};

static bool read_value(struct reader *reader, unsigned depth, struct canon **ret);

static bool refuse(struct reader *reader, const char *what)
{
    (void)error_set(reader->err, FAULT_INTEGRITY, "canon.malformed",
                    _("not a canonical record at byte %zu: %s"), reader->at, what);
    return false;
}

static bool next_is(const struct reader *reader, char byte)
{
    return reader->at < reader->length && reader->bytes[reader->at] == byte;
}

static bool take(struct reader *reader, char byte)
{
    if (!next_is(reader, byte)) {
        return false;
    }
    reader->at++;
    return true;
}

static bool take_word(struct reader *reader, const char *word)
{
    size_t length = strlen(word);
    if (reader->length - reader->at < length ||
        memcmp(reader->bytes + reader->at, word, length) != 0) {
        return false;
    }
    reader->at += length;
    return true;
}

/* One escape or one code point that is not plain ASCII. */
static bool skip_code_point(struct reader *reader)
{
    if (next_is(reader, '\\')) {
        char escaped = reader->at + 1 < reader->length ? reader->bytes[reader->at + 1] : '\0';
        if (escaped != '"' && escaped != '\\') {
            return refuse(reader, _("only \\\" and \\\\ are escapes"));
        }
        reader->at += 2;
        return true;
    }
    size_t after = reader->at;
    uint32_t code_point = 0;
    if (!text_next_code_point(reader->bytes, reader->length, &after, &code_point)) {
        return error_set(reader->err, FAULT_INTEGRITY, "canon.code-point",
                         _("the record is not valid UTF-8 at byte %zu"), reader->at);
    }
    if (!text_is_visible_code_point(code_point)) {
        return error_set(reader->err, FAULT_INTEGRITY, "canon.code-point",
                         _("the record holds the character U+%04X at byte %zu, which nobody "
                           "could see"),
                         (unsigned)code_point, reader->at);
    }
    reader->at = after;
    return true;
}

static void unescape(char *text, size_t length)
{
    size_t to = 0;
    for (size_t i = 0; i < length; i++, to++) {
        i += text[i] == '\\' ? 1 : 0;
        text[to] = text[i];
    }
    text[to] = '\0';
}

/* The text between two quotes, in the arena. Escapes are rare, so it is copied once and shortened
 * in place. */
static bool read_text(struct reader *reader, const char **ret)
{
    if (!take(reader, '"')) {
        return refuse(reader, _("a text in quotes belongs here"));
    }
    size_t from = reader->at;
    size_t escapes = 0;
    while (!next_is(reader, '"')) {
        if (reader->at == reader->length) {
            return refuse(reader, _("the text has no end"));
        }
        if (canon_byte_is_plain((unsigned char)reader->bytes[reader->at])) {
            reader->at++;
            continue;
        }
        escapes += reader->bytes[reader->at] == '\\' ? 1 : 0;
        if (!skip_code_point(reader)) {
            return false;
        }
    }
    size_t length = reader->at - from;
    char *text = arena_text_n(reader->arena, reader->bytes + from, length);
    if (escapes > 0) {
        unescape(text, length);
    }
    *ret = text;
    reader->at++;
    return true;
}

static bool read_member(struct reader *reader, unsigned depth, struct canon *object)
{
    const char *key = NULL;
    struct canon *member = NULL;
    size_t from = reader->at;
    if (!read_text(reader, &key)) {
        return false;
    }
    if (!canon_key_is_valid(key, strlen(key))) {
        reader->at = from;
        return refuse(reader, _("a name is a small letter and up to 31 of a-z, 0-9 and _"));
    }
    if (object->count > 0 && strcmp(object->key[object->count - 1], key) >= 0) {
        reader->at = from;
        return refuse(reader, _("names must be sorted and none may stand twice"));
    }
    if (!take(reader, ':')) {
        return refuse(reader, _("a colon belongs here"));
    }
    if (!read_value(reader, depth, &member)) {
        return false;
    }
    canon_append_member(object, key, member);
    return true;
}

static bool read_container(struct reader *reader, unsigned depth, bool is_object,
                           struct canon **ret)
{
    char end = is_object ? '}' : ']';
    if (depth > CANON_DEPTH_MAX) {
        return error_set(reader->err, FAULT_INTEGRITY, "canon.depth",
                         _("the record is nested deeper than %d levels at byte %zu"),
                         CANON_DEPTH_MAX, reader->at);
    }
    struct canon *container = is_object ? canon_object(reader->arena) : canon_array(reader->arena);
    reader->at++;
    *ret = container;
    if (take(reader, end)) {
        return true;
    }
    do {
        struct canon *item = NULL;
        bool read =
            is_object ? read_member(reader, depth, container) : read_value(reader, depth, &item);
        if (!read) {
            return false;
        }
        if (!is_object) {
            canon_add(container, item);
        }
    } while (take(reader, ','));
    return take(reader, end) || refuse(reader, _("a comma or the end belongs here"));
}

static bool read_value(struct reader *reader, unsigned depth, struct canon **ret)
{
    const char *text = NULL;
    if (next_is(reader, '"')) {
        if (!read_text(reader, &text)) {
            return false;
        }
        *ret = canon_text_in_place(reader->arena, text);
        return true;
    }
    if (next_is(reader, '{') || next_is(reader, '[')) {
        return read_container(reader, depth + 1, next_is(reader, '{'), ret);
    }
    if (take_word(reader, "true")) {
        *ret = canon_bool(reader->arena, true);
        return true;
    }
    if (take_word(reader, "false")) {
        *ret = canon_bool(reader->arena, false);
        return true;
    }
    return refuse(reader, _("a text, true, false, a list or an object belongs here"));
}

bool canon_read(struct arena *arena, const char *bytes, size_t length, size_t line_max,
                struct canon **ret, struct error *err)
{
    struct reader reader = {arena, bytes, length, 0, err};
    struct canon *value = NULL;
    if (length > line_max) {
        return error_set(err, FAULT_INTEGRITY, "canon.too-long",
                         _("the record has %zu bytes; at most %zu are allowed"), length, line_max);
    }
    if (!read_value(&reader, 0, &value)) {
        return false;
    }
    if (reader.at != length) {
        return refuse(&reader, _("nothing may follow the record"));
    }
    *ret = value;
    return true;
}
