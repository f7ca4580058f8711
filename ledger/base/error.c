#include "ledger/base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Large enough for the longest field of struct error. */
#define FORMATTED_SIZE sizeof(((struct error *)0)->text)

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0U) == 0x80U;
}

/* Copies as many whole code points as fit. */
static void copy_whole(char *ret, size_t size, const char *text)
{
    size_t length = strlen(text);

    if (length >= size) {
        length = size - 1;
        while (length > 0 && is_continuation(text[length])) {
            length--;
        }
    }
    memcpy(ret, text, length);
    ret[length] = '\0';
}

/* Formats aside first: an argument may be a piece of the very error that is being filled. */
static void format_whole(char *ret, size_t size, const char *text, va_list arguments)
{
    char formatted[FORMATTED_SIZE + 4] = ""; /* one code point more, so that the cut is seen */

    assert(size <= FORMATTED_SIZE);
    if (vsnprintf(formatted, sizeof formatted, text, arguments) < 0) {
        copy_whole(ret, size, text);
        return;
    }
    copy_whole(ret, size, formatted);
}

bool error_set(struct error *err, enum fault fault, const char *reason, const char *text, ...)
{
    struct error filled = {.fault = fault};
    va_list arguments;

    assert(fault != FAULT_NONE && reason != NULL);
    copy_whole(filled.reason, sizeof filled.reason, reason);
    va_start(arguments, text);
    format_whole(filled.text, sizeof filled.text, text, arguments);
    va_end(arguments);
    *err = filled;
    return false;
}

bool error_limit(struct error *err, const char *text, ...)
{
    va_list arguments;

    va_start(arguments, text);
    format_whole(err->limit, sizeof err->limit, text, arguments);
    va_end(arguments);
    return false;
}

bool error_next(struct error *err, const char *text, ...)
{
    va_list arguments;

    va_start(arguments, text);
    format_whole(err->next, sizeof err->next, text, arguments);
    va_end(arguments);
    return false;
}

bool error_at(struct error *err, const char *file, int line, int column)
{
    copy_whole(err->file, sizeof err->file, file);
    err->line = line;
    err->column = column;
    return false;
}

int fault_exit_code(enum fault fault)
{
    switch (fault) {
    case FAULT_NONE:
        return 0;
    case FAULT_REFUSED:
        return 1;
    case FAULT_USAGE:
        return 2;
    case FAULT_INPUT:
        return 3;
    case FAULT_STORE:
        return 4;
    case FAULT_INTEGRITY:
        return 5;
    case FAULT_INTERNAL:
        break;
    }
    return 70;
}
