/* The five reports over one small story. Its rows are inserted as SQL, past the ledger; every
 * figure below was worked out by hand from the story:
 *
 *   2016-10-20  the fund is opened with 1,000,000.00; loan 1 over 50,000.00 is paid out
 *   2016-12-20  interest 374.58, of it 300.00 county finance's; 74.58 due on the 21st
 *   2016-12-22  1 day overdue: special mention; 2017-03-22, 91 days: substandard
 *   2017-02-15  the household pays 10,050.00 (interest 50.00); the fund earns 100.50
 *   2017-10-21  the rest, 40,000.00, is overdue (due on 2017-10-20)
 *   2018-01-18  non-accrual: 24.58 of interest go off the balance sheet
 *   2018-01-19  claim of 40,000.00 filed and accepted: 28,000 / 6,000 / 6,000
 *   2018-01-20  insurer and fund pay
 *   2018-01-21  1,000.01 are recovered, 0.01 of it costs: 700 / 150 / 150; the fund's part is
 * handed over; loan 2 is applied for. This day is open. */
#include "reports/report.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include "ledger/base/text.h"
#include "ledger/books/journal.h"
#include "reports/writer.h"

#include <inttypes.h>
#include <locale.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUBJECT_A "m-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SUBJECT_B "m-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

struct story {
    char *folder;
    char path[256];
    sqlite3 *database;
    struct store *store;
    struct arena arena;
    int64_t seq;
    int64_t entry;
    int64_t number[3]; /* of the last entry of each book */
    int year;
    struct date today;
};

static struct story story;

/* --- writing the story -------------------------------------------------------------------------*/

static void sql(const char *format, ...) PRINTF_LIKE(1, 2);
static void sql(const char *format, ...)
{
    char *text = NULL;
    char *message = NULL;
    va_list values;
    va_start(values, format);
    assert_true(vasprintf(&text, format, values) > 0);
    va_end(values);
    if (sqlite3_exec(story.database, text, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", message, text);
    }
    free(text);
}

static void event(void)
{
    story.seq++;
    sql("INSERT INTO event VALUES (%" PRId64 ", x'00', zeroblob(32),"
        " CAST(printf('%%016d', %" PRId64 ") AS BLOB))",
        story.seq, story.seq);
}

/* Up to four lines of {account, fen}; the book follows from the account. */
static void post(const char *kind, int64_t loan, const int64_t (*lines)[2])
{
    static const char *const books[] = {"bank", "fund", "memo"};
    size_t book = lines[0][0] > 50 ? 2 : lines[0][0] > 30 ? 1 : 0;
    int year = date_to_ymd(story.today).year;
    if (year != story.year) {
        story.year = year;
        memset(story.number, 0, sizeof story.number);
    }
    story.entry++;
    for (int n = 0; n < 4 && lines[n][0] != 0; n++) {
        sql("INSERT INTO line VALUES (%" PRId64 ", %d, %" PRId64 ", %" PRId64 ", nullif(%" PRId64
            ", 0))",
            story.entry, n + 1, lines[n][0], lines[n][1], loan);
    }
    sql("INSERT INTO entry VALUES (%" PRId64 ", %" PRId64 ", '%s', %d, %" PRId64 ", '%s', %d, %d)",
        story.entry, story.seq, books[book], year, ++story.number[book], kind, story.today.day,
        story.today.day);
}

#define POST(kind, loan, ...) post((kind), (loan), (const int64_t[5][2]){__VA_ARGS__})

static void close_through(const char *last)
{
    struct date until = day(last);
    for (; date_compare(story.today, until) <= 0; story.today.day++) {
        sql("INSERT INTO closed_day VALUES (%d, %" PRId64 ", %" PRId64 ")", story.today.day,
            story.entry, story.seq);
        if (date_is_month_end(story.today)) {
            sql("INSERT INTO closed_period VALUES (%d, %" PRId64 ")", story.today.day, story.seq);
        }
    }
}

static void loan_status(int n, const char *status)
{
    sql("INSERT INTO loan_status VALUES (1, %d, %d, '%s', %" PRId64 ")", n, story.today.day, status,
        story.seq);
}

static void loan_class(int n, const char *class)
{
    sql("INSERT INTO loan_class VALUES (1, %d, %d, '%s', %" PRId64 ")", n, story.today.day, class,
        story.seq);
}

static void claim_status(int n, const char *status)
{
    sql("INSERT INTO claim_status VALUES (1, %d, %d, '%s', %" PRId64 ")", n, story.today.day,
        status, story.seq);
}

static void tell_lending(void)
{
    int today = story.today.day;
    event();
    sql("INSERT INTO fund_payment VALUES (1, 'opening', 100000000, NULL, NULL, %d, %" PRId64 ")",
        today, story.seq);
    POST("fund-deposit", 0, {1, 100000000}, {11, -100000000});
    POST("fund-deposit", 0, {31, 100000000}, {34, -100000000});
    event();
    sql("INSERT INTO household VALUES (1, '510000', '石桥村', %d, %" PRId64 ")", today, story.seq);
    sql("INSERT INTO person VALUES (1, 1, '" SUBJECT_A "', 'head', %d, %" PRId64 ")", today,
        story.seq);
    sql("INSERT INTO person VALUES (2, 1, '" SUBJECT_B "', 'spouse', %d, %" PRId64 ")", today,
        story.seq);
    sql("INSERT INTO loan (id, household_id, borrower_id, product, purpose, applied_fen,"
        " term_months, rate_ppm, applied_on, policy, actor, seq) VALUES (1, 1, 2, 'household',"
        " '养牛, 3头', 5500000, 12, 43500, %d, zeroblob(32), 'wang', %" PRId64 ")",
        today, story.seq);
    loan_status(1, "applied");
    event();
    sql("INSERT INTO loan_approval (loan_id, fen, approved_on, actor, seq)"
        " VALUES (1, 5000000, %d, 'li', %" PRId64 ")",
        today, story.seq);
    loan_status(2, "approved");
    event();
    sql("INSERT INTO loan_contract VALUES (1, %" PRId64 ", 5000000, 5000000, %d, %d, 20,"
        " zeroblob(32))",
        story.seq, today, day("2017-10-20").day);
    POST("disbursement", 1, {2, 5000000}, {1, -5000000});
    loan_status(3, "normal");
}

static void tell_paying(void)
{
    event();
    close_through("2016-12-19");
    event();
    sql("INSERT INTO loan_settlement (loan_id, upto_day, seq, from_day, fen_days, interest_fen,"
        " treasury_fen, due_day, settled_on)"
        " VALUES (1, %d, %" PRId64 ", %d, 310000000, 37458, 30000, %d, %d)",
        day("2016-12-21").day, story.seq, day("2016-10-20").day, day("2016-12-21").day,
        story.today.day);
    POST("settlement", 1, {5, 7458}, {6, 30000}, {17, -37458});
    close_through("2016-12-20");
    event();
    close_through("2016-12-21");
    event();
    loan_class(1, "special_mention");
    close_through("2016-12-22");
    event();
    close_through("2017-02-14");
    event();
    sql("INSERT INTO repayment VALUES (1, 1, %d, 1005000, 0, 5000, 1000000, 0, %" PRId64 ")",
        story.today.day, story.seq);
    POST("repayment", 1, {1, 1005000}, {5, -5000}, {2, -1000000});
    event();
    sql("INSERT INTO fund_payment VALUES (2, 'interest', 10050, NULL, NULL, %d, %" PRId64 ")",
        story.today.day, story.seq);
    POST("fund-interest", 0, {19, 10050}, {11, -10050});
    POST("fund-interest", 0, {31, 10050}, {36, -10050});
    close_through("2017-03-21");
    event();
    loan_class(2, "substandard");
    close_through("2017-03-22");
    event();
    close_through("2017-10-20");
    event();
    POST("to-overdue", 1, {3, 4000000}, {2, -4000000});
    loan_status(4, "overdue");
    close_through("2017-10-21");
    event();
    close_through("2018-01-17");
    event();
    POST("to-non-accrual", 1, {4, 4000000}, {3, -4000000});
    POST("interest-reversed", 1, {17, 2458}, {5, -2458});
    POST("interest-reversed", 1, {52, 2458}, {51, -2458});
    loan_status(5, "non-accrual");
    close_through("2018-01-18");
}

static void tell_claiming(void)
{
    event();
    sql("INSERT INTO claim (id, loan_id, filed_on, days_overdue, loss_fen, interest_fen,"
        " insurer_fen, fund_fen, bank_fen, policy, actor, seq)"
        " VALUES (1, 1, %d, 91, 4000000, 0, 2800000, 600000, 600000,"
        " zeroblob(32), 'wang', %" PRId64 ")",
        story.today.day, story.seq);
    sql("INSERT INTO claim_due VALUES (1, 1, 'insurer', 'insurer', 'insurer', 'insurer', 2800000,"
        " NULL, NULL), (1, 2, 'fund', 'fund', 'fund', 'fund', 600000, NULL, NULL)");
    POST("claim-filed", 1, {53, 4000000}, {51, -4000000});
    claim_status(1, "filed");
    loan_status(6, "claimed");
    event();
    POST("claim-accepted", 1, {7, 2800000}, {8, 600000}, {4, -3400000});
    POST("claim-accepted", 1, {38, 600000}, {33, -600000});
    POST("claim-settled", 1, {51, 4000000}, {53, -4000000});
    POST("subrogation", 1, {54, 3400000}, {51, -3400000});
    claim_status(2, "accepted");
    loan_status(7, "compensated");
    close_through("2018-01-19");
    sql("INSERT INTO checkpoint VALUES (%" PRId64 ", CAST('demo.invalid/story\n19\n\n— a b\n'"
        " AS BLOB), 'seal')",
        story.seq + 1);
    event();
    sql("INSERT INTO claim_payment VALUES (1, 1, 2, 'fund', 'bank', 600000, %d, %" PRId64 ")",
        story.today.day, story.seq);
    POST("compensation", 1, {11, 600000}, {8, -600000});
    POST("compensation", 1, {33, 600000}, {31, -600000});
    event();
    sql("INSERT INTO claim_payment VALUES (2, 1, 1, 'insurer', 'bank', 2800000, %d, %" PRId64 ")",
        story.today.day, story.seq);
    POST("indemnity", 1, {1, 2800000}, {7, -2800000});
    claim_status(3, "paid");
    close_through("2018-01-20");
    event();
    sql("INSERT INTO recovery VALUES (1, 1, 100001, 1, 70000, 15000, 15000, %d, %" PRId64 ")",
        story.today.day, story.seq);
    POST("recovery", 1, {1, 100000}, {12, -70000}, {13, -15000}, {4, -15000});
    POST("recovery", 1, {32, 15000}, {37, -15000});
    POST("recovery", 1, {51, 85000}, {54, -85000});
    event();
    sql("INSERT INTO recovery_transfer VALUES (1, 1, 'fund', 15000, %d, %" PRId64 ")",
        story.today.day, story.seq);
    POST("recovery-handed-over", 0, {13, 15000}, {11, -15000});
    POST("recovery-handed-over", 0, {31, 15000}, {32, -15000});
    event();
    sql("INSERT INTO loan (id, household_id, borrower_id, product, purpose, applied_fen,"
        " term_months, rate_ppm, applied_on, policy, actor, seq) VALUES (2, 1, 1,"
        " 'micro-entrepreneur', '=小卖部', 3000000, 12, 40000, %d, zeroblob(32), 'wang',"
        " %" PRId64 ")",
        story.today.day, story.seq);
}

static int tell_story(void **state)
{
    (void)state;
    struct error err = {0};
    story = (struct story){.folder = scratch_create(), .seq = -1};
    arena_init(&story.arena, TABLE_ARENA_LIMIT);
    snprintf(story.path, sizeof story.path, "%s/book.db", story.folder);
    check_ok(store_open(story.path, STORE_CREATE, &story.store, &err), &err);
    story.store = store_close(story.store);
    assert_int_equal(sqlite3_open(story.path, &story.database), SQLITE_OK);
    sql("BEGIN");
    event();
    story.today = day("2016-10-19");
    sql("INSERT INTO book VALUES (0, 'demo.invalid/story', '县', %d, 0)", story.today.day + 1);
    close_through("2016-10-19");
    tell_lending();
    tell_paying();
    tell_claiming();
    sql("COMMIT");
    assert_int_equal(sqlite3_close(story.database), SQLITE_OK);
    check_ok(store_open(story.path, STORE_WRITE, &story.store, &err), &err);
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(story.store, &transaction, &err), &err);
    check_ok(journal_rebuild(story.store, &err), &err);
    check_ok(transaction_commit(&transaction, &err), &err);
    story.store = store_close(story.store);
    check_ok(store_open(story.path, STORE_READ_ONLY, &story.store, &err), &err);
    return 0;
}

static int forget_story(void **state)
{
    (void)state;
    story.store = store_close(story.store);
    arena_release(&story.arena);
    scratch_remove(story.folder);
    return 0;
}

/* --- reading reports ---------------------------------------------------------------------------*/

static const char *name_of(void *context, const char *subject)
{
    return text_equal(subject, SUBJECT_A) ? context : NULL;
}

static bool try_report(const char *name, const char *as_of, int64_t loan, enum book book,
                       struct table *ret, struct error *err)
{
    static char masked[] = "张**";
    const struct report *report = NULL;
    struct report_parameters parameters = {.as_of = day(as_of),
                                           .loan = loan,
                                           .book = book,
                                           .classed = true,
                                           .name_of = name_of,
                                           .context = masked};
    return report_find(name, &report, err) &&
           report_build(report, story.store, &parameters, &story.arena, ret, err);
}

static struct table make_report(const char *name, const char *as_of, int64_t loan, enum book book)
{
    struct table table;
    struct error err = {0};
    check_ok(try_report(name, as_of, loan, book, &table, &err), &err);
    return table;
}

static bool try_period(const char *from, const char *as_of, enum book book, struct table *ret,
                       struct error *err)
{
    const struct report *report = NULL;
    struct report_parameters parameters = {
        .as_of = day(as_of), .has_from = true, .from = day(from), .book = book};
    return report_find("trial-balance", &report, err) &&
           report_build(report, story.store, &parameters, &story.arena, ret, err);
}

static struct table make_period(const char *from, const char *as_of, enum book book)
{
    struct table table;
    struct error err = {0};
    check_ok(try_period(from, as_of, book, &table, &err), &err);
    return table;
}

static const char *shown(const struct table *table, size_t row, const char *column)
{
    for (size_t i = 0; i < table->columns; i++) {
        if (text_equal(table->column[i].name, column)) {
            struct cell cell = row < table->rows ? table_row(table, row)[i] : table_total(table, i);
            return cell_machine_text(&story.arena, &cell);
        }
    }
    fail_msg("there is no column %s", column);
    return NULL;
}

static const char *remarked(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->remarks; i++) {
        if (text_equal(table->remark[i].name, name)) {
            return cell_machine_text(&story.arena, &table->remark[i].cell);
        }
    }
    return "none";
}

/* The rows as lines of CSV without the header, for whole tables as literals. */
static void check_rows(const struct table *table, const char *want)
{
    struct writer_options options = {0};
    struct error err = {0};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    check_ok(table_write(table, FORMAT_CSV, &options, out, &err), &err);
    fclose(out);
    check_text_equal(strchr(text, '\n') + 1, want);
    free(text);
}

/* --- the register ------------------------------------------------------------------------------*/

static void the_register_shows_every_loan_as_it_stands(void **state)
{
    (void)state;
    struct table table = make_report("loan-register", "2018-01-21", 0, BOOK_BANK);
    /* unpaid: 50,000 - 10,000 - 1,000; on the books: that less 34,000 - 850 borne by others.
     * 24.58 of interest are unpaid since 2016-12-21: 396 days. */
    check_rows(
        &table,
        "1,510000,石桥村,1,张**,#1,household,\"养牛, 3头\",55000.00,50000.00,50000.00,"
        "4.35,2016-10-20,2017-10-20,compensated,substandard,11000.00,39000.00,5850.00,39000.00,396,"
        "24.58,300.00\r\n"
        "2,510000,石桥村,1,张**,张**,micro-entrepreneur,'=小卖部,30000.00,,,4,,,,,,,,,,,\r\n");
    check_text_equal(shown(&table, 2, "applied"), "85000.00");
    check_text_equal(shown(&table, 2, "unpaid_principal"), "39000.00");
}

static void check_loan(const char *as_of, const char *status, const char *class, const char *unpaid,
                       const char *on_books, const char *overdue, const char *days,
                       const char *arrears, const char *subsidy)
{
    struct table table = make_report("loan-register", as_of, 0, BOOK_BANK);
    assert_int_equal(table.rows, 1);
    check_text_equal(shown(&table, 0, "status"), status);
    check_text_equal(shown(&table, 0, "class"), class);
    check_text_equal(shown(&table, 0, "unpaid_principal"), unpaid);
    check_text_equal(shown(&table, 0, "book_principal"), on_books);
    check_text_equal(shown(&table, 0, "overdue_principal"), overdue);
    check_text_equal(shown(&table, 0, "days_overdue"), days);
    check_text_equal(shown(&table, 0, "interest_arrears"), arrears);
    check_text_equal(shown(&table, 0, "subsidy"), subsidy);
}

static void the_register_of_a_past_day_knows_nothing_of_later_ones(void **state)
{
    (void)state;
    check_loan("2016-12-19", "normal", "normal", "50000.00", "50000.00", "0.00", "0", "0.00",
               "0.00");
    check_loan("2016-12-20", "normal", "normal", "50000.00", "50000.00", "0.00", "0", "0.00",
               "300.00");
    check_loan("2016-12-21", "normal", "normal", "50000.00", "50000.00", "0.00", "0", "0.00",
               "300.00");
    check_loan("2016-12-22", "normal", "special_mention", "50000.00", "50000.00", "0.00", "1",
               "74.58", "300.00");
    check_loan("2017-02-14", "normal", "special_mention", "50000.00", "50000.00", "0.00", "55",
               "74.58", "300.00");
    check_loan("2017-02-15", "normal", "special_mention", "40000.00", "40000.00", "0.00", "56",
               "24.58", "300.00");
    check_loan("2017-03-21", "normal", "special_mention", "40000.00", "40000.00", "0.00", "90",
               "24.58", "300.00");
    check_loan("2017-03-22", "normal", "substandard", "40000.00", "40000.00", "0.00", "91", "24.58",
               "300.00");
    check_loan("2017-10-20", "normal", "substandard", "40000.00", "40000.00", "0.00", "303",
               "24.58", "300.00");
    check_loan("2017-10-21", "overdue", "substandard", "40000.00", "40000.00", "40000.00", "304",
               "24.58", "300.00");
    check_loan("2018-01-18", "non-accrual", "substandard", "40000.00", "40000.00", "40000.00",
               "393", "24.58", "300.00");
    check_loan("2018-01-19", "compensated", "substandard", "40000.00", "6000.00", "40000.00", "394",
               "24.58", "300.00");
    struct table before = make_report("loan-register", "2016-10-19", 0, BOOK_BANK);
    assert_int_equal(before.rows, 0);
}

static void without_names_the_register_shows_household_numbers(void **state)
{
    (void)state;
    const struct report *report = NULL;
    struct table table;
    struct error err = {0};
    struct report_parameters parameters = {.as_of = day("2018-01-21")};
    check_ok(report_find("loan-register", &report, &err), &err);
    check_ok(report_build(report, story.store, &parameters, &story.arena, &table, &err), &err);
    check_text_equal(shown(&table, 0, "head"), "#1");
    check_text_equal(shown(&table, 1, "borrower"), "#1");
    check_text_equal(shown(&table, 0, "class"), ""); /* nobody keeps any */
}

/* --- the statement of a borrower ---------------------------------------------------------------*/

static void the_statement_runs_to_the_legal_debt(void **state)
{
    (void)state;
    struct table table = make_report("borrower-statement", "2018-01-21", 1, BOOK_BANK);
    check_text_equal(shown(&table, 0, "book"), "bank");
    check_text_equal(shown(&table, 0, "entry"), "2016-2");
    check_text_equal(shown(&table, 0, "kind"), "disbursement");
    check_text_equal(shown(&table, 0, "account"), "loans-normal");
    check_text_equal(shown(&table, 0, "debit"), "50000.00");
    check_text_equal(shown(&table, 0, "debt"), "");
    /* What stands at the end of each event; compensation changes nothing. */
    static const char *const debts[] = {
        "50000.00", "50074.58", "40024.58", "40024.58", "40024.58",
        "40024.58", "40024.58", "40024.58", "40024.58", "39024.58",
    };
    size_t found = 0;
    for (size_t i = 0; i < table.rows; i++) {
        const char *debt = shown(&table, i, "debt");
        if (debt[0] != '\0') {
            assert_true(found < COUNT_OF(debts));
            check_text_equal(debt, debts[found++]);
        }
    }
    assert_int_equal(found, COUNT_OF(debts));
    check_text_equal(remarked(&table, "unpaid_principal"), "39000.00");
    check_text_equal(remarked(&table, "interest_arrears"), "24.58");
    check_text_equal(remarked(&table, "status"), "compensated");
}

static void the_statement_of_a_past_day_is_shorter(void **state)
{
    (void)state;
    struct table table = make_report("borrower-statement", "2017-02-15", 1, BOOK_BANK);
    check_rows(&table,
               "2016-10-20,2016-10-20,bank,2016-2,disbursement,1303-01,loans-normal,50000.00,,,\r\n"
               "2016-10-20,2016-10-20,bank,2016-2,disbursement,1002,bank-money,,50000.00,50000.00"
               ",\r\n"
               "2016-12-20,2016-12-20,bank,2016-3,settlement,1132,interest-receivable,74.58,,,\r\n"
               "2016-12-20,2016-12-20,bank,2016-3,settlement,1221-01,subsidy-receivable,300.00,,"
               ",\r\n"
               "2016-12-20,2016-12-20,bank,2016-3,settlement,6011,interest-income,,374.58,50074.58"
               ",\r\n"
               "2017-02-15,2017-02-15,bank,2017-1,repayment,1002,bank-money,10050.00,,,\r\n"
               "2017-02-15,2017-02-15,bank,2017-1,repayment,1132,interest-receivable,,50.00,,\r\n"
               "2017-02-15,2017-02-15,bank,2017-1,repayment,1303-01,loans-normal,,10000.00,"
               "40024.58,\r\n");
    check_text_equal(remarked(&table, "unpaid_principal"), "40000.00");
}

static void a_loan_that_is_not_there_yet_is_refused(void **state)
{
    (void)state;
    struct table table;
    struct error err = {0};
    check_refused(try_report("borrower-statement", "2018-01-21", 3, BOOK_BANK, &table, &err), &err,
                  "loan.not-found");
    check_refused(try_report("borrower-statement", "2018-01-20", 2, BOOK_BANK, &table, &err), &err,
                  "loan.not-found");
    table = make_report("borrower-statement", "2018-01-21", 2, BOOK_BANK);
    assert_int_equal(table.rows, 0);
    check_text_equal(remarked(&table, "purpose"), "=小卖部");
    check_text_equal(remarked(&table, "paid_out"), "none");
}

/* --- claims and the fund -----------------------------------------------------------------------*/

static void the_claims_register_follows_a_claim(void **state)
{
    (void)state;
    struct table table = make_report("claims-register", "2018-01-18", 0, BOOK_BANK);
    assert_int_equal(table.rows, 0);
    table = make_report("claims-register", "2018-01-19", 0, BOOK_BANK);
    check_rows(&table, "1,1,510000,石桥村,#1,2018-01-19,91,40000.00,0.00,28000.00,6000.00,"
                       "6000.00,accepted,2018-01-19,,,,,,,,,,,\r\n");
    table = make_report("claims-register", "2018-01-21", 0, BOOK_BANK);
    check_rows(&table, "1,1,510000,石桥村,#1,2018-01-19,91,40000.00,0.00,28000.00,6000.00,"
                       "6000.00,paid,2018-01-19,28000.00,2018-01-20,6000.00,2018-01-20,,,1000.01,"
                       "0.01,700.00,150.00,150.00\r\n");
}

static void the_fund_statement_has_a_row_a_year(void **state)
{
    (void)state;
    struct table table = make_report("fund-statement", "2018-01-21", 0, BOOK_BANK);
    check_rows(&table, "2016,0.00,1000000.00,0.00,0.00,0.00,0.00,0.00,1000000.00\r\n"
                       "2017,1000000.00,0.00,0.00,100.50,0.00,0.00,0.00,1000100.50\r\n"
                       "2018,1000100.50,0.00,0.00,0.00,6000.00,0.00,150.00,994250.50\r\n");
    check_text_equal(shown(&table, 3, "compensation"), "6000.00");
    check_text_equal(remarked(&table, "special_account"), "994250.50");
    check_text_equal(remarked(&table, "claims_payable"), "0.00");
    check_text_equal(remarked(&table, "reserved"), "0.00");
    check_text_equal(remarked(&table, "free_balance"), "994250.50");
    check_text_equal(remarked(&table, "recoveries_receivable"), "0.00");
    check_text_equal(remarked(&table, "claims_accepted"), "1");
    check_text_equal(remarked(&table, "claims_accepted_amount"), "6000.00");
    check_text_equal(remarked(&table, "loans"), "5850.00");
    /* 994,250.50 / 5,850.00 = 169.957350427... */
    check_text_equal(remarked(&table, "fund_to_loans"), "16995.735");
    check_text_equal(remarked(&table, "difference"), "none");
}

static void the_fund_statement_of_a_past_day(void **state)
{
    (void)state;
    struct table table = make_report("fund-statement", "2018-01-19", 0, BOOK_BANK);
    assert_int_equal(table.rows, 3);
    check_text_equal(shown(&table, 2, "closing"), "1000100.50");
    check_text_equal(remarked(&table, "claims_payable"), "6000.00");
    check_text_equal(remarked(&table, "free_balance"), "994100.50");
    check_text_equal(remarked(&table, "loans"), "6000.00");
    table = make_report("fund-statement", "2017-06-30", 0, BOOK_BANK);
    assert_int_equal(table.rows, 2);
    check_text_equal(remarked(&table, "special_account"), "1000100.50");
    check_text_equal(remarked(&table, "claims_accepted"), "0");
    check_text_equal(remarked(&table, "loans"), "40000.00");
    check_text_equal(remarked(&table, "fund_to_loans"), "2500.2513"); /* 25.0025125 */
    table = make_report("fund-statement", "2016-10-19", 0, BOOK_BANK);
    assert_int_equal(table.rows, 0);
    check_text_equal(remarked(&table, "special_account"), "0.00");
}

/* --- the day report ---------------------------------------------------------------------------*/

/* Amounts are those of the debit side; events are counted from 0, the genesis. */
static void the_day_report_has_what_was_booked_that_day(void **state)
{
    (void)state;
    struct table table = make_report("day-report", "2018-01-19", 0, BOOK_BANK);
    check_rows(&table, "bank,claim-accepted,1,34000.00\r\n"
                       "fund,claim-accepted,1,6000.00\r\n"
                       "memo,claim-filed,1,40000.00\r\n"
                       "memo,claim-settled,1,40000.00\r\n"
                       "memo,subrogation,1,34000.00\r\n");
    check_text_equal(shown(&table, 5, "entries"), "5");
    check_text_equal(remarked(&table, "events"), "2");
    check_text_equal(remarked(&table, "first_event"), "17");
    check_text_equal(remarked(&table, "last_event"), "18");
    table = make_report("day-report", "2018-01-18", 0, BOOK_BANK);
    check_rows(&table, "bank,to-non-accrual,1,40000.00\r\n"
                       "bank,interest-reversed,1,24.58\r\n"
                       "memo,interest-reversed,1,24.58\r\n");
    table = make_report("day-report", "2017-02-15", 0, BOOK_BANK);
    check_rows(&table, "bank,repayment,1,10050.00\r\n"
                       "bank,fund-interest,1,100.50\r\n"
                       "fund,fund-interest,1,100.50\r\n");
    /* A day on which nothing was booked, and one before the book. */
    table = make_report("day-report", "2017-02-16", 0, BOOK_BANK);
    assert_int_equal(table.rows, 0);
    table = make_report("day-report", "2016-10-18", 0, BOOK_BANK);
    assert_int_equal(table.rows, 0);
    check_text_equal(remarked(&table, "events"), "0");
}

static void the_day_report_carries_the_seal_over_its_day(void **state)
{
    (void)state;
    struct table table = make_report("day-report", "2018-01-19", 0, BOOK_BANK);
    check_text_equal(table.exact.text, "demo.invalid/story\n19\n\n— a b\n");
    check_text_equal(remarked(&table, "sealed_events"), "19");
    /* A day before it that was closed with it stands under it as well; the open day under none. */
    table = make_report("day-report", "2018-01-17", 0, BOOK_BANK);
    check_text_equal(table.exact.text, "demo.invalid/story\n19\n\n— a b\n");
    table = make_report("day-report", "2018-01-20", 0, BOOK_BANK);
    assert_null(table.exact.name);
    table = make_report("day-report", "2018-01-21", 0, BOOK_BANK);
    assert_null(table.exact.name);
    assert_int_equal(table.rows, 5);
}

/* --- trial balances ----------------------------------------------------------------------------*/

static void the_trial_balance_of_the_bank(void **state)
{
    (void)state;
    struct table table = make_report("trial-balance", "2018-01-21", 0, BOOK_BANK);
    check_rows(
        &table,
        "1002,银行存款,bank money,,,1039050.00,50000.00,989050.00,\r\n"
        "1132,应收利息,interest receivable,,,74.58,74.58,,\r\n"
        "1221-01,其他应收款—应收财政贴息,subsidy receivable from county finance,,,300.00,0.00,"
        "300.00,\r\n"
        "1221-02,其他应收款—应收保险赔款,indemnity receivable from the "
        "insurer,,,28000.00,28000.00,,"
        "\r\n"
        "1221-03,其他应收款—应收风险补偿款,compensation receivable from the "
        "fund,,,6000.00,6000.00,,"
        "\r\n"
        "1303-01,贷款—正常,\"loans, normal\",,,50000.00,50000.00,,\r\n"
        "1303-02,贷款—逾期,\"loans, overdue\",,,40000.00,40000.00,,\r\n"
        "1303-03,贷款—非应计,\"loans, non-accrual\",,,40000.00,34150.00,5850.00,\r\n"
        "2011-09,吸收存款—风险补偿金专户,deposit of the compensation fund,,,6000.00,1000250.50,,"
        "994250.50\r\n"
        "2241-01,其他应付款—应返还保险公司,recoveries due to the insurer,,,0.00,700.00,,700.00\r\n"
        "2241-02,其他应付款—应返还风险补偿金,recoveries due to the fund,,,150.00,150.00,,\r\n"
        "6011,利息收入,interest income,,,24.58,374.58,,350.00\r\n"
        "6411,利息支出,interest expense,,,100.50,0.00,100.50,\r\n");
    check_text_equal(shown(&table, 13, "debit"), "1209699.66");
    check_text_equal(shown(&table, 13, "credit"), "1209699.66");
    check_text_equal(shown(&table, 13, "debit_balance"), "995300.50");
    check_text_equal(shown(&table, 13, "credit_balance"), "995300.50");
    check_text_equal(remarked(&table, "difference"), "0.00");
    check_text_equal(cell_machine_text(&story.arena, &table.subject), "bank");
    check_text_equal(cell_human_text(&story.arena, &table.subject, true), "银行账");
}

static void the_trial_balance_of_the_fund_and_the_memo_register(void **state)
{
    (void)state;
    struct table table = make_report("trial-balance", "2018-01-21", 0, BOOK_FUND);
    check_rows(&table,
               "1001,银行存款—风险补偿金专户,special account at the bank,,,1000250.50,6000.00,"
               "994250.50,\r\n"
               "1201,应收返还款,recoveries receivable,,,150.00,150.00,,\r\n"
               "2201,应付补偿款,claims payable,,,6000.00,6000.00,,\r\n"
               "3001,基金本金,capital paid in,,,0.00,1000000.00,,1000000.00\r\n"
               "4001,基金利息,interest earned,,,0.00,100.50,,100.50\r\n"
               "4002,追偿收回,recoveries,,,0.00,150.00,,150.00\r\n"
               "5001,补偿支出,compensation paid,,,6000.00,0.00,6000.00,\r\n");
    table = make_report("trial-balance", "2018-01-21", 0, BOOK_MEMO);
    check_rows(&table, "M1,表外应收利息,off-balance interest,,,24.58,0.00,24.58,\r\n"
                       "M2,已申请补偿款,claims filed,,,40000.00,40000.00,,\r\n"
                       "M3,代位追偿本金,subrogated principal,,,34000.00,850.00,33150.00,\r\n");
    check_text_equal(remarked(&table, "difference"), "none");
}

/* What moved from the day after maturity on; the opening figures are those of the day before. */
static void the_trial_balance_of_a_period(void **state)
{
    (void)state;
    struct table whole = make_report("trial-balance", "2018-01-21", 0, BOOK_BANK);
    struct table before = make_report("trial-balance", "2017-10-20", 0, BOOK_BANK);
    struct table table = make_period("2017-10-21", "2018-01-21", BOOK_BANK);
    check_text_equal(remarked(&table, "from"), "2017-10-21");
    assert_int_equal(table.rows, whole.rows);
    for (size_t i = 0; i < table.rows; i++) {
        check_text_equal(shown(&table, i, "debit_balance"), shown(&whole, i, "debit_balance"));
        check_text_equal(shown(&table, i, "credit_balance"), shown(&whole, i, "credit_balance"));
    }
    check_text_equal(shown(&table, table.rows, "opening_debit"),
                     shown(&before, before.rows, "debit_balance"));
    check_text_equal(shown(&table, table.rows, "opening_credit"),
                     shown(&before, before.rows, "credit_balance"));
    /* 1,039,050.00 and 50,000.00 in all, of it 1,010,050.00 and 50,000.00 before */
    check_text_equal(shown(&table, 0, "opening_debit"), "960050.00");
    check_text_equal(shown(&table, 0, "debit"), "29000.00");
    check_text_equal(shown(&table, 0, "credit"), "0.00");
    check_text_equal(shown(&table, 0, "debit_balance"), "989050.00");
    table = make_period("2016-10-01", "2018-01-21", BOOK_BANK);
    check_text_equal(shown(&table, table.rows, "opening_debit"), "0.00");
    check_text_equal(shown(&table, table.rows, "debit"), "1209699.66");
    struct error err = {0};
    check_refused(try_period("2018-01-22", "2018-01-21", BOOK_BANK, &table, &err), &err,
                  "report.period");
}

/* A month end reads the kept period alone; other days the period before them and its lines. */
static void the_trial_balance_of_a_past_day(void **state)
{
    (void)state;
    static const char *const same[] = {"2017-02-15", "2017-02-20", "2017-02-28", "2017-10-20"};
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        struct table table = make_report("trial-balance", same[i], 0, BOOK_BANK);
        check_rows(
            &table,
            "1002,银行存款,bank money,,,1010050.00,50000.00,960050.00,\r\n"
            "1132,应收利息,interest receivable,,,74.58,50.00,24.58,\r\n"
            "1221-01,其他应收款—应收财政贴息,subsidy receivable from county finance,,,300.00,"
            "0.00,300.00,\r\n"
            "1303-01,贷款—正常,\"loans, normal\",,,50000.00,10000.00,40000.00,\r\n"
            "2011-09,吸收存款—风险补偿金专户,deposit of the compensation fund,,,0.00,"
            "1000100.50,,1000100.50\r\n"
            "6011,利息收入,interest income,,,0.00,374.58,,374.58\r\n"
            "6411,利息支出,interest expense,,,100.50,0.00,100.50,\r\n");
    }
    struct table table = make_report("trial-balance", "2016-10-25", 0, BOOK_BANK);
    assert_int_equal(table.rows, 3);
    check_text_equal(shown(&table, 0, "debit_balance"), "950000.00");
    table = make_report("trial-balance", "2016-10-19", 0, BOOK_BANK);
    assert_int_equal(table.rows, 0);
    check_text_equal(remarked(&table, "difference"), "0.00");
}

/* What the register says is on the bank's books is what the trial balance says. */
static void register_and_trial_balance_agree_on_every_day(void **state)
{
    (void)state;
    static const int loans[] = {ACCOUNT_LOANS_NORMAL, ACCOUNT_LOANS_OVERDUE,
                                ACCOUNT_LOANS_NON_ACCRUAL};
    for (struct date on = day("2016-10-20"); date_compare(on, day("2018-01-21")) <= 0;
         on = date_add_days(on, on.day < day("2018-01-10").day ? 7 : 1)) {
        char text[DATE_TEXT_SIZE];
        struct error err = {0};
        struct money sum = MONEY_ZERO;
        struct table table = make_report("loan-register", date_format(on, text), 0, BOOK_BANK);
        for (size_t i = 0; i < COUNT_OF(loans); i++) {
            struct money one = MONEY_ZERO;
            check_ok(account_balance_on(story.store, (enum account)loans[i], on, &one, &err), &err);
            assert_true(money_add(sum, one, &sum));
        }
        char figure[MONEY_TEXT_SIZE];
        check_text_equal(shown(&table, table.rows, "book_principal"), money_format(sum, figure));
    }
}

/* --- the registry ------------------------------------------------------------------------------*/

static void a_day_that_has_not_come_is_refused(void **state)
{
    (void)state;
    struct table table;
    struct error err = {0};
    for (size_t i = 0; i < report_count(); i++) {
        check_refused(try_report(report_at(i)->name, "2018-01-22", 1, BOOK_BANK, &table, &err),
                      &err, "report.day-not-reached");
    }
    check_refused(try_report("loan-registers", "2018-01-21", 1, BOOK_BANK, &table, &err), &err,
                  "report.unknown");
}

static void columns_have_stable_names_and_titles_in_both_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < report_count(); i++) {
        const struct report *report = report_at(i);
        for (size_t k = 0; k < report->columns; k++) {
            const struct column *column = &report->column[k];
            assert_non_null(column->title_en);
            assert_non_null(column->title_zh);
            assert_int_equal(strspn(column->name, "abcdefghijklmnopqrstuvwxyz_"),
                             strlen(column->name));
            for (size_t m = 0; m < k; m++) {
                assert_string_not_equal(report->column[m].name, column->name);
            }
        }
    }
}

/* Written anew under UPDATE_GOLDEN=1. */
static void check_golden(const struct table *table, enum format format, const char *name)
{
    char path[512];
    struct writer_options options = {.chinese = true};
    struct error err = {0};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    check_ok(table_write(table, format, &options, out, &err), &err);
    fclose(out);
    snprintf(path, sizeof path, "%s/tests/unit/reports/golden/%s", TEST_SOURCE_DIR, name);
    if (getenv("UPDATE_GOLDEN") != NULL) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(text, file);
        fclose(file);
    }
    char *golden = file_read(path, &length);
    check_text_equal(text, golden);
    free(golden);
    free(text);
}

static void reports_look_as_they_looked(void **state)
{
    (void)state;
    struct table table = make_report("fund-statement", "2018-01-21", 0, BOOK_BANK);
    check_golden(&table, FORMAT_TEXT, "fund-statement.zh.txt");
    check_golden(&table, FORMAT_HTML, "fund-statement.zh.html");
    table = make_report("loan-register", "2018-01-21", 0, BOOK_BANK);
    check_golden(&table, FORMAT_HTML, "loan-register.zh.html");
    table = make_report("borrower-statement", "2018-01-21", 1, BOOK_BANK);
    check_golden(&table, FORMAT_TEXT, "borrower-statement.zh.txt");
    table = make_report("trial-balance", "2018-01-21", 0, BOOK_BANK);
    check_golden(&table, FORMAT_TEXT, "trial-balance.zh.txt");
    table = make_period("2017-10-21", "2018-01-21", BOOK_BANK);
    check_golden(&table, FORMAT_HTML, "trial-balance-period.zh.html");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_register_shows_every_loan_as_it_stands),
        cmocka_unit_test(the_register_of_a_past_day_knows_nothing_of_later_ones),
        cmocka_unit_test(without_names_the_register_shows_household_numbers),
        cmocka_unit_test(the_statement_runs_to_the_legal_debt),
        cmocka_unit_test(the_statement_of_a_past_day_is_shorter),
        cmocka_unit_test(a_loan_that_is_not_there_yet_is_refused),
        cmocka_unit_test(the_claims_register_follows_a_claim),
        cmocka_unit_test(the_fund_statement_has_a_row_a_year),
        cmocka_unit_test(the_fund_statement_of_a_past_day),
        cmocka_unit_test(the_day_report_has_what_was_booked_that_day),
        cmocka_unit_test(the_day_report_carries_the_seal_over_its_day),
        cmocka_unit_test(the_trial_balance_of_the_bank),
        cmocka_unit_test(the_trial_balance_of_the_fund_and_the_memo_register),
        cmocka_unit_test(the_trial_balance_of_a_period),
        cmocka_unit_test(the_trial_balance_of_a_past_day),
        cmocka_unit_test(register_and_trial_balance_agree_on_every_day),
        cmocka_unit_test(a_day_that_has_not_come_is_refused),
        cmocka_unit_test(columns_have_stable_names_and_titles_in_both_languages),
        cmocka_unit_test(reports_look_as_they_looked),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, tell_story, forget_story);
}
