/* command_set.h - the command ids seen so far, for finding one that stands twice. Layer: audit.
 * 16 bytes an id in a table that is at most three quarters full. */
#ifndef YICANG_AUDIT_COMMAND_SET_H
#define YICANG_AUDIT_COMMAND_SET_H

#include "ledger/base/buffer.h"
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

/* A sorted list of ids as text, one a line of 32 hex digits and LF: what a set is kept as. */
#define COMMAND_LINE UUID_HEX_SIZE
bool command_lines_have(const char *lines, size_t count, const struct uuid *command);
/* The ids of the set and those of the list, which are others, as one list behind what is in ret. */
void command_set_write(const struct command_set *set, const char *lines, size_t count,
                       struct buffer *ret);

#endif
