/* guarded.h - memory for secrets: between pages that nobody may touch, locked so that it is never
 * swapped out, left out of core dumps, and only to be read. Layer: base. */
#ifndef YICANG_BASE_GUARDED_H
#define YICANG_BASE_GUARDED_H

#include <stddef.h>

/* A copy of the bytes there; the caller wipes its own. Ends the process if there is no memory. */
void *guarded_copy(const void *bytes, size_t size);
/* Wipes it. Accepts NULL; returns NULL. */
void *guarded_free(void *copy);

#endif
