/* value.h - one typed value of a policy or of a case. Layer: rules.
 * Every kind is held in one whole number, so comparing and storing are the same for all. */
#ifndef YICANG_RULES_VALUE_H
#define YICANG_RULES_VALUE_H

#include "ledger/base/date.h"
#include "ledger/base/money.h"
#include "ledger/base/rate.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_kind {
    VALUE_MONEY,   /* fen */
    VALUE_RATE,    /* ppm: a rate a year, or a share of a whole */
    VALUE_INTEGER, /* a number without a unit */
    VALUE_DAYS,
    VALUE_MONTHS,
    VALUE_YEARS,
    VALUE_DATE,  /* day number */
    VALUE_TRUTH, /* 0 or 1 */
    VALUE_WORD,  /* one of a list of words, by its position */
};

/* The words a value may be, e.g. the purposes of a loan. Lists live as long as the program. */
struct word_list {
    const char *name;
    const char *const *words;
    size_t count;
    const char *const *words_zh; /* what each means, for people; NULL: shown as they are */
};

struct value {
    enum value_kind kind;
    int64_t number;
    const struct word_list *words; /* of a VALUE_WORD */
};

/* Reading a value as another kind than it has is our own mistake. */
static inline struct money value_money(struct value value)
{
    assert(value.kind == VALUE_MONEY);
    return money_from_fen(value.number);
}
static inline struct rate value_rate(struct value value)
{
    assert(value.kind == VALUE_RATE);
    return rate_from_ppm(value.number);
}
static inline struct date value_date(struct value value)
{
    assert(value.kind == VALUE_DATE);
    return date_from_day(value.number);
}
static inline bool value_truth(struct value value)
{
    assert(value.kind == VALUE_TRUTH);
    return value.number != 0;
}

/* "money", "rate", ... for messages, translated. */
const char *value_kind_name(enum value_kind kind);

/* The position of a word in its list; false if it is none of them. */
bool word_find(const struct word_list *list, const char *word, size_t *ret);

#define VALUE_TEXT_SIZE 72
#define VALUE_WORD_LENGTH_MAX 64
/* The value as a policy writes it: "50000 yuan", "5%", "36 months", "2016-10-01", "yes". For money
 * without a broken yuan the decimals are left out. Returns buffer. */
char *value_format(struct value value, char buffer[static VALUE_TEXT_SIZE]);
/* What a word means, in Chinese. */
const char *word_title(struct value value);
/* The value for people: in English as value_format() writes it, in Chinese "50000 元", "36 个月",
 * "是". Years are years of age: no fact, and so nothing that can be asked, has others. Never for
 * what is stored or read again. Returns buffer. */
char *value_tell(struct value value, bool chinese, char buffer[static VALUE_TEXT_SIZE]);

#endif
