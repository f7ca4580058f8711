/* globals.h - the options every command takes. Layer: cli. */
#ifndef YICANG_CLI_GLOBALS_H
#define YICANG_CLI_GLOBALS_H

#include "cli/command.h"

extern const struct option global_options[];
extern const size_t global_options_count;

/* What must be known before anything can be said: the language and the form of errors. Reads only
 * --lang and --format, takes what it understands, and leaves refusing to the parser. */
struct early_globals {
    const char *lang; /* "zh", "en", or NULL */
    bool json;
};
struct early_globals globals_peek(size_t count, char *const *words);

/* Typed globals from values of global_options, the environment and defaults. A command that does
 * not show a table refuses csv, xlsx and html: reason id usage.format-not-offered. */
MUST_CHECK bool globals_resolve(const struct command *command, const struct option_value *value,
                                struct globals *ret, struct error *err);

#endif
