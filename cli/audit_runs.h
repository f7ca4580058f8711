/* audit_runs.h - the commands of noun audit, which stand in several files. Layer: cli. */
#ifndef YICANG_CLI_AUDIT_RUNS_H
#define YICANG_CLI_AUDIT_RUNS_H

#include "cli/command.h"

bool audit_run_verify(const struct invocation *invocation, struct error *err);
int audit_verify_exit_code(enum fault fault);
#define AUDIT_VERIFY_OPTIONS 10
extern const struct option audit_verify_options[AUDIT_VERIFY_OPTIONS];

#define AUDIT_CHECKPOINT_OPTIONS 7
extern const struct option audit_checkpoint_options[AUDIT_CHECKPOINT_OPTIONS];
bool audit_run_checkpoint(const struct invocation *invocation, struct error *err);

#define AUDIT_WITNESS_OPTIONS 10
extern const struct option audit_witness_options[AUDIT_WITNESS_OPTIONS];
bool audit_run_witness(const struct invocation *invocation, struct error *err);

#define AUDIT_PROVE_OPTIONS 3
extern const struct option audit_prove_options[AUDIT_PROVE_OPTIONS];
bool audit_run_prove(const struct invocation *invocation, struct error *err);

#define AUDIT_BUNDLE_OPTIONS 4
extern const struct option audit_bundle_options[AUDIT_BUNDLE_OPTIONS];
bool audit_run_bundle(const struct invocation *invocation, struct error *err);

#define AUDIT_LOG_OPTIONS 7
extern const struct option audit_log_options[AUDIT_LOG_OPTIONS];
bool audit_run_log(const struct invocation *invocation, struct error *err);

#endif
