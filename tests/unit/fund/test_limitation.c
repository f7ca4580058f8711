/* Until when a court hears about a loan: by the calendar, by hand. */
#include "ledger/fund/limitation.h"
#include "ledger/loans/loan_dun.h"
#include "tests/support/scratch_book.h"

#include <stdio.h>

/* 50,000.00 for three months, due on 2017-01-20 and overdue. */
static int setup(void **state)
{
    static struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    scratch_do(&book, "bureau", "fund.open",
               scratch_request(&book, "amount_fen", "100000000", NULL));
    scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 43500, 3);
    scratch_close_through(&book, "2017-02-01");
    *state = &book;
    return 0;
}

static int teardown(void **state)
{
    scratch_book_close(*state);
    return 0;
}

static void runs_out_on(struct scratch_book *book, const char *want)
{
    char got[DATE_TEXT_SIZE];
    struct error err = {0};
    struct date day;
    struct loan loan = scratch_loan_load(book, 1);
    check_ok(loan_limitation(book->store, &loan, &day, &err), &err);
    check_text_equal(date_format(day, got), want);
}

static void three_years_begin_at_maturity_and_anew_with_a_demand_and_a_payment(void **state)
{
    struct scratch_book *book = *state;
    runs_out_on(book, "2020-01-20");
    scratch_do(book, "clerk", "loan.dun",
               scratch_request(book, "loan", "1", "number", "1", "delivery", "post", "on",
                               "2017-01-31", NULL));
    runs_out_on(book, "2020-01-31");
    scratch_do(book, "clerk", "loan.repay", scratch_repayment(book, 1, 10000, NULL));
    runs_out_on(book, "2020-02-02");
}

/* Demands of these days, ended by NULL; nothing of them stays. */
static void demanded_on(struct scratch_book *book, const char *const *day, const char *want)
{
    AUTO_TRANSACTION transaction = {0};
    struct error err = {0};
    char number[16];
    check_ok(transaction_begin(book->store, &transaction, &err), &err);
    for (int i = 0; day[i] != NULL; i++) {
        struct loan_dun dun = {.loan = 1, .no = i + 1, .delivery = "post", .actor = "clerk"};
        (void)snprintf(number, sizeof number, "%d", i + 1);
        dun.number = number;
        check_ok(date_parse(day[i], &dun.on, &err), &err);
        check_ok(loan_dun_put(book->store, 0, &dun, &err), &err);
    }
    runs_out_on(book, want);
}

static void what_has_run_out_does_not_begin_anew(void **state)
{
    static const char *const last_day[] = {"2020-01-20", NULL};
    static const char *const too_late[] = {"2020-01-21", NULL};
    static const char *const in_turn[] = {"2022-06-01", "2019-06-01", NULL};
    static const char *const leap_day[] = {"2019-06-01", "2020-02-29", NULL};
    static const char *const before_maturity[] = {"2017-01-20", NULL};
    demanded_on(*state, last_day, "2023-01-20");
    demanded_on(*state, too_late, "2020-01-20");
    demanded_on(*state, in_turn, "2025-06-01");
    demanded_on(*state, leap_day, "2023-02-28");
    demanded_on(*state, before_maturity, "2020-01-20");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            three_years_begin_at_maturity_and_anew_with_a_demand_and_a_payment, setup, teardown),
        cmocka_unit_test_setup_teardown(what_has_run_out_does_not_begin_anew, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
