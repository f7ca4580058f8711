/* personal.c - normal forms and masks of personal data. */
#include "ledger/audit/privacy.h"

#include <assert.h>
#include <string.h>

#include "ledger/base/text.h"

#define ID_LENGTH 18
#define CHINA "+86"
#define CHINA_TRUNK "0" /* stands before the area code inside the country */
#define MOBILE_DIGITS 11
#define CARD_MIN 12
#define CARD_MAX 23

const char *personal_field_name(enum personal_field field)
{
    switch (field) {
    case FIELD_NAME:
        return "name";
    case FIELD_ID_NO:
        return "id_no";
    case FIELD_PHONE:
        return "phone";
    case FIELD_BANK_CARD:
        return "bank_card";
    }
    assert(false);
    return "";
}

bool personal_field_find(const char *name, enum personal_field *ret)
{
    static const enum personal_field fields[] = {FIELD_NAME, FIELD_ID_NO, FIELD_PHONE,
                                                 FIELD_BANK_CARD};
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (strcmp(name, personal_field_name(fields[i])) == 0) {
            *ret = fields[i];
            return true;
        }
    }
    return false;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool all_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!is_digit(text[i])) {
            return false;
        }
    }
    return true;
}

/* Identity numbers ---------------------------------------------------------------------------- */

static int number_at(const char *text, size_t digits)
{
    int number = 0;
    for (size_t i = 0; i < digits; i++) {
        number = 10 * number + (text[i] - '0');
    }
    return number;
}

static bool birth_date(const char *normal, struct date *ret)
{
    struct ymd ymd = {number_at(normal + 6, 4), number_at(normal + 10, 2),
                      number_at(normal + 12, 2)};
    return date_from_ymd(ymd, ret);
}

/* ISO 7064 MOD 11-2: the weight of a place is 2 to the number of places behind it, modulo 11. */
static char check_character(const char *normal)
{
    int sum = 0;
    for (size_t i = 0; i < ID_LENGTH - 1; i++) {
        sum = (sum + (normal[i] - '0')) * 2 % 11;
    }
    return "10X98765432"[sum];
}

static bool refuse_digit(struct error *err)
{
    return error_set(err, FAULT_USAGE, "person.id-number-digit",
                     _("an identity number is 17 digits and one more digit or X"));
}

static bool check_id_form(const char *normal, struct error *err)
{
    char last = normal[ID_LENGTH - 1];
    struct date birth;
    if (!all_digits(normal, ID_LENGTH - 1) || (!is_digit(last) && last != 'X')) {
        return refuse_digit(err);
    }
    if (!birth_date(normal, &birth)) {
        return error_set(err, FAULT_USAGE, "person.id-number-birth-date",
                         _("the date of birth in the identity number (%.8s) is not in the "
                           "calendar"),
                         normal + 6);
    }
    if (check_character(normal) != last) {
        (void)error_set(err, FAULT_USAGE, "person.id-number-check",
                        _("the last character of the identity number does not fit the others"));
        return error_next(err, _("Compare the number with the card digit by digit."));
    }
    return true;
}

bool id_number_normalise(const char *text, char ret[static 19], struct error *err)
{
    size_t bytes = strlen(text);
    size_t characters = text_is_utf8(text, bytes) ? text_code_points(text) : bytes;
    if (characters != ID_LENGTH) {
        (void)error_set(err, FAULT_USAGE, "person.id-number-length",
                        _("the identity number has %zu characters"), characters);
        return error_limit(err, _("an identity number has 18"));
    }
    if (bytes != ID_LENGTH) {
        return refuse_digit(err);
    }
    char normal[ID_LENGTH + 1];
    memcpy(normal, text, sizeof normal);
    if (normal[ID_LENGTH - 1] == 'x') {
        normal[ID_LENGTH - 1] = 'X';
    }
    if (!check_id_form(normal, err)) {
        return false;
    }
    memcpy(ret, normal, sizeof normal);
    return true;
}

struct date id_number_birth_date(const char *normal)
{
    struct date birth = {0};
    bool known = birth_date(normal, &birth);
    assert(known);
    return birth;
}

/* Numbers written with spaces and hyphens ------------------------------------------------------ */

/* Copies the digits; a space or hyphen may stand between two of them. */
static bool copy_digits(const char *text, char *ret, size_t capacity)
{
    size_t count = 0;
    for (size_t i = 0; text[i] != '\0'; i++) {
        if (text[i] == ' ' || text[i] == '-') {
            if (count == 0 || !is_digit(text[i - 1]) || !is_digit(text[i + 1])) {
                return false;
            }
            continue;
        }
        if (!is_digit(text[i]) || count + 1 == capacity) {
            return false;
        }
        ret[count++] = text[i];
    }
    ret[count] = '\0';
    return count > 0;
}

/* Mobile numbers: 11 digits from 13 on. Landlines: the area code without its 0 (10, 2x, or three
 * digits from 3 on), then 7 or 8 digits that begin with 2 to 8. */
static bool is_mobile(const char *national)
{
    return strlen(national) == MOBILE_DIGITS && national[0] == '1' && national[1] >= '3';
}

static bool is_landline(const char *national)
{
    bool short_area = strncmp(national, "10", 2) == 0 || national[0] == '2';
    bool long_area = national[0] >= '3' && national[0] <= '9';
    size_t area = short_area ? 2 : 3;
    size_t length = strlen(national);
    return (short_area || long_area) && (length == area + 7 || length == area + 8) &&
           national[area] >= '2' && national[area] <= '8';
}

bool phone_normalise(const char *text, char ret[static 16], struct error *err)
{
    static const char *const countries[] = {"+86", "0086"};
    char digits[16];
    const char *rest = text;
    bool abroad = false;
    for (size_t i = 0; i < COUNT_OF(countries) && !abroad; i++) {
        abroad = text_starts_with(text, countries[i]);
        rest = abroad ? text + strlen(countries[i]) : text;
    }
    if (abroad && (*rest == ' ' || *rest == '-')) {
        rest++;
    }
    bool good = copy_digits(rest, digits, sizeof digits);
    bool trunk = good && !abroad && digits[0] == '0';
    const char *national = trunk ? digits + 1 : digits;
    good =
        good && ((is_mobile(national) && !trunk) || (is_landline(national) && (trunk || abroad)));
    if (!good) {
        (void)error_set(err, FAULT_USAGE, "person.phone", _("this is not a telephone number"));
        return error_limit(err, _("a mobile number of 11 digits, or a landline with its area code, "
                                  "such as 0835-2223344"));
    }
    memcpy(ret, CHINA, sizeof CHINA - 1);
    memcpy(ret + strlen(CHINA), national, strlen(national) + 1);
    return true;
}

/* The check digit of ISO/IEC 7812 (Luhn). */
static bool card_digits_fit(const char *digits)
{
    int sum = 0;
    size_t length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        int digit = digits[length - 1 - i] - '0';
        int weighed = i % 2 == 0 ? digit : 2 * digit;
        sum += weighed > 9 ? weighed - 9 : weighed;
    }
    return sum % 10 == 0;
}

/* Cards begin with 62 and have 16 to 19 digits; other account numbers have no check digit that all
 * banks share. */
static bool is_card(const char *digits)
{
    size_t length = strlen(digits);
    return text_starts_with(digits, "62") && length >= 16 && length <= 19;
}

bool bank_card_normalise(const char *text, char ret[static 24], struct error *err)
{
    char digits[CARD_MAX + 1];
    if (!copy_digits(text, digits, sizeof digits) || strlen(digits) < CARD_MIN) {
        (void)error_set(err, FAULT_USAGE, "person.bank-card",
                        _("this is not a bank card or account number"));
        return error_limit(err, _("12 to 23 digits"));
    }
    if (is_card(digits) && !card_digits_fit(digits)) {
        (void)error_set(err, FAULT_USAGE, "person.bank-card",
                        _("the last digit of the card number does not fit the others"));
        return error_next(err, _("Compare the number with the card digit by digit."));
    }
    memcpy(ret, digits, strlen(digits) + 1);
    return true;
}

/* Masks --------------------------------------------------------------------------------------- */

static const char *mask_phone(struct arena *arena, const char *value)
{
    const char *national = text_starts_with(value, CHINA) ? value + strlen(CHINA) : value;
    size_t length = strlen(national);
    if (length < 9) {
        return "****";
    }
    return is_mobile(national)
               ? arena_printf(arena, "%.3s****%s", national, national + length - 4)
               : arena_printf(arena, CHINA_TRUNK "%.2s****%s", national, national + length - 4);
}

static const char *mask_name(struct arena *arena, const char *value)
{
    size_t first = 0;
    uint32_t code_point = 0;
    if (!text_next_code_point(value, strlen(value), &first, &code_point)) {
        return "**";
    }
    return arena_printf(arena, "%.*s**", (int)first, value);
}

const char *personal_mask(struct arena *arena, enum personal_field field, const char *value)
{
    size_t length = value == NULL ? 0 : strlen(value);
    if (length == 0) {
        return "";
    }
    switch (field) {
    case FIELD_NAME:
        return mask_name(arena, value);
    case FIELD_ID_NO:
        return length == ID_LENGTH
                   ? arena_printf(arena, "%.3s***********%s", value, value + ID_LENGTH - 4)
                   : "****";
    case FIELD_PHONE:
        return mask_phone(arena, value);
    case FIELD_BANK_CARD:
        return length >= CARD_MIN ? arena_printf(arena, "****%s", value + length - 4) : "****";
    }
    assert(false);
    return "";
}
