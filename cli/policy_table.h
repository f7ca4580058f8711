/* policy_table.h - what is said about policies, as tables. Layer: cli. */
#ifndef YICANG_CLI_POLICY_TABLE_H
#define YICANG_CLI_POLICY_TABLE_H

#include "reports/table.h"
#include "rules/policy_diff.h"
#include "rules/policy_test.h"
#include "rules/policy_words.h"

/* "values", "eligibility", ... as people read it. */
const char *policy_section_title(const char *section);

void policy_failures_table(const struct test_report *report, struct arena *arena,
                           struct table *ret);
void policy_gaps_table(const struct test_report *report, struct arena *arena, struct table *ret);
void policy_changes_table(const struct policy_changes *changes, struct arena *arena,
                          struct table *ret);
void policy_values_table(const struct policy_outline *outline, struct arena *arena,
                         struct table *ret);
void policy_conditions_table(const struct policy_outline *outline, struct arena *arena,
                             struct table *ret);
void policy_steps_table(const struct policy *policy, struct date on, struct arena *arena,
                        struct table *ret);

#endif
