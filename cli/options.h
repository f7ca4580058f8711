/* options.h - words of a command line become typed values. Layer: cli.
 * Every malformed word is FAULT_USAGE. The reason id is usage.* where the form of the command line
 * is wrong, and the parser's own (money.too-precise, date.not-in-calendar) where the value is. */
#ifndef YICANG_CLI_OPTIONS_H
#define YICANG_CLI_OPTIONS_H

#include "cli/command.h"

/* Which option a word names. */
struct option_word {
    const char *name;  /* without the dashes; in the arena */
    const char *value; /* after '='; NULL if there is none */
};

bool option_word_is(const char *word); /* begins with '-' and says more than that */
/* Splits "--name" or "--name=value". Reason id usage.unknown-option for "-n". */
MUST_CHECK bool option_word_split(struct arena *arena, const char *word, struct option_word *ret,
                                  struct error *err);

/* The place of a name in a table of options, or `options` if it is not there. */
size_t option_find(const struct option *option, size_t options, const char *name);

/* Reads one value. Reason ids usage.option-repeated, usage.not-utf8, usage.too-long, usage.empty,
 * usage.unknown-choice, usage.reference, and those of the parsers. */
MUST_CHECK bool option_read(struct arena *arena, const struct option *option, const char *text,
                            struct option_value *value, struct error *err);

/* What is required is there; reason id usage.option-missing. */
MUST_CHECK bool options_complete(const struct option *option, size_t options,
                                 const struct option_value *value, struct error *err);

#endif
