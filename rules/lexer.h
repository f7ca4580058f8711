/* lexer.h - the words of an expression. Layer: rules; part of expression.h. */
#ifndef YICANG_RULES_LEXER_H
#define YICANG_RULES_LEXER_H

#include "ledger/base/attributes.h"
#include "ledger/base/error.h"
#include "rules/value.h"

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
    TOKEN_END,
    TOKEN_LITERAL, /* a number with its unit, a date, yes, no */
    TOKEN_NAME,    /* a name or a word of a list */
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_NOT,
    TOKEN_BETWEEN,
    TOKEN_IN,
    TOKEN_IS,
    TOKEN_KNOWN,
    TOKEN_SHARE,
    TOKEN_BAND,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_TIMES,
    TOKEN_EQUAL,
    TOKEN_NOT_EQUAL,
    TOKEN_LESS,
    TOKEN_LESS_EQUAL,
    TOKEN_GREATER,
    TOKEN_GREATER_EQUAL,
};

struct token {
    enum token_kind kind;
    size_t begin; /* bytes of the text: [begin, end) */
    size_t end;
    struct value value; /* of a literal */
};

struct lexer {
    const char *text;
    size_t length;
    size_t at;
};

/* The next token; the last is TOKEN_END. Reason ids expression.syntax, expression.value; *ret_at is
 * the byte at which the mistake stands. */
MUST_CHECK bool lexer_next(struct lexer *lexer, struct token *ret, size_t *ret_at,
                           struct error *err);

/* Whether the word belongs to the language, so that no fact, parameter or list may use it. */
bool lexer_is_reserved(const char *word);

#endif
