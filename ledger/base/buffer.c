#include "ledger/base/buffer.h"

#include "ledger/base/alloc.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_FIRST 64

void buffer_init(struct buffer *buffer, size_t limit)
{
    assert(limit < SIZE_MAX / 2);
    size_t capacity = limit + 1 < CAPACITY_FIRST ? limit + 1 : CAPACITY_FIRST;

    *buffer =
        (struct buffer){.data = alloc_zeroed(capacity, 1), .capacity = capacity, .limit = limit};
}

void buffer_release(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
    buffer->overflowed = false;
    if (buffer->data != NULL) {
        buffer->data[0] = '\0';
    }
}

/* Makes room for `more` bytes and the NUL behind them; false when the limit says no. */
static bool reserve(struct buffer *buffer, size_t more)
{
    if (buffer->data == NULL || more > buffer->limit - buffer->length) {
        buffer->overflowed = true;
        return false;
    }
    size_t wanted = buffer->length + more + 1;
    if (wanted > buffer->capacity) {
        size_t doubled = 2 * buffer->capacity;
        size_t capacity = doubled > buffer->limit + 1 ? buffer->limit + 1 : doubled;
        capacity = capacity < wanted ? wanted : capacity;
        buffer->data = alloc_resized(buffer->data, capacity, 1);
        buffer->capacity = capacity;
    }
    return true;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
    if (length == 0 || !reserve(buffer, length)) {
        return;
    }
    memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

void buffer_add_byte(struct buffer *buffer, char byte)
{
    buffer_add(buffer, &byte, 1);
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    assert(length >= 0);

    if (length == 0 || !reserve(buffer, (size_t)length)) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
}
