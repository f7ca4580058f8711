#include "ledger/base/arena.h"

#include "ledger/base/alloc.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Under the address sanitizer nobody may look at what is not handed out, or was given back. */
#if defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif
#ifdef WATCHED
#include <sanitizer/asan_interface.h>
#define FORBID(bytes, size) ASAN_POISON_MEMORY_REGION(bytes, size)
#define ALLOW(bytes, size) ASAN_UNPOISON_MEMORY_REGION(bytes, size)
#else
#define FORBID(bytes, size) ((void)(bytes), (void)(size))
#define ALLOW(bytes, size) ((void)(bytes), (void)(size))
#endif

struct arena_block {
    struct arena_block *before;
    size_t used;
    size_t capacity;
    alignas(max_align_t) unsigned char bytes[];
};

#define BLOCK_MIN ((size_t)8 << 10)
#define BLOCK_MAX                                                                                  \
    ((size_t)1 << 20) /* what one block is doubled up to; single objects may be more */

void arena_init(struct arena *arena, size_t limit)
{
    *arena = (struct arena){.limit = limit};
}

static void release_chain(struct arena_block *block)
{
    while (block != NULL) {
        struct arena_block *before = block->before;
        free(block);
        block = before;
    }
}

void arena_release(struct arena *arena)
{
    release_chain(arena->last);
    arena->last = NULL;
    arena->used = 0;
}

void arena_reset(struct arena *arena)
{
    struct arena_block *kept = arena->last;

    arena->used = 0;
    if (kept != NULL) {
        release_chain(kept->before);
        kept->before = NULL;
        ALLOW(kept->bytes, kept->used);
        memset(kept->bytes, 0, kept->used);
        FORBID(kept->bytes, kept->capacity);
        kept->used = 0;
    }
}

static struct arena_block *add_block(struct arena *arena, size_t size)
{
    size_t capacity = arena->last == NULL ? BLOCK_MIN : 2 * arena->last->capacity;

    if (capacity > BLOCK_MAX) {
        capacity = BLOCK_MAX;
    }
    if (capacity < size) {
        capacity = size;
    }
    struct arena_block *block = alloc_zeroed(1, sizeof *block + capacity);
    block->before = arena->last;
    block->capacity = capacity;
    FORBID(block->bytes, capacity);
    arena->last = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t step = alignof(max_align_t);

    if (size > SIZE_MAX / 2) { /* so that no sum below wraps */
        alloc_exhausted(size);
    }
    /* The limit counts what an object takes up, its padding included. */
    size_t taken = size == 0 ? step : (size + step - 1) / step * step;
    if (taken > arena->limit || arena->used > arena->limit - taken) {
        alloc_exhausted(size);
    }
    struct arena_block *block = arena->last;
    if (block == NULL || block->capacity - block->used < taken) {
        block = add_block(arena, taken);
    }
    void *memory = block->bytes + block->used;
    ALLOW(memory, size);
    block->used += taken;
    arena->used += taken;
    return memory;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    size_t total = 0;

    if (__builtin_mul_overflow(count, size, &total)) {
        alloc_exhausted(SIZE_MAX);
    }
    return arena_alloc(arena, total);
}

#define GROWING_FROM ((size_t)16)

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return items;
    }
    size_t wanted = 0;
    if (__builtin_mul_overflow(count, (size_t)2, &wanted)) {
        alloc_exhausted(SIZE_MAX);
    }
    *capacity = wanted < GROWING_FROM ? GROWING_FROM : wanted;
    void *grown = arena_alloc_array(arena, *capacity, size);
    if (count > 0) {
        memcpy(grown, items, count * size);
    }
    return grown;
}

char *arena_text(struct arena *arena, const char *text)
{
    return arena_text_n(arena, text, strlen(text));
}

char *arena_text_n(struct arena *arena, const char *text, size_t length)
{
    if (length == SIZE_MAX) {
        alloc_exhausted(length);
    }
    char *copy = arena_alloc(arena, length + 1);
    if (length > 0) {
        memcpy(copy, text, length);
    }
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    assert(length >= 0);

    char *text = arena_alloc(arena, (size_t)length + 1);
    va_start(arguments, format);
    (void)vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}
