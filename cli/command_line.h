/* command_line.h - which command, and all its values, from the words of a command line. Layer: cli.
 * Global options may stand anywhere; a command's own behind its noun and verb. "--" ends options.
 */
#ifndef YICANG_CLI_COMMAND_LINE_H
#define YICANG_CLI_COMMAND_LINE_H

#include "cli/command.h"

#define COMMAND_LINE_WORDS_MAX 1000

struct command_line {
    const struct command *command; /* set as soon as it is known, also when parsing fails later */
    const char *noun;              /* as far as they were found, for --help */
    const char *verb;
    bool help;                         /* --help was among the words: nothing need be complete */
    struct option_value *value;        /* as command->option */
    struct option_value *global_value; /* as global_options */
};

/* words[0] is the first word behind the program's name. Reason ids usage.no-command,
 * usage.unknown-command, usage.missing-verb, usage.unknown-verb, usage.unknown-option,
 * usage.value-missing, usage.value-unwanted, usage.extra-argument, usage.too-many-words, and those
 * of options.h. */
MUST_CHECK bool command_line_parse(struct arena *arena, size_t count, char *const *words,
                                   struct command_line *ret, struct error *err);

#endif
