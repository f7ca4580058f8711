#include "ledger/base/rate.h"

#include "ledger/base/decimal.h"
#include "ledger/base/text.h"

#include <string.h>

static bool refuse_negative(const char *text, struct error *err)
{
    (void)error_set(err, FAULT_USAGE, "rate.negative", _("the rate “%s” is less than zero"), text);
    return error_limit(err, _("a rate is 0 %% or more"));
}

bool rate_parse(const char *text, struct rate *ret, struct error *err)
{
    const struct decimal_form form = {.decimals = 4, .limit = RATE_LIMIT_PPM};
    size_t length = strlen(text);
    if (length > 1 && text[length - 1] == '%') {
        length--;
    }
    int64_t ppm = 0;
    switch (decimal_read(text, length, form, &ppm)) {
    case DECIMAL_READ:
        if (ppm < 0) {
            return refuse_negative(text, err);
        }
        ret->ppm = ppm;
        return true;
    case DECIMAL_EMPTY:
        return error_set(err, FAULT_USAGE, "rate.empty", _("the rate is missing"));
    case DECIMAL_FULL_WIDTH:
        (void)error_set(err, FAULT_USAGE, "rate.full-width",
                        _("the rate “%s” has full-width characters"), text);
        return error_next(err, _("write the digits 0 to 9 and the full stop in half width"));
    case DECIMAL_TOO_PRECISE:
        (void)error_set(err, FAULT_USAGE, "rate.too-precise",
                        _("the rate “%s” has more than four decimals"), text);
        return error_limit(err, _("the smallest step is 0.0001 %%"));
    case DECIMAL_TOO_LARGE:
        if (text[0] == '-') {
            return refuse_negative(text, err);
        }
        (void)error_set(err, FAULT_USAGE, "rate.too-large", _("the rate “%s” is too large"), text);
        return error_limit(err, _("at most 100000 %% a year"));
    case DECIMAL_MALFORMED:
        break;
    }
    (void)error_set(err, FAULT_USAGE, "rate.format", _("“%s” is not a rate"), text);
    return error_next(err, _("write per cent with at most four decimals, such as 4.35%%"));
}

struct rate rate_min(struct rate a, struct rate b)
{
    return a.ppm < b.ppm ? a : b;
}

/* units / 10000 without zeros at the end of the decimals. */
static char *format_ten_thousandths(int64_t units, char *buffer)
{
    const uint64_t magnitude = units < 0 ? 0 - (uint64_t)units : (uint64_t)units;
    char *at = buffer;
    if (units < 0) {
        *at++ = '-';
    }
    at = decimal_write_digits(at, magnitude / 10000, 1);
    if (magnitude % 10000 != 0) {
        *at++ = '.';
        at = decimal_write_digits(at, magnitude % 10000, 4);
        while (at[-1] == '0') {
            at--;
        }
    }
    *at = '\0';
    return buffer;
}

char *rate_format(struct rate rate, char buffer[static RATE_TEXT_SIZE])
{
    return format_ten_thousandths(rate.ppm, buffer);
}

char *rate_format_monthly_permille(struct rate rate, char buffer[static RATE_TEXT_SIZE])
{
    /* ppm / 12000 permille a month = ppm x 5 / 6 ten-thousandths; the rest of the division keeps
     * the product small for every ppm. */
    const int64_t sixths = rate.ppm % 6 * 5;
    const int64_t half = sixths < 0 ? -3 : 3;
    return format_ten_thousandths(rate.ppm / 6 * 5 + (sixths + half) / 6, buffer);
}
