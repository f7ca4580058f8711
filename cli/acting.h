/* acting.h - what commands on a book share: opening it, passing the door, showing what happened.
 * Layer: cli. */
#ifndef YICANG_CLI_ACTING_H
#define YICANG_CLI_ACTING_H

#include "cli/command.h"
#include "cli/output.h"
#include "cli/service/act.h"
#include "reports/lists.h"

/* Opens the book of the invocation. */
MUST_CHECK bool desk_open(const struct invocation *invocation, struct office *ret,
                          struct error *err);
/* Says what stops nobody but should be mended (act_options.warn). */
void desk_warn(const struct error *why);
/* How this invocation asks for passphrases. */
struct passphrase_source desk_passphrase(const struct invocation *invocation);

/* Passes the request through the door of an open book, closes the book and prints the event, its
 * facts and its entries. */
MUST_CHECK bool desk_act(const struct invocation *invocation, struct office *office,
                         const char *type, const struct canon *request, struct error *err);
/* Fills a result from what an act gave. */
void desk_result(const struct invocation *invocation, struct office *office,
                 const struct act_options *options, const struct act_result *act,
                 struct result *ret);
/* "nothing was written" and the like; programs read the English words, whatever the language. */
struct cell word_of_act(struct table *table, const char *name);
void desk_options(const struct invocation *invocation, struct act_options *ret);

/* The members of a request that come straight from options. Option `amount` becomes `amount_fen`,
 * `rate` `rate_ppm`; all others keep their names with - as _. Options not given are left out. */
struct canon *desk_request(const struct invocation *invocation, struct arena *arena);

/* desk_open, desk_request, desk_act in one, for the event type of the command's row: for changes
 * whose request is just their options. */
bool desk_run_event(const struct invocation *invocation, struct error *err);

/* One of reports/lists.h, as the book stands on its open day, printed. */
MUST_CHECK bool desk_list(const struct invocation *invocation, list_function list,
                          struct error *err);

/* The report of that name, with the options --as-of and what its subject needs, printed. */
MUST_CHECK bool desk_report(const struct invocation *invocation, const char *name,
                            struct error *err);

#endif
