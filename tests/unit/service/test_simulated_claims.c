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

static void lend(struct staffed_book *book, int64_t loan, int64_t fen)
{
    int64_t household = staffed_household(book);
    staffed_do(book, "clerk", NULL, "loan.apply", staffed_application(book, household, fen));
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

/* Whatever the policy has handed over, by whom it has it handed over. */
static void pay_all(struct staffed_book *book, int64_t claim)
{
    struct claim_due due[CLAIM_DUES_MAX];
    size_t dues = 0;
    struct error err = {0};

    check_ok(
        claim_dues_load(book->live.office.store, &book->live.office.arena, claim, due, &dues, &err),
        &err);
    for (size_t i = 0; i < dues; i++) {
        pay(book, claim, due[i].paid_by,
            due[i].booked_by == CLAIM_PARTY_FUND ? "bureau-officer" : "clerk", due[i].amount);
    }
}

static void recover(struct staffed_book *book, int64_t claim, int64_t gross, int64_t costs)
{
    struct canon *request = numbered(book, "claim", claim);
    canon_set_int(request, "amount_fen", gross);
    canon_set_int(request, "costs_fen", costs);
    staffed_do(book, "clerk", NULL, "recovery.record", request);
}

static void claims_of_2018(struct staffed_book *book)
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
    pay_all(book, 2);
    recover(book, 2, 500000, 20000);
    request = numbered(book, "recovery", 1);
    canon_set_text(request, "payer", "fund");
    staffed_do(book, "clerk", NULL, "recovery.transfer", request);
    recover(book, 2, 700000, 0);
    close_through(book, "2018-01-24");
}

static void live_through(struct staffed_book *book, const char *policy)
{
    staffed_book_open_with(book, policy);
    staffed_do(book, "bureau-officer", NULL, "fund.open",
               live_amount_request(&book->live, 100000000));
    lend(book, 1, 5000000);
    lend(book, 2, 3000000);
    lend(book, 3, 2000000);
    close_through(book, "2017-01-03");
    staffed_do(book, "bureau-officer", NULL, "fund.top-up", numbered(book, "year", 2016));
    close_through(book, "2018-01-20");
    staffed_do(book, "bureau-officer", NULL, "fund.top-up", numbered(book, "year", 2017));
    claims_of_2018(book);
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

/* `other` is freed. */
static void compare_worlds(char *other)
{
    struct staffed_book book;
    struct arena arena;
    struct simulation tried;
    struct simulation lived;
    char *pilot = county_pilot_with("policy: county-pilot", "policy: county-pilot");

    arena_init(&arena, (size_t)16 << 20);
    live_through(&book, pilot);
    simulate(&book, other, &arena, &tried);
    staffed_book_close(&book);
    live_through(&book, other);
    simulate(&book, other, &arena, &lived);
    staffed_book_close(&book);
    check_int_equal((int64_t)tried.reasons, 0);
    for (size_t i = 0; i < SIMULATED_FIGURES; i++) {
        check_sum(&tried.total[i].after, &lived.total[i].before);
        check_sum(&lived.total[i].after, &lived.total[i].before);
    }
    check_int_equal(tried.total[SIMULATED_CLAIMS].before.count, 3);
    check_int_equal(tried.total[SIMULATED_RECOVERED].before.count, 2);
    assert_true(money_compare(tried.total[SIMULATED_BORNE_FUND].change.amount, MONEY_ZERO) != 0);
    assert_true(money_compare(tried.total[SIMULATED_FREE].change.amount, MONEY_ZERO) != 0);
    arena_release(&arena);
    free(pilot);
    free(other);
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

/* All are overdue since 2017-10-20. Demands on record when they are filed: for L2 two, for L3
 * none, for L1 one; when L1 is accepted a second one. So a policy that wants two takes L2 alone. */
static void demands_count_up_to_the_event_that_rests_on_them(void **state)
{
    (void)state;
    struct staffed_book book;
    struct arena arena;
    struct simulation tried;
    const struct simulated_pair *claims = &tried.total[SIMULATED_CLAIMS];
    char *pilot = county_pilot_with("policy: county-pilot", "policy: county-pilot");
    char *other = county_pilot_with("require: \"days_overdue >= claim_after_days\"",
                                    "require: \"collection_notices >= 2\"");

    arena_init(&arena, (size_t)16 << 20);
    staffed_book_open_with(&book, pilot);
    staffed_do(&book, "bureau-officer", NULL, "fund.open",
               live_amount_request(&book.live, 100000000));
    lend(&book, 1, 5000000);
    lend(&book, 2, 3000000);
    lend(&book, 3, 2000000);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_and_top_ups),
        cmocka_unit_test(a_cap_of_the_year),
        cmocka_unit_test(a_payer_of_its_own_and_recoveries_in_an_order),
        cmocka_unit_test(demands_count_up_to_the_event_that_rests_on_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
