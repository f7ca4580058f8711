#include "rules/scalar.h"
#include "tests/support/check.h"

#include <string.h>

struct row {
    const char *text;
    enum value_kind kind;
    int64_t number;
    const char *formatted; /* NULL: as it was written */
};

static void each_kind_is_read_and_written_back(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"50000 yuan", VALUE_MONEY, 5000000, NULL},
        {"50,000.00 yuan", VALUE_MONEY, 5000000, "50000 yuan"},
        {"0.05 yuan", VALUE_MONEY, 5, NULL},
        {"-3.50 yuan", VALUE_MONEY, -350, NULL},
        {"5%", VALUE_RATE, 50000, NULL},
        {"4.35%", VALUE_RATE, 43500, NULL},
        {"0.0001%", VALUE_RATE, 1, NULL},
        {"100%", VALUE_RATE, 1000000, NULL},
        {"20", VALUE_INTEGER, 20, NULL},
        {"0", VALUE_INTEGER, 0, NULL},
        {"-7", VALUE_INTEGER, -7, NULL},
        {"90 days", VALUE_DAYS, 90, NULL},
        {"1 day", VALUE_DAYS, 1, NULL},
        {"0 days", VALUE_DAYS, 0, NULL},
        {"36 months", VALUE_MONTHS, 36, NULL},
        {"1 month", VALUE_MONTHS, 1, NULL},
        {"65 years", VALUE_YEARS, 65, NULL},
        {"1 year", VALUE_YEARS, 1, NULL},
        {"1970-01-01", VALUE_DATE, 0, NULL},
        {"2016-10-20", VALUE_DATE, 17094, NULL}, /* date -ud 2016-10-20 +%s, divided by 86400 */
        {"yes", VALUE_TRUTH, 1, NULL},
        {"no", VALUE_TRUTH, 0, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct value got = {.kind = VALUE_TRUTH, .number = -1};
        struct error err = {0};
        char text[VALUE_TEXT_SIZE];
        check_ok(scalar_parse(rows[i].text, rows[i].kind, &got, &err), &err);
        check_int_equal(got.kind, rows[i].kind);
        check_int_equal(got.number, rows[i].number);
        check_text_equal(value_format(got, text),
                         rows[i].formatted == NULL ? rows[i].text : rows[i].formatted);
    }
}

static void other_spellings_are_refused(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", VALUE_MONEY, 0, NULL},
        {"yuan", VALUE_MONEY, 0, NULL},
        {" yuan", VALUE_MONEY, 0, NULL},
        {"50000yuan", VALUE_MONEY, 0, NULL},
        {"50000 yuan ", VALUE_MONEY, 0, NULL},
        {"50000 元", VALUE_MONEY, 0, NULL},
        {"5万 yuan", VALUE_MONEY, 0, NULL},
        {"1e5 yuan", VALUE_MONEY, 0, NULL},
        {"-05 yuan", VALUE_MONEY, 0, NULL},
        {"00 yuan", VALUE_MONEY, 0, NULL},
        {"00.5%", VALUE_RATE, 0, NULL},
        {"", VALUE_RATE, 0, NULL},
        {"%", VALUE_RATE, 0, NULL},
        {"20%%", VALUE_RATE, 0, NULL},
        {"5% ", VALUE_RATE, 0, NULL},
        {"5％", VALUE_RATE, 0, NULL},
        {"", VALUE_INTEGER, 0, NULL},
        {"010", VALUE_INTEGER, 0, NULL},
        {"+5", VALUE_INTEGER, 0, NULL},
        {"1_000", VALUE_INTEGER, 0, NULL},
        {"9999999999", VALUE_INTEGER, 0, NULL},
        {"days", VALUE_DAYS, 0, NULL},
        {"-1 days", VALUE_DAYS, 0, NULL},
        {"1 days", VALUE_DAYS, 0, NULL},
        {"2 day", VALUE_DAYS, 0, NULL},
        {"90 Days", VALUE_DAYS, 0, NULL},
        {"1.5 years", VALUE_YEARS, 0, NULL},
        {"2016-02-30", VALUE_DATE, 0, NULL},
        {"2016-10-20 ", VALUE_DATE, 0, NULL},
        {"", VALUE_TRUTH, 0, NULL},
        {"y", VALUE_TRUTH, 0, NULL},
        {"YES", VALUE_TRUTH, 0, NULL},
        {"true", VALUE_TRUTH, 0, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct value got = {.kind = VALUE_TRUTH, .number = -1};
        struct error err = {0};
        check_refused(scalar_parse(rows[i].text, rows[i].kind, &got, &err), &err, "policy.value");
        check_int_equal(got.number, -1);
        assert_non_null(strstr(err.limit, "expected: "));
    }
}

static void kinds_have_names_for_messages(void **state)
{
    (void)state;
    check_text_equal(value_kind_name(VALUE_MONEY), "money");
    check_text_equal(value_kind_name(VALUE_RATE), "rate");
    check_text_equal(value_kind_name(VALUE_INTEGER), "whole number");
    check_text_equal(value_kind_name(VALUE_DAYS), "days");
    check_text_equal(value_kind_name(VALUE_MONTHS), "months");
    check_text_equal(value_kind_name(VALUE_YEARS), "years");
    check_text_equal(value_kind_name(VALUE_DATE), "date");
    check_text_equal(value_kind_name(VALUE_TRUTH), "yes or no");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_read_and_written_back),
        cmocka_unit_test(other_spellings_are_refused),
        cmocka_unit_test(kinds_have_names_for_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
