/* Figures by hand, with interest = fen x days x ppm / (10^6 x 360) rounded half up:
 *   5,000,000 fen at 43,500 ppm is 604.1666... fen a day; 62 days 37,458.33; 90 days 54,375.00;
 *   92 days 55,583.33; 29 days 17,520.83. */
#include "tests/support/scratch_book.h"

#include <stdlib.h>

struct settled_row {
    const char *day;
    const char *from, *upto, *due;
    int64_t fen_days;
    int64_t interest, treasury;
};

static void check_settled(struct scratch_book *book, int64_t loan, const struct settled_row *want)
{
    struct date from;
    struct date upto;
    struct date due;
    int64_t fen_days = 0;
    struct money interest;
    struct money treasury;

    scratch_close_through(book, want->day);
    const struct canon *row = scratch_row(book, loan);
    assert_non_null(row);
    const struct canon *settled = canon_get(row, "settled");
    assert_non_null(settled);
    assert_true(canon_get_date(settled, "from", &from));
    assert_true(canon_get_date(settled, "upto", &upto));
    assert_true(canon_get_date(settled, "due", &due));
    assert_true(canon_get_int(settled, "fen_days", &fen_days));
    assert_true(canon_get_fen(settled, "interest_fen", &interest));
    assert_true(canon_get_fen(settled, "treasury_fen", &treasury));
    check_date(from, want->from);
    check_date(upto, want->upto);
    check_date(due, want->due);
    check_int_equal(fen_days, want->fen_days);
    check_fen(interest, want->interest);
    check_fen(treasury, want->treasury);
}

static const struct settled_row worked[] = {
    {"2016-12-20", "2016-10-20", "2016-12-21", "2016-12-21", 310000000, 37458, 37458},
    {"2017-03-20", "2016-12-21", "2017-03-21", "2017-03-21", 450000000, 54375, 54375},
    {"2017-06-20", "2017-03-21", "2017-06-21", "2017-06-21", 460000000, 55583, 55583},
    {"2017-09-20", "2017-06-21", "2017-09-21", "2017-09-21", 460000000, 55583, 55583},
    {"2017-10-20", "2017-09-21", "2017-10-20", "2017-10-20", 145000000, 17521, 17521},
};

static void interest_of_the_worked_loan_comes_out_to_the_fen(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 43500, 12);
    check_date(scratch_loan_load(&book, loan).due, "2017-10-20");
    for (size_t i = 0; i < COUNT_OF(worked); i++) {
        check_settled(&book, loan, &worked[i]);
    }
    check_fen(scratch_loan_balance(&book, loan, ACCOUNT_SUBSIDY_RECEIVABLE), 220520);
    check_fen(scratch_loan_balance(&book, loan, ACCOUNT_INTEREST_INCOME), -220520);
    check_fen(scratch_loan_balance(&book, loan, ACCOUNT_INTEREST_RECEIVABLE), 0);
    scratch_book_close(&book);
}

static void a_day_on_which_nothing_is_due_has_no_rows(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 43500, 12);
    scratch_close_through(&book, "2016-12-19");
    assert_null(canon_get(book.body, "rows"));
    scratch_book_close(&book);
}

static void a_payout_on_the_settlement_day_is_first_settled_a_quarter_later(void **state)
{
    (void)state;
    /* 92 days from 2016-09-20 to 2016-12-20, both counted: 5,000,000 x 92 x 604.1666... */
    static const struct settled_row first = {"2016-12-20", "2016-09-20", "2016-12-21", "2016-12-21",
                                             460000000,    55583,        55583};
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-09-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 43500, 12);
    scratch_close_through(&book, "2016-09-20");
    assert_null(scratch_row(&book, loan));
    check_settled(&book, loan, &first);
    scratch_book_close(&book);
}

static void an_unpaid_loan_is_overdue_the_day_after_maturity(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 43500, 12);
    scratch_close_through(&book, "2017-10-20");
    check_text_equal(scratch_loan_load(&book, loan).status, "normal");
    scratch_close_through(&book, "2017-10-21");
    struct loan found = scratch_loan_load(&book, loan);
    check_text_equal(found.status, "overdue");
    assert_true(found.has_overdue_since);
    check_date(found.overdue_since, "2017-10-20");
    check_fen(found.normal, 0);
    check_fen(found.overdue, 5000000);
    scratch_book_close(&book);
}

static void accrual_stops_at_the_close_of_the_ninety_first_day_overdue(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "none"), 5000000, 43500, 12);
    scratch_close_through(&book, "2017-01-20");
    /* Its own interest of 374.58 fell due on 2016-12-21. */
    check_text_equal(scratch_loan_load(&book, loan).status, "overdue");
    scratch_close_through(&book, "2017-03-21");
    check_text_equal(scratch_loan_load(&book, loan).status, "overdue");
    check_fen(scratch_loan_balance(&book, loan, ACCOUNT_INTEREST_RECEIVABLE), 37458 + 54375);
    scratch_close_through(&book, "2017-03-22");
    struct loan found = scratch_loan_load(&book, loan);
    check_text_equal(found.status, "non-accrual");
    check_fen(found.non_accrual, 5000000);
    check_fen(found.interest_receivable, 0);
    check_fen(found.off_balance_interest, 37458 + 54375);
    check_fen(scratch_balance(&book, ACCOUNT_INTEREST_INCOME), 0);
    /* From now on interest is settled beside the balance sheet. */
    scratch_close_through(&book, "2017-06-20");
    check_fen(scratch_balance(&book, ACCOUNT_INTEREST_INCOME), 0);
    check_fen(scratch_balance(&book, ACCOUNT_OFF_BALANCE_INTEREST), 37458 + 54375 + 55583);
    check_fen(scratch_balance(&book, ACCOUNT_CONTRA), -(37458 + 54375 + 55583));
    scratch_book_close(&book);
}

static void the_defaulter_of_the_worked_loan_is_non_accrual_on_19_january(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 43500, 12);
    scratch_close_through(&book, "2018-01-18");
    check_text_equal(scratch_loan_load(&book, loan).status, "overdue");
    scratch_close_through(&book, "2018-01-19");
    check_text_equal(scratch_loan_load(&book, loan).status, "non-accrual");
    /* Nothing more will happen by itself. */
    scratch_close_through(&book, "2018-03-20");
    assert_null(canon_get(book.body, "rows"));
    scratch_book_close(&book);
}

static void a_household_off_the_register_pays_all_interest_itself(void **state)
{
    (void)state;
    static const struct settled_row first = {
        "2016-12-20", "2016-10-20", "2016-12-21", "2016-12-21", 310000000, 37458, 0};
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "none"), 5000000, 43500, 12);
    check_fen(scratch_loan_load(&book, loan).covered, 0);
    check_settled(&book, loan, &first);
    check_fen(scratch_loan_balance(&book, loan, ACCOUNT_INTEREST_RECEIVABLE), 37458);
    scratch_book_close(&book);
}

static void above_five_per_cent_the_household_pays_the_rest(void **state)
{
    (void)state;
    /* 62 days at 6 %: 51,666.67; of it at 5 %: 43,055.56. */
    static const struct settled_row first = {"2016-12-20", "2016-10-20", "2016-12-21", "2016-12-21",
                                             310000000,    51667,        43056};
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 60000, 12);
    check_settled(&book, loan, &first);
    check_fen(scratch_loan_balance(&book, loan, ACCOUNT_INTEREST_RECEIVABLE), 51667 - 43056);
    scratch_book_close(&book);
}

static void a_share_that_changes_inside_the_period_is_split_and_rounded_once(void **state)
{
    (void)state;
    /* 43 days (20 October to 1 December) in full and 19 days at 70 %, all at 4.35 %:
     * 604.1666... x (43 + 13.3) = 34,014.58. */
    static const struct settled_row first = {"2016-12-20", "2016-10-20", "2016-12-21", "2016-12-21",
                                             310000000,    37458,        34015};
    struct scratch_book book;
    char *policy = county_pilot_with(
        "        value: 100%\n",
        "        value: 100%\n        clause: In full.\n      - from: 2016-12-02\n"
        "        value: 70%\n");
    scratch_book_open(&book, policy, "2016-10-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 43500, 12);
    check_settled(&book, loan, &first);
    free(policy);
    scratch_book_close(&book);
}

static void an_overdue_loan_loses_the_subsidy_for_the_days_it_is_overdue(void **state)
{
    (void)state;
    /* At 6 % the own part of 2016-12-21 stays unpaid: overdue at the close of 2016-12-22. Of the 90
     * days to 2017-03-20 only 2016-12-21 is subsidised: 694.44; interest 75,000.00. */
    static const struct settled_row second = {
        "2017-03-20", "2016-12-21", "2017-03-21", "2017-03-21", 450000000, 75000, 694};
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 60000, 12);
    scratch_close_through(&book, "2016-12-21");
    check_text_equal(scratch_loan_load(&book, loan).status, "normal");
    scratch_close_through(&book, "2016-12-22");
    check_text_equal(scratch_loan_load(&book, loan).status, "overdue");
    check_settled(&book, loan, &second);
    scratch_book_close(&book);
}

static void a_policy_may_pay_the_subsidy_while_a_loan_is_overdue(void **state)
{
    (void)state;
    /* 90 days at 5 %: 62,500.00 of 75,000.00. */
    static const struct settled_row second = {
        "2017-03-20", "2016-12-21", "2017-03-21", "2017-03-21", 450000000, 75000, 62500};
    struct scratch_book book;
    char *policy = county_pilot_with("        value: no\n", "        value: yes\n");
    scratch_book_open(&book, policy, "2016-10-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 60000, 12);
    check_settled(&book, loan, &second);
    check_text_equal(scratch_loan_load(&book, loan).status, "overdue");
    free(policy);
    scratch_book_close(&book);
}

static void only_covered_principal_is_subsidised(void **state)
{
    (void)state;
    /* A micro-entrepreneur's 80,000: covered 50,000. 62 days at 4.35 %: 59,933.33; on the covered
     * part 37,458.33. */
    static const struct settled_row first = {"2016-12-20", "2016-10-20", "2016-12-21", "2016-12-21",
                                             496000000,    59933,        37458};
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t household = scratch_household(&book, "registered");
    struct canon *request =
        scratch_request(&book, "product", "micro-entrepreneur", "purpose", "processing",
                        "household", "1", "borrower", "1", "amount_fen", "8000000", "rate_ppm",
                        "43500", "term_months", "12", "age", "40", NULL);
    check_int_equal(household, 1);
    scratch_do(&book, "clerk", "loan.apply", request);
    scratch_do(&book, "approver", "loan.approve", scratch_approval(&book, 1, 8000000));
    scratch_do(&book, "clerk", "loan.disburse",
               scratch_request(&book, "loan", "1", "amount_fen", "8000000", NULL));
    check_fen(scratch_loan_load(&book, 1).covered, 5000000);
    check_settled(&book, 1, &first);
    scratch_book_close(&book);
}

static void a_limit_that_is_lowered_meanwhile_stops_accrual_on_its_day(void **state)
{
    (void)state;
    /* Overdue since 2017-10-20; 90 days until the end of November, then 30. */
    char *policy = county_pilot_with(
        "  non_accrual_after_days:\n    governed_by: accrual\n    values:\n"
        "      - from: 2016-01-01\n        value: 90 days\n",
        "  non_accrual_after_days:\n    governed_by: accrual\n    values:\n"
        "      - from: 2016-01-01\n        value: 90 days\n        clause: Ninety.\n"
        "      - from: 2017-12-01\n        value: 30 days\n");
    struct scratch_book book;
    scratch_book_open(&book, policy, "2016-10-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 43500, 12);
    scratch_close_through(&book, "2017-11-30");
    check_text_equal(scratch_loan_load(&book, loan).status, "overdue");
    scratch_close_through(&book, "2017-12-01");
    check_text_equal(scratch_loan_load(&book, loan).status, "non-accrual");
    free(policy);
    scratch_book_close(&book);
}

static void loans_of_one_day_stand_in_their_order(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    for (int i = 0; i < 4; i++) {
        scratch_loan(&book, scratch_household(&book, "registered"), 3000000, 43500, 12);
    }
    scratch_close_through(&book, "2016-12-20");
    const struct canon *rows = canon_get(book.body, "rows");
    assert_non_null(rows);
    check_int_equal((int64_t)canon_count(rows), 4);
    for (size_t i = 0; i < 4; i++) {
        int64_t loan = 0;
        assert_true(canon_get_int(canon_get(canon_at(rows, i), "out"), "loan", &loan));
        check_int_equal(loan, (int64_t)i + 1);
    }
    scratch_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interest_of_the_worked_loan_comes_out_to_the_fen),
        cmocka_unit_test(a_day_on_which_nothing_is_due_has_no_rows),
        cmocka_unit_test(a_payout_on_the_settlement_day_is_first_settled_a_quarter_later),
        cmocka_unit_test(an_unpaid_loan_is_overdue_the_day_after_maturity),
        cmocka_unit_test(accrual_stops_at_the_close_of_the_ninety_first_day_overdue),
        cmocka_unit_test(the_defaulter_of_the_worked_loan_is_non_accrual_on_19_january),
        cmocka_unit_test(a_household_off_the_register_pays_all_interest_itself),
        cmocka_unit_test(above_five_per_cent_the_household_pays_the_rest),
        cmocka_unit_test(a_share_that_changes_inside_the_period_is_split_and_rounded_once),
        cmocka_unit_test(an_overdue_loan_loses_the_subsidy_for_the_days_it_is_overdue),
        cmocka_unit_test(a_policy_may_pay_the_subsidy_while_a_loan_is_overdue),
        cmocka_unit_test(only_covered_principal_is_subsidised),
        cmocka_unit_test(a_limit_that_is_lowered_meanwhile_stops_accrual_on_its_day),
        cmocka_unit_test(loans_of_one_day_stand_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
