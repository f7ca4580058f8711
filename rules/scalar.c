#include "rules/scalar.h"

#include "ledger/base/text.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#define SCALAR_SIZE 64 /* no value of any kind is longer */

/* What a reader sees beside the refusal. */
static const char *example(enum value_kind kind)
{
    switch (kind) {
    case VALUE_MONEY:
        return _("an amount such as 50000 yuan");
    case VALUE_RATE:
        return _("a percentage such as 4.35%");
    case VALUE_INTEGER:
        return _("a whole number such as 20");
    case VALUE_DAYS:
        return _("a number of days such as 90 days");
    case VALUE_MONTHS:
        return _("a number of months such as 36 months");
    case VALUE_YEARS:
        return _("a number of years such as 65 years");
    case VALUE_DATE:
        return _("a date such as 2016-10-01");
    case VALUE_TRUTH:
        return _("yes or no");
    case VALUE_WORD:
        break;
    }
    return "";
}

/* Copies what stands in front of " unit". */
static bool split_unit(const char *text, const char *unit, char number[static SCALAR_SIZE])
{
    size_t length = strlen(text);
    size_t tail = strlen(unit);
    if (length <= tail + 1 || length - tail - 1 >= SCALAR_SIZE ||
        strcmp(text + length - tail, unit) != 0 || text[length - tail - 1] != ' ') {
        return false;
    }
    memcpy(number, text, length - tail - 1);
    number[length - tail - 1] = '\0';
    return true;
}

/* 010 is eight to some programs and ten to others; here it is a slip of the hand. */
static bool refuse_leading_zero(const char *text, struct error *err)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    if (digits[0] == '0' && '0' <= digits[1] && digits[1] <= '9') {
        return error_set(err, FAULT_INPUT, "policy.value", _("a number does not begin with 0"));
    }
    return true;
}

static bool parse_money(const char *text, int64_t *ret, struct error *err)
{
    char number[SCALAR_SIZE];
    struct money amount = MONEY_ZERO;
    if (!split_unit(text, "yuan", number)) {
        return error_set(err, FAULT_INPUT, "policy.value", _("the unit is missing"));
    }
    if (!refuse_leading_zero(number, err) || !money_parse(number, &amount, err)) {
        return false;
    }
    *ret = money_fen(amount);
    return true;
}

static bool parse_rate(const char *text, int64_t *ret, struct error *err)
{
    size_t length = strlen(text);
    struct rate rate = {0};
    if (length == 0 || text[length - 1] != '%') {
        return error_set(err, FAULT_INPUT, "policy.value", _("the percent sign is missing"));
    }
    if (!refuse_leading_zero(text, err) || !rate_parse(text, &rate, err)) {
        return false;
    }
    *ret = rate.ppm;
    return true;
}

/* "1 month", "36 months": the singular belongs to 1 alone. */
static bool parse_count(const char *text, const char *one, const char *many, int64_t *ret,
                        struct error *err)
{
    char number[SCALAR_SIZE];
    bool single = split_unit(text, one, number);
    if (!single && !split_unit(text, many, number)) {
        return error_set(err, FAULT_INPUT, "policy.value", _("the unit is missing"));
    }
    if (!text_parse_int(number, 0, INT32_MAX, ret, err)) {
        return false;
    }
    if (single != (*ret == 1)) {
        return error_set(err, FAULT_INPUT, "policy.value", _("the unit does not fit the number"));
    }
    return true;
}

static bool parse_date(const char *text, int64_t *ret, struct error *err)
{
    struct date date = {0};
    if (!date_parse(text, &date, err)) {
        return false;
    }
    *ret = date.day;
    return true;
}

static bool parse_truth(const char *text, int64_t *ret, struct error *err)
{
    if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0) {
        return error_set(err, FAULT_INPUT, "policy.value", _("another word stands there"));
    }
    *ret = text[0] == 'y';
    return true;
}

static bool parse_number(const char *text, enum value_kind kind, int64_t *ret, struct error *err)
{
    switch (kind) {
    case VALUE_MONEY:
        return parse_money(text, ret, err);
    case VALUE_RATE:
        return parse_rate(text, ret, err);
    case VALUE_INTEGER:
        return text_parse_int(text, INT32_MIN, INT32_MAX, ret, err);
    case VALUE_DAYS:
        return parse_count(text, "day", "days", ret, err);
    case VALUE_MONTHS:
        return parse_count(text, "month", "months", ret, err);
    case VALUE_YEARS:
        return parse_count(text, "year", "years", ret, err);
    case VALUE_DATE:
        return parse_date(text, ret, err);
    case VALUE_TRUTH:
        return parse_truth(text, ret, err);
    case VALUE_WORD:
        break;
    }
    assert(kind != VALUE_WORD);
    return false;
}

bool scalar_parse(const char *text, enum value_kind kind, struct value *ret, struct error *err)
{
    struct error cause = {0};
    int64_t number = 0;
    if (strlen(text) >= SCALAR_SIZE) {
        error_set(err, FAULT_INPUT, "policy.value", _("the value is too long"));
        error_limit(err, _("at most %d bytes"), SCALAR_SIZE - 1);
        return error_next(err, _("write %s"), example(kind));
    }
    if (!parse_number(text, kind, &number, &cause)) {
        error_set(err, FAULT_INPUT, "policy.value", _("“%s” cannot be read: %s"), text, cause.text);
        return error_limit(err, _("expected: %s"), example(kind));
    }
    *ret = (struct value){.kind = kind, .number = number};
    return true;
}
