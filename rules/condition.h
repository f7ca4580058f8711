/* condition.h - the conditions of a policy as they stand in its file. Layer: rules. */
#ifndef YICANG_RULES_CONDITION_H
#define YICANG_RULES_CONDITION_H

#include "rules/band.h"
#include "rules/decision.h"
#include "rules/yaml_tree.h"

#include <stdbool.h>
#include <stddef.h>

#define CONDITIONS_MAX 64 /* of one decision */

/* Facts first, then parameters, then tables: fact f has index f, parameter p has index
 * FACT_COUNT + p, table t has index SYMBOL_TABLES + t. */
#define SYMBOL_TABLES (FACT_COUNT + PARAMETER_COUNT)
#define SYMBOL_MAX (SYMBOL_TABLES + BAND_TABLES_MAX)

/* The names known at a decision, or in FACTS_OF_LOSS. Facts that do not belong there keep their
 * index but lose their name. */
struct symbol_table symbols_of(struct arena *arena, const struct band_tables *tables,
                               enum decision_point point);
/* Compiles a scalar that must stand in quotes or in a block. Reason ids as for expression_compile,
 * with the place in the file. */
MUST_CHECK bool expression_read(struct arena *arena, const struct node *node,
                                const struct symbol_table *symbols, enum value_kind wanted,
                                const struct expression **ret, struct error *err);

struct condition {
    const char *id;
    struct date from;
    struct date until; /* the first day on which it no longer holds; DATE_DAY_MAX + 1 if none */
    const struct expression *when; /* NULL: always asked */
    const struct expression *require;
    enum outcome otherwise;
    enum loan_class at_least; /* of a classification: the class that follows; it then warns */
    bool may_override;        /* an exception may be made (docs/policy-language.md) */
    const char *message_zh;
    const char *message_en;
    struct clause clause;
};

struct condition_list {
    bool given; /* the policy says something of the point, be it that nothing is asked */
    struct symbol_table symbols;
    struct condition *rows;
    size_t count;
};

/* Reads a list for each decision point. Reason ids policy.*, and
 * expression.* with the place in the file. */
MUST_CHECK bool conditions_read(struct arena *arena, const struct node *node,
                                const struct band_tables *tables,
                                struct condition_list ret[static DECISION_POINT_COUNT],
                                struct error *err);

bool condition_is_in_force(const struct condition *condition, struct date on);

#endif
