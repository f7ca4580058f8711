/* embedded.h - files that were built into the program. Layer: base. */
#ifndef YICANG_BASE_EMBEDDED_H
#define YICANG_BASE_EMBEDDED_H

#include <stddef.h>

/* A table of these ends with a NULL name. bytes[size] is a NUL byte. */
struct embedded_file {
    const char *name; /* without folders: "0001_book.sql" */
    const unsigned char *bytes;
    size_t size;
};

#endif
