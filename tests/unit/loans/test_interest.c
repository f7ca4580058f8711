/* Figures from the worked loan of the design, and from python3 Fractions: each sum of
 * balance x days x ppm / (360 x 10^6), rounded half up once. */
#include "ledger/loans/interest.h"
#include "tests/support/check.h"

struct part {
    int32_t days;
    int64_t ppm;
};

static void the_worked_loan_is_met(void **state)
{
    (void)state;
    static const struct {
        int32_t days;
        int64_t fen;
    } rows[] = {{62, 37458}, {90, 54375}, {92, 55583}, {29, 17521}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct accrual accrual;
        struct money got = MONEY_ZERO;
        accrual_init(&accrual);
        assert_true(
            accrual_add(&accrual, money_from_fen(5000000), rows[i].days, rate_from_ppm(43500)));
        assert_true(accrual_round(&accrual, ROUND_HALF_UP, &got));
        check_fen(got, rows[i].fen);
    }
}

/* Rounding each part by itself would give 576.53, 0.03 and 0.96. */
static void a_rate_change_inside_a_period_still_rounds_once(void **state)
{
    (void)state;
    static const struct {
        int64_t balance;
        struct part part[3];
        int64_t fen;
    } rows[] = {
        {5000000, {{31, 43500}, {59, 47500}}, 57653},
        {1000, {{10, 43500}, {10, 43500}, {10, 43500}}, 4},
        {33333, {{7, 43500}, {8, 43600}, {9, 43700}}, 97},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct accrual accrual;
        struct money got = MONEY_ZERO;
        accrual_init(&accrual);
        for (size_t k = 0; k < COUNT_OF(rows[i].part); k++) {
            const struct part *part = &rows[i].part[k];
            const struct money balance = money_from_fen(rows[i].balance);
            assert_true(accrual_add(&accrual, balance, part->days, rate_from_ppm(part->ppm)));
        }
        assert_true(accrual_round(&accrual, ROUND_HALF_UP, &got));
        check_fen(got, rows[i].fen);
    }
}

static void a_share_that_changes_inside_a_period_still_rounds_once(void **state)
{
    (void)state;
    const struct money balance = money_from_fen(5000000);
    struct accrual accrual;
    struct money got = MONEY_ZERO;
    accrual_init(&accrual);
    assert_true(
        accrual_add_share(&accrual, balance, 90, rate_from_ppm(43500), rate_from_ppm(700000)));
    assert_true(accrual_round(&accrual, ROUND_HALF_UP, &got));
    check_fen(got, 38063); /* 38,062.5 fen: the tie goes up */
    assert_true(accrual_round(&accrual, ROUND_HALF_EVEN, &got));
    check_fen(got, 38062);
    assert_true(accrual_round(&accrual, ROUND_DOWN, &got));
    check_fen(got, 38062);
    accrual_init(&accrual);
    assert_true(
        accrual_add_share(&accrual, balance, 40, rate_from_ppm(50000), rate_from_ppm(700000)));
    assert_true(accrual_add_share(&accrual, balance, 50, rate_from_ppm(50000),
                                  rate_from_ppm(RATE_WHOLE_PPM)));
    assert_true(accrual_round(&accrual, ROUND_HALF_UP, &got));
    check_fen(got, 54167);
}

static void what_was_added_can_be_taken_back(void **state)
{
    (void)state;
    struct accrual accrual;
    struct money got = money_from_fen(-77);
    accrual_init(&accrual);
    assert_true(accrual_add(&accrual, money_from_fen(33333), 7, rate_from_ppm(43501)));
    assert_true(accrual_add(&accrual, money_from_fen(-33333), 7, rate_from_ppm(43501)));
    assert_true(accrual_round(&accrual, ROUND_EXACT, &got));
    check_fen(got, 0);
    assert_true(accrual_add(&accrual, money_from_fen(-5000000), 62, rate_from_ppm(43500)));
    assert_true(accrual_round(&accrual, ROUND_HALF_UP, &got));
    check_fen(got, -37458);
}

static void what_does_not_fit_leaves_everything_alone(void **state)
{
    (void)state;
    struct accrual accrual;
    struct money got = money_from_fen(-77);
    accrual_init(&accrual);
    assert_true(accrual_add(&accrual, money_from_fen(5000000), 62, rate_from_ppm(43500)));
    assert_false(accrual_add(&accrual, money_from_fen(1), -1, rate_from_ppm(1)));
    assert_false(accrual_add_share(&accrual, money_from_fen(INT64_MAX), INT32_MAX,
                                   rate_from_ppm(RATE_LIMIT_PPM), rate_from_ppm(RATE_LIMIT_PPM)));
    assert_true(accrual_round(&accrual, ROUND_HALF_UP, &got));
    check_fen(got, 37458);

    got = money_from_fen(-77);
    accrual_init(&accrual);
    assert_true(accrual_add(&accrual, money_from_fen(INT64_MAX), 361, rate_from_ppm(1000000)));
    assert_false(accrual_round(&accrual, ROUND_DOWN, &got));
    check_fen(got, -77);

    int64_t fen_days = 5;
    assert_false(product_add(&fen_days, money_from_fen(INT64_MAX), 2));
    assert_false(product_add(&fen_days, money_from_fen(INT64_MAX), 1));
    assert_false(product_add(&fen_days, money_from_fen(1), -1));
    check_int_equal(fen_days, 5);
    assert_true(product_add(&fen_days, money_from_fen(5000000), 62));
    check_int_equal(fen_days, 310000005);
}

static void penalty_is_rounded_once(void **state)
{
    (void)state;
    static const struct {
        int64_t fen;
        int32_t days;
        int64_t ppm;
        int64_t factor_ppm;
        int64_t penalty;
    } rows[] = {
        {5000000, 62, 43500, 1500000, 56188},
        /* 1 fen a day at 36 % is 0.001 fen; x 500 = 0.5 fen. */
        {1, 500, 360000, 1000000, 1},
        {1, 499, 360000, 1000000, 0},
        {5000000, 0, 43500, 1500000, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct accrual accrual;
        struct money got = MONEY_ZERO;
        accrual_init(&accrual);
        assert_true(accrual_add_share(&accrual, money_from_fen(rows[i].fen), rows[i].days,
                                      rate_from_ppm(rows[i].ppm),
                                      rate_from_ppm(rows[i].factor_ppm)));
        assert_true(accrual_round(&accrual, ROUND_HALF_UP, &got));
        check_fen(got, rows[i].penalty);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_loan_is_met),
        cmocka_unit_test(a_rate_change_inside_a_period_still_rounds_once),
        cmocka_unit_test(a_share_that_changes_inside_a_period_still_rounds_once),
        cmocka_unit_test(what_was_added_can_be_taken_back),
        cmocka_unit_test(what_does_not_fit_leaves_everything_alone),
        cmocka_unit_test(penalty_is_rounded_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
