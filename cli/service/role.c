#include "cli/service/role.h"

#include "ledger/base/text.h"

static const char *const words[ROLE_COUNT] = {
    "clerk", "approver", "manager", "risk-officer", "bureau-officer", "admin", "auditor",
};

const char *role_word(enum role role)
{
    unsigned bit = 0;
    while (bit + 1 < ROLE_COUNT && (1U << bit) != (unsigned)role) {
        bit++;
    }
    return words[bit];
}

bool role_find(const char *word, enum role *ret)
{
    for (unsigned bit = 0; bit < ROLE_COUNT; bit++) {
        if (text_equal(words[bit], word)) {
            *ret = (enum role)(1U << bit);
            return true;
        }
    }
    return false;
}
