/* commands.h - the groups of the command table, one file cmd_<noun>.c each. Layer: cli.
 * A new noun is declared here and listed in commands.c. */
#ifndef YICANG_CLI_COMMANDS_H
#define YICANG_CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command quote_commands[];
extern const struct command top_commands[]; /* help, version, completion */

#endif
