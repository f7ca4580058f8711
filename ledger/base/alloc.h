/* alloc.h - heap memory that never fails by returning NULL. Layer: base.
 * The one place where running out of memory ends the process (exit code 70). */
#ifndef YICANG_BASE_ALLOC_H
#define YICANG_BASE_ALLOC_H

#include <stddef.h>

void *alloc_zeroed(size_t count, size_t size);
void *alloc_resized(void *memory, size_t count, size_t size);
char *alloc_text(const char *text);
_Noreturn void alloc_exhausted(size_t wanted);

#endif
