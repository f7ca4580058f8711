/* The tests beside a policy: how strictly they are read, that a wrong expectation fails, and what
 * coverage says. */
#include "rules/policy_test.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <stdlib.h>
#include <string.h>

#define PILOT TEST_SOURCE_DIR "/rules/policies/county-pilot.yaml"
#define BY_STEPS TEST_SOURCE_DIR "/rules/policies/insurer-70-bank-30.yaml"
#define PILOT_TESTS TEST_SOURCE_DIR "/rules/policies/county-pilot.tests.yaml"

struct bench {
    struct arena arena;
    struct policy *policy;
    const struct policy_tests *tests;
    struct test_report report;
};

static int open_policy(void **state, const char *file)
{
    struct bench *bench = calloc(1, sizeof *bench);
    struct error err = {0};
    size_t length = 0;
    char *bytes = file_read(file, &length);
    assert_non_null(bench);
    arena_init(&bench->arena, (size_t)16 << 20);
    check_ok(policy_load("x.yaml", bytes, length, &bench->policy, &err), &err);
    free(bytes);
    *state = bench;
    return 0;
}

static int open_bench(void **state)
{
    return open_policy(state, PILOT);
}

/* Its recoveries go back by steps. */
static int open_bench_by_steps(void **state)
{
    return open_policy(state, BY_STEPS);
}

static int close_bench(void **state)
{
    struct bench *bench = *state;
    policy_free(bench->policy);
    arena_release(&bench->arena);
    free(bench);
    return 0;
}

static bool load(struct bench *bench, const char *text, struct error *err)
{
    return policy_tests_load(&bench->arena, "x.tests.yaml", text, strlen(text), bench->policy,
                             &bench->tests, err);
}

static void run(struct bench *bench, const char *text)
{
    struct error err = {0};
    check_ok(load(bench, text, &err), &err);
    policy_tests_run(bench->tests, &bench->arena, &bench->report);
}

static bool has_gap(const struct test_report *report, const char *section, const char *subject,
                    const char *text)
{
    for (size_t i = 0; i < report->gaps; i++) {
        const struct test_gap *gap = &report->gap[i];
        if (strcmp(gap->section, section) == 0 && strcmp(gap->subject, subject) == 0 &&
            strcmp(gap->text, text) == 0) {
            return true;
        }
    }
    return false;
}

/* Places are counted in these texts by hand. */
static void a_malformed_file_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text, *reason;
        int line, column;
    } cases[] = {
        {"tests: other\nvalues: []\n", "policy.tests-of-other", 1, 8},
        {"tests: county-pilot\n", "policy.missing-key", 1, 1},
        {"tests: county-pilot\nvalues: []\n", "policy.missing-key", 1, 1},
        {"tests: county-pilot\nvalue: []\n", "policy.unknown-key", 2, 1},
        {"tests: county-pilot\nvalues:\n  - {parameter: settle_day, on: 2016-02-30, expect: 20}\n",
         "policy.value", 3, 33},
        {"tests: county-pilot\nvalues:\n  - {parameter: settle_day, on: 2016-10-20, expect: 20%}\n",
         "policy.value", 3, 53},
        {"tests: county-pilot\nvalues:\n  - {parameter: settle, on: 2016-10-20, expect: 20}\n",
         "policy.value", 3, 17},
        {"tests: county-pilot\nclaim:\n  cases:\n    - {case: a, expect: pass}\n",
         "policy.missing-key", 4, 7},
        {"tests: county-pilot\nclaim:\n  on: 2018-01-18\n  cases:\n"
         "    - {case: a, expect: maybe}\n",
         "policy.value", 5, 25},
        {"tests: county-pilot\nclaim:\n  on: 2018-01-18\n  cases:\n"
         "    - {case: a, expect: block}\n",
         "policy.value", 5, 25},
        {"tests: county-pilot\nclaim:\n  on: 2018-01-18\n  cases:\n"
         "    - {case: a, expect: pass, because: nothing-covered}\n",
         "policy.value", 5, 25},
        {"tests: county-pilot\nclaim:\n  on: 2018-01-18\n  cases:\n"
         "    - {case: a, expect: block, because: nothing}\n",
         "policy.value", 5, 41},
        {"tests: county-pilot\nclaim:\n  on: 2018-01-18\n  cases:\n"
         "    - {case: a, given: {amount: 5 yuan}, expect: pass}\n",
         "policy.unknown-key", 5, 25},
        {"tests: county-pilot\nclaim:\n  on: 2018-01-18\n  cases:\n"
         "    - {case: a, given: {days_overdue: 90}, expect: pass}\n",
         "policy.value", 5, 39},
        {"tests: county-pilot\nclaim:\n  on: 2018-01-18\n  usual: {product: tractor}\n"
         "  cases: [{case: a, expect: pass}]\n",
         "policy.value", 4, 20},
        {"tests: county-pilot\nloss:\n  - {case: a, on: 2018-01-21, loss: -5 yuan,"
         " fund_free_balance: 1 yuan, expect: {}}\n",
         "policy.range", 3, 37},
        {"tests: county-pilot\nloss:\n  - {case: a, on: 2018-01-21, loss: 5 yuan,"
         " fund_free_balance: 1 yuan, expect: {county: 5 yuan}}\n",
         "policy.unknown-key", 3, 81},
        {"tests: county-pilot\nloss:\n  - {case: a, on: 2018-01-21, expect: {}}\n",
         "policy.missing-key", 3, 5},
        {"tests: county-pilot\nloss:\n  - {case: a, on: 2018-01-21, loss: 5 yuan, expect: {},"
         " given: {colour: red}}\n",
         "policy.unknown-key", 3, 65},
        {"tests: county-pilot\nbands:\n  - {table: classes, on: 2018-01-21, of: 0 days,"
         " expect: normal}\n",
         "policy.value", 3, 13},
        {"tests: county-pilot\nbands:\n  - {table: loan_class, on: 2018-01-21, of: 0 days,"
         " expect: bad}\n",
         "policy.value", 3, 61},
        {"tests: county-pilot\nrepayment:\n  - {case: a, on: 2018-01-21, days_overdue: 1 day,"
         " due: {fee: 1 yuan}, paid: 1 yuan, expect: {}}\n",
         "policy.unknown-key", 3, 58},
        {"tests: county-pilot\nclassification:\n  on: 2017-03-20\n  cases:\n"
         "    - {case: a, expect: block}\n",
         "policy.value", 5, 25},
        {"tests: county-pilot\nclassification:\n  on: 2017-03-20\n  cases:\n"
         "    - {case: a, expect: error}\n",
         "policy.value", 5, 25},
        {"tests: county-pilot\ntests: county-pilot\n", "policy.duplicate-key", 2, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        bool ok = load(*state, cases[i].text, &err);
        if (ok || strcmp(err.reason, cases[i].reason) != 0 || err.line != cases[i].line ||
            err.column != cases[i].column) {
            print_error("%s-> %s %d:%d %s\n", cases[i].text, err.reason, err.line, err.column,
                        err.text);
            fail();
        }
    }
}

static void too_many_cases_are_refused(void **state)
{
    char *text = NULL;
    size_t length = 0;
    struct error err = {0};
    FILE *out = open_memstream(&text, &length);
    fputs("tests: county-pilot\nvalues:\n", out);
    for (int i = 0; i < 600; i++) {
        fputs("  - {parameter: settle_day, on: 2016-10-20, expect: 20}\n", out);
    }
    fclose(out);
    check_refused(load(*state, text, &err), &err, "policy.too-large");
    free(text);
}

static void the_shipped_tests_pass(void **state)
{
    struct bench *bench = *state;
    size_t length = 0;
    char *text = file_read(PILOT_TESTS, &length);
    run(bench, text);
    free(text);
    check_int_equal((int64_t)bench->report.failures, 0);
    assert_true(bench->report.cases >= 45);
}

/* Each expectation is wrong in one thing, and fails by what it says. */
static void a_wrong_expectation_fails(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"claim:\n  on: 2018-01-18\n  cases:\n    - {case: a, expect: pass,"
         " given: {days_overdue: 89 days, covered_unpaid: 1 yuan, collection_notices: 1}}\n",
         "expected pass, got block (not-yet-overdue-long-enough)"},
        {"claim:\n  on: 2018-01-18\n  cases:\n    - {case: a, expect: warn,"
         " because: not-yet-overdue-long-enough,"
         " given: {days_overdue: 89 days, covered_unpaid: 1 yuan, collection_notices: 1}}\n",
         "expected warn (not-yet-overdue-long-enough),"
         " got block (not-yet-overdue-long-enough)"},
        {"claim:\n  on: 2018-01-18\n  cases:\n    - {case: a, expect: block,"
         " because: not-yet-overdue-long-enough,"
         " given: {days_overdue: 89 days, covered_unpaid: 0 yuan, collection_notices: 1}}\n",
         "expected block (not-yet-overdue-long-enough),"
         " got block (not-yet-overdue-long-enough, nothing-covered)"},
        {"claim:\n  on: 2018-01-18\n  cases:\n    - {case: a, expect: block,"
         " because: 'nothing-covered, not-yet-overdue-long-enough',"
         " given: {days_overdue: 89 days, covered_unpaid: 1 yuan, collection_notices: 1}}\n",
         "expected block (nothing-covered, not-yet-overdue-long-enough),"
         " got block (not-yet-overdue-long-enough)"},
        {"claim:\n  on: 2018-01-18\n  cases:\n    - {case: a, expect: error,"
         " because: expression.unknown-fact,"
         " given: {days_overdue: 90 days, covered_unpaid: 1 yuan, collection_notices: 1}}\n",
         "expected error (expression.unknown-fact), got pass"},
        {"claim:\n  on: 2018-01-18\n  cases:\n    - {case: a, expect: error,"
         " because: expression.overflow, given: {days_overdue: 90 days}}\n",
         "expected error (expression.overflow), got error (expression.unknown-fact)"},
        {"subsidy:\n  on: 2017-03-20\n  cases:\n    - {case: a, expect: pass, given: {overdue: yes,"
         " household_status: registered}}\n",
         "expected pass, got block (overdue)"},
        {"classification:\n  on: 2017-03-20\n  cases:\n    - {case: a, expect: doubtful, given:"
         " {days_overdue: 91 days}}\n",
         "expected doubtful, got substandard"},
        {"classification:\n  on: 2017-03-20\n  cases:\n    - {case: a, expect: substandard, "
         "because:"
         " used-otherwise, given: {days_overdue: 91 days}}\n",
         "expected substandard (used-otherwise), got substandard"},
        {"values:\n  - {parameter: subsidy_share, on: 2016-10-20, expect: 70%}\n",
         "expected 70%, got 100%"},
        {"loss:\n  - {case: a, on: 2018-01-21, loss: 50000.03 yuan, fund_free_balance: 9000 yuan,"
         " expect: {insurer: 35000.02 yuan, fund: 7500.01 yuan, bank: 7500 yuan}}\n",
         "fund: expected 7,500.01, got 7,500.00; bank: expected 7,500.00, got 7,500.01"},
        {"recovery:\n  - {case: a, on: 2018-01-21, recovered: 1 yuan,"
         " borne: {insurer: 7 yuan, bank: 3 yuan}, expect: {insurer: 1 yuan}}\n",
         "insurer: expected 1.00, got 0.70; bank: expected 0.00, got 0.30"},
        {"bands:\n  - {table: loan_class, on: 2018-01-21, of: 90 days, expect: substandard}\n",
         "expected substandard, got special_mention"},
        {"repayment:\n  - {case: a, on: 2018-01-21, days_overdue: 1 day, due: {interest: 1 yuan},"
         " paid: 3 yuan, expect: {penalty: 1 yuan}, left_over: 1 yuan}\n",
         "penalty: expected 1.00, got 0.00; interest: expected 0.00, got 1.00; left over: expected"
         " 1.00, got 2.00"},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = NULL;
        assert_true(asprintf(&text, "tests: county-pilot\n%s", cases[i].text) > 0);
        run(bench, text);
        free(text);
        check_int_equal((int64_t)bench->report.failures, 1);
        check_text_equal(bench->report.failure[0].text, cases[i].says);
    }
}

/* What cannot be decided or shared is a failure too, not an abort. */
static void what_cannot_be_answered_fails(void **state)
{
    struct bench *bench = *state;
    run(bench, "tests: county-pilot\n"
               "claim:\n  on: 2018-01-18\n  cases:\n    - {case: a, expect: pass}\n"
               "values:\n  - {parameter: settle_day, on: 2015-12-31, expect: 20}\n"
               "loss:\n  - {case: c, on: 2015-12-31, loss: 1 yuan, fund_free_balance: 1 yuan,"
               " expect: {}}\n"
               "recovery:\n  - {case: d, on: 2018-01-21, borne: {bank: 1 yuan},"
               " recovered: 1.01 yuan, expect: {}}\n");
    check_int_equal((int64_t)bench->report.failures, 4);
    static const char *const reasons[] = {"[expression.unknown-fact]", "[policy.not-in-force]",
                                          "[policy.not-in-force]", "[policy.recovery-over-loss]"};
    for (size_t i = 0; i < 4; i++) {
        assert_non_null(strstr(bench->report.failure[i].text, reasons[i]));
    }
    check_int_equal(bench->report.failure[0].line, 5);
}

static void coverage_names_what_was_never_seen(void **state)
{
    struct bench *bench = *state;
    run(bench, "tests: county-pilot\n"
               "claim:\n  on: 2018-01-18\n  cases:\n    - {case: a, expect: block,"
               " because: nothing-covered,"
               " given: {days_overdue: 90 days, covered_unpaid: 0 yuan, collection_notices: 1}}\n"
               "loss:\n  - {case: b, on: 2018-01-21, loss: 100 yuan, fund_free_balance: 100 yuan,"
               " expect: {insurer: 70 yuan, fund: 15 yuan, bank: 15 yuan}}\n");
    const struct test_report *report = &bench->report;
    check_int_equal((int64_t)report->failures, 0);
    /* Seen are: one side of each condition of the claim, the last as not asked, claim_after_days,
     * three parts of a loss. */
    check_int_equal((int64_t)(report->points - report->gaps), 4 + 1 + 3);
    assert_true(has_gap(report, "claim", "not-yet-overdue-long-enough", "never seen not to hold"));
    assert_false(has_gap(report, "claim", "not-yet-overdue-long-enough", "never seen to hold"));
    assert_true(has_gap(report, "claim", "nothing-covered", "never seen to hold"));
    assert_false(has_gap(report, "claim", "nothing-covered", "never seen not to hold"));
    assert_true(has_gap(report, "eligibility", "over-household-limit", "never seen not to apply"));
    assert_true(has_gap(report, "loss", "fund",
                        "step from 2016-01-01: never seen at its limit “free balance”"));
    assert_false(has_gap(report, "loss", "fund", "step from 2016-01-01: never seen to pay"));
    assert_true(has_gap(report, "values", "term_max", "the row from 2016-01-01 is never read"));
    assert_false(
        has_gap(report, "values", "claim_after_days", "the row from 2016-01-01 is never read"));
}

static size_t gaps_of(const struct test_report *report, const char *section, const char *subject)
{
    size_t gaps = 0;
    for (size_t i = 0; i < report->gaps; i++) {
        gaps += strcmp(report->gap[i].section, section) == 0 &&
                strcmp(report->gap[i].subject, subject) == 0;
    }
    return gaps;
}

#define FOUR_CLASSES                                                                               \
    "bands:\n"                                                                                     \
    "  - {table: loan_class, on: 2018-01-21, of: 0 days, expect: normal}\n"                        \
    "  - {table: loan_class, on: 2018-01-21, of: 90 days, expect: special_mention}\n"              \
    "  - {table: loan_class, on: 2018-01-21, of: 91 days, expect: substandard}\n"                  \
    "  - {table: loan_class, on: 2018-01-21, of: 361 days, expect: loss}\n"

/* What bounds a step, and cases by hand, each seeing one more of it than those before:
 *    2,000: 70 % of the 1,000 above the deductible = 700
 *    1,500: 70 % of 500 = 350, so the floor, 500
 *   21,000: 70 % of 20,000 = 14,000, cut off at 10,000; the second cap would be 12,000
 *   the same with 5,000 borne: cut off at 12,000 - 5,000 = 7,000
 * The fund has half of what the share leaves, whatever was cut off; the bank the remainder. */
#define BOUNDS                                                                                     \
    "          deductible: 1000 yuan\n          at_least: 500 yuan\n"                              \
    "          at_most: [10000 yuan, \"12000 yuan - borne_this_year\"]\n"
#define LOSS_CASE(loss, borne, parts)                                                              \
    "  - {case: " loss " after " borne ", on: 2018-01-21, loss: " loss " yuan,"                    \
    " fund_free_balance: 90000 yuan, borne_this_year: {insurer: " borne " yuan}, expect: {" parts  \
    "}}\n"

static int open_bench_with_bounds(void **state)
{
    static const char step[] = "          of: loss\n          rounding: down\n";
    struct bench *bench = NULL;
    struct error err = {0};
    size_t length = 0;
    char *text = NULL;
    char *base = file_read(PILOT, &length);
    const char *at = strstr(base, step);
    assert_non_null(at);
    assert_true(asprintf(&text, "%.*s" BOUNDS "%s", (int)(at - base) + (int)strlen(step), base,
                         at + strlen(step)) > 0);
    open_policy(state, PILOT);
    bench = *state;
    policy_free(bench->policy);
    check_ok(policy_load("x.yaml", text, strlen(text), &bench->policy, &err), &err);
    free(text);
    free(base);
    return 0;
}

static void what_bounds_a_step_is_a_point_each(void **state)
{
    static const char *const cases[] = {
        LOSS_CASE("2000", "0", "insurer: 700 yuan, fund: 650 yuan, bank: 650 yuan"),
        LOSS_CASE("1500", "0", "insurer: 500 yuan, fund: 500 yuan, bank: 500 yuan"),
        LOSS_CASE("21000", "0", "insurer: 10000 yuan, fund: 3500 yuan, bank: 7500 yuan"),
        LOSS_CASE("21000", "5000", "insurer: 7000 yuan, fund: 3500 yuan, bank: 10500 yuan"),
    };
    static const char *const gap[] = {
        "step from 2016-01-01: “1000 yuan” never seen to be deducted",
        "step from 2016-01-01: never seen raised to “500 yuan”",
        "step from 2016-01-01: never seen at its limit “10000 yuan”",
        "step from 2016-01-01: never seen at its limit “12000 yuan - borne_this_year”",
    };
    struct bench *bench = *state;
    char text[2000] = "tests: county-pilot\nloss:\n";
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        (void)strncat(text, cases[i], sizeof text - strlen(text) - 1);
        run(bench, text);
        check_int_equal((int64_t)bench->report.failures, 0);
        for (size_t k = 0; k < COUNT_OF(gap); k++) {
            assert_int_equal(has_gap(&bench->report, "loss", "insurer", gap[k]), k > i);
        }
    }
    /* Insurer, fund and remainder paying, and the four; not the fund's limit. */
    check_int_equal((int64_t)(bench->report.points - bench->report.gaps), 3 + 4);
}

/* Of the five bands of the policy the cases hit four, then all. */
static void a_band_not_hit_is_named(void **state)
{
    static const char doubtful[] =
        "row from 2016-01-01: no case in “from 271 days to 360 days: doubtful”";
    struct bench *bench = *state;
    run(bench, "tests: county-pilot\n" FOUR_CLASSES);
    check_int_equal((int64_t)bench->report.failures, 0);
    check_int_equal((int64_t)(bench->report.points - bench->report.gaps), 4);
    check_int_equal((int64_t)gaps_of(&bench->report, "bands", "loan_class"), 1);
    assert_true(has_gap(&bench->report, "bands", "loan_class", doubtful));

    run(bench, "tests: county-pilot\n" FOUR_CLASSES
               "  - {table: loan_class, on: 2018-01-21, of: 360 days, expect: doubtful}\n");
    check_int_equal((int64_t)bench->report.failures, 0);
    check_int_equal((int64_t)(bench->report.points - bench->report.gaps), 5);
    check_int_equal((int64_t)gaps_of(&bench->report, "bands", "loan_class"), 0);
}

/* 70 % of one fen, rounded down, is nothing: the fen goes to the bank. Of 1 yuan it is 0.70. */
static void a_step_of_a_recovery_that_got_nothing_is_named(void **state)
{
    static const char step[] = "step from 2016-01-01: never seen to get anything back";
    static const char rest[] = "remainder from 2016-01-01: never seen to get anything back";
    struct bench *bench = *state;
    run(bench, "tests: insurer-70-bank-30\nrecovery:\n"
               "  - {case: a, on: 2018-01-21, borne: {insurer: 7 yuan, bank: 3 yuan},"
               " recovered: 0.01 yuan, expect: {bank: 0.01 yuan}}\n");
    check_int_equal((int64_t)bench->report.failures, 0);
    check_int_equal((int64_t)(bench->report.points - bench->report.gaps), 1);
    assert_true(has_gap(&bench->report, "recovery", "insurer", step));
    assert_false(has_gap(&bench->report, "recovery", "bank", rest));

    run(bench, "tests: insurer-70-bank-30\nrecovery:\n"
               "  - {case: a, on: 2018-01-21, borne: {insurer: 7 yuan, bank: 3 yuan},"
               " recovered: 1 yuan, expect: {insurer: 0.70 yuan, bank: 0.30 yuan}}\n");
    check_int_equal((int64_t)bench->report.failures, 0);
    check_int_equal((int64_t)(bench->report.points - bench->report.gaps), 2);
    check_int_equal((int64_t)gaps_of(&bench->report, "recovery", "insurer"), 0);
    check_int_equal((int64_t)gaps_of(&bench->report, "recovery", "bank"), 0);
}

/* The days of a case pick the rows: what was signed before a change keeps its value. */
static void the_days_of_a_case_pick_the_rows(void **state)
{
    (void)state;
    struct bench bench = {0};
    struct error err = {0};
    size_t length = 0;
    char *base = file_read(PILOT, &length);
    static const char row[] = "        value: 65 years\n";
    char *at = strstr(base, row);
    char *text = NULL;
    assert_non_null(at);
    at += strlen(row);
    char *clause_end = strstr(at, "\n\n");
    assert_non_null(clause_end);
    assert_true(asprintf(&text,
                         "%.*s\n      - from: 2024-01-01\n        value: 60 years\n"
                         "        clause: Notice of 2024.%s",
                         (int)(clause_end - base), base, clause_end) > 0);
    arena_init(&bench.arena, (size_t)16 << 20);
    check_ok(policy_load("x", text, strlen(text), &bench.policy, &err), &err);
    run(&bench, "tests: county-pilot\neligibility:\n  on: 2024-06-01\n"
                "  usual: {product: household, amount: 1 yuan, term: 1 month, purpose: breeding,"
                " household_balance: 0 yuan, household_approved: 0 yuan,"
                " household_overdue_loans: 0, applicant_age: 61 years}\n"
                "  cases:\n"
                "    - {case: new, expect: warn, because: age-out-of-range}\n"
                "    - {case: applied for before, applied: 2023-12-31, expect: pass}\n"
                "    - {case: signed before, signed: 2023-12-31, expect: warn,"
                " because: age-out-of-range}\n");
    check_int_equal((int64_t)bench.report.failures, 0);
    policy_free(bench.policy);
    arena_release(&bench.arena);
    free(text);
    free(base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_malformed_file_is_refused_with_its_place, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(too_many_cases_are_refused, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(the_shipped_tests_pass, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(a_wrong_expectation_fails, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(what_cannot_be_answered_fails, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(coverage_names_what_was_never_seen, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(what_bounds_a_step_is_a_point_each, open_bench_with_bounds,
                                        close_bench),
        cmocka_unit_test_setup_teardown(a_band_not_hit_is_named, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(a_step_of_a_recovery_that_got_nothing_is_named,
                                        open_bench_by_steps, close_bench),
        cmocka_unit_test(the_days_of_a_case_pick_the_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
