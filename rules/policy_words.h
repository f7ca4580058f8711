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
/* What follows if it does not hold: "blocks", "puts the loan into the class substandard at least".
 */
const char *consequence_title(struct arena *arena, enum outcome outcome, enum loan_class at_least);
/* "block"; of a classification the class, "substandard". */
const char *consequence_word(enum outcome outcome, enum loan_class at_least);
const char *class_title(enum loan_class class);              /* "special mention" */
const char *decision_point_title(enum decision_point point); /* "eligibility" */
const char *due_title(enum due due);                         /* "penalty" */
const char *dues_words(struct arena *arena, const enum due order[static DUE_COUNT]);
/* A fact or a parameter by its index among the symbols; NULL for a table. */
const char *symbol_title(size_t symbol, bool chinese);

/* A value in the language of the program: "65 years". */
const char *value_words(struct arena *arena, struct value value);
/* "loan_class (class of the loan by days)" and "from 1 day to 90 days: special_mention". */
const char *band_table_words(struct arena *arena, const struct band_table *table);
const char *band_words(struct arena *arena, const struct band_table *table,
                       const struct band *band);

/* A condition as it was written, on one line. */
const char *condition_text(struct arena *arena, const struct expression *expression);
/* Each name in it with its title, in Chinese each word too: "age_max (highest age)"; NULL if there
 * is none. */
const char *condition_names(struct arena *arena, const struct expression *expression);

struct shown_value {
    enum parameter parameter;
    struct value value;
    const char *written; /* as in the file */
    struct date from;
    enum governing_date governed_by;
    struct clause clause;
};

struct shown_condition {
    enum decision_point point;
    const char *id;
    const char *when; /* NULL: always asked */
    const char *when_names;
    const char *require;
    const char *require_names;
    enum outcome otherwise;
    enum loan_class at_least; /* as in struct condition */
    bool may_override;
    const char *message; /* in the language of the program */
    struct date from;
    bool ends;
    struct date until; /* the first day on which it is no longer asked */
    struct clause clause;
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
