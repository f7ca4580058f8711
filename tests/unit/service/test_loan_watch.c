/* What is done about a loan after its payout: demands for payment and inspections, what of them is
 * taken, and what they are worth to a claim. */
#include "cli/service/lending_facts.h"
#include "ledger/base/text.h"
#include "tests/support/file.h"
#include "tests/support/scratch_book.h"
#include "tests/support/staffed_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIFTY_THOUSAND 5000000

/* 50,000.00 for three months from 2016-10-20: due on 2017-01-20, overdue at the close of the 21st.
 */
static void lend(struct scratch_book *book, const char *policy, const char *close_through)
{
    scratch_book_open(book, policy, "2016-10-20");
    scratch_do(book, "bureau", "fund.open", scratch_request(book, "amount_fen", "100000000", NULL));
    scratch_loan(book, scratch_household(book, "registered"), FIFTY_THOUSAND, 43500, 3);
    scratch_close_through(book, close_through);
}

static struct canon *notice(struct scratch_book *book, const char *number, const char *on)
{
    struct canon *request =
        scratch_request(book, "loan", "1", "number", number, "delivery", "post", NULL);
    if (on != NULL) {
        canon_set_text(request, "on", on);
    }
    return request;
}

static struct canon *look(struct scratch_book *book, const char *finding, const char *note,
                          const char *on)
{
    struct canon *request = scratch_request(book, "loan", "1", "finding", finding, NULL);
    if (note != NULL) {
        canon_set_text(request, "note", note);
    }
    if (on != NULL) {
        canon_set_text(request, "on", on);
    }
    return request;
}

static void refuses(struct scratch_book *book, const char *type, const struct canon *request,
                    const char *reason)
{
    struct error err = {0};
    uint64_t seq = book->seq;
    check_refused(scratch_act(book, "clerk", type, request, &err), &err, reason);
    check_int_equal((int64_t)book->seq, (int64_t)seq);
}

/* --- what is taken ---------------------------------------------------------------------------- */

static void a_demand_is_numbered_and_dated_within_the_arrears(void **state)
{
    (void)state;
    struct scratch_book book;
    lend(&book, NULL, "2017-01-20");
    refuses(&book, "loan.dun", notice(&book, "1", NULL), "loan.not-overdue");
    scratch_close_through(&book, "2017-02-01");
    refuses(&book, "loan.dun", notice(&book, "1", "2017-01-20"), "loan.dun-early");
    refuses(&book, "loan.dun", notice(&book, "1", "2017-02-03"), "loan.dun-late");
    scratch_do(&book, "clerk", "loan.dun", notice(&book, "催〔2017〕1号", "2017-01-21"));
    check_text_equal(canon_get_text(scratch_out(&book), "notice"), "1");
    check_text_equal(canon_get_text(scratch_out(&book), "on"), "2017-01-21");
    check_text_equal(canon_get_text(scratch_out(&book), "overdue_since"), "2017-01-20");
    refuses(&book, "loan.dun", notice(&book, " 催〔2017〕1号 ", NULL), "loan.dun-number");
    scratch_do(&book, "clerk", "loan.dun", notice(&book, "催〔2017〕2号", NULL));
    check_text_equal(canon_get_text(scratch_out(&book), "notice"), "2");
    check_text_equal(canon_get_text(scratch_out(&book), "on"), "2017-02-02");
    scratch_book_close(&book);
}

static void an_inspection_follows_the_payout_and_says_what_went_wrong(void **state)
{
    (void)state;
    struct scratch_book book;
    lend(&book, NULL, "2016-11-20");
    refuses(&book, "loan.inspect", look(&book, "as-applied", NULL, "2016-10-19"),
            "loan.inspection-early");
    refuses(&book, "loan.inspect", look(&book, "as-applied", NULL, "2016-11-22"),
            "loan.inspection-late");
    refuses(&book, "loan.inspect", look(&book, "otherwise", NULL, NULL), "loan.inspection-note");
    scratch_do(&book, "clerk", "loan.inspect", look(&book, "as-applied", NULL, "2016-10-20"));
    scratch_do(&book, "clerk", "loan.inspect", look(&book, "otherwise", " a wedding ", NULL));
    check_text_equal(canon_get_text(scratch_out(&book), "inspection"), "2");
    check_text_equal(canon_get_text(scratch_out(&book), "note"), "a wedding");
    scratch_book_close(&book);
}

static void texts_have_limits(void **state)
{
    (void)state;
    struct scratch_book book;
    char text[600];
    lend(&book, NULL, "2017-01-21");
    memset(text, '7', sizeof text);
    text[65] = '\0';
    refuses(&book, "loan.dun", notice(&book, text, NULL), "text.too-long");
    text[64] = '\0';
    scratch_do(&book, "clerk", "loan.dun", notice(&book, text, NULL));
    refuses(&book, "loan.dun", notice(&book, "1\n2", NULL), "text.invisible");
    refuses(&book, "loan.dun", notice(&book, " ", NULL), "text.empty");
    memset(text, '7', sizeof text);
    text[501] = '\0';
    refuses(&book, "loan.inspect", look(&book, "otherwise", text, NULL), "text.too-long");
    text[500] = '\0';
    scratch_do(&book, "clerk", "loan.inspect", look(&book, "otherwise", text, NULL));
    scratch_book_close(&book);
}

static void a_loan_has_at_most_999_of_each(void **state)
{
    (void)state;
    struct scratch_book book;
    char number[16];
    lend(&book, NULL, "2017-01-21");
    for (int i = 1; i <= 999; i++) {
        (void)snprintf(number, sizeof number, "%d", i);
        scratch_do(&book, "clerk", "loan.dun", notice(&book, number, NULL));
        scratch_do(&book, "clerk", "loan.inspect", look(&book, "as-applied", NULL, NULL));
    }
    refuses(&book, "loan.dun", notice(&book, "1000", NULL), "loan.duns-many");
    refuses(&book, "loan.inspect", look(&book, "as-applied", NULL, NULL), "loan.inspections-many");
    scratch_book_close(&book);
}

static void nothing_is_demanded_of_a_loan_that_is_not_owed(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t household = scratch_household(&book, "registered");
    scratch_do(&book, "clerk", "loan.apply",
               scratch_application(&book, household, FIFTY_THOUSAND, 43500, 3));
    refuses(&book, "loan.dun", notice(&book, "1", NULL), "loan.not-paid-out");
    refuses(&book, "loan.inspect", look(&book, "as-applied", NULL, NULL), "loan.not-paid-out");
    scratch_do(&book, "approver", "loan.approve", scratch_approval(&book, 1, FIFTY_THOUSAND));
    scratch_do(&book, "clerk", "loan.disburse",
               scratch_request(&book, "loan", "1", "amount_fen", "5000000", NULL));
    scratch_close_through(&book, "2016-10-20");
    scratch_do(&book, "clerk", "loan.repay", scratch_repayment(&book, 1, 5001000, NULL));
    refuses(&book, "loan.dun", notice(&book, "1", NULL), "loan.closed");
    refuses(&book, "loan.inspect", look(&book, "as-applied", NULL, NULL), "loan.closed");
    scratch_book_close(&book);
}

/* --- what it is worth to a claim -------------------------------------------------------------- */

static struct case_facts facts_of(struct scratch_book *book, const char *overdue_since,
                                  uint64_t before)
{
    struct case_facts facts = {0};
    struct error err = {0};
    struct date since;
    check_ok(date_parse(overdue_since, &since, &err), &err);
    check_ok(loan_watch_facts(book->store, 1, since, before, &facts, &err), &err);
    return facts;
}

static void facts_are_those_of_these_arrears_and_of_the_latest_inspection(void **state)
{
    (void)state;
    struct scratch_book book;
    lend(&book, NULL, "2017-02-01");
    struct case_facts facts = facts_of(&book, "2017-01-20", book.seq);
    check_int_equal(facts.of[FACT_COLLECTION_NOTICES].value.number, 0);
    assert_false(facts.of[FACT_USED_AS_APPLIED].known);
    scratch_do(&book, "clerk", "loan.dun", notice(&book, "1", "2017-01-21"));
    scratch_do(&book, "clerk", "loan.dun", notice(&book, "2", "2017-01-30"));
    uint64_t between = book.seq;
    scratch_do(&book, "clerk", "loan.inspect", look(&book, "as-applied", NULL, "2017-01-31"));
    scratch_do(&book, "clerk", "loan.inspect", look(&book, "otherwise", "a feast", "2016-12-01"));
    facts = facts_of(&book, "2017-01-20", book.seq);
    check_int_equal(facts.of[FACT_COLLECTION_NOTICES].value.number, 2);
    assert_true(facts.of[FACT_USED_AS_APPLIED].known);
    check_int_equal(facts.of[FACT_USED_AS_APPLIED].value.number, 1);
    /* of arrears that began on the day of the first letter, and of an earlier event */
    check_int_equal(
        facts_of(&book, "2017-01-21", book.seq).of[FACT_COLLECTION_NOTICES].value.number, 1);
    facts = facts_of(&book, "2017-01-20", between - 1);
    check_int_equal(facts.of[FACT_COLLECTION_NOTICES].value.number, 1);
    assert_false(facts.of[FACT_USED_AS_APPLIED].known);
    scratch_do(&book, "clerk", "loan.inspect", look(&book, "otherwise", "a feast", "2017-01-31"));
    check_int_equal(facts_of(&book, "2017-01-20", book.seq).of[FACT_USED_AS_APPLIED].value.number,
                    0);
    scratch_book_close(&book);
}

static char *shipped(const char *name)
{
    char path[400];
    size_t length = 0;
    (void)snprintf(path, sizeof path, TEST_SOURCE_DIR "/rules/policies/%s.yaml", name);
    return file_read(path, &length);
}

/* fund-80-bank-20: two demands and an inspection that found nothing wrong. 90 days after 2017-01-20
 * is 2017-04-20. */
static void a_claim_needs_what_the_policy_asks_for(void **state)
{
    (void)state;
    struct scratch_book book;
    char *policy = shipped("fund-80-bank-20");
    lend(&book, policy, "2017-04-19");
    free(policy);
    struct canon *claim = scratch_request(&book, "loan", "1", NULL);
    scratch_do(&book, "clerk", "loan.dun", notice(&book, "1", NULL));
    refuses(&book, "claim.open", claim, "claim.too-few-demands");
    scratch_do(&book, "clerk", "loan.dun", notice(&book, "2", "2017-03-01"));
    scratch_do(&book, "clerk", "loan.inspect", look(&book, "otherwise", "relent", NULL));
    refuses(&book, "claim.open", claim, "claim.used-otherwise");
    scratch_do(&book, "clerk", "loan.inspect", look(&book, "as-applied", "two calves", NULL));
    scratch_do(&book, "risk", "claim.open", claim);
    const struct canon *decision = canon_at(canon_get(book.body, "decision"), 0);
    check_text_equal(canon_get_text(decision, "outcome"), "pass");
    check_text_equal(canon_get_text(canon_get(decision, "facts"), "collection_notices"), "2");
    check_text_equal(canon_get_text(canon_get(decision, "facts"), "used_as_applied"), "yes");
    uint64_t filing = book.seq - 1;
    scratch_do(&book, "clerk", "loan.dun", notice(&book, "3", NULL)); /* the bank goes on */
    struct canon *accept = scratch_request(&book, "claim", "1", NULL);
    scratch_of_event(&book, accept, filing);
    scratch_do(&book, "bureau", "claim.accept", accept);
    decision = canon_at(canon_get(book.body, "decision"), 0);
    check_text_equal(canon_get_text(canon_get(decision, "facts"), "collection_notices"), "3");
    scratch_do(&book, "clerk", "loan.dun", notice(&book, "4", NULL));
    scratch_book_close(&book);
}

static void who_was_never_inspected_is_referred_to_a_person(void **state)
{
    (void)state;
    struct scratch_book book;
    struct error err = {0};
    char *policy = shipped("fund-80-bank-20");
    lend(&book, policy, "2017-04-19");
    free(policy);
    scratch_do(&book, "clerk", "loan.dun", notice(&book, "1", NULL));
    scratch_do(&book, "clerk", "loan.dun", notice(&book, "2", NULL));
    scratch_do(&book, "risk", "claim.open", scratch_request(&book, "loan", "1", NULL));
    struct canon *accept = scratch_request(&book, "claim", "1", NULL);
    scratch_of_event(&book, accept, book.seq - 1);
    check_refused(scratch_act(&book, "bureau", "claim.accept", accept, &err), &err,
                  "claim.referred");
    canon_set_text(accept, "reason", "the village saw the calves");
    scratch_do(&book, "bureau", "claim.accept", accept);
    scratch_book_close(&book);
}

/* --- through the door, and replayed ----------------------------------------------------------- */

static void the_bank_records_them_and_the_replay_knows_them(void **state)
{
    (void)state;
    static struct staffed_book book;
    staffed_book_open(&book);
    staffed_do(&book, "clerk", NULL, "loan.apply",
               staffed_application(&book, staffed_household(&book), FIFTY_THOUSAND));
    staffed_do(&book, "approver", NULL, "loan.approve", staffed_decision(&book, 1, FIFTY_THOUSAND));
    staffed_do(&book, "clerk", NULL, "loan.disburse", staffed_payout(&book, 1, FIFTY_THOUSAND));
    struct canon *seen =
        staffed_request(&book, "loan", "1", "finding", "otherwise", "note", "a feast", NULL);
    static const char *const others[] = {"approver", "risk-officer", "bureau-officer", "auditor",
                                         "a1"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        staffed_refused(&book, others[i], NULL, "loan.inspect", seen, "staff.role-missing");
        staffed_refused(&book, others[i], NULL, "loan.dun", seen, "staff.role-missing");
    }
    staffed_do(&book, "manager", NULL, "loan.inspect", seen);
    staffed_do(&book, "clerk", NULL, "loan.inspect", seen);
    assert_string_equal(staffed_first_finding(&book), "");
    int64_t seq =
        staffed_forge(&book, "clerk", NULL, "clerk", "loan.dun",
                      staffed_request(&book, "loan", "1", "number", "1", "delivery", "post", NULL));
    assert_true(staffed_objection(&book, seq, "E_RULE", "loan.not-overdue"));
    staffed_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_demand_is_numbered_and_dated_within_the_arrears),
        cmocka_unit_test(an_inspection_follows_the_payout_and_says_what_went_wrong),
        cmocka_unit_test(texts_have_limits),
        cmocka_unit_test(a_loan_has_at_most_999_of_each),
        cmocka_unit_test(nothing_is_demanded_of_a_loan_that_is_not_owed),
        cmocka_unit_test(facts_are_those_of_these_arrears_and_of_the_latest_inspection),
        cmocka_unit_test(a_claim_needs_what_the_policy_asks_for),
        cmocka_unit_test(who_was_never_inspected_is_referred_to_a_person),
        cmocka_unit_test(the_bank_records_them_and_the_replay_knows_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
