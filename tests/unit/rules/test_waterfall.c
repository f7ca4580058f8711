/* Losses: the checked values of the scheme (70 / 15 / 15, the odd fen with the bank). The other
 * figures were worked out by hand; the division stands beside each. */
#include "rules/waterfall.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <stdlib.h>
#include <string.h>

#define PILOT TEST_SOURCE_DIR "/rules/policies/county-pilot.yaml"
#define BASE TEST_SOURCE_DIR "/tests/policies/base.yaml"

#define PLENTY INT64_C(100000000)

static int setup(void **state)
{
    size_t length = 0;
    char *bytes = file_read(PILOT, &length);
    struct policy *policy = NULL;
    struct error err = {0};
    check_ok(policy_load(PILOT, bytes, length, &policy, &err), &err);
    free(bytes);
    *state = policy;
    return 0;
}

static int teardown(void **state)
{
    policy_free(*state);
    return 0;
}

struct split {
    int64_t insurer;
    int64_t fund;
    int64_t bank;
};

static bool split_loss(const struct policy *policy, struct date on, struct money loss,
                       struct money free_balance, struct shares *ret, struct error *err)
{
    struct governing_days days;
    struct case_facts facts = {0};
    struct loss_case one = {.loss = loss, .days = &days, .facts = &facts};
    struct loss_split split;
    for (size_t i = 0; i < GOVERNING_DATE_COUNT; i++) {
        days.of[i] = on;
    }
    case_set_money(&facts, FACT_FUND_FREE_BALANCE, free_balance);
    bool done = policy_split_loss(policy, on, &one, &split, err);
    *ret = split.shares;
    return done;
}

static void check_shares(const struct shares *got, struct split want)
{
    check_fen(got->of[PAYER_INSURER], want.insurer);
    check_fen(got->of[PAYER_FUND], want.fund);
    check_fen(got->of[PAYER_BANK], want.bank);
}

static struct shares bore(struct split split)
{
    return (struct shares){{[PAYER_INSURER] = money_from_fen(split.insurer),
                            [PAYER_FUND] = money_from_fen(split.fund),
                            [PAYER_BANK] = money_from_fen(split.bank)}};
}

/* A policy that differs from the base in its loss waterfall. */
static struct policy *load_with_loss(const char *rows)
{
    size_t length = 0;
    char *base = file_read(BASE, &length);
    char *loss = strstr(base, "\nloss:");
    char *recovery = strstr(base, "\nrecovery:");
    assert_non_null(loss);
    assert_non_null(recovery);
    char *text = NULL;
    assert_true(asprintf(&text, "%.*s\nloss: {governed_by: claim, values: [%s]}%s",
                         (int)(loss - base), base, rows, recovery) > 0);
    struct policy *policy = NULL;
    struct error err = {0};
    check_ok(policy_load("loss.yaml", text, strlen(text), &policy, &err), &err);
    free(text);
    free(base);
    return policy;
}

static void loss_is_shared_70_15_15(void **state)
{
    static const struct {
        int64_t loss;
        int64_t free_balance;
        struct split want;
    } rows[] = {
        {5000000, PLENTY, {3500000, 750000, 750000}},
        {5000003, PLENTY, {3500002, 750000, 750001}},
        {1, PLENTY, {0, 0, 1}},
        {0, PLENTY, {0, 0, 0}},
        {2, PLENTY, {1, 0, 1}},     /* 1.4; half of 1 */
        {10, PLENTY, {7, 1, 2}},    /* 7; half of 3 */
        {99, PLENTY, {69, 15, 15}}, /* 69.3; half of 30 */
        /* What the fund cannot pay stays with the bank. */
        {5000000, 750000, {3500000, 750000, 750000}},
        {5000000, 749999, {3500000, 749999, 750001}},
        {5000000, 1, {3500000, 1, 1499999}},
        {5000000, 0, {3500000, 0, 1500000}},
        {5000000, -1, {3500000, 0, 1500000}},
        /* The largest amount there is: 10^15 fen. */
        {MONEY_LIMIT_FEN,
         MONEY_LIMIT_FEN,
         {INT64_C(700000000000000), INT64_C(150000000000000), INT64_C(150000000000000)}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct shares got = {0};
        struct error err = {0};
        check_ok(split_loss(*state, day("2018-01-18"), money_from_fen(rows[i].loss),
                            money_from_fen(rows[i].free_balance), &got, &err),
                 &err);
        check_shares(&got, rows[i].want);
    }
}

static void rule_of_the_day_shares_the_loss(void **state)
{
    (void)state;
    struct policy *policy = load_with_loss(
        "{from: 2016-01-01, steps: [{payer: insurer, share: 70%, of: loss}], remainder: fund, "
        "clause: a}, {from: 2020-01-01, steps: [{payer: insurer, share: 60%, of: loss}], "
        "remainder: bank, clause: b}");
    struct shares got = {0};
    struct error err = {0};
    struct money loss = money_from_fen(1005);
    check_refused(split_loss(policy, day("2015-12-31"), loss, loss, &got, &err), &err,
                  "policy.not-in-force");
    check_ok(split_loss(policy, day("2019-12-31"), loss, loss, &got, &err), &err);
    check_shares(&got, (struct split){703, 302, 0}); /* 703.5 */
    check_text_equal(policy_loss_clause(policy, day("2019-12-31")).en, "a");
    check_ok(split_loss(policy, day("2020-01-01"), loss, loss, &got, &err), &err);
    check_shares(&got, (struct split){603, 0, 402});
    check_text_equal(policy_loss_clause(policy, day("2020-01-01")).en, "b");
    assert_null(policy_loss_clause(policy, day("2015-12-31")).en);
    assert_null(policy_recovery_clause(policy, day("2015-12-31")).en);
    check_int_equal((int64_t)policy_loss_steps(policy, day("2015-12-31")), 0);
    policy_free(policy);
}

static void what_the_fund_cannot_pay_does_not_raise_later_steps(void **state)
{
    (void)state;
    struct policy *policy = load_with_loss(
        "{from: 2016-01-01, steps: [{payer: fund, share: 50%, of: loss, at_most: free balance}, "
        "{payer: insurer, share: 80%, of: rest}], remainder: bank, clause: a}");
    struct shares got = {0};
    struct error err = {0};
    /* Loss 1000: fund 500 but has 100; insurer 80 % of the other 500; bank 100 + 400 unpaid. */
    check_ok(split_loss(policy, day("2016-01-01"), money_from_fen(1000), money_from_fen(100), &got,
                        &err),
             &err);
    check_shares(&got, (struct split){400, 100, 500});
    policy_free(policy);
}

static void waterfall_without_steps_leaves_all_with_the_remainder(void **state)
{
    (void)state;
    struct policy *policy =
        load_with_loss("{from: 2016-01-01, steps: [], remainder: bank, clause: a}");
    struct shares got = {0};
    struct error err = {0};
    check_ok(
        split_loss(policy, day("2016-01-01"), money_from_fen(7), money_from_fen(7), &got, &err),
        &err);
    check_shares(&got, (struct split){0, 0, 7});
    check_text_equal(policy_loss_step(policy, day("2016-01-01"), 0, false), "bank the remainder");
    policy_free(policy);
}

static void recoveries_go_back_by_what_each_bore(void **state)
{
    static const struct {
        struct split borne;
        int64_t recovered;
        struct split want;
    } rows[] = {
        {{3500000, 750000, 750000}, 0, {0, 0, 0}},
        {{3500000, 750000, 750000}, 2000000, {1400000, 300000, 300000}},
        {{3500000, 750000, 750000}, 5000000, {3500000, 750000, 750000}},
        /* 864196.9; then half of 370371 */
        {{3500000, 750000, 750000}, 1234567, {864196, 185185, 185186}},
        {{3500000, 750000, 750000}, 1, {0, 0, 1}},
        {{3500000, 750000, 750000}, 3, {2, 0, 1}}, /* 2.1; half of 1 */
        /* The fund was short: 3500000, 1 and 1499999 of 5000000. */
        {{3500000, 1, 1499999}, 2500000, {1750000, 0, 750000}},
        {{3500000, 1, 1499999}, 4999999, {3499999, 1, 1499999}}, /* 3499999.3; all of the rest */
        {{3500000, 1, 1499999}, 5000000, {3500000, 1, 1499999}},
        /* Who bore nothing gets nothing, not even the odd fen. */
        {{7, 3, 0}, 5, {3, 2, 0}}, /* 3.5; all of the rest */
        {{0, 0, 10}, 5, {0, 0, 5}},
        {{0, 0, 0}, 0, {0, 0, 0}},
        /* Rounding each part of the whole down would give the bank 2 of the 1 it bore. */
        {{5, 4, 1}, 9, {4, 4, 1}}, /* 4.5; 5 * 4 / 5 */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct shares borne = bore(rows[i].borne);
        struct shares got = {0};
        struct error err = {0};
        check_ok(policy_split_recovery(*state, day("2018-01-18"), &borne,
                                       money_from_fen(rows[i].recovered), &got, &err),
                 &err);
        check_shares(&got, rows[i].want);
    }
}

static void more_than_was_borne_cannot_be_shared(void **state)
{
    struct shares borne = bore((struct split){3500000, 750000, 750000});
    struct shares got = {0};
    struct error err = {0};
    check_refused(policy_split_recovery(*state, day("2018-01-18"), &borne, money_from_fen(5000001),
                                        &got, &err),
                  &err, "policy.recovery-over-loss");
    check_int_equal(err.fault, FAULT_REFUSED);
    assert_non_null(strstr(err.text, "50,000.01"));
    assert_non_null(strstr(err.limit, "50,000.00"));
}

static void recovery_before_the_first_rule_is_refused(void **state)
{
    struct shares borne = bore((struct split){7, 2, 1});
    struct shares got = {0};
    struct error err = {0};
    check_refused(
        policy_split_recovery(*state, day("2015-12-31"), &borne, money_from_fen(1), &got, &err),
        &err, "policy.not-in-force");
}

static void steps_explain_themselves_in_two_languages(void **state)
{
    struct date on = day("2018-01-18");
    check_int_equal((int64_t)policy_loss_steps(*state, on), 3);
    check_text_equal(policy_loss_step(*state, on, 0, false), "insurer 70% of loss");
    check_text_equal(policy_loss_step(*state, on, 1, false),
                     "fund 50% of rest, at most its free balance");
    check_text_equal(policy_loss_step(*state, on, 2, false), "bank the remainder");
    check_text_equal(policy_loss_step(*state, on, 0, true), "保险公司承担损失的70%");
    check_text_equal(policy_loss_step(*state, on, 1, true),
                     "风险补偿金承担余下部分的50%，以可用余额为限");
    check_text_equal(policy_loss_step(*state, on, 2, true), "贷款银行承担其余部分");
}

static void payers_have_names(void **state)
{
    (void)state;
    check_text_equal(payer_name(PAYER_INSURER), "insurer");
    check_text_equal(payer_name(PAYER_FUND), "fund");
    check_text_equal(payer_name(PAYER_BANK), "bank");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loss_is_shared_70_15_15),
        cmocka_unit_test(rule_of_the_day_shares_the_loss),
        cmocka_unit_test(what_the_fund_cannot_pay_does_not_raise_later_steps),
        cmocka_unit_test(waterfall_without_steps_leaves_all_with_the_remainder),
        cmocka_unit_test(recoveries_go_back_by_what_each_bore),
        cmocka_unit_test(more_than_was_borne_cannot_be_shared),
        cmocka_unit_test(recovery_before_the_first_rule_is_refused),
        cmocka_unit_test(steps_explain_themselves_in_two_languages),
        cmocka_unit_test(payers_have_names),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
