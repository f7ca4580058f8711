/* Claims under a policy with a payer of its own. Figures by hand: the division stands beside each.
 */
#include "cli/service/explanation.h"
#include "ledger/fund/claim_part.h"
#include "tests/support/scratch_book.h"

#include <stdlib.h>
#include <string.h>

#define INSURER                                                                                    \
    "        - payer: insurer\n          share: 70%\n          of: loss\n          rounding: "     \
    "down\n"
#define WITH_GUARANTOR                                                                             \
    "        - payer: insurer\n          share: 30%\n          of: loss\n"                         \
    "        - payer: guarantor\n          share: 40%\n          of: loss\n"                       \
    "          at_most: \"18000 yuan - borne_this_year\"\n"

static char *policy_with_guarantor(void)
{
    return policy_text_with(county_pilot_with(INSURER, WITH_GUARANTOR), "\nloss:\n",
                            "\npayers:\n  - name: guarantor\n    booked_as: insurer\n"
                            "    title: {zh: 担保公司, en: Guarantor}\nloss:\n");
}

static struct canon *of_loan(struct scratch_book *book, int64_t loan)
{
    struct canon *request = canon_object(&book->requests);
    canon_set_int(request, "loan", loan);
    return request;
}

/* The parts of the last event, in the order insurer, fund, bank, guarantor; 0 for none. */
static void check_parts(const struct scratch_book *book, const int64_t want[4])
{
    static const char *const payers[] = {"insurer", "fund", "bank", "guarantor"};
    const struct canon *parts = canon_get(scratch_out(book), "parts");
    for (size_t p = 0; p < COUNT_OF(payers); p++) {
        struct money got = MONEY_ZERO;
        for (size_t i = 0; i < canon_count(parts); i++) {
            const struct canon *one = canon_at(parts, i);
            if (strcmp(canon_get_text(one, "payer"), payers[p]) == 0) {
                assert_true(canon_get_fen(one, "fen", &got));
            }
        }
        check_fen(got, want[p]);
    }
}

static void check_booked(const struct scratch_book *book, int64_t insurer, int64_t fund,
                         int64_t bank)
{
    struct money got;
    assert_true(canon_get_fen(scratch_out(book), "insurer_fen", &got));
    check_fen(got, insurer);
    assert_true(canon_get_fen(scratch_out(book), "fund_fen", &got));
    check_fen(got, fund);
    assert_true(canon_get_fen(scratch_out(book), "bank_fen", &got));
    check_fen(got, bank);
}

static void open_book_at(struct scratch_book *book, char *policy, int64_t rate_ppm)
{
    scratch_book_open(book, policy, "2016-10-20");
    free(policy);
    scratch_do(book, "bureau", "fund.open", scratch_request(book, "amount_fen", "100000000", NULL));
    scratch_loan(book, scratch_household(book, "registered"), 5000000, rate_ppm, 12);
    scratch_loan(book, scratch_household(book, "registered"), 1000001, rate_ppm, 12);
    scratch_close_through(book, "2018-01-17");
}

/* The subsidy of 5 % covers all interest. */
static void open_book(struct scratch_book *book, char *policy)
{
    open_book_at(book, policy, 43500);
}

static void payers_of_the_policy_are_kept_and_capped_by_the_year(void **state)
{
    (void)state;
    struct scratch_book book;
    open_book(&book, policy_with_guarantor());
    /* 40 % are 20,000.00, at most 18,000.00; fund half of the 15,000.00 beside 30 % and 40 %. */
    scratch_do(&book, "risk", "claim.open", of_loan(&book, 1));
    check_parts(&book, (const int64_t[]){1500000, 750000, 950000, 1800000});
    check_booked(&book, 3300000, 750000, 950000);
    scratch_do(&book, "bureau", "claim.refuse",
               scratch_request(&book, "claim", "1", "reason", "papers missing", NULL));
    /* What was refused is not borne. 3,000.003; 4,000.004; half of 3,000.01. */
    scratch_do(&book, "risk", "claim.open", of_loan(&book, 2));
    check_parts(&book, (const int64_t[]){300000, 150000, 150001, 400000});
    scratch_do(&book, "risk", "claim.open", of_loan(&book, 1));
    check_parts(&book, (const int64_t[]){1500000, 750000, 1350000, 1400000});
    check_booked(&book, 2900000, 750000, 1350000);
    scratch_book_close(&book);
}

static void explain_last(struct scratch_book *book, const char *type, struct explanation *ret)
{
    struct error err = {0};
    check_ok(
        explain_body(book->store, book->policies, &book->requests, type, book->body, ret, &err),
        &err);
}

/* The guarantor bore 4,000.00 this year: of 40 %, 20,000.00, it bears 18,000.00 - 4,000.00. */
static void a_loss_is_explained_with_what_was_borne_before(void **state)
{
    (void)state;
    struct scratch_book book;
    struct explanation explanation;
    open_book(&book, policy_with_guarantor());
    scratch_do(&book, "risk", "claim.open", of_loan(&book, 2));
    scratch_do(&book, "risk", "claim.open", of_loan(&book, 1));
    explain_last(&book, "claim.open", &explanation);
    const struct explained_split *split = &explanation.split;
    assert_int_equal(split->kind, SPLIT_LOSS);
    assert_true(split->agrees);
    check_fen(split->amount, 5000000);
    check_int_equal((int64_t)split->steps, 4);
    check_text_equal(split->step[1].text_en,
                     "guarantor 40% of loss, at most 18000 yuan - borne_this_year");
    check_fen(split->step[1].base, 5000000);
    check_fen(split->step[1].share, 2000000);
    check_fen(split->step[1].part, 1400000);
    check_text_equal(split->step[3].text_en, "bank the remainder");
    assert_false(split->step[3].has_base);
    check_fen(split->step[3].part, 1350000);
    scratch_book_close(&book);
}

/* The body of a claim in which one figure is another: told apart, wherever it stands. */
static void a_record_that_was_changed_is_told_apart(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"\"part_fen\":\"1800000\"", "\"part_fen\":\"1800001\""},
        {"\"loss_fen\":\"5000000\"", "\"loss_fen\":\"4999999\""},
        {"\"fund_free_balance\":\"1000000 yuan\"", "\"fund_free_balance\":\"1 yuan\""},
    };
    struct scratch_book book;
    open_book(&book, policy_with_guarantor());
    scratch_do(&book, "risk", "claim.open", of_loan(&book, 1));
    AUTO_BUFFER line;
    struct error err = {0};
    buffer_init(&line, CANON_LINE_MAX);
    check_ok(canon_write(book.body, CANON_LINE_MAX, &line, &err), &err);
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        char *text =
            policy_text_with(strndup(line.data, line.length), changes[i][0], changes[i][1]);
        struct explanation explanation;
        check_ok(canon_read(&book.requests, text, strlen(text), CANON_LINE_MAX, &book.body, &err),
                 &err);
        explain_last(&book, "claim.open", &explanation);
        assert_false(explanation.split.agrees);
        free(text);
    }
    scratch_book_close(&book);
}

static void recoveries_go_back_to_every_payer_that_bore(void **state)
{
    (void)state;
    struct scratch_book book;
    struct claim_part part[CLAIM_PARTS_MAX];
    size_t parts = 0;
    struct error err = {0};
    open_book(&book, policy_with_guarantor());
    scratch_do(&book, "risk", "claim.open", of_loan(&book, 1));
    struct canon *accept = scratch_request(&book, "claim", "1", NULL);
    scratch_of_event(&book, accept, book.seq - 1);
    scratch_do(&book, "bureau", "claim.accept", accept);
    check_ok(claim_parts_load(book.store, &book.requests, 1, part, &parts, &err), &err);
    check_int_equal((int64_t)parts, 4);
    check_text_equal(part[2].payer, "guarantor");
    check_fen(part[2].amount, 1800000);
    /* Of 10,000.00: insurer 15/50 = 3,000.00; fund 7,500/35,000 of 7,000.00 = 1,500.00; guarantor
     * 18,000/27,500 of 5,500.00 = 3,600.00; bank 1,900.00. */
    scratch_do(
        &book, "clerk", "recovery.record",
        scratch_request(&book, "claim", "1", "amount_fen", "1010000", "costs_fen", "10000", NULL));
    check_booked(&book, 300000 + 360000, 150000, 190000);
    scratch_do(
        &book, "clerk", "recovery.record",
        scratch_request(&book, "claim", "1", "amount_fen", "4000000", "costs_fen", "0", NULL));
    check_booked(&book, 3300000 - 660000, 750000 - 150000, 950000 - 190000);
    scratch_book_close(&book);
}

static void accept(struct scratch_book *book)
{
    struct canon *request = scratch_request(book, "claim", "1", NULL);
    scratch_of_event(book, request, book->seq - 1);
    scratch_do(book, "bureau", "claim.accept", request);
}

static struct canon *payment(struct scratch_book *book, const char *payer, const char *fen)
{
    return scratch_request(book, "claim", "1", "payer", payer, "amount_fen", fen, NULL);
}

static void pay(struct scratch_book *book, const char *actor, const char *payer, const char *fen,
                const char *from, const char *to)
{
    scratch_do(book, actor, "claim.pay", payment(book, payer, fen));
    check_text_equal(canon_get_text(scratch_out(book), "from"), from);
    check_text_equal(canon_get_text(scratch_out(book), "to"), to);
}

#define FUND_STEP "          share: 50%\n          of: rest\n          rounding: down\n"

/* The other way round: the insurer advances the fund's 7,500.00, beside its own 35,000.00. */
static void an_insurer_advances_the_part_of_the_fund(void **state)
{
    (void)state;
    struct scratch_book book;
    struct error err = {0};
    open_book(&book, county_pilot_with(FUND_STEP, FUND_STEP "          advanced_by: insurer\n"));
    scratch_do(&book, "risk", "claim.open", of_loan(&book, 1));
    accept(&book);
    check_fen(scratch_balance(&book, ACCOUNT_INSURER_RECEIVABLE), 4250000);
    check_fen(scratch_balance(&book, ACCOUNT_FUND_RECEIVABLE), 0);
    check_fen(scratch_balance(&book, ACCOUNT_COMPENSATION), 750000);
    check_fen(scratch_balance(&book, ACCOUNT_ADVANCES_PAYABLE), -750000);
    check_refused(
        scratch_act(&book, "bureau-officer", "claim.pay", payment(&book, "fund", "750000"), &err),
        &err, "claim.not-advanced");
    pay(&book, "clerk", "insurer", "3500000", "insurer", "bank");
    pay(&book, "clerk", "insurer", "750000", "insurer", "bank");
    check_fen(scratch_balance(&book, ACCOUNT_INSURER_RECEIVABLE), 0);
    check_fen(scratch_balance(&book, ACCOUNT_SPECIAL_ACCOUNT), 100000000);
    pay(&book, "bureau-officer", "fund", "750000", "fund", "insurer");
    check_fen(scratch_balance(&book, ACCOUNT_ADVANCES_PAYABLE), 0);
    check_fen(scratch_balance(&book, ACCOUNT_SPECIAL_ACCOUNT), 99250000);
    check_fen(scratch_balance(&book, ACCOUNT_FUND_DEPOSIT), -99250000);
    check_refused(
        scratch_act(&book, "bureau-officer", "claim.pay", payment(&book, "fund", "750000"), &err),
        &err, "claim.paid-already");
    scratch_book_close(&book);
}

/* Both are booked as the insurer: the bank is paid once, and between the two no entry is made. */
static void a_guarantor_advances_the_part_of_the_insurer(void **state)
{
    (void)state;
    struct scratch_book book;
    open_book(&book, policy_text_with(policy_with_guarantor(),
                                      "          share: 30%\n          of: loss\n",
                                      "          share: 30%\n          of: loss\n"
                                      "          advanced_by: guarantor\n"));
    scratch_do(&book, "risk", "claim.open", of_loan(&book, 1));
    accept(&book);
    check_fen(scratch_balance(&book, ACCOUNT_INSURER_RECEIVABLE), 3300000);
    pay(&book, "clerk", "guarantor", "1500000", "insurer", "bank");
    pay(&book, "clerk", "guarantor", "1800000", "insurer", "bank");
    check_fen(scratch_balance(&book, ACCOUNT_INSURER_RECEIVABLE), 0);
    struct money before = scratch_balance(&book, ACCOUNT_BANK_MONEY);
    pay(&book, "clerk", "insurer", "1500000", "insurer", "insurer");
    assert_null(canon_get(book.body, "entries"));
    check_fen(scratch_balance(&book, ACCOUNT_BANK_MONEY), money_fen(before));
    scratch_book_close(&book);
}

/* Three equal parts of 35,000.00 cannot be; the last instalment has the odd fen: 33.33 % are
 * 11,665.50, twice, and 11,669.00. */
static void instalments_come_to_the_part(void **state)
{
    (void)state;
    struct scratch_book book;
    struct error err = {0};
    open_book(&book, county_pilot_with(INSURER, INSURER
                                       "          instalments: [{share: 33.33%, within: 10 days},"
                                       " {share: 33.33%, within: 20 days},"
                                       " {share: 33.34%, within: 30 days}]\n"));
    scratch_do(&book, "risk", "claim.open", of_loan(&book, 1));
    accept(&book);
    pay(&book, "clerk", "insurer", "1166550", "insurer", "bank");
    check_fen(scratch_balance(&book, ACCOUNT_INSURER_RECEIVABLE), 3500000 - 1166550);
    pay(&book, "clerk", "insurer", "1166550", "insurer", "bank");
    pay(&book, "bureau-officer", "fund", "750000", "fund", "bank");
    bool paid = true;
    assert_true(canon_get_bool(scratch_out(&book), "paid", &paid));
    assert_false(paid);
    check_refused(
        scratch_act(&book, "clerk", "claim.pay", payment(&book, "insurer", "1166550"), &err), &err,
        "claim.amount-differs");
    pay(&book, "clerk", "insurer", "1166900", "insurer", "bank");
    assert_true(canon_get_bool(scratch_out(&book), "paid", &paid));
    assert_true(paid);
    check_fen(scratch_balance(&book, ACCOUNT_INSURER_RECEIVABLE), 0);
    scratch_book_close(&book);
}

/* 7.35 % of 40,000.00, of which 5 % are subsidised until it is overdue; 10,000.00 of 50,000.00 are
 * not covered, and neither is their interest. */
static void interest_is_counted_of_what_is_covered(void **state)
{
    (void)state;
    struct scratch_book book;
    struct error err = {0};
    char *policy = county_pilot_with("      remainder: bank\n",
                                     "      amount: \"covered_unpaid + interest_unpaid\"\n"
                                     "      remainder: bank\n");
    open_book_at(&book,
                 policy_text_with(policy,
                                  "  covered_limit:\n    governed_by: signing\n    values:\n"
                                  "      - from: 2016-01-01\n        value: 50000 yuan",
                                  "  covered_limit:\n    governed_by: signing\n    values:\n"
                                  "      - from: 2016-01-01\n        value: 40000 yuan"),
                 73500);
    struct loan loan = scratch_loan_load(&book, 1);
    struct money interest;
    assert_true(money_add(loan.interest_receivable, loan.off_balance_interest, &interest));
    check_text_equal(loan.status, "non-accrual");
    scratch_do(&book, "risk", "claim.open", of_loan(&book, 1));
    struct money counted;
    assert_true(canon_get_fen(scratch_out(&book), "interest_fen", &counted));
    /* raw: four fifths, rounded down */
    check_fen(counted, money_fen(interest) * 4 / 5);
    assert_true(money_is_positive(counted));
    struct money loss;
    assert_true(canon_get_fen(scratch_out(&book), "loss_fen", &loss));
    check_fen(loss, 4000000 + money_fen(counted));
    accept(&book);
    /* What nobody compensates of the interest stays off balance. */
    check_fen(scratch_loan_balance(&book, 1, ACCOUNT_INTEREST_RECEIVABLE), 0);
    struct money borne;
    check_fen(scratch_balance(&book, ACCOUNT_INSURER_RECEIVABLE), money_fen(loss) * 7 / 10);
    assert_true(money_add(scratch_balance(&book, ACCOUNT_INSURER_RECEIVABLE),
                          scratch_balance(&book, ACCOUNT_FUND_RECEIVABLE), &borne));
    int64_t taken = money_fen(borne) * money_fen(counted) / money_fen(loss);
    check_fen(scratch_loan_balance(&book, 1, ACCOUNT_OFF_BALANCE_INTEREST),
              money_fen(interest) - taken);
    check_fen(scratch_loan_balance(&book, 1, ACCOUNT_LOANS_NON_ACCRUAL),
              5000000 - (money_fen(borne) - taken));
    scratch_book_close(&book);
    open_book(&book,
              county_pilot_with("      remainder: bank\n",
                                "      amount: \"covered_unpaid + interest_unpaid + 0.01 yuan\"\n"
                                "      remainder: bank\n"));
    check_refused(scratch_act(&book, "risk", "claim.open", of_loan(&book, 1), &err), &err,
                  "claim.loss");
    scratch_book_close(&book);
}

static void the_policy_says_what_the_loss_is(void **state)
{
    (void)state;
    struct scratch_book book;
    struct error err = {0};
    open_book(&book, county_pilot_with("      remainder: bank\n",
                                       "      amount: \"share(covered_unpaid, 90%) - 1000 yuan\"\n"
                                       "      remainder: bank\n"));
    /* 90 % of 50,000.00 less 1,000.00 = 44,000.00: 30,800.00, half of 13,200.00. */
    scratch_do(&book, "risk", "claim.open", of_loan(&book, 1));
    check_booked(&book, 3080000, 660000, 660000);
    struct canon *accept = scratch_request(&book, "claim", "1", NULL);
    scratch_of_event(&book, accept, book.seq - 1);
    scratch_do(&book, "bureau", "claim.accept", accept);
    /* What insurer and fund do not bear stays in the loan: 50,000.00 - 37,400.00. */
    check_fen(scratch_loan_balance(&book, 1, ACCOUNT_LOANS_NON_ACCRUAL), 1260000);
    scratch_book_close(&book);
    open_book(&book, county_pilot_with("      remainder: bank\n",
                                       "      amount: \"covered_unpaid - 10000.01 yuan\"\n"
                                       "      remainder: bank\n"));
    check_refused(scratch_act(&book, "risk", "claim.open", of_loan(&book, 2), &err), &err,
                  "claim.loss");
    scratch_book_close(&book);
    open_book(&book, county_pilot_with("      remainder: bank\n",
                                       "      amount: \"covered_unpaid + 0.01 yuan\"\n"
                                       "      remainder: bank\n"));
    check_refused(scratch_act(&book, "risk", "claim.open", of_loan(&book, 2), &err), &err,
                  "claim.loss");
    scratch_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payers_of_the_policy_are_kept_and_capped_by_the_year),
        cmocka_unit_test(a_loss_is_explained_with_what_was_borne_before),
        cmocka_unit_test(a_record_that_was_changed_is_told_apart),
        cmocka_unit_test(recoveries_go_back_to_every_payer_that_bore),
        cmocka_unit_test(an_insurer_advances_the_part_of_the_fund),
        cmocka_unit_test(a_guarantor_advances_the_part_of_the_insurer),
        cmocka_unit_test(instalments_come_to_the_part),
        cmocka_unit_test(interest_is_counted_of_what_is_covered),
        cmocka_unit_test(the_policy_says_what_the_loss_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
