#include "cli/service/role.h"

#include "ledger/base/text.h"

#include <stdio.h>

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

const char *role_titles(unsigned roles, char buffer[static ROLE_TITLES_SIZE])
{
    size_t length = 0;
    buffer[0] = '\0';
    for (unsigned bit = 0; bit < ROLE_COUNT && length < ROLE_TITLES_SIZE; bit++) {
        if ((roles & (1U << bit)) != 0) {
            int added = snprintf(buffer + length, ROLE_TITLES_SIZE - length, "%s%s",
                                 length == 0 ? "" : _(", "), _(titles[bit]));
            length += added > 0 ? (size_t)added : 0;
        }
    }
    return buffer;
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
