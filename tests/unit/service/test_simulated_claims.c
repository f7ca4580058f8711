/* The same life of three loans in two books, one under county-pilot and one under another policy.
 * What a simulation of the other policy makes of the first book is what really stands in the
 * second: nothing is worked out here, the real decisions are the yardstick.
 *
 * 50,000 (L1), 30,000 (L2) and 20,000 (L3) are lent and never paid back; the subsidy covers all
 * interest, so both books become overdue on the same days. L1 is claimed and refused; L2, L3 and L1
 * again are claimed in 2018; L2 is accepted and paid, L1 accepted; 4,800 and 7,000 come back on L2,
 * of which the first is handed over; the fund is topped up for 2016 and 2017. */
#include "cli/service/simulation.h"
#include "ledger/fund/claim.h"
#include "ledger/fund/claim_due.h"
#include "tests/support/scratch_book.h"
#include "tests/support/staffed_book.h"

#include <stdlib.h>
#include <string.h>

#define FUND_STEP                                                                                  \
    "        - payer: fund\n          share: 50%\n          of: rest\n          rounding: down\n"  \
    "          at_most: free balance\n"
#define ADVANCED                                                                                   \
    "          advanced_by: fund\n          refund_within: 30 days\n          instalments:\n"      \
    "            - {share: 60%, within: 10 days}\n            - {share: 40%, within: 60 days}\n"
#define INSURER_STEP "        - payer: insurer\n          share: 70%\n"

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

static struct canon *numbered(struct staffed_book *book, const char *name, int64_t number)
{
    struct canon *request = canon_object(&book->live.office.arena);
    canon_set_int(request, name, number);
    return request;
}

static void lend(struct staffed_book *book, int64_t loan, int64_t fen, const char *rate_ppm)
{
    struct canon *application =
        canon_copy(&book->live.office.arena,
                   staffed_application(book, staffed_household(book), fen), "rate_ppm");
    canon_set_text(application, "rate_ppm", rate_ppm);
    staffed_do(book, "clerk", NULL, "loan.apply", application);
    staffed_do(book, "approver", NULL, "loan.approve", staffed_decision(book, loan, fen));
    staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, loan, fen));
}

static struct claim claim_of(struct staffed_book *book, int64_t id)
{
    struct claim claim = {0};
    struct error err = {0};
    check_ok(claim_load(book->live.office.store, &book->live.office.arena, id, &claim, &err), &err);
    return claim;
}

static void claim_loan(struct staffed_book *book, int64_t loan)
{
    staffed_do(book, "risk-officer", NULL, "claim.open", numbered(book, "loan", loan));
}

static void accept(struct staffed_book *book, int64_t claim)
{
    struct canon *request = numbered(book, "claim", claim);
    live_of_event(&book->live, request, claim_of(book, claim).seq);
    staffed_do(book, "bureau-officer", NULL, "claim.accept", request);
}

static void pay(struct staffed_book *book, int64_t claim, const char *payer, const char *as,
                struct money amount)
{
    struct canon *request = numbered(book, "claim", claim);
    canon_set_text(request, "payer", payer);
    canon_set_fen(request, "amount_fen", amount);
    staffed_do(book, as, NULL, "claim.pay", request);
}

static void dun(struct staffed_book *book, const char *loan, const char *number)
{
    staffed_do(
        book, "clerk", NULL, "loan.dun",
        staffed_request(book, "loan", loan, "number", number, "delivery", "in-person", NULL));
}

/* How the county lives: at which rate it lends, and how many of the sums of L2 are handed over. Of
 * what is advanced the first sum is given back. */
struct life {
    const char *rate_ppm;
    size_t sums;
};
static const struct life usual = {"43500", CLAIM_DUES_MAX};

/* Whatever the policy has handed over, by whom it has it handed over. */
static void pay_sums(struct staffed_book *book, int64_t claim, size_t sums)
{
    struct claim_due due[CLAIM_DUES_MAX];
    size_t dues = 0;
    struct error err = {0};

    check_ok(
        claim_dues_load(book->live.office.store, &book->live.office.arena, claim, due, &dues, &err),
        &err);
    for (size_t i = 0; i < dues && i < sums; i++) {
        pay(book, claim, due[i].paid_by,
            due[i].booked_by == CLAIM_PARTY_FUND ? "bureau-officer" : "clerk", due[i].amount);
    }
    if (claim_due_is_advanced(&due[0])) {
        pay(book, claim, due[0].payer,
            due[0].booked == CLAIM_PARTY_FUND ? "bureau-officer" : "clerk", due[0].amount);
    }
}

static void recover(struct staffed_book *book, int64_t claim, int64_t gross, int64_t costs)
{
    struct canon *request = numbered(book, "claim", claim);
    canon_set_int(request, "amount_fen", gross);
    canon_set_int(request, "costs_fen", costs);
    staffed_do(book, "clerk", NULL, "recovery.record", request);
}

static void claims_of_2018(struct staffed_book *book, size_t sums)
{
    struct canon *request = numbered(book, "claim", 1);
    claim_loan(book, 1);
    canon_set_text(request, "reason", "papers missing");
    staffed_do(book, "bureau-officer", NULL, "claim.refuse", request);
    claim_loan(book, 2);
    claim_loan(book, 3);
    close_through(book, "2018-01-22");
    claim_loan(book, 1);
    accept(book, 2);
    accept(book, 4);
    close_through(book, "2018-01-23");
    pay_sums(book, 2, sums);
    recover(book, 2, 500000, 20000);
    request = numbered(book, "recovery", 1);
    canon_set_text(request, "payer", "fund");
    staffed_do(book, "clerk", NULL, "recovery.transfer", request);
    recover(book, 2, 700000, 0);
    close_through(book, "2018-01-24");
}

static void live_through(struct staffed_book *book, const char *policy, const struct life *life)
{
    staffed_book_open_with(book, policy);
    staffed_do(book, "bureau-officer", NULL, "fund.open",
               live_amount_request(&book->live, 100000000));
    lend(book, 1, 5000000, life->rate_ppm);
    lend(book, 2, 3000000, life->rate_ppm);
    lend(book, 3, 2000000, life->rate_ppm);
    close_through(book, "2017-01-03");
    staffed_do(book, "bureau-officer", NULL, "fund.top-up", numbered(book, "year", 2016));
    close_through(book, "2018-01-20");
    staffed_do(book, "bureau-officer", NULL, "fund.top-up", numbered(book, "year", 2017));
    claims_of_2018(book, life->sums);
}

static void simulate(struct staffed_book *book, const char *text, struct arena *arena,
                     struct simulation *ret)
{
    struct policy *policy = NULL;
    struct simulation_request request = {.has_from = true};
    struct error err = {0};

    check_ok(date_parse("2016-10-20", &request.from, &err), &err);
    check_ok(policy_load("other", text, strlen(text), &policy, &err), &err);
    request.policy = policy;
    check_ok(policy_simulate(&book->live.office, &request, arena, ret, &err), &err);
    policy_free(policy);
}

static void check_sum(const struct simulated_sum *got, const struct simulated_sum *want)
{
    check_int_equal(got->count, want->count);
    check_int_equal(money_fen(got->amount), money_fen(want->amount));
}

/* Gives what the simulation found, in the arena; both policies are freed. */
static void compare_lives(char *pilot, char *other, const struct life *life, struct arena *arena,
                          struct simulation *ret)
{
    struct staffed_book book;
    struct simulation lived;

    live_through(&book, pilot, life);
    simulate(&book, other, arena, ret);
    staffed_book_close(&book);
    live_through(&book, other, life);
    simulate(&book, other, arena, &lived);
    staffed_book_close(&book);
    check_int_equal((int64_t)ret->reasons, 0);
    for (size_t i = 0; i < SIMULATED_FIGURES; i++) {
        check_sum(&ret->total[i].after, &lived.total[i].before);
        check_sum(&lived.total[i].after, &lived.total[i].before);
    }
    check_int_equal(ret->total[SIMULATED_CLAIMS].before.count, 3);
    check_int_equal(ret->total[SIMULATED_RECOVERED].before.count, 2);
    free(pilot);
    free(other);
}

/* `other` is freed. */
static void compare_worlds(char *other)
{
    struct arena arena;
    struct simulation tried;

    arena_init(&arena, (size_t)16 << 20);
    compare_lives(county_pilot(), other, &usual, &arena, &tried);
    assert_true(money_compare(tried.total[SIMULATED_BORNE_FUND].change.amount, MONEY_ZERO) != 0);
    assert_true(money_compare(tried.total[SIMULATED_FREE].change.amount, MONEY_ZERO) != 0);
    arena_release(&arena);
}

static void shares_and_top_ups(void **state)
{
    (void)state;
    char *other =
        county_pilot_with(INSURER_STEP, "        - payer: insurer\n          share: 61%\n");
    other = policy_text_with(
        other, FUND_STEP, "        - payer: fund\n          share: 33.3333%\n          of: rest\n");
    compare_worlds(policy_text_with(other, "        value: 10%\n", "        value: 7%\n"));
}

/* 4,500 of L2, 3,000 of L3, and the rest of the year for L1; what was refused does not count. */
static void a_cap_of_the_year(void **state)
{
    (void)state;
    compare_worlds(county_pilot_with(
        FUND_STEP, "        - payer: fund\n          share: 50%\n          of: rest\n"
                   "          at_most: [free balance, \"10000 yuan - borne_this_year\"]\n"));
}

static void a_payer_of_its_own_and_recoveries_in_an_order(void **state)
{
    (void)state;
    char *other =
        county_pilot_with(INSURER_STEP "          of: loss\n",
                          "        - payer: guarantor\n          share: 20%\n"
                          "          of: loss\n"
                          "          at_most: \"9000 yuan - borne_in_all\"\n"
                          "          excess: next steps\n" INSURER_STEP "          of: rest\n");
    other = policy_text_with(other, "\nloss:\n",
                             "\npayers:\n  - name: guarantor\n    booked_as: fund\n"
                             "    title: {zh: 担保公司, en: Guarantor}\nloss:\n");
    compare_worlds(policy_text_with(other,
                                    "      shared_by: what each bore\n      remainder: bank\n",
                                    "      steps:\n        - payer: bank\n          share: 40%\n"
                                    "          of: recovered\n        - payer: guarantor\n"
                                    "          share: 50%\n          of: rest\n"
                                    "      remainder: insurer\n"));
}

/* Lent at 6.8 %, of which 5 % are subsidised while it is not overdue: from the close of 2016-12-22
 * on it is. Unpaid interest at the filing, of 30,000 (and 50,000), with fractions in python: 62
 * days 351.33 - 258.33, 90 days 510.00 - 4.17 (one day), 92 days 521.33 twice, 29 days 164.33:
 *   1,805.82 (3,009.73)
 * In the loss of 31,805.82 (53,009.73) insurer and fund bear 70 % and half of the rest, 27,034.94
 * (45,058.27); of it interest 1,534.94 (2,558.27), principal 25,500 (42,500), as without interest.
 * Of 11,800 that come back the bank has 1,770.01, of it interest 1,770.01 x 270.88 / 4,770.88 =
 * 100.49, principal 1,669.52; without interest all of 1,770.00. Left of L1, L2, L3: 7,500 + 4,500 -
 * 1,669.52 + 20,000 = 30,330.48; without interest 30,230.00 */
static void a_loss_with_interest_leaves_more_principal(void **state)
{
    (void)state;
    struct arena arena;
    struct simulation tried;
    const struct simulated_pair *left = &tried.total[SIMULATED_OUTSTANDING];
    static const struct life life = {"68000", CLAIM_DUES_MAX};

    arena_init(&arena, (size_t)16 << 20);
    compare_lives(county_pilot(),
                  county_pilot_with("      steps:\n        - payer: insurer\n",
                                    "      amount: \"covered_unpaid + interest_unpaid\"\n"
                                    "      steps:\n        - payer: insurer\n"),
                  &life, &arena, &tried);
    check_int_equal(money_fen(left->before.amount), 3023000);
    check_int_equal(money_fen(left->after.amount), 3033048);
    arena_release(&arena);
}

/* The fund advances the insurer's part, 60 % of it first. Of L2 (30,000) that first sum is handed
 * over and given back; L1 (50,000) is accepted, L3 (20,000) filed. With 61 % and 33.3333 % of the
 * rest: L2 18,300.00 = 10,980.00 + 7,320.00; of 11,700.00 the fund 3,899.9961, down 3,899.99 L1
 * 30,500.00; of 19,500.00 the fund 6,499.9935, down 6,499.99 L3 12,200.00; of 7,800.00 the fund
 * 2,599.9974, down 2,599.99 payable 7,320.00 + 3,899.99 + 30,500.00 + 6,499.99 = 48,219.98;
 * reserved 14,799.99 and with 70 % and half: 8,400 + 4,500 + 35,000 + 7,500 = 55,400; reserved
 * 17,000. What the fund advanced came back, so the special account differs by what was recovered
 * and handed over alone. */
static void sums_are_paid_by_their_number(void **state)
{
    (void)state;
    struct arena arena;
    struct simulation tried;
    const struct simulated_pair *payable = &tried.total[SIMULATED_PAYABLE];
    const struct simulated_pair *reserved = &tried.total[SIMULATED_RESERVED];
    static const struct life life = {"43500", 1};

    arena_init(&arena, (size_t)16 << 20);
    compare_lives(
        county_pilot_with(INSURER_STEP, INSURER_STEP ADVANCED),
        policy_text_with(county_pilot_with(INSURER_STEP, "        - payer: insurer\n"
                                                         "          share: 61%\n" ADVANCED),
                         FUND_STEP,
                         "        - payer: fund\n          share: 33.3333%\n"
                         "          of: rest\n"),
        &life, &arena, &tried);
    check_int_equal(money_fen(payable->before.amount), 5540000);
    check_int_equal(money_fen(payable->after.amount), 4821998);
    check_int_equal(money_fen(reserved->before.amount), 1700000);
    check_int_equal(money_fen(reserved->after.amount), 1479999);
    arena_release(&arena);
}

/* All are overdue since 2017-10-20. Demands on record when they are filed: for L2 two, for L3
 * none, for L1 one; when L1 is accepted a second one. So a policy that wants two takes L2 alone. */
static void demands_count_up_to_the_event_that_rests_on_them(void **state)
{
    (void)state;
    struct staffed_book book;
    struct arena arena;
    struct simulation tried;
    const struct simulated_pair *claims = &tried.total[SIMULATED_CLAIMS];
    char *pilot = county_pilot();
    char *other = county_pilot_with("require: \"days_overdue >= claim_after_days\"",
                                    "require: \"collection_notices >= 2\"");

    arena_init(&arena, (size_t)16 << 20);
    staffed_book_open_with(&book, pilot);
    staffed_do(&book, "bureau-officer", NULL, "fund.open",
               live_amount_request(&book.live, 100000000));
    lend(&book, 1, 5000000, "43500");
    lend(&book, 2, 3000000, "43500");
    lend(&book, 3, 2000000, "43500");
    close_through(&book, "2018-01-20");
    dun(&book, "2", "1");
    dun(&book, "2", "2");
    dun(&book, "1", "1");
    claim_loan(&book, 1);
    claim_loan(&book, 2);
    claim_loan(&book, 3);
    dun(&book, "1", "2");
    dun(&book, "3", "1");
    accept(&book, 1);
    close_through(&book, "2018-01-21");
    simulate(&book, other, &arena, &tried);
    check_int_equal(claims->before.count, 3);
    check_int_equal(money_fen(claims->before.amount), 10000000);
    check_int_equal(claims->after.count, 1);
    check_int_equal(money_fen(claims->after.amount), 3000000);
    check_int_equal((int64_t)tried.reasons, 0);
    staffed_book_close(&book);
    arena_release(&arena);
    free(pilot);
    free(other);
}

/* --- outcomes ----------------------------------------------------------------------------------
 */

#define LONG_ENOUGH "      require: \"days_overdue >= claim_after_days\"\n      otherwise: block\n"
#define A_DEMAND "      require: \"collection_notices >= 1\"\n      otherwise: "
#define USED_AS_APPLIED "      require: \"used_as_applied\"\n      otherwise: "
#define TERM "      require: \"term <= term_max\"\n      otherwise: block\n"
#define EXCEPTION "      override: yes\n"

static void except(struct staffed_book *book, const char *as, const char *loan, const char *point,
                   const char *condition)
{
    staffed_do(book, as, NULL, "loan.override",
               staffed_request(book, "loan", loan, "point", point, "condition", condition, "reason",
                               "flood", NULL));
}

/* Nobody pays: overdue since 2017-10-20, 72 days on 2017-12-31, 93 on 2018-01-21.
 *  L1 50,000  no demand is on record: a warning
 *  L2 30,000  one is: passes
 *  L3 20,000  one is, and the money went elsewhere: referred
 *  L4 10,000  one is, claimed after 72 days: exception 2
 *  L5  1,000  for 48 months, not due yet: exception 1, and nothing is claimed */
static void claims_of_each_kind(struct staffed_book *book, char *policy)
{
    staffed_book_open_with(book, policy);
    free(policy);
    staffed_do(book, "bureau-officer", NULL, "fund.open",
               live_amount_request(&book->live, 100000000));
    lend(book, 1, 5000000, "43500");
    lend(book, 2, 3000000, "43500");
    lend(book, 3, 2000000, "43500");
    lend(book, 4, 1000000, "43500");
    struct canon *application =
        canon_copy(&book->live.office.arena,
                   staffed_application(book, staffed_household(book), 100000), "term_months");
    canon_set_int(application, "term_months", 48);
    staffed_do(book, "clerk", NULL, "loan.apply", application);
    except(book, "manager", "5", "eligibility", "term-too-long");
    staffed_do(book, "approver", NULL, "loan.approve", staffed_decision(book, 5, 100000));
    staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, 5, 100000));
    close_through(book, "2017-12-30");
    dun(book, "2", "1");
    dun(book, "3", "1");
    dun(book, "4", "1");
    staffed_do(book, "clerk", NULL, "loan.inspect",
               staffed_request(book, "loan", "3", "finding", "otherwise", "note", "a car", NULL));
    except(book, "bureau-officer", "4", "claim", "not-yet-overdue-long-enough");
    claim_loan(book, 4);
    close_through(book, "2018-01-20");
    claim_loan(book, 1);
    claim_loan(book, 2);
    claim_loan(book, 3);
    close_through(book, "2018-01-21");
}

static char *with_exceptions(char *policy)
{
    policy = policy_text_with(policy, TERM, TERM EXCEPTION);
    return policy_text_with(policy, LONG_ENOUGH, LONG_ENOUGH EXCEPTION);
}

/* Of claims: passed, warned, referred, blocked, those that stand. Each a number and yuan. */
static void check_claims(const struct simulation *tried, bool after, const int64_t want[5][2])
{
    for (size_t i = 0; i < 5; i++) {
        const struct simulated_pair *pair = &tried->total[(size_t)SIMULATED_CLAIMS_PASS + i];
        const struct simulated_sum *got = after ? &pair->after : &pair->before;
        check_int_equal(got->count, want[i][0]);
        check_fen(got->amount, want[i][1] * 100);
    }
}

static void check_exceptions(const struct simulation *tried, bool first_after, bool second_after)
{
    check_int_equal((int64_t)tried->exceptions, 2);
    check_int_equal(tried->exception[0].id, 1);
    check_int_equal(tried->exception[0].loan, 5);
    check_text_equal(tried->exception[0].condition, "term-too-long");
    assert_true(tried->exception[0].before);
    assert_int_equal(tried->exception[0].after, first_after);
    check_int_equal(tried->exception[1].loan, 4);
    check_text_equal(tried->exception[1].point, "claim");
    check_text_equal(tried->exception[1].condition, "not-yet-overdue-long-enough");
    assert_true(tried->exception[1].before);
    assert_int_equal(tried->exception[1].after, second_after);
}

static void try_on(struct staffed_book *book, char *other, struct arena *arena,
                   struct simulation *ret)
{
    static const int64_t before[][2] = {{1, 30000}, {1, 50000}, {2, 30000}, {0, 0}, {4, 110000}};

    simulate(book, other, arena, ret);
    check_int_equal((int64_t)ret->reasons, 0);
    check_claims(ret, false, before);
    free(other);
}

static void a_claim_counts_by_what_the_policy_says_of_it(void **state)
{
    (void)state;
    static const int64_t strict[][2] = {{1, 30000}, {1, 20000}, {1, 10000}, {1, 50000}, {3, 60000}};
    static const int64_t earlier[][2] = {{2, 40000}, {1, 50000}, {1, 20000}, {0, 0}, {4, 110000}};
    static const int64_t no_exceptions[][2] = {
        {1, 30000}, {1, 50000}, {1, 20000}, {1, 10000}, {3, 100000}};
    static const int64_t nothing[][2] = {{0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}};
    struct arena arena;
    struct staffed_book book;
    struct simulation tried;

    arena_init(&arena, (size_t)16 << 20);
    claims_of_each_kind(&book, with_exceptions(county_pilot()));

    /* No demand blocks, wrong use is a warning. */
    char *other =
        policy_text_with(with_exceptions(county_pilot()), A_DEMAND "warn", A_DEMAND "block");
    try_on(&book, policy_text_with(other, USED_AS_APPLIED "refer", USED_AS_APPLIED "warn"), &arena,
           &tried);
    check_claims(&tried, true, strict);
    check_exceptions(&tried, true, true);

    /* After 70 days nobody needs an exception. */
    other = policy_text_with(with_exceptions(county_pilot()), "value: 90 days", "value: 70 days");
    try_on(&book, other, &arena, &tried);
    check_claims(&tried, true, earlier);
    check_exceptions(&tried, true, false);

    /* A policy without exceptions. */
    try_on(&book, county_pilot(), &arena, &tried);
    check_claims(&tried, true, no_exceptions);
    check_exceptions(&tried, false, false);
    check_int_equal(tried.total[SIMULATED_LENT].after.count, 4);

    /* None of the loans is lent. */
    try_on(&book,
           county_pilot_with("amount <= household_limit -", "amount < 0 * household_limit -"),
           &arena, &tried);
    check_claims(&tried, true, nothing);
    check_exceptions(&tried, false, false);
    staffed_book_close(&book);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_and_top_ups),
        cmocka_unit_test(a_cap_of_the_year),
        cmocka_unit_test(a_payer_of_its_own_and_recoveries_in_an_order),
        cmocka_unit_test(a_loss_with_interest_leaves_more_principal),
        cmocka_unit_test(sums_are_paid_by_their_number),
        cmocka_unit_test(a_claim_counts_by_what_the_policy_says_of_it),
        cmocka_unit_test(demands_count_up_to_the_event_that_rests_on_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
