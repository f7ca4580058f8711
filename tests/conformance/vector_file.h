/* vector_file.h - tables of conformance cases: one case a line, "verdict text", # for remarks. */
#ifndef YICANG_TESTS_CONFORMANCE_VECTOR_FILE_H
#define YICANG_TESTS_CONFORMANCE_VECTOR_FILE_H

#include "ledger/base/buffer.h"

#include <stdbool.h>

struct vector_case {
    char *verdict; /* first word */
    char *text;    /* the rest, as written */
    int line;
};

struct vector_file {
    char *bytes;
    char *at;
    int line;
};

/* A file of tests/conformance/data; fails the test if it cannot be read. */
struct vector_file vector_file_open(const char *name);
bool vector_file_next(struct vector_file *file, struct vector_case *ret);
/* Ends the reading; fails the test if there were fewer cases. */
void vector_file_close(struct vector_file *file, int cases, int least);

/* The text with \n and the {...} of the data files put in. */
void vector_expand(const char *text, struct buffer *ret);

#endif
