/* line_reader.h - strict reading of text that is made of lines ended by LF. Layer: audit. */
#ifndef YICANG_AUDIT_LINE_READER_H
#define YICANG_AUDIT_LINE_READER_H

#include "ledger/base/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line_reader {
    const char *at;
    const char *end;
};

/* Bytes inside the text that was given to line_reader_init(); no NUL behind them. */
struct span {
    const char *start;
    size_t length;
};

void line_reader_init(struct line_reader *reader, const char *bytes, size_t length);
/* The next line without its LF; false at the end, and at a last line that has no LF. */
MUST_CHECK bool line_next(struct line_reader *reader, struct span *ret);
/* The next line is there and begins with `word` and one space; ret is what follows. The reader
 * stays where it is if not. */
MUST_CHECK bool line_next_field(struct line_reader *reader, const char *word, struct span *ret);
/* The next line is exactly this; the reader stays where it is if not. */
MUST_CHECK bool line_next_is(struct line_reader *reader, const char *line);
bool line_at_end(const struct line_reader *reader);
struct span line_rest(const struct line_reader *reader);

bool span_is(struct span span, const char *text);
/* Copies with a NUL; false if it does not fit or holds a NUL byte. */
MUST_CHECK bool span_copy(struct span span, char *ret, size_t capacity);
/* "0" or digits without a leading zero, at most 2^63-1. */
MUST_CHECK bool span_decimal(struct span span, uint64_t *ret);
/* Strict base64 of exactly 32 bytes. */
MUST_CHECK bool span_base64_sha256(struct span span, struct sha256 *ret);
/* Cuts the next word, or 64 hex digits, and the space behind it off the front. */
MUST_CHECK bool span_take_word(struct span *line, struct span *ret);
MUST_CHECK bool span_take_hash(struct span *line, struct sha256 *ret);

#endif
