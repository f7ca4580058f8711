/* Loans read in bulk are the loans read one by one. */
#include "ledger/loans/loan_due.h"
#include "tests/support/scratch_book.h"

/* 1 runs and was paid back in part twice on one day, 2 is overdue and paid in part, 3 is
 * non-accrual, 4 is closed, 5 was never paid out. Open is 2017-04-01. */
static void make_book(struct scratch_book *book)
{
    scratch_book_open(book, NULL, "2016-10-20");
    int64_t running = scratch_loan(book, scratch_household(book, "registered"), 5000000, 43500, 12);
    int64_t overdue = scratch_loan(book, scratch_household(book, "none"), 4000000, 43500, 24);
    scratch_loan(book, scratch_household(book, "none"), 3000000, 43500, 12);
    int64_t closed = scratch_loan(book, scratch_household(book, "registered"), 3000000, 60000, 12);
    scratch_do(book, "clerk", "loan.apply",
               scratch_application(book, scratch_household(book, "none"), 1000000, 43500, 12));
    scratch_close_through(book, "2017-01-31");
    scratch_do(book, "clerk", "loan.repay", scratch_repayment(book, running, 1000000, NULL));
    scratch_do(book, "clerk", "loan.repay", scratch_repayment(book, running, 500000, NULL));
    scratch_do(book, "clerk", "loan.repay", scratch_repayment(book, closed, 4000000, NULL));
    scratch_close_through(book, "2017-02-28");
    /* 62 days of 40,000.00 at 4.35 %: 299.67. */
    scratch_do(book, "clerk", "loan.repay", scratch_repayment(book, overdue, 29967 + 100, NULL));
    scratch_close_through(book, "2017-03-31");
}

static void check_same_loan(const struct loan *got, const struct loan *want)
{
    check_text_equal(got->status, want->status);
    check_text_equal(got->class, want->class);
    check_int_equal(got->household, want->household);
    check_text_equal(got->product, want->product);
    check_text_equal(got->purpose, want->purpose);
    check_int_equal(got->term_months, want->term_months);
    check_int_equal(got->has_overdue_since, want->has_overdue_since);
    check_int_equal(got->overdue_since.day, want->overdue_since.day);
    check_int_equal(got->rate.ppm, want->rate.ppm);
    check_int_equal(got->applied_on.day, want->applied_on.day);
    check_int_equal(got->is_paid_out, want->is_paid_out);
    check_fen(got->principal, money_fen(want->principal));
    check_fen(got->covered, money_fen(want->covered));
    check_int_equal(got->start.day, want->start.day);
    check_int_equal(got->due.day, want->due.day);
    check_int_equal(got->settle_day, want->settle_day);
    assert_true(sha256_equal(&got->policy, &want->policy));
    check_int_equal(got->settled_upto.day, want->settled_upto.day);
    check_fen(got->normal, money_fen(want->normal));
    check_fen(got->overdue, money_fen(want->overdue));
    check_fen(got->non_accrual, money_fen(want->non_accrual));
    check_fen(got->penalty_paid, money_fen(want->penalty_paid));
    check_int_equal(got->principal_dated, want->principal_dated);
    check_fen(got->interest_receivable, money_fen(want->interest_receivable));
    check_fen(got->off_balance_interest, money_fen(want->off_balance_interest));
}

static void check_same(struct scratch_book *book, const struct due_loan *got)
{
    struct error err = {0};
    struct loan want;
    struct principal_move *move = NULL;
    struct status_change *change = NULL;
    size_t moves = 0;
    size_t changes = 0;

    check_ok(loan_load(book->store, &book->requests, got->loan.id, &want, &err), &err);
    check_same_loan(&got->loan, &want);
    check_ok(loan_principal_moves(book->store, want.id, &book->requests, &move, &moves, &err),
             &err);
    check_int_equal((int64_t)got->moves, (int64_t)moves);
    for (size_t i = 0; i < moves; i++) {
        check_int_equal(got->move[i].value_date.day, move[i].value_date.day);
        check_fen(got->move[i].amount, money_fen(move[i].amount));
    }
    check_ok(loan_status_changes(book->store, want.id, &book->requests, &change, &changes, &err),
             &err);
    check_int_equal((int64_t)got->changes, (int64_t)changes);
    for (size_t i = 0; i < changes; i++) {
        check_int_equal(got->change[i].day.day, change[i].day.day);
        check_int_equal(got->change[i].overdue, change[i].overdue);
    }
}

/* Reads all between two days; the numbers of those found as one number, a digit each. */
static int64_t read_all(struct scratch_book *book, const char *first, const char *last,
                        enum due_choice choice)
{
    struct error err = {0};
    struct due_loans loans;
    struct due_loan due;
    struct date from = {0};
    struct date to = {0};
    int64_t numbers = 0;
    bool found = true;

    check_ok(date_parse(first, &from, &err) && date_parse(last, &to, &err), &err);
    due_loans_begin(book->store, from, to, choice, &loans);
    while (found) {
        check_ok(due_loans_next(&loans, &book->requests, &due, &found, &err), &err);
        if (found) {
            check_same(book, &due);
            numbers = 10 * numbers + due.loan.id;
        }
    }
    due_loans_end(&loans);
    return numbers;
}

/* All settle on the 20th of the month that ends the quarter; loan 2, whose household owes the
 * interest of March since the 21st, would stop accruing 91 days later, on 2017-06-20. */
static void loans_in_bulk_are_those_read_one_by_one(void **state)
{
    (void)state;
    struct scratch_book book;

    make_book(&book);
    check_int_equal(read_all(&book, "2017-04-01", "2017-06-19", DUE_ALL), 0);
    check_int_equal(read_all(&book, "2017-04-01", "2017-06-20", DUE_ALL), 123);
    check_int_equal(read_all(&book, "2017-04-01", "2017-06-20", DUE_OVERDUE), 2);
    check_int_equal(read_all(&book, "2017-06-21", "2018-12-31", DUE_ALL), 0);
    scratch_book_close(&book);
}

/* A close that breaks off in the middle of them leaves no statement behind. */
static void whoever_breaks_off_may_begin_again(void **state)
{
    (void)state;
    struct scratch_book book;
    struct error err = {0};
    struct due_loans loans;
    struct due_loan due;
    bool found = false;

    make_book(&book);
    due_loans_begin(book.store, book.day, date_add_days(book.day, 100), DUE_ALL, &loans);
    check_ok(due_loans_next(&loans, &book.requests, &due, &found, &err), &err);
    assert_true(found);
    due_loans_end(&loans);
    check_int_equal(read_all(&book, "2017-04-01", "2017-06-20", DUE_ALL), 123);
    scratch_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loans_in_bulk_are_those_read_one_by_one),
        cmocka_unit_test(whoever_breaks_off_may_begin_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
