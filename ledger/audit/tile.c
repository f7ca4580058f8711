#include "ledger/audit/tile.h"

#include "ledger/base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define GROUPS_MAX 7 /* three digits each: more than 2^63 */

char *tile_path(const struct tile *tile, char buffer[static TILE_PATH_SIZE])
{
    assert(tile->width >= 1 && tile->width <= TILE_WIDTH && tile->level < TILE_LEVELS_MAX);
    unsigned group[GROUPS_MAX];
    size_t groups = 0;
    uint64_t rest = tile->index;
    do {
        assert(groups < GROUPS_MAX);
        group[groups++] = (unsigned)(rest % 1000);
        rest /= 1000;
    } while (rest > 0);
    int at = tile->entries ? snprintf(buffer, TILE_PATH_SIZE, "tile/entries")
                           : snprintf(buffer, TILE_PATH_SIZE, "tile/%u", tile->level);
    for (size_t i = groups; i > 0; i--) {
        at += snprintf(buffer + at, TILE_PATH_SIZE - (size_t)at, "/%s%03u", i > 1 ? "x" : "",
                       group[i - 1]);
    }
    if (tile->width < TILE_WIDTH) {
        at += snprintf(buffer + at, TILE_PATH_SIZE - (size_t)at, ".p/%u", tile->width);
    }
    assert(at < TILE_PATH_SIZE);
    return buffer;
}

/* Three digits at *at; moves behind them. */
static bool group_parse(const char **at, uint64_t *ret)
{
    uint64_t number = 0;
    for (size_t i = 0; i < 3; i++) {
        char digit = (*at)[i];
        if (digit < '0' || digit > '9') {
            return false;
        }
        number = number * 10 + (uint64_t)(digit - '0');
    }
    *at += 3;
    *ret = number;
    return true;
}

static bool index_parse(const char **at, uint64_t *ret)
{
    uint64_t index = 0;
    for (size_t i = 0; i < GROUPS_MAX - 1; i++) {
        bool more = **at == 'x';
        uint64_t group = 0;
        *at += more ? 1 : 0;
        if (!group_parse(at, &group)) {
            return false;
        }
        index = index * 1000 + group;
        if (!more) {
            *ret = index;
            return true;
        }
        if (**at != '/') {
            return false;
        }
        ++*at;
    }
    return false;
}

bool tile_path_parse(const char *path, struct tile *ret)
{
    *ret = (struct tile){.width = TILE_WIDTH};
    const char *at = path;
    if (text_starts_with(at, "tile/entries/")) {
        ret->entries = true;
        at += strlen("tile/entries/");
    } else if (text_starts_with(at, "tile/") && at[5] >= '0' && at[5] < '0' + TILE_LEVELS_MAX &&
               at[6] == '/') {
        ret->level = (unsigned)(at[5] - '0');
        at += 7;
    } else {
        return false;
    }
    if (!index_parse(&at, &ret->index)) {
        return false;
    }
    uint64_t width = TILE_WIDTH;
    if (text_starts_with(at, ".p/")) {
        at += 3;
        if (!span_decimal((struct span){at, strlen(at)}, &width) || width < 1 ||
            width >= TILE_WIDTH) {
            return false;
        }
        ret->width = (unsigned)width;
    } else if (*at != '\0') {
        return false;
    }
    /* One path for one tile: no leading zero groups, no sign, no leading zero in the width. */
    char canonical[TILE_PATH_SIZE];
    return text_equal(tile_path(ret, canonical), path);
}

unsigned tile_width(uint64_t size, unsigned level, uint64_t index)
{
    assert(level < TILE_LEVELS_MAX);
    uint64_t hashes = size >> (8 * level);
    uint64_t full = hashes / TILE_WIDTH;
    if (index < full) {
        return TILE_WIDTH;
    }
    return index == full ? (unsigned)(hashes % TILE_WIDTH) : 0;
}

void tile_entry_add(const void *leaf, size_t length, struct buffer *ret)
{
    assert(length <= TILE_ENTRY_MAX);
    buffer_add_byte(ret, (char)(unsigned char)(length >> 8));
    buffer_add_byte(ret, (char)(unsigned char)(length & 0xff));
    buffer_add(ret, leaf, length);
}

bool tile_entry_next(struct span *rest, struct span *ret_leaf)
{
    if (rest->length < 2) {
        return false;
    }
    size_t length = (size_t)(unsigned char)rest->start[0] << 8 | (unsigned char)rest->start[1];
    if (rest->length - 2 < length) {
        return false;
    }
    *ret_leaf = (struct span){rest->start + 2, length};
    rest->start += 2 + length;
    rest->length -= 2 + length;
    return true;
}
