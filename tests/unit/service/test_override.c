/* Exceptions from conditions of a policy: one person proposes, another decides on its strength. A
 * household may have 50,000.00 yuan; it applies for 60,000.00. */
#include "cli/service/explanation.h"
#include "tests/support/scratch_book.h"
#include "tests/support/staffed_book.h"

#include <stdlib.h>
#include <string.h>

#define SIXTY_THOUSAND 6000000
#define LIMIT                                                                                      \
    "      require: \"amount <= household_limit - household_balance - household_approved\"\n"      \
    "      otherwise: block\n"
#define FROM "      override: yes\n"
#define TOO_EARLY "      require: \"days_overdue >= claim_after_days\"\n      otherwise: block\n"

/* Exceptions at the approval, at the payout, and at the claim. */
static char *policy_with_exceptions(void)
{
    char *policy = county_pilot_with(LIMIT "      message", LIMIT FROM "      message");
    policy = policy_text_with(policy, LIMIT "      message", LIMIT FROM "      message");
    return policy_text_with(policy, TOO_EARLY, TOO_EARLY FROM);
}

/* --- behind the door ---------------------------------------------------------------------------
 */

static int setup(void **state)
{
    static struct staffed_book book;
    char *policy = policy_with_exceptions();
    staffed_book_open_with(&book, policy);
    free(policy);
    *state = &book;
    int64_t household = staffed_household(&book);
    staffed_do(&book, "clerk", NULL, "loan.apply",
               staffed_application(&book, household, SIXTY_THOUSAND));
    return 0;
}

static int teardown(void **state)
{
    staffed_book_close(*state);
    return 0;
}

static struct canon *exception(struct staffed_book *book, const char *point, const char *condition)
{
    return staffed_request(book, "loan", "1", "point", point, "condition", condition, "reason",
                           "flood loss", NULL);
}

static void an_exception_needs_two_persons(void **state)
{
    struct staffed_book *book = *state;
    staffed_refused(book, "approver", NULL, "loan.approve",
                    staffed_decision(book, 1, SIXTY_THOUSAND), "loan.over-household-limit");
    staffed_do(book, "manager", NULL, "loan.override",
               exception(book, "eligibility", "over-household-limit"));
    staffed_refused(book, "manager", NULL, "loan.approve",
                    staffed_decision(book, 1, SIXTY_THOUSAND), "duty.same-person");
    staffed_do(book, "approver", NULL, "loan.approve", staffed_decision(book, 1, SIXTY_THOUSAND));
    staffed_refused(book, "clerk", NULL, "loan.disburse", staffed_payout(book, 1, SIXTY_THOUSAND),
                    "loan.over-household-limit");
    staffed_do(book, "manager", NULL, "loan.override",
               exception(book, "disbursement", "over-household-limit"));
    staffed_refused(book, "manager", NULL, "loan.disburse", staffed_payout(book, 1, SIXTY_THOUSAND),
                    "duty.same-person");
    staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, 1, SIXTY_THOUSAND));
    assert_string_equal(staffed_first_finding(book), "");
}

static void verification_objects_to_an_exception_by_one_person(void **state)
{
    struct staffed_book *book = *state;
    staffed_do(book, "manager", NULL, "loan.override",
               exception(book, "eligibility", "over-household-limit"));
    assert_string_equal(staffed_first_finding(book), "");
    int64_t seq = staffed_forge(book, "manager", NULL, "manager", "loan.approve",
                                staffed_decision(book, 1, SIXTY_THOUSAND));
    assert_true(staffed_objection(book, seq, "E_RULE", "duty.same-person"));
}

/* The same human being under another code is the same person. */
static void verification_objects_to_a_second_code_of_the_same_person(void **state)
{
    struct staffed_book *book = *state;
    struct canon *code = staffed_hire(book, "manager-2", "approver");
    canon_set_text(code, "person", "manager");
    staffed_do(book, "a1", "a2", "key.add", code);
    staffed_do(book, "manager", NULL, "loan.override",
               exception(book, "eligibility", "over-household-limit"));
    staffed_refused(book, "manager-2", NULL, "loan.approve",
                    staffed_decision(book, 1, SIXTY_THOUSAND), "duty.same-person");
    int64_t seq = staffed_forge(book, "manager-2", NULL, "approver", "loan.approve",
                                staffed_decision(book, 1, SIXTY_THOUSAND));
    assert_true(staffed_objection(book, seq, "E_RULE", "duty.same-person"));
}

static void who_may_make_which_exception(void **state)
{
    struct staffed_book *book = *state;
    staffed_refused(book, "clerk", NULL, "loan.override",
                    exception(book, "eligibility", "over-household-limit"), "staff.role-missing");
    staffed_refused(book, "bureau-officer", NULL, "loan.override",
                    exception(book, "eligibility", "over-household-limit"), "override.role");
    staffed_refused(book, "manager", NULL, "loan.override",
                    exception(book, "claim", "not-yet-overdue-long-enough"), "override.role");
    staffed_refused(book, "manager", NULL, "loan.override",
                    exception(book, "eligibility", "forbidden-use"), "override.condition");
    staffed_refused(book, "manager", NULL, "loan.override",
                    exception(book, "lending", "over-household-limit"), "override.condition");
    staffed_refused(book, "manager", NULL, "loan.override",
                    exception(book, "subsidy", "over-household-limit"), "override.point");
    staffed_do(book, "manager", NULL, "loan.override",
               exception(book, "eligibility", "over-household-limit"));
    staffed_refused(book, "manager", NULL, "loan.override",
                    exception(book, "eligibility", "over-household-limit"),
                    "override.made-already");
}

static void check_refused_act(struct scratch_book *book, const char *actor, const char *type,
                              const struct canon *request, const char *reason)
{
    struct error err = {0};
    check_refused(scratch_act(book, actor, type, request, &err), &err, reason);
}

/* --- what rests on it ------------------------------------------------------------------------- */

static const char *overrides(const struct scratch_book *book)
{
    static char text[64];
    const struct canon *list = canon_get(canon_get(book->body, "out"), "overrides");
    text[0] = '\0';
    for (size_t i = 0; list != NULL && i < canon_count(list); i++) {
        strncat(text, i == 0 ? "" : " ", sizeof text - strlen(text) - 1);
        strncat(text, canon_as_text(canon_at(list, i)), sizeof text - strlen(text) - 1);
    }
    return text;
}

static struct canon *about_loan(struct scratch_book *book, const char *point, const char *condition)
{
    return scratch_request(book, "loan", "1", "point", point, "condition", condition, "reason",
                           "flood loss", NULL);
}

/* The 10,000.00 above the covered limit bear interest that is due on 2016-12-21 and not paid: on
 * 2017-02-01 the loan is 42 days overdue. */
static void a_claim_names_every_exception_it_rests_on(void **state)
{
    (void)state;
    struct scratch_book book;
    struct error err = {0};
    struct explanation explanation;
    char *policy = policy_with_exceptions();
    scratch_book_open(&book, policy, "2016-10-20");
    free(policy);
    scratch_do(&book, "bureau", "fund.open",
               scratch_request(&book, "amount_fen", "100000000", NULL));
    int64_t household = scratch_household(&book, "registered");
    scratch_do(&book, "clerk", "loan.apply",
               scratch_application(&book, household, SIXTY_THOUSAND, 43500, 12));
    check_text_equal(overrides(&book), "");
    scratch_do(&book, "manager", "loan.override",
               about_loan(&book, "eligibility", "over-household-limit"));
    scratch_do(&book, "approver", "loan.approve", scratch_approval(&book, 1, SIXTY_THOUSAND));
    check_text_equal(overrides(&book), "1");
    check_text_equal(canon_get_text(canon_at(canon_get(book.body, "decision"), 0), "outcome"),
                     "block");
    scratch_do(&book, "manager", "loan.override",
               about_loan(&book, "disbursement", "over-household-limit"));
    scratch_do(&book, "clerk", "loan.disburse",
               scratch_request(&book, "loan", "1", "amount_fen", "6000000", NULL));
    check_text_equal(overrides(&book), "2");
    scratch_close_through(&book, "2017-01-31");
    check_refused_act(&book, "risk", "claim.open", scratch_request(&book, "loan", "1", NULL),
                      "claim.not-yet-overdue-long-enough");
    scratch_do(&book, "bureau-officer", "loan.override",
               about_loan(&book, "claim", "not-yet-overdue-long-enough"));
    scratch_do(&book, "risk", "claim.open", scratch_request(&book, "loan", "1", NULL));
    check_text_equal(overrides(&book), "3 1 2");
    check_ok(explain_body(book.store, book.policies, &book.requests, "claim.open", book.body,
                          &explanation, &err),
             &err);
    check_int_equal((int64_t)explanation.overrides, 3);
    check_text_equal(explanation.override[0].condition, "not-yet-overdue-long-enough");
    check_text_equal(explanation.override[1].reason, "flood loss");
    check_text_equal(explanation.override[2].point, "disbursement");
    check_text_equal(explanation.override[2].actor, "manager");
    scratch_book_close(&book);
}

static void without_an_exception_in_the_policy_an_application_is_refused_at_once(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    check_refused_act(&book, "clerk", "loan.apply",
                      scratch_application(&book, scratch_household(&book, "registered"),
                                          SIXTY_THOUSAND, 43500, 12),
                      "loan.over-household-limit");
    scratch_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_exception_needs_two_persons, setup, teardown),
        cmocka_unit_test_setup_teardown(verification_objects_to_an_exception_by_one_person, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(verification_objects_to_a_second_code_of_the_same_person,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(who_may_make_which_exception, setup, teardown),
        cmocka_unit_test(a_claim_names_every_exception_it_rests_on),
        cmocka_unit_test(without_an_exception_in_the_policy_an_application_is_refused_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
