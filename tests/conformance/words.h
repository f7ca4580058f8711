/* words.h - the words of one line of a table of cases. */
#ifndef YICANG_TESTS_CONFORMANCE_WORDS_H
#define YICANG_TESTS_CONFORMANCE_WORDS_H

#include "tests/support/check.h"

#include "ledger/base/digest.h"

#include <string.h>

/* Cuts the next word off; fails the test if there is none. */
static inline char *word_next(char **text)
{
    char *word = strsep(text, " ");
    assert_non_null(word);
    return word;
}

/* Bytes in hex; "-" is none. */
static inline size_t word_bytes(char **text, uint8_t *ret, size_t capacity)
{
    const char *word = word_next(text);
    size_t length = strcmp(word, "-") == 0 ? 0 : strlen(word) / 2;
    assert_true(length <= capacity);
    assert_true(length == 0 || hex_parse(word, ret, length));
    return length;
}

static inline struct sha256 word_hash(char **text)
{
    struct sha256 hash;
    assert_int_equal(word_bytes(text, hash.byte, sizeof hash.byte), sizeof hash.byte);
    return hash;
}

#endif
