#include "rules/policy_test_model.h"

#include "ledger/base/text.h"

#include <assert.h>

struct running {
    const struct policy_tests *tests;
    struct arena *arena;
    struct coverage *coverage;
    struct test_report *report;
};

static void fail(const struct running *r, const struct case_name *name, const char *text)
{
    struct test_report *report = r->report;
    report->failure[report->failures++] =
        (struct test_failure){name->section, name->title, name->line, text};
}

static void fail_with(const struct running *r, const struct case_name *name,
                      const struct error *err)
{
    fail(r, name, arena_printf(r->arena, "%s [%s]", err->text, err->reason));
}

/* --- decisions -------------------------------------------------------------------------------- */

size_t policy_tests_decisions(const struct policy_tests *tests)
{
    return tests->decisions;
}

const char *policy_tests_decision_title(const struct policy_tests *tests, size_t index)
{
    assert(index < tests->decisions);
    return tests->decision[index].name.title;
}

bool policy_tests_decide(const struct policy_tests *tests, size_t index, struct arena *arena,
                         struct decision *ret, struct error *err)
{
    assert(index < tests->decisions);
    const struct decision_case *test = &tests->decision[index];
    return policy_decide(tests->policy, arena, test->point, &test->days, test->on, &test->facts,
                         ret, err);
}

static bool is_expected(const struct decision_case *test, const char *id)
{
    for (size_t i = 0; i < test->because_count; i++) {
        if (text_equal(test->because[i], id)) {
            return true;
        }
    }
    return false;
}

/* Exactly the conditions that were named do not hold. */
static bool same_conditions(const struct decision_case *test, const struct decision *decision)
{
    size_t failing = 0;
    for (size_t i = 0; i < decision->condition_count; i++) {
        const struct decided_condition *condition = &decision->conditions[i];
        if (condition->outcome == OUTCOME_PASS) {
            continue;
        }
        if (!is_expected(test, condition->id)) {
            return false;
        }
        failing++;
    }
    return failing == test->because_count;
}

/* "block (over-household-limit, term-too-long)" */
static const char *decision_words(struct arena *arena, const struct decision *decision)
{
    const char *text = decision->point == DECISION_CLASSIFICATION
                           ? fact_word_list("loan_class")->words[decision->class]
                           : outcome_name(decision->outcome);
    size_t failing = 0;
    for (size_t i = 0; i < decision->condition_count; i++) {
        if (decision->conditions[i].outcome != OUTCOME_PASS) {
            text = arena_printf(arena, "%s%s%s", text, failing++ == 0 ? " (" : ", ",
                                decision->conditions[i].id);
        }
    }
    return failing == 0 ? text : arena_printf(arena, "%s)", text);
}

static const char *expected_words(struct arena *arena, const struct decision_case *test)
{
    const char *text = test->expects_error ? "error"
                       : test->point == DECISION_CLASSIFICATION
                           ? fact_word_list("loan_class")->words[test->class]
                           : outcome_name(test->outcome);
    for (size_t i = 0; i < test->because_count; i++) {
        text = arena_printf(arena, "%s%s%s", text, i == 0 ? " (" : ", ", test->because[i]);
    }
    return test->because_count == 0 ? text : arena_printf(arena, "%s)", text);
}

static void run_undecided(const struct running *r, const struct decision_case *test,
                          const struct error *err)
{
    if (!test->expects_error) {
        fail_with(r, &test->name, err);
    } else if (!text_equal(test->because[0], err->reason)) {
        fail(r, &test->name,
             arena_printf(r->arena, _("expected %s, got error (%s)"),
                          expected_words(r->arena, test), err->reason));
    }
}

static void run_decision(const struct running *r, size_t index)
{
    const struct decision_case *test = &r->tests->decision[index];
    struct decision decision;
    struct error err = {0};

    if (!policy_tests_decide(r->tests, index, r->arena, &decision, &err)) {
        run_undecided(r, test, &err);
        return;
    }
    coverage_see_decision(r->coverage, &decision);
    if (test->expects_error || decision.outcome != test->outcome || decision.class != test->class ||
        !same_conditions(test, &decision)) {
        fail(r, &test->name,
             arena_printf(r->arena, _("expected %s, got %s"), expected_words(r->arena, test),
                          decision_words(r->arena, &decision)));
    }
}

/* --- values, losses, recoveries --------------------------------------------------------------- */

static void run_value(const struct running *r, const struct value_case *test)
{
    const struct dated_value *row = NULL;
    struct error err = {0};
    char expected[VALUE_TEXT_SIZE];
    char got[VALUE_TEXT_SIZE];

    if (!policy_find_row(r->tests->policy, test->parameter, test->on, &row, &err)) {
        fail_with(r, &test->name, &err);
        return;
    }
    coverage_see_parameter(r->coverage, test->parameter, test->on);
    if (row->value.number != test->expected.number) {
        fail(r, &test->name,
             arena_printf(r->arena, _("expected %s, got %s"),
                          value_format(test->expected, expected), value_format(row->value, got)));
    }
}

static const char *compare_amount(struct arena *arena, const char *text, const char *what,
                                  struct money expected, struct money got)
{
    char wanted[MONEY_TEXT_SIZE];
    char found[MONEY_TEXT_SIZE];

    if (money_compare(expected, got) == 0) {
        return text;
    }
    const char *one =
        arena_printf(arena, _("%s: expected %s, got %s"), what,
                     money_format_grouped(expected, wanted), money_format_grouped(got, found));
    return text == NULL ? one : arena_printf(arena, "%s; %s", text, one);
}

/* "insurer: expected 35,000.02, got 35,000.03"; NULL if all are as expected. */
static const char *compare_shares(const struct running *r, const struct shares *expected,
                                  const struct shares *got)
{
    const struct policy *policy = r->tests->policy;
    const char *text = NULL;
    for (size_t i = 0; i < policy_payers(policy); i++) {
        text = compare_amount(r->arena, text, policy_payer(policy, i).name, expected->of[i],
                              got->of[i]);
    }
    return text;
}

static void run_loss(const struct running *r, const struct loss_test *test)
{
    const struct policy *policy = r->tests->policy;
    struct loss_case loss = test->loss;
    struct loss_split got;
    struct error err = {0};

    if ((test->by_facts &&
         !policy_loss_amount(policy, test->on, &test->days, &test->facts, &loss.loss, &err)) ||
        !policy_split_loss(policy, test->on, &loss, &got, &err)) {
        fail_with(r, &test->name, &err);
        return;
    }
    coverage_see_loss(r->coverage, test->on, &got);
    const char *difference = compare_shares(r, &test->expected, &got.shares);
    if (difference != NULL) {
        fail(r, &test->name, difference);
    }
}

static void run_recovery(const struct running *r, const struct recovery_case *test)
{
    struct shares got;
    struct error err = {0};

    if (!policy_split_recovery(r->tests->policy, test->on, &test->borne, test->recovered, &got,
                               &err)) {
        fail_with(r, &test->name, &err);
        return;
    }
    coverage_see_recovery(r->coverage, test->on, &got);
    const char *difference = compare_shares(r, &test->expected, &got);
    if (difference != NULL) {
        fail(r, &test->name, difference);
    }
}

static void run_band(const struct running *r, const struct band_case *test)
{
    const struct band_row *row = band_row_on(test->table, test->on);
    char expected[VALUE_TEXT_SIZE];
    char found[VALUE_TEXT_SIZE];
    char on[DATE_TEXT_SIZE];

    if (row == NULL) {
        fail(r, &test->name,
             arena_printf(r->arena, _("the table has no row for %s"), date_format(test->on, on)));
        return;
    }
    coverage_see_band(r->coverage, test);
    struct value got = band_find(row, test->of.number);
    if (got.number != test->expected.number) {
        fail(r, &test->name,
             arena_printf(r->arena, _("expected %s, got %s"),
                          value_format(test->expected, expected), value_format(got, found)));
    }
}

static void run_repayment(const struct running *r, const struct repayment_case *test)
{
    enum due order[DUE_COUNT];
    struct money over = MONEY_ZERO;
    struct error err = {0};
    const char *difference = NULL;

    if (!policy_repayment_order(r->tests->policy, test->on, test->days_overdue, order, NULL,
                                &err)) {
        fail_with(r, &test->name, &err);
        return;
    }
    coverage_see_repayment(r->coverage, test);
    struct dues got = dues_take(order, &test->due, test->paid, &over);
    for (size_t i = 0; i < DUE_COUNT; i++) {
        difference = compare_amount(r->arena, difference, due_name((enum due)i),
                                    test->expected.of[i], got.of[i]);
    }
    difference = compare_amount(r->arena, difference, _("left over"), test->over, over);
    if (difference != NULL) {
        fail(r, &test->name, difference);
    }
}

void policy_tests_run(const struct policy_tests *tests, struct arena *arena,
                      struct test_report *ret)
{
    struct running r = {.tests = tests,
                        .arena = arena,
                        .coverage = coverage_new(arena, tests->policy),
                        .report = ret};

    *ret = (struct test_report){.cases = tests->decisions + tests->values + tests->losses +
                                         tests->recoveries + tests->bands + tests->repayments};
    ret->failure = arena_alloc_array(arena, ret->cases, sizeof *ret->failure);
    for (size_t i = 0; i < tests->decisions; i++) {
        run_decision(&r, i);
    }
    for (size_t i = 0; i < tests->values; i++) {
        run_value(&r, &tests->value[i]);
    }
    for (size_t i = 0; i < tests->losses; i++) {
        run_loss(&r, &tests->loss[i]);
    }
    for (size_t i = 0; i < tests->recoveries; i++) {
        run_recovery(&r, &tests->recovery[i]);
    }
    for (size_t i = 0; i < tests->bands; i++) {
        run_band(&r, &tests->band[i]);
    }
    for (size_t i = 0; i < tests->repayments; i++) {
        run_repayment(&r, &tests->repayment[i]);
    }
    coverage_report(r.coverage, arena, ret);
}
