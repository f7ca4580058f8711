/* Which days earn subsidy, by the conditions of the policy. Figures by hand: 5,000,000 fen at 5 %
 * of 360 days are 694.4444... fen a day, at 4.35 % 604.1666...; sums are rounded half up once. */
#include "ledger/base/text.h"
#include "tests/support/file.h"
#include "tests/support/scratch_book.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CONDITION                                                                            \
    "  subsidy:\n"                                                                                 \
    "    - id: overdue\n"

/* county-pilot in which an overdue loan keeps the subsidy, with one condition more, before the
 * others; the one called overdue then always holds. */
static char *with_condition(const char *id, const char *rest)
{
    char *row = NULL;
    assert_true(asprintf(&row,
                         "  subsidy:\n"
                         "    - id: %s\n"
                         "%s\n"
                         "      otherwise: block\n"
                         "      message: {zh: 不贴息, en: No subsidy.}\n"
                         "      clause: test\n"
                         "    - id: overdue\n",
                         id, rest) > 0);
    char *text = policy_text_with(county_pilot(), FIRST_CONDITION, row);
    free(row);
    return policy_text_with(text, "        value: no\n", "        value: yes\n");
}

struct stretch {
    const char *from, *upto, *outcome;
    const char *failing; /* id of the condition that does not hold; NULL: none */
};

static const char *failing_of(const struct canon *decision)
{
    const struct canon *conditions = canon_get(decision, "conditions");
    for (size_t i = 0; conditions != NULL && i < canon_count(conditions); i++) {
        const struct canon *one = canon_at(conditions, i);
        if (text_equal(canon_get_text(one, "outcome"), "block")) {
            return canon_get_text(one, "id");
        }
    }
    return NULL;
}

static void check_stretches(const struct canon *decisions, const struct stretch *want, size_t count)
{
    size_t others = 0;
    assert_non_null(decisions);
    /* The class may change at the same close: that decision stands behind. */
    while (others < canon_count(decisions) &&
           !text_equal(
               canon_get_text(canon_at(decisions, canon_count(decisions) - 1 - others), "point"),
               "subsidy")) {
        others++;
    }
    check_int_equal((int64_t)(canon_count(decisions) - others), (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        const struct canon *decision = canon_at(decisions, i);
        const char *failing = failing_of(decision);
        check_text_equal(canon_get_text(decision, "point"), "subsidy");
        check_text_equal(canon_get_text(decision, "from"), want[i].from);
        check_text_equal(canon_get_text(decision, "upto"), want[i].upto);
        check_text_equal(canon_get_text(decision, "outcome"), want[i].outcome);
        if (want[i].failing == NULL) {
            assert_null(failing);
        } else {
            assert_non_null(failing);
            check_text_equal(failing, want[i].failing);
        }
    }
}

/* The whole row of the loan in the last event: beside "out" it has "decision". */
static const struct canon *decisions_on(const struct scratch_book *book, int64_t loan)
{
    const struct canon *rows = canon_get(book->body, "rows");
    for (size_t i = 0; rows != NULL && i < canon_count(rows); i++) {
        int64_t number = 0;
        if (canon_get_int(canon_get(canon_at(rows, i), "out"), "loan", &number) && number == loan) {
            return canon_get(canon_at(rows, i), "decision");
        }
    }
    return NULL;
}

static void check_subsidy(struct scratch_book *book, int64_t loan, const char *day,
                          int64_t treasury)
{
    struct money got;
    scratch_close_through(book, day);
    const struct canon *settled = canon_get(scratch_row(book, loan), "settled");
    assert_non_null(settled);
    assert_true(canon_get_fen(settled, "treasury_fen", &got));
    check_fen(got, treasury);
}

static void open_with(struct scratch_book *book, char *policy, const char *day)
{
    scratch_book_open(book, policy, day);
    free(policy);
}

static int64_t lend(struct scratch_book *book, int64_t rate_ppm)
{
    return scratch_loan(book, scratch_household(book, "registered"), 5000000, rate_ppm, 12);
}

static void a_period_in_which_nothing_stands_against_it_is_one_decision(void **state)
{
    (void)state;
    static const struct stretch want[] = {{"2016-10-20", "2016-12-21", "pass", NULL}};
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = lend(&book, 43500);
    check_subsidy(&book, loan, "2016-12-20", 37458);
    const struct canon *decisions = decisions_on(&book, loan);
    check_stretches(decisions, want, COUNT_OF(want));
    const struct canon *facts = canon_get(canon_at(decisions, 0), "facts");
    check_text_equal(canon_get_text(facts, "household_status"), "registered");
    check_text_equal(canon_get_text(facts, "overdue"), "no");
    scratch_book_close(&book);
}

/* 20 October to 1 December are 43 days: 25,979.17. */
static void a_household_that_leaves_the_register_earns_up_to_that_day(void **state)
{
    (void)state;
    static const struct stretch want[] = {
        {"2016-10-20", "2016-12-02", "pass", NULL},
        {"2016-12-02", "2016-12-21", "block", "off-the-register"}};
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = lend(&book, 43500);
    scratch_close_through(&book, "2016-12-04");
    scratch_do(
        &book, "clerk", "household.register",
        scratch_request(&book, "household", "1", "status", "none", "from", "2016-12-02", NULL));
    check_subsidy(&book, loan, "2016-12-20", 25979);
    check_stretches(decisions_on(&book, loan), want, COUNT_OF(want));
    /* and nothing more from then on */
    check_subsidy(&book, loan, "2017-03-20", 0);
    scratch_book_close(&book);
}

/* At 6 % the household owes 86.11 of the first 62 days, due on 21 December: overdue from the close
 * of the 22nd on. One day earns, 694.44. */
static void an_overdue_loan_earns_nothing(void **state)
{
    (void)state;
    static const struct stretch want[] = {{"2016-12-21", "2016-12-22", "pass", NULL},
                                          {"2016-12-22", "2017-03-21", "block", "overdue"}};
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = lend(&book, 60000);
    check_subsidy(&book, loan, "2016-12-20", 43056);
    check_subsidy(&book, loan, "2017-03-20", 694);
    check_stretches(decisions_on(&book, loan), want, COUNT_OF(want));
    scratch_book_close(&book);
}

/* Overdue since 21 December: 30 days on 20 January. 21 December to 20 January are 31 days. Paid on
 * 31 January, it earns again: 31 January to 20 March are 49 days; 80 days are 55,555.56. */
static void days_overdue_are_those_of_each_day_of_the_period(void **state)
{
    (void)state;
    static const struct stretch want[] = {{"2016-12-21", "2017-01-21", "pass", NULL},
                                          {"2017-01-21", "2017-01-31", "block", "too-long"},
                                          {"2017-01-31", "2017-03-21", "pass", NULL}};
    struct scratch_book book;
    open_with(&book,
              with_condition("too-long", "      from: 2016-01-01\n"
                                         "      require: \"days_overdue <= 30 days\""),
              "2016-10-20");
    int64_t loan = lend(&book, 60000);
    scratch_close_through(&book, "2017-01-30");
    scratch_do(&book, "clerk", "loan.repay", scratch_repayment(&book, loan, 8611, NULL));
    check_text_equal(scratch_loan_load(&book, loan).status, "normal");
    check_subsidy(&book, loan, "2017-03-20", 55556);
    check_stretches(decisions_on(&book, loan), want, COUNT_OF(want));
    scratch_book_close(&book);
}

/* The oldest unpaid sum is paid, a newer one is not: days overdue count from the newer one. Due on
 * 21 December 8,611 and on 21 March 12,500 (90 days: 75,000 less 62,500). The first is paid on 10
 * April, so the loan is overdue since 21 March from then on: 20 days on 10 April, 61 days on 21
 * May. Before, it was overdue since 21 December, 60 days on 19 February. Earning with at most 60
 * days: 21 December to 19 February, 61 days; and 10 April to 20 May, 41 days. Of the second quarter
 * (21 March to 20 June) these are 41 days: 28,472.22. */
static void days_overdue_count_from_the_oldest_sum_of_that_day(void **state)
{
    (void)state;
    static const struct stretch want[] = {{"2017-03-21", "2017-04-10", "block", "too-long"},
                                          {"2017-04-10", "2017-05-21", "pass", NULL},
                                          {"2017-05-21", "2017-06-21", "block", "too-long"}};
    struct scratch_book book;
    open_with(&book,
              with_condition("too-long", "      from: 2016-01-01\n"
                                         "      require: \"days_overdue <= 60 days\""),
              "2016-10-20");
    int64_t loan = lend(&book, 60000);
    check_subsidy(&book, loan, "2017-03-20", 42361); /* 61 days: 42,361.11 */
    /* 75,000 less 42,361 is due on 21 March */
    scratch_close_through(&book, "2017-04-09");
    scratch_do(&book, "clerk", "loan.repay", scratch_repayment(&book, loan, 8611, NULL));
    check_date(scratch_loan_load(&book, loan).overdue_since, "2017-03-21");
    check_subsidy(&book, loan, "2017-06-20", 28472);
    check_stretches(decisions_on(&book, loan), want, COUNT_OF(want));
    scratch_book_close(&book);
}

/* Substandard from 91 days on: overdue since 21 December, 90 days on 21 March. One day of the
 * second quarter earns. */
static void the_class_of_each_day_can_be_asked(void **state)
{
    (void)state;
    static const struct stretch want[] = {{"2017-03-21", "2017-03-22", "pass", NULL},
                                          {"2017-03-22", "2017-06-21", "block", "bad"}};
    struct scratch_book book;
    open_with(&book,
              with_condition("bad", "      from: 2016-01-01\n"
                                    "      require: \"class in (normal, special_mention)\""),
              "2016-10-20");
    int64_t loan = lend(&book, 60000);
    check_subsidy(&book, loan, "2017-03-20", 62500);
    check_subsidy(&book, loan, "2017-06-20", 694);
    check_stretches(decisions_on(&book, loan), want, COUNT_OF(want));
    scratch_book_close(&book);
}

/* One year of subsidy a loan: day 0 is the payout, so 60 days are up to 19 December; the 20th is
 * the 61st. 61 days of 604.1666... are 36,854.17. */
static void days_since_payout_can_be_asked(void **state)
{
    (void)state;
    static const struct stretch want[] = {{"2016-10-20", "2016-12-20", "pass", NULL},
                                          {"2016-12-20", "2016-12-21", "block", "long-enough"}};
    struct scratch_book book;
    open_with(&book,
              with_condition("long-enough", "      from: 2016-01-01\n"
                                            "      require: \"days_since_payout <= 60 days\""),
              "2016-10-20");
    int64_t loan = lend(&book, 43500);
    check_subsidy(&book, loan, "2016-12-20", 36854);
    check_stretches(decisions_on(&book, loan), want, COUNT_OF(want));
    scratch_book_close(&book);
}

/* A condition with a last day: until 1 December nothing, then 19 days, 11,479.17. */
static void conditions_begin_and_end_inside_a_period(void **state)
{
    (void)state;
    static const struct stretch want[] = {{"2016-10-20", "2016-12-02", "block", "not-yet"},
                                          {"2016-12-02", "2016-12-21", "pass", NULL}};
    struct scratch_book book;
    open_with(&book,
              with_condition("not-yet", "      from: 2016-01-01\n      until: 2016-12-02\n"
                                        "      require: \"principal < 50000 yuan\""),
              "2016-10-20");
    int64_t loan = lend(&book, 43500);
    check_subsidy(&book, loan, "2016-12-20", 11479);
    check_stretches(decisions_on(&book, loan), want, COUNT_OF(want));
    scratch_book_close(&book);
}

/* 20 October to 31 October are 12 days: 7,250.00; found used otherwise from 1 November on. In
 * December it is found in order again, from the 11th on: 10 days, 6,041.67. Together 22 days,
 * 13,291.67. */
static void money_that_went_elsewhere_earns_nothing_from_the_day_it_was_found(void **state)
{
    (void)state;
    static const struct stretch want[] = {{"2016-10-20", "2016-11-01", "pass", NULL},
                                          {"2016-11-01", "2016-12-11", "block", "used-otherwise"},
                                          {"2016-12-11", "2016-12-21", "pass", NULL}};
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = lend(&book, 43500);
    scratch_close_through(&book, "2016-11-05");
    scratch_do(&book, "risk-officer", "loan.inspect",
               scratch_request(&book, "loan", "1", "finding", "otherwise", "note", "a wedding",
                               "on", "2016-11-01", NULL));
    scratch_close_through(&book, "2016-12-12");
    scratch_do(
        &book, "risk-officer", "loan.inspect",
        scratch_request(&book, "loan", "1", "finding", "as-applied", "on", "2016-12-11", NULL));
    check_subsidy(&book, loan, "2016-12-20", 13292);
    check_stretches(decisions_on(&book, loan), want, COUNT_OF(want));
    scratch_book_close(&book);
}

/* The close goes on, nothing is paid, and the event says why. */
static void what_cannot_be_answered_earns_nothing_and_stops_nothing(void **state)
{
    (void)state;
    static const struct stretch want[] = {{"2016-10-20", "2016-12-21", "block", NULL}};
    struct scratch_book book;
    open_with(&book,
              with_condition("unguarded", "      from: 2016-01-01\n"
                                          "      require: \"used_as_applied\""),
              "2016-10-20");
    int64_t loan = lend(&book, 43500);
    check_subsidy(&book, loan, "2016-12-20", 0);
    const struct canon *decisions = decisions_on(&book, loan);
    check_stretches(decisions, want, COUNT_OF(want));
    check_text_equal(canon_get_text(canon_at(decisions, 0), "unanswered"),
                     "expression.unknown-fact");
    check_text_equal(canon_get_text(canon_get(canon_at(decisions, 0), "facts"), "household_status"),
                     "registered");
    scratch_book_close(&book);
}

/* 31 days up to the payoff on 20 November: 18,729.17. */
static void a_payoff_holds_the_decision_on_its_days(void **state)
{
    (void)state;
    static const struct stretch want[] = {{"2016-10-20", "2016-11-20", "pass", NULL}};
    struct scratch_book book;
    struct money treasury;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = lend(&book, 43500);
    scratch_close_through(&book, "2016-11-19");
    scratch_do(&book, "clerk", "loan.repay", scratch_repayment(&book, loan, 5000000, NULL));
    assert_true(canon_get_fen(canon_get(scratch_out(&book), "settled"), "treasury_fen", &treasury));
    check_fen(treasury, 18729);
    check_stretches(canon_get(book.body, "decision"), want, COUNT_OF(want));
    scratch_book_close(&book);
}

/* county-pilot as it once was, before it had such conditions. */
static void a_policy_that_asks_nothing_leaves_no_decision(void **state)
{
    (void)state;
    size_t length = 0;
    struct scratch_book book;
    open_with(&book,
              file_read(TEST_SOURCE_DIR "/tests/policies/golden/county-pilot/policy.yaml", &length),
              "2016-10-20");
    int64_t loan = lend(&book, 60000);
    check_subsidy(&book, loan, "2016-12-20", 43056);
    assert_null(decisions_on(&book, loan));
    check_subsidy(&book, loan, "2017-03-20", 694);
    assert_null(decisions_on(&book, loan));
    scratch_book_close(&book);
}

static void what_is_not_covered_is_not_asked_about(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "none"), 5000000, 43500, 12);
    check_subsidy(&book, loan, "2016-12-20", 0);
    assert_null(decisions_on(&book, loan));
    scratch_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_period_in_which_nothing_stands_against_it_is_one_decision),
        cmocka_unit_test(a_household_that_leaves_the_register_earns_up_to_that_day),
        cmocka_unit_test(an_overdue_loan_earns_nothing),
        cmocka_unit_test(days_overdue_are_those_of_each_day_of_the_period),
        cmocka_unit_test(days_overdue_count_from_the_oldest_sum_of_that_day),
        cmocka_unit_test(the_class_of_each_day_can_be_asked),
        cmocka_unit_test(days_since_payout_can_be_asked),
        cmocka_unit_test(conditions_begin_and_end_inside_a_period),
        cmocka_unit_test(money_that_went_elsewhere_earns_nothing_from_the_day_it_was_found),
        cmocka_unit_test(what_cannot_be_answered_earns_nothing_and_stops_nothing),
        cmocka_unit_test(a_payoff_holds_the_decision_on_its_days),
        cmocka_unit_test(a_policy_that_asks_nothing_leaves_no_decision),
        cmocka_unit_test(what_is_not_covered_is_not_asked_about),
    };
    return cmocka_run_group_tests_name("decisions on subsidy", tests, NULL, NULL);
}
