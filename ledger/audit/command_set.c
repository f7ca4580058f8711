#include "ledger/audit/command_set.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/base/alloc.h"
#include "ledger/base/digest.h"

#define SLOTS_FIRST ((size_t)1 << 10)

_Static_assert(crypto_shorthash_KEYBYTES == sizeof(((struct command_set *)0)->hash_key),
               "the key of the hash has another size");

void command_set_init(struct command_set *set)
{
    digest_start();
    *set = (struct command_set){0};
    /* Ids are chosen by callers: under a secret key nobody can make them collide. */
    crypto_shorthash_keygen(set->hash_key);
}

void command_set_release(struct command_set *set)
{
    free(set->slot);
    *set = (struct command_set){0};
}

static bool is_zero(const struct uuid *command)
{
    static const struct uuid zero;
    return memcmp(command, &zero, sizeof zero) == 0;
}

/* The slot where it stands, or the empty one where it belongs. */
static struct uuid *place_of(const struct command_set *set, const struct uuid *command)
{
    uint64_t hash = 0;
    uint8_t bytes[crypto_shorthash_BYTES];
    crypto_shorthash(bytes, command->byte, sizeof command->byte, set->hash_key);
    memcpy(&hash, bytes, sizeof hash);
    size_t at = (size_t)hash & (set->slots - 1);
    while (!is_zero(&set->slot[at]) && memcmp(&set->slot[at], command, sizeof *command) != 0) {
        at = (at + 1) & (set->slots - 1);
    }
    return &set->slot[at];
}

static void grow(struct command_set *set)
{
    struct command_set larger = *set;
    larger.slots = set->slots == 0 ? SLOTS_FIRST : 2 * set->slots;
    larger.slot = alloc_zeroed(larger.slots, sizeof larger.slot[0]);
    for (size_t i = 0; i < set->slots; i++) {
        if (!is_zero(&set->slot[i])) {
            *place_of(&larger, &set->slot[i]) = set->slot[i];
        }
    }
    free(set->slot);
    *set = larger;
}

bool command_set_add(struct command_set *set, const struct uuid *command)
{
    if (is_zero(command)) {
        bool is_new = !set->has_zero;
        set->has_zero = true;
        return is_new;
    }
    if (4 * set->count >= 3 * set->slots) {
        grow(set);
    }
    struct uuid *place = place_of(set, command);
    if (!is_zero(place)) {
        return false;
    }
    *place = *command;
    set->count++;
    return true;
}

/* As lists ------------------------------------------------------------------------------------- */

static int by_line(const void *left, const void *right)
{
    return memcmp(left, right, COMMAND_LINE);
}

bool command_lines_have(const char *lines, size_t count, const struct uuid *command)
{
    char line[UUID_HEX_SIZE];
    uuid_to_hex(command, line);
    line[COMMAND_LINE - 1] = '\n';
    return count > 0 && bsearch(line, lines, count, COMMAND_LINE, by_line) != NULL;
}

static void add_line(const struct uuid *command, struct buffer *ret)
{
    char line[UUID_HEX_SIZE];
    uuid_to_hex(command, line);
    line[COMMAND_LINE - 1] = '\n';
    buffer_add(ret, line, COMMAND_LINE);
}

void command_set_write(const struct command_set *set, const char *lines, size_t count,
                       struct buffer *ret)
{
    static const struct uuid zero;
    size_t start = ret->length;
    if (count > 0) {
        buffer_add(ret, lines, count * COMMAND_LINE);
    }
    if (set->has_zero) {
        add_line(&zero, ret);
    }
    for (size_t i = 0; i < set->slots; i++) {
        if (!is_zero(&set->slot[i])) {
            add_line(&set->slot[i], ret);
        }
    }
    if (!ret->overflowed && ret->length > start) {
        qsort(ret->data + start, (ret->length - start) / COMMAND_LINE, COMMAND_LINE, by_line);
    }
}
