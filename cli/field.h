/* field.h - what the members of an event are called when a command shows what it did. Layer: cli.
 * JSON keys are the members' names and never change; titles are for people, in their language. */
#ifndef YICANG_CLI_FIELD_H
#define YICANG_CLI_FIELD_H

#include "cli/output.h"
#include "ledger/audit/canon.h"

/* Adds the members of "out" to the result of a command of that noun, in the order in which people
 * read them: `loss_fen` as the amount `loss`, others under their names. An object or array has no
 * one-line form and is left out. */
void fields_show(struct result *result, const char *noun, const struct canon *out);

#endif
