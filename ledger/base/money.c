#include "ledger/base/money.h"

#include "ledger/base/decimal.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"

#include <assert.h>
#include <string.h>

bool money_add(struct money a, struct money b, struct money *ret)
{
    int64_t sum;
    if (__builtin_add_overflow(a.fen, b.fen, &sum)) {
        return false;
    }
    ret->fen = sum;
    return true;
}

bool money_sub(struct money a, struct money b, struct money *ret)
{
    int64_t difference;
    if (__builtin_sub_overflow(a.fen, b.fen, &difference)) {
        return false;
    }
    ret->fen = difference;
    return true;
}

struct money money_negate(struct money a)
{
    assert(a.fen != INT64_MIN);
    return (struct money){-a.fen};
}

int money_compare(struct money a, struct money b)
{
    return (a.fen > b.fen) - (a.fen < b.fen);
}

struct money money_min(struct money a, struct money b)
{
    return a.fen < b.fen ? a : b;
}

struct money money_max(struct money a, struct money b)
{
    return a.fen > b.fen ? a : b;
}

bool money_is_zero(struct money a)
{
    return a.fen == 0;
}

bool money_is_positive(struct money a)
{
    return a.fen > 0;
}

bool money_is_negative(struct money a)
{
    return a.fen < 0;
}

bool money_mul_div(struct money a, int64_t num, int64_t den, enum rounding how, struct money *ret)
{
    return wide_divide((wide)a.fen * num, den, how, &ret->fen);
}

bool money_share(struct money a, struct rate rate, enum rounding how, struct money *ret)
{
    return money_mul_div(a, rate.ppm, RATE_WHOLE_PPM, how, ret);
}

bool money_parse(const char *text, struct money *ret, struct error *err)
{
    const struct decimal_form form = {.decimals = 2, .grouped = true, .limit = MONEY_LIMIT_FEN};
    switch (decimal_read(text, strlen(text), form, &ret->fen)) {
    case DECIMAL_READ:
        return true;
    case DECIMAL_EMPTY:
        return error_set(err, FAULT_USAGE, "money.empty", _("the amount is missing"));
    case DECIMAL_FULL_WIDTH:
        (void)error_set(err, FAULT_USAGE, "money.full-width",
                        _("the amount “%s” has full-width characters"), text);
        return error_next(err, _("write the digits 0 to 9 and the full stop in half width"));
    case DECIMAL_TOO_PRECISE:
        (void)error_set(err, FAULT_USAGE, "money.too-precise",
                        _("the amount “%s” has more than two decimals"), text);
        return error_limit(err, _("the smallest unit is the fen, 0.01 yuan"));
    case DECIMAL_TOO_LARGE:
        (void)error_set(err, FAULT_USAGE, "money.too-large", _("the amount “%s” is too large"),
                        text);
        return error_limit(err, _("at most 10,000,000,000,000.00 yuan"));
    case DECIMAL_MALFORMED:
        break;
    }
    (void)error_set(err, FAULT_USAGE, "money.format", _("“%s” is not an amount of money"), text);
    return error_next(err, _("write yuan with at most two decimals, such as 50000 or 50,000.00"));
}

bool money_parse_positive(const char *text, struct money *ret, struct error *err)
{
    struct money amount;
    if (!money_parse(text, &amount, err)) {
        return false;
    }
    if (amount.fen == 0) {
        (void)error_set(err, FAULT_USAGE, "money.zero", _("the amount is zero"));
        return error_limit(err, _("at least 0.01 yuan"));
    }
    if (amount.fen < 0) {
        (void)error_set(err, FAULT_USAGE, "money.negative", _("the amount “%s” is less than zero"),
                        text);
        return error_limit(err, _("at least 0.01 yuan"));
    }
    *ret = amount;
    return true;
}

/* Also right for INT64_MIN, whose magnitude is no int64_t. */
static uint64_t magnitude_of(struct money amount)
{
    return amount.fen < 0 ? 0 - (uint64_t)amount.fen : (uint64_t)amount.fen;
}

static void write_cents(char *at, uint64_t fen)
{
    *at++ = '.';
    at = decimal_write_digits(at, fen, 2);
    *at = '\0';
}

char *money_format(struct money amount, char buffer[static MONEY_TEXT_SIZE])
{
    const uint64_t fen = magnitude_of(amount);
    char *at = buffer;
    if (amount.fen < 0) {
        *at++ = '-';
    }
    at = decimal_write_digits(at, fen / 100, 1);
    write_cents(at, fen % 100);
    return buffer;
}

char *money_format_grouped(struct money amount, char buffer[static MONEY_TEXT_SIZE])
{
    const uint64_t fen = magnitude_of(amount);
    const uint64_t yuan = fen / 100;
    char *at = buffer;
    if (amount.fen < 0) {
        *at++ = '-';
    }
    uint64_t group = 1;
    while (yuan / group >= 1000) {
        group *= 1000;
    }
    at = decimal_write_digits(at, yuan / group, 1);
    while (group > 1) {
        group /= 1000;
        *at++ = ',';
        at = decimal_write_digits(at, yuan / group % 1000, 3);
    }
    write_cents(at, fen % 100);
    return buffer;
}
