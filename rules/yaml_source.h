/* yaml_source.h - the bytes of a file before YAML looks at them. Layer: rules. */
#ifndef YICANG_RULES_YAML_SOURCE_H
#define YICANG_RULES_YAML_SOURCE_H

#include "ledger/base/attributes.h"
#include "ledger/base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct yaml_source {
    const char *name; /* for messages */
    const char *bytes;
    size_t length;
};

/* Size, UTF-8, and nothing but visible characters and line feeds. Reason ids policy.too-large,
 * policy.not-utf8, policy.invisible. */
MUST_CHECK bool yaml_source_check(const struct yaml_source *source, struct error *err);

/* Whether text (valid UTF-8) is nothing but visible characters and line feeds. */
bool yaml_source_is_visible(const char *text, size_t length);

/* The byte at a line and column, both counted from 1, columns in characters. */
size_t yaml_source_find(const struct yaml_source *source, int line, int column);
/* The line and column of a byte. */
void yaml_source_place(const struct yaml_source *source, size_t at, int *ret_line, int *ret_column);

#endif
