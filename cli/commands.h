/* commands.h - the groups of the command table, one file cmd_<noun>.c each. Layer: cli.
 * A new noun is declared here and listed in commands.c. */
#ifndef YICANG_CLI_COMMANDS_H
#define YICANG_CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command book_commands[];
extern const struct command staff_commands[];
extern const struct command key_commands[];
extern const struct command session_commands[];
extern const struct command household_commands[];
extern const struct command person_commands[];
extern const struct command loan_commands[];
extern const struct command day_commands[];
extern const struct command claim_commands[];
extern const struct command approval_commands[];
extern const struct command recovery_commands[];
extern const struct command fund_commands[];
extern const struct command subsidy_commands[];
extern const struct command premium_commands[];
extern const struct command report_commands[];
extern const struct command policy_commands[];
extern const struct command audit_commands[];
extern const struct command quote_commands[];
extern const struct command explain_commands[];
extern const struct command top_commands[]; /* help, version, completion */

/* `staff key`, which does with --new what `key new` does, else what `key show` does (cmd_key.c). */
bool run_staff_key(const struct invocation *invocation, struct error *err);

#endif
