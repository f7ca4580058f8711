#include "ledger/base/alloc.h"

#include "ledger/base/error.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Nothing that runs from here on may ask for memory: so no stdio, no translation, no exit handlers.
 * What was not committed is rolled back by the store when the book is opened next. */
void alloc_exhausted(size_t wanted)
{
    static const char words[] = "yicang: out of memory, bytes wanted: ";
    char digits[24];
    size_t at = sizeof digits;

    digits[--at] = '\n';
    do {
        digits[--at] = (char)('0' + wanted % 10);
        wanted /= 10;
    } while (wanted != 0);
    bool told = write(STDERR_FILENO, words, sizeof words - 1) > 0 &&
                write(STDERR_FILENO, digits + at, sizeof digits - at) > 0;
    (void)told; /* there is nobody left to tell */
    _exit(fault_exit_code(FAULT_INTERNAL));
}

/* A request for no bytes gets one, so that the answer is never NULL. */
static size_t total_of(size_t count, size_t size)
{
    size_t total = 0;

    if (__builtin_mul_overflow(count, size, &total)) {
        alloc_exhausted(SIZE_MAX);
    }
    return total == 0 ? 1 : total;
}

void *alloc_zeroed(size_t count, size_t size)
{
    size_t total = total_of(count, size);
    void *memory = calloc(1, total);

    if (memory == NULL) {
        alloc_exhausted(total);
    }
    return memory;
}

void *alloc_resized(void *memory, size_t count, size_t size)
{
    size_t total = total_of(count, size);
    void *resized = realloc(memory, total);

    if (resized == NULL) {
        alloc_exhausted(total);
    }
    return resized;
}

char *alloc_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = alloc_zeroed(size, 1);

    memcpy(copy, text, size);
    return copy;
}
