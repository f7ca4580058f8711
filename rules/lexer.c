#include "rules/lexer.h"

#include "ledger/base/text.h"
#include "rules/scalar.h"

#include <stdio.h>
#include <string.h>

#define WORD_SIZE 64

struct keyword {
    const char *text;
    enum token_kind kind;
};

static const struct keyword keywords[] = {
    {"and", TOKEN_AND},         {"or", TOKEN_OR},       {"not", TOKEN_NOT},
    {"between", TOKEN_BETWEEN}, {"in", TOKEN_IN},       {"is", TOKEN_IS},
    {"known", TOKEN_KNOWN},     {"share", TOKEN_SHARE}, {"yes", TOKEN_LITERAL},
    {"no", TOKEN_LITERAL},      {"band", TOKEN_BAND},
};

/* Longer signs first, so that "<=" is not read as "<". */
static const struct keyword signs[] = {
    {"<=", TOKEN_LESS_EQUAL}, {">=", TOKEN_GREATER_EQUAL}, {"<>", TOKEN_NOT_EQUAL},
    {"!=", TOKEN_NOT_EQUAL},  {"<", TOKEN_LESS},           {">", TOKEN_GREATER},
    {"=", TOKEN_EQUAL},       {"(", TOKEN_OPEN},           {")", TOKEN_CLOSE},
    {",", TOKEN_COMMA},       {"+", TOKEN_PLUS},           {"-", TOKEN_MINUS},
    {"*", TOKEN_TIMES},
};

struct unit {
    const char *text;
    enum value_kind kind;
};

static const struct unit units[] = {
    {"yuan", VALUE_MONEY},   {"day", VALUE_DAYS},      {"days", VALUE_DAYS},
    {"month", VALUE_MONTHS}, {"months", VALUE_MONTHS}, {"year", VALUE_YEARS},
    {"years", VALUE_YEARS},
};

/* Signs of other languages that people reach for, and what is written here. */
static const struct {
    const char *text;
    const char *instead;
} strangers[] = {
    {"==", "="}, {"&&", "and"}, {"||", "or"}, {"!", "not"}, {"/", "share(money, rate)"},
    {"≤", "<="}, {"≥", ">="},   {"≠", "!="},  {"（", "("},  {"）", ")"},
    {"，", ","}, {"＜", "<"},   {"＞", ">"},  {"＝", "="},  {"×", "*"},
};

static bool is_digit(char c)
{
    return '0' <= c && c <= '9';
}

static bool is_letter(char c)
{
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || c == '_';
}

static const struct keyword *find_keyword(const char *word, size_t length)
{
    for (size_t i = 0; i < COUNT_OF(keywords); i++) {
        if (strlen(keywords[i].text) == length && memcmp(keywords[i].text, word, length) == 0) {
            return &keywords[i];
        }
    }
    return NULL;
}

bool lexer_is_reserved(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if (strcmp(units[i].text, word) == 0) {
            return true;
        }
    }
    return find_keyword(word, strlen(word)) != NULL;
}

static bool refuse(size_t at, size_t *ret_at)
{
    *ret_at = at;
    return false;
}

static size_t span(const struct lexer *lexer, size_t at, bool (*belongs)(char))
{
    while (at < lexer->length && belongs(lexer->text[at])) {
        at++;
    }
    return at;
}

static bool is_word_character(char c)
{
    return is_letter(c) || is_digit(c);
}

static bool is_number_character(char c)
{
    return is_digit(c) || c == '.';
}

/* --- Numbers and dates ------------------------------------------------------------------------ */

/* Everything goes through the parsers of the policy's values: one spelling, no guessing. */
static bool read_literal(struct token *token, const char *text, enum value_kind kind,
                         size_t *ret_at, struct error *err)
{
    struct error cause = {0};
    token->kind = TOKEN_LITERAL;
    if (scalar_parse(text, kind, &token->value, &cause)) {
        return true;
    }
    error_set(err, FAULT_INPUT, "expression.value", "%s", cause.text);
    error_limit(err, "%s", cause.limit);
    return refuse(token->begin, ret_at);
}

static bool read_slice(const struct lexer *lexer, struct token *token, enum value_kind kind,
                       size_t *ret_at, struct error *err)
{
    char text[WORD_SIZE];
    size_t length = token->end - token->begin;
    if (length >= sizeof text) {
        error_set(err, FAULT_INPUT, "expression.value", _("the number is too long"));
        error_limit(err, _("at most %d bytes"), WORD_SIZE - 1);
        error_next(err, _("look for digits typed twice"));
        return refuse(token->begin, ret_at);
    }
    memcpy(text, lexer->text + token->begin, length);
    text[length] = '\0';
    return read_literal(token, text, kind, ret_at, err);
}

static bool looks_like_date(const struct lexer *lexer, size_t at)
{
    static const char form[] = "dddd-dd-dd";
    for (size_t i = 0; form[i] != '\0'; i++) {
        char c = at + i < lexer->length ? lexer->text[at + i] : '\0';
        if (form[i] == 'd' ? !is_digit(c) : c != form[i]) {
            return false;
        }
    }
    return true;
}

/* The unit behind a number: one blank, then a word of the table. */
static const struct unit *find_unit(const struct lexer *lexer, size_t at)
{
    if (at >= lexer->length || lexer->text[at] != ' ') {
        return NULL;
    }
    size_t end = span(lexer, at + 1, is_word_character);
    size_t length = end - at - 1;
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if (strlen(units[i].text) == length &&
            memcmp(units[i].text, lexer->text + at + 1, length) == 0) {
            return &units[i];
        }
    }
    return NULL;
}

static bool read_number(struct lexer *lexer, struct token *token, size_t *ret_at, struct error *err)
{
    enum value_kind kind = VALUE_INTEGER;
    size_t end = span(lexer, lexer->at, is_number_character);
    const struct unit *unit = find_unit(lexer, end);
    if (looks_like_date(lexer, lexer->at)) {
        kind = VALUE_DATE;
        end = lexer->at + strlen("2016-10-01");
    } else if (end < lexer->length && lexer->text[end] == '%') {
        kind = VALUE_RATE;
        end++;
    } else if (unit != NULL) {
        kind = unit->kind;
        end += 1 + strlen(unit->text);
    }
    /* 2016-1-1 and 5%% and 010x must not fall apart into something that can be read. */
    char after = end < lexer->length ? lexer->text[end] : '\0';
    if (is_word_character(after) || after == '.' || after == '%' ||
        (after == '-' && end + 1 < lexer->length && is_digit(lexer->text[end + 1]))) {
        error_set(err, FAULT_INPUT, "expression.value", _("the number or date cannot be read"));
        error_limit(err,
                    _("numbers are written 20, 5%%, 50000 yuan, 90 days; dates 2016-10-01; minus "
                      "stands between blanks"));
        return refuse(token->begin, ret_at);
    }
    token->end = end;
    return read_slice(lexer, token, kind, ret_at, err);
}

/* --- Words and signs -------------------------------------------------------------------------- */

static bool read_word(struct lexer *lexer, struct token *token, size_t *ret_at, struct error *err)
{
    token->end = span(lexer, lexer->at, is_word_character);
    token->kind = TOKEN_NAME;
    const struct keyword *keyword =
        find_keyword(lexer->text + token->begin, token->end - token->begin);
    if (keyword != NULL && keyword->kind == TOKEN_LITERAL) {
        return read_slice(lexer, token, VALUE_TRUTH, ret_at, err);
    }
    if (keyword != NULL) {
        token->kind = keyword->kind;
    }
    return true;
}

static bool refuse_sign(const struct lexer *lexer, size_t *ret_at, struct error *err)
{
    const char *rest = lexer->text + lexer->at;
    for (size_t i = 0; i < COUNT_OF(strangers); i++) {
        if (text_starts_with(rest, strangers[i].text)) {
            error_set(err, FAULT_INPUT, "expression.syntax", _("“%s” is not a sign used here"),
                      strangers[i].text);
            error_next(err, _("write %s"), strangers[i].instead);
            return refuse(lexer->at, ret_at);
        }
    }
    size_t end = lexer->at;
    uint32_t code_point = 0;
    bool valid = text_next_code_point(lexer->text, lexer->length, &end, &code_point);
    error_set(err, FAULT_INPUT, "expression.syntax", _("“%.*s” is not a sign used here"),
              valid ? (int)(end - lexer->at) : 0, rest);
    return refuse(lexer->at, ret_at);
}

static bool read_sign(struct lexer *lexer, struct token *token, size_t *ret_at, struct error *err)
{
    const char *rest = lexer->text + lexer->at;
    for (size_t i = 0; !text_starts_with(rest, "==") && i < COUNT_OF(signs); i++) {
        if (text_starts_with(rest, signs[i].text)) {
            token->kind = signs[i].kind;
            token->end = token->begin + strlen(signs[i].text);
            return true;
        }
    }
    return refuse_sign(lexer, ret_at, err);
}

static bool read_token(struct lexer *lexer, struct token *token, size_t *ret_at, struct error *err)
{
    char first = lexer->text[lexer->at];
    if (is_digit(first)) {
        return read_number(lexer, token, ret_at, err);
    }
    if (is_letter(first)) {
        return read_word(lexer, token, ret_at, err);
    }
    return read_sign(lexer, token, ret_at, err);
}

bool lexer_next(struct lexer *lexer, struct token *ret, size_t *ret_at, struct error *err)
{
    while (lexer->at < lexer->length && lexer->text[lexer->at] == ' ') {
        lexer->at++;
    }
    *ret = (struct token){.kind = TOKEN_END, .begin = lexer->at, .end = lexer->at};
    if (lexer->at == lexer->length) {
        return true;
    }
    if (!read_token(lexer, ret, ret_at, err)) {
        return false;
    }
    lexer->at = ret->end;
    return true;
}
