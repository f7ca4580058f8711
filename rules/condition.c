#include "rules/condition.h"

#include "ledger/base/text.h"
#include "rules/parameter.h"
#include "rules/scalar.h"

#include <assert.h>
#include <string.h>

#define ID_LENGTH_MAX 64
#define MESSAGE_CODE_POINTS_MAX 300

static const char *const outcome_names[] = {
    [OUTCOME_PASS] = "pass",
    [OUTCOME_WARN] = "warn",
    [OUTCOME_REFER] = "refer",
    [OUTCOME_BLOCK] = "block",
};

const char *outcome_name(enum outcome outcome)
{
    assert(outcome <= OUTCOME_BLOCK);
    return outcome_names[outcome];
}

bool condition_is_in_force(const struct condition *condition, struct date on)
{
    return date_compare(condition->from, on) <= 0 && date_compare(on, condition->until) < 0;
}

struct symbol_table symbols_of(struct arena *arena, const struct band_tables *tables,
                               enum decision_point point)
{
    size_t count = SYMBOL_TABLES + tables->count;
    struct symbol *symbols = arena_alloc_array(arena, count, sizeof *symbols);
    for (size_t i = 0; i < FACT_COUNT; i++) {
        symbols[i] = fact_symbol((enum fact_name)i);
        if (!fact_belongs_to((enum fact_name)i, point)) {
            symbols[i].name = "";
        }
    }
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        const struct parameter_rule *rule = parameter_rule((enum parameter)i);
        symbols[FACT_COUNT + i] = (struct symbol){.name = rule->name, .kind = rule->kind};
    }
    for (size_t i = 0; i < tables->count; i++) {
        const struct band_table *table = &tables->tables[i];
        symbols[SYMBOL_TABLES + i] = (struct symbol){.name = table->name,
                                                     .kind = table->gives.kind,
                                                     .words = table->gives.words,
                                                     .table = table};
    }
    return (struct symbol_table){symbols, count};
}

static bool read_id(const struct node *node, const char **ret, struct error *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    size_t length = strlen(node->text);
    if (length == 0 || length > ID_LENGTH_MAX || strspn(node->text, allowed) != length) {
        node_error(node, err, "policy.value", _("“%s” cannot be the id of a condition"),
                   node->text);
        return error_limit(err, _("1 to %d of a-z, 0-9 and -"), ID_LENGTH_MAX);
    }
    *ret = node->text;
    return true;
}

/* In a plain scalar YAML would silently cut off what follows " #". */
bool expression_read(struct arena *arena, const struct node *node,
                     const struct symbol_table *symbols, enum value_kind wanted,
                     const struct expression **ret, struct error *err)
{
    size_t at = 0;
    if (node->style == SCALAR_PLAIN) {
        node_error(node, err, "policy.value", _("a condition must stand in quotes or in a block"));
        return error_next(err, _("write \"%s\""), node->text);
    }
    return expression_compile(arena, node->text, symbols, wanted, ret, &at, err) ||
           node_place_inside(node, at, err);
}

/* Of a classification the class that follows: at least this one. */
static bool read_class(const struct node *node, struct condition *ret, struct error *err)
{
    const struct word_list *classes = fact_word_list("loan_class");
    size_t chosen = 0;
    if (!node_read_word(node, classes->words + CLASS_SPECIAL_MENTION,
                        classes->count - CLASS_SPECIAL_MENTION, &chosen, err)) {
        return false;
    }
    ret->otherwise = OUTCOME_WARN;
    ret->at_least = (enum loan_class)(CLASS_SPECIAL_MENTION + chosen);
    return true;
}

static bool read_outcome(const struct node *node, enum decision_point point, enum outcome *ret,
                         struct error *err)
{
    size_t chosen = 0;
    if (!node_read_word(node, outcome_names + OUTCOME_WARN, COUNT_OF(outcome_names) - OUTCOME_WARN,
                        &chosen, err)) {
        return false;
    }
    *ret = (enum outcome)(OUTCOME_WARN + chosen);
    if (*ret == OUTCOME_REFER && decision_point_is_silent(point)) {
        node_error(node, err, "policy.value", _("nobody is there to whom this could be referred"));
        return error_limit(err, _("the close of a day asks: warn or block"));
    }
    return true;
}

static bool read_otherwise(const struct node *node, enum decision_point point,
                           struct condition *ret, struct error *err)
{
    return point == DECISION_CLASSIFICATION ? read_class(node, ret, err)
                                            : read_outcome(node, point, &ret->otherwise, err);
}

static bool read_message(struct arena *arena, const struct node *node, struct condition *ret,
                         struct error *err)
{
    static const struct node_key keys[] = {{"zh", NODE_SCALAR, false}, {"en", NODE_SCALAR, false}};
    const struct node *found[COUNT_OF(keys)];
    return node_read_map(node, keys, COUNT_OF(keys), found, err) &&
           node_read_text(arena, found[0], MESSAGE_CODE_POINTS_MAX, &ret->message_zh, err) &&
           node_read_text(arena, found[1], MESSAGE_CODE_POINTS_MAX, &ret->message_en, err);
}

static bool read_until(const struct node *node, struct condition *ret, struct error *err)
{
    if (node == NULL) {
        ret->until = date_from_day((int64_t)DATE_DAY_MAX + 1);
        return true;
    }
    return dated_from(node, &ret->from, &ret->until, err);
}

/* Nobody stands in the way of a warning, and neither cover nor what the close of a day asks is
 * decided by a person. */
static bool read_override(const struct node *node, enum decision_point point, struct condition *ret,
                          struct error *err)
{
    static const char *const words[] = {"no", "yes"};
    size_t chosen = 0;
    if (node == NULL) {
        return true;
    }
    if (!node_read_word(node, words, COUNT_OF(words), &chosen, err)) {
        return false;
    }
    ret->may_override = chosen == 1;
    if (ret->may_override && (ret->otherwise == OUTCOME_WARN || point == DECISION_COVERAGE ||
                              decision_point_is_silent(point))) {
        node_error(node, err, "policy.value", _("no exception can be made from this condition"));
        return error_limit(err, _("override: yes goes with block and refer, and not with coverage, "
                                  "subsidy or classes"));
    }
    return true;
}

static bool read_condition(struct arena *arena, const struct node *node,
                           const struct symbol_table *symbols, enum decision_point point,
                           struct condition *ret, struct error *err)
{
    enum { ID, FROM, UNTIL, WHEN, REQUIRE, OTHERWISE, OVERRIDE, MESSAGE, CLAUSE, KEYS };
    static const struct node_key keys[KEYS] = {
        [ID] = {"id", NODE_SCALAR, false},
        [FROM] = {"from", NODE_SCALAR, false},
        [UNTIL] = {"until", NODE_SCALAR, true},
        [WHEN] = {"when", NODE_SCALAR, true},
        [REQUIRE] = {"require", NODE_SCALAR, false},
        [OTHERWISE] = {"otherwise", NODE_SCALAR, false},
        [OVERRIDE] = {"override", NODE_SCALAR, true},
        [MESSAGE] = {"message", NODE_MAP, false},
        [CLAUSE] = {"clause", NODE_SCALAR_OR_MAP, false},
    };
    const struct node *found[KEYS];
    return node_read_map(node, keys, KEYS, found, err) && read_id(found[ID], &ret->id, err) &&
           dated_from(found[FROM], NULL, &ret->from, err) && read_until(found[UNTIL], ret, err) &&
           (found[WHEN] == NULL ||
            expression_read(arena, found[WHEN], symbols, VALUE_TRUTH, &ret->when, err)) &&
           expression_read(arena, found[REQUIRE], symbols, VALUE_TRUTH, &ret->require, err) &&
           read_otherwise(found[OTHERWISE], point, ret, err) &&
           read_override(found[OVERRIDE], point, ret, err) &&
           read_message(arena, found[MESSAGE], ret, err) &&
           clause_read(arena, found[CLAUSE], &ret->clause, err);
}

/* The same id may come again for a later time, never twice at once. */
static bool check_alone(const struct condition_list *list, const struct node *node,
                        struct error *err)
{
    const struct condition *newest = &list->rows[list->count];
    for (size_t i = 0; i < list->count; i++) {
        const struct condition *other = &list->rows[i];
        if (strcmp(other->id, newest->id) == 0 && date_compare(newest->from, other->until) < 0) {
            node_error(node, err, "policy.order",
                       _("there is a condition “%s” for the same time above"), newest->id);
            return error_next(err, _("end the one above with until, or choose another id"));
        }
    }
    return true;
}

static bool read_list(struct arena *arena, const struct node *node,
                      const struct band_tables *tables, enum decision_point point,
                      struct condition_list *ret, struct error *err)
{
    if (node->count > CONDITIONS_MAX) {
        node_error(node, err, "policy.too-large", _("the decision has too many conditions"));
        return error_limit(err, _("at most %d"), CONDITIONS_MAX);
    }
    ret->given = true;
    ret->symbols = symbols_of(arena, tables, point);
    ret->rows = arena_alloc_array(arena, node->count, sizeof *ret->rows);
    for (const struct node *row = node->first; row != NULL; row = row->next) {
        if (!read_condition(arena, row, &ret->symbols, point, &ret->rows[ret->count], err) ||
            !check_alone(ret, row, err)) {
            return false;
        }
        ret->count++;
    }
    return true;
}

bool conditions_read(struct arena *arena, const struct node *node, const struct band_tables *tables,
                     struct condition_list ret[static DECISION_POINT_COUNT], struct error *err)
{
    struct node_key keys[DECISION_POINT_COUNT];
    const struct node *found[DECISION_POINT_COUNT];
    for (size_t i = 0; i < DECISION_POINT_COUNT; i++) {
        enum decision_point point = (enum decision_point)i;
        keys[i] = (struct node_key){decision_point_name(point), NODE_LIST,
                                    decision_point_is_silent(point)};
    }
    if (!node_read_map(node, keys, DECISION_POINT_COUNT, found, err)) {
        return false;
    }
    for (size_t i = 0; i < DECISION_POINT_COUNT; i++) {
        if (found[i] != NULL &&
            !read_list(arena, found[i], tables, (enum decision_point)i, &ret[i], err)) {
            return false;
        }
    }
    return true;
}
