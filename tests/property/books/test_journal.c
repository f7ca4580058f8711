#include "ledger/books/books_check.h"
#include "tests/support/journal_book.h"
#include "tests/support/random.h"

#include <string.h>

/* A book is posted at random and told at the same time to a plain list of lines; whatever the
 * journal keeps must be the sum over that list. */

#define LINES_MAX 20000
#define EVENTS 150

struct told {
    enum account account;
    int64_t loan, fen;
    struct date book_date, value_date;
};

static struct told told[LINES_MAX];
static size_t told_count;

static void tell(const struct entry_list *list, struct date book_date)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct entry_draft *entry = &list->entry[i];
        for (size_t n = 0; n < entry->lines; n++) {
            assert_true(told_count < LINES_MAX);
            told[told_count++] =
                (struct told){entry->line[n].account, entry->line[n].loan,
                              money_fen(entry->line[n].amount), book_date, entry->value_date};
        }
    }
}

static int64_t told_on(enum account account, struct date on)
{
    int64_t sum = 0;
    for (size_t i = 0; i < told_count; i++) {
        if (told[i].account == account && date_compare(told[i].book_date, on) <= 0) {
            sum += told[i].fen;
        }
    }
    return sum;
}

static int64_t told_of_loan(int64_t loan, enum account account)
{
    int64_t sum = 0;
    for (size_t i = 0; i < told_count; i++) {
        sum += told[i].account == account && told[i].loan == loan ? told[i].fen : 0;
    }
    return sum;
}

static bool is_principal(enum account account)
{
    return account == ACCOUNT_LOANS_NORMAL || account == ACCOUNT_LOANS_OVERDUE ||
           account == ACCOUNT_LOANS_NON_ACCRUAL;
}

static int64_t told_principal_on(int64_t loan, struct date value_date)
{
    int64_t sum = 0;
    for (size_t i = 0; i < told_count; i++) {
        if (told[i].loan == loan && is_principal(told[i].account) &&
            date_compare(told[i].value_date, value_date) == 0) {
            sum += told[i].fen;
        }
    }
    return sum;
}

/* Random posting ------------------------------------------------------------------------------- */

static int64_t random_fen(struct random_source *random)
{
    static const int64_t sizes[] = {3, 1000, 5000000, 2000000000, 1000000000000};
    int64_t most = sizes[random_between(random, 0, COUNT_OF(sizes) - 1)];
    int64_t fen = random_between(random, -most, most);
    return fen == 0 ? 1 : fen;
}

static enum account random_account(struct random_source *random, enum book book)
{
    enum account account = ACCOUNT_BANK_MONEY;
    do {
        account = account_at((size_t)random_between(random, 0, (int64_t)account_count() - 1));
    } while (account_book(account) != book);
    return account;
}

static void add_random_entry(struct random_source *random, struct journal_book *book)
{
    enum book of = (enum book)random_between(random, 0, BOOK_COUNT - 1);
    struct date open = journal_book_day(book);
    struct date value = date_add_days(open, -(int32_t)random_between(random, 0, 40));
    int64_t lines = random_between(random, 1, 12);
    int64_t sum = 0;
    entry_begin(&book->list, of, "random", value);
    for (int64_t n = 0; n < lines; n++) {
        int64_t fen = random_fen(random);
        sum += fen;
        entry_debit(&book->list, random_account(random, of), money_from_fen(fen),
                    random_between(random, 0, JOURNAL_BOOK_LOANS));
    }
    if (sum == 0) {
        entry_debit(&book->list, random_account(random, of), money_from_fen(1), 0);
        sum = 1;
    }
    entry_credit(&book->list, random_account(random, of), money_from_fen(sum),
                 random_between(random, 0, JOURNAL_BOOK_LOANS));
}

/* Days go by in jumps of none to three weeks, so that periods end with and without entries. */
static void post_at_random(struct random_source *random, struct journal_book *book)
{
    for (int i = 0; i < EVENTS; i++) {
        int64_t entries = random_between(random, 1, 4);
        for (int64_t n = 0; n < entries; n++) {
            add_random_entry(random, book);
        }
        tell(&book->list, journal_book_day(book));
        journal_book_post(book);
        int64_t days = random_between(random, 0, 2) == 0 ? random_between(random, 0, 21) : 0;
        for (int64_t d = 0; d < days; d++) {
            journal_book_close_day(book);
        }
    }
}

/* Properties ----------------------------------------------------------------------------------- */

static void check_balances_now(struct journal_book *book)
{
    struct error err = {0};
    struct date open = journal_book_day(book);
    for (size_t i = 0; i < account_count(); i++) {
        struct money got = MONEY_ZERO;
        check_ok(account_balance(book->store, account_at(i), &got, &err), &err);
        check_fen(got, told_on(account_at(i), open));
        for (int64_t loan = 1; loan <= JOURNAL_BOOK_LOANS; loan++) {
            check_ok(loan_account_balance(book->store, loan, account_at(i), &got, &err), &err);
            check_fen(got, told_of_loan(loan, account_at(i)));
        }
    }
}

static void check_balances_on_each_day(struct journal_book *book, struct date from)
{
    struct error err = {0};
    struct date upto = date_add_days(journal_book_day(book), 2);
    for (struct date on = date_add_days(from, -2); date_compare(on, upto) <= 0;
         on = date_add_days(on, 1)) {
        struct turnover turnover[ACCOUNT_SLOTS];
        check_ok(journal_turnover_on(book->store, on, turnover, &err), &err);
        for (size_t i = 0; i < account_count(); i++) {
            enum account account = account_at(i);
            int64_t got = money_fen(turnover[account].debit) - money_fen(turnover[account].credit);
            check_int_equal(got, told_on(account, on));
        }
    }
}

static void check_principal_moves(struct journal_book *book, int64_t loan, struct date from)
{
    struct error err = {0};
    struct principal_move *move = NULL;
    size_t moves = 0;
    size_t next = 0;
    struct date open = journal_book_day(book);
    check_ok(loan_principal_moves(book->store, loan, &book->arena, &move, &moves, &err), &err);
    for (struct date on = date_add_days(from, -41); date_compare(on, open) <= 0;
         on = date_add_days(on, 1)) {
        int64_t want = told_principal_on(loan, on);
        if (want != 0) {
            assert_true(next < moves);
            check_int_equal(move[next].value_date.day, on.day);
            check_fen(move[next].amount, want);
            next++;
        }
    }
    check_int_equal((int64_t)next, (int64_t)moves);
}

static int64_t balance_on(const struct principal_move *move, size_t moves, struct date day)
{
    int64_t balance = 0;
    for (size_t i = 0; i < moves && date_compare(move[i].value_date, day) <= 0; i++) {
        balance += money_fen(move[i].amount);
    }
    return balance;
}

/* From whatever day on, each day's balance is that of all moves walked from the first. */
static void check_moves_from(struct journal_book *book, int64_t loan, struct date from)
{
    struct error err = {0};
    struct principal_move *all = NULL;
    struct principal_move *late = NULL;
    size_t alls = 0;
    size_t lates = 0;
    struct date open = journal_book_day(book);
    check_ok(loan_principal_moves(book->store, loan, &book->arena, &all, &alls, &err), &err);
    for (struct date begin = date_add_days(from, -41); date_compare(begin, open) <= 0;
         begin = date_add_days(begin, 3)) {
        check_ok(
            loan_principal_moves_from(book->store, loan, begin, &book->arena, &late, &lates, &err),
            &err);
        assert_true(lates == 0 || date_compare(late[0].value_date, begin) >= 0);
        for (struct date on = begin; date_compare(on, open) <= 0; on = date_add_days(on, 1)) {
            check_int_equal(balance_on(late, lates, on), balance_on(all, alls, on));
        }
    }
}

/* Everything kept, as one digest. */
static struct sha256 digest_of_kept(struct journal_book *book)
{
    struct error err = {0};
    struct sha256_stream stream;
    sha256_begin(&stream);
    AUTO_STATEMENT struct statement *query = store_query(
        book->store, "SELECT 0, 0, account_id, debit_fen, credit_fen FROM balance "
                     "UNION ALL SELECT 1, loan_id, account_id, fen, dated_fen FROM loan_balance "
                     "UNION ALL SELECT 2, last_day, account_id, debit_fen, credit_fen "
                     "FROM period_balance ORDER BY 1, 2, 3");
    int rows = 0;
    while (statement_row(query)) {
        for (int i = 0; i < 5; i++) {
            int64_t value = column_int(query, i);
            sha256_add(&stream, &value, sizeof value);
        }
        rows++;
    }
    check_ok(statement_end(query, &err), &err);
    assert_true(rows > 33);
    return sha256_end(&stream);
}

static void check_rebuild_equals_kept(struct journal_book *book)
{
    struct error err = {0};
    struct sha256 before = digest_of_kept(book);
    (void)journal_book_begin(book);
    check_ok(journal_rebuild(book->store, &err), &err);
    journal_book_commit(book);
    struct sha256 after = digest_of_kept(book);
    assert_true(sha256_equal(&before, &after));
}

/* Random entries break the mirrors, and nothing else. */
static void check_nothing_else_is_found(struct journal_book *book)
{
    struct error err = {0};
    struct findings findings;
    findings_init(&findings);
    check_ok(books_check(book->store, &findings, &err), &err);
    for (size_t i = 0; i < findings.count; i++) {
        check_text_equal(findings.list[i].code, "BOOKS_MIRROR");
    }
    findings_release(&findings);
}

static void what_is_kept_equals_sums_over_a_plain_list_of_lines(void **state)
{
    (void)state;
    struct random_source random = random_start("journal");
    for (int round = 0; round < 3; round++) {
        struct journal_book book;
        struct date opening =
            date_add_days(day("2016-01-01"), (int32_t)random_between(&random, 0, 400));
        char text[DATE_TEXT_SIZE];
        told_count = 0;
        journal_book_open(&book, date_format(opening, text));
        post_at_random(&random, &book);
        check_balances_now(&book);
        check_balances_on_each_day(&book, opening);
        for (int64_t loan = 1; loan <= JOURNAL_BOOK_LOANS; loan++) {
            check_principal_moves(&book, loan, opening);
            check_moves_from(&book, loan, opening);
        }
        check_rebuild_equals_kept(&book);
        check_nothing_else_is_found(&book);
        journal_book_close(&book);
    }
}

/* An entry written and read again is the entry. */
static void entries_survive_the_log_unchanged(void **state)
{
    (void)state;
    struct random_source random = random_start("entries");
    struct journal_book book;
    journal_book_open(&book, "2016-10-20");
    for (int i = 0; i < 300; i++) {
        struct error err = {0};
        struct entry_list again;
        AUTO_BUFFER once;
        AUTO_BUFFER twice;
        buffer_init(&once, CANON_LINE_MAX);
        buffer_init(&twice, CANON_LINE_MAX);
        struct date open = journal_book_day(&book);
        int64_t entries = random_between(&random, 0, 6);
        for (int64_t n = 0; n < entries; n++) {
            add_random_entry(&random, &book);
        }
        struct canon *form = entry_list_write(&book.list, open);
        check_ok(canon_write(form, CANON_LINE_MAX, &once, &err), &err);
        check_ok(entry_list_read(&book.arena, form, open, &again, &err), &err);
        check_ok(canon_write(entry_list_write(&again, open), CANON_LINE_MAX, &twice, &err), &err);
        check_text_equal(twice.data, once.data);
        arena_reset(&book.arena);
        entry_list_init(&book.list, &book.arena);
    }
    journal_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_equals_sums_over_a_plain_list_of_lines),
        cmocka_unit_test(entries_survive_the_log_unchanged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
