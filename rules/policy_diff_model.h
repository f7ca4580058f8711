/* policy_diff_model.h - a comparison of two policies while it is made. Layer: rules; part of
 * policy_diff.h. */
#ifndef YICANG_RULES_POLICY_DIFF_MODEL_H
#define YICANG_RULES_POLICY_DIFF_MODEL_H

#include "rules/policy_diff.h"
#include "rules/policy_model.h"

struct comparing {
    const struct policy *a, *b;
    struct arena *arena;
    struct policy_changes *changes;
    /* the days being compared: from this one up to the next on which something changes */
    struct date from;
    bool ends;
    struct date until;
};

/* The days on which rows of either begin, ascending, each once. */
struct days {
    struct date *day;
    size_t count;
};
/* Rows are of `size` bytes and begin with their from-date (parameter.h: dated_row_on). */
struct days days_of(struct arena *arena, const void *a, size_t a_count, const void *b,
                    size_t b_count, size_t size);
void look_at(struct comparing *c, const struct days *days, size_t index);

/* Adds a difference of the days looked at, or lengthens the same one of the days before. Equal
 * texts are no difference. */
void differ(struct comparing *c, struct policy_change change);
void compare_clause(struct comparing *c, const char *section, const char *subject,
                    const char *title, const struct clause *before, const struct clause *after);
void compare_governor(struct comparing *c, const char *section, const char *subject,
                      const char *title, struct date from, enum governing_date before,
                      enum governing_date after);

/* Whether the policy says something of the point at all. */
void compare_point(struct comparing *c, enum decision_point point);
void compare_tables(struct comparing *c);
void compare_recovery(struct comparing *c);
void compare_repayment(struct comparing *c);

#endif
