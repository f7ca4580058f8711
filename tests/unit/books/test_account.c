#include "ledger/books/account.h"
#include "tests/support/journal_book.h"

#include <string.h>

static void words_are_unique_and_lead_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < account_count(); i++) {
        enum account found = ACCOUNT_WRITTEN_OFF;
        enum account account = account_at(i);
        assert_true(account_find(account_word(account), &found));
        check_int_equal(found, account);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(account_word(account), account_word(account_at(j)));
        }
    }
}

static void words_that_are_no_account_are_not_found(void **state)
{
    (void)state;
    static const char *const words[] = {"", "bank", "loans", "Bank-money", "bank-money ", "1002"};
    enum account account = ACCOUNT_CONTRA;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        assert_false(account_find(words[i], &account));
    }
    check_int_equal(account, ACCOUNT_CONTRA);
}

static void some_words_are_as_the_log_has_them(void **state)
{
    (void)state;
    check_text_equal(account_word(ACCOUNT_LOANS_NORMAL), "loans-normal");
    check_text_equal(account_word(ACCOUNT_BANK_MONEY), "bank-money");
    check_text_equal(account_word(ACCOUNT_SPECIAL_ACCOUNT), "special-account");
    check_text_equal(account_word(ACCOUNT_OFF_BALANCE_INTEREST), "off-balance-interest");
    check_text_equal(account_word(ACCOUNT_WRITTEN_OFF), "written-off");
}

static void numbers_outside_the_chart_are_no_account(void **state)
{
    (void)state;
    static const int64_t none[] = {INT64_MIN, -1, 0, 21, 30, 41, 50, 56, 1000, INT64_MAX};
    enum account account = ACCOUNT_CONTRA;
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        assert_false(account_from_number(none[i], &account));
    }
    assert_true(account_from_number(55, &account));
    check_int_equal(account, ACCOUNT_WRITTEN_OFF);
}

static void books_lead_back_from_their_words(void **state)
{
    (void)state;
    enum book book = BOOK_COUNT;
    assert_true(book_find("bank", &book));
    check_int_equal(book, BOOK_BANK);
    assert_true(book_find("fund", &book));
    check_int_equal(book, BOOK_FUND);
    assert_true(book_find("memo", &book));
    check_int_equal(book, BOOK_MEMO);
    assert_false(book_find("Bank", &book));
    check_text_equal(book_word(BOOK_MEMO), "memo");
}

static void compare_with_rows(struct store *store)
{
    struct error err = {0};
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT id, book FROM account ORDER BY id");
    size_t i = 0;
    while (statement_row(query)) {
        assert_true(i < account_count());
        check_int_equal(column_int(query, 0), account_at(i));
        check_text_equal(column_text(query, 1), book_word(account_book(account_at(i))));
        i++;
    }
    check_ok(statement_end(query, &err), &err);
    check_int_equal((int64_t)i, (int64_t)account_count());
}

static void check_no_code_is_missing(struct store *store)
{
    struct error err = {0};
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT count(*) FROM account WHERE NOT EXISTS (SELECT 1 FROM account_code "
               "WHERE account_code.account_id = account.id AND from_year = 1900)");
    assert_true(statement_one(query));
    check_int_equal(column_int(query, 0), 0);
    check_ok(statement_end(query, &err), &err);
}

static void roles_equal_the_rows_of_the_schema(void **state)
{
    (void)state;
    struct journal_book book;
    journal_book_open(&book, "2016-10-20");
    compare_with_rows(book.store);
    journal_book_close(&book);
}

static void each_role_has_a_code_from_the_first_year_on(void **state)
{
    (void)state;
    struct journal_book book;
    journal_book_open(&book, "2016-10-20");
    check_no_code_is_missing(book.store);
    journal_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_unique_and_lead_back),
        cmocka_unit_test(words_that_are_no_account_are_not_found),
        cmocka_unit_test(some_words_are_as_the_log_has_them),
        cmocka_unit_test(numbers_outside_the_chart_are_no_account),
        cmocka_unit_test(books_lead_back_from_their_words),
        cmocka_unit_test(roles_equal_the_rows_of_the_schema),
        cmocka_unit_test(each_role_has_a_code_from_the_first_year_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
