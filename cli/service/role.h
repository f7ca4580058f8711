/* role.h - what a person may do, as words of the log and as bits. Layer: service. */
#ifndef YICANG_SERVICE_ROLE_H
#define YICANG_SERVICE_ROLE_H

#include "ledger/base/attributes.h"

#include <stdbool.h>

enum role {
    ROLE_CLERK = 1 << 0,
    ROLE_APPROVER = 1 << 1,
    ROLE_MANAGER = 1 << 2,
    ROLE_RISK_OFFICER = 1 << 3,
    ROLE_BUREAU_OFFICER = 1 << 4,
    ROLE_ADMIN = 1 << 5,
    ROLE_AUDITOR = 1 << 6,
};
#define ROLE_COUNT 7

const char *role_word(enum role role);  /* "risk-officer" */
const char *role_title(enum role role); /* for people: "risk officer" */
/* The titles of all roles among the bits, one after the other: "clerk, manager". */
#define ROLE_TITLES_SIZE 256
const char *role_titles(unsigned roles, char buffer[static ROLE_TITLES_SIZE]);
MUST_CHECK bool role_find(const char *word, enum role *ret);

#endif
