/* field.h - what the members of an event are called when a command shows what it did. Layer: cli.
 * JSON keys are the members' names and never change; titles are for people, in their language. */
#ifndef YICANG_CLI_FIELD_H
#define YICANG_CLI_FIELD_H

#include "cli/output.h"
#include "ledger/audit/canon.h"

/* Adds a member of "out" to a result: `loss_fen` as the amount `loss`, others under their names. An
 * object or array has no one-line form and is left out. */
void field_show(struct result *result, const char *key, const struct canon *member);

#endif
