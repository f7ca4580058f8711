/* The fund from its opening to a recovery, and what county finance pays beside it. Figures by hand:
 * the sum stands beside each. After every event the fund's books and the bank's mirror each other.
 */
#include "tests/support/scratch_book.h"

/* fund's account = -(bank's account), for each of the three. */
static void check_mirrors(struct scratch_book *book)
{
    static const enum account pairs[][2] = {
        {ACCOUNT_SPECIAL_ACCOUNT, ACCOUNT_FUND_DEPOSIT},
        {ACCOUNT_CLAIMS_PAYABLE, ACCOUNT_FUND_RECEIVABLE},
        {ACCOUNT_RECOVERIES_RECEIVABLE, ACCOUNT_DUE_TO_FUND},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        struct money bank = scratch_balance(book, pairs[i][1]);
        check_fen(scratch_balance(book, pairs[i][0]), -money_fen(bank));
    }
}

static void does(struct scratch_book *book, const char *actor, const char *type,
                 const struct canon *request)
{
    scratch_do(book, actor, type, request);
    check_mirrors(book);
}

static void refuses(struct scratch_book *book, const char *actor, const char *type,
                    const struct canon *request, const char *reason)
{
    struct error err = {0};
    check_refused(scratch_act(book, actor, type, request, &err), &err, reason);
}

static struct canon *fen(struct scratch_book *book, const char *amount)
{
    return scratch_request(book, "amount_fen", amount, NULL);
}

static struct canon *year(struct scratch_book *book, const char *number)
{
    return scratch_request(book, "year", number, NULL);
}

static struct canon *of_claim(struct scratch_book *book, const char *claim, const char *amount)
{
    return scratch_request(book, "claim", claim, "amount_fen", amount, NULL);
}

static void check_out(const struct scratch_book *book, const char *name, int64_t want)
{
    struct money got;
    assert_true(canon_get_fen(scratch_out(book), name, &got));
    check_fen(got, want);
}

static void the_fund_is_opened_once_and_takes_deposits_and_interest(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    refuses(&book, "bureau", "fund.deposit", fen(&book, "100"), "fund.not-opened");
    refuses(&book, "bureau", "fund.open", fen(&book, "0"), "money.not-positive");
    refuses(&book, "bureau", "fund.open", fen(&book, "-1"), "money.not-positive");
    does(&book, "bureau", "fund.open", fen(&book, "100000000"));
    refuses(&book, "bureau", "fund.open", fen(&book, "1"), "fund.opened");
    does(&book, "bureau", "fund.deposit", fen(&book, "500"));
    does(&book, "clerk", "fund.interest", fen(&book, "1234"));
    /* 1,000,000.00 + 5.00 were paid in; 12.34 of interest came from the bank itself. */
    check_fen(scratch_balance(&book, ACCOUNT_BANK_MONEY), 100000500);
    check_fen(scratch_balance(&book, ACCOUNT_INTEREST_EXPENSE), 1234);
    check_fen(scratch_balance(&book, ACCOUNT_SPECIAL_ACCOUNT), 100001734);
    check_fen(scratch_balance(&book, ACCOUNT_CAPITAL), -100000500);
    check_fen(scratch_balance(&book, ACCOUNT_INTEREST_EARNED), -1234);
    scratch_book_close(&book);
}

/* L1 33,333.33 and L2 10,000.01 due on 2017-09-01, L3 20,000.05 on 2017-12-01, L4 1,234.56 on
 * 2018-09-01. */
static void open_with_four_loans(struct scratch_book *book)
{
    static const struct {
        int64_t fen;
        int months;
    } loans[] = {{3333333, 12}, {1000001, 12}, {2000005, 15}, {123456, 24}};
    scratch_book_open(book, NULL, "2016-09-01");
    does(book, "bureau", "fund.open", fen(book, "100000000"));
    for (size_t i = 0; i < COUNT_OF(loans); i++) {
        (void)scratch_loan(book, scratch_household(book, "registered"), loans[i].fen, 43500,
                           loans[i].months);
    }
}

static void file(struct scratch_book *book, const char *loan)
{
    does(book, "risk", "claim.open", scratch_request(book, "loan", loan, NULL));
}

/* Of the claim that the last event filed: a decision names the filing. */
static struct canon *acceptance(struct scratch_book *book, const char *claim)
{
    struct canon *accept = scratch_request(book, "claim", claim, NULL);
    scratch_of_event(book, accept, book->seq - 1);
    return accept;
}

static void the_top_up_is_a_tenth_of_what_is_unpaid_at_the_end_of_the_year_once(void **state)
{
    (void)state;
    struct scratch_book book;
    open_with_four_loans(&book);
    refuses(&book, "bureau", "fund.top-up", year(&book, "2016"), "fund.year-not-closed");
    scratch_close_through(&book, "2016-12-31");
    does(&book, "bureau", "fund.top-up", year(&book, "2016"));
    /* 33,333.33 + 10,000.01 + 20,000.05 + 1,234.56 = 64,567.95; a tenth is 6,456.795. */
    check_out(&book, "base_fen", 6456795);
    check_out(&book, "amount_fen", 645680);
    refuses(&book, "bureau", "fund.top-up", year(&book, "2016"), "fund.topped-up");

    /* L2 is compensated: 1,500.01 stay in the loan book. At the end of 2017 L1 is 121 days overdue
     * and non-accrual, L3 30 days overdue, L4 normal. */
    scratch_close_through(&book, "2017-11-29");
    file(&book, "2");
    does(&book, "bureau", "claim.accept", acceptance(&book, "1"));
    scratch_close_through(&book, "2017-12-30");
    refuses(&book, "bureau", "fund.top-up", year(&book, "2017"), "fund.year-not-closed");
    scratch_close_through(&book, "2017-12-31");
    /* What comes in a day later does not count. */
    does(&book, "clerk", "loan.repay", scratch_repayment(&book, 4, 100000, NULL));
    check_fen(scratch_balance(&book, ACCOUNT_LOANS_NON_ACCRUAL), 3333333 + 150001);
    check_fen(scratch_balance(&book, ACCOUNT_LOANS_OVERDUE), 2000005);
    does(&book, "bureau", "fund.top-up", year(&book, "2017"));
    /* 33,333.33 + 1,500.01 + 20,000.05 + 1,234.56 = 56,067.95; a tenth is 5,606.795. */
    check_out(&book, "base_fen", 5606795);
    check_out(&book, "amount_fen", 560680);
    check_fen(scratch_balance(&book, ACCOUNT_TOP_UPS), -(645680 + 560680));
    scratch_book_close(&book);
}

static void a_year_without_loans_has_no_top_up(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-12-31");
    does(&book, "bureau", "fund.open", fen(&book, "100"));
    scratch_close_through(&book, "2016-12-31");
    refuses(&book, "bureau", "fund.top-up", year(&book, "2016"), "fund.nothing-outstanding");
    scratch_book_close(&book);
}

/* Loss 10,000.01: insurer 7,000.007, fund half of the other 3,000.01, the bank the rest. */
static void a_claim_goes_from_the_filing_to_both_payments(void **state)
{
    (void)state;
    struct scratch_book book;
    open_with_four_loans(&book);
    scratch_close_through(&book, "2017-11-28");
    refuses(&book, "risk", "claim.open", scratch_request(&book, "loan", "2", NULL),
            "claim.not-yet-overdue-long-enough");
    scratch_close_through(&book, "2017-11-29"); /* 30 + 31 + 29 = 90 days after 2017-09-01 */
    file(&book, "2");
    check_fen(scratch_balance(&book, ACCOUNT_CLAIMS_FILED), 1000001);
    refuses(&book, "risk", "claim.open", scratch_request(&book, "loan", "2", NULL),
            "claim.filed-already");
    refuses(&book, "risk", "recovery.record",
            scratch_request(&book, "claim", "1", "amount_fen", "100", "costs_fen", "0", NULL),
            "recovery.not-compensated");
    refuses(&book, "risk", "claim.accept", acceptance(&book, "1"), "claim.same-person");
    refuses(&book, "clerk", "claim.pay",
            scratch_request(&book, "claim", "1", "payer", "insurer", "amount_fen", "700000", NULL),
            "claim.status");
    does(&book, "bureau", "claim.accept", acceptance(&book, "1"));
    check_fen(scratch_balance(&book, ACCOUNT_CLAIMS_FILED), 0);
    check_fen(scratch_balance(&book, ACCOUNT_SUBROGATED), 850000);
    check_fen(scratch_balance(&book, ACCOUNT_INSURER_RECEIVABLE), 700000);
    check_fen(scratch_balance(&book, ACCOUNT_FUND_RECEIVABLE), 150000);
    check_fen(scratch_balance(&book, ACCOUNT_COMPENSATION), 150000);
    check_fen(scratch_loan_balance(&book, 2, ACCOUNT_LOANS_NON_ACCRUAL), 150001);
    refuses(&book, "bureau", "claim.accept", acceptance(&book, "1"), "claim.status");
    refuses(&book, "clerk", "loan.repay", scratch_repayment(&book, 2, 100, NULL),
            "loan.compensated");
    does(&book, "clerk", "claim.pay",
         scratch_request(&book, "claim", "1", "payer", "insurer", "amount_fen", "700000", NULL));
    struct canon *fund_pays =
        scratch_request(&book, "claim", "1", "payer", "fund", "amount_fen", "150000", NULL);
    refuses(&book, "clerk", "claim.pay", fund_pays, "claim.role");
    does(&book, "bureau-officer", "claim.pay", fund_pays);
    check_fen(scratch_balance(&book, ACCOUNT_INSURER_RECEIVABLE), 0);
    check_fen(scratch_balance(&book, ACCOUNT_CLAIMS_PAYABLE), 0);
    check_fen(scratch_balance(&book, ACCOUNT_SPECIAL_ACCOUNT), 100000000 - 150000);
    scratch_book_close(&book);
}

static struct canon *recovery(struct scratch_book *book, const char *amount, const char *costs)
{
    return scratch_request(book, "claim", "1", "amount_fen", amount, "costs_fen", costs, NULL);
}

static struct canon *handing_over(struct scratch_book *book, const char *number, const char *payer)
{
    return scratch_request(book, "recovery", number, "payer", payer, NULL);
}

static void check_recovered(const struct scratch_book *book, int64_t insurer, int64_t fund,
                            int64_t bank)
{
    check_out(book, "insurer_fen", insurer);
    check_out(book, "fund_fen", fund);
    check_out(book, "bank_fen", bank);
}

/* Shares of what came in so far, less what was given: of 0.01 insurer 0.007 and fund 0.0015, all of
 * it the bank's; of 0.03 insurer 0.021, fund 0.0045, bank 0.01, which it has; of 10,000.01 each
 * gets back what it bore. */
static void recoveries_go_back_by_the_shares_that_paid(void **state)
{
    (void)state;
    struct scratch_book book;
    open_with_four_loans(&book);
    scratch_close_through(&book, "2017-11-29");
    file(&book, "2");
    does(&book, "bureau", "claim.accept", acceptance(&book, "1"));
    refuses(&book, "clerk", "recovery.record", recovery(&book, "100", "100"), "recovery.costs");
    refuses(&book, "clerk", "recovery.record", recovery(&book, "100", "-1"), "recovery.costs");
    refuses(&book, "clerk", "recovery.record", recovery(&book, "1000002", "0"),
            "recovery.over-loss");
    does(&book, "clerk", "recovery.record", recovery(&book, "101", "100"));
    check_recovered(&book, 0, 0, 1);
    does(&book, "clerk", "recovery.record", recovery(&book, "2", "0"));
    check_recovered(&book, 2, 0, 0);
    does(&book, "clerk", "recovery.record", recovery(&book, "999998", "0"));
    check_recovered(&book, 699998, 150000, 150000);
    refuses(&book, "clerk", "recovery.record", recovery(&book, "1", "0"), "recovery.over-loss");
    check_fen(scratch_balance(&book, ACCOUNT_SUBROGATED), 0);
    check_fen(scratch_loan_balance(&book, 2, ACCOUNT_LOANS_NON_ACCRUAL), 0);

    refuses(&book, "clerk", "recovery.transfer", handing_over(&book, "1", "insurer"),
            "recovery.nothing-due");
    refuses(&book, "clerk", "recovery.transfer", handing_over(&book, "4", "fund"),
            "recovery.not-found");
    does(&book, "clerk", "recovery.transfer", handing_over(&book, "2", "insurer"));
    does(&book, "clerk", "recovery.transfer", handing_over(&book, "3", "insurer"));
    does(&book, "clerk", "recovery.transfer", handing_over(&book, "3", "fund"));
    refuses(&book, "clerk", "recovery.transfer", handing_over(&book, "3", "fund"),
            "recovery.transferred");
    check_fen(scratch_balance(&book, ACCOUNT_DUE_TO_INSURER), 0);
    check_fen(scratch_balance(&book, ACCOUNT_RECOVERIES_RECEIVABLE), 0);
    check_fen(scratch_balance(&book, ACCOUNT_RECOVERIES), -150000);
    scratch_book_close(&book);
}

/* 1.5 % of 33,333.33 is 499.99995, of 10,000.01 150.00015, of 20,000.05 300.00075, of 1,234.56
 * 18.5184. */
static void county_finance_pays_the_premium_and_the_insurer_gets_it(void **state)
{
    (void)state;
    struct scratch_book book;
    open_with_four_loans(&book);
    does(&book, "clerk", "premium.claim", scratch_request(&book, "through", "2016-09-01", NULL));
    check_out(&book, "amount_fen", 50000 + 15000 + 30000 + 1852);
    refuses(&book, "clerk", "premium.claim", scratch_request(&book, "through", "2016-09-01", NULL),
            "premium.nothing-due");
    check_fen(scratch_balance(&book, ACCOUNT_PREMIUM_RECEIVABLE), 96852);
    check_fen(scratch_balance(&book, ACCOUNT_PREMIUM_PAYABLE), -96852);
    refuses(&book, "clerk", "premium.receive", of_claim(&book, "2", "96852"), "premium.not-found");
    refuses(&book, "clerk", "premium.receive", of_claim(&book, "1", "96851"),
            "premium.amount-differs");
    does(&book, "clerk", "premium.receive", of_claim(&book, "1", "96852"));
    refuses(&book, "clerk", "premium.receive", of_claim(&book, "1", "96852"), "premium.received");
    does(&book, "clerk", "premium.pay", of_claim(&book, "1", "96852"));
    refuses(&book, "clerk", "premium.pay", of_claim(&book, "1", "96852"), "premium.paid");
    check_fen(scratch_balance(&book, ACCOUNT_PREMIUM_RECEIVABLE), 0);
    check_fen(scratch_balance(&book, ACCOUNT_PREMIUM_PAYABLE), 0);
    check_fen(scratch_balance(&book, ACCOUNT_SPECIAL_ACCOUNT), 100000000); /* never the fund */
    scratch_book_close(&book);
}

/* 2016-09-01 to 2016-09-20, the day included, are 20 days: of 33,333.33 at 4.35 % 80.5555..., of
 * 10,000.01 24.1666..., of 20,000.05 48.3334..., of 1,234.56 2.9835.... */
static void county_finance_pays_the_subsidy(void **state)
{
    (void)state;
    struct scratch_book book;
    open_with_four_loans(&book);
    refuses(&book, "clerk", "subsidy.claim", scratch_request(&book, "through", "2016-09-01", NULL),
            "subsidy.nothing-due");
    scratch_close_through(&book, "2016-09-20");
    refuses(&book, "clerk", "subsidy.claim", scratch_request(&book, "through", "2016-09-22", NULL),
            "date.future");
    does(&book, "clerk", "subsidy.claim", scratch_request(&book, "through", "2016-09-20", NULL));
    check_out(&book, "amount_fen", 8056 + 2417 + 4833 + 298);
    refuses(&book, "clerk", "subsidy.claim", scratch_request(&book, "through", "2016-09-20", NULL),
            "subsidy.nothing-due");
    check_fen(scratch_balance(&book, ACCOUNT_SUBSIDY_RECEIVABLE), 15604);
    refuses(&book, "clerk", "subsidy.receive", of_claim(&book, "2", "15604"), "subsidy.not-found");
    refuses(&book, "clerk", "subsidy.receive", of_claim(&book, "1", "15605"),
            "subsidy.amount-differs");
    does(&book, "clerk", "subsidy.receive", of_claim(&book, "1", "15604"));
    refuses(&book, "clerk", "subsidy.receive", of_claim(&book, "1", "15604"), "subsidy.received");
    check_fen(scratch_balance(&book, ACCOUNT_SUBSIDY_RECEIVABLE), 0);
    check_fen(scratch_balance(&book, ACCOUNT_SPECIAL_ACCOUNT), 100000000);
    scratch_book_close(&book);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fund_is_opened_once_and_takes_deposits_and_interest),
        cmocka_unit_test(the_top_up_is_a_tenth_of_what_is_unpaid_at_the_end_of_the_year_once),
        cmocka_unit_test(a_year_without_loans_has_no_top_up),
        cmocka_unit_test(a_claim_goes_from_the_filing_to_both_payments),
        cmocka_unit_test(recoveries_go_back_by_the_shares_that_paid),
        cmocka_unit_test(county_finance_pays_the_premium_and_the_insurer_gets_it),
        cmocka_unit_test(county_finance_pays_the_subsidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
