#include "ledger/books/calendar.h"
#include "tests/support/journal_book.h"

#include <stdio.h>
#include <string.h>

static int64_t ask(struct journal_book *book, const char *sql)
{
    struct error err = {0};
    AUTO_STATEMENT struct statement *query = store_query(book->store, sql);
    int64_t answer = statement_one(query) ? column_int(query, 0) : -1;
    check_ok(statement_end(query, &err), &err);
    return answer;
}

static void a_book_opens_on_its_opening_day(void **state)
{
    (void)state;
    struct journal_book book;
    struct book_facts facts;
    struct error err = {0};
    journal_book_open(&book, "2016-10-20");
    check_ok(book_facts_load(book.store, &book.arena, &facts, &err), &err);
    check_text_equal(facts.origin, "demo.invalid/books");
    check_text_equal(facts.name, "Book of Test");
    check_date(facts.opening_day, "2016-10-20");
    check_date(journal_book_day(&book), "2016-10-20");
    journal_book_close(&book);
}

static void a_book_before_its_genesis_is_empty(void **state)
{
    (void)state;
    char *folder = scratch_create();
    char path[300];
    struct store *store = NULL;
    struct error err = {0};
    struct book_facts facts;
    struct date open = {0};
    AUTO_ARENA arena;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    (void)snprintf(path, sizeof path, "%s/book", folder);
    check_ok(store_open(path, STORE_CREATE, &store, &err), &err);
    check_refused(book_facts_load(store, &arena, &facts, &err), &err, "book.empty");
    check_refused(open_day_load(store, &open, &err), &err, "book.empty");
    store_close(store);
    scratch_remove(folder);
}

static void closing_a_day_opens_the_next(void **state)
{
    (void)state;
    struct journal_book book;
    journal_book_open(&book, "2016-02-27");
    journal_book_close_day(&book);
    check_date(journal_book_day(&book), "2016-02-28");
    journal_book_close_day(&book);
    check_date(journal_book_day(&book), "2016-02-29");
    journal_book_close_day(&book);
    check_date(journal_book_day(&book), "2016-03-01");
    journal_book_close(&book);
}

static void only_the_open_day_can_be_closed(void **state)
{
    (void)state;
    static const char *const others[] = {"2016-10-19", "2016-10-21", "2015-10-20"};
    struct journal_book book;
    journal_book_open(&book, "2016-10-20");
    uint64_t seq = journal_book_begin(&book);
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct error err = {0};
        check_refused(open_day_close(book.store, seq, day(others[i]), &err), &err, "date.not-open");
        check_int_equal(err.fault, FAULT_REFUSED);
        assert_non_null(strstr(err.text, "2016-10-20"));
    }
    journal_book_roll_back(&book);
    journal_book_close(&book);
}

static void a_period_ends_with_the_last_day_of_a_month(void **state)
{
    (void)state;
    struct journal_book book;
    journal_book_open(&book, "2016-10-20");
    journal_book_close_through(&book, "2016-10-30");
    check_int_equal(ask(&book, "SELECT count(*) FROM closed_period"), 0);
    journal_book_close_through(&book, "2016-12-01");
    check_int_equal(ask(&book, "SELECT count(*) FROM closed_period"), 2);
    /* 2016-11-30 is day 17135: python3 (date(2016,11,30) - date(1970,1,1)).days */
    check_int_equal(ask(&book, "SELECT max(last_day) FROM closed_period"), 17135);
    check_int_equal(ask(&book, "SELECT count(*) FROM period_balance WHERE last_day = 17135"), 35);
    journal_book_close(&book);
}

static void a_book_opened_on_the_first_has_no_period_before_it(void **state)
{
    (void)state;
    struct journal_book book;
    journal_book_open(&book, "2016-11-01");
    check_int_equal(ask(&book, "SELECT count(*) FROM closed_period"), 0);
    check_int_equal(ask(&book, "SELECT last_entry FROM closed_day"), 0);
    journal_book_close(&book);
}

static void a_closed_day_keeps_its_last_entry(void **state)
{
    (void)state;
    struct journal_book book;
    journal_book_open(&book, "2016-10-20");
    journal_book_close_day(&book);
    journal_book_pair(&book, BOOK_BANK, ACCOUNT_BANK_MONEY, ACCOUNT_INTEREST_INCOME, 5, 0);
    journal_book_pair(&book, BOOK_BANK, ACCOUNT_BANK_MONEY, ACCOUNT_INTEREST_INCOME, 5, 0);
    journal_book_close_day(&book);
    journal_book_close_day(&book);
    /* 2016-10-20 is day 17094 */
    check_int_equal(ask(&book, "SELECT last_entry FROM closed_day WHERE day = 17094"), 0);
    check_int_equal(ask(&book, "SELECT last_entry FROM closed_day WHERE day = 17095"), 2);
    check_int_equal(ask(&book, "SELECT last_entry FROM closed_day WHERE day = 17096"), 2);
    journal_book_close(&book);
}

static void the_ends_of_the_calendar_are_refused(void **state)
{
    (void)state;
    struct journal_book book;
    struct error err = {0};
    journal_book_open(&book, "2199-12-31");
    uint64_t seq = journal_book_begin(&book);
    check_refused(open_day_close(book.store, seq, day("2199-12-31"), &err), &err, "date.range");
    check_refused(book_facts_put(book.store, seq, "x", "x", day("1900-01-01"), &err), &err,
                  "date.range");
    journal_book_roll_back(&book);
    journal_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_book_opens_on_its_opening_day),
        cmocka_unit_test(a_book_before_its_genesis_is_empty),
        cmocka_unit_test(closing_a_day_opens_the_next),
        cmocka_unit_test(only_the_open_day_can_be_closed),
        cmocka_unit_test(a_period_ends_with_the_last_day_of_a_month),
        cmocka_unit_test(a_book_opened_on_the_first_has_no_period_before_it),
        cmocka_unit_test(a_closed_day_keeps_its_last_entry),
        cmocka_unit_test(the_ends_of_the_calendar_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
