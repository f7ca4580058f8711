#include "rules/yaml_source.h"

#include "ledger/base/text.h"
#include "rules/policy.h"

#include <inttypes.h>
#include <string.h>

static const char *name_of_invisible(uint32_t code_point)
{
    switch (code_point) {
    case '\t':
        return _("a tab; use spaces");
    case '\r':
        return _("a carriage return; save the file with plain line feeds");
    case 0xfeff:
        return _("a byte order mark; save the file as UTF-8 without it");
    default:
        return _("a character that cannot be seen on a screen");
    }
}

static bool refuse_at(const struct yaml_source *source, size_t at, struct error *err)
{
    int line = 1;
    int column = 1;
    yaml_source_place(source, at, &line, &column);
    return error_at(err, source->name, line, column);
}

bool yaml_source_check(const struct yaml_source *source, struct error *err)
{
    if (source->length > POLICY_BYTES_MAX) {
        error_set(err, FAULT_INPUT, "policy.too-large", _("the file is too large: %zu bytes"),
                  source->length);
        error_limit(err, _("at most %zu bytes"), POLICY_BYTES_MAX);
        return error_at(err, source->name, 1, 1);
    }
    size_t at = 0;
    while (at < source->length) {
        size_t begin = at;
        uint32_t code_point = 0;
        if (!text_next_code_point(source->bytes, source->length, &at, &code_point)) {
            error_set(err, FAULT_INPUT, "policy.not-utf8", _("the file is not UTF-8 text"));
            return refuse_at(source, begin, err);
        }
        if (code_point != '\n' && !text_is_visible_code_point(code_point)) {
            error_set(err, FAULT_INPUT, "policy.invisible", _("the file holds U+%04" PRIX32 ": %s"),
                      code_point, name_of_invisible(code_point));
            return refuse_at(source, begin, err);
        }
    }
    return true;
}

bool yaml_source_is_visible(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        uint32_t code_point = 0;
        if (!text_next_code_point(text, length, &at, &code_point) ||
            (code_point != '\n' && !text_is_visible_code_point(code_point))) {
            return false;
        }
    }
    return true;
}

void yaml_source_place(const struct yaml_source *source, size_t at, int *ret_line, int *ret_column)
{
    size_t i = 0;
    uint32_t code_point = 0;
    *ret_line = 1;
    *ret_column = 1;
    while (i < at && text_next_code_point(source->bytes, source->length, &i, &code_point)) {
        bool line_ends = code_point == '\n';
        *ret_line += line_ends ? 1 : 0;
        *ret_column = line_ends ? 1 : *ret_column + 1;
    }
}

size_t yaml_source_find(const struct yaml_source *source, int line, int column)
{
    size_t at = 0;
    uint32_t code_point = 0;
    for (int i = 1; i < line && at < source->length; i++) {
        const char *end = memchr(source->bytes + at, '\n', source->length - at);
        at = end == NULL ? source->length : (size_t)(end - source->bytes) + 1;
    }
    for (int i = 1; i < column && at < source->length; i++) {
        if (!text_next_code_point(source->bytes, source->length, &at, &code_point)) {
            break;
        }
    }
    return at;
}
