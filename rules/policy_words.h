/* policy_words.h - a policy in the words of a finance officer. Layer: rules.
 * In the language the program runs in; names that a file must spell exactly stay as they are. */
#ifndef YICANG_RULES_POLICY_WORDS_H
#define YICANG_RULES_POLICY_WORDS_H

#include "ledger/base/arena.h"
#include "ledger/base/buffer.h"
#include "rules/condition.h"
#include "rules/waterfall.h"

const char *parameter_title(enum parameter parameter);      /* "household limit" */
const char *governing_date_title(enum governing_date date); /* "the day of signing" */
/* A payer of the policy: "insurer". */
const char *payer_title(const struct policy *policy, size_t payer);
const char *consequence_title(enum outcome outcome);         /* "blocks", "" for OUTCOME_PASS */
const char *decision_point_title(enum decision_point point); /* "eligibility" */

/* A condition as it was written, on one line. */
const char *condition_text(struct arena *arena, const struct expression *expression);

struct shown_value {
    enum parameter parameter;
    const char *written;
    struct date from;
    enum governing_date governed_by;
    const char *clause;
};

struct shown_condition {
    enum decision_point point;
    const char *id;
    const char *when; /* NULL: always asked */
    const char *require;
    enum outcome otherwise;
    bool may_override;
    const char *message; /* in the language of the program */
    struct date from;
    bool ends;
    struct date until; /* the first day on which it is no longer asked */
    const char *clause;
};

/* What a policy holds on a day, in the order of its file. */
struct policy_outline {
    struct date on;
    struct shown_value *value; /* those that have a row for the day */
    size_t values;
    struct shown_condition *condition; /* those in force */
    size_t conditions;
};
void policy_outline(const struct policy *policy, struct date on, struct arena *arena,
                    struct policy_outline *ret);

/* The whole policy as it stands on the day: values with the day they are valid from and their
 * clause, the conditions in force, who bears a loss, who gets what is recovered. */
void policy_describe(const struct policy *policy, struct date on, struct arena *arena,
                     struct buffer *out);

#endif
