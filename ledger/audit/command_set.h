/* command_set.h - the command ids seen so far, for finding one that stands twice. Layer: audit.
 * 16 bytes an id in a table that is at most three quarters full. */
#ifndef YICANG_AUDIT_COMMAND_SET_H
#define YICANG_AUDIT_COMMAND_SET_H

#include "ledger/base/uuid.h"

#include <stddef.h>

struct command_set {
    struct uuid *slot;
    size_t slots; /* a power of two, or 0 */
    size_t count;
    bool has_zero; /* the id that marks an empty slot */
    uint8_t hash_key[16];
};

void command_set_init(struct command_set *set);
void command_set_release(struct command_set *set);
/* False if the id was there already. */
bool command_set_add(struct command_set *set, const struct uuid *command);

#endif
