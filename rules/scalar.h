/* scalar.h - the words of a policy file as typed values, read strictly. Layer: rules.
 * There is one spelling for each kind, and nothing is guessed: 010, 0x10, 1e3, 20%%, "5 %" and 1.5
 * months are refused, not rounded. */
#ifndef YICANG_RULES_SCALAR_H
#define YICANG_RULES_SCALAR_H

#include "ledger/base/error.h"
#include "rules/value.h"

#include <stdbool.h>

/* money "50000 yuan", rate "5%", whole number "20", days "90 days", months "36 months", years
 * "65 years", date "2016-10-01", yes or no "yes" / "no". Words are read from their list, not here.
 * FAULT_INPUT, reason id policy.value; the limit says what was expected. */
MUST_CHECK bool scalar_parse(const char *text, enum value_kind kind, struct value *ret,
                             struct error *err);

#endif
