/* What a policy refers to a person: who decides on it, where it is recorded, and what rests on it.
 */
#include "cli/service/explanation.h"
#include "cli/service/loan_parameter.h"
#include "ledger/base/text.h"
#include "tests/support/scratch_book.h"
#include "tests/support/staffed_book.h"

#include <stdlib.h>
#include <string.h>

#define NONE_OVERDUE "require: \"household_overdue_loans = 0\"\n      otherwise: refer\n"
#define NO_LOANS "require: \"household_loans < 0\"\n      otherwise: refer\n"
#define LONG_OVERDUE "require: \"days_overdue >= claim_after_days\"\n      otherwise: "
#define FIFTY_THOUSAND 5000000

/* Every application is referred, and a claim that comes too early. */
static char *policy_that_refers(void)
{
    char *policy = county_pilot_with(NONE_OVERDUE, NO_LOANS);
    return policy_text_with(policy, LONG_OVERDUE "block\n", LONG_OVERDUE "refer\n");
}

static void with_reason(struct canon *request)
{
    canon_set_text(request, "reason", "known to the village");
}

/* --- who decides ------------------------------------------------------------------------------ */

static int apply(void **state, char *policy)
{
    static struct staffed_book book;
    staffed_book_open_with(&book, policy);
    free(policy);
    *state = &book;
    staffed_do(&book, "clerk", NULL, "loan.apply",
               staffed_application(&book, staffed_household(&book), FIFTY_THOUSAND));
    return 0;
}

static int setup(void **state)
{
    return apply(state, policy_that_refers());
}

static int setup_without_referral(void **state)
{
    return apply(state, county_pilot_with(NONE_OVERDUE, NONE_OVERDUE));
}

static int teardown(void **state)
{
    staffed_book_close(*state);
    return 0;
}

/* The approver, who has no limit, becomes a manager who has one. */
static void also_manager_up_to(struct staffed_book *book, const char *limit_fen)
{
    staffed_do(book, "a1", "a2", "role.grant",
               staffed_request(book, "actor", "approver", "role", "manager", "limit_fen", limit_fen,
                               NULL));
}

/* As approver there is no limit, as manager 60,000.00: the limit does not choose the role. */
static void who_is_approver_and_manager_decides_as_manager(void **state)
{
    struct staffed_book *book = *state;
    also_manager_up_to(book, "6000000");
    struct canon *decision = staffed_decision(book, 1, FIFTY_THOUSAND);
    staffed_refused(book, "approver", NULL, "loan.approve", decision, "loan.referred");
    with_reason(decision);
    staffed_do(book, "approver", NULL, "loan.approve", decision);
    assert_string_equal(staffed_first_finding(book), "");
}

/* As manager up to 49,999.99, one fen too little for what a manager must decide on. */
static void what_is_referred_is_within_the_limit_of_a_manager(void **state)
{
    struct staffed_book *book = *state;
    also_manager_up_to(book, "4999999");
    struct canon *decision = staffed_decision(book, 1, FIFTY_THOUSAND);
    with_reason(decision);
    staffed_refused(book, "approver", NULL, "loan.approve", decision, "duty.limit");
}

/* Nothing is referred: a reason that nobody asked for does not make a manager of an approver. */
static void where_nothing_is_referred_the_limit_of_a_manager_does_not_count(void **state)
{
    struct staffed_book *book = *state;
    also_manager_up_to(book, "4999999");
    struct canon *decision = staffed_decision(book, 1, FIFTY_THOUSAND);
    with_reason(decision);
    staffed_do(book, "approver", NULL, "loan.approve", decision);
    assert_string_equal(staffed_first_finding(book), "");
}

static void a_mere_approver_does_not_decide_on_it(void **state)
{
    struct staffed_book *book = *state;
    struct canon *decision = staffed_decision(book, 1, FIFTY_THOUSAND);
    with_reason(decision);
    staffed_refused(book, "approver", NULL, "loan.approve", decision, "loan.referred");
    int64_t seq = staffed_forge(book, "approver", NULL, "approver", "loan.approve", decision);
    assert_true(staffed_objection(book, seq, "E_RULE", "loan.referred"));
}

/* --- what rests on it ------------------------------------------------------------------------- */

static void check_referred(const struct scratch_book *book, const char *point,
                           const char *condition)
{
    const struct canon *list = canon_get(scratch_out(book), "referred");
    assert_non_null(list);
    check_int_equal((int64_t)canon_count(list), 1);
    check_text_equal(canon_get_text(canon_at(list, 0), "point"), point);
    check_text_equal(canon_get_text(canon_at(list, 0), "condition"), condition);
}

static void check_rests_on(const struct scratch_book *book, uint64_t seq)
{
    const struct canon *list = canon_get(scratch_out(book), "referrals");
    int64_t named = 0;
    struct error err = {0};
    assert_non_null(list);
    check_int_equal((int64_t)canon_count(list), 1);
    check_ok(text_parse_int(canon_as_text(canon_at(list, 0)), 0, INT64_MAX, &named, &err), &err);
    check_int_equal(named, (int64_t)seq);
}

static struct explanation explained(struct scratch_book *book, const char *type)
{
    struct explanation ret;
    struct error err = {0};
    check_ok(
        explain_body(book->store, book->policies, &book->requests, type, book->body, &ret, &err),
        &err);
    return ret;
}

/* Approved and paid out on 2016-10-20 for three months, nothing paid: on 2017-02-01 it is overdue,
 * and not yet for 90 days. Gives the event that approved it. */
static uint64_t lend(struct scratch_book *book)
{
    scratch_do(book, "bureau", "fund.open", scratch_request(book, "amount_fen", "100000000", NULL));
    int64_t household = scratch_household(book, "registered");
    scratch_do(book, "clerk", "loan.apply",
               scratch_application(book, household, FIFTY_THOUSAND, 43500, 3));
    assert_null(canon_get(scratch_out(book), "referred"));
    struct canon *decision = scratch_approval(book, 1, FIFTY_THOUSAND);
    with_reason(decision);
    scratch_do(book, "manager", "loan.approve", decision);
    check_referred(book, "eligibility", "overdue-elsewhere");
    uint64_t seq = book->seq - 1;
    scratch_do(book, "clerk", "loan.disburse",
               scratch_request(book, "loan", "1", "amount_fen", "5000000", NULL));
    scratch_close_through(book, "2017-01-31");
    return seq;
}

static void a_claim_names_every_decision_on_what_was_referred(void **state)
{
    (void)state;
    struct scratch_book book;
    struct error err = {0};
    char *policy = policy_that_refers();
    scratch_book_open(&book, policy, "2016-10-20");
    free(policy);
    uint64_t approved = lend(&book);
    scratch_do(&book, "risk", "claim.open", scratch_request(&book, "loan", "1", NULL));
    check_rests_on(&book, approved);
    struct explanation filing = explained(&book, "claim.open");
    check_int_equal((int64_t)filing.referrals, 1);
    check_int_equal((int64_t)filing.referral[0].seq, (int64_t)approved);
    check_text_equal(filing.referral[0].condition, "overdue-elsewhere");
    check_text_equal(filing.referral[0].reason, "known to the village");
    check_text_equal(filing.referral[0].actor, "manager");
    struct canon *accept = scratch_request(&book, "claim", "1", NULL);
    scratch_of_event(&book, accept, book.seq - 1);
    check_refused(scratch_act(&book, "bureau", "claim.accept", accept, &err), &err,
                  "claim.referred");
    with_reason(accept);
    scratch_do(&book, "bureau", "claim.accept", accept);
    check_referred(&book, "claim", "not-yet-overdue-long-enough");
    check_rests_on(&book, approved);
    check_int_equal((int64_t)explained(&book, "claim.accept").referrals, 2);
    scratch_book_close(&book);
}

static void what_nobody_referred_is_not_recorded(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    scratch_do(&book, "clerk", "loan.apply",
               scratch_application(&book, scratch_household(&book, "registered"), FIFTY_THOUSAND,
                                   43500, 12));
    struct canon *decision = scratch_approval(&book, 1, FIFTY_THOUSAND);
    with_reason(decision);
    scratch_do(&book, "manager", "loan.approve", decision);
    const struct canon *out = canon_get(book.body, "out");
    assert_true(out == NULL || canon_get(out, "referred") == NULL);
    scratch_book_close(&book);
}

/* --- which day governs ------------------------------------------------------------------------ */

#define LATER_ROW "      - {from: 2017-01-01, value: 60 days, clause: Shorter from 2017 on.}\n"

static void what_a_claim_governs_goes_by_its_day_not_by_the_contract(void **state)
{
    (void)state;
    struct scratch_book book;
    struct loan_parameter found;
    struct error err = {0};
    struct planning planning = {0};
    struct date claim;
    int64_t days = 0;
    char *policy =
        county_pilot_with("  non_accrual_after_days:\n", LATER_ROW "\n  non_accrual_after_days:\n");
    scratch_book_open(&book, policy, "2016-10-20");
    free(policy);
    int64_t id =
        scratch_loan(&book, scratch_household(&book, "registered"), FIFTY_THOUSAND, 43500, 12);
    struct loan loan = scratch_loan_load(&book, id);
    check_ok(date_parse("2017-02-01", &claim, &err), &err);
    planning_init(&planning, &book.requests);
    planning.store = book.store;
    planning.policies = book.policies;
    check_ok(loan_parameter_find(&planning, &loan, PARAMETER_CLAIM_AFTER_DAYS, claim, &found, &err),
             &err);
    assert_int_equal(date_compare(found.on, claim), 0);
    check_ok(policy_int(found.policy, PARAMETER_CLAIM_AFTER_DAYS, found.on, &days, NULL, &err),
             &err);
    check_int_equal(days, 60);
    check_ok(policy_int(found.policy, PARAMETER_CLAIM_AFTER_DAYS, loan.start, &days, NULL, &err),
             &err);
    check_int_equal(days, 90);
    planning_release(&planning);
    scratch_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_is_approver_and_manager_decides_as_manager, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_is_referred_is_within_the_limit_of_a_manager, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            where_nothing_is_referred_the_limit_of_a_manager_does_not_count, setup_without_referral,
            teardown),
        cmocka_unit_test_setup_teardown(a_mere_approver_does_not_decide_on_it, setup, teardown),
        cmocka_unit_test(a_claim_names_every_decision_on_what_was_referred),
        cmocka_unit_test(what_nobody_referred_is_not_recorded),
        cmocka_unit_test(what_a_claim_governs_goes_by_its_day_not_by_the_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
