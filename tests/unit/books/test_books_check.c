#include "ledger/books/books_check.h"
#include "tests/support/journal_book.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* Someone works on the file past the program: another connection, triggers dropped, references and
 * CHECKs off. Every invariant that this breaks is found and named. */

static struct journal_book book;

static void pair(enum book of, enum account debit, enum account credit, int64_t fen, int64_t loan)
{
    entry_pair(&book.list, of, "deposit", journal_book_day(&book), debit, credit,
               money_from_fen(fen), loan);
}

/* Entries 1 to 9 of events 1 to 5, over the end of two periods and of a year. */
static int open_book(void **state)
{
    (void)state;
    journal_book_open(&book, "2016-11-29");
    pair(BOOK_BANK, ACCOUNT_BANK_MONEY, ACCOUNT_FUND_DEPOSIT, 900, 0); /* 1 */
    pair(BOOK_FUND, ACCOUNT_SPECIAL_ACCOUNT, ACCOUNT_CAPITAL, 900, 0);
    journal_book_post(&book);
    pair(BOOK_BANK, ACCOUNT_LOANS_NORMAL, ACCOUNT_BANK_MONEY, 500, 1); /* 3 */
    journal_book_post(&book);
    journal_book_close_through(&book, "2016-12-30");
    pair(BOOK_BANK, ACCOUNT_BANK_MONEY, ACCOUNT_LOANS_NORMAL, 20, 1); /* 4 */
    journal_book_post(&book);
    journal_book_close_through(&book, "2016-12-31");
    pair(BOOK_BANK, ACCOUNT_FUND_RECEIVABLE, ACCOUNT_LOANS_NORMAL, 30, 1); /* 5 */
    pair(BOOK_FUND, ACCOUNT_COMPENSATION, ACCOUNT_CLAIMS_PAYABLE, 30, 0);
    pair(BOOK_MEMO, ACCOUNT_SUBROGATED, ACCOUNT_CONTRA, 30, 1);
    journal_book_post(&book);
    pair(BOOK_BANK, ACCOUNT_LOANS_NORMAL, ACCOUNT_DUE_TO_FUND, 7, 2); /* 8 */
    pair(BOOK_FUND, ACCOUNT_RECOVERIES_RECEIVABLE, ACCOUNT_RECOVERIES, 7, 0);
    journal_book_post(&book);
    journal_book_close_through(&book, "2017-01-01");
    return 0;
}

static int close_book(void **state)
{
    (void)state;
    journal_book_close(&book);
    return 0;
}

static void must_run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        print_error("%s\n%s\n", sql, sqlite3_errmsg(db));
        fail();
    }
}

static void drop_triggers(sqlite3 *db)
{
    sqlite3_stmt *query = NULL;
    for (;;) {
        assert_int_equal(sqlite3_prepare_v2(db,
                                            "SELECT 'DROP TRIGGER ' || name FROM sqlite_schema "
                                            "WHERE type = 'trigger' LIMIT 1",
                                            -1, &query, NULL),
                         SQLITE_OK);
        bool more = sqlite3_step(query) == SQLITE_ROW;
        char *sql = more ? sqlite3_mprintf("%s", sqlite3_column_text(query, 0)) : NULL;
        sqlite3_finalize(query);
        if (!more) {
            return;
        }
        must_run(db, sql);
        sqlite3_free(sql);
    }
}

static void attack(const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(book.path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    must_run(db, "BEGIN");
    drop_triggers(db);
    must_run(db, "COMMIT; PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
    must_run(db, sql);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The codes found, each once, in the order of the header. */
static void codes_found(const struct findings *findings, char *ret, size_t size)
{
    static const char *const codes[] = {
        "BOOKS_ENTRY_SUM", "BOOKS_BALANCE",   "BOOKS_LOAN_BALANCE", "BOOKS_PERIOD_BALANCE",
        "BOOKS_MIRROR",    "BOOKS_NUMBERING", "BOOKS_CLOSED_DAY",   "BOOKS_EVENT"};
    size_t length = 0;
    ret[0] = '\0';
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        for (size_t j = 0; j < findings->count; j++) {
            if (strcmp(findings->list[j].code, codes[i]) == 0) {
                length += (size_t)snprintf(ret + length, size - length, "%s%s",
                                           length == 0 ? "" : " ", codes[i] + strlen("BOOKS_"));
                break;
            }
        }
    }
}

static bool check_found(const char *want)
{
    struct findings findings;
    struct error err = {0};
    char got[200];
    findings_init(&findings);
    check_ok(books_check(book.store, &findings, &err), &err);
    codes_found(&findings, got, sizeof got);
    bool equal = strcmp(got, want) == 0 && (want[0] == '\0') == (findings.total == 0);
    if (!equal) {
        print_error("found \"%s\", want \"%s\"\n", got, want);
    }
    for (size_t i = 0; i < findings.count; i++) {
        assert_true(findings.list[i].text[0] != '\0');
        if (!equal) {
            print_error("%s %s\n", findings.list[i].code, findings.list[i].text);
        }
    }
    findings_release(&findings);
    return equal;
}

static void a_book_as_it_was_posted_has_no_findings(void **state)
{
    (void)state;
    assert_true(check_found(""));
}

static void an_empty_book_has_no_findings(void **state)
{
    (void)state;
    struct journal_book empty = {0};
    struct findings findings;
    struct error err = {0};
    journal_book_open(&empty, "2016-10-20");
    findings_init(&findings);
    check_ok(books_check(empty.store, &findings, &err), &err);
    check_int_equal((int64_t)findings.total, 0);
    findings_release(&findings);
    journal_book_close(&empty);
}

/* 2016-11-28 is day 17133, 11-30 17135, 12-31 17166, 2017-01-01 17167 (python3 datetime). */
static const struct {
    const char *sql;
    const char *codes;
} attacks[] = {
    /* an amount, one side */
    {"UPDATE line SET fen = 19 WHERE entry_id = 4 AND n = 1",
     "ENTRY_SUM BALANCE LOAN_BALANCE PERIOD_BALANCE"},
    /* an amount, both sides: balanced, but what is kept tells */
    {"UPDATE line SET fen = CASE n WHEN 1 THEN 19 ELSE -19 END WHERE entry_id = 4",
     "BALANCE LOAN_BALANCE PERIOD_BALANCE"},
    /* the same with everything kept made to fit but the period */
    {"UPDATE line SET fen = CASE n WHEN 1 THEN 19 ELSE -19 END WHERE entry_id = 4;"
     "UPDATE balance SET debit_fen = debit_fen - 1 WHERE account_id = 1;"
     "UPDATE balance SET credit_fen = credit_fen - 1 WHERE account_id = 2;"
     "UPDATE loan_balance SET fen = fen + 1, dated_fen = dated_fen"
     " + (SELECT value_date FROM entry WHERE id = 4) WHERE loan_id = 1 AND account_id = 2;"
     "UPDATE loan_balance SET fen = fen - 1 WHERE loan_id = 1 AND account_id = 1",
     "PERIOD_BALANCE"},
    {"DELETE FROM line WHERE entry_id = 7", "ENTRY_SUM BALANCE LOAN_BALANCE"},
    {"DELETE FROM line WHERE entry_id = 7 AND n = 2", "ENTRY_SUM BALANCE LOAN_BALANCE"},
    {"UPDATE line SET account_id = 21 WHERE entry_id = 7 AND n = 2",
     "ENTRY_SUM BALANCE LOAN_BALANCE"},
    {"UPDATE line SET account_id = 2 WHERE entry_id = 7 AND n = 2",
     "ENTRY_SUM BALANCE LOAN_BALANCE"},
    {"UPDATE entry SET book = 'bank', no = 3, year = 2017 WHERE id = 7", "ENTRY_SUM NUMBERING"},
    {"UPDATE entry SET book = 'cash' WHERE id = 7", "NUMBERING"},
    {"UPDATE entry SET value_date = value_date - 1 WHERE id = 4", "LOAN_BALANCE"},
    {"DELETE FROM entry WHERE id = 9", "ENTRY_SUM MIRROR CLOSED_DAY"},
    {"DELETE FROM entry WHERE id = 4", "ENTRY_SUM LOAN_BALANCE NUMBERING"},
    {"UPDATE line SET loan_id = 2 WHERE entry_id = 4", "LOAN_BALANCE"},
    {"UPDATE line SET loan_id = NULL WHERE entry_id = 7", "LOAN_BALANCE"},
    {"UPDATE line SET loan_id = 3 WHERE entry_id = 9", "LOAN_BALANCE"},
    /* what is kept */
    {"UPDATE balance SET debit_fen = debit_fen + 1 WHERE account_id = 1", "BALANCE"},
    {"UPDATE balance SET debit_fen = debit_fen + 1, credit_fen = credit_fen + 1 "
     "WHERE account_id = 1",
     "BALANCE"},
    {"DELETE FROM balance WHERE account_id = 20", "BALANCE"},
    {"INSERT INTO balance VALUES (99, 0, 0)", "BALANCE"},
    {"UPDATE loan_balance SET fen = fen + 1 WHERE loan_id = 1 AND account_id = 2", "LOAN_BALANCE"},
    {"UPDATE loan_balance SET dated_fen = dated_fen - 1 WHERE loan_id = 1 AND account_id = 2",
     "LOAN_BALANCE"},
    {"DELETE FROM loan_balance WHERE loan_id = 1 AND account_id = 2", "LOAN_BALANCE"},
    {"DELETE FROM loan_balance WHERE loan_id = 2", "LOAN_BALANCE"},
    {"INSERT INTO loan_balance VALUES (1, 20, 1, 17000)", "LOAN_BALANCE"},
    {"INSERT INTO loan_balance VALUES (9, 2, 1, 17000)", "LOAN_BALANCE"},
    {"UPDATE period_balance SET credit_fen = 499 WHERE last_day = 17135 AND account_id = 1",
     "PERIOD_BALANCE"},
    {"UPDATE period_balance SET credit_fen = 7 WHERE last_day = 17166 AND account_id = 17",
     "PERIOD_BALANCE"},
    {"DELETE FROM period_balance WHERE last_day = 17166 AND account_id = 17", "PERIOD_BALANCE"},
    {"DELETE FROM period_balance WHERE last_day = 17166", "PERIOD_BALANCE"},
    /* mirrors, with both books balanced and everything kept made to fit */
    {"UPDATE line SET fen = fen * 2 WHERE entry_id = 6;"
     "UPDATE balance SET debit_fen = 60 WHERE account_id = 38;"
     "UPDATE balance SET credit_fen = 60 WHERE account_id = 33",
     "MIRROR"},
    {"UPDATE line SET fen = fen * 2 WHERE entry_id = 9;"
     "UPDATE balance SET debit_fen = 14 WHERE account_id = 32;"
     "UPDATE balance SET credit_fen = 14 WHERE account_id = 37",
     "MIRROR"},
    {"UPDATE line SET account_id = 35 WHERE entry_id = 2 AND n = 1;"
     "UPDATE balance SET debit_fen = 0 WHERE account_id = 31;"
     "UPDATE balance SET debit_fen = 900 WHERE account_id = 35;"
     "UPDATE period_balance SET debit_fen = 0 WHERE account_id = 31;"
     "UPDATE period_balance SET debit_fen = 900 WHERE account_id = 35",
     "MIRROR"},
    /* a mirror that held again later: entry 6 belongs to the next event */
    {"UPDATE entry SET seq = (SELECT seq FROM entry WHERE id = 8) WHERE id IN (6, 7)", "MIRROR"},
    /* numbers */
    {"UPDATE entry SET no = 9 WHERE id = 9", "NUMBERING"},
    {"UPDATE entry SET no = 9 WHERE id = 3", "NUMBERING"},
    {"UPDATE entry SET year = 2016, no = 4 WHERE id = 5", "NUMBERING"},
    {"UPDATE entry SET no = 3 WHERE id = 5; UPDATE entry SET no = 1 WHERE id = 8;"
     "UPDATE entry SET no = 2 WHERE id = 5",
     "NUMBERING"},
    {"UPDATE entry SET id = 10 WHERE id = 9; UPDATE line SET entry_id = 10 WHERE entry_id = 9",
     "NUMBERING CLOSED_DAY"},
    /* days */
    {"UPDATE entry SET book_date = 17165, value_date = 17165 WHERE id = 4",
     "LOAN_BALANCE CLOSED_DAY"},
    {"UPDATE entry SET book_date = 17134, value_date = 17134 WHERE id = 4",
     "LOAN_BALANCE CLOSED_DAY"},
    {"UPDATE entry SET value_date = 17168 WHERE id = 9", "CLOSED_DAY"},
    {"UPDATE closed_day SET last_entry = 2 WHERE day = 17134", "CLOSED_DAY"},
    {"UPDATE closed_day SET last_entry = 2 WHERE day = 17150", "CLOSED_DAY"},
    {"UPDATE closed_day SET last_entry = 10 WHERE day = 17167", "CLOSED_DAY"},
    {"UPDATE closed_day SET last_entry = 1 WHERE day = 17133", "CLOSED_DAY"},
    {"DELETE FROM closed_day WHERE day = 17150", "CLOSED_DAY"},
    {"DELETE FROM closed_day WHERE day = 17133", "CLOSED_DAY"},
    {"DELETE FROM closed_day WHERE day = 17167; DELETE FROM closed_day WHERE day = 17166",
     "CLOSED_DAY"},
    {"INSERT INTO closed_day (day, last_entry, seq) VALUES (17132, 0, 0)", "CLOSED_DAY"},
    {"DELETE FROM closed_period WHERE last_day = 17166", "CLOSED_DAY"},
    {"INSERT INTO closed_period (last_day, seq) VALUES (17133, 0)", "PERIOD_BALANCE CLOSED_DAY"},
    {"UPDATE book SET opening_day = opening_day - 1", "CLOSED_DAY"},
    {"UPDATE book SET opening_day = opening_day + 1", "CLOSED_DAY"},
    /* events */
    {"UPDATE entry SET seq = 999 WHERE id = 9", "MIRROR EVENT"},
    {"UPDATE entry SET seq = 999 WHERE id IN (8, 9)", "EVENT"},
    {"DELETE FROM event WHERE seq = 1", "EVENT"},
    {"UPDATE entry SET seq = 1 WHERE id IN (8, 9)", "EVENT"},
};

static void every_attack_is_found_by_its_code(void **state)
{
    size_t missed = 0;
    for (size_t i = 0; i < COUNT_OF(attacks); i++) {
        open_book(state);
        attack(attacks[i].sql);
        if (!check_found(attacks[i].codes)) {
            print_error("after: %s\n\n", attacks[i].sql);
            missed++;
        }
        close_book(state);
    }
    check_int_equal((int64_t)missed, 0);
}

static void derived_rows_that_were_lost_are_found_and_rebuilt(void **state)
{
    (void)state;
    struct error err = {0};
    attack("DELETE FROM period_balance; DELETE FROM balance; DELETE FROM loan_balance");
    assert_true(check_found("BALANCE LOAN_BALANCE PERIOD_BALANCE"));
    (void)journal_book_begin(&book);
    check_ok(journal_rebuild(book.store, &err), &err);
    journal_book_commit(&book);
    assert_true(check_found(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_book_as_it_was_posted_has_no_findings, open_book,
                                        close_book),
        cmocka_unit_test(an_empty_book_has_no_findings),
        cmocka_unit_test(every_attack_is_found_by_its_code),
        cmocka_unit_test_setup_teardown(derived_rows_that_were_lost_are_found_and_rebuilt,
                                        open_book, close_book),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
