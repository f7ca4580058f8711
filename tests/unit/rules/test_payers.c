/* Waterfalls of every shape. The figures were worked out by hand; the division stands beside each.
 */
#include "rules/waterfall.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <stdlib.h>
#include <string.h>

#define BASE TEST_SOURCE_DIR "/tests/policies/base.yaml"
#define NAMES_MAX 8

/* The base policy with other payers and other steps of loss or recovery. */
static struct policy *load(const char *payers, const char *loss, const char *recovery)
{
    size_t length = 0;
    char *base = file_read(BASE, &length);
    char *at = strstr(base, "\nloss:");
    char *repayment = strstr(base, "\nrepayment:");
    char *text = NULL;
    struct policy *policy = NULL;
    struct error err = {0};
    assert_true(at != NULL && repayment != NULL);
    assert_true(asprintf(&text,
                         "%.*s\npayers: [%s]\n"
                         "loss: {governed_by: claim, values: [{from: 2016-01-01, %s, clause: q}]}\n"
                         "recovery: {governed_by: claim, values: [{from: 2016-01-01, %s, "
                         "clause: r}]}%s",
                         (int)(at - base), base, payers, loss, recovery, repayment) > 0);
    check_ok(policy_load("made.yaml", text, strlen(text), &policy, &err), &err);
    free(text);
    free(base);
    return policy;
}

#define BORE "shared_by: what each bore, remainder: bank"

static struct policy *load_loss(const char *payers, const char *loss)
{
    return load(payers, loss, BORE);
}

static struct governing_days all_days(void)
{
    struct governing_days days;
    for (size_t i = 0; i < GOVERNING_DATE_COUNT; i++) {
        days.of[i] = day("2018-01-18");
    }
    return days;
}

static const int64_t balance = 100000000;  /* 1,000,000.00 */
static const int64_t plenty = 10000000000; /* of the fund */

static bool split(const struct policy *policy, int64_t loss, int64_t borne, struct loss_split *ret,
                  struct error *err)
{
    struct governing_days days = all_days();
    struct case_facts facts = {0};
    struct loss_case one = {
        .loss = money_from_fen(loss), .days = &days, .facts = &facts, .has_history = borne >= 0};
    case_set_money(&facts, FACT_LOANS_BALANCE, money_from_fen(balance));
    case_set_money(&facts, FACT_FUND_FREE_BALANCE, money_from_fen(plenty));
    for (size_t i = 0; borne >= 0 && i < PAYERS_MAX; i++) {
        one.this_year.of[i] = money_from_fen(borne);
        one.in_all.of[i] = money_from_fen(2 * borne);
    }
    return policy_split_loss(policy, day("2018-01-18"), &one, ret, err);
}

/* Insurer, fund, bank and the policy's own, in this order. */
static void check_split(const struct policy *policy, int64_t loss, int64_t borne,
                        const int64_t want[NAMES_MAX])
{
    struct loss_split got;
    struct error err = {0};
    check_ok(split(policy, loss, borne, &got, &err), &err);
    for (size_t i = 0; i < policy_payers(policy); i++) {
        check_fen(got.shares.of[i], want[i]);
    }
}

#define SPLIT(policy, loss, borne, ...)                                                            \
    check_split((policy), (loss), (borne), (const int64_t[NAMES_MAX]){__VA_ARGS__})

static void four_payers_share_40_20_30_10(void **state)
{
    (void)state;
    struct policy *policy =
        load_loss("{name: guarantor, booked_as: insurer, title: {zh: 担保公司, en: Guarantor}}, "
                  "{name: group, booked_as: bank, title: {zh: 互助小组, en: Group}}",
                  "steps: [{payer: guarantor, share: 40%, of: loss}, "
                  "{payer: group, share: 20%, of: loss}, {payer: fund, share: 30%, of: loss}], "
                  "remainder: bank");
    /* 40,000.4; 20,000.2; 30,000.3 */
    SPLIT(policy, 100001, -1, 0, 30000, 10001, 40000, 20000);
    check_int_equal((int64_t)policy_payers(policy), 5);
    check_text_equal(policy_payer(policy, 3).name, "guarantor");
    check_text_equal(policy_payer(policy, 4).title_zh, "互助小组");
    check_int_equal(policy_payer(policy, 3).booked_as, PAYER_INSURER);
    struct loss_split got;
    struct error err = {0};
    check_ok(split(policy, 100001, -1, &got, &err), &err);
    struct shares booked = shares_booked(policy, &got.shares);
    check_fen(booked.of[PAYER_INSURER], 40000);
    check_fen(booked.of[PAYER_FUND], 30000);
    check_fen(booked.of[PAYER_BANK], 30001);
    /* The group is booked as the bank and hands over nothing. */
    check_int_equal((int64_t)got.payment_count, 2);
    check_text_equal(policy_loss_step(policy, day("2018-01-18"), 0, true), "担保公司承担损失的40%");
    policy_free(policy);
}

static void each_figure_has_its_rounding(void **state)
{
    (void)state;
    static const struct {
        const char *rounding;
        int64_t loss;
        int64_t want;
    } rows[] = {
        {"", 100001, 50000},                      /* 50,000.5 */
        {", rounding: down", 100001, 50000},      /* 50,000.5 */
        {", rounding: half_up", 100001, 50001},   /* 50,000.5 */
        {", rounding: half_even", 100001, 50000}, /* 50,000.5 */
        {", rounding: half_even", 100003, 50002}, /* 50,001.5 */
        {", rounding: half_up", 1, 1},            /* 0.5, and nothing is left for the bank */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char steps[200];
        snprintf(steps, sizeof steps,
                 "steps: [{payer: insurer, share: 50%%, of: loss%s}], remainder: bank",
                 rows[i].rounding);
        struct policy *policy = load_loss("", steps);
        SPLIT(policy, rows[i].loss, -1, rows[i].want, 0, rows[i].loss - rows[i].want);
        policy_free(policy);
    }
}

static void deductible_stays_with_the_remainder(void **state)
{
    (void)state;
    struct policy *policy = load_loss("", "steps: [{payer: insurer, share: 80%, of: loss, "
                                          "deductible: 500 yuan}], remainder: bank");
    SPLIT(policy, 1000000, -1, 760000, 0, 240000); /* 80 % of 9,500.00 */
    SPLIT(policy, 50001, -1, 0, 0, 50001);         /* 80 % of 0.01 */
    SPLIT(policy, 50002, -1, 1, 0, 50001);         /* 80 % of 0.02 = 0.016 */
    SPLIT(policy, 40000, -1, 0, 0, 40000);
    policy_free(policy);
}

static void floor_is_kept_as_far_as_there_is_a_loss(void **state)
{
    (void)state;
    struct policy *policy =
        load_loss("", "steps: [{payer: fund, share: 10%, of: loss}, {payer: insurer, share: 50%, "
                      "of: loss, at_least: 1000 yuan}], remainder: bank");
    SPLIT(policy, 1000000, -1, 500000, 100000, 400000);
    SPLIT(policy, 150000, -1, 100000, 15000, 35000); /* 750.00 is below the floor */
    SPLIT(policy, 80000, -1, 72000, 8000, 0);        /* 720.00 is all there is */
    policy_free(policy);
}

static void caps_by_loan_year_and_balance(void **state)
{
    (void)state;
    struct policy *policy =
        load_loss("", "steps: [{payer: insurer, share: 70%, of: loss, at_most: [30000 yuan, "
                      "\"40000 yuan - borne_this_year\", "
                      "\"share(loans_balance, 5%) - borne_in_all\"]}], remainder: bank");
    SPLIT(policy, 5000000, 0, 3000000, 0, 2000000);       /* 35,000.00; 30,000.00 a loan */
    SPLIT(policy, 5000000, 1500000, 2000000, 0, 3000000); /* 50,000 - 30,000 of the balance */
    SPLIT(policy, 5000000, 1200000, 2600000, 0, 2400000); /* 50,000 - 24,000 */
    SPLIT(policy, 5000000, 900000, 3000000, 0, 2000000);
    SPLIT(policy, 5000000, 4100000, 0, 0, 5000000); /* the year's cap is passed */
    policy_free(policy);
    policy = load_loss("", "steps: [{payer: insurer, share: 70%, of: loss, at_most: "
                           "\"40000 yuan - borne_this_year\"}], remainder: bank");
    SPLIT(policy, 5000000, 3999999, 1, 0, 4999999);
    policy_free(policy);
}

static void what_exceeds_a_cap_goes_where_the_policy_says(void **state)
{
    (void)state;
#define CAPPED                                                                                     \
    "steps: [{payer: insurer, share: 70%%, of: loss, at_most: 1000 yuan%s}, "                      \
    "{payer: fund, share: 50%%, of: rest}], remainder: bank"
    static const struct {
        const char *excess;
        int64_t fund;
    } rows[] = {
        {"", 150000},                     /* half of the 3,000.00 beside the 70 % */
        {", excess: remainder", 150000},  /* the same */
        {", excess: next steps", 450000}, /* half of 9,000.00 */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char steps[300];
        snprintf(steps, sizeof steps, CAPPED, rows[i].excess);
        struct policy *policy = load_loss("", steps);
        SPLIT(policy, 1000000, -1, 100000, rows[i].fund, 900000 - rows[i].fund);
        policy_free(policy);
    }
}

/* The fund bears 70 %; county, township and village share that 50 / 30 / 20. */
static void part_of_a_payer_is_taken_over_by_others(void **state)
{
    (void)state;
    struct policy *policy = load_loss(
        "{name: township, booked_as: fund, title: {zh: 乡镇, en: Township}}, "
        "{name: village, booked_as: fund, title: {zh: 村, en: Village}}",
        "steps: [{payer: fund, share: 70%, of: loss}, "
        "{payer: township, share: 30%, of: what fund bears}, "
        "{payer: village, share: 20%, of: what fund bears, at_most: 100 yuan}], remainder: bank");
    /* 700.021; of 700.02: 210.006, 140.004 but at most 100.00; the fund keeps the rest. */
    SPLIT(policy, 100003, -1, 0, 39002, 30001, 21000, 10000);
    check_text_equal(policy_loss_step(policy, day("2018-01-18"), 1, false),
                     "township 30% of what fund bears");
    check_text_equal(policy_loss_step(policy, day("2018-01-18"), 2, true),
                     "村承担风险补偿金所承担部分的20%，最高 100 元");
    policy_free(policy);
}

static void payment_in_parts_and_in_advance(void **state)
{
    (void)state;
    struct policy *policy = load_loss(
        "", "steps: [{payer: insurer, share: 70%, of: loss, advanced_by: fund, refund_within: 30 "
            "days, instalments: [{share: 60%, within: 10 days}, {share: 40%, within: 60 days}]}, "
            "{payer: fund, share: 50%, of: rest}], remainder: bank");
    struct loss_split got;
    struct error err = {0};
    check_ok(split(policy, 100002, -1, &got, &err), &err);
    /* 700.014; of 700.01: 420.006, so 420.00, then 280.01. Fund half of 300.01. */
    check_int_equal((int64_t)got.payment_count, 3);
    check_fen(got.payments[0].amount, 42000);
    check_int_equal(got.payments[0].within, 10);
    check_fen(got.payments[1].amount, 28001);
    check_int_equal(got.payments[1].within, 60);
    for (size_t i = 0; i < 2; i++) {
        check_int_equal((int64_t)got.payments[i].payer, PAYER_INSURER);
        check_int_equal((int64_t)got.payments[i].by, PAYER_FUND);
        check_int_equal(got.payments[i].refund_within, 30);
    }
    check_fen(got.payments[2].amount, 15000);
    check_int_equal((int64_t)got.payments[2].payer, PAYER_FUND);
    check_int_equal((int64_t)got.payments[2].by, PAYER_FUND);
    check_int_equal(got.payments[2].within, -1);
    check_int_equal(got.payments[2].refund_within, -1);
    check_text_equal(policy_loss_step(policy, day("2018-01-18"), 0, false),
                     "insurer 70% of loss, 60% within 10 days, 40% within 60 days, advanced by fund"
                     " and refunded within 30 days");
    policy_free(policy);
}

static void steps_show_base_share_and_part(void **state)
{
    (void)state;
    struct policy *policy =
        load_loss("", "steps: [{payer: insurer, share: 80%, of: loss, deductible: 500 yuan, "
                      "at_most: 5000 yuan}], remainder: bank");
    struct loss_split got;
    struct error err = {0};
    check_ok(split(policy, 1000000, -1, &got, &err), &err);
    check_int_equal((int64_t)got.step_count, 1);
    check_fen(got.steps[0].base, 950000);
    check_fen(got.steps[0].share, 760000);
    check_fen(got.steps[0].part, 500000);
    policy_free(policy);
}

static void cap_that_cannot_be_worked_out_stops_the_split(void **state)
{
    (void)state;
    struct loss_split got;
    struct error err = {0};
    struct policy *policy = load_loss("", "steps: [{payer: insurer, share: 70%, of: loss, at_most: "
                                          "\"5 yuan - borne_this_year\"}], remainder: bank");
    check_refused(split(policy, 1, -1, &got, &err), &err, "expression.unknown-fact");
    assert_non_null(strstr(err.text, "borne_this_year"));
    assert_non_null(strstr(err.limit, "insurer"));
    policy_free(policy);
    policy =
        load_loss("", "steps: [{payer: insurer, share: 70%, of: loss, at_most: "
                      "\"2000000000 * 2000000000 * 2000000000 * loss_amount\"}], remainder: bank");
    check_refused(split(policy, 1, -1, &got, &err), &err, "expression.overflow");
    policy_free(policy);
}

static void loss_is_what_the_policy_says(void **state)
{
    (void)state;
    struct policy *policy = load_loss(
        "", "amount: \"share(covered_unpaid, 80%) - 100 yuan\", steps: [], remainder: bank");
    struct governing_days days = all_days();
    struct case_facts facts = {0};
    struct money loss = MONEY_ZERO;
    struct error err = {0};
    check_refused(policy_loss_amount(policy, day("2018-01-18"), &days, &facts, &loss, &err), &err,
                  "expression.unknown-fact");
    case_set_money(&facts, FACT_COVERED_UNPAID, money_from_fen(100003)); /* 800.024 */
    check_ok(policy_loss_amount(policy, day("2018-01-18"), &days, &facts, &loss, &err), &err);
    check_fen(loss, 70002);
    case_set_money(&facts, FACT_COVERED_UNPAID, money_from_fen(12000)); /* 96.00 */
    check_ok(policy_loss_amount(policy, day("2018-01-18"), &days, &facts, &loss, &err), &err);
    check_fen(loss, 0);
    check_refused(policy_loss_amount(policy, day("2015-12-31"), &days, &facts, &loss, &err), &err,
                  "policy.not-in-force");
    check_text_equal(policy_loss_step(policy, day("2018-01-18"), 0, false),
                     "the loss is share(covered_unpaid, 80%) - 100 yuan");
    check_int_equal((int64_t)policy_loss_steps(policy, day("2018-01-18")), 2);
    policy_free(policy);
    policy = load_loss("", "steps: [], remainder: bank");
    check_ok(policy_loss_amount(policy, day("2018-01-18"), &days, &facts, &loss, &err), &err);
    check_fen(loss, 12000);
    policy_free(policy);
}

/* --- Recoveries ---------------------------------------------------------------------------------
 */

static void check_recovery(const struct policy *policy, const int64_t borne[NAMES_MAX],
                           int64_t recovered, const int64_t want[NAMES_MAX])
{
    struct shares had = {0};
    struct shares got = {0};
    struct error err = {0};
    for (size_t i = 0; i < policy_payers(policy); i++) {
        had.of[i] = money_from_fen(borne[i]);
    }
    check_ok(policy_split_recovery(policy, day("2018-01-18"), &had, money_from_fen(recovered), &got,
                                   &err),
             &err);
    for (size_t i = 0; i < policy_payers(policy); i++) {
        check_fen(got.of[i], want[i]);
    }
}

#define FEN(...) ((const int64_t[NAMES_MAX]){__VA_ARGS__})
#define ANY_LOSS "steps: [{payer: insurer, share: 70%, of: loss}], remainder: bank"

static void recovery_by_fixed_shares(void **state)
{
    (void)state;
    struct policy *policy =
        load("", ANY_LOSS,
             "steps: [{payer: insurer, share: 50%, of: recovered}, {payer: fund, share: 30%, of: "
             "recovered}], remainder: bank");
    /* 5,000.5 -> 5,000; then 30 of the 50 left: 5,001 x 3/5 = 3,000.6 */
    check_recovery(policy, FEN(10000, 10000, 10000), 10001, FEN(5000, 3000, 2001));
    /* The bank bore 10 alone: what is above goes to those that lack, insurer first. */
    check_recovery(policy, FEN(9000, 990, 10), 4000, FEN(2990 + 10, 990, 10));
    check_recovery(policy, FEN(9000, 990, 10), 10000, FEN(9000, 990, 10));
    check_text_equal(policy_recovery_step(policy, day("2018-01-18"), 0, false),
                     "insurer 50% of what is recovered, at most what it bore");
    check_int_equal((int64_t)policy_recovery_steps(policy, day("2018-01-18")), 3);
    policy_free(policy);
}

static void recovery_in_an_order(void **state)
{
    (void)state;
    struct policy *policy =
        load("", ANY_LOSS,
             "steps: [{payer: fund, share: 100%, of: rest}, {payer: insurer, share: 100%, of: "
             "rest}], remainder: bank");
    check_recovery(policy, FEN(500, 1000, 500), 999, FEN(0, 999, 0));
    check_recovery(policy, FEN(500, 1000, 500), 1200, FEN(200, 1000, 0));
    check_recovery(policy, FEN(500, 1000, 500), 1501, FEN(500, 1000, 1));
    policy_free(policy);
}

static void recovery_counts_every_payer_that_bore(void **state)
{
    (void)state;
    struct policy *policy =
        load("{name: guarantor, booked_as: insurer, title: {zh: 担保公司, en: Guarantor}}",
             ANY_LOSS, BORE);
    /* Of 100: fund 30/100 = 30; then guarantor 50 of the 70 left of 70. Bank the rest. */
    check_recovery(policy, FEN(0, 300, 200, 500), 101, FEN(0, 30, 21, 50));
    policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_payers_share_40_20_30_10),
        cmocka_unit_test(each_figure_has_its_rounding),
        cmocka_unit_test(deductible_stays_with_the_remainder),
        cmocka_unit_test(floor_is_kept_as_far_as_there_is_a_loss),
        cmocka_unit_test(caps_by_loan_year_and_balance),
        cmocka_unit_test(what_exceeds_a_cap_goes_where_the_policy_says),
        cmocka_unit_test(part_of_a_payer_is_taken_over_by_others),
        cmocka_unit_test(payment_in_parts_and_in_advance),
        cmocka_unit_test(steps_show_base_share_and_part),
        cmocka_unit_test(cap_that_cannot_be_worked_out_stops_the_split),
        cmocka_unit_test(loss_is_what_the_policy_says),
        cmocka_unit_test(recovery_by_fixed_shares),
        cmocka_unit_test(recovery_in_an_order),
        cmocka_unit_test(recovery_counts_every_payer_that_bore),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
