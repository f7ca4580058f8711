/* Another policy over a small book, nothing stored. The book, opened 2016-10-20 under county-pilot:
 * H1 borrows 30,000 (L1) and 10,000 (L2), H2 20,000 (L3, the borrower is 62); all at 4.35 % for 12
 * months, paid out on the first day; 2016-12-20 and 2017-03-20 are settled.
 *
 * Subsidy, by hand: 62 and 90 days at 4.35 % / 360 (5 % is never more than the contract rate):
 *   30,000: 224.75 + 326.25 = 551.00; 10,000: 74.92 (74.9166) + 108.75 = 183.67;
 *   20,000: 149.83 (149.8333) + 217.50 = 367.33; together 1,102.00
 * at 3 %: 155.00 + 225.00 = 380.00; 51.67 (51.6666) + 75.00 = 126.67; 103.33 (103.3333) + 150.00 =
 *   253.33; together 760.00
 * The premium is 1.5 % of what is covered: 450.00 and 150.00, claimed before L3 is paid out, and
 * 300.00, claimed on 2017-01-10. */
#include "cli/service/simulation.h"
#include "tests/support/scratch_book.h"
#include "tests/support/staffed_book.h"

#include <stdlib.h>
#include <string.h>

#define AGE "        value: 65 years"
/* The head of a parameter with its first row, up to the value. */
#define HEAD(parameter, governed_by)                                                               \
    "  " parameter ":\n    governed_by: " governed_by "\n    values:\n      - from: 2016-01-01\n"
#define LIMIT(value) HEAD("household_limit", "application") "        value: " value "\n"
#define COVERED(value) HEAD("covered_limit", "signing") "        value: " value "\n"

struct world {
    struct staffed_book book;
    struct arena arena;
    struct simulation result;
};

static void lend(struct staffed_book *book, int64_t household, int64_t loan, int64_t fen,
                 const char *age)
{
    struct office *office = &book->live.office;
    struct error err = {0};
    struct loan applied;
    struct canon *application =
        staffed_request(book, "product", "household", "purpose", "breeding", "term_months", "12",
                        "rate_ppm", "43500", "age", age, NULL);
    canon_set_int(application, "household", household);
    canon_set_int(application, "borrower", household);
    canon_set_int(application, "amount_fen", fen);
    staffed_do(book, "clerk", NULL, "loan.apply", application);
    check_ok(loan_load(office->store, &office->arena, loan, &applied, &err), &err);
    struct canon *approval = staffed_payout(book, loan, fen);
    canon_set_text(approval, "age", age);
    live_of_event(&book->live, approval, applied.applied_seq);
    staffed_do(book, "approver", NULL, "loan.approve", approval);
    staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, loan, fen));
}

static void close_through(struct staffed_book *book, const char *last)
{
    struct error err = {0};
    struct date day;
    check_ok(date_parse(last, &day, &err), &err);
    while (date_compare(book->live.office.day, day) <= 0) {
        staffed_do(book, "clerk", NULL, "day.close", canon_object(&book->live.office.arena));
        arena_reset(&book->live.office.arena);
    }
}

static void claim_premium(struct staffed_book *book, const char *through)
{
    staffed_do(book, "clerk", NULL, "premium.claim",
               staffed_request(book, "through", through, NULL));
}

static int setup(void **state)
{
    static struct world world;
    struct staffed_book *book = &world.book;
    staffed_book_open(book);
    staffed_do(book, "bureau-officer", NULL, "fund.open",
               live_amount_request(&book->live, 100000000));
    int64_t first = staffed_household(book);
    int64_t second = staffed_household(book);
    lend(book, first, 1, 3000000, "36");
    lend(book, first, 2, 1000000, "36");
    claim_premium(book, "2016-10-20");
    lend(book, second, 3, 2000000, "62");
    close_through(book, "2017-01-09");
    claim_premium(book, "2017-01-10");
    close_through(book, "2017-03-20");
    arena_init(&world.arena, (size_t)64 << 20);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;
    arena_release(&world->arena);
    staffed_book_close(&world->book);
    return 0;
}

static bool try_with(struct world *world, char *text, const char *from, const char *to,
                     const char *rows_of, struct error *err)
{
    struct policy *policy = NULL;
    struct simulation_request request = {
        .has_from = from != NULL, .has_to = to != NULL, .has_rows_of = rows_of != NULL};
    *err = (struct error){0};
    check_ok(policy_load("simulated", text, strlen(text), &policy, err), err);
    check_ok((from == NULL || date_parse(from, &request.from, err)) &&
                 (to == NULL || date_parse(to, &request.to, err)) &&
                 (rows_of == NULL || date_parse(rows_of, &request.rows_of, err)),
             err);
    request.policy = policy;
    bool ok =
        policy_simulate(&world->book.live.office, &request, &world->arena, &world->result, err);
    policy_free(policy);
    free(text);
    return ok;
}

static void simulate(struct world *world, char *text)
{
    struct error err;
    uint64_t size = world->book.live.office.tip.size;
    check_ok(try_with(world, text, "2016-10-20", NULL, NULL, &err), &err);
    check_int_equal((int64_t)world->book.live.office.tip.size, (int64_t)size);
}

static void check_figure(const struct world *world, enum simulated_figure figure, int64_t before,
                         int64_t before_fen, int64_t after, int64_t after_fen)
{
    const struct simulated_pair *pair = &world->result.total[figure];
    check_int_equal(pair->before.count, before);
    check_int_equal(money_fen(pair->before.amount), before_fen);
    check_int_equal(pair->after.count, after);
    check_int_equal(money_fen(pair->after.amount), after_fen);
    check_int_equal(pair->change.count, after - before);
    check_int_equal(money_fen(pair->change.amount), after_fen - before_fen);
}

static void the_policy_of_the_book_changes_nothing(void **state)
{
    struct world *world = *state;
    simulate(world, county_pilot_with("policy: county-pilot", "policy: county-pilot"));
    for (size_t i = 0; i < SIMULATED_FIGURES; i++) {
        const struct simulated_pair *pair = &world->result.total[i];
        check_int_equal(pair->change.count, 0);
        check_int_equal(money_fen(pair->change.amount), 0);
    }
    check_int_equal((int64_t)world->result.reasons, 0);
    check_int_equal(world->result.loans, 3);
    check_figure(world, SIMULATED_PASS, 3, 6000000, 3, 6000000);
    check_figure(world, SIMULATED_LENT, 3, 6000000, 3, 6000000);
    check_figure(world, SIMULATED_COVERED, 3, 6000000, 3, 6000000);
    check_figure(world, SIMULATED_SUBSIDY, 6, 110200, 6, 110200);
    check_figure(world, SIMULATED_PREMIUM, 3, 90000, 3, 90000);
    check_figure(world, SIMULATED_OUTSTANDING, 3, 6000000, 3, 6000000);
    check_figure(world, SIMULATED_SPECIAL_ACCOUNT, 0, 100000000, 0, 100000000);
    check_int_equal((int64_t)world->result.groups, 1);
    check_text_equal(world->result.group[0]->office, "test");
    check_int_equal(world->result.group[0]->class, CLASS_NORMAL);
}

static void a_lower_highest_age_warns_of_the_older_borrower(void **state)
{
    struct world *world = *state;
    simulate(world, county_pilot_with(AGE, "        value: 60 years"));
    check_figure(world, SIMULATED_PASS, 3, 6000000, 2, 4000000);
    check_figure(world, SIMULATED_WARN, 0, 0, 1, 2000000);
    check_figure(world, SIMULATED_SUBSIDY, 6, 110200, 6, 110200);
    simulate(world, county_pilot_with(AGE, "        value: 62 years"));
    check_figure(world, SIMULATED_WARN, 0, 0, 0, 0);
}

/* Of both loans of H1 together 35,000 are allowed: L1 is lent, L2 would not be. */
static void a_household_limit_blocks_the_second_loan(void **state)
{
    struct world *world = *state;
    simulate(world, county_pilot_with(LIMIT("50000 yuan"), LIMIT("35000 yuan")));
    check_figure(world, SIMULATED_PASS, 3, 6000000, 2, 5000000);
    check_figure(world, SIMULATED_BLOCK, 0, 0, 1, 1000000);
    check_figure(world, SIMULATED_LENT, 3, 6000000, 2, 5000000);
    check_figure(world, SIMULATED_COVERED, 3, 6000000, 2, 5000000);
    check_figure(world, SIMULATED_SUBSIDY, 6, 110200, 4, 110200 - 18367);
    check_figure(world, SIMULATED_PREMIUM, 3, 90000, 2, 75000);
    check_figure(world, SIMULATED_OUTSTANDING, 3, 6000000, 2, 5000000);
}

#define RATE HEAD("subsidy_rate", "signing") "        value: 5%\n"
#define THREE HEAD("subsidy_rate", "signing") "        value: 3%\n"

static void a_lower_rate_of_subsidy_counts_from_the_contracts_of_the_period_on(void **state)
{
    struct world *world = *state;
    struct error err;
    simulate(world, county_pilot_with(RATE, THREE));
    check_figure(world, SIMULATED_SUBSIDY, 6, 110200, 6, 76000);
    /* Governed by the signing: contracts of before keep theirs. */
    check_ok(try_with(world, county_pilot_with(RATE, THREE), "2016-10-21", NULL, NULL, &err), &err);
    check_figure(world, SIMULATED_SUBSIDY, 6, 110200, 6, 110200);
    check_figure(world, SIMULATED_LENT, 0, 0, 0, 0);
}

#define PREMIUM "        value: 1.5%\n"

/* 2 %: 600 + 200 + 400. A contract of before the period keeps its 1.5 %. */
static void the_premium_is_of_the_contracts_of_the_period(void **state)
{
    struct world *world = *state;
    struct error err;
    simulate(world, county_pilot_with(PREMIUM, "        value: 2%\n"));
    check_figure(world, SIMULATED_PREMIUM, 3, 90000, 3, 120000);
    simulate(world, county_pilot_with(PREMIUM, "        value: 0%\n"));
    check_figure(world, SIMULATED_PREMIUM, 3, 90000, 0, 0);
    check_ok(try_with(world, county_pilot_with(PREMIUM, "        value: 2%\n"), "2016-10-21", NULL,
                      NULL, &err),
             &err);
    check_figure(world, SIMULATED_PREMIUM, 1, 30000, 1, 30000);
    /* Until the claim of January nothing was claimed of L3. */
    check_ok(try_with(world, county_pilot_with(PREMIUM, "        value: 2%\n"), "2016-10-20",
                      "2017-01-09", NULL, &err),
             &err);
    check_figure(world, SIMULATED_PREMIUM, 2, 60000, 2, 80000);
}

/* In the book 20,000 are not covered, so L3 has no premium; under county-pilot it has 300.00, in
 * the claim that was made after its payout. A payout after the last claim waits for the next. */
static void what_comes_under_cover_is_in_the_claim_that_follows(void **state)
{
    struct world world = {0};
    struct staffed_book *book = &world.book;
    char *policy = county_pilot_with("household_status in (registered, lifted, monitored)",
                                     "amount <> 20000 yuan");
    (void)state;
    staffed_book_open_with(book, policy);
    arena_init(&world.arena, (size_t)16 << 20);
    int64_t first = staffed_household(book);
    int64_t second = staffed_household(book);
    int64_t third = staffed_household(book);
    lend(book, first, 1, 3000000, "36");
    lend(book, second, 2, 2000000, "36");
    claim_premium(book, "2016-10-20");
    lend(book, third, 3, 2000000, "36");
    close_through(book, "2016-10-20");
    simulate(&world, county_pilot());
    check_figure(&world, SIMULATED_COVERED, 1, 3000000, 3, 7000000);
    check_figure(&world, SIMULATED_PREMIUM, 1, 45000, 2, 75000);
    arena_release(&world.arena);
    staffed_book_close(book);
    free(policy);
}

#define SHARE HEAD("subsidy_share", "accrual") "        value: 100%\n"
#define HALF HEAD("subsidy_share", "accrual") "        value: 50%\n"

/* Governed by accrual, so old contracts too, and the period from 2016-12-21 to 2017-03-20 is split:
 * 11 days whole and 79 days half are 50.5 days. 30,000: 183.06 (183.0625); 10,000: 61.02
 * (61.0208); 20,000: 122.04 (122.0416). */
static void what_goes_by_accrual_splits_the_period(void **state)
{
    struct world *world = *state;
    struct error err;
    check_ok(try_with(world, county_pilot_with(SHARE, HALF), "2017-01-01", NULL, NULL, &err), &err);
    check_figure(world, SIMULATED_SUBSIDY, 3, 65250, 3, 18306 + 6102 + 12204);
}

/* A row of later: nothing before its day, unless its day is tried on the whole period. */
static void rows_of_a_later_day_can_be_tried(void **state)
{
    struct world *world = *state;
    struct error err;
    const char *later = SHARE "        clause: As before.\n      - from: 2017-06-01\n"
                              "        value: 50%\n";
    simulate(world, county_pilot_with(SHARE, later));
    check_figure(world, SIMULATED_SUBSIDY, 6, 110200, 6, 110200);
    check_ok(
        try_with(world, county_pilot_with(SHARE, later), "2016-10-20", NULL, "2017-06-01", &err),
        &err);
    assert_true(world->result.held);
    /* Half of each: 112.38 (112.375), 163.13 (163.125); 37.46 (37.4583), 54.38 (54.375); 74.92
     * (74.9166), 108.75. */
    check_figure(world, SIMULATED_SUBSIDY, 6, 110200, 6,
                 11238 + 16313 + 3746 + 5438 + 7492 + 10875);
}

/* L3 alone of its household: 15,000 of 20,000 are covered, 112.38 + 163.13, premium 225.00. What
 * was covered of H1 before L1 and before L2 is not on record. */
static void what_cannot_be_decided_stays_as_booked(void **state)
{
    struct world *world = *state;
    simulate(world, county_pilot_with(COVERED("50000 yuan"), COVERED("15000 yuan")));
    check_figure(world, SIMULATED_PASS, 3, 6000000, 1, 2000000);
    check_figure(world, SIMULATED_UNDECIDED, 0, 0, 2, 4000000);
    check_figure(world, SIMULATED_COVERED, 3, 6000000, 3, 5500000);
    check_figure(world, SIMULATED_SUBSIDY, 6, 110200, 6, 55100 + 18367 + 11238 + 16313);
    check_figure(world, SIMULATED_PREMIUM, 3, 90000, 3, 45000 + 15000 + 22500);
    check_int_equal((int64_t)world->result.reasons, 1);
    check_int_equal(world->result.reason[0].count, 2);
}

/* A condition on a fact that nobody had asked for: known of H2, which has no other loan. */
static void a_fact_that_is_not_on_record_is_not_guessed(void **state)
{
    struct world *world = *state;
    simulate(world,
             county_pilot_with(
                 "  eligibility:\n",
                 "  eligibility:\n    - id: one-loan\n      from: 2016-01-01\n"
                 "      require: \"household_loans = 0\"\n      otherwise: block\n"
                 "      message: {zh: 一户一贷, en: One loan.}\n      clause: Tried out.\n"));
    check_figure(world, SIMULATED_PASS, 3, 6000000, 1, 2000000);
    check_figure(world, SIMULATED_UNDECIDED, 0, 0, 2, 4000000);
    check_figure(world, SIMULATED_SUBSIDY, 6, 110200, 6, 110200);
    check_int_equal((int64_t)world->result.reasons, 1);
    check_int_equal(world->result.reason[0].count, 2);
    assert_non_null(strstr(world->result.reason[0].text, "household_loans"));
    assert_non_null(strstr(world->result.reason[0].text, "one-loan"));
}

static void a_period_lies_within_the_closed_days(void **state)
{
    struct world *world = *state;
    static const char *const bad[][2] = {{"2016-10-19", NULL},
                                         {NULL, "2017-03-21"},
                                         {"2017-03-21", NULL},
                                         {"2017-02-01", "2017-01-31"}};
    struct error err;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_refused(
            try_with(world, county_pilot_with(RATE, THREE), bad[i][0], bad[i][1], NULL, &err), &err,
            "simulation.period");
    }
    check_ok(try_with(world, county_pilot_with(RATE, THREE), NULL, NULL, NULL, &err), &err);
    assert_int_equal(date_to_ymd(world->result.from).year, 2017);
    assert_int_equal(date_to_ymd(world->result.from).month, 1);
    check_ok(try_with(world, county_pilot_with(RATE, THREE), NULL, "2016-12-20", NULL, &err), &err);
    check_figure(world, SIMULATED_SUBSIDY, 3, 22475 + 7492 + 14983, 3, 15500 + 5167 + 10333);
    char *late = county_pilot_with(RATE, RATE);
    check_refused(try_with(world, late, NULL, NULL, "2015-12-31", &err), &err,
                  "policy.not-in-force");
}

/* --- a condition from which somebody made an exception ------------------------------------------
 */

#define HOUSEHOLD                                                                                  \
    "      require: \"amount <= household_limit - household_balance - household_approved\"\n"      \
    "      otherwise: block\n"

/* At application and approval, and at the payout. */
static char *policy_with_exceptions(void)
{
    char *policy = county_pilot_with(HOUSEHOLD "      message",
                                     HOUSEHOLD "      override: yes\n      message");
    return policy_text_with(policy, HOUSEHOLD "      message",
                            HOUSEHOLD "      override: yes\n      message");
}

static void make_exception(struct staffed_book *book, const char *point)
{
    staffed_do(book, "manager", NULL, "loan.override",
               staffed_request(book, "loan", "1", "point", point, "condition",
                               "over-household-limit", "reason", "flood loss", NULL));
}

/* 60,000 where 50,000 are allowed: a person decided, unless the policy allows no exception. */
static void an_exception_is_a_decision_of_a_person(void **state)
{
    struct world world = {0};
    struct staffed_book *book = &world.book;
    char *policy = policy_with_exceptions();
    (void)state;
    staffed_book_open_with(book, policy);
    arena_init(&world.arena, (size_t)16 << 20);
    staffed_do(book, "bureau-officer", NULL, "fund.open",
               live_amount_request(&book->live, 100000000));
    int64_t household = staffed_household(book);
    staffed_do(book, "clerk", NULL, "loan.apply", staffed_application(book, household, 6000000));
    make_exception(book, "eligibility");
    staffed_do(book, "approver", NULL, "loan.approve", staffed_decision(book, 1, 6000000));
    make_exception(book, "disbursement");
    staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, 1, 6000000));
    close_through(book, "2016-10-20");
    simulate(&world, policy);
    check_figure(&world, SIMULATED_REFER, 1, 6000000, 1, 6000000);
    check_figure(&world, SIMULATED_LENT, 1, 6000000, 1, 6000000);
    check_figure(&world, SIMULATED_COVERED, 1, 5000000, 1, 5000000);
    simulate(&world, county_pilot_with(RATE, THREE));
    check_figure(&world, SIMULATED_REFER, 1, 6000000, 0, 0);
    check_figure(&world, SIMULATED_BLOCK, 0, 0, 1, 6000000);
    check_figure(&world, SIMULATED_LENT, 1, 6000000, 0, 0);
    arena_release(&world.arena);
    staffed_book_close(book);
}

static void on_the_first_day_there_is_nothing_to_try(void **state)
{
    struct world world = {0};
    struct error err;
    (void)state;
    staffed_book_open(&world.book);
    arena_init(&world.arena, (size_t)1 << 20);
    check_refused(try_with(&world, county_pilot_with(RATE, THREE), NULL, NULL, NULL, &err), &err,
                  "simulation.no-day");
    arena_release(&world.arena);
    staffed_book_close(&world.book);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_policy_of_the_book_changes_nothing),
        TEST(a_lower_highest_age_warns_of_the_older_borrower),
        TEST(a_household_limit_blocks_the_second_loan),
        TEST(a_lower_rate_of_subsidy_counts_from_the_contracts_of_the_period_on),
        TEST(the_premium_is_of_the_contracts_of_the_period),
        cmocka_unit_test(what_comes_under_cover_is_in_the_claim_that_follows),
        TEST(what_goes_by_accrual_splits_the_period),
        TEST(rows_of_a_later_day_can_be_tried),
        TEST(what_cannot_be_decided_stays_as_booked),
        TEST(a_fact_that_is_not_on_record_is_not_guessed),
        TEST(a_period_lies_within_the_closed_days),
        cmocka_unit_test(an_exception_is_a_decision_of_a_person),
        cmocka_unit_test(on_the_first_day_there_is_nothing_to_try),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
