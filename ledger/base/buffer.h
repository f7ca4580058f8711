/* buffer.h - bytes that grow up to a written limit. Layer: base. */
#ifndef YICANG_BASE_BUFFER_H
#define YICANG_BASE_BUFFER_H

#include "ledger/base/attributes.h"

#include <stdbool.h>
#include <stddef.h>

/* data[length] is always a NUL byte, so text can be read in place. */
struct buffer {
    char *data;
    size_t length;
    size_t capacity;
    size_t limit;
    bool overflowed; /* something was left out because of the limit */
};

void buffer_init(struct buffer *buffer, size_t limit);
void buffer_release(struct buffer *buffer);
void buffer_clear(struct buffer *buffer); /* keeps the memory, forgets the content */
/* Appending past the limit leaves the buffer as it is and sets overflowed. */
void buffer_add(struct buffer *buffer, const void *bytes, size_t length);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_byte(struct buffer *buffer, char byte);
void buffer_printf(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
#define AUTO_BUFFER AUTO(buffer_release) struct buffer

#endif
