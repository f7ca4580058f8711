#include "ledger/audit/canon.h"

#include <string.h>

#include "ledger/audit/canon_value.h"
#include "ledger/base/text.h"

struct writer {
    struct buffer *out;
    size_t start;
    size_t line_max;
    struct error *err;
};

static bool write_value(struct writer *writer, const struct canon *value, unsigned depth);

static bool refuse_length(struct writer *writer)
{
    return error_set(writer->err, FAULT_REFUSED, "canon.too-long",
                     _("the record does not fit: at most %zu bytes are allowed"), writer->line_max);
}

static bool fits(const struct writer *writer)
{
    return !writer->out->overflowed && writer->out->length - writer->start <= writer->line_max;
}

/* The code point at text[*at] as it is written: itself, or " and \ behind a backslash. */
static bool write_code_point(struct writer *writer, const char *text, size_t length, size_t *at)
{
    size_t from = *at;
    if (text[from] == '"' || text[from] == '\\') {
        buffer_add_byte(writer->out, '\\');
        buffer_add_byte(writer->out, text[from]);
        *at = from + 1;
        return true;
    }
    uint32_t code_point = 0;
    if (!text_next_code_point(text, length, at, &code_point)) {
        return error_set(writer->err, FAULT_USAGE, "canon.code-point",
                         _("the text is not valid UTF-8 at byte %zu"), from);
    }
    if (!text_is_visible_code_point(code_point)) {
        return error_set(writer->err, FAULT_USAGE, "canon.code-point",
                         _("the text holds the character U+%04X, which nobody could see"),
                         (unsigned)code_point);
    }
    buffer_add(writer->out, text + from, *at - from);
    return true;
}

static bool write_text(struct writer *writer, const char *text)
{
    size_t length = strlen(text);
    size_t at = 0;
    buffer_add_byte(writer->out, '"');
    while (at < length) {
        size_t from = at;
        while (at < length && canon_byte_is_plain((unsigned char)text[at])) {
            at++;
        }
        buffer_add(writer->out, text + from, at - from);
        if (at < length && !write_code_point(writer, text, length, &at)) {
            return false;
        }
        if (!fits(writer)) {
            return refuse_length(writer);
        }
    }
    buffer_add_byte(writer->out, '"');
    return true;
}

static bool write_container(struct writer *writer, const struct canon *value, unsigned depth)
{
    bool object = value->kind == CANON_OBJECT;
    if (depth > CANON_DEPTH_MAX) {
        return error_set(writer->err, FAULT_REFUSED, "canon.depth",
                         _("the record is nested deeper than %d levels"), CANON_DEPTH_MAX);
    }
    buffer_add_byte(writer->out, object ? '{' : '[');
    for (size_t i = 0; i < value->count; i++) {
        if (i > 0) {
            buffer_add_byte(writer->out, ',');
        }
        if (object) {
            buffer_add_byte(writer->out, '"');
            buffer_add_text(writer->out, value->key[i]);
            buffer_add(writer->out, "\":", 2);
        }
        if (!write_value(writer, value->item[i], depth)) {
            return false;
        }
    }
    buffer_add_byte(writer->out, object ? '}' : ']');
    return true;
}

static bool write_any(struct writer *writer, const struct canon *value, unsigned depth)
{
    switch (value->kind) {
    case CANON_TEXT:
        return write_text(writer, value->text);
    case CANON_TRUE:
        buffer_add(writer->out, "true", 4);
        return true;
    case CANON_FALSE:
        buffer_add(writer->out, "false", 5);
        return true;
    case CANON_ARRAY:
    case CANON_OBJECT:
        return write_container(writer, value, depth + 1);
    }
    return false;
}

static bool write_value(struct writer *writer, const struct canon *value, unsigned depth)
{
    if (!write_any(writer, value, depth)) {
        return false;
    }
    return fits(writer) || refuse_length(writer);
}

bool canon_write(const struct canon *value, size_t line_max, struct buffer *ret, struct error *err)
{
    struct writer writer = {ret, ret->length, line_max, err};
    return write_value(&writer, value, 0);
}
