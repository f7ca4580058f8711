/* policy_test.h - the tests that stand beside a policy: "these facts, this answer". Layer: rules.
 *
 * A file <name>.tests.yaml holds tables that a finance officer can read and recompute: decisions
 * with their facts and outcome, values of parameters on a day, losses and recoveries with every
 * payer's amount. It is read as strictly as the policy itself; docs/policy-language.md describes
 * it. Tests belong to one policy by name, not by digest, so they also judge its next version. */
#ifndef YICANG_RULES_POLICY_TEST_H
#define YICANG_RULES_POLICY_TEST_H

#include "rules/decision.h"

#include <stdbool.h>
#include <stddef.h>

#define POLICY_TEST_CASES_MAX 2000 /* over all sections of a file */

struct policy_tests; /* lives in its arena; must not outlive the policy it was read for */

/* FAULT_INPUT with line and column. Reason ids policy.tests-of-other (written for a policy of
 * another name), policy.missing-key (also: no case at all), policy.unknown-key, policy.value,
 * policy.too-large and those of yaml_tree.h. */
MUST_CHECK bool policy_tests_load(struct arena *arena, const char *file, const char *bytes,
                                  size_t length, const struct policy *policy,
                                  const struct policy_tests **ret, struct error *err);

/* A case whose answer is another than the expected one. */
struct test_failure {
    const char *section; /* "eligibility", "values", "loss", "recovery" */
    const char *title;   /* of the case */
    int line;            /* in the file of the tests */
    const char *text;    /* what was expected and what came, translated */
};

/* Something of the policy that no case has seen. */
struct test_gap {
    const char *section;
    const char *subject; /* id of a condition, name of a parameter, payer of a step */
    const char *text;    /* "never seen not to hold", translated */
};

struct test_report {
    size_t cases;
    struct test_failure *failure;
    size_t failures;
    struct test_gap *gap; /* in the order of the policy */
    size_t gaps;
    size_t points; /* what could be seen: gaps are those of them that were not */
};

/* Runs every case. Cases that fail, or that cannot be decided, are failures of the report. */
void policy_tests_run(const struct policy_tests *tests, struct arena *arena,
                      struct test_report *ret);

/* The decisions among the cases, for replaying them. */
size_t policy_tests_decisions(const struct policy_tests *tests);
const char *policy_tests_decision_title(const struct policy_tests *tests, size_t index);
/* As policy_decide(). */
MUST_CHECK bool policy_tests_decide(const struct policy_tests *tests, size_t index,
                                    struct arena *arena, struct decision *ret, struct error *err);

#endif
