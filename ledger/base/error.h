/* error.h - one failure, told once. Layer: base (no SQL, no I/O).
 *
 * A function that can fail returns bool and takes a struct error last. The function where the
 * failure starts fills it with `return error_set(err, ...)`, and may add what the limit is and what
 * to do next. Outer functions pass it on untouched. Only the command line prints it. */
#ifndef YICANG_BASE_ERROR_H
#define YICANG_BASE_ERROR_H

#include "ledger/base/attributes.h"

#include <stdbool.h>

/* The kind of a failure; the reason id is the finer name. Each kind has one exit code. */
enum fault {
    FAULT_NONE = 0,
    FAULT_REFUSED,   /* a rule of the trade says no, or the thing is not there     exit 1 */
    FAULT_USAGE,     /* a word of the command is missing or malformed              exit 2 */
    FAULT_INPUT,     /* a file that was handed in is malformed                     exit 3 */
    FAULT_STORE,     /* disk full, read-only, locked, not a book, a newer book     exit 4 */
    FAULT_INTEGRITY, /* the book contradicts itself, its log or its head           exit 5 */
    FAULT_INTERNAL,  /* our own mistake                                            exit 70 */
};

struct error {
    enum fault fault;
    char reason[96]; /* stable id such as "loan.over-household-limit"; empty if nothing failed */
    char text[640];  /* what failed and the fact that made it fail, in the user's language */
    char limit[320]; /* the limit or clause that was met; empty if there is none */
    char next[320];  /* what to do next; empty if there is nothing to say */
    char file[256];  /* for malformed files: which, and where (1-based; 0 = not known) */
    int line;
    int column;
};

/* Fills err (its earlier content is lost) and returns false, so that `return error_set(...)` reads
 * well. text is already translated: error_set(err, FAULT_REFUSED, "loan.closed", _("...")). */
bool error_set(struct error *err, enum fault fault, const char *reason, const char *text, ...)
    PRINTF_LIKE(4, 5);

/* Add to a filled err; both return false. */
bool error_limit(struct error *err, const char *text, ...) PRINTF_LIKE(2, 3);
bool error_next(struct error *err, const char *text, ...) PRINTF_LIKE(2, 3);
bool error_at(struct error *err, const char *file, int line, int column);

/* An analysis that looks at one file alone does not see that these are always false. */
#ifdef __clang_analyzer__
#define error_set(...) ((void)error_set(__VA_ARGS__), false)
#define error_limit(...) ((void)error_limit(__VA_ARGS__), false)
#define error_next(...) ((void)error_next(__VA_ARGS__), false)
#define error_at(...) ((void)error_at(__VA_ARGS__), false)
#endif

/* The exit code of design.md 8 that belongs to a kind of failure. */
int fault_exit_code(enum fault fault);

#endif
