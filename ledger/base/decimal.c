#include "ledger/base/decimal.h"

#include <string.h>

/* Full-width forms U+FF01 to U+FF3F all begin with these two bytes. */
static bool has_full_width(const char *text, size_t length)
{
    for (size_t i = 0; i + 2 < length; i++) {
        if (memcmp(text + i, "\xEF\xBC", 2) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

struct scan {
    const char *text;
    size_t length;
    size_t at;
    bool negative;
    bool too_large;
    int64_t limit;
    int64_t units;
};

static void take_digit(struct scan *scan, int digit)
{
    /* limit is far below INT64_MAX / 10, so units never overflows before it is noticed. */
    if (!scan->too_large) {
        scan->units = scan->units * 10 + digit;
    }
    if (scan->units > scan->limit) {
        scan->too_large = true;
    }
}

static size_t take_digits(struct scan *scan, size_t most)
{
    size_t count = 0;
    while (count < most && scan->at < scan->length && is_digit(scan->text[scan->at])) {
        take_digit(scan, scan->text[scan->at] - '0');
        scan->at++;
        count++;
    }
    return count;
}

static bool scan_is_at(const struct scan *scan, char c)
{
    return scan->at < scan->length && scan->text[scan->at] == c;
}

/* "0", "7", "50000" or, where groups are allowed, "50,000". */
static bool scan_whole_part(struct scan *scan, bool grouped)
{
    const size_t start = scan->at;
    const size_t count = take_digits(scan, SIZE_MAX);
    if (count == 0 || (count > 1 && scan->text[start] == '0')) {
        return false;
    }
    if (!grouped || !scan_is_at(scan, ',')) {
        return true;
    }
    if (count > 3 || scan->text[start] == '0') {
        return false;
    }
    while (scan_is_at(scan, ',')) {
        scan->at++;
        if (take_digits(scan, 3) != 3) {
            return false;
        }
    }
    return true;
}

/* The decimals that are missing count as zeros; *ret_excess says that there are too many. */
static bool scan_fraction(struct scan *scan, int decimals, bool *ret_excess)
{
    size_t count = 0;
    *ret_excess = false;
    if (scan_is_at(scan, '.')) {
        scan->at++;
        count = take_digits(scan, (size_t)decimals);
        if (count == 0) {
            return false;
        }
        while (scan->at < scan->length && is_digit(scan->text[scan->at])) {
            *ret_excess = true;
            scan->at++;
        }
    }
    for (; count < (size_t)decimals; count++) {
        take_digit(scan, 0);
    }
    return true;
}

enum decimal_outcome decimal_read(const char *text, size_t length, struct decimal_form form,
                                  int64_t *ret_units)
{
    if (length == 0) {
        return DECIMAL_EMPTY;
    }
    if (has_full_width(text, length)) {
        return DECIMAL_FULL_WIDTH;
    }
    struct scan scan = {.text = text, .length = length, .limit = form.limit};
    if (scan_is_at(&scan, '-')) {
        scan.negative = true;
        scan.at++;
    }
    bool excess = false;
    if (!scan_whole_part(&scan, form.grouped) || !scan_fraction(&scan, form.decimals, &excess) ||
        scan.at != length) {
        return DECIMAL_MALFORMED;
    }
    if (excess) {
        return DECIMAL_TOO_PRECISE;
    }
    if (scan.too_large) {
        return DECIMAL_TOO_LARGE;
    }
    *ret_units = scan.negative ? -scan.units : scan.units;
    return DECIMAL_READ;
}

char *decimal_write_digits(char *at, uint64_t magnitude, int min_digits)
{
    char reversed[20];
    int count = 0;
    while (magnitude != 0 || count < min_digits) {
        reversed[count++] = (char)('0' + (int)(magnitude % 10));
        magnitude /= 10;
    }
    while (count > 0) {
        *at++ = reversed[--count];
    }
    return at;
}
