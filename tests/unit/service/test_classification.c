/* The class of a loan. Days by hand: 374.58 of interest fall due on 2016-12-21 and are not paid; 1
 * day overdue is 2016-12-22, 91 are 2017-03-22, 181 are 2017-06-20, 271 are 2017-09-18, 361 are
 * 2017-12-17. */
#include "ledger/base/text.h"
#include "tests/support/file.h"
#include "tests/support/scratch_book.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CONDITION                                                                            \
    "  classification:\n"                                                                          \
    "    - id: used-otherwise\n"

static char *with_condition(const char *require, const char *class)
{
    char *row = NULL;
    assert_true(asprintf(&row,
                         "  classification:\n"
                         "    - id: tested\n"
                         "      from: 2016-01-01\n"
                         "      require: \"%s\"\n"
                         "      otherwise: %s\n"
                         "      message: {zh: 一, en: one}\n"
                         "      clause: test\n"
                         "    - id: used-otherwise\n",
                         require, class) > 0);
    char *text = policy_text_with(county_pilot(), FIRST_CONDITION, row);
    free(row);
    return text;
}

static void open_with(struct scratch_book *book, char *policy)
{
    scratch_book_open(book, policy, "2016-10-20");
    free(policy);
}

/* Owes its own interest. */
static int64_t lend_unpaid(struct scratch_book *book)
{
    return scratch_loan(book, scratch_household(book, "none"), 5000000, 43500, 24);
}

static const struct canon *decision_on(const struct scratch_book *book, int64_t loan)
{
    const struct canon *rows = canon_get(book->body, "rows");
    for (size_t i = 0; rows != NULL && i < canon_count(rows); i++) {
        int64_t number = 0;
        if (canon_get_int(canon_get(canon_at(rows, i), "out"), "loan", &number) && number == loan) {
            const struct canon *decisions = canon_get(canon_at(rows, i), "decision");
            return decisions == NULL ? NULL : canon_at(decisions, canon_count(decisions) - 1);
        }
    }
    return NULL;
}

/* The class changes at the close of this day and not on the day before. */
static void check_becomes(struct scratch_book *book, int64_t loan, const char *day,
                          const char *before, const char *class)
{
    char eve[DATE_TEXT_SIZE];
    struct date on;
    struct error err = {0};

    check_ok(date_parse(day, &on, &err), &err);
    if (date_compare(book->day, on) < 0) {
        scratch_close_through(book, date_format(date_add_days(on, -1), eve));
    }
    check_text_equal(scratch_loan_load(book, loan).class, before);
    scratch_close_through(book, day);
    check_text_equal(scratch_loan_load(book, loan).class, class);
    const struct canon *row = scratch_row(book, loan);
    assert_non_null(row);
    check_text_equal(canon_get_text(row, "class"), class);
    const struct canon *decision = decision_on(book, loan);
    assert_non_null(decision);
    check_text_equal(canon_get_text(decision, "point"), "classification");
    check_text_equal(canon_get_text(decision, "class"), class);
}

static void a_loan_in_arrears_goes_down_the_table(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = lend_unpaid(&book);
    check_becomes(&book, loan, "2016-12-22", "normal", "special_mention");
    check_text_equal(canon_get_text(canon_get(decision_on(&book, loan), "facts"), "days_overdue"),
                     "1 day");
    assert_non_null(canon_get(canon_get(decision_on(&book, loan), "parameters"), "loan_class"));
    check_becomes(&book, loan, "2017-03-22", "special_mention", "substandard");
    check_becomes(&book, loan, "2017-09-18", "substandard", "doubtful");
    check_becomes(&book, loan, "2017-12-17", "doubtful", "loss");
    scratch_book_close(&book);
}

/* On days on which neither interest is settled nor the class changes nobody looks at it. */
static void between_two_classes_nothing_is_done(void **state)
{
    (void)state;
    static const char *const quiet[] = {"2016-12-23", "2017-03-19", "2017-03-21", "2017-06-19",
                                        "2017-09-17"};
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    lend_unpaid(&book);
    for (size_t i = 0; i < COUNT_OF(quiet); i++) {
        scratch_close_through(&book, quiet[i]);
        assert_null(canon_get(book.body, "rows"));
    }
    scratch_book_close(&book);
}

static void a_loan_that_pays_is_normal_again_at_the_close(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = lend_unpaid(&book);
    scratch_close_through(&book, "2016-12-30");
    scratch_do(&book, "clerk", "loan.repay", scratch_repayment(&book, loan, 37458, NULL));
    check_text_equal(scratch_loan_load(&book, loan).class, "special_mention");
    check_becomes(&book, loan, "2016-12-31", "special_mention", "normal");
    scratch_close_through(&book, "2017-01-01");
    assert_null(scratch_row(&book, loan));
    scratch_book_close(&book);
}

/* The second quarter's 543.75 fall due on 2017-03-21. Paid the first on 30 March (99 days), the
 * loan is 9 days overdue. */
static void paying_the_oldest_sum_makes_a_better_class(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = lend_unpaid(&book);
    scratch_close_through(&book, "2017-03-29");
    scratch_do(&book, "clerk", "loan.repay", scratch_repayment(&book, loan, 37458, NULL));
    check_becomes(&book, loan, "2017-03-30", "substandard", "special_mention");
    /* 91 days after 21 March */
    check_becomes(&book, loan, "2017-06-20", "special_mention", "substandard");
    scratch_book_close(&book);
}

static void a_condition_makes_it_worse_than_the_table(void **state)
{
    (void)state;
    struct scratch_book book;
    open_with(&book, with_condition("days_overdue <= 180 days", "doubtful"));
    int64_t loan = lend_unpaid(&book);
    check_becomes(&book, loan, "2017-03-22", "special_mention", "substandard");
    check_becomes(&book, loan, "2017-06-20", "substandard", "doubtful");
    const struct canon *condition = canon_at(canon_get(decision_on(&book, loan), "conditions"), 0);
    check_text_equal(canon_get_text(condition, "id"), "tested");
    check_text_equal(canon_get_text(condition, "outcome"), "warn");
    check_becomes(&book, loan, "2017-12-17", "doubtful", "loss");
    scratch_book_close(&book);
}

static void money_that_went_elsewhere_is_watched_from_that_close_on(void **state)
{
    (void)state;
    struct scratch_book book;
    scratch_book_open(&book, NULL, "2016-10-20");
    int64_t loan = scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 43500, 12);
    scratch_close_through(&book, "2016-11-04");
    scratch_do(
        &book, "risk-officer", "loan.inspect",
        scratch_request(&book, "loan", "1", "finding", "otherwise", "note", "a wedding", NULL));
    check_becomes(&book, loan, "2016-11-05", "normal", "special_mention");
    scratch_close_through(&book, "2016-11-09");
    scratch_do(&book, "risk-officer", "loan.inspect",
               scratch_request(&book, "loan", "1", "finding", "as-applied", NULL));
    check_becomes(&book, loan, "2016-11-10", "special_mention", "normal");
    scratch_book_close(&book);
}

static void what_cannot_be_answered_leaves_the_table(void **state)
{
    (void)state;
    struct scratch_book book;
    open_with(&book, with_condition("used_as_applied", "loss"));
    int64_t loan = lend_unpaid(&book);
    check_becomes(&book, loan, "2016-12-22", "normal", "special_mention");
    check_text_equal(canon_get_text(decision_on(&book, loan), "unanswered"),
                     "expression.unknown-fact");
    check_becomes(&book, loan, "2017-03-22", "special_mention", "substandard");
    scratch_book_close(&book);
}

/* county-pilot as it once was. */
static void a_policy_that_keeps_no_classes_goes_on_as_before(void **state)
{
    (void)state;
    size_t length = 0;
    struct scratch_book book;
    open_with(&book, file_read(TEST_SOURCE_DIR "/tests/policies/golden/county-pilot/policy.yaml",
                               &length));
    int64_t loan = lend_unpaid(&book);
    scratch_close_through(&book, "2016-12-22");
    assert_null(canon_get_text(scratch_row(&book, loan), "class"));
    scratch_close_through(&book, "2017-09-18");
    assert_null(canon_get(book.body, "rows"));
    check_text_equal(scratch_loan_load(&book, loan).class, "normal");
    scratch_book_close(&book);
}

/* What the lending decision of an application reads today. */
static void check_bad_loans(struct scratch_book *book, const char *ratio)
{
    int64_t household = scratch_household(book, "registered");
    scratch_do(book, "clerk", "loan.apply",
               scratch_application(book, household, 1000000, 43500, 12));
    const struct canon *decisions = canon_get(book->body, "decision");
    for (size_t i = 0; i < canon_count(decisions); i++) {
        const struct canon *one = canon_at(decisions, i);
        if (text_equal(canon_get_text(one, "point"), "lending")) {
            check_text_equal(canon_get_text(canon_get(one, "facts"), "npl_ratio"), ratio);
            return;
        }
    }
    fail_msg("nobody asked whether the county lends");
}

static void find(struct scratch_book *book, const char *loan, const char *finding)
{
    scratch_do(book, "risk-officer", "loan.inspect",
               scratch_request(book, "loan", loan, "finding", finding, "note", "a wedding", NULL));
}

static char *wrong_use_is_bad(char *text)
{
    text = policy_text_with(text, "otherwise: special_mention", "otherwise: substandard");
    return policy_text_with(text, "npl_ratio <= 5%", "npl_ratio <= 100%");
}

/* Of 40,000.00 lent, L2 has 10,000.00: a quarter. L1 is overdue from 2016-12-21 on. The day on
 * which L2's money was elsewhere earns no subsidy: of 74.92 for 62 days 73.71 for 61, 1.21 are its
 * own. */
static void a_class_given_by_a_condition_counts_among_the_bad_loans(void **state)
{
    (void)state;
    struct scratch_book book;
    open_with(&book, wrong_use_is_bad(county_pilot()));
    scratch_loan(&book, scratch_household(&book, "none"), 3000000, 43500, 24);
    scratch_loan(&book, scratch_household(&book, "registered"), 1000000, 43500, 24);
    scratch_close_through(&book, "2016-11-04");
    find(&book, "2", "otherwise");
    check_bad_loans(&book, "0%");
    scratch_close_through(&book, "2016-11-05");
    check_bad_loans(&book, "25%");
    find(&book, "2", "as-applied");
    check_bad_loans(&book, "25%");
    scratch_close_through(&book, "2016-11-06");
    check_bad_loans(&book, "0%");

    scratch_close_through(&book, "2016-12-20");
    scratch_do(&book, "clerk", "loan.repay", scratch_repayment(&book, 2, 121, NULL));
    scratch_close_through(&book, "2017-03-20");
    check_bad_loans(&book, "0%"); /* L1: 90 days today */
    scratch_close_through(&book, "2017-03-21");
    check_bad_loans(&book, "75%"); /* 91 today, and no close has classed it */
    find(&book, "2", "otherwise");
    scratch_close_through(&book, "2017-03-22");
    check_bad_loans(&book, "100%"); /* each once */
    scratch_close_through(&book, "2017-12-17");
    check_text_equal(scratch_loan_load(&book, 1).class, "loss");
    check_bad_loans(&book, "100%");
    scratch_book_close(&book);
}

/* What a version before it kept is on record still, and nobody goes by it. */
static void without_classes_the_table_alone_says_which_loans_are_bad(void **state)
{
    (void)state;
    struct scratch_book book;
    size_t length = 0;
    open_with(&book, wrong_use_is_bad(county_pilot()));
    scratch_loan(&book, scratch_household(&book, "registered"), 1000000, 43500, 24);
    scratch_close_through(&book, "2016-11-04");
    find(&book, "1", "otherwise");
    scratch_close_through(&book, "2016-11-05");
    check_bad_loans(&book, "100%");
    char *without =
        file_read(TEST_SOURCE_DIR "/tests/policies/golden/county-pilot/policy.yaml", &length);
    scratch_policy(&book, without);
    free(without);
    scratch_close_through(&book, "2016-11-06");
    check_text_equal(scratch_loan_load(&book, 1).class, "substandard");
    check_bad_loans(&book, "0%");
    scratch_book_close(&book);
}

/* What is found while no classes are kept changes none. 11-09 is the first close that keeps them
 * again; the loan settles on 12-20 only. */
static void a_class_that_an_older_version_gave_is_decided_when_classes_begin_again(void **state)
{
    (void)state;
    struct scratch_book book;
    size_t length = 0;
    char *without =
        file_read(TEST_SOURCE_DIR "/tests/policies/golden/county-pilot/policy.yaml", &length);
    char *with = wrong_use_is_bad(county_pilot());
    scratch_book_open(&book, with, "2016-10-20");
    scratch_loan(&book, scratch_household(&book, "registered"), 1000000, 43500, 24);
    scratch_close_through(&book, "2016-11-04");
    find(&book, "1", "otherwise");
    scratch_close_through(&book, "2016-11-05");
    scratch_policy(&book, without);
    scratch_close_through(&book, "2016-11-06");
    find(&book, "1", "as-applied");
    scratch_close_through(&book, "2016-11-07");
    check_text_equal(scratch_loan_load(&book, 1).class, "substandard");
    scratch_policy(&book, with);
    scratch_close_through(&book, "2016-11-08");
    check_text_equal(scratch_loan_load(&book, 1).class, "substandard");
    scratch_close_through(&book, "2016-11-09");
    check_text_equal(canon_get_text(scratch_row(&book, 1), "class"), "normal");
    check_text_equal(scratch_loan_load(&book, 1).class, "normal");
    check_bad_loans(&book, "0%");
    free(with);
    free(without);
    scratch_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loan_in_arrears_goes_down_the_table),
        cmocka_unit_test(between_two_classes_nothing_is_done),
        cmocka_unit_test(a_loan_that_pays_is_normal_again_at_the_close),
        cmocka_unit_test(paying_the_oldest_sum_makes_a_better_class),
        cmocka_unit_test(a_condition_makes_it_worse_than_the_table),
        cmocka_unit_test(money_that_went_elsewhere_is_watched_from_that_close_on),
        cmocka_unit_test(what_cannot_be_answered_leaves_the_table),
        cmocka_unit_test(a_policy_that_keeps_no_classes_goes_on_as_before),
        cmocka_unit_test(a_class_given_by_a_condition_counts_among_the_bad_loans),
        cmocka_unit_test(without_classes_the_table_alone_says_which_loans_are_bad),
        cmocka_unit_test(a_class_that_an_older_version_gave_is_decided_when_classes_begin_again),
    };
    return cmocka_run_group_tests_name("classes of loans", tests, NULL, NULL);
}
