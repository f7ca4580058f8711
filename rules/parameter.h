/* parameter.h - which parameters a policy has, and the dated rows of one. Layer: rules. */
#ifndef YICANG_RULES_PARAMETER_H
#define YICANG_RULES_PARAMETER_H

#include "ledger/base/arena.h"
#include "rules/policy.h"
#include "rules/value.h"
#include "rules/yaml_tree.h"

#include <stdbool.h>
#include <stddef.h>

#define CLAUSE_CODE_POINTS_MAX 1000 /* in each language */

/* One row of the registry: all the loader must know about a parameter. */
struct parameter_rule {
    const char *name;
    enum value_kind kind;
    unsigned governed_by; /* which governing dates make sense: bits 1 << enum governing_date */
    int64_t min;          /* in the unit of the kind, inclusive */
    int64_t max;
};

const struct parameter_rule *parameter_rule(enum parameter parameter);
/* False if no parameter has the name. */
bool parameter_find(const char *name, enum parameter *ret);

struct dated_value {
    struct date from; /* first member: see dated_row_on() */
    struct value value;
    const char *written; /* as in the file */
    struct clause clause;
    const struct node *node; /* the value, for errors found when the whole is compared */
};

struct dated_parameter {
    enum governing_date governed_by;
    struct dated_value *rows; /* by date, ascending */
    size_t count;             /* at least one */
};

/* Reads {governed_by, values}. Reason ids policy.value, policy.order, policy.range,
 * policy.missing-key, policy.unknown-key. */
MUST_CHECK bool parameter_read(struct arena *arena, enum parameter parameter,
                               const struct node *node, struct dated_parameter *ret,
                               struct error *err);
/* The row in force on the day, or NULL before the first. */
const struct dated_value *parameter_on(const struct dated_parameter *parameter, struct date on);

/* The same for any array of `count` rows of `size` bytes that each begin with their from-date. */
const void *dated_row_on(const void *rows, size_t count, size_t size, struct date on);

/* Reads a clause: a text, or one in each language, {zh, en}. Reason ids policy.value,
 * policy.missing-key, policy.unknown-key. */
MUST_CHECK bool clause_read(struct arena *arena, const struct node *node, struct clause *ret,
                            struct error *err);

#define GOVERNED_BY_ANY ((1U << GOVERNING_DATE_COUNT) - 1)
/* Reads the word of a governing date; `allowed` as in struct parameter_rule. */
MUST_CHECK bool governing_date_read(const struct node *node, unsigned allowed,
                                    enum governing_date *ret, struct error *err);
/* The two keys every dated thing has. `allowed` as in struct parameter_rule; *ret_rows is a list
 * with at least one child. */
MUST_CHECK bool dated_read(const struct node *node, unsigned allowed, enum governing_date *ret,
                           const struct node **ret_rows, struct error *err);
/* Reads a from-date that must lie after the one before it (NULL for the first). */
MUST_CHECK bool dated_from(const struct node *node, const struct date *before, struct date *ret,
                           struct error *err);

#endif
