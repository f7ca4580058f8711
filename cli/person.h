/* person.h - a person's data as options give it. Layer: cli. */
#ifndef YICANG_CLI_PERSON_H
#define YICANG_CLI_PERSON_H

#include "cli/command.h"
#include "cli/service/act.h"

/* Name from the option called `name`, the others from --id-no, --phone, --bank-card, in normal form
 * in the arena of the invocation. Reason ids text.*, personal.*. */
MUST_CHECK bool person_read(const struct invocation *invocation, const char *name,
                            struct personal_data *ret, struct error *err);

#endif
