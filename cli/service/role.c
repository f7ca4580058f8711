#include "cli/service/role.h"

#include "ledger/base/text.h"

static const char *const words[ROLE_COUNT] = {
    "clerk", "approver", "manager", "risk-officer", "bureau-officer", "admin", "auditor",
};

static const char *const titles[ROLE_COUNT] = {
    N_("clerk"),          N_("approver"), N_("manager"), N_("risk officer"),
    N_("bureau officer"), N_("admin"),    N_("auditor"),
};

static unsigned bit_of(enum role role)
{
    unsigned bit = 0;
    while (bit + 1 < ROLE_COUNT && (1U << bit) != (unsigned)role) {
        bit++;
    }
    return bit;
}

const char *role_word(enum role role)
{
    return words[bit_of(role)];
}

const char *role_title(enum role role)
{
    return _(titles[bit_of(role)]);
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
