/* Expected figures are worked out by hand. */
#include "ledger/base/rate.h"
#include "tests/support/check.h"

static void rates_are_read_as_per_cent(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ppm;
    } rows[] = {
        {"4.35%", 43500},
        {"4.35", 43500},
        {"4.785%", 47850},
        {"0.0001%", 1},
        {"0", 0},
        {"0%", 0},
        {"5%", 50000},
        {"100%", RATE_WHOLE_PPM},
        {"12.3456", 123456},
        {"100000%", RATE_LIMIT_PPM},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rate got = rate_from_ppm(-77);
        struct error err = {0};
        check_ok(rate_parse(rows[i].text, &got, &err), &err);
        check_int_equal(got.ppm, rows[i].ppm);
    }
}

static void other_forms_are_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text, *reason;
    } rows[] = {
        {"", "rate.empty"},
        {"%", "rate.format"},
        {"5%%", "rate.format"},
        {"5 %", "rate.format"},
        {" 5%", "rate.format"},
        {"%5", "rate.format"},
        {"+5%", "rate.format"},
        {"5.%", "rate.format"},
        {".5%", "rate.format"},
        {"1,000%", "rate.format"},
        {"05%", "rate.format"},
        {"4.35‰", "rate.format"},
        {"５%", "rate.full-width"},
        {"5％", "rate.full-width"},
        {"0.00001%", "rate.too-precise"},
        {"4.35000", "rate.too-precise"},
        {"100000.0001", "rate.too-large"},
        {"99999999999999999999999999%", "rate.too-large"},
        {"-1%", "rate.negative"},
        {"-0.0001", "rate.negative"},
        {"-99999999999999999999999999%", "rate.negative"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rate got = rate_from_ppm(-77);
        struct error err = {0};
        check_refused(rate_parse(rows[i].text, &got, &err), &err, rows[i].reason);
        check_int_equal(got.ppm, -77);
        check_int_equal(err.fault, FAULT_USAGE);
    }
}

/* A year's ppm in twelfths and thousandths: 43500 / 12000 = 3.625. */
static void rates_are_written_without_needless_zeros(void **state)
{
    (void)state;
    static const struct {
        int64_t ppm;
        const char *percent, *permille;
    } rows[] = {
        {43500, "4.35", "3.625"},
        {50000, "5", "4.1667"},
        {5000, "0.5", "0.4167"},
        {1, "0.0001", "0.0001"},
        {0, "0", "0"},
        {120000, "12", "10"},
        {3, "0.0003", "0.0003"},
        {-43500, "-4.35", "-3.625"},
        {1000000, "100", "83.3333"},
        {RATE_LIMIT_PPM, "100000", "83333.3333"},
        {47850, "4.785", "3.9875"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[RATE_TEXT_SIZE];
        check_text_equal(rate_format(rate_from_ppm(rows[i].ppm), text), rows[i].percent);
        check_text_equal(rate_format_monthly_permille(rate_from_ppm(rows[i].ppm), text),
                         rows[i].permille);
    }
}

static void the_lower_of_two_rates_is_found(void **state)
{
    (void)state;
    check_int_equal(rate_min(rate_from_ppm(50000), rate_from_ppm(43500)).ppm, 43500);
    check_int_equal(rate_min(rate_from_ppm(43500), rate_from_ppm(50000)).ppm, 43500);
    check_int_equal(rate_min(rate_from_ppm(7), rate_from_ppm(7)).ppm, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_are_read_as_per_cent),
        cmocka_unit_test(other_forms_are_refused_with_a_reason),
        cmocka_unit_test(rates_are_written_without_needless_zeros),
        cmocka_unit_test(the_lower_of_two_rates_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
