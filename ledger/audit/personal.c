/* personal.c - normal forms and masks of personal data. */
#include "ledger/audit/privacy.h"
#include "ledger/base/text.h"

#include <string.h>

const char *personal_field_name(enum personal_field field)
{
    static const char *const names[] = {"name", "id_no", "phone", "bank_card"};
    return names[field];
}

static bool copy_digits(const char *text, char *ret, size_t size)
{
    size_t length = 0;

    for (; *text != '\0'; text++) {
        if (*text == ' ' || *text == '-') {
            continue;
        }
        if (*text < '0' || *text > '9' || length + 1 >= size) {
            return false;
        }
        ret[length++] = *text;
    }
    ret[length] = '\0';
    return true;
}

static int two_digits(const char *text)
{
    return (text[0] - '0') * 10 + (text[1] - '0');
}

/* ISO 7064 MOD 11-2 (GB 11643). */
static char check_character(const char *normal)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++) {
        sum += weights[i] * (normal[i] - '0');
    }
    return "10X98765432"[sum % 11];
}

static bool birth_ymd(const char *normal, struct date *ret)
{
    struct ymd ymd = {two_digits(normal + 6) * 100 + two_digits(normal + 8),
                      two_digits(normal + 10), two_digits(normal + 12)};
    return date_from_ymd(ymd, ret);
}

bool id_number_normalise(const char *text, char ret[static 19], struct error *err)
{
    struct date birth;

    if (strlen(text) != 18) {
        error_set(err, FAULT_USAGE, "person.id-number-length",
                  _("an identity number of %zu characters"), strlen(text));
        return error_limit(err, _("18 characters"));
    }
    memcpy(ret, text, 19);
    if (ret[17] == 'x') {
        ret[17] = 'X';
    }
    if (strspn(ret, "0123456789") < 17 || (ret[17] != 'X' && (ret[17] < '0' || ret[17] > '9'))) {
        return error_set(err, FAULT_USAGE, "person.id-number-digit",
                         _("an identity number has 17 digits and a digit or X"));
    }
    if (!birth_ymd(ret, &birth)) {
        return error_set(err, FAULT_USAGE, "person.id-number-birth-date",
                         _("the identity number holds no date of birth"));
    }
    if (check_character(ret) != ret[17]) {
        error_set(err, FAULT_USAGE, "person.id-number-check",
                  _("the last character of the identity number does not fit the others"));
        return error_next(err, _("look for a slip of the pen in the number"));
    }
    return true;
}

struct date id_number_birth_date(const char *normal)
{
    struct date birth = {0};
    bool known = birth_ymd(normal, &birth);
    (void)known; /* a normal form has one */
    return birth;
}

bool phone_normalise(const char *text, char ret[static 16], struct error *err)
{
    const char *rest = text_starts_with(text, "+86") ? text + 3 : text;

    if (copy_digits(rest, ret, 16) && strlen(ret) == 11 && ret[0] == '1') {
        return true;
    }
    error_set(err, FAULT_USAGE, "person.phone", _("this is not a mobile phone number"));
    return error_limit(err, _("11 digits beginning with 1, with or without +86"));
}

bool bank_card_normalise(const char *text, char ret[static 24], struct error *err)
{
    if (copy_digits(text, ret, 24) && strlen(ret) >= 12 && strlen(ret) <= 19) {
        return true;
    }
    error_set(err, FAULT_USAGE, "person.bank-card", _("this is not a bank card number"));
    return error_limit(err, _("12 to 19 digits"));
}

const char *personal_mask(struct arena *arena, enum personal_field field, const char *value)
{
    if (value == NULL) {
        return "";
    }
    size_t length = strlen(value);
    size_t at = 0;
    uint32_t first = 0;

    switch (field) {
    case FIELD_ID_NO:
        return length == 18 ? arena_printf(arena, "%.3s***********%s", value, value + 14) : "***";
    case FIELD_PHONE:
        return length == 11 ? arena_printf(arena, "%.3s****%s", value, value + 7) : "***";
    case FIELD_BANK_CARD:
        return length > 4 ? arena_printf(arena, "****%s", value + length - 4) : "***";
    case FIELD_NAME:
        break;
    }
    if (!text_next_code_point(value, length, &at, &first)) {
        return "***";
    }
    return arena_printf(arena, "%.*s**", (int)at, value);
}
