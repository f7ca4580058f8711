#include "ledger/audit/line_reader.h"

#include <string.h>

void line_reader_init(struct line_reader *reader, const char *bytes, size_t length)
{
    reader->at = bytes;
    reader->end = bytes + length;
}

bool line_at_end(const struct line_reader *reader)
{
    return reader->at == reader->end;
}

struct span line_rest(const struct line_reader *reader)
{
    return (struct span){reader->at, (size_t)(reader->end - reader->at)};
}

bool line_next(struct line_reader *reader, struct span *ret)
{
    if (line_at_end(reader)) {
        return false;
    }
    const char *stop = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
    if (stop == NULL) {
        return false;
    }
    *ret = (struct span){reader->at, (size_t)(stop - reader->at)};
    reader->at = stop + 1;
    return true;
}

bool line_next_field(struct line_reader *reader, const char *word, struct span *ret)
{
    struct line_reader ahead = *reader;
    struct span line;
    size_t length = strlen(word);
    if (!line_next(&ahead, &line) || line.length <= length ||
        memcmp(line.start, word, length) != 0 || line.start[length] != ' ') {
        return false;
    }
    *ret = (struct span){line.start + length + 1, line.length - length - 1};
    *reader = ahead;
    return true;
}

bool line_next_is(struct line_reader *reader, const char *line)
{
    struct line_reader ahead = *reader;
    struct span got;
    if (!line_next(&ahead, &got) || !span_is(got, line)) {
        return false;
    }
    *reader = ahead;
    return true;
}

bool span_is(struct span span, const char *text)
{
    return span.length == strlen(text) && memcmp(span.start, text, span.length) == 0;
}

bool span_copy(struct span span, char *ret, size_t capacity)
{
    if (span.length >= capacity || memchr(span.start, '\0', span.length) != NULL) {
        return false;
    }
    memcpy(ret, span.start, span.length);
    ret[span.length] = '\0';
    return true;
}

bool span_decimal(struct span span, uint64_t *ret)
{
    if (span.length == 0 || span.length > 19 || (span.length > 1 && span.start[0] == '0')) {
        return false;
    }
    uint64_t number = 0;
    for (size_t i = 0; i < span.length; i++) {
        if (span.start[i] < '0' || span.start[i] > '9') {
            return false;
        }
        number = number * 10 + (uint64_t)(span.start[i] - '0'); /* 19 digits fit 64 bits */
    }
    if (number > INT64_MAX) {
        return false;
    }
    *ret = number;
    return true;
}

bool span_base64_sha256(struct span span, struct sha256 *ret)
{
    uint8_t bytes[SHA256_SIZE];
    size_t length = 0;
    if (!base64_parse(span.start, span.length, bytes, sizeof bytes, &length) ||
        length != SHA256_SIZE) {
        return false;
    }
    memcpy(ret->byte, bytes, SHA256_SIZE);
    return true;
}

bool span_take_word(struct span *line, struct span *ret)
{
    const char *space = memchr(line->start, ' ', line->length);
    size_t length = space == NULL ? line->length : (size_t)(space - line->start);
    size_t used = space == NULL ? length : length + 1;
    *ret = (struct span){line->start, length};
    *line = (struct span){line->start + used, line->length - used};
    return length > 0;
}

bool span_take_hash(struct span *line, struct sha256 *ret)
{
    struct span word;
    char text[SHA256_HEX_SIZE];
    return span_take_word(line, &word) && span_copy(word, text, sizeof text) &&
           hex_parse(text, ret->byte, SHA256_SIZE);
}
