#include "tests/support/scratch_book.h"

#include <stdlib.h>
#include <string.h>

static void check_act_refused(struct scratch_book *book, const char *actor, const char *type,
                              const struct canon *request, const char *reason)
{
    struct error err = {0};
    uint64_t seq = book->seq;

    check_refused(scratch_act(book, actor, type, request, &err), &err, reason);
    assert_true(err.limit[0] != '\0' || err.next[0] != '\0');
    check_int_equal((int64_t)book->seq, (int64_t)seq);
}

static void apply(struct scratch_book *book, int64_t household, int64_t fen)
{
    scratch_do(book, "clerk", "loan.apply", scratch_application(book, household, fen, 43500, 12));
}

static struct canon *payout(struct scratch_book *book, int64_t loan, int64_t fen)
{
    struct canon *request = canon_object(&book->requests);
    canon_set_int(request, "loan", loan);
    canon_set_int(request, "amount_fen", fen);
    return request;
}

static void an_application_is_approved_by_another_person_and_paid_out(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    apply(&book, scratch_household(&book, "registered"), 5000000);
    check_act_refused(&book, "clerk", "loan.approve", scratch_approval(&book, 1, 5000000),
                      "loan.same-person");
    scratch_do(&book, "approver", "loan.approve", scratch_approval(&book, 1, 4000000));
    check_text_equal(scratch_loan_load(&book, 1).status, "approved");
    check_act_refused(&book, "manager", "loan.approve", scratch_approval(&book, 1, 4000000),
                      "loan.already-approved");
    check_act_refused(&book, "clerk", "loan.disburse", payout(&book, 1, 4000001),
                      "loan.above-approval");
    scratch_do(&book, "clerk", "loan.disburse", payout(&book, 1, 4000000));
    struct loan loan = scratch_loan_load(&book, 1);
    check_text_equal(loan.status, "normal");
    check_fen(loan.principal, 4000000);
    check_fen(loan.covered, 4000000);
    check_date(loan.start, "2016-10-20");
    check_date(loan.due, "2017-10-20");
    check_fen(loan.normal, 4000000);
    check_fen(scratch_balance(&book, ACCOUNT_BANK_MONEY), -4000000);
    check_act_refused(&book, "clerk", "loan.disburse", payout(&book, 1, 4000000),
                      "loan.already-paid-out");
    scratch_book_close(&book);
}

static void an_approval_names_exactly_what_it_approves(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    apply(&book, scratch_household(&book, "registered"), 1000000);
    apply(&book, scratch_household(&book, "registered"), 1000000);
    struct canon *other = payout(&book, 1, 1000000);
    canon_set_int(other, "age", 40);
    scratch_of_event(&book, other, scratch_loan_load(&book, 2).applied_seq);
    check_act_refused(&book, "approver", "loan.approve", other, "loan.of-seq");
    check_act_refused(&book, "approver", "loan.approve", scratch_approval(&book, 1, 1000001),
                      "loan.above-application");
    scratch_book_close(&book);
}

static void a_refused_application_goes_no_further(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    apply(&book, scratch_household(&book, "registered"), 1000000);
    check_act_refused(&book, "clerk", "loan.disburse", payout(&book, 1, 1000000),
                      "loan.not-approved");
    scratch_do(&book, "approver", "loan.refuse",
               scratch_request(&book, "loan", "1", "reason", "no plan for the money", NULL));
    check_text_equal(scratch_loan_load(&book, 1).status, "refused");
    check_act_refused(&book, "approver", "loan.approve", scratch_approval(&book, 1, 1000000),
                      "loan.status");
    check_act_refused(&book, "clerk", "loan.disburse", payout(&book, 1, 1000000),
                      "loan.not-approved");
    scratch_book_close(&book);
}

static void the_limit_counts_all_loans_of_the_household(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t household = scratch_household(&book, "registered");
    scratch_loan(&book, household, 3000000, 43500, 12);
    check_act_refused(&book, "clerk", "loan.apply",
                      scratch_application(&book, household, 2000001, 43500, 12),
                      "loan.over-household-limit");
    apply(&book, household, 2000000);
    /* Two applications fit each alone, but not together: the second is stopped at its approval. */
    apply(&book, household, 2000000);
    scratch_do(&book, "approver", "loan.approve", scratch_approval(&book, 2, 2000000));
    check_act_refused(&book, "approver", "loan.approve", scratch_approval(&book, 3, 2000000),
                      "loan.over-household-limit");
    scratch_do(&book, "clerk", "loan.disburse", payout(&book, 2, 2000000));
    /* What is paid back may be lent again. */
    scratch_do(&book, "clerk", "loan.repay", scratch_repayment(&book, 1, 2000000, NULL));
    scratch_do(&book, "approver", "loan.approve", scratch_approval(&book, 3, 2000000));
    scratch_book_close(&book);
}

static void what_is_covered_stays_within_the_households_limit(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t household = scratch_household(&book, "registered");
    scratch_loan(&book, household, 3000000, 43500, 12);
    struct canon *request =
        scratch_request(&book, "product", "micro-entrepreneur", "purpose", "processing",
                        "household", "1", "borrower", "1", "amount_fen", "4000000", "rate_ppm",
                        "43500", "term_months", "12", "age", "40", NULL);
    scratch_do(&book, "clerk", "loan.apply", request);
    scratch_do(&book, "approver", "loan.approve", scratch_approval(&book, 2, 4000000));
    scratch_do(&book, "clerk", "loan.disburse", payout(&book, 2, 4000000));
    check_fen(scratch_loan_load(&book, 1).covered, 3000000);
    check_fen(scratch_loan_load(&book, 2).covered, 2000000);
    scratch_book_close(&book);
}

static void the_standing_on_the_payout_day_decides_on_the_cover(void **state)
{
    (void)state;
    static const struct {
        const char *status;
        int64_t covered;
    } cases[] = {{"registered", 1000000}, {"lifted", 1000000}, {"monitored", 1000000}, {"none", 0}};
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t loan =
            scratch_loan(&book, scratch_household(&book, cases[i].status), 1000000, 43500, 12);
        check_fen(scratch_loan_load(&book, loan).covered, cases[i].covered);
    }
    int64_t household = scratch_household(&book, "none");
    scratch_close_through(&book, "2016-10-31");
    scratch_do(&book, "clerk", "household.register",
               scratch_request(&book, "household", "5", "status", "registered", "from",
                               "2016-10-25", NULL));
    int64_t loan = scratch_loan(&book, household, 1000000, 43500, 12);
    check_fen(scratch_loan_load(&book, loan).covered, 1000000);
    check_act_refused(
        &book, "clerk", "household.register",
        scratch_request(&book, "household", "5", "status", "none", "from", "2016-11-02", NULL),
        "household.from-future");
    scratch_book_close(&book);
}

static void conditions_of_the_policy_stop_an_application(void **state)
{
    (void)state;
    static const struct {
        const char *member;
        const char *value;
        const char *reason;
    } cases[] = {
        {"purpose", "wedding", "loan.forbidden-use"},
        {"purpose", "quota-sale", "loan.forbidden-use"},
        {"purpose", "moonshine", "loan.purpose"},
        {"product", "mortgage", "loan.product"},
        {"term_months", "37", "loan.term-too-long"},
        {"term_months", "0", "loan.term"},
        {"term_months", "601", "loan.term"},
        {"borrower", "2", "loan.not-of-household"},
        {"borrower", "99", "person.not-found"},
        {"household", "99", "household.not-found"},
        {"amount_fen", "5000001", "loan.over-household-limit"},
        {"amount_fen", "0", "request.malformed"},
        {"amount_fen", "-1", "request.malformed"},
        {"amount_fen", "1000000000000001", "request.malformed"},
    };
    static const char *const sound[][2] = {
        {"household", "1"},        {"borrower", "1"},
        {"product", "household"},  {"purpose", "planting"},
        {"amount_fen", "1000000"}, {"term_months", "12"},
        {"rate_ppm", "43500"},     {"age", "40"},
    };
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    scratch_household(&book, "registered");
    scratch_household(&book, "registered");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct canon *request = canon_object(&book.requests);
        struct error err = {0};
        for (size_t n = 0; n < COUNT_OF(sound); n++) {
            bool changed = strcmp(sound[n][0], cases[i].member) == 0;
            canon_set_text(request, sound[n][0], changed ? cases[i].value : sound[n][1]);
        }
        check_refused(scratch_act(&book, "clerk", "loan.apply", request, &err), &err,
                      cases[i].reason);
    }
    scratch_book_close(&book);
}

/* What a recorded decision says of one condition. */
static const char *outcome_of(const struct canon *decision, const char *id)
{
    const struct canon *conditions = canon_get(decision, "conditions");
    for (size_t i = 0; i < canon_count(conditions); i++) {
        const struct canon *one = canon_at(conditions, i);
        if (strcmp(canon_get_text(one, "id"), id) == 0) {
            return canon_get_text(one, "outcome");
        }
    }
    fail_msg("no condition %s", id);
    return NULL;
}

static void an_unusual_age_is_a_warning_in_the_decision(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    scratch_household(&book, "registered");
    scratch_do(&book, "clerk", "loan.apply",
               scratch_request(&book, "household", "1", "borrower", "1", "product", "household",
                               "purpose", "planting", "amount_fen", "1000000", "term_months", "12",
                               "rate_ppm", "43500", "age", "70", NULL));
    const struct canon *decision = canon_at(canon_get(book.body, "decision"), 0);
    assert_non_null(decision);
    check_text_equal(canon_get_text(decision, "outcome"), "warn");
    check_text_equal(outcome_of(decision, "age-out-of-range"), "warn");
    check_text_equal(outcome_of(decision, "over-household-limit"), "pass");
    check_text_equal(outcome_of(decision, "over-micro-entrepreneur-limit"), "not-asked");
    check_text_equal(canon_get_text(canon_get(decision, "facts"), "applicant_age"), "70 years");
    const struct canon *age_max = canon_get(canon_get(decision, "parameters"), "age_max");
    check_text_equal(canon_get_text(age_max, "value"), "65 years");
    check_text_equal(canon_get_text(age_max, "from"), "2016-01-01");
    scratch_book_close(&book);
}

static void a_loan_due_on_a_day_the_month_lacks_is_due_on_its_last_day(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-08-31");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "none"), 1000000, 43500, 6);
    check_date(scratch_loan_load(&book, loan).due, "2017-02-28");
    scratch_book_close(&book);
}

static void a_household_has_one_head(void **state)
{
    (void)state;
    static const char *const relations[][2] = {{"head", "head"}, {"spouse", "child"}};
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    for (size_t i = 0; i < COUNT_OF(relations); i++) {
        struct canon *request = scratch_request(&book, "area_code", "510124", "village", "石桥村",
                                                "status", "none", NULL);
        struct canon *persons = canon_array(&book.requests);
        for (size_t n = 0; n < 2; n++) {
            const char *subject = arena_printf(&book.requests, "m-%031zu%zu", i, n);
            canon_add(persons, scratch_request(&book, "relation", relations[i][n], "subject",
                                               subject, NULL));
        }
        canon_set(request, "persons", persons);
        check_act_refused(&book, "clerk", "household.add", request, "household.head");
    }
    scratch_book_close(&book);
}

static void a_limit_goes_by_the_day_of_the_application(void **state)
{
    (void)state;
    /* From November on a household may borrow 60,000; an application of October stays at 50,000. */
    char *policy = county_pilot_with("        value: 50000 yuan\n",
                                     "        value: 50000 yuan\n        clause: Until October.\n"
                                     "      - from: 2016-11-01\n        value: 60000 yuan\n");
    struct scratch_book book;
    scratch_book_open(&book, policy, "2016-10-20");
    int64_t household = scratch_household(&book, "registered");
    apply(&book, household, 3000000);
    apply(&book, household, 2500000);
    scratch_close_through(&book, "2016-10-31");
    scratch_do(&book, "approver", "loan.approve", scratch_approval(&book, 1, 3000000));
    check_act_refused(&book, "approver", "loan.approve", scratch_approval(&book, 2, 2500000),
                      "loan.over-household-limit");
    apply(&book, household, 2500000);
    scratch_do(&book, "approver", "loan.approve", scratch_approval(&book, 3, 2500000));
    free(policy);
    scratch_book_close(&book);
}

static const struct canon *decision_at(const struct scratch_book *book, const char *point)
{
    const struct canon *decisions = canon_get(book->body, "decision");
    for (size_t i = 0; i < canon_count(decisions); i++) {
        const struct canon *one = canon_at(decisions, i);
        if (strcmp(canon_get_text(one, "point"), point) == 0) {
            return one;
        }
    }
    fail_msg("no decision %s", point);
    return NULL;
}

static const char *fact_of(const struct canon *decision, const char *name)
{
    return canon_get_text(canon_get(decision, "facts"), name);
}

/* Of 100,000.00 lent, 50,000.00 bear unpaid interest since 2016-12-21. */
static void lending_stops_when_too_many_loans_are_bad(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    scratch_do(&book, "bureau", "fund.open",
               scratch_request(&book, "amount_fen", "100000000", NULL));
    int64_t third = scratch_household(&book, "registered");
    scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 43500, 12);
    scratch_loan(&book, scratch_household(&book, "none"), 5000000, 43500, 12);
    scratch_close_through(&book, "2017-03-20");
    /* The 21st: 90 days overdue, not bad yet. */
    apply(&book, third, 2000000);
    check_text_equal(fact_of(decision_at(&book, "lending"), "npl_ratio"), "0%");
    check_text_equal(fact_of(decision_at(&book, "lending"), "loans_balance"), "100000 yuan");
    check_text_equal(fact_of(decision_at(&book, "lending"), "fund_free_balance"), "1000000 yuan");
    scratch_close_through(&book, "2017-03-21");
    check_act_refused(&book, "clerk", "loan.apply",
                      scratch_application(&book, third, 2000000, 43500, 12),
                      "lending.bad-loans-above-stop");
    check_act_refused(&book, "approver", "loan.approve", scratch_approval(&book, 3, 2000000),
                      "lending.bad-loans-above-stop");
    scratch_book_close(&book);
}

static void bad_loans_below_the_stop_are_a_warning(void **state)
{
    (void)state;
    struct scratch_book book;
    char *policy = county_pilot_with("npl_ratio <= 5%", "npl_ratio <= 50%");
    scratch_book_open(&book, policy, "2016-10-20");
    free(policy);
    int64_t third = scratch_household(&book, "registered");
    scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 43500, 12);
    scratch_loan(&book, scratch_household(&book, "none"), 5000000, 43500, 12);
    scratch_close_through(&book, "2017-03-21");
    int64_t loan = scratch_loan(&book, third, 2000000, 43500, 12);
    const struct canon *lending = decision_at(&book, "lending");
    check_text_equal(canon_get_text(lending, "outcome"), "warn");
    check_text_equal(outcome_of(lending, "bad-loans-above-stop"), "pass");
    check_text_equal(outcome_of(lending, "bad-loans-above-warning"), "warn");
    /* No fund was opened. */
    check_text_equal(outcome_of(lending, "fund-small-for-the-loans"), "warn");
    check_text_equal(fact_of(lending, "npl_ratio"), "50%");
    check_text_equal(scratch_loan_load(&book, loan).status, "normal");
    scratch_book_close(&book);
}

static void what_the_policy_refers_is_decided_by_a_manager_with_a_reason(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t household = scratch_household(&book, "none");
    scratch_loan(&book, household, 1000000, 43500, 12);
    scratch_close_through(&book, "2016-12-22"); /* its interest is overdue */
    apply(&book, household, 1000000);
    const struct canon *decision = decision_at(&book, "eligibility");
    check_text_equal(canon_get_text(decision, "outcome"), "refer");
    check_text_equal(outcome_of(decision, "overdue-elsewhere"), "refer");
    check_act_refused(&book, "approver", "loan.approve", scratch_approval(&book, 2, 1000000),
                      "loan.referred");
    check_act_refused(&book, "manager", "loan.approve", scratch_approval(&book, 2, 1000000),
                      "loan.referred");
    struct canon *reasoned = scratch_approval(&book, 2, 1000000);
    canon_set_text(reasoned, "reason", "the interest is paid on Monday");
    check_act_refused(&book, "approver", "loan.approve", reasoned, "loan.referred");
    scratch_do(&book, "manager", "loan.approve", reasoned);
    check_text_equal(scratch_loan_load(&book, 2).status, "approved");
    scratch_book_close(&book);
}

static void who_is_covered_is_decided_by_the_policy(void **state)
{
    (void)state;
    struct scratch_book book;
    char *policy = county_pilot_with("household_status in (registered, lifted, monitored)",
                                     "household_status = monitored and purpose = planting");
    scratch_book_open(&book, policy, "2016-10-20");
    free(policy);
    int64_t loan = scratch_loan(&book, scratch_household(&book, "registered"), 2000000, 43500, 12);
    check_fen(scratch_loan_load(&book, loan).covered, 0);
    check_text_equal(canon_get_text(decision_at(&book, "coverage"), "outcome"), "block");
    loan = scratch_loan(&book, scratch_household(&book, "monitored"), 2000000, 43500, 12);
    check_fen(scratch_loan_load(&book, loan).covered, 2000000);
    check_text_equal(canon_get_text(decision_at(&book, "coverage"), "outcome"), "pass");
    check_text_equal(fact_of(decision_at(&book, "coverage"), "household_status"), "monitored");
    scratch_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_application_is_approved_by_another_person_and_paid_out),
        cmocka_unit_test(an_approval_names_exactly_what_it_approves),
        cmocka_unit_test(a_refused_application_goes_no_further),
        cmocka_unit_test(the_limit_counts_all_loans_of_the_household),
        cmocka_unit_test(what_is_covered_stays_within_the_households_limit),
        cmocka_unit_test(the_standing_on_the_payout_day_decides_on_the_cover),
        cmocka_unit_test(conditions_of_the_policy_stop_an_application),
        cmocka_unit_test(an_unusual_age_is_a_warning_in_the_decision),
        cmocka_unit_test(a_loan_due_on_a_day_the_month_lacks_is_due_on_its_last_day),
        cmocka_unit_test(a_household_has_one_head),
        cmocka_unit_test(a_limit_goes_by_the_day_of_the_application),
        cmocka_unit_test(lending_stops_when_too_many_loans_are_bad),
        cmocka_unit_test(bad_loans_below_the_stop_are_a_warning),
        cmocka_unit_test(what_the_policy_refers_is_decided_by_a_manager_with_a_reason),
        cmocka_unit_test(who_is_covered_is_decided_by_the_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
