/* A payment or a payout that was a mistake is undone by two persons, and everything stands as
 * before it; what rests on it stands in the way. Figures by hand: 5,000,000 fen at 10 % bear
 * 1,388.888... fen a day
 * (/360), of which county finance pays a half (5 %). */
#include "cli/service/book_check.h"
#include "cli/service/row_reader.h"
#include "ledger/base/buffer.h"
#include "ledger/base/text.h"
#include "ledger/books/journal.h"
#include "ledger/loans/loan.h"
#include "tests/support/staffed_book.h"
#include "tests/support/standing.h"

#include <string.h>

#define FIFTY_THOUSAND 5000000 /* yuan, in fen */

static int64_t last_event(const struct staffed_book *book)
{
    return (int64_t)book->live.office.tip.size - 1;
}

static const char *stands(struct staffed_book *book)
{
    return standing(book->live.office.store, &book->live.office.arena);
}

static struct loan loan_now(struct staffed_book *book, int64_t id)
{
    struct loan loan;
    struct error err = {0};
    check_ok(loan_load(book->live.office.store, &book->live.office.arena, id, &loan, &err), &err);
    return loan;
}

static struct money balance(struct staffed_book *book, enum account account)
{
    struct money amount = MONEY_ZERO;
    struct error err = {0};
    check_ok(account_balance(book->live.office.store, account, &amount, &err), &err);
    return amount;
}

/* Of a household of its own. */
static void lend(struct staffed_book *book, int64_t loan)
{
    struct arena *arena = &book->live.office.arena;
    struct canon *request = canon_copy(
        arena, staffed_application(book, staffed_household(book), FIFTY_THOUSAND), "rate_ppm");
    canon_set_text(request, "rate_ppm", "100000");
    staffed_do(book, "clerk", NULL, "loan.apply", request);
    staffed_do(book, "approver", NULL, "loan.approve",
               staffed_decision(book, loan, FIFTY_THOUSAND));
    staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, loan, FIFTY_THOUSAND));
}

static int open_with_loan(void **state)
{
    static struct staffed_book book;
    staffed_book_open(&book);
    lend(&book, 1);
    *state = &book;
    return 0;
}

static int close_book(void **state)
{
    staffed_book_close(*state);
    return 0;
}

static int64_t pay_on(struct staffed_book *book, int64_t loan, int64_t fen, const char *value_date)
{
    struct canon *request = staffed_payout(book, loan, fen);
    if (value_date != NULL) {
        canon_set_text(request, "value_date", value_date);
    }
    staffed_do(book, "clerk", NULL, "loan.repay", request);
    return last_event(book);
}

static int64_t pay(struct staffed_book *book, int64_t fen)
{
    return pay_on(book, 1, fen, NULL);
}

static struct canon *names(struct staffed_book *book, int64_t seq)
{
    struct canon *request = staffed_request(book, "loan", "1", NULL);
    live_of_event(&book->live, request, (uint64_t)seq);
    return request;
}

static struct canon *with_reason(struct staffed_book *book, int64_t seq)
{
    struct canon *request = names(book, seq);
    canon_set_text(request, "reason", "one nought too many");
    return request;
}

static int64_t propose(struct staffed_book *book, int64_t seq)
{
    staffed_do(book, "clerk", NULL, "loan.reverse", with_reason(book, seq));
    return last_event(book);
}

static void undo(struct staffed_book *book, int64_t seq)
{
    int64_t proposal = propose(book, seq);
    staffed_do(book, "approver", NULL, "loan.approve-reversal", names(book, proposal));
}

/* Every rule, every table by the log, every invariant. */
static void check_sound(struct staffed_book *book)
{
    struct findings findings;
    struct error err = {0};

    assert_string_equal(staffed_first_finding(book), "");
    findings_init(&findings);
    check_ok(book_check(&book->live.office, &findings, &err), &err);
    if (findings.count > 0) {
        fail_msg("%s: %s", findings.list[0].code, findings.list[0].text);
    }
    findings_release(&findings);
}

/* --- everything as before ----------------------------------------------------------------------
 */

static void check_undone_at_once(struct staffed_book *book, int64_t fen, const char *value_date)
{
    const char *before = stands(book);
    int64_t seq = pay_on(book, 1, fen, value_date);
    assert_string_not_equal(stands(book), before);
    undo(book, seq);
    assert_string_equal(stands(book), before);
}

static void a_part_paid_and_undone_leaves_everything_as_it_was(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2016-11-18");
    check_undone_at_once(book, 2000000, NULL);
    check_undone_at_once(book, 2000000, "2016-11-02");
    check_sound(book);
}

/* Paid back whole, the loan settles interest to the day, which is taken back and settled again. */
static void a_loan_closed_by_mistake_runs_on(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2016-11-18");
    check_undone_at_once(book, 6000000, NULL);
    check_text_equal(loan_now(book, 1).status, "normal");
    /* The same days again, in a payment that stands: 30 days, 41,666.67, half of it the county's.
     */
    pay(book, 5020834);
    struct loan loan = loan_now(book, 1);
    check_text_equal(loan.status, "closed");
    check_date(loan.settled_upto, "2016-11-19");
    check_sound(book);
}

static void an_overdue_loan_is_overdue_again(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2016-12-22"); /* 62 days: 86,111.11; 43,055.56 the county's */
    check_text_equal(loan_now(book, 1).status, "overdue");
    check_undone_at_once(book, 43055, NULL);
    check_undone_at_once(book, 43054, NULL);
    check_undone_at_once(book, 7000000, NULL);
    struct loan loan = loan_now(book, 1);
    check_date(loan.overdue_since, "2016-12-21");
    check_fen(loan.interest_receivable, 43055);
    check_fen(loan.overdue, FIFTY_THOUSAND);
    check_sound(book);
}

static void penalty_and_off_balance_interest_come_back(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2017-11-08"); /* non-accrual since 2017-03-22 */
    struct loan loan = loan_now(book, 1);
    check_text_equal(loan.status, "non-accrual");
    assert_true(money_is_positive(loan.off_balance_interest));
    check_undone_at_once(book, 41667, NULL);   /* penalty: 20 days at 15 %: 41,666.67 */
    check_undone_at_once(book, 41668, NULL);   /* and a fen of interest */
    check_undone_at_once(book, 4000000, NULL); /* and principal */
    check_undone_at_once(book, 9000000, NULL); /* and more than all */
    check_fen(loan_now(book, 1).penalty_paid, 0);
    check_sound(book);
}

/* On the maturity day the payment settles what the close of the day would have settled. */
static void a_payment_on_the_maturity_day_is_undone(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2017-10-19");
    check_undone_at_once(book, 9000000, NULL);
    check_undone_at_once(book, 1, NULL);
    check_sound(book);
}

/* --- days later --------------------------------------------------------------------------------
 */

static void days_later_interest_is_as_if_nothing_had_been_paid(void **state)
{
    struct staffed_book *book = *state;
    lend(book, 2);
    staffed_close_through(book, "2016-11-03");
    int64_t part = pay(book, 2000000);
    staffed_close_through(book, "2016-11-10");
    undo(book, part);
    staffed_close_through(book, "2016-11-14");
    int64_t whole = pay(book, 6000000);
    staffed_close_through(book, "2016-11-24");
    undo(book, whole);
    staffed_close_through(book, "2016-12-20");
    struct loan wronged = loan_now(book, 1);
    struct loan other = loan_now(book, 2);
    check_fen(wronged.interest_receivable, 43055);
    check_fen(other.interest_receivable, 43055);
    check_int_equal(wronged.principal_dated, other.principal_dated);
    check_text_equal(wronged.status, "normal");
    staffed_close_through(book, "2016-12-22");
    check_text_equal(loan_now(book, 1).status, "overdue");
    check_sound(book);
}

/* Paid on the 21st to the wrong loan, so it did not become overdue at the close of the 22nd: the
 * close after the reversal says so, and days overdue count from the day it fell due. */
static void what_a_close_did_not_say_of_the_class_the_next_one_says(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2016-12-20");
    int64_t seq = pay(book, 43055);
    staffed_close_through(book, "2016-12-22");
    check_text_equal(loan_now(book, 1).status, "normal");
    undo(book, seq);
    check_text_equal(loan_now(book, 1).status, "normal");
    staffed_close_day(book);
    struct loan loan = loan_now(book, 1);
    check_text_equal(loan.status, "overdue");
    check_date(loan.overdue_since, "2016-12-21");
    check_sound(book);
}

/* The classes that the closes recorded, in turn: "2016-12-22 special_mention, ...". */
static const char *classes_recorded(struct staffed_book *book, int64_t loan)
{
    AUTO_BUFFER text;
    struct error err = {0};
    char day[DATE_TEXT_SIZE];
    AUTO_STATEMENT struct statement *query = store_query(
        book->live.office.store, "SELECT day, class FROM loan_class WHERE loan_id = $1 ORDER BY n");

    buffer_init(&text, 1000);
    bind_int(query, 1, loan);
    while (statement_row(query)) {
        buffer_printf(&text, "%s%s %s", text.length > 0 ? ", " : "",
                      date_format(column_date(query, 0), day), column_text(query, 1));
    }
    check_ok(statement_end(query, &err), &err);
    return arena_text_n(&book->live.office.arena, text.data, text.length);
}

/* What fell due on 2016-12-21 is 1 day overdue on the 22nd. Paid on the 23rd, the close of that day
 * finds nothing overdue; the reversal leaves what it recorded, and the close of the 24th finds 3
 * days. */
static void a_class_that_rose_by_a_payment_falls_at_the_close_after_its_reversal(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2016-12-22");
    check_text_equal(loan_now(book, 1).class, "special_mention");
    int64_t seq = pay(book, 43055);
    check_text_equal(loan_now(book, 1).class, "special_mention");
    staffed_close_through(book, "2016-12-23");
    check_text_equal(loan_now(book, 1).class, "normal");
    undo(book, seq);
    struct loan loan = loan_now(book, 1);
    check_text_equal(loan.status, "overdue");
    check_date(loan.overdue_since, "2016-12-21");
    check_text_equal(loan.class, "normal");
    check_sound(book);
    staffed_close_day(book);
    check_text_equal(classes_recorded(book, 1),
                     "2016-12-22 special_mention, 2016-12-23 normal, 2016-12-24 special_mention");
    check_text_equal(loan_now(book, 1).class, "special_mention");
    check_sound(book);
}

/* Of two quarters unpaid the first is paid by mistake on 2017-03-22, the 91st day: 1 day since the
 * second fell due, so the class stays, and so it is on the 23rd. The first close after the reversal
 * finds 93 days. */
static void a_class_that_a_payment_held_up_falls_at_the_close_after_its_reversal(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2017-03-21");
    int64_t seq = pay(book, 43055);
    check_date(loan_now(book, 1).overdue_since, "2017-03-21");
    staffed_close_through(book, "2017-03-23");
    undo(book, seq);
    staffed_close_day(book);
    struct loan loan = loan_now(book, 1);
    check_text_equal(loan.status, "non-accrual");
    check_date(loan.overdue_since, "2016-12-21");
    check_text_equal(classes_recorded(book, 1),
                     "2016-12-22 special_mention, 2017-03-24 substandard");
    check_sound(book);
}

/* The same on 3 April, the 103rd day: 13 days are left, and 105 after the reversal. Then the class
 * falls on 2017-09-18, the 271st day, as if nothing had been paid. */
static void a_class_goes_on_after_a_reversal_as_if_nothing_had_been_paid(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2017-04-02");
    int64_t seq = pay(book, 43055);
    check_date(loan_now(book, 1).overdue_since, "2017-03-21");
    staffed_close_through(book, "2017-04-04");
    check_text_equal(loan_now(book, 1).class, "special_mention");
    undo(book, seq);
    staffed_close_through(book, "2017-09-18");
    check_text_equal(classes_recorded(book, 1),
                     "2016-12-22 special_mention, 2017-03-22 substandard,"
                     " 2017-04-03 special_mention, 2017-04-05 substandard, 2017-09-18 doubtful");
    check_sound(book);
}

/* Closes pass over a loan that is closed: what its class was it still is when it runs on, and the
 * day on which it falls next is known again. */
static void a_closed_loan_that_runs_on_has_its_class_looked_at(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2017-03-20");
    int64_t seq = pay(book, 7000000);
    check_text_equal(loan_now(book, 1).status, "closed");
    staffed_close_through(book, "2017-03-22");
    check_text_equal(loan_now(book, 1).class, "special_mention");
    undo(book, seq);
    check_text_equal(loan_now(book, 1).class, "special_mention");
    staffed_close_day(book);
    check_text_equal(classes_recorded(book, 1),
                     "2016-12-22 special_mention, 2017-03-23 substandard");
    check_sound(book);
}

static void the_last_of_two_goes_first(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2016-12-22");
    const char *before = stands(book);
    int64_t first = pay(book, 43055); /* back to normal */
    int64_t second = pay(book, 1000000);
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, first),
                    "reversal.later");
    undo(book, second);
    undo(book, first);
    assert_string_equal(stands(book), before);
    check_sound(book);
}

static void a_payment_may_be_dated_before_one_that_was_undone(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2016-11-18");
    int64_t seq = pay(book, 2000000);
    struct canon *earlier = staffed_payout(book, 1, 1000000);
    canon_set_text(earlier, "value_date", "2016-11-10");
    staffed_refused(book, "clerk", NULL, "loan.repay", earlier, "loan.value-date-early");
    undo(book, seq);
    staffed_do(book, "clerk", NULL, "loan.repay", earlier);
    staffed_close_through(book, "2016-12-20");
    /* 21 days of 50,000.00 and 41 of 40,000.00: (21 x 5 + 41 x 4) x 10^6 x 10 % / 360 = 74,722.22;
     * the county's half 37,361.11. */
    check_fen(loan_now(book, 1).interest_receivable, 37361);
    check_sound(book);
}

/* --- payouts -----------------------------------------------------------------------------------
 */

static int open_with_approval(void **state)
{
    static struct staffed_book book;
    staffed_book_open(&book);
    staffed_do(&book, "clerk", NULL, "loan.apply",
               staffed_application(&book, staffed_household(&book), FIFTY_THOUSAND));
    staffed_do(&book, "approver", NULL, "loan.approve", staffed_decision(&book, 1, FIFTY_THOUSAND));
    *state = &book;
    return 0;
}

static int64_t pay_out(struct staffed_book *book, int64_t fen)
{
    staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, 1, fen));
    return last_event(book);
}

/* Twice: the second time after days on which it stood, and what was never lent bears no interest.
 */
static void a_payout_is_undone_and_the_approval_waits_again(void **state)
{
    struct staffed_book *book = *state;
    const char *before = stands(book);
    undo(book, pay_out(book, 4000000));
    assert_string_equal(stands(book), before);
    struct loan loan = loan_now(book, 1);
    check_text_equal(loan.status, "approved");
    assert_false(loan.is_paid_out);
    int64_t again = pay_out(book, 3000000);
    staffed_close_day(book);
    staffed_close_day(book);
    undo(book, again);
    assert_string_equal(stands(book), before);
    check_sound(book);
    /* The one that stands counts from its own day: 60 days to 2016-12-20 included, at 4.35 %
     * 362.50, all of it the county's. */
    pay_out(book, FIFTY_THOUSAND);
    loan = loan_now(book, 1);
    check_fen(loan.principal, FIFTY_THOUSAND);
    check_date(loan.start, "2016-10-22");
    check_date(loan.due, "2017-10-22");
    staffed_close_through(book, "2016-12-20");
    check_date(loan_now(book, 1).settled_upto, "2016-12-21");
    check_fen(balance(book, ACCOUNT_SUBSIDY_RECEIVABLE), 36250);
    check_sound(book);
}

static void an_approval_expires_also_after_a_payout_that_was_undone(void **state)
{
    struct staffed_book *book = *state;
    int64_t seq = pay_out(book, FIFTY_THOUSAND);
    for (int i = 0; i < STAFFED_APPROVAL_DAYS + 1; i++) {
        staffed_close_day(book);
    }
    undo(book, seq);
    staffed_refused(book, "clerk", NULL, "loan.disburse", staffed_payout(book, 1, FIFTY_THOUSAND),
                    "duty.expired");
    staffed_do(book, "approver", NULL, "loan.refuse",
               staffed_request(book, "loan", "1", "reason", "never fetched", NULL));
    check_sound(book);
}

static void a_loan_whose_payout_was_undone_takes_no_payment(void **state)
{
    struct staffed_book *book = *state;
    undo(book, pay_out(book, FIFTY_THOUSAND));
    staffed_refused(book, "clerk", NULL, "loan.repay", staffed_payout(book, 1, 1000),
                    "loan.not-paid-out");
}

static void what_rests_on_a_payout_stands_in_the_way(void **state)
{
    struct staffed_book *book = *state;
    int64_t seq = pay_out(book, FIFTY_THOUSAND);
    int64_t part = pay(book, 1000);
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, seq), "reversal.later");
    undo(book, part);
    undo(book, seq);
    int64_t again = pay_out(book, FIFTY_THOUSAND);
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, part), "reversal.done");
    staffed_close_day(book);
    staffed_do(book, "clerk", NULL, "premium.claim",
               staffed_request(book, "through", "2016-10-20", NULL));
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, again),
                    "reversal.later");
    pay(book, 1000); /* which the premium has nothing to do with */
    undo(book, last_event(book));
    check_sound(book);
}

static void an_inspection_stands_in_the_way_of_a_payout_alone(void **state)
{
    struct staffed_book *book = *state;
    int64_t seq = pay_out(book, FIFTY_THOUSAND);
    int64_t part = pay(book, 1000);
    staffed_do(book, "clerk", NULL, "loan.inspect",
               staffed_request(book, "loan", "1", "finding", "as-applied", NULL));
    undo(book, part);
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, seq), "reversal.later");
}

static void no_premium_is_asked_for_what_was_never_lent(void **state)
{
    struct staffed_book *book = *state;
    undo(book, pay_out(book, FIFTY_THOUSAND));
    staffed_close_day(book);
    staffed_refused(book, "clerk", NULL, "premium.claim",
                    staffed_request(book, "through", "2016-10-20", NULL), "premium.nothing-due");
}

/* --- what stands in the way --------------------------------------------------------------------
 */

static void only_a_payment_that_stands_is_undone(void **state)
{
    struct staffed_book *book = *state;
    int64_t paid_out = last_event(book);
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, paid_out - 1),
                    "reversal.other-kind");
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, paid_out + 1),
                    "reversal.no-event");
    int64_t seq = pay(book, 1000);
    undo(book, seq);
    int64_t undone = last_event(book);
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, seq), "reversal.done");
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, undone),
                    "reversal.of-reversal");
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, undone - 1),
                    "reversal.other-kind");
    staffed_refused(book, "approver", NULL, "loan.approve-reversal", names(book, seq),
                    "reversal.no-proposal");
    staffed_refused(book, "approver", NULL, "loan.approve-reversal", names(book, undone - 1),
                    "reversal.decided");
    check_sound(book);
}

/* What was settled, classed or claimed since counts on the payment. */
static void what_came_later_stands_in_the_way(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2016-12-18");
    int64_t settled = pay(book, 1000);
    staffed_close_through(book, "2016-12-20");
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, settled),
                    "reversal.later");
    int64_t classed = pay(book, 1000);
    staffed_close_through(book, "2016-12-22");
    check_text_equal(loan_now(book, 1).status, "overdue");
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, classed),
                    "reversal.later");
    int64_t of_december = pay(book, 1000);
    staffed_close_through(book, "2016-12-31");
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, of_december),
                    "reversal.period-closed");
    check_sound(book);
}

static void a_claim_stands_in_the_way(void **state)
{
    struct staffed_book *book = *state;
    staffed_do(book, "bureau-officer", NULL, "fund.open",
               staffed_request(book, "amount_fen", "100000000", NULL));
    staffed_close_through(book, "2017-04-02");
    int64_t seq = pay(book, 1000);
    staffed_do(book, "risk-officer", NULL, "claim.open", staffed_request(book, "loan", "1", NULL));
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, seq), "reversal.later");
}

/* The interest that a payment settled was asked back from county finance. */
static void a_claim_on_subsidy_stands_in_the_way(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2016-11-09");
    int64_t seq = pay(book, 6000000);
    staffed_close_day(book);
    staffed_do(book, "clerk", NULL, "subsidy.claim",
               staffed_request(book, "through", "2016-11-10", NULL));
    staffed_refused(book, "clerk", NULL, "loan.reverse", with_reason(book, seq), "reversal.later");
}

static void a_settlement_that_was_passed_over_stands_in_the_way(void **state)
{
    struct staffed_book *book = *state;
    staffed_close_through(book, "2016-12-14");
    int64_t seq = pay(book, 6000000);
    staffed_close_through(book, "2016-12-19");
    int64_t proposal = propose(book, seq);
    staffed_close_through(book, "2016-12-20");
    staffed_refused(book, "approver", NULL, "loan.approve-reversal", names(book, proposal),
                    "reversal.settlement-missed");
    staffed_do(book, "approver", NULL, "loan.refuse-reversal", with_reason(book, proposal));
    check_sound(book);
}

/* --- two persons, limits, once -----------------------------------------------------------------
 */

/* Refused at the door with this reason; in a log signed past it, a replay objects with the same. */
static void both(struct staffed_book *book, const char *as, const char *role, const char *type,
                 const struct canon *request, const char *reason)
{
    assert_string_equal(staffed_first_finding(book), "");
    staffed_refused(book, as, NULL, type, request, reason);
    int64_t seq = staffed_forge(book, as, NULL, role, type, request);
    assert_true(staffed_objection(book, seq, "E_RULE", reason));
}

static void a_reversal_needs_two_persons(void **state)
{
    struct staffed_book *book = *state;
    int64_t seq = pay(book, 1000);
    staffed_do(book, "manager", NULL, "loan.reverse", with_reason(book, seq));
    staffed_refused(book, "clerk", NULL, "loan.approve-reversal", names(book, seq + 1),
                    "staff.role-missing");
    both(book, "manager", "manager", "loan.approve-reversal", names(book, seq + 1),
         "duty.same-person");
}

static void a_second_code_is_the_same_person(void **state)
{
    struct staffed_book *book = *state;
    struct canon *code = staffed_hire(book, "clerk-2", "approver");
    canon_set_text(code, "person", "clerk");
    staffed_do(book, "a1", "a2", "key.add", code);
    int64_t proposal = propose(book, pay(book, 1000));
    staffed_refused(book, "clerk-2", NULL, "loan.refuse-reversal", with_reason(book, proposal),
                    "duty.same-person");
    both(book, "clerk-2", "approver", "loan.approve-reversal", names(book, proposal),
         "duty.same-person");
}

static void an_approval_names_exactly_what_it_approves(void **state)
{
    struct staffed_book *book = *state;
    int64_t proposal = propose(book, pay(book, 1000));
    struct canon *request = canon_copy(&book->live.office.arena, names(book, proposal), "of_seq");
    canon_set_int(request, "of_seq", proposal - 1);
    staffed_refused(book, "approver", NULL, "loan.approve-reversal", request,
                    "reversal.no-proposal");
    request = canon_copy(&book->live.office.arena, names(book, proposal - 1), "of_seq");
    canon_set_int(request, "of_seq", proposal);
    both(book, "approver", "approver", "loan.approve-reversal", request, "reversal.of-seq");
}

static void a_proposal_names_exactly_what_it_is_about(void **state)
{
    struct staffed_book *book = *state;
    int64_t seq = pay(book, 1000);
    struct canon *request =
        canon_copy(&book->live.office.arena, with_reason(book, seq - 1), "of_seq");
    canon_set_int(request, "of_seq", seq);
    both(book, "clerk", "clerk", "loan.reverse", request, "reversal.of-seq");
}

static void a_limit_holds_for_who_approves(void **state)
{
    struct staffed_book *book = *state;
    staffed_do(
        book, "a1", "a2", "role.revoke",
        staffed_request(book, "actor", "approver", "role", "approver", "reason", "less", NULL));
    staffed_do(book, "a1", "a2", "role.grant",
               staffed_request(book, "actor", "approver", "role", "approver", "limit_fen", "1000",
                               "day_limit_fen", "5001500", NULL)); /* the loan was 50,000.00 */
    undo(book, pay(book, 1000));
    int64_t of_the_day = propose(book, pay(book, 1000));
    staffed_refused(book, "approver", NULL, "loan.approve-reversal", names(book, of_the_day),
                    "duty.day-limit");
    int64_t proposal = propose(book, pay_on(book, 1, 1001, NULL));
    both(book, "approver", "approver", "loan.approve-reversal", names(book, proposal),
         "duty.limit");
}

static void the_same_is_proposed_once(void **state)
{
    struct staffed_book *book = *state;
    int64_t seq = pay(book, 1000);
    int64_t proposal = propose(book, seq);
    staffed_refused(book, "manager", NULL, "loan.reverse", with_reason(book, seq), "duty.pending");
    staffed_do(book, "approver", NULL, "loan.refuse-reversal", with_reason(book, proposal));
    staffed_refused(book, "approver", NULL, "loan.approve-reversal", names(book, proposal),
                    "reversal.decided");
    (void)propose(book, seq);
    both(book, "manager", "manager", "loan.reverse", with_reason(book, seq), "duty.pending");
}

static void a_proposal_expires(void **state)
{
    struct staffed_book *book = *state;
    int64_t proposal = propose(book, pay(book, 1000));
    for (int i = 0; i < STAFFED_APPROVAL_DAYS + 1; i++) {
        staffed_close_day(book);
    }
    both(book, "approver", "approver", "loan.approve-reversal", names(book, proposal),
         "duty.expired");
}

static void relatives_undo_nothing(void **state)
{
    struct staffed_book *book = *state;
    staffed_do(book, "a1", "a2", "staff.relate",
               staffed_request(book, "actor", "approver", "household", "1", NULL));
    int64_t proposal = propose(book, pay(book, 1000));
    both(book, "approver", "approver", "loan.approve-reversal", names(book, proposal),
         "duty.own-household");
}

/* --- past the door -----------------------------------------------------------------------------
 */

static struct canon *body_with(struct arena *arena, const struct canon *body, const char *key,
                               struct canon *member)
{
    struct canon *other = canon_copy(arena, body, key);
    canon_set(other, key, member);
    return other;
}

/* A hundred yuan less are given back than came in. */
static struct canon *with_other_entries(struct arena *arena, const struct canon *body)
{
    struct entry_list list;
    struct error err = {0};
    struct date on;

    assert_true(canon_get_date(body, "date", &on));
    check_ok(entries_of(arena, body, on, &list, &err), &err);
    list.entry[0].line[0].amount = money_from_fen(money_fen(list.entry[0].line[0].amount) + 100);
    list.entry[0].line[1].amount = money_from_fen(money_fen(list.entry[0].line[1].amount) - 100);
    return body_with(arena, body, "entries", entry_list_write(&list, on));
}

static struct canon *without_entries(struct arena *arena, const struct canon *body)
{
    return canon_copy(arena, body, "entries");
}

/* Another payment is taken back than the one proposed. */
static struct canon *of_another_event(struct arena *arena, const struct canon *body)
{
    struct canon *out = canon_copy(arena, canon_get(body, "out"), "undone");
    int64_t undone = 0;

    assert_true(canon_get_int(canon_get(body, "out"), "undone", &undone));
    canon_set_int(out, "undone", undone - 1);
    return body_with(arena, body, "out", out);
}

static void verification_objects_to_a_reversal_with_other_figures(void **state)
{
    struct staffed_book *book = *state;
    static const body_alteration alterations[] = {with_other_entries, without_entries,
                                                  of_another_event};
    pay(book, 2000);
    int64_t proposal = propose(book, pay(book, 1000));
    check_sound(book);
    for (size_t i = 0; i < COUNT_OF(alterations); i++) {
        if (i > 0) {
            close_book(state);
            open_with_loan(state);
            pay(book, 2000);
            proposal = propose(book, pay(book, 1000));
        }
        int64_t seq = staffed_forge_altered(book, "approver", "approver", "loan.approve-reversal",
                                            names(book, proposal), alterations[i]);
        assert_true(staffed_objection(book, seq, "E_RULE", "E_RULE"));
    }
}

static void verification_objects_to_a_reversal_that_nobody_proposed(void **state)
{
    struct staffed_book *book = *state;
    int64_t seq = pay(book, 1000);
    both(book, "approver", "approver", "loan.approve-reversal", names(book, seq),
         "reversal.no-proposal");
}

static void verification_objects_to_undoing_what_something_rests_on(void **state)
{
    struct staffed_book *book = *state;
    int64_t seq = pay(book, 1000);
    pay(book, 1000);
    both(book, "clerk", "clerk", "loan.reverse", with_reason(book, seq), "reversal.later");
}

static void verification_objects_to_undoing_twice(void **state)
{
    struct staffed_book *book = *state;
    int64_t seq = pay(book, 1000);
    undo(book, seq);
    both(book, "clerk", "clerk", "loan.reverse", with_reason(book, seq), "reversal.done");
}

#define WITH_APPROVAL(test) cmocka_unit_test_setup_teardown(test, open_with_approval, close_book)
#define WITH_BOOK(test) cmocka_unit_test_setup_teardown(test, open_with_loan, close_book)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOOK(a_part_paid_and_undone_leaves_everything_as_it_was),
        WITH_BOOK(a_loan_closed_by_mistake_runs_on),
        WITH_BOOK(an_overdue_loan_is_overdue_again),
        WITH_BOOK(penalty_and_off_balance_interest_come_back),
        WITH_BOOK(a_payment_on_the_maturity_day_is_undone),
        WITH_BOOK(days_later_interest_is_as_if_nothing_had_been_paid),
        WITH_BOOK(what_a_close_did_not_say_of_the_class_the_next_one_says),
        WITH_BOOK(a_class_that_rose_by_a_payment_falls_at_the_close_after_its_reversal),
        WITH_BOOK(a_class_that_a_payment_held_up_falls_at_the_close_after_its_reversal),
        WITH_BOOK(a_class_goes_on_after_a_reversal_as_if_nothing_had_been_paid),
        WITH_BOOK(a_closed_loan_that_runs_on_has_its_class_looked_at),
        WITH_BOOK(the_last_of_two_goes_first),
        WITH_BOOK(a_payment_may_be_dated_before_one_that_was_undone),
        WITH_APPROVAL(a_payout_is_undone_and_the_approval_waits_again),
        WITH_APPROVAL(an_approval_expires_also_after_a_payout_that_was_undone),
        WITH_APPROVAL(a_loan_whose_payout_was_undone_takes_no_payment),
        WITH_APPROVAL(what_rests_on_a_payout_stands_in_the_way),
        WITH_APPROVAL(an_inspection_stands_in_the_way_of_a_payout_alone),
        WITH_APPROVAL(no_premium_is_asked_for_what_was_never_lent),
        WITH_BOOK(only_a_payment_that_stands_is_undone),
        WITH_BOOK(what_came_later_stands_in_the_way),
        WITH_BOOK(a_claim_stands_in_the_way),
        WITH_BOOK(a_claim_on_subsidy_stands_in_the_way),
        WITH_BOOK(a_settlement_that_was_passed_over_stands_in_the_way),
        WITH_BOOK(a_reversal_needs_two_persons),
        WITH_BOOK(a_second_code_is_the_same_person),
        WITH_BOOK(an_approval_names_exactly_what_it_approves),
        WITH_BOOK(a_proposal_names_exactly_what_it_is_about),
        WITH_BOOK(a_limit_holds_for_who_approves),
        WITH_BOOK(the_same_is_proposed_once),
        WITH_BOOK(a_proposal_expires),
        WITH_BOOK(relatives_undo_nothing),
        WITH_BOOK(verification_objects_to_a_reversal_with_other_figures),
        WITH_BOOK(verification_objects_to_a_reversal_that_nobody_proposed),
        WITH_BOOK(verification_objects_to_undoing_what_something_rests_on),
        WITH_BOOK(verification_objects_to_undoing_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
