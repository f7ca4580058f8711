/* Expected figures are worked out by hand unless a comment says otherwise. */
#include "ledger/base/money.h"
#include "tests/support/check.h"

#include <string.h>

static void amounts_are_read_in_the_forms_people_write(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t fen;
    } rows[] = {
        {"50000", 5000000},
        {"50000.00", 5000000},
        {"50,000.00", 5000000},
        {"-3.5", -350},
        {"0", 0},
        {"0.00", 0},
        {"0.05", 5},
        {"0.5", 50},
        {"-0.01", -1},
        {"1,000", 100000},
        {"999,999.99", 99999999},
        {"12,345,678.90", 1234567890},
        {"10", 1000},
        {"10000000000000", MONEY_LIMIT_FEN},
        {"-10,000,000,000,000.00", -MONEY_LIMIT_FEN},
        {"-0", 0},
        {"9999999999999.99", MONEY_LIMIT_FEN - 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct money got = money_from_fen(-77);
        struct error err = {0};
        check_ok(money_parse(rows[i].text, &got, &err), &err);
        check_fen(got, rows[i].fen);
    }
}

static void other_forms_are_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text, *reason;
    } rows[] = {
        {"", "money.empty"},
        {"５０", "money.full-width"},
        {"5０", "money.full-width"},
        {"1，000", "money.full-width"},
        {"1．5", "money.full-width"},
        {"－5", "money.full-width"},
        {"1.234", "money.too-precise"},
        {"1.000", "money.too-precise"},
        {"1,000.001", "money.too-precise"},
        {"10000000000000.01", "money.too-large"},
        {"-10000000000000.01", "money.too-large"},
        {"99999999999999999999999999999999", "money.too-large"},
        {"9223372036854775808", "money.too-large"},
        {" ", "money.format"},
        {" 5", "money.format"},
        {"5 ", "money.format"},
        {"5\n", "money.format"},
        {"+5", "money.format"},
        {"--5", "money.format"},
        {"-", "money.format"},
        {".", "money.format"},
        {".5", "money.format"},
        {"5.", "money.format"},
        {"-.5", "money.format"},
        {"1.2.3", "money.format"},
        {"1.234x", "money.format"},
        {"1,23", "money.format"},
        {"1,2345", "money.format"},
        {"1234,567", "money.format"},
        {",123", "money.format"},
        {"1,,234", "money.format"},
        {"0,123", "money.format"},
        {"1,234,", "money.format"},
        {"1.23,4", "money.format"},
        {"007", "money.format"},
        {"00.5", "money.format"},
        {"1e3", "money.format"},
        {"0x10", "money.format"},
        {"5元", "money.format"},
        {"¥5", "money.format"},
        {"五十", "money.format"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct money got = money_from_fen(-77);
        struct error err = {0};
        check_refused(money_parse(rows[i].text, &got, &err), &err, rows[i].reason);
        check_fen(got, -77);
        check_int_equal(err.fault, FAULT_USAGE);
    }
}

static void an_amount_to_pay_is_more_than_zero(void **state)
{
    (void)state;
    struct money got = MONEY_ZERO;
    struct error err = {0};
    check_ok(money_parse_positive("0.01", &got, &err), &err);
    check_fen(got, 1);
    check_refused(money_parse_positive("0", &got, &err), &err, "money.zero");
    check_refused(money_parse_positive("-0.00", &got, &err), &err, "money.zero");
    check_refused(money_parse_positive("-0.01", &got, &err), &err, "money.negative");
    check_refused(money_parse_positive("", &got, &err), &err, "money.empty");
    check_fen(got, 1);
}

static void amounts_are_written_for_machines_and_for_people(void **state)
{
    (void)state;
    static const struct {
        int64_t fen;
        const char *machine, *grouped;
    } rows[] = {
        {0, "0.00", "0.00"},
        {5, "0.05", "0.05"},
        {-5, "-0.05", "-0.05"},
        {100, "1.00", "1.00"},
        {99999, "999.99", "999.99"},
        {100000, "1000.00", "1,000.00"},
        {-100000, "-1000.00", "-1,000.00"},
        {5000000, "50000.00", "50,000.00"},
        {100000000, "1000000.00", "1,000,000.00"},
        {100500, "1005.00", "1,005.00"},
        {100000500, "1000005.00", "1,000,005.00"},
        {MONEY_LIMIT_FEN, "10000000000000.00", "10,000,000,000,000.00"},
        {INT64_MAX, "92233720368547758.07", "92,233,720,368,547,758.07"},
        {INT64_MIN, "-92233720368547758.08", "-92,233,720,368,547,758.08"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[MONEY_TEXT_SIZE];
        check_text_equal(money_format(money_from_fen(rows[i].fen), text), rows[i].machine);
        check_text_equal(money_format_grouped(money_from_fen(rows[i].fen), text), rows[i].grouped);
    }
}

static void sums_that_do_not_fit_leave_the_result_alone(void **state)
{
    (void)state;
    struct money got = money_from_fen(-77);
    const struct money most = money_from_fen(INT64_MAX);
    const struct money least = money_from_fen(INT64_MIN);
    const struct money one = money_from_fen(1);
    assert_false(money_add(most, one, &got));
    assert_false(money_add(least, money_from_fen(-1), &got));
    assert_false(money_sub(least, one, &got));
    assert_false(money_sub(MONEY_ZERO, least, &got));
    check_fen(got, -77);
    assert_true(money_add(most, money_from_fen(-1), &got));
    check_fen(got, INT64_MAX - 1);
    assert_true(money_add(most, least, &got));
    check_fen(got, -1);
    assert_true(money_sub(one, money_from_fen(3), &got));
    check_fen(got, -2);
}

static void amounts_compare_by_size_and_sign(void **state)
{
    (void)state;
    const struct money low = money_from_fen(INT64_MIN);
    const struct money high = money_from_fen(INT64_MAX);
    check_int_equal(money_compare(low, high), -1);
    check_int_equal(money_compare(high, low), 1);
    check_int_equal(money_compare(low, low), 0);
    check_fen(money_min(low, high), INT64_MIN);
    check_fen(money_min(high, low), INT64_MIN);
    check_fen(money_max(low, high), INT64_MAX);
    check_fen(money_max(high, low), INT64_MAX);
    check_fen(money_negate(money_from_fen(350)), -350);
    check_fen(money_negate(money_from_fen(-350)), 350);
    for (int sign = -1; sign <= 1; sign++) {
        const struct money amount = money_from_fen(sign);
        check_int_equal(money_is_negative(amount), sign < 0);
        check_int_equal(money_is_zero(amount), sign == 0);
        check_int_equal(money_is_positive(amount), sign > 0);
    }
}

/* Each row is fen x num / den under DOWN, HALF_UP and HALF_EVEN; EXACT must refuse all of them. */
static void roundings_do_what_their_names_say(void **state)
{
    (void)state;
    static const struct {
        int64_t fen, num, den, down, half_up, half_even;
    } rows[] = {
        {1, 1, 2, 0, 1, 0},
        {-1, 1, 2, 0, -1, 0},
        {3, 1, 2, 1, 2, 2},
        {-3, 1, 2, -1, -2, -2},
        {5, 1, 2, 2, 3, 2},
        {-5, 1, 2, -2, -3, -2},
        {5, -1, 2, -2, -3, -2},
        {-5, -1, 2, 2, 3, 2},
        {1, 1, 3, 0, 0, 0},
        {2, 1, 3, 0, 1, 1},
        {-2, 1, 3, 0, -1, -1},
        {-1, 1, 3, 0, 0, 0},
        {4, 1, 3, 1, 1, 1},
        {49, 1, 100, 0, 0, 0},
        {51, 1, 100, 0, 1, 1},
        {50, 1, 100, 0, 1, 0},
        {150, 1, 100, 1, 2, 2},
        /* The products need more than 64 bits. */
        {INT64_MAX - 1, INT64_MAX - 1, INT64_MAX, INT64_MAX - 2, INT64_MAX - 2, INT64_MAX - 2},
        {INT64_MAX - 1, 5, INT64_MAX, 4, 5, 5},
        {INT64_MIN, 1, INT64_MAX, -1, -1, -1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct money a = money_from_fen(rows[i].fen);
        const int64_t num = rows[i].num;
        const int64_t den = rows[i].den;
        struct money got = money_from_fen(-77);
        assert_false(money_mul_div(a, num, den, ROUND_EXACT, &got));
        check_fen(got, -77);
        assert_true(money_mul_div(a, num, den, ROUND_DOWN, &got));
        check_fen(got, rows[i].down);
        assert_true(money_mul_div(a, num, den, ROUND_HALF_UP, &got));
        check_fen(got, rows[i].half_up);
        assert_true(money_mul_div(a, num, den, ROUND_HALF_EVEN, &got));
        check_fen(got, rows[i].half_even);
    }
}

static void a_quotient_without_rest_is_the_same_under_every_rounding(void **state)
{
    (void)state;
    for (enum rounding how = ROUND_EXACT; how <= ROUND_HALF_EVEN; how++) {
        struct money got = MONEY_ZERO;
        assert_true(money_mul_div(money_from_fen(-84), 3, 4, how, &got));
        check_fen(got, -63);
        assert_true(money_mul_div(money_from_fen(INT64_MIN), 7, 7, how, &got));
        check_fen(got, INT64_MIN);
    }
}

static void a_quotient_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct money got = money_from_fen(-77);
    assert_false(money_mul_div(money_from_fen(INT64_MAX), 2, 1, ROUND_DOWN, &got));
    assert_false(money_mul_div(money_from_fen(INT64_MIN), -1, 1, ROUND_DOWN, &got));
    assert_false(money_mul_div(money_from_fen(INT64_MIN), INT64_MIN, 1, ROUND_DOWN, &got));
    /* INT64_MAX + 1/2: only rounding up leaves the range. */
    assert_false(money_mul_div(money_from_fen(INT64_MAX), INT64_MAX - 1, INT64_MAX - 2,
                               ROUND_HALF_UP, &got));
    check_fen(got, -77);
}

/* design.md 3: the loss of 50,000.03. */
static void shares_of_a_loss_round_down(void **state)
{
    (void)state;
    struct money got = MONEY_ZERO;
    assert_true(money_share(money_from_fen(5000003), rate_from_ppm(700000), ROUND_DOWN, &got));
    check_fen(got, 3500002);
    assert_true(money_share(money_from_fen(1500001), rate_from_ppm(500000), ROUND_DOWN, &got));
    check_fen(got, 750000);
    assert_false(money_share(money_from_fen(1500001), rate_from_ppm(500000), ROUND_EXACT, &got));
}

static void words_follow_the_rules_for_receipts(void **state)
{
    (void)state;
    static const struct {
        int64_t fen;
        const char *words;
    } rows[] = {
        /* The table of the rules. */
        {140950, "人民币壹仟肆佰零玖元伍角整"},
        {600714, "人民币陆仟零柒元壹角肆分"},
        {168032, "人民币壹仟陆佰捌拾元零叁角贰分"},
        {10700053, "人民币壹拾万柒仟元零伍角叁分"},
        {1640902, "人民币壹万陆仟肆佰零玖元零贰分"},
        {32504, "人民币叁佰贰拾伍元零肆分"},
        {1000, "人民币壹拾元整"},
        {0, "人民币零元整"},
        {30, "人民币叁角整"},
        {5, "人民币伍分"},
        /* Their consequences. */
        {35, "人民币叁角伍分"},
        {100, "人民币壹元整"},
        {110, "人民币壹元壹角整"},
        {1001, "人民币壹拾元零壹分"},
        {1010, "人民币壹拾元零壹角整"},
        {1500, "人民币壹拾伍元整"},
        {5000000, "人民币伍万元整"},
        {1000030, "人民币壹万元零叁角整"},
        {10050000, "人民币壹拾万零伍佰元整"},
        {100700000, "人民币壹佰万柒仟元整"},
        {100000100, "人民币壹佰万零壹元整"},
        {INT64_C(10000000000), "人民币壹亿元整"},
        {INT64_C(10000200000), "人民币壹亿零贰仟元整"},
        {INT64_C(10000000001), "人民币壹亿元零壹分"},
        {INT64_C(102000000000), "人民币壹拾亿贰仟万元整"},
        {INT64_C(20500000000), "人民币贰亿零伍佰万元整"},
        {INT64_C(100000000000000), "人民币壹万亿元整"},
        {INT64_C(100002000000000), "人民币壹万亿零贰仟万元整"},
        {INT64_C(100020000000000), "人民币壹万零贰亿元整"},
        {INT64_C(100000200000000), "人民币壹万亿零贰佰万元整"},
        {MONEY_LIMIT_FEN, "人民币壹拾万亿元整"},
        {-140950, "负人民币壹仟肆佰零玖元伍角整"},
        {INT64_MIN,
         "负人民币玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零捌分"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[MONEY_WORDS_SIZE];
        check_text_equal(money_words(money_from_fen(rows[i].fen), text), rows[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_are_read_in_the_forms_people_write),
        cmocka_unit_test(other_forms_are_refused_with_a_reason),
        cmocka_unit_test(an_amount_to_pay_is_more_than_zero),
        cmocka_unit_test(amounts_are_written_for_machines_and_for_people),
        cmocka_unit_test(sums_that_do_not_fit_leave_the_result_alone),
        cmocka_unit_test(amounts_compare_by_size_and_sign),
        cmocka_unit_test(roundings_do_what_their_names_say),
        cmocka_unit_test(a_quotient_without_rest_is_the_same_under_every_rounding),
        cmocka_unit_test(a_quotient_that_does_not_fit_is_refused),
        cmocka_unit_test(shares_of_a_loss_round_down),
        cmocka_unit_test(words_follow_the_rules_for_receipts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
