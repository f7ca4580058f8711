/* Figures by hand: 5,000,000 fen at 4.35 % bear 604.1666... fen a day (/360), at penalty factor 1.5
 * 906.25 a day. */
#include "tests/support/scratch_book.h"

#include <stdlib.h>

struct parts {
    int64_t penalty, interest, principal, over;
};

static void check_parts(const struct scratch_book *book, const struct parts *want)
{
    const struct canon *out = scratch_out(book);
    struct money penalty;
    struct money interest;
    struct money principal;
    struct money over;

    assert_true(canon_get_fen(out, "penalty_fen", &penalty));
    assert_true(canon_get_fen(out, "interest_fen", &interest));
    assert_true(canon_get_fen(out, "principal_fen", &principal));
    assert_true(canon_get_fen(out, "over_fen", &over));
    check_fen(penalty, want->penalty);
    check_fen(interest, want->interest);
    check_fen(principal, want->principal);
    check_fen(over, want->over);
}

static void check_settled(const struct scratch_book *book, const char *upto, int64_t interest_fen,
                          int64_t treasury_fen)
{
    const struct canon *settled = canon_get(scratch_out(book), "settled");
    struct date end;
    struct date due;
    struct money interest;
    struct money treasury;

    assert_non_null(settled);
    assert_true(canon_get_date(settled, "upto", &end));
    assert_true(canon_get_date(settled, "due", &due));
    assert_true(canon_get_fen(settled, "interest_fen", &interest));
    assert_true(canon_get_fen(settled, "treasury_fen", &treasury));
    check_date(end, upto);
    check_date(due, upto);
    check_fen(interest, interest_fen);
    check_fen(treasury, treasury_fen);
}

static void repay(struct scratch_book *book, int64_t loan, int64_t fen, const char *value_date)
{
    scratch_do(book, "clerk", "loan.repay", scratch_repayment(book, loan, fen, value_date));
}

static int64_t open_with_loan(struct scratch_book *book, const char *status, int64_t rate_ppm)
{
    scratch_book_open(book, NULL, "2016-10-20");
    return scratch_loan(book, scratch_household(book, status), 5000000, rate_ppm, 12);
}

static void paid_on_the_maturity_day_the_subsidised_loan_costs_the_principal_alone(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "registered", 43500);
    scratch_close_through(&book, "2017-10-19");
    repay(&book, loan, 5000000, NULL);
    check_parts(&book, &(struct parts){0, 0, 5000000, 0});
    /* The maturity settlement that the close of the day would have made. */
    check_settled(&book, "2017-10-20", 17521, 17521);
    check_text_equal(scratch_loan_load(&book, loan).status, "closed");
    check_fen(scratch_balance(&book, ACCOUNT_SUBSIDY_RECEIVABLE), 220520);
    scratch_close_through(&book, "2017-12-20");
    assert_null(canon_get(book.body, "rows"));
    scratch_book_close(&book);
}

static void the_penalty_accrued_at_the_close_of_20_december_is_561_88(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "registered", 43500);
    scratch_close_through(&book, "2017-12-20");
    /* Paid on the 21st, that day not counted: 62 days from 2017-10-20 on. */
    repay(&book, loan, 5000000 + 56188, NULL);
    check_parts(&book, &(struct parts){56188, 0, 5000000, 0});
    check_text_equal(scratch_loan_load(&book, loan).status, "closed");
    check_fen(scratch_balance(&book, ACCOUNT_PENALTY_INCOME), -56188);
    scratch_book_close(&book);
}

static void the_day_of_the_payment_bears_no_penalty(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "registered", 43500);
    scratch_close_through(&book, "2017-12-19");
    repay(&book, loan, 5000000 + 56188, NULL); /* 61 days: 55,281.25 */
    check_parts(&book, &(struct parts){55281, 0, 5000000, 907});
    scratch_book_close(&book);
}

static void what_is_short_comes_off_penalty_and_interest_before_the_principal(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "none", 43500);
    scratch_close_through(&book, "2017-10-29");
    /* On 2017-10-30: ten days' penalty 9,062.50; interest of the whole year 220,520. */
    repay(&book, loan, 9063 + 220520 + 1000000, NULL);
    check_parts(&book, &(struct parts){9063, 220520, 1000000, 0});
    struct loan found = scratch_loan_load(&book, loan);
    check_text_equal(found.status, "non-accrual");
    check_date(found.overdue_since, "2017-10-20");
    check_fen(found.non_accrual, 4000000);
    /* Ten days more on 40,000.00: 906.25 x 10 + 725 x 10 = 16,312.50 in all, 9,063 of it paid. */
    scratch_close_through(&book, "2017-11-08");
    repay(&book, loan, 5000000, NULL);
    check_parts(&book, &(struct parts){16313 - 9063, 0, 4000000, 5000000 - 4000000 - 7250});
    check_fen(scratch_balance(&book, ACCOUNT_OVERPAYMENTS), -(1000000 - 7250));
    check_text_equal(scratch_loan_load(&book, loan).status, "closed");
    scratch_book_close(&book);
}

static void a_part_paid_early_lowers_the_interest_from_that_day_on(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "registered", 43500);
    scratch_close_through(&book, "2016-11-18");
    repay(&book, loan, 2000000, NULL); /* on 2016-11-19 */
    check_parts(&book, &(struct parts){0, 0, 2000000, 0});
    assert_null(canon_get(scratch_out(&book), "settled"));
    scratch_close_through(&book, "2016-12-20");
    /* 30 days of 50,000.00 and 32 days of 30,000.00: 18,125.00 + 11,600.00. */
    struct money interest;
    int64_t fen_days = 0;
    const struct canon *settled = canon_get(scratch_row(&book, loan), "settled");
    assert_non_null(settled);
    assert_true(canon_get_fen(settled, "interest_fen", &interest));
    assert_true(canon_get_int(settled, "fen_days", &fen_days));
    check_fen(interest, 29725);
    check_int_equal(fen_days, INT64_C(5000000) * 30 + INT64_C(3000000) * 32);
    scratch_book_close(&book);
}

static void paid_off_early_the_open_period_is_settled_to_that_day(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "none", 43500);
    scratch_close_through(&book, "2016-11-18");
    repay(&book, loan, 5000000 + 18125 + 77, NULL); /* 30 days: 18,125.00 */
    check_settled(&book, "2016-11-19", 18125, 0);
    check_parts(&book, &(struct parts){0, 18125, 5000000, 77});
    check_text_equal(scratch_loan_load(&book, loan).status, "closed");
    scratch_close_through(&book, "2016-12-20");
    assert_null(canon_get(book.body, "rows"));
    scratch_book_close(&book);
}

static void what_covers_the_principal_but_not_the_interest_pays_the_interest_first(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "none", 43500);
    scratch_close_through(&book, "2016-11-18");
    repay(&book, loan, 5000000, NULL);
    check_settled(&book, "2016-11-19", 18125, 0);
    check_parts(&book, &(struct parts){0, 18125, 5000000 - 18125, 0});
    struct loan found = scratch_loan_load(&book, loan);
    check_text_equal(found.status, "normal");
    check_fen(found.normal, 18125);
    /* The next period begins that day: 32 days of 181.25 bear 70.08. */
    scratch_close_through(&book, "2016-12-20");
    check_fen(scratch_loan_balance(&book, loan, ACCOUNT_INTEREST_RECEIVABLE), 70);
    scratch_book_close(&book);
}

static void a_subsidised_loan_paid_off_early_leaves_the_interest_to_county_finance(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "registered", 43500);
    scratch_close_through(&book, "2016-11-18");
    repay(&book, loan, 5000000, NULL);
    check_settled(&book, "2016-11-19", 18125, 18125);
    check_parts(&book, &(struct parts){0, 0, 5000000, 0});
    check_fen(scratch_balance(&book, ACCOUNT_SUBSIDY_RECEIVABLE), 18125);
    check_text_equal(scratch_loan_load(&book, loan).status, "closed");
    scratch_book_close(&book);
}

static void arrears_paid_before_maturity_bring_the_loan_back_to_normal(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "none", 43500);
    scratch_close_through(&book, "2017-03-22"); /* non-accrual; 37,458 and 54,375 are due */
    check_text_equal(scratch_loan_load(&book, loan).status, "non-accrual");
    repay(&book, loan, 37458, NULL);
    struct loan found = scratch_loan_load(&book, loan);
    check_text_equal(found.status, "non-accrual");
    check_date(found.overdue_since, "2017-03-21");
    check_fen(found.off_balance_interest, 54375);
    check_fen(scratch_balance(&book, ACCOUNT_INTEREST_INCOME), -37458);
    repay(&book, loan, 54375, NULL);
    found = scratch_loan_load(&book, loan);
    check_text_equal(found.status, "normal");
    assert_false(found.has_overdue_since);
    check_fen(found.normal, 5000000);
    check_fen(found.non_accrual, 0);
    check_fen(scratch_balance(&book, ACCOUNT_OFF_BALANCE_INTEREST), 0);
    check_fen(scratch_balance(&book, ACCOUNT_INTEREST_INCOME), -(37458 + 54375));
    scratch_close_through(&book, "2017-06-20");
    check_fen(scratch_loan_balance(&book, loan, ACCOUNT_INTEREST_RECEIVABLE), 55583);
    scratch_book_close(&book);
}

static void a_sum_that_falls_due_today_is_no_arrears(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "none", 43500);
    scratch_close_through(&book, "2017-03-20"); /* 54,375 fall due on the open day, 2017-03-21 */
    check_text_equal(scratch_loan_load(&book, loan).status, "overdue");
    repay(&book, loan, 37458, NULL);
    check_text_equal(scratch_loan_load(&book, loan).status, "normal");
    scratch_close_through(&book, "2017-03-21");
    check_text_equal(scratch_loan_load(&book, loan).status, "normal");
    scratch_close_through(&book, "2017-03-22");
    struct loan found = scratch_loan_load(&book, loan);
    check_text_equal(found.status, "overdue");
    check_date(found.overdue_since, "2017-03-21");
    scratch_book_close(&book);
}

static void money_that_came_days_ago_counts_from_its_value_date(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "registered", 43500);
    scratch_close_through(&book, "2016-11-29");
    repay(&book, loan, 2000000, "2016-11-19");
    scratch_close_through(&book, "2016-12-20");
    struct money interest;
    const struct canon *settled = canon_get(scratch_row(&book, loan), "settled");
    assert_non_null(settled);
    assert_true(canon_get_fen(settled, "interest_fen", &interest));
    check_fen(interest, 29725);
    scratch_book_close(&book);
}

static void a_value_date_that_reaches_into_settled_days_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *value_date;
        const char *reason;
    } refused[] = {
        {"2016-12-20", "loan.value-date-early"}, /* the day is settled */
        {"2016-10-19", "loan.value-date-early"},
        {"2016-12-24", "loan.value-date-late"}, /* tomorrow */
    };
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "registered", 43500);
    scratch_close_through(&book, "2016-12-22");
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct error err = {0};
        check_refused(scratch_act(&book, "clerk", "loan.repay",
                                  scratch_repayment(&book, loan, 100000, refused[i].value_date),
                                  &err),
                      &err, refused[i].reason);
        assert_true(err.limit[0] != '\0' && err.next[0] != '\0');
    }
    repay(&book, loan, 100000, "2016-12-22");
    struct error err = {0};
    check_refused(scratch_act(&book, "clerk", "loan.repay",
                              scratch_repayment(&book, loan, 100000, "2016-12-21"), &err),
                  &err, "loan.value-date-early");
    scratch_book_close(&book);
}

static void a_payment_of_penalty_alone_also_bars_earlier_value_dates(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "registered", 43500);
    scratch_close_through(&book, "2017-10-29");
    repay(&book, loan, 100, "2017-10-28");
    struct error err = {0};
    check_refused(scratch_act(&book, "clerk", "loan.repay",
                              scratch_repayment(&book, loan, 5000000, "2017-10-25"), &err),
                  &err, "loan.value-date-early");
    scratch_book_close(&book);
}

static void check_repayment_refused(struct scratch_book *book, int64_t loan, const char *reason)
{
    struct error err = {0};
    check_refused(
        scratch_act(book, "clerk", "loan.repay", scratch_repayment(book, loan, 100, NULL), &err),
        &err, reason);
    assert_true(err.next[0] != '\0');
}

static void a_loan_that_is_not_running_takes_no_repayment(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "registered", 43500);
    repay(&book, loan, 5000000, NULL);
    check_repayment_refused(&book, loan, "loan.closed");
    int64_t household = scratch_household(&book, "registered");
    scratch_do(&book, "clerk", "loan.apply",
               scratch_application(&book, household, 1000000, 43500, 12));
    check_repayment_refused(&book, loan + 1, "loan.not-paid-out");
    check_repayment_refused(&book, loan + 2, "loan.not-found");
    scratch_book_close(&book);
}

static void a_claimed_loan_and_a_compensated_one_take_no_repayment(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "registered", 43500);
    scratch_do(&book, "bureau", "fund.open",
               scratch_request(&book, "amount_fen", "100000000", NULL));
    scratch_close_through(&book, "2018-01-17"); /* 90 days overdue on the open day */
    uint64_t filed = book.seq;
    scratch_do(&book, "risk", "claim.open", scratch_request(&book, "loan", "1", NULL));
    check_repayment_refused(&book, loan, "loan.claimed");
    struct canon *acceptance = scratch_request(&book, "claim", "1", NULL);
    scratch_of_event(&book, acceptance, filed);
    scratch_do(&book, "bureau", "claim.accept", acceptance);
    check_repayment_refused(&book, loan, "loan.compensated");
    scratch_book_close(&book);
}

static void a_claim_that_was_refused_leaves_the_loan_as_it_would_have_been(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "registered", 43500);
    scratch_close_through(&book, "2018-01-17");
    scratch_do(&book, "risk", "claim.open", scratch_request(&book, "loan", "1", NULL));
    scratch_close_through(&book, "2018-02-28");
    check_text_equal(scratch_loan_load(&book, loan).status, "claimed");
    scratch_do(&book, "bureau", "claim.refuse",
               scratch_request(&book, "claim", "1", "reason", "papers missing", NULL));
    check_text_equal(scratch_loan_load(&book, loan).status, "overdue");
    /* More than 90 days overdue by now: the next close makes up for it. */
    scratch_close_through(&book, "2018-03-01");
    check_text_equal(scratch_loan_load(&book, loan).status, "non-accrual");
    repay(&book, loan, 100000, NULL);
    scratch_book_close(&book);
}

static void a_penalty_factor_by_accrual_day_changes_inside_the_time_of_the_penalty(void **state)
{
    (void)state;
    /* From 2017-10-25 on 30 % more instead of 50 %: 5 days at 906.25 and 5 at 785.42: 8,458.33. */
    char *policy = county_pilot_with(
        "  penalty_factor:\n    governed_by: signing\n    values:\n      - from: 2016-01-01\n"
        "        value: 150%\n",
        "  penalty_factor:\n    governed_by: accrual\n    values:\n      - from: 2016-01-01\n"
        "        value: 150%\n        clause: Half more.\n      - from: 2017-10-25\n"
        "        value: 130%\n");
    struct scratch_book book;
    scratch_book_open(&book, policy, "2016-10-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 43500, 12);
    scratch_close_through(&book, "2017-10-29");
    repay(&book, loan, 5100000, NULL);
    check_parts(&book, &(struct parts){8458, 0, 5000000, 91542});
    free(policy);
    scratch_book_close(&book);
}

static void paid_back_on_the_payout_day_it_bears_no_interest(void **state)
{
    (void)state;
    struct scratch_book book;
    int64_t loan = open_with_loan(&book, "none", 43500);
    repay(&book, loan, 5000000, NULL);
    assert_null(canon_get(scratch_out(&book), "settled"));
    check_parts(&book, &(struct parts){0, 0, 5000000, 0});
    check_text_equal(scratch_loan_load(&book, loan).status, "closed");
    scratch_book_close(&book);
}

static void an_odd_payout_day_does_not_stop_later_settlements(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-12-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "none"), 5000000, 43500, 12);
    repay(&book, loan, 1000000, NULL); /* on the payout day, which is a settlement day */
    scratch_close_through(&book, "2016-12-20");
    check_fen(scratch_loan_balance(&book, loan, ACCOUNT_INTEREST_RECEIVABLE), 0);
    /* 91 days of 40,000.00, the 20th of December and of March counted: 43,983.33. */
    scratch_close_through(&book, "2017-03-20");
    check_fen(scratch_loan_balance(&book, loan, ACCOUNT_INTEREST_RECEIVABLE), 43983);
    scratch_book_close(&book);
}

/* Until 2017-10-30 as above: penalty 9,063, interest 220,520, principal 5,000,000. */
static void a_policy_may_have_principal_paid_first_when_a_loan_is_long_overdue(void **state)
{
    (void)state;
    struct scratch_book book;
    char *policy = county_pilot_with("interest, principal]\n",
                                     "interest, principal]\n"
                                     "      long_overdue: {after: 90 days, order: [principal,"
                                     " costs, penalty, compound, interest]}\n");
    scratch_book_open(&book, policy, "2016-10-20");
    free(policy);
    int64_t loan = scratch_loan(&book, scratch_household(&book, "none"), 5000000, 43500, 12);
    scratch_close_through(&book, "2017-03-19");
    /* On 2017-03-20 the interest of 2016-12-21 is 89 days overdue: not long. */
    repay(&book, loan, 30000, NULL);
    check_parts(&book, &(struct parts){0, 30000, 0, 0});
    scratch_close_through(&book, "2017-10-29");
    repay(&book, loan, 1000000, NULL);
    check_parts(&book, &(struct parts){0, 0, 1000000, 0});
    repay(&book, loan, 4000000 + 100, NULL);
    check_parts(&book, &(struct parts){100, 0, 4000000, 0});
    /* No principal is left, but the loan is not closed. */
    check_text_equal(scratch_loan_load(&book, loan).status, "non-accrual");
    check_date(scratch_loan_load(&book, loan).overdue_since, "2016-12-21");
    repay(&book, loan, 8963 + 190520, NULL);
    check_parts(&book, &(struct parts){8963, 190520, 0, 0});
    check_text_equal(scratch_loan_load(&book, loan).status, "closed");
    scratch_book_close(&book);
}

/* Interest first: what is left of the penalty keeps the loan open. */
static void a_loan_whose_penalty_is_not_paid_is_not_closed(void **state)
{
    (void)state;
    struct scratch_book book;
    char *policy = county_pilot_with("order: [costs, penalty, compound, interest, principal]",
                                     "order: [costs, interest, principal, compound, penalty]");
    scratch_book_open(&book, policy, "2016-10-20");
    free(policy);
    int64_t loan = scratch_loan(&book, scratch_household(&book, "none"), 5000000, 43500, 12);
    scratch_close_through(&book, "2017-10-29");
    repay(&book, loan, 220520 + 5000000, NULL);
    check_parts(&book, &(struct parts){0, 220520, 5000000, 0});
    check_text_equal(scratch_loan_load(&book, loan).status, "non-accrual");
    repay(&book, loan, 9063, NULL);
    check_parts(&book, &(struct parts){9063, 0, 0, 0});
    check_text_equal(scratch_loan_load(&book, loan).status, "closed");
    scratch_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paid_on_the_maturity_day_the_subsidised_loan_costs_the_principal_alone),
        cmocka_unit_test(the_penalty_accrued_at_the_close_of_20_december_is_561_88),
        cmocka_unit_test(the_day_of_the_payment_bears_no_penalty),
        cmocka_unit_test(what_is_short_comes_off_penalty_and_interest_before_the_principal),
        cmocka_unit_test(a_part_paid_early_lowers_the_interest_from_that_day_on),
        cmocka_unit_test(paid_off_early_the_open_period_is_settled_to_that_day),
        cmocka_unit_test(what_covers_the_principal_but_not_the_interest_pays_the_interest_first),
        cmocka_unit_test(a_subsidised_loan_paid_off_early_leaves_the_interest_to_county_finance),
        cmocka_unit_test(arrears_paid_before_maturity_bring_the_loan_back_to_normal),
        cmocka_unit_test(a_sum_that_falls_due_today_is_no_arrears),
        cmocka_unit_test(money_that_came_days_ago_counts_from_its_value_date),
        cmocka_unit_test(a_value_date_that_reaches_into_settled_days_is_refused),
        cmocka_unit_test(a_payment_of_penalty_alone_also_bars_earlier_value_dates),
        cmocka_unit_test(a_loan_that_is_not_running_takes_no_repayment),
        cmocka_unit_test(a_claimed_loan_and_a_compensated_one_take_no_repayment),
        cmocka_unit_test(a_claim_that_was_refused_leaves_the_loan_as_it_would_have_been),
        cmocka_unit_test(a_penalty_factor_by_accrual_day_changes_inside_the_time_of_the_penalty),
        cmocka_unit_test(paid_back_on_the_payout_day_it_bears_no_interest),
        cmocka_unit_test(an_odd_payout_day_does_not_stop_later_settlements),
        cmocka_unit_test(a_policy_may_have_principal_paid_first_when_a_loan_is_long_overdue),
        cmocka_unit_test(a_loan_whose_penalty_is_not_paid_is_not_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
