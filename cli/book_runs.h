/* book_runs.h - the commands of the noun `book` that have a file of their own, for the table in
 * cmd_book.c. Layer: cli. */
#ifndef YICANG_CLI_BOOK_RUNS_H
#define YICANG_CLI_BOOK_RUNS_H

#include "cli/command.h"

#define BOOK_INIT_OPTIONS 14
extern const struct option book_init_options[BOOK_INIT_OPTIONS];
bool book_run_init(const struct invocation *invocation, struct error *err);

#define BOOK_BACKUP_OPTIONS 1
extern const struct option book_backup_options[BOOK_BACKUP_OPTIONS];
bool book_run_backup(const struct invocation *invocation, struct error *err);
#define BOOK_RESTORE_OPTIONS 3
extern const struct option book_restore_options[BOOK_RESTORE_OPTIONS];
bool book_run_restore(const struct invocation *invocation, struct error *err);

#endif
