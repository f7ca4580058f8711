/* yaml_source.h - the bytes of a file before YAML looks at them. Layer: rules. */
#ifndef YICANG_RULES_YAML_SOURCE_H
#define YICANG_RULES_YAML_SOURCE_H

#include "ledger/base/attributes.h"
#include "ledger/base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Size, UTF-8, and nothing but visible characters and line feeds. Reason ids policy.too-large,
 * policy.not-utf8, policy.invisible. */
MUST_CHECK bool yaml_source_check(const char *file, const char *bytes, size_t length,
                                  struct error *err);

/* Whether text (valid UTF-8) is nothing but visible characters and line feeds. */
bool yaml_source_is_visible(const char *text, size_t length);

#endif
