/* arena.h - memory that lives as long as one command. Layer: base.
 * Memory from an arena is zeroed, aligned for any object, and valid until arena_release().
 * An arena has a written limit; going past it, or running out of memory, ends the process
 * (alloc_exhausted), which is safe because the store rolls back what was not committed. */
#ifndef YICANG_BASE_ARENA_H
#define YICANG_BASE_ARENA_H

#include "ledger/base/attributes.h"

#include <stddef.h>

struct arena {
    struct arena_block *last;
    size_t used;  /* bytes handed out */
    size_t limit; /* most bytes it will hand out */
};

#define ARENA_LIMIT_COMMAND ((size_t)256 << 20)

void arena_init(struct arena *arena, size_t limit);
void arena_release(struct arena *arena); /* accepts an arena that was only zeroed */
/* Gives everything back but keeps one block for reuse: for loops over many small tasks. */
void arena_reset(struct arena *arena);
void *arena_alloc(struct arena *arena, size_t size);
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);
/* Room for one more than count items of size bytes: the array itself while it has room, else a copy
 * of twice the size. For lists read row by row whose length nobody knows before. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size);
char *arena_text(struct arena *arena, const char *text);
char *arena_text_n(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
#define AUTO_ARENA AUTO(arena_release) struct arena

#endif
