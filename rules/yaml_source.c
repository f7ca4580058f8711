#include "rules/yaml_source.h"

#include "ledger/base/text.h"
#include "rules/yaml_tree.h"

#include <inttypes.h>

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

bool yaml_source_check(const char *file, const char *bytes, size_t length, struct error *err)
{
    if (length > YAML_BYTES_MAX) {
        error_set(err, FAULT_INPUT, "policy.too-large", _("the file is too large: %zu bytes"),
                  length);
        error_limit(err, _("at most %zu bytes"), YAML_BYTES_MAX);
        return error_at(err, file, 1, 1);
    }
    int line = 1;
    int column = 1;
    size_t at = 0;
    while (at < length) {
        uint32_t code_point = 0;
        if (!text_next_code_point(bytes, length, &at, &code_point)) {
            error_set(err, FAULT_INPUT, "policy.not-utf8", _("the file is not UTF-8 text"));
            return error_at(err, file, line, column);
        }
        if (code_point == '\n') {
            line++;
            column = 1;
            continue;
        }
        if (!text_is_visible_code_point(code_point)) {
            error_set(err, FAULT_INPUT, "policy.invisible", _("the file holds U+%04" PRIX32 ": %s"),
                      code_point, name_of_invisible(code_point));
            return error_at(err, file, line, column);
        }
        column++;
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
