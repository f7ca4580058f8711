/* concern_table.h - what the policy holds against something that was done nevertheless: the
 * conditions that warn, refer, or block with an exception, and those that take the cover. Layer:
 * cli.
 */
#ifndef YICANG_CLI_CONCERN_TABLE_H
#define YICANG_CLI_CONCERN_TABLE_H

#include "cli/output.h"
#include "cli/service/book.h"
#include "ledger/audit/canon.h"

/* Of the event with this body; no table if there is nothing. */
void concerns_show(struct office *office, const char *type, const struct canon *body,
                   struct result *ret);

#endif
