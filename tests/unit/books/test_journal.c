#include "ledger/books/journal.h"
#include "tests/support/journal_book.h"

#include <string.h>

static struct journal_book book;

static int open_book(void **state)
{
    (void)state;
    journal_book_open(&book, "2016-10-20");
    return 0;
}

static int close_book(void **state)
{
    (void)state;
    journal_book_close(&book);
    return 0;
}

static int64_t ask(const char *sql)
{
    struct error err = {0};
    AUTO_STATEMENT struct statement *query = store_query(book.store, sql);
    int64_t answer = statement_one(query) ? column_int(query, 0) : -1;
    check_ok(statement_end(query, &err), &err);
    return answer;
}

static struct money balance(enum account account)
{
    struct error err = {0};
    struct money amount = MONEY_ZERO;
    check_ok(account_balance(book.store, account, &amount, &err), &err);
    return amount;
}

static struct money loan_balance(int64_t loan, enum account account)
{
    struct error err = {0};
    struct money amount = MONEY_ZERO;
    check_ok(loan_account_balance(book.store, loan, account, &amount, &err), &err);
    return amount;
}

static struct money balance_on(enum account account, const char *on)
{
    struct error err = {0};
    struct money amount = MONEY_ZERO;
    check_ok(account_balance_on(book.store, account, day(on), &amount, &err), &err);
    return amount;
}

static void disburse(int64_t loan, int64_t fen)
{
    entry_pair(&book.list, BOOK_BANK, "disbursement", journal_book_day(&book), ACCOUNT_LOANS_NORMAL,
               ACCOUNT_BANK_MONEY, money_from_fen(fen), loan);
    journal_book_post(&book);
}

static void an_entry_is_stored_as_it_was_drafted(void **state)
{
    (void)state;
    struct error err = {0};
    entry_begin(&book.list, BOOK_BANK, "disbursement", day("2016-10-18"));
    entry_debit(&book.list, ACCOUNT_LOANS_NORMAL, money_from_fen(5000000), 2);
    entry_credit(&book.list, ACCOUNT_BANK_MONEY, money_from_fen(5000000), 0);
    journal_book_post(&book);
    AUTO_STATEMENT struct statement *query = store_query(
        book.store, "SELECT id, seq, book, year, no, kind, book_date, value_date FROM entry");
    assert_true(statement_one(query));
    check_int_equal(column_int(query, 0), 1);
    check_int_equal(column_int(query, 1), 1);
    check_text_equal(column_text(query, 2), "bank");
    check_int_equal(column_int(query, 3), 2016);
    check_int_equal(column_int(query, 4), 1);
    check_text_equal(column_text(query, 5), "disbursement");
    check_date(column_date(query, 6), "2016-10-20");
    check_date(column_date(query, 7), "2016-10-18");
    check_ok(statement_end(query, &err), &err);
    check_int_equal(ask("SELECT fen FROM line WHERE entry_id = 1 AND n = 1 AND loan_id = 2"),
                    5000000);
    check_int_equal(ask("SELECT fen FROM line WHERE entry_id = 1 AND n = 2 AND loan_id IS NULL"),
                    -5000000);
}

static void numbers_follow_in_each_book_and_year(void **state)
{
    (void)state;
    journal_book_close_through(&book, "2016-12-30");
    for (int i = 0; i < 2; i++) { /* on the last day of 2016, then on the first of 2017 */
        entry_pair(&book.list, BOOK_BANK, "a", journal_book_day(&book), ACCOUNT_BANK_MONEY,
                   ACCOUNT_FUND_DEPOSIT, money_from_fen(1), 0);
        entry_pair(&book.list, BOOK_FUND, "b", journal_book_day(&book), ACCOUNT_SPECIAL_ACCOUNT,
                   ACCOUNT_CAPITAL, money_from_fen(1), 0);
        journal_book_post(&book);
        journal_book_pair(&book, BOOK_BANK, ACCOUNT_BANK_MONEY, ACCOUNT_INTEREST_INCOME, 1, 0);
        journal_book_close_day(&book);
    }
    check_int_equal(ask("SELECT count(*) FROM entry"), 6);
    check_int_equal(ask("SELECT no FROM entry WHERE id = 1"), 1);
    check_int_equal(ask("SELECT no FROM entry WHERE id = 2"), 1);
    check_int_equal(ask("SELECT no FROM entry WHERE id = 3"), 2);
    check_int_equal(ask("SELECT year FROM entry WHERE id = 4"), 2017);
    check_int_equal(ask("SELECT no FROM entry WHERE id = 4"), 1);
    check_int_equal(ask("SELECT no FROM entry WHERE id = 6"), 2);
    check_int_equal(ask("SELECT count(*) FROM entry WHERE book = 'fund' AND no = 1"), 2);
}

static void balances_are_kept_in_one_row_for_each_account(void **state)
{
    (void)state;
    disburse(1, 5000000);
    disburse(2, 300);
    journal_book_pair(&book, BOOK_BANK, ACCOUNT_BANK_MONEY, ACCOUNT_LOANS_NORMAL, 1000, 1);
    check_fen(balance(ACCOUNT_LOANS_NORMAL), 4999300);
    check_fen(balance(ACCOUNT_BANK_MONEY), -4999300);
    check_fen(balance(ACCOUNT_CAPITAL), 0);
    check_int_equal(ask("SELECT debit_fen FROM balance WHERE account_id = 1"), 1000);
    check_int_equal(ask("SELECT credit_fen FROM balance WHERE account_id = 1"), 5000300);
    check_fen(loan_balance(1, ACCOUNT_LOANS_NORMAL), 4999000);
    check_fen(loan_balance(2, ACCOUNT_LOANS_NORMAL), 300);
    check_fen(loan_balance(2, ACCOUNT_LOANS_OVERDUE), 0);
    check_fen(loan_balance(3, ACCOUNT_LOANS_NORMAL), 0);
}

static void lines_of_one_loan_in_one_event_are_summed(void **state)
{
    (void)state;
    entry_begin(&book.list, BOOK_BANK, "a", day("2016-10-20"));
    entry_debit(&book.list, ACCOUNT_LOANS_NORMAL, money_from_fen(70), 2);
    entry_debit(&book.list, ACCOUNT_LOANS_NORMAL, money_from_fen(5), 1);
    entry_debit(&book.list, ACCOUNT_LOANS_NORMAL, money_from_fen(30), 2);
    entry_credit(&book.list, ACCOUNT_LOANS_OVERDUE, money_from_fen(105), 2);
    journal_book_post(&book);
    check_fen(loan_balance(1, ACCOUNT_LOANS_NORMAL), 5);
    check_fen(loan_balance(2, ACCOUNT_LOANS_NORMAL), 100);
    check_fen(loan_balance(2, ACCOUNT_LOANS_OVERDUE), -105);
    check_fen(balance(ACCOUNT_LOANS_NORMAL), 105);
}

static void check_post_refused(const char *reason)
{
    struct error err = {0};
    struct date open = journal_book_day(&book);
    int64_t before = ask("SELECT count(*) FROM line");
    uint64_t seq = journal_book_begin(&book);
    check_refused(journal_post(book.store, seq, open, &book.list, &err), &err, reason);
    journal_book_roll_back(&book);
    check_int_equal(ask("SELECT count(*) FROM line"), before);
}

static void lines_that_do_not_sum_to_zero_are_refused(void **state)
{
    (void)state;
    entry_pair(&book.list, BOOK_BANK, "a", day("2016-10-20"), ACCOUNT_BANK_MONEY,
               ACCOUNT_INTEREST_INCOME, money_from_fen(5), 0);
    entry_begin(&book.list, BOOK_BANK, "b", day("2016-10-20"));
    entry_debit(&book.list, ACCOUNT_BANK_MONEY, money_from_fen(5), 0);
    entry_credit(&book.list, ACCOUNT_INTEREST_INCOME, money_from_fen(4), 0);
    check_post_refused("journal.unbalanced");
}

static void an_entry_without_two_lines_is_refused(void **state)
{
    (void)state;
    entry_begin(&book.list, BOOK_BANK, "b", day("2016-10-20"));
    check_post_refused("journal.unbalanced");
    entry_debit(&book.list, ACCOUNT_BANK_MONEY, money_from_fen(5), 0);
    check_post_refused("journal.unbalanced");
}

static void a_value_date_after_the_book_date_is_refused(void **state)
{
    (void)state;
    entry_pair(&book.list, BOOK_BANK, "a", day("2016-10-21"), ACCOUNT_BANK_MONEY,
               ACCOUNT_INTEREST_INCOME, money_from_fen(5), 0);
    check_post_refused("journal.value-date");
}

static void a_day_that_is_not_open_takes_no_entry(void **state)
{
    (void)state;
    static const char *const days[] = {"2016-10-19", "2016-10-21"};
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        struct error err = {0};
        entry_list_init(&book.list, &book.arena);
        entry_pair(&book.list, BOOK_BANK, "a", day(days[i]), ACCOUNT_BANK_MONEY,
                   ACCOUNT_INTEREST_INCOME, money_from_fen(5), 0);
        uint64_t seq = journal_book_begin(&book);
        check_refused(journal_post(book.store, seq, day(days[i]), &book.list, &err), &err,
                      "store.guard");
        journal_book_roll_back(&book);
    }
}

static void a_loan_that_does_not_exist_is_refused(void **state)
{
    (void)state;
    entry_pair(&book.list, BOOK_BANK, "a", day("2016-10-20"), ACCOUNT_BANK_MONEY,
               ACCOUNT_LOANS_NORMAL, money_from_fen(5), JOURNAL_BOOK_LOANS + 1);
    check_post_refused("store.constraint");
}

/* 4,000 lines of 10^15 fen on one side come to 4 * 10^18, the limit; one fen more does not fit. */
static void turnover_past_the_limit_is_refused(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        entry_begin(&book.list, BOOK_BANK, "a", day("2016-10-20"));
        for (int n = 0; n < 400; n++) {
            entry_debit(&book.list, ACCOUNT_BANK_MONEY, money_from_fen(MONEY_LIMIT_FEN), 1);
            entry_credit(&book.list, ACCOUNT_PROVISION, money_from_fen(MONEY_LIMIT_FEN), 1);
        }
    }
    journal_book_post(&book);
    check_int_equal(ask("SELECT debit_fen FROM balance WHERE account_id = 1"),
                    INT64_C(4000000000000000000));
    entry_pair(&book.list, BOOK_BANK, "a", day("2016-10-20"), ACCOUNT_BANK_MONEY,
               ACCOUNT_INTEREST_INCOME, money_from_fen(1), 0);
    check_post_refused("journal.overflow");
    entry_list_init(&book.list, &book.arena);
    entry_pair(&book.list, BOOK_BANK, "a", day("2016-10-20"), ACCOUNT_INTEREST_INCOME,
               ACCOUNT_PROVISION, money_from_fen(1), 0);
    check_post_refused("journal.overflow");
}

/* 2016-10-20 is day 17094 (python3 datetime): two lines of 5000000 and -1000 fen on it, and -300 on
 * the day before. Other accounts keep nothing. */
static void principal_is_kept_times_its_value_dates(void **state)
{
    (void)state;
    disburse(1, 5000000);
    journal_book_pair(&book, BOOK_BANK, ACCOUNT_BANK_MONEY, ACCOUNT_LOANS_NORMAL, 1000, 1);
    entry_pair(&book.list, BOOK_BANK, "a", day("2016-10-19"), ACCOUNT_BANK_MONEY,
               ACCOUNT_LOANS_NORMAL, money_from_fen(300), 1);
    journal_book_post(&book);
    check_int_equal(ask("SELECT dated_fen FROM loan_balance WHERE loan_id = 1 AND account_id = 2"),
                    INT64_C(5000000) * 17094 - 1000 * 17094 - 300 * 17093);
    check_int_equal(ask("SELECT dated_fen FROM loan_balance WHERE loan_id = 1 AND account_id = 1"),
                    0);
}

static void principal_times_days_past_the_limit_is_refused(void **state)
{
    (void)state;
    int64_t most = INT64_C(4000000000000000000) / 17094;
    entry_pair(&book.list, BOOK_BANK, "a", day("2016-10-20"), ACCOUNT_LOANS_NORMAL,
               ACCOUNT_BANK_MONEY, money_from_fen(MONEY_LIMIT_FEN), 1);
    check_post_refused("journal.overflow");
    entry_list_init(&book.list, &book.arena);
    entry_pair(&book.list, BOOK_BANK, "a", day("2016-10-20"), ACCOUNT_LOANS_NORMAL,
               ACCOUNT_BANK_MONEY, money_from_fen(most), 1);
    journal_book_post(&book);
    entry_pair(&book.list, BOOK_BANK, "a", day("2016-10-20"), ACCOUNT_LOANS_NORMAL,
               ACCOUNT_BANK_MONEY, money_from_fen(1), 1);
    check_post_refused("journal.overflow");
}

/* The check before commit ---------------------------------------------------------------------- */

static void draft_for_recheck(int64_t fen)
{
    entry_list_init(&book.list, &book.arena);
    entry_begin(&book.list, BOOK_BANK, "repayment", day("2016-10-20"));
    entry_debit(&book.list, ACCOUNT_BANK_MONEY, money_from_fen(fen), 0);
    entry_credit(&book.list, ACCOUNT_LOANS_NORMAL, money_from_fen(fen), 1);
    entry_pair(&book.list, BOOK_MEMO, "off", day("2016-10-19"), ACCOUNT_OFF_BALANCE_INTEREST,
               ACCOUNT_CONTRA, money_from_fen(fen), 1);
}

static void check_mismatch(uint64_t seq)
{
    struct error err = {0};
    check_refused(journal_recheck(book.store, seq, 0, day("2016-10-20"), &book.list, &err), &err,
                  "journal.mismatch");
    check_int_equal(err.fault, FAULT_INTERNAL);
}

static void a_recheck_finds_every_kind_of_difference(void **state)
{
    (void)state;
    struct error err = {0};
    draft_for_recheck(100);
    uint64_t seq = journal_book_begin(&book);
    check_ok(journal_post(book.store, seq, day("2016-10-20"), &book.list, &err), &err);
    check_ok(journal_recheck(book.store, seq, 0, day("2016-10-20"), &book.list, &err), &err);

    check_mismatch(seq + 1); /* entries missing */
    draft_for_recheck(101);
    check_mismatch(seq);
    draft_for_recheck(100);
    book.list.entry[0].line[1].loan = 2;
    check_mismatch(seq);
    draft_for_recheck(100);
    book.list.entry[0].line[1].account = ACCOUNT_LOANS_OVERDUE;
    check_mismatch(seq);
    draft_for_recheck(100);
    book.list.entry[1].value_date = day("2016-10-20");
    check_mismatch(seq);
    draft_for_recheck(100);
    book.list.entry[0].kind = "payment";
    check_mismatch(seq);
    draft_for_recheck(100);
    book.list.entry[0].book = BOOK_FUND;
    check_mismatch(seq);
    draft_for_recheck(100);
    book.list.entry[0].lines = 1;
    check_mismatch(seq);
    draft_for_recheck(100);
    book.list.count = 1;
    check_mismatch(seq);
    draft_for_recheck(100);
    entry_pair(&book.list, BOOK_BANK, "more", day("2016-10-20"), ACCOUNT_BANK_MONEY,
               ACCOUNT_PROVISION, money_from_fen(1), 0);
    check_mismatch(seq);
    draft_for_recheck(100);
    entry_debit(&book.list, ACCOUNT_CONTRA, money_from_fen(1), 0);
    check_mismatch(seq);
    journal_book_roll_back(&book);
}

static const struct {
    enum account bank, other_bank, fund, other_fund;
} mirrors[] = {
    {ACCOUNT_FUND_DEPOSIT, ACCOUNT_BANK_MONEY, ACCOUNT_SPECIAL_ACCOUNT, ACCOUNT_CAPITAL},
    {ACCOUNT_FUND_RECEIVABLE, ACCOUNT_BANK_MONEY, ACCOUNT_CLAIMS_PAYABLE, ACCOUNT_COMPENSATION},
    {ACCOUNT_DUE_TO_FUND, ACCOUNT_BANK_MONEY, ACCOUNT_RECOVERIES_RECEIVABLE, ACCOUNT_RECOVERIES},
};

static void a_mirror_that_does_not_hold_is_found(void **state)
{
    (void)state;
    struct error err = {0};
    check_ok(journal_check_mirrors(book.store, &err), &err);
    for (size_t i = 0; i < COUNT_OF(mirrors); i++) {
        journal_book_pair(&book, BOOK_BANK, mirrors[i].bank, mirrors[i].other_bank, 100, 0);
        check_refused(journal_check_mirrors(book.store, &err), &err, "books.mirror");
        check_int_equal(err.fault, FAULT_INTEGRITY);
        assert_non_null(strstr(err.text, account_word(mirrors[i].fund)));
        journal_book_pair(&book, BOOK_FUND, mirrors[i].other_fund, mirrors[i].fund, 99, 0);
        check_refused(journal_check_mirrors(book.store, &err), &err, "books.mirror");
        journal_book_pair(&book, BOOK_FUND, mirrors[i].other_fund, mirrors[i].fund, 1, 0);
        check_ok(journal_check_mirrors(book.store, &err), &err);
    }
}

/* As of a day ---------------------------------------------------------------------------------- */

static void a_balance_of_a_day_has_what_was_booked_up_to_it(void **state)
{
    (void)state;
    disburse(1, 100); /* 2016-10-20 */
    journal_book_close_through(&book, "2016-10-30");
    disburse(1, 20); /* 2016-10-31, the last day of a period */
    journal_book_close_day(&book);
    disburse(1, 3); /* 2016-11-01 */
    journal_book_close_through(&book, "2017-01-05");
    disburse(1, 4000); /* 2017-01-06, open */
    check_fen(balance_on(ACCOUNT_LOANS_NORMAL, "2016-10-18"), 0);
    check_fen(balance_on(ACCOUNT_LOANS_NORMAL, "2016-10-19"), 0);
    check_fen(balance_on(ACCOUNT_LOANS_NORMAL, "2016-10-20"), 100);
    check_fen(balance_on(ACCOUNT_LOANS_NORMAL, "2016-10-30"), 100);
    check_fen(balance_on(ACCOUNT_LOANS_NORMAL, "2016-10-31"), 120);
    check_fen(balance_on(ACCOUNT_LOANS_NORMAL, "2016-11-01"), 123);
    check_fen(balance_on(ACCOUNT_LOANS_NORMAL, "2016-11-30"), 123);
    check_fen(balance_on(ACCOUNT_LOANS_NORMAL, "2017-01-05"), 123);
    check_fen(balance_on(ACCOUNT_LOANS_NORMAL, "2017-01-06"), 4123);
    check_fen(balance_on(ACCOUNT_LOANS_NORMAL, "2030-01-01"), 4123);
    check_fen(balance_on(ACCOUNT_BANK_MONEY, "2016-11-30"), -123);
}

static void turnover_of_a_day_keeps_the_sides_apart(void **state)
{
    (void)state;
    struct turnover turnover[ACCOUNT_SLOTS];
    struct error err = {0};
    disburse(1, 100);
    journal_book_pair(&book, BOOK_BANK, ACCOUNT_BANK_MONEY, ACCOUNT_LOANS_NORMAL, 30, 1);
    journal_book_close_day(&book);
    disburse(1, 9);
    check_ok(journal_turnover_on(book.store, day("2016-10-20"), turnover, &err), &err);
    check_fen(turnover[ACCOUNT_LOANS_NORMAL].debit, 100);
    check_fen(turnover[ACCOUNT_LOANS_NORMAL].credit, 30);
    check_fen(turnover[ACCOUNT_BANK_MONEY].debit, 30);
    check_fen(turnover[ACCOUNT_BANK_MONEY].credit, 100);
    check_fen(turnover[ACCOUNT_CAPITAL].debit, 0);
}

static void moves_of_principal_go_by_value_date(void **state)
{
    (void)state;
    struct principal_move *move = NULL;
    size_t moves = 0;
    struct error err = {0};
    disburse(1, 5000000);
    disburse(2, 77);
    journal_book_close_through(&book, "2016-11-09");
    /* 2016-11-10: paid back for the 8th, reclassified, paid back twice for the 5th */
    entry_pair(&book.list, BOOK_BANK, "repayment", day("2016-11-08"), ACCOUNT_BANK_MONEY,
               ACCOUNT_LOANS_NORMAL, money_from_fen(100), 1);
    entry_pair(&book.list, BOOK_BANK, "overdue", day("2016-11-10"), ACCOUNT_LOANS_OVERDUE,
               ACCOUNT_LOANS_NORMAL, money_from_fen(4000000), 1);
    entry_pair(&book.list, BOOK_BANK, "repayment", day("2016-11-05"), ACCOUNT_BANK_MONEY,
               ACCOUNT_LOANS_OVERDUE, money_from_fen(7), 1);
    entry_pair(&book.list, BOOK_BANK, "repayment", day("2016-11-05"), ACCOUNT_BANK_MONEY,
               ACCOUNT_LOANS_NON_ACCRUAL, money_from_fen(3), 1);
    entry_pair(&book.list, BOOK_BANK, "settlement", day("2016-11-06"), ACCOUNT_INTEREST_RECEIVABLE,
               ACCOUNT_INTEREST_INCOME, money_from_fen(3), 1);
    journal_book_post(&book);
    check_ok(loan_principal_moves(book.store, 1, &book.arena, &move, &moves, &err), &err);
    check_int_equal((int64_t)moves, 3);
    check_date(move[0].value_date, "2016-10-20");
    check_fen(move[0].amount, 5000000);
    check_date(move[1].value_date, "2016-11-05");
    check_fen(move[1].amount, -10);
    check_date(move[2].value_date, "2016-11-08");
    check_fen(move[2].amount, -100);
    check_ok(loan_principal_moves(book.store, 3, &book.arena, &move, &moves, &err), &err);
    check_int_equal((int64_t)moves, 0);
}

static void more_moves_than_the_list_began_with_are_all_given(void **state)
{
    (void)state;
    struct principal_move *move = NULL;
    size_t moves = 0;
    struct error err = {0};
    for (int64_t i = 1; i <= 40; i++) {
        disburse(1, i);
        journal_book_close_day(&book);
    }
    check_ok(loan_principal_moves(book.store, 1, &book.arena, &move, &moves, &err), &err);
    check_int_equal((int64_t)moves, 40);
    for (int64_t i = 0; i < 40; i++) {
        check_fen(move[i].amount, i + 1);
        check_int_equal(move[i].value_date.day, day("2016-10-20").day + i);
    }
}

static void the_last_entry_is_known(void **state)
{
    (void)state;
    struct error err = {0};
    int64_t last = -1;
    check_ok(journal_last_entry(book.store, &last, &err), &err);
    check_int_equal(last, 0);
    disburse(1, 5);
    disburse(1, 5);
    check_ok(journal_last_entry(book.store, &last, &err), &err);
    check_int_equal(last, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_book, close_book)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_entry_is_stored_as_it_was_drafted),
        TEST(numbers_follow_in_each_book_and_year),
        TEST(balances_are_kept_in_one_row_for_each_account),
        TEST(lines_of_one_loan_in_one_event_are_summed),
        TEST(lines_that_do_not_sum_to_zero_are_refused),
        TEST(an_entry_without_two_lines_is_refused),
        TEST(a_value_date_after_the_book_date_is_refused),
        TEST(a_day_that_is_not_open_takes_no_entry),
        TEST(a_loan_that_does_not_exist_is_refused),
        TEST(turnover_past_the_limit_is_refused),
        TEST(principal_is_kept_times_its_value_dates),
        TEST(principal_times_days_past_the_limit_is_refused),
        TEST(a_recheck_finds_every_kind_of_difference),
        TEST(a_mirror_that_does_not_hold_is_found),
        TEST(a_balance_of_a_day_has_what_was_booked_up_to_it),
        TEST(turnover_of_a_day_keeps_the_sides_apart),
        TEST(moves_of_principal_go_by_value_date),
        TEST(more_moves_than_the_list_began_with_are_all_given),
        TEST(the_last_entry_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
