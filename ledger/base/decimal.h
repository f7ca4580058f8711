/* decimal.h - the strict reading of a decimal number, shared by amounts and rates. Layer: base.
 * Private to ledger/base: money.c and rate.c put the outcome in the words of their own kind. */
#ifndef YICANG_BASE_DECIMAL_H
#define YICANG_BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum decimal_outcome {
    DECIMAL_READ,
    DECIMAL_EMPTY,
    DECIMAL_FULL_WIDTH, /* digits or signs as a Chinese input method writes them */
    DECIMAL_MALFORMED,
    DECIMAL_TOO_PRECISE, /* well formed, but with more decimals than the kind has */
    DECIMAL_TOO_LARGE,   /* magnitude over the limit */
};

struct decimal_form {
    int decimals;  /* how many the kind has; 0 to 6 */
    bool grouped;  /* "50,000" may stand for "50000" */
    int64_t limit; /* of the magnitude, in units of the last decimal */
};

/* Reads text[0..length): optional '-', digits without needless leading zeros, optional '.' and
 * digits. On DECIMAL_READ *ret_units is the value in units of the last decimal. */
enum decimal_outcome decimal_read(const char *text, size_t length, struct decimal_form form,
                                  int64_t *ret_units);

/* Writes the digits of magnitude, at least min_digits of them, and returns the end. */
char *decimal_write_digits(char *at, uint64_t magnitude, int min_digits);

#endif
