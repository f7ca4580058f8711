/* decision.h - what a policy says about one case, and why. Layer: rules.
 *
 * A decision is a value: the outcome, each condition that was asked with the value of every part,
 * the facts and the parameters that were read (with clause and from-date), and the digest of the
 * policy. The same policy, dates and facts give the same decision for ever. */
#ifndef YICANG_RULES_DECISION_H
#define YICANG_RULES_DECISION_H

#include "ledger/base/arena.h"
#include "ledger/base/buffer.h"
#include "rules/expression.h"
#include "rules/facts.h"
#include "rules/policy.h"

#include <stdbool.h>
#include <stddef.h>

/* From harmless to final; the decision's is the worst of its conditions'. */
enum outcome {
    OUTCOME_PASS,
    OUTCOME_WARN,  /* go on, but somebody should know */
    OUTCOME_REFER, /* a person must decide, with a reason */
    OUTCOME_BLOCK,
};
const char *outcome_name(enum outcome outcome); /* "pass", "warn", "refer", "block" */

struct decided_condition {
    const char *id;
    enum outcome outcome;     /* OUTCOME_PASS if it was not asked or holds */
    bool may_override;        /* the policy lets a person make an exception */
    bool asked;               /* false: its `when` did not hold */
    enum loan_class at_least; /* of a classification, if it does not hold; else CLASS_NORMAL */
    const char *message_zh;   /* what to tell when it does not hold */
    const char *message_en;
    struct clause clause;
    struct date from;
    const struct expression *when; /* NULL if it is always asked */
    const struct part_result *when_trace;
    const struct expression *require;
    const struct part_result *require_trace; /* NULL if it was not asked */
};

struct used_parameter {
    enum parameter parameter;
    struct value value;
    const char *written; /* as it stands in the file */
    struct date from;
    struct clause clause;
};

/* A table of bands that was asked. */
struct used_table {
    const char *name;
    struct date from;
    struct clause clause;
};

struct used_fact {
    enum fact_name name;
    struct value value;
};

struct decision {
    enum decision_point point;
    struct date on;
    struct governing_days days;
    enum outcome outcome;
    /* of a classification: by the table alone, and the worst of that and the conditions */
    enum loan_class class_by_table, class;
    const char *policy_name;
    struct sha256 policy;
    const struct decided_condition *conditions; /* those in force on the day, in the file's order */
    size_t condition_count;
    const struct used_fact *facts; /* those that were read, in the order of enum fact_name */
    size_t fact_count;
    const struct used_parameter *parameters; /* likewise */
    size_t parameter_count;
    const struct used_table *tables; /* in the file's order */
    size_t table_count;
};

/* Asks every condition of the point that is in force on the day. *ret lives in the arena and must
 * not outlive the policy. A condition that cannot be answered makes the decision fail
 * (FAULT_REFUSED; expression.unknown-fact, expression.overflow, policy.not-in-force): the limit
 * names the condition and its clause. */
MUST_CHECK bool policy_decide(const struct policy *policy, struct arena *arena,
                              enum decision_point point, const struct governing_days *days,
                              struct date on, const struct case_facts *facts, struct decision *ret,
                              struct error *err);

/* What the conditions of the point ask for on that day, so that whoever asks for many days looks up
 * nothing in vain and asks again only when something may have changed. */
struct policy_question {
    bool asks; /* some condition is in force */
    bool reads[FACT_COUNT];
    bool changes;
    struct date change; /* the first later day with other conditions or rows of what they read */
};
void policy_question(const struct policy *policy, enum decision_point point, struct date on,
                     struct policy_question *ret);

/* Whether the policy has conditions of the point, be it none: one that may be left out may also be
 * empty. Only a policy that has those of `classification` keeps classes. */
bool policy_has_point(const struct policy *policy, enum decision_point point);

/* Whether the policy lets a person make an exception from this condition, in whatever row. */
bool policy_may_override(const struct policy *policy, enum decision_point point, const char *id);

/* How much of a decision is shown. */
enum explanation_depth {
    EXPLAIN_RESULT,  /* the outcome, and the messages of conditions that do not hold */
    EXPLAIN_STEPS,   /* every condition with the value of each part */
    EXPLAIN_CLAUSES, /* and the clauses of conditions and parameters */
};
/* With names and values as the policy writes them: the form that stays the same for ever, by which
 * old decisions are compared. */
void decision_explain(const struct decision *decision, enum explanation_depth depth, bool chinese,
                      struct buffer *out);
/* The same for people: each fact and value of the policy with its title, values and units in the
 * language; expressions stay as the policy writes them. Titles of the policy's values are in the
 * language the program runs in. */
void decision_tell(const struct decision *decision, enum explanation_depth depth, bool chinese,
                   struct buffer *out);
/* An outcome and a decision by their names on record ("refer", "eligibility"), as decision_tell()
 * says them; a name that is none stays as it is. */
const char *outcome_tell(const char *name, bool chinese);
const char *decision_point_tell(const char *name, bool chinese);

#endif
