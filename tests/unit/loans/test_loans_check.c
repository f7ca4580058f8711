/* A sound book has no finding; then each rule is broken by hand, past the guards of the schema, in
 * a copy of it. */
#include "ledger/loans/loans_check.h"
#include "tests/support/scratch_book.h"

#include <sqlite3.h>
#include <string.h>

/* Loans with everything in their life: 1 runs, 2 is overdue and paid in part, 3 is non-accrual,
 * 4 is closed, 5 is approved only. Open is 2017-04-01. */
static void make_book(struct scratch_book *book)
{
    scratch_book_open(book, NULL, "2016-10-20");
    int64_t running = scratch_loan(book, scratch_household(book, "registered"), 5000000, 43500, 12);
    int64_t overdue = scratch_loan(book, scratch_household(book, "none"), 4000000, 43500, 24);
    scratch_loan(book, scratch_household(book, "none"), 3000000, 43500, 12);
    int64_t closed = scratch_loan(book, scratch_household(book, "registered"), 3000000, 60000, 12);
    scratch_do(book, "clerk", "loan.apply",
               scratch_application(book, scratch_household(book, "none"), 1000000, 43500, 12));
    scratch_do(book, "approver", "loan.approve", scratch_approval(book, 5, 900000));
    scratch_close_through(book, "2017-01-31");
    scratch_do(book, "clerk", "loan.repay", scratch_repayment(book, running, 1000000, NULL));
    scratch_do(book, "clerk", "loan.repay", scratch_repayment(book, closed, 4000000, NULL));
    scratch_close_through(book, "2017-02-28");
    /* 62 days of 40,000.00 at 4.35 %: 299.67. */
    scratch_do(book, "clerk", "loan.repay", scratch_repayment(book, overdue, 29967 + 100, NULL));
    scratch_close_through(book, "2017-03-31");
}

/* A copy of the book in which `sql` was done without any guard; its path, in the requests' arena.
 */
static const char *broken_copy(struct scratch_book *book, size_t number, const char *sql)
{
    const char *path = arena_printf(&book->requests, "%s/copy%zu.db", book->folder, number);
    const char *source = arena_printf(&book->requests, "%s/book.db", book->folder);
    const char *copy = arena_printf(&book->requests, "VACUUM INTO '%s'", path);
    const char *drop = "PRAGMA ignore_check_constraints = on;";
    char *message = NULL;
    sqlite3 *db = NULL;
    sqlite3_stmt *triggers = NULL;

    assert_int_equal(sqlite3_open(source, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, copy, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'trigger'",
                                        -1, &triggers, NULL),
                     SQLITE_OK);
    while (sqlite3_step(triggers) == SQLITE_ROW) {
        drop = arena_printf(&book->requests, "%s DROP TRIGGER %s;", drop,
                            (const char *)sqlite3_column_text(triggers, 0));
    }
    sqlite3_finalize(triggers);
    assert_int_equal(sqlite3_exec(db, drop, NULL, NULL, NULL), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
    assert_true(sqlite3_changes(db) > 0);
    sqlite3_close(db);
    return path;
}

static void check_found(const char *path, const char *code)
{
    struct findings findings;
    struct error err = {0};
    struct store *store = NULL;
    bool found = false;

    check_ok(store_open(path, STORE_WRITE, &store, &err), &err);
    findings_init(&findings);
    check_ok(loans_check(store, &findings, &err), &err);
    for (size_t i = 0; i < findings.count; i++) {
        found = found || strcmp(findings.list[i].code, code) == 0;
    }
    if (!found) {
        print_error("%zu findings, none of them %s\n", findings.count, code);
        _fail(__FILE__, __LINE__);
    }
    findings_release(&findings);
    store_close(store);
}

static void a_sound_book_has_no_finding(void **state)
{
    (void)state;
    struct scratch_book book;
    struct findings findings;
    struct error err = {0};

    make_book(&book);
    check_text_equal(scratch_loan_load(&book, 2).status, "overdue");
    check_text_equal(scratch_loan_load(&book, 3).status, "non-accrual");
    check_text_equal(scratch_loan_load(&book, 4).status, "closed");
    findings_init(&findings);
    check_ok(loans_check(book.store, &findings, &err), &err);
    if (findings.count > 0) {
        fail_msg("%s %s", findings.list[0].code, findings.list[0].text);
    }
    findings_release(&findings);
    scratch_book_close(&book);
}

/* The payment of loan 1 is undone by an event after the last, as proposed of an event; then the
 * entries, mirrored and moved by so many days. */
#define PAYMENT "(SELECT seq FROM repayment WHERE loan_id = 1)"
#define UNDONE(proposed, by)                                                                       \
    "INSERT INTO reversal_proposal SELECT max(seq) + 1, " proposed                                 \
    ", 1, 1, 'wrong', 17000, 'clerk' FROM event;"                                                  \
    " INSERT INTO reversal SELECT " PAYMENT ", max(seq) + 1, 17000, '" by "', max(seq) + 2"        \
    " FROM event;"
#define MIRRORED(days)                                                                             \
    " INSERT INTO line SELECT l.entry_id + 1000, l.n, l.account_id, -l.fen, l.loan_id"             \
    " FROM line AS l JOIN entry AS e ON e.id = l.entry_id WHERE e.seq = " PAYMENT ";"              \
    " INSERT INTO entry SELECT id + 1000, (SELECT max(seq) + 2 FROM event), book, year, no + "     \
    "1000,"                                                                                        \
    " kind, book_date, value_date - " days " FROM entry WHERE seq = " PAYMENT

static const struct {
    const char *code;
    const char *sql;
} breaks[] = {
    {"LOANS_PAYOUT", "UPDATE loan_contract SET principal_fen = 4999999 WHERE loan_id = 1"},
    {"LOANS_REPAYMENT", "UPDATE repayment SET over_fen = over_fen + 1 WHERE loan_id = 1"},
    {"LOANS_REPAYMENT", "UPDATE repayment SET over_fen = over_fen + 1,"
                        " received_fen = received_fen + 1 WHERE loan_id = 1"},
    {"LOANS_REPAYMENT", "UPDATE repayment SET over_fen = over_fen + 1,"
                        " principal_fen = principal_fen - 1 WHERE loan_id = 1"},
    {"LOANS_REPAYMENT", "UPDATE repayment SET penalty_fen = penalty_fen + 1,"
                        " interest_fen = interest_fen - 1 WHERE loan_id = 2"},
    {"LOANS_NEGATIVE", "UPDATE line SET fen = -fen WHERE loan_id = 1 AND account_id = 2"},
    {"LOANS_ACCOUNT", "UPDATE loan_state SET status = 'non-accrual' WHERE loan_id = 1"},
    {"LOANS_ACCOUNT", "UPDATE loan_state SET status = 'closed' WHERE loan_id = 2"},
    {"LOANS_CLOSED", "UPDATE loan_state SET status = 'closed' WHERE loan_id = 3"},
    {"LOANS_STATUS", "UPDATE loan_state SET status = 'approved' WHERE loan_id = 4"},
    {"LOANS_STATUS", "DELETE FROM loan_status WHERE loan_id = 3 AND n = 2"},
    {"LOANS_STATUS", "DELETE FROM loan_state WHERE loan_id = 5"},
    {"LOANS_CLASS", "UPDATE loan_state SET class = 'doubtful' WHERE loan_id = 2"},
    {"LOANS_PERIOD", "UPDATE loan_settlement SET from_day = from_day + 1 WHERE loan_id = 1"},
    {"LOANS_PERIOD", "DELETE FROM loan_settlement WHERE loan_id = 1 AND upto_day ="
                     " (SELECT min(upto_day) FROM loan_settlement WHERE loan_id = 1)"},
    {"LOANS_PERIOD_END", "UPDATE loan_contract SET due_day = start_day + 1 WHERE loan_id = 1"},
    {"LOANS_INTEREST", "UPDATE loan_settlement SET treasury_fen = treasury_fen + 1"
                       " WHERE loan_id = 3"},
    {"LOANS_REVERSAL", UNDONE(PAYMENT, "approver")},
    {"LOANS_REVERSAL", UNDONE(PAYMENT, "approver") MIRRORED("1")},
    {"LOANS_REVERSAL", UNDONE("1", "approver") MIRRORED("0")},
    {"LOANS_SAME_PERSON", UNDONE(PAYMENT, "clerk") MIRRORED("0")},
    {"LOANS_SAME_PERSON", "UPDATE loan_approval SET actor = 'clerk' WHERE loan_id = 5"},
    {"LOANS_AMOUNT", "UPDATE loan_approval SET fen = 1000001 WHERE loan_id = 5"},
    {"LOANS_AMOUNT", "UPDATE loan_approval SET fen = 4999999 WHERE loan_id = 1"},
    {"LOANS_MISSED", "UPDATE loan_state SET next_day = next_day - 1000 WHERE loan_id = 1"},
};

static void each_broken_rule_is_found(void **state)
{
    (void)state;
    struct scratch_book book;
    make_book(&book);
    for (size_t i = 0; i < COUNT_OF(breaks); i++) {
        check_found(broken_copy(&book, i, breaks[i].sql), breaks[i].code);
    }
    scratch_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_book_has_no_finding),
        cmocka_unit_test(each_broken_rule_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
