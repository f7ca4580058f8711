/* S1 to S12 of audit-log.md 4.13: each is refused at the door, and each broken by somebody who
 * holds all keys and goes past the door is objected to by a replay. */
#include "tests/support/staffed_book.h"

#include <string.h>

#define TEN_THOUSAND 1000000 /* yuan, in fen */

static int open_book(void **state)
{
    static struct staffed_book book;
    staffed_book_open(&book);
    *state = &book;
    return 0;
}

static int close_book(void **state)
{
    staffed_book_close(*state);
    return 0;
}

/* Refused at the door with this reason; in a log signed past it, a replay objects with the same. */
static void both(struct staffed_book *book, const char *as, const char *with, const char *role,
                 const char *type, const struct canon *request, const char *reason)
{
    assert_string_equal(staffed_first_finding(book), "");
    staffed_refused(book, as, with, type, request, reason);
    int64_t seq = staffed_forge(book, as, with, role, type, request);
    assert_true(staffed_objection(book, seq, "E_RULE", reason));
}

static int64_t applied(struct staffed_book *book, int64_t fen)
{
    static int64_t loans;
    loans = book->households == 0 ? 0 : loans;
    int64_t household = staffed_household(book);
    staffed_do(book, "clerk", NULL, "loan.apply", staffed_application(book, household, fen));
    return ++loans;
}

static int64_t approved(struct staffed_book *book, int64_t fen)
{
    int64_t loan = applied(book, fen);
    staffed_do(book, "approver", NULL, "loan.approve", staffed_decision(book, loan, fen));
    return loan;
}

static struct canon *limited(struct canon *request, int64_t limit, int64_t day_limit)
{
    if (limit > 0) {
        canon_set_int(request, "limit_fen", limit);
    }
    if (day_limit > 0) {
        canon_set_int(request, "day_limit_fen", day_limit);
    }
    return request;
}

static struct canon *second_code(struct staffed_book *book, const char *code, const char *role,
                                 const char *person)
{
    struct canon *request = staffed_hire(book, code, role);
    canon_set_text(request, "person", person);
    return request;
}

static void s1_maker_and_checker_are_two_persons(void **state)
{
    struct staffed_book *book = *state;
    int64_t loan = applied(book, TEN_THOUSAND);
    staffed_do(book, "a1", "a2", "key.add", second_code(book, "clerk-2", "approver", "clerk"));
    both(book, "clerk-2", NULL, "approver", "loan.approve",
         staffed_decision(book, loan, TEN_THOUSAND), "duty.same-person");
}

static void s1_holds_across_a_change_of_roles(void **state)
{
    struct staffed_book *book = *state;
    int64_t loan = applied(book, TEN_THOUSAND);
    staffed_do(
        book, "a1", "a2", "role.revoke",
        staffed_request(book, "actor", "clerk", "role", "clerk", "reason", "promoted", NULL));
    staffed_do(book, "a1", "a2", "role.grant",
               staffed_request(book, "actor", "clerk", "role", "approver", NULL));
    both(book, "clerk", NULL, "approver", "loan.approve",
         staffed_decision(book, loan, TEN_THOUSAND), "loan.same-person");
}

static void s1_holds_for_refusals(void **state)
{
    struct staffed_book *book = *state;
    (void)applied(book, TEN_THOUSAND);
    staffed_do(book, "a1", "a2", "key.add", second_code(book, "clerk-2", "approver", "clerk"));
    both(book, "clerk-2", NULL, "approver", "loan.refuse",
         staffed_request(book, "loan", "1", "reason", "no", NULL), "duty.same-person");
}

static void s2_an_approval_names_exactly_what_it_approves(void **state)
{
    struct staffed_book *book = *state;
    int64_t loan = applied(book, TEN_THOUSAND);
    struct canon *decision = staffed_payout(book, loan, TEN_THOUSAND);
    canon_set_text(decision, "age", "36");
    live_of_event(&book->live, decision, 3);
    both(book, "approver", NULL, "approver", "loan.approve", decision, "loan.of-seq");
}

static void s3_a_role_counts_as_it_was_at_that_time(void **state)
{
    struct staffed_book *book = *state;
    (void)approved(book, TEN_THOUSAND);
    int64_t loan = applied(book, TEN_THOUSAND);
    staffed_do(
        book, "a1", "a2", "role.revoke",
        staffed_request(book, "actor", "approver", "role", "approver", "reason", "left", NULL));
    struct canon *decision = staffed_decision(book, loan, TEN_THOUSAND);
    assert_string_equal(staffed_first_finding(book), "");
    staffed_refused(book, "approver", NULL, "loan.approve", decision, "staff.unknown");
    int64_t seq = staffed_forge(book, "approver", NULL, "approver", "loan.approve", decision);
    assert_true(staffed_objection(book, seq, "E_RULE", "staff.role-missing"));
    assert_true(staffed_objection(book, seq, "E_KEY", NULL));
}

static void s3_a_limit_counts_as_it_was_at_that_time(void **state)
{
    struct staffed_book *book = *state;
    (void)approved(book, 2 * TEN_THOUSAND);
    int64_t loan = applied(book, 2 * TEN_THOUSAND);
    staffed_do(
        book, "a1", "a2", "role.revoke",
        staffed_request(book, "actor", "approver", "role", "approver", "reason", "less", NULL));
    staffed_do(book, "a1", "a2", "role.grant",
               limited(staffed_request(book, "actor", "approver", "role", "approver", NULL),
                       TEN_THOUSAND, 0));
    both(book, "approver", NULL, "approver", "loan.approve",
         staffed_decision(book, loan, 2 * TEN_THOUSAND), "duty.limit");
}

static void s4_an_approval_expires(void **state)
{
    struct staffed_book *book = *state;
    int64_t early = approved(book, TEN_THOUSAND);
    int64_t late = approved(book, TEN_THOUSAND);
    for (int i = 0; i < STAFFED_APPROVAL_DAYS; i++) {
        staffed_close_day(book);
    }
    staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, early, TEN_THOUSAND));
    staffed_close_day(book);
    both(book, "clerk", NULL, "clerk", "loan.disburse", staffed_payout(book, late, TEN_THOUSAND),
         "duty.expired");
}

static void s4_what_expired_is_taken_back_and_applied_for_again(void **state)
{
    struct staffed_book *book = *state;
    int64_t loan = approved(book, TEN_THOUSAND);
    struct canon *refuse = staffed_request(book, "loan", "1", "reason", "never fetched", NULL);
    for (int i = 0; i < STAFFED_APPROVAL_DAYS; i++) {
        staffed_close_day(book);
    }
    staffed_refused(book, "approver", NULL, "loan.refuse", refuse, "loan.already-approved");
    staffed_close_day(book);
    staffed_do(book, "approver", NULL, "loan.refuse", refuse);
    staffed_refused(book, "clerk", NULL, "loan.disburse", staffed_payout(book, loan, TEN_THOUSAND),
                    "loan.not-approved");
    staffed_do(book, "clerk", NULL, "loan.apply", staffed_application(book, 1, TEN_THOUSAND));
    assert_string_equal(staffed_first_finding(book), "");
}

static void s5_everything_is_asked_again_when_executing(void **state)
{
    struct staffed_book *book = *state;
    int64_t loan = approved(book, TEN_THOUSAND);
    staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, loan, TEN_THOUSAND));
    both(book, "clerk", NULL, "clerk", "loan.disburse", staffed_payout(book, loan, TEN_THOUSAND),
         "loan.already-paid-out");
}

static void s5_nothing_is_paid_out_without_approval(void **state)
{
    struct staffed_book *book = *state;
    int64_t loan = applied(book, TEN_THOUSAND);
    both(book, "clerk", NULL, "clerk", "loan.disburse", staffed_payout(book, loan, TEN_THOUSAND),
         "loan.not-approved");
}

static void s6_the_same_is_proposed_once(void **state)
{
    struct staffed_book *book = *state;
    (void)applied(book, TEN_THOUSAND);
    both(book, "manager", NULL, "manager", "loan.apply", staffed_application(book, 1, TEN_THOUSAND),
         "duty.pending");
}

static void s6_what_was_decided_may_be_proposed_again(void **state)
{
    struct staffed_book *book = *state;
    (void)applied(book, TEN_THOUSAND);
    staffed_do(book, "approver", NULL, "loan.refuse",
               staffed_request(book, "loan", "1", "reason", "no", NULL));
    staffed_do(book, "clerk", NULL, "loan.apply", staffed_application(book, 1, TEN_THOUSAND));
    assert_string_equal(staffed_first_finding(book), "");
}

static void limit_clerk(struct staffed_book *book, int64_t limit, int64_t day_limit)
{
    staffed_do(book, "a1", "a2", "role.revoke",
               staffed_request(book, "actor", "clerk", "role", "clerk", "reason", "limits", NULL));
    staffed_do(
        book, "a1", "a2", "role.grant",
        limited(staffed_request(book, "actor", "clerk", "role", "clerk", NULL), limit, day_limit));
}

static void s7_one_event_moves_no_more_than_the_limit(void **state)
{
    struct staffed_book *book = *state;
    int64_t fits = approved(book, TEN_THOUSAND);
    int64_t above = approved(book, TEN_THOUSAND + 1);
    limit_clerk(book, TEN_THOUSAND, 0);
    staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, fits, TEN_THOUSAND));
    both(book, "clerk", NULL, "clerk", "loan.disburse",
         staffed_payout(book, above, TEN_THOUSAND + 1), "duty.limit");
}

static void s7_splitting_does_not_help_on_one_day(void **state)
{
    struct staffed_book *book = *state;
    int64_t first = approved(book, TEN_THOUSAND);
    int64_t second = approved(book, TEN_THOUSAND);
    int64_t third = approved(book, TEN_THOUSAND);
    limit_clerk(book, 0, 2 * TEN_THOUSAND - 1);
    staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, first, TEN_THOUSAND));
    staffed_refused(book, "clerk", NULL, "loan.disburse",
                    staffed_payout(book, second, TEN_THOUSAND), "duty.day-limit");
    staffed_close_day(book);
    staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, second, TEN_THOUSAND));
    both(book, "clerk", NULL, "clerk", "loan.disburse", staffed_payout(book, third, TEN_THOUSAND),
         "duty.day-limit");
}

static void s7_a_second_code_does_not_help_either(void **state)
{
    struct staffed_book *book = *state;
    int64_t first = approved(book, TEN_THOUSAND);
    int64_t second = approved(book, TEN_THOUSAND);
    struct canon *hire =
        limited(second_code(book, "clerk-2", "clerk", "clerk"), 0, 2 * TEN_THOUSAND - 1);
    staffed_do(book, "a1", "a2", "key.add", hire);
    staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, first, TEN_THOUSAND));
    both(book, "clerk-2", NULL, "clerk", "loan.disburse",
         staffed_payout(book, second, TEN_THOUSAND), "duty.day-limit");
}

static void s8_two_admins_sign_about_keys(void **state)
{
    struct staffed_book *book = *state;
    struct canon *hire = staffed_hire(book, "newcomer", "clerk");
    both(book, "a1", NULL, "admin", "key.add", hire, "duty.quorum");
}

static void s8_the_actor_alone_is_also_no_quorum_for_the_log(void **state)
{
    struct staffed_book *book = *state;
    int64_t seq = staffed_forge(book, "a1", NULL, "admin", "key.add",
                                staffed_hire(book, "newcomer", "clerk"));
    assert_true(staffed_objection(book, seq, "E_SIGNER", NULL));
}

static void s8_one_person_with_two_codes_is_one(void **state)
{
    struct staffed_book *book = *state;
    staffed_do(book, "a2", "a3", "key.add", second_code(book, "a1-2", "admin", "a1"));
    both(book, "a1", "a1-2", "admin", "key.add", staffed_hire(book, "newcomer", "clerk"),
         "duty.quorum");
}

static void s8_nobody_votes_on_the_own_key(void **state)
{
    struct staffed_book *book = *state;
    both(book, "a1", "a2", "admin", "key.add", second_code(book, "a1-2", "admin", "a1"),
         "duty.own-key");
}

static void s8_nor_on_the_own_duties(void **state)
{
    struct staffed_book *book = *state;
    both(book, "a2", "a1", "admin", "role.grant",
         staffed_request(book, "actor", "a1", "role", "manager", NULL), "duty.own-key");
}

static void s8_nor_against_revoking_it(void **state)
{
    struct staffed_book *book = *state;
    struct canon *hire = staffed_hire(book, "a2", "admin");
    struct canon *revoke = staffed_request(book, "reason", "lost", NULL);
    canon_set_text(revoke, "vkey", canon_get_text(hire, "vkey"));
    both(book, "a1", "a2", "admin", "key.revoke", revoke, "duty.own-key");
}

static void an_admin_is_no_clerk(void **state)
{
    struct staffed_book *book = *state;
    both(book, "a1", "a2", "admin", "role.grant",
         staffed_request(book, "actor", "a3", "role", "clerk", NULL), "duty.apart");
}

static void nor_by_a_second_code(void **state)
{
    struct staffed_book *book = *state;
    both(book, "a1", "a2", "admin", "key.add", second_code(book, "a3-2", "approver", "a3"),
         "duty.apart");
}

static void s10_a_policy_begins_after_the_open_day(void **state)
{
    struct staffed_book *book = *state;
    struct canon *policy =
        staffed_request(book, "name", "county-pilot", "from", "2016-10-20", NULL);
    AUTO_STATEMENT struct statement *query =
        store_query(book->live.office.store, "SELECT leaf FROM event WHERE seq = 1");
    struct event event;
    struct error err = {0};
    size_t length = 0;
    assert_true(statement_one(query));
    const void *leaf = column_blob(query, 0, &length);
    check_ok(event_parse(&book->live.office.arena, NULL, leaf, length, &event, &err), &err);
    canon_set_shared(policy, "lines", canon_get(event.body, "lines"));
    canon_set_text(policy, "sha256", canon_get_text(event.body, "sha256"));
    check_ok(statement_end(query, &err), &err);
    both(book, "a1", "a2", "admin", "policy.set", policy, "policy.from-past");
}

static struct canon *emergency(struct staffed_book *book, const char *actor)
{
    struct canon *request =
        staffed_request(book, "actor", actor, "role", "manager", "reason", "flood", NULL);
    canon_set_bool(request, "emergency", true);
    return request;
}

static void s12_an_emergency_ends_after_four_hours(void **state)
{
    struct staffed_book *book = *state;
    int64_t loan = applied(book, TEN_THOUSAND);
    staffed_do(book, "a1", "a2", "key.add", staffed_hire(book, "other", "clerk"));
    staffed_do(book, "a1", "a2", "role.grant", emergency(book, "other"));
    staffed_wait(4 * 3600 - 1);
    staffed_do(book, "other", NULL, "loan.approve", staffed_decision(book, loan, TEN_THOUSAND));
    loan = applied(book, TEN_THOUSAND);
    staffed_wait(1);
    struct canon *decision = staffed_decision(book, loan, TEN_THOUSAND);
    both(book, "other", NULL, "manager", "loan.approve", decision, "staff.role-missing");
    assert_true(staffed_objection(book, (int64_t)book->live.office.tip.size - 1, "E_KEY", NULL));
}

static void s12_an_emergency_needs_two_admins(void **state)
{
    struct staffed_book *book = *state;
    both(book, "a1", NULL, "admin", "role.grant", emergency(book, "clerk"), "duty.quorum");
}

static void an_own_household_is_not_ones_business(void **state)
{
    struct staffed_book *book = *state;
    int64_t household = staffed_household(book);
    staffed_do(book, "a1", "a2", "staff.relate",
               staffed_request(book, "actor", "manager", "household", "1", NULL));
    both(book, "manager", NULL, "manager", "loan.apply",
         staffed_application(book, household, TEN_THOUSAND), "duty.own-household");
}

static void nor_is_its_loan(void **state)
{
    struct staffed_book *book = *state;
    int64_t loan = approved(book, TEN_THOUSAND);
    staffed_do(book, "a1", "a2", "staff.relate",
               staffed_request(book, "actor", "manager", "household", "1", NULL));
    both(book, "manager", NULL, "manager", "loan.disburse",
         staffed_payout(book, loan, TEN_THOUSAND), "duty.own-household");
}

#define BOOK_TEST(test) cmocka_unit_test_setup_teardown(test, open_book, close_book)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(s1_maker_and_checker_are_two_persons),
        BOOK_TEST(s1_holds_across_a_change_of_roles),
        BOOK_TEST(s1_holds_for_refusals),
        BOOK_TEST(s2_an_approval_names_exactly_what_it_approves),
        BOOK_TEST(s3_a_role_counts_as_it_was_at_that_time),
        BOOK_TEST(s3_a_limit_counts_as_it_was_at_that_time),
        BOOK_TEST(s4_an_approval_expires),
        BOOK_TEST(s4_what_expired_is_taken_back_and_applied_for_again),
        BOOK_TEST(s5_everything_is_asked_again_when_executing),
        BOOK_TEST(s5_nothing_is_paid_out_without_approval),
        BOOK_TEST(s6_the_same_is_proposed_once),
        BOOK_TEST(s6_what_was_decided_may_be_proposed_again),
        BOOK_TEST(s7_one_event_moves_no_more_than_the_limit),
        BOOK_TEST(s7_splitting_does_not_help_on_one_day),
        BOOK_TEST(s7_a_second_code_does_not_help_either),
        BOOK_TEST(s8_two_admins_sign_about_keys),
        BOOK_TEST(s8_the_actor_alone_is_also_no_quorum_for_the_log),
        BOOK_TEST(s8_one_person_with_two_codes_is_one),
        BOOK_TEST(s8_nobody_votes_on_the_own_key),
        BOOK_TEST(s8_nor_on_the_own_duties),
        BOOK_TEST(s8_nor_against_revoking_it),
        BOOK_TEST(an_admin_is_no_clerk),
        BOOK_TEST(nor_by_a_second_code),
        BOOK_TEST(s10_a_policy_begins_after_the_open_day),
        BOOK_TEST(s12_an_emergency_ends_after_four_hours),
        BOOK_TEST(s12_an_emergency_needs_two_admins),
        BOOK_TEST(an_own_household_is_not_ones_business),
        BOOK_TEST(nor_is_its_loan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
