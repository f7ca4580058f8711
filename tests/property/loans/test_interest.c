/* Accruals over random periods: however a period is cut, the sum is the same and rounded once. */
#include "ledger/loans/interest.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#define ROUNDS 20000

static void cutting_a_period_changes_nothing(void **state)
{
    (void)state;
    struct random_source source = random_start("cutting_a_period_changes_nothing");
    for (int i = 0; i < ROUNDS; i++) {
        const struct money balance = money_from_fen(random_between(&source, 1, MONEY_LIMIT_FEN));
        const struct rate rate = rate_from_ppm(random_between(&source, 0, 300000));
        const int32_t days = (int32_t)random_between(&source, 0, 400);
        const int32_t cut = (int32_t)random_between(&source, 0, days);
        struct accrual whole;
        struct accrual parts;
        struct money a = MONEY_ZERO;
        struct money b = money_from_fen(-1);
        accrual_init(&whole);
        accrual_init(&parts);
        assert_true(accrual_add(&whole, balance, days, rate));
        assert_true(accrual_add(&parts, balance, cut, rate));
        assert_true(accrual_add(&parts, balance, days - cut, rate));
        assert_true(accrual_round(&whole, ROUND_HALF_UP, &a));
        assert_true(accrual_round(&parts, ROUND_HALF_UP, &b));
        check_int_equal(money_compare(a, b), 0);
        /* The other formulation: one product of amounts, divided once. */
        struct money c = money_from_fen(-1);
        assert_true(money_mul_div(balance, rate.ppm * days, INT64_C(360000000), ROUND_HALF_UP, &c));
        check_int_equal(money_compare(a, c), 0);
    }
}

static void two_shares_of_interest_make_up_the_whole(void **state)
{
    (void)state;
    struct random_source source = random_start("two_shares_of_interest_make_up_the_whole");
    for (int i = 0; i < ROUNDS; i++) {
        const struct money balance = money_from_fen(random_between(&source, 1, 100000000));
        const struct rate rate = rate_from_ppm(random_between(&source, 0, 300000));
        const int32_t days = (int32_t)random_between(&source, 0, 400);
        const int64_t share = random_between(&source, 0, RATE_WHOLE_PPM);
        struct accrual left;
        struct money got = money_from_fen(-1);
        accrual_init(&left);
        assert_true(accrual_add(&left, balance, days, rate));
        const struct money back = money_negate(balance);
        assert_true(accrual_add_share(&left, back, days, rate, rate_from_ppm(share)));
        assert_true(
            accrual_add_share(&left, back, days, rate, rate_from_ppm(RATE_WHOLE_PPM - share)));
        assert_true(accrual_round(&left, ROUND_EXACT, &got));
        check_fen(got, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cutting_a_period_changes_nothing),
        cmocka_unit_test(two_shares_of_interest_make_up_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
