/* Splits over random amounts: the sum is always the whole, nothing is negative, and more never
 * means less. Plain integer comparisons; the seed is printed. */
#include "rules/waterfall.h"
#include "tests/support/check.h"
#include "tests/support/file.h"
#include "tests/support/random.h"

#include <stdlib.h>
#include <string.h>

#define BASE TEST_SOURCE_DIR "/tests/policies/base.yaml"
#define ROUNDS 20000
#define POLICIES 1000 /* loading one costs more than many splits */

static struct policy *load_random_policy(struct random_source *source)
{
    size_t length = 0;
    char *base = file_read(BASE, &length);
    char *loss = strstr(base, "\nloss:");
    char *recovery = strstr(base, "\nrecovery:");
    assert_non_null(loss);
    assert_non_null(recovery);
    const char *repayment = strstr(recovery, "\nrepayment:");
    assert_non_null(repayment);
    static const char *const remainders[] = {"insurer", "fund", "bank"};
    int64_t insurer = random_between(source, 0, 1000000);
    int64_t fund = random_between(source, 0, 1000000);
    char *text = NULL;
    assert_true(
        asprintf(&text,
                 "%.*s\nloss: {governed_by: claim, values: [{from: 2016-01-01, steps: ["
                 "{payer: insurer, share: %d.%04d%%, of: loss}, "
                 "{payer: fund, share: %d.%04d%%, of: rest%s}], remainder: bank, clause: q}]}\n"
                 "recovery: {governed_by: claim, values: [{from: 2016-01-01, shared_by: what each "
                 "bore, remainder: %s, clause: r}]}%s",
                 (int)(loss - base), base, (int)(insurer / 10000), (int)(insurer % 10000),
                 (int)(fund / 10000), (int)(fund % 10000),
                 random_between(source, 0, 1) == 0 ? "" : ", at_most: free balance",
                 remainders[random_between(source, 0, 2)], repayment) > 0);
    struct policy *policy = NULL;
    struct error err = {0};
    check_ok(policy_load("random.yaml", text, strlen(text), &policy, &err), &err);
    free(text);
    free(base);
    return policy;
}

/* Small amounts, where rounding shows, as often as large ones. */
static int64_t random_amount(struct random_source *source)
{
    static const int64_t tops[] = {3, 30, 1000, 5000000, MONEY_LIMIT_FEN};
    return random_between(source, 0, tops[random_between(source, 0, COUNT_OF(tops) - 1)]);
}

static int64_t sum(const struct shares *shares)
{
    int64_t total = 0;
    for (size_t i = 0; i < PAYER_COUNT; i++) {
        assert_true(money_fen(shares->of[i]) >= 0);
        total += money_fen(shares->of[i]);
    }
    return total;
}

static struct shares split_loss(const struct policy *policy, int64_t loss, int64_t free_balance)
{
    struct governing_days days;
    struct case_facts facts = {0};
    struct loss_case one = {.loss = money_from_fen(loss), .days = &days, .facts = &facts};
    struct loss_split split;
    struct error err = {0};
    for (size_t i = 0; i < GOVERNING_DATE_COUNT; i++) {
        days.of[i] = day("2018-01-18");
    }
    case_set_money(&facts, FACT_FUND_FREE_BALANCE, money_from_fen(free_balance));
    check_ok(policy_split_loss(policy, day("2018-01-18"), &one, &split, &err), &err);
    return split.shares;
}

static struct shares split_recovery(const struct policy *policy, const struct shares *borne,
                                    int64_t recovered)
{
    struct shares shares = {0};
    struct error err = {0};
    check_ok(policy_split_recovery(policy, day("2018-01-18"), borne, money_from_fen(recovered),
                                   &shares, &err),
             &err);
    return shares;
}

static bool none_smaller(const struct shares *a, const struct shares *b)
{
    for (size_t i = 0; i < PAYER_COUNT; i++) {
        if (money_fen(a->of[i]) < money_fen(b->of[i])) {
            return false;
        }
    }
    return true;
}

static void parts_of_a_loss_sum_to_the_loss(void **state)
{
    (void)state;
    struct random_source source = random_start("parts_of_a_loss_sum_to_the_loss");
    for (int round = 0; round < POLICIES; round++) {
        struct policy *policy = load_random_policy(&source);
        int64_t loss = random_amount(&source);
        int64_t free_balance = random_amount(&source);
        struct shares shares = split_loss(policy, loss, free_balance);
        check_int_equal(sum(&shares), loss);
        policy_free(policy);
    }
}

static void insurer_and_fund_never_bear_less_of_a_larger_loss(void **state)
{
    (void)state;
    struct random_source source = random_start("insurer_and_fund_never_bear_less");
    struct policy *policy = load_random_policy(&source);
    for (int round = 0; round < ROUNDS; round++) {
        int64_t loss = random_amount(&source);
        int64_t larger = loss + random_between(&source, 0, 10);
        int64_t free_balance = random_amount(&source);
        struct shares of_loss = split_loss(policy, loss, free_balance);
        struct shares of_larger = split_loss(policy, larger, free_balance);
        assert_true(money_fen(of_larger.of[PAYER_INSURER]) >= money_fen(of_loss.of[PAYER_INSURER]));
        assert_true(money_fen(of_larger.of[PAYER_FUND]) >= money_fen(of_loss.of[PAYER_FUND]));
    }
    policy_free(policy);
}

/* Recoveries that come in bit by bit: whatever the steps, no part is ever taken back, none goes
 * above what was borne, and in the end each payer has exactly that. */
static void recover_bit_by_bit(const struct policy *policy, struct random_source *source)
{
    struct shares borne = {{money_from_fen(random_amount(source)),
                            money_from_fen(random_amount(source)),
                            money_from_fen(random_amount(source))}};
    int64_t total = sum(&borne);
    int64_t largest_step = total / random_between(source, 1, 20) + 1;
    int64_t recovered = 0;
    struct shares before = {0};
    while (recovered < total) {
        int64_t step = random_between(source, 1, largest_step);
        recovered = step < total - recovered ? recovered + step : total;
        struct shares now = split_recovery(policy, &borne, recovered);
        check_int_equal(sum(&now), recovered);
        assert_true(none_smaller(&now, &before));
        assert_true(none_smaller(&borne, &now));
        before = now;
    }
    assert_true(none_smaller(&before, &borne));
}

static void recoveries_add_up_to_what_each_bore(void **state)
{
    (void)state;
    struct random_source source = random_start("recoveries_add_up_to_what_each_bore");
    for (int round = 0; round < 20; round++) {
        struct policy *policy = load_random_policy(&source);
        for (int claim = 0; claim < 100; claim++) {
            recover_bit_by_bit(policy, &source);
        }
        policy_free(policy);
    }
}

/* Each part is within one fen for each payer of recovered * borne / total. */
static void recoveries_are_fair_to_the_fen(void **state)
{
    (void)state;
    struct random_source source = random_start("recoveries_are_fair_to_the_fen");
    struct policy *policy = load_random_policy(&source);
    for (int round = 0; round < ROUNDS; round++) {
        struct shares borne = {{money_from_fen(random_between(&source, 0, 5000000)),
                                money_from_fen(random_between(&source, 0, 5000000)),
                                money_from_fen(random_between(&source, 1, 5000000))}};
        int64_t total = sum(&borne);
        int64_t recovered = random_between(&source, 0, total);
        struct shares got = split_recovery(policy, &borne, recovered);
        for (size_t i = 0; i < PAYER_COUNT; i++) {
            int64_t off = money_fen(got.of[i]) * total - recovered * money_fen(borne.of[i]);
            assert_true(-2 * total < off && off < 2 * total);
        }
    }
    policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_loss_sum_to_the_loss),
        cmocka_unit_test(insurer_and_fund_never_bear_less_of_a_larger_loss),
        cmocka_unit_test(recoveries_add_up_to_what_each_bore),
        cmocka_unit_test(recoveries_are_fair_to_the_fen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
