#include "cli/options.h"

#include "ledger/base/text.h"

#include <stdint.h>
#include <string.h>

bool option_word_is(const char *word)
{
    return word[0] == '-' && word[1] != '\0';
}

bool option_word_split(struct arena *arena, const char *word, struct option_word *ret,
                       struct error *err)
{
    if (!text_is_utf8(word, strlen(word))) {
        return error_set(err, FAULT_USAGE, "usage.not-utf8",
                         _("an option on the command line is not UTF-8 text"));
    }
    if (!text_starts_with(word, "--")) {
        error_set(err, FAULT_USAGE, "usage.unknown-option", _("there is no option %s"), word);
        return error_next(err, _("options are whole words with two dashes; see yicang help"));
    }
    const char *equals = strchr(word, '=');
    size_t length = equals == NULL ? strlen(word) : (size_t)(equals - word);
    *ret = (struct option_word){
        .name = arena_text_n(arena, word + 2, length - 2),
        .value = equals == NULL ? NULL : equals + 1,
    };
    return true;
}

size_t option_find(const struct option *option, size_t options, const char *name)
{
    size_t i = 0;
    while (i < options && !text_equal(option[i].name, name)) {
        i++;
    }
    return i;
}

/* A parser's refusal, told with the option it came from. */
static bool refuse_value(const struct option *option, const struct error *cause, struct error *err)
{
    error_set(err, FAULT_USAGE, cause->reason, "--%s: %s", option->name, cause->text);
    if (cause->limit[0] != '\0') {
        error_limit(err, "%s", cause->limit);
    }
    if (cause->next[0] != '\0') {
        error_next(err, "%s", cause->next);
    }
    return false;
}

static bool read_choice(const struct option *option, const char *text, struct error *err)
{
    size_t length = strlen(text);
    const char *word = option->metavar;
    while (length > 0) {
        size_t word_length = strcspn(word, "|");
        if (word_length == length && memcmp(word, text, length) == 0) {
            return true;
        }
        if (word[word_length] == '\0') {
            break;
        }
        word += word_length + 1;
    }
    error_set(err, FAULT_USAGE, "usage.unknown-choice", _("--%s does not know “%s”"), option->name,
              text);
    return error_limit(err, _("one of %s"), option->metavar);
}

static bool read_reference(const struct option *option, const char *text, int64_t *ret,
                           struct error *err)
{
    char letter = option->metavar[0];
    const char *digits = text[0] == letter ? text + 1 : text;
    struct error cause;
    if (text_parse_int(digits, 1, INT64_MAX, ret, &cause)) {
        return true;
    }
    error_set(err, FAULT_USAGE, "usage.reference", _("--%s: “%s” is not a number of that kind"),
              option->name, text);
    return error_limit(err, _("%c and a number from 1, as in %c12, or the number alone"), letter,
                       letter);
}

static bool read_plain(const struct option *option, const char *text, struct error *err)
{
    if (text[0] == '\0') {
        return error_set(err, FAULT_USAGE, "usage.empty", _("--%s is empty"), option->name);
    }
    if (strlen(text) > OPTION_TEXT_BYTES_MAX) {
        error_set(err, FAULT_USAGE, "usage.too-long", _("--%s is longer than a command takes"),
                  option->name);
        return error_limit(err, _("at most %zu bytes"), OPTION_TEXT_BYTES_MAX);
    }
    if (option->kind != OPTION_FILE && !text_is_utf8(text, strlen(text))) {
        return error_set(err, FAULT_USAGE, "usage.not-utf8", _("--%s is not UTF-8 text"),
                         option->name);
    }
    return true;
}

/* 0.0435 stands for 4.35 % more often than for 0.0435 %: what is less than 1 % says so itself. */
static bool read_rate(const char *text, struct rate *ret, struct error *cause)
{
    if (!rate_parse(text, ret, cause)) {
        return false;
    }
    if (ret->ppm == 0 || ret->ppm >= RATE_WHOLE_PPM / 100 || text[strlen(text) - 1] == '%') {
        return true;
    }
    error_set(cause, FAULT_USAGE, "rate.no-percent-sign",
              _("the rate “%s” is less than 1 and has no percent sign"), text);
    return error_next(cause, _("write 4.35%% for 4.35 per cent; %s%% if it is so little"), text);
}

static bool read_by_parser(const struct option *option, const char *text,
                           struct option_value *value, struct error *err)
{
    struct error cause = {0};
    bool fits = true;
    switch (option->kind) {
    case OPTION_MONEY:
        fits = money_parse_positive(text, &value->money, &cause);
        break;
    case OPTION_RATE:
        fits = read_rate(text, &value->rate, &cause);
        break;
    case OPTION_DATE:
        fits = date_parse(text, &value->date, &cause);
        break;
    case OPTION_INT:
        fits = text_parse_int(text, 0, OPTION_INT_MAX, &value->number, &cause);
        break;
    case OPTION_REFERENCE:
        return read_reference(option, text, &value->number, err);
    case OPTION_CHOICE:
        return read_choice(option, text, err);
    case OPTION_FLAG:
    case OPTION_TEXT:
    case OPTION_FILE:
        break;
    }
    return fits || refuse_value(option, &cause, err);
}

bool option_read(struct arena *arena, const struct option *option, const char *text,
                 struct option_value *value, struct error *err)
{
    if (value->given) {
        return error_set(err, FAULT_USAGE, "usage.option-repeated", _("--%s is given twice"),
                         option->name);
    }
    if (option->kind != OPTION_FLAG &&
        !(read_plain(option, text, err) && read_by_parser(option, text, value, err))) {
        return false;
    }
    value->text = text == NULL ? NULL : arena_text(arena, text);
    value->given = true;
    return true;
}

bool options_complete(const struct option *option, size_t options, const struct option_value *value,
                      struct error *err)
{
    for (size_t i = 0; i < options; i++) {
        if (option[i].required && !value[i].given) {
            error_set(err, FAULT_USAGE, "usage.option-missing", _("--%s %s is missing"),
                      option[i].name, option[i].metavar);
            return error_next(err, "--%s %s: %s", option[i].name, option[i].metavar,
                              _(option[i].help));
        }
    }
    return true;
}
