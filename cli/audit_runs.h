/* audit_runs.h - the commands of noun audit, which stand in several files. Layer: cli. */
#ifndef YICANG_CLI_AUDIT_RUNS_H
#define YICANG_CLI_AUDIT_RUNS_H

#include "cli/command.h"

bool audit_run_verify(const struct invocation *invocation, struct error *err);
int audit_verify_exit_code(enum fault fault);
#define AUDIT_VERIFY_OPTIONS 5
extern const struct option audit_verify_options[AUDIT_VERIFY_OPTIONS];

#endif
