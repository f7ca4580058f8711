/* policy_test_model.h - the cases of a file of tests. Layer: rules; part of policy_test.h. */
#ifndef YICANG_RULES_POLICY_TEST_MODEL_H
#define YICANG_RULES_POLICY_TEST_MODEL_H

#include "rules/policy_model.h"
#include "rules/policy_test.h"

struct case_name {
    const char *section;
    const char *title;
    int line;
};

struct decision_case {
    struct case_name name;
    enum decision_point point;
    struct date on;
    struct governing_days days;
    struct case_facts facts;
    bool expects_error; /* `because` is then its reason id */
    enum outcome outcome;
    enum loan_class class; /* of a classification */
    const char **because;  /* ids of all conditions that do not hold */
    size_t because_count;
};

struct value_case {
    struct case_name name;
    enum parameter parameter;
    struct date on;
    struct value expected;
};

struct loss_test {
    struct case_name name;
    struct date on;
    struct governing_days days;
    struct case_facts facts;
    struct loss_case loss; /* days and facts point to those above */
    bool by_facts;         /* the loss itself is worked out by the policy */
    struct shares expected;
};

struct recovery_case {
    struct case_name name;
    struct date on;
    struct shares borne;
    struct money recovered;
    struct shares expected;
};

struct band_case {
    struct case_name name;
    const struct band_table *table;
    struct date on;
    struct value of;
    struct value expected;
};

struct repayment_case {
    struct case_name name;
    struct date on;
    int64_t days_overdue;
    struct dues due;
    struct money paid;
    struct dues expected;
    struct money over; /* expected to be left */
};

struct policy_tests {
    const struct policy *policy;
    struct decision_case *decision;
    size_t decisions;
    struct value_case *value;
    size_t values;
    struct loss_test *loss;
    size_t losses;
    struct recovery_case *recovery;
    size_t recoveries;
    struct band_case *band;
    size_t bands;
    struct repayment_case *repayment;
    size_t repayments;
};

/* What the cases have seen of a policy. */
struct coverage;
struct coverage *coverage_new(struct arena *arena, const struct policy *policy);
void coverage_see_decision(struct coverage *coverage, const struct decision *decision);
void coverage_see_parameter(struct coverage *coverage, enum parameter parameter, struct date on);
void coverage_see_loss(struct coverage *coverage, struct date on, const struct loss_split *got);
void coverage_see_recovery(struct coverage *coverage, struct date on, const struct shares *got);
void coverage_see_band(struct coverage *coverage, const struct band_case *test);
void coverage_see_repayment(struct coverage *coverage, const struct repayment_case *test);
/* Fills in gap, gaps and points. */
void coverage_report(const struct coverage *coverage, struct arena *arena, struct test_report *ret);

#endif
