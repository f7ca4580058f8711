/* Properties of rates: the written form is read back, and never has needless characters. */
#include "ledger/base/rate.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 50000

static int64_t random_ppm(struct random_source *source)
{
    const int64_t limits[] = {100, 10000, 1000000, RATE_LIMIT_PPM};
    return random_between(source, 0, limits[random_between(source, 0, 3)]);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct random_source source = random_start("what_is_written_is_read_back");
    for (int i = 0; i < ROUNDS; i++) {
        const int64_t ppm = random_ppm(&source);
        char text[RATE_TEXT_SIZE + 1];
        struct rate got = rate_from_ppm(-1);
        struct error err = {0};
        rate_format(rate_from_ppm(ppm), text);
        const char *point = strchr(text, '.');
        if (point != NULL)
            assert_true(text[strlen(text) - 1] != '0' && strlen(point) <= 5);
        check_ok(rate_parse(text, &got, &err), &err);
        check_int_equal(got.ppm, ppm);
        memcpy(text + strlen(text), "%", 2);
        check_ok(rate_parse(text, &got, &err), &err);
        check_int_equal(got.ppm, ppm);
    }
}

/* The distance from ppm / 12000 to the written number is at most half a unit of the last decimal:
 * |ppm x 10 - written x 12| <= 6, both in ten-thousandths of a permille. */
static void a_monthly_rate_is_the_nearest_of_four_decimals(void **state)
{
    (void)state;
    struct random_source source = random_start("a_monthly_rate_is_the_nearest_of_four_decimals");
    for (int i = 0; i < ROUNDS; i++) {
        const int64_t ppm = random_ppm(&source);
        char text[RATE_TEXT_SIZE];
        struct rate written = rate_from_ppm(-1);
        struct error err = {0};
        rate_format_monthly_permille(rate_from_ppm(ppm), text);
        check_ok(rate_parse(text, &written, &err), &err);
        assert_true(llabs(ppm * 10 - written.ppm * 12) <= 6);
    }
}

static void any_bytes_are_read_or_refused_with_a_reason(void **state)
{
    (void)state;
    struct random_source source = random_start("any_bytes_are_read_or_refused_with_a_reason");
    static const char alphabet[] = "0123456789.,-+% \t\xEF\xBC\x95x";
    for (int i = 0; i < ROUNDS; i++) {
        char text[12] = {0};
        const int64_t length = random_between(&source, 0, 10);
        for (int64_t k = 0; k < length; k++)
            text[k] = alphabet[random_between(&source, 0, (int64_t)sizeof alphabet - 2)];
        struct rate got = rate_from_ppm(-77);
        struct error err = {0};
        if (rate_parse(text, &got, &err)) {
            assert_true(got.ppm >= 0 && got.ppm <= RATE_LIMIT_PPM);
        } else {
            check_int_equal(got.ppm, -77);
            assert_true(strncmp(err.reason, "rate.", 5) == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(a_monthly_rate_is_the_nearest_of_four_decimals),
        cmocka_unit_test(any_bytes_are_read_or_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
