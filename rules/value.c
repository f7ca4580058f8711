#include "rules/value.h"

#include "ledger/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *value_kind_name(enum value_kind kind)
{
    switch (kind) {
    case VALUE_MONEY:
        return _("money");
    case VALUE_RATE:
        return _("rate");
    case VALUE_INTEGER:
        return _("whole number");
    case VALUE_DAYS:
        return _("days");
    case VALUE_MONTHS:
        return _("months");
    case VALUE_YEARS:
        return _("years");
    case VALUE_DATE:
        return _("date");
    case VALUE_TRUTH:
        return _("yes or no");
    case VALUE_WORD:
        return _("word");
    }
    return "";
}

bool word_find(const struct word_list *list, const char *word, size_t *ret)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->words[i], word) == 0) {
            *ret = i;
            return true;
        }
    }
    return false;
}

static char *format_money(struct money amount, const char *unit,
                          char buffer[static VALUE_TEXT_SIZE])
{
    char text[MONEY_TEXT_SIZE];
    int64_t fen = money_fen(amount);
    if (fen % 100 == 0) {
        snprintf(text, sizeof text, "%" PRId64, fen / 100);
    } else {
        money_format(amount, text);
    }
    snprintf(buffer, VALUE_TEXT_SIZE, "%s %s", text, unit);
    return buffer;
}

static char *format_count(int64_t number, const char *one, const char *many,
                          char buffer[static VALUE_TEXT_SIZE])
{
    snprintf(buffer, VALUE_TEXT_SIZE, "%" PRId64 " %s", number, number == 1 ? one : many);
    return buffer;
}

char *value_format(struct value value, char buffer[static VALUE_TEXT_SIZE])
{
    switch (value.kind) {
    case VALUE_MONEY:
        return format_money(value_money(value), "yuan", buffer);
    case VALUE_RATE: {
        char text[RATE_TEXT_SIZE];
        snprintf(buffer, VALUE_TEXT_SIZE, "%s%%", rate_format(value_rate(value), text));
        return buffer;
    }
    case VALUE_INTEGER:
        snprintf(buffer, VALUE_TEXT_SIZE, "%" PRId64, value.number);
        return buffer;
    case VALUE_DAYS:
        return format_count(value.number, "day", "days", buffer);
    case VALUE_MONTHS:
        return format_count(value.number, "month", "months", buffer);
    case VALUE_YEARS:
        return format_count(value.number, "year", "years", buffer);
    case VALUE_DATE:
        return date_format(value_date(value), buffer);
    case VALUE_TRUTH:
        snprintf(buffer, VALUE_TEXT_SIZE, "%s", value_truth(value) ? "yes" : "no");
        return buffer;
    case VALUE_WORD:
        assert((size_t)value.number < value.words->count);
        snprintf(buffer, VALUE_TEXT_SIZE, "%s", value.words->words[value.number]);
        return buffer;
    }
    return buffer;
}

const char *word_title(struct value value)
{
    const struct word_list *list = value.words;

    assert((size_t)value.number < list->count);
    return (list->words_zh == NULL ? list->words : list->words_zh)[value.number];
}

static char *tell_in_chinese(struct value value, char buffer[static VALUE_TEXT_SIZE])
{
    switch (value.kind) {
    case VALUE_MONEY:
        return format_money(value_money(value), "元", buffer);
    case VALUE_DAYS:
        return format_count(value.number, "天", "天", buffer);
    case VALUE_MONTHS:
        return format_count(value.number, "个月", "个月", buffer);
    case VALUE_YEARS:
        return format_count(value.number, "岁", "岁", buffer);
    case VALUE_TRUTH:
        snprintf(buffer, VALUE_TEXT_SIZE, "%s", value_truth(value) ? "是" : "否");
        return buffer;
    case VALUE_WORD:
        snprintf(buffer, VALUE_TEXT_SIZE, "%s", word_title(value));
        return buffer;
    case VALUE_RATE:
    case VALUE_INTEGER:
    case VALUE_DATE:
        break;
    }
    return value_format(value, buffer); /* figures alone: the same in both */
}

char *value_tell(struct value value, bool chinese, char buffer[static VALUE_TEXT_SIZE])
{
    return chinese ? tell_in_chinese(value, buffer) : value_format(value, buffer);
}
