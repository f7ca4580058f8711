#include "rules/decision.h"

#include "ledger/base/text.h"
#include "rules/policy_model.h"

#include <assert.h>

/* One decision while it is made. */
struct court {
    const struct policy *policy;
    const struct condition_list *list;
    struct arena *arena;
    const struct governing_days *days;
    struct fact facts[SYMBOL_MAX];
    bool read[SYMBOL_MAX];
    struct error *err;
};

void policy_take_facts(const struct policy *policy, const struct governing_days *days,
                       const struct case_facts *facts, struct fact ret[static SYMBOL_MAX])
{
    for (size_t i = 0; i < FACT_COUNT; i++) {
        ret[i] = facts->of[i];
    }
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        const struct dated_parameter *dated = &policy->parameters[i];
        const struct dated_value *row = parameter_on(dated, days->of[dated->governed_by]);
        ret[FACT_COUNT + i] =
            row == NULL ? (struct fact){.known = false} : (struct fact){true, row->value, NULL};
    }
    for (size_t i = 0; i < policy->bands.count; i++) {
        const struct band_table *table = &policy->bands.tables[i];
        ret[SYMBOL_TABLES + i] =
            (struct fact){.bands = band_row_on(table, days->of[table->governed_by])};
    }
}

/* The error of an expression, told as the error of its condition. */
static bool refuse(const struct court *court, const struct condition *condition)
{
    return error_limit(court->err, _("asked by the condition “%s”: %s"), condition->id,
                       clause_text(condition->clause, text_language_is_chinese()));
}

/* A parameter or a table that is not in force on its day deserves a better word than "not known".
 */
void policy_name_missing(const struct policy *policy, const struct governing_days *days,
                         const struct expression *expression, const struct part_result *trace,
                         struct error *err)
{
    for (size_t i = 0; i < expression_parts(expression); i++) {
        struct part part = expression_part(expression, i);
        if (trace[i].missing && part.symbol >= FACT_COUNT) {
            policy_refuse_symbol(policy, part.symbol, days, err);
        }
    }
}

static bool ask(struct court *court, const struct condition *condition,
                const struct expression *expression, bool *ret,
                const struct part_result **ret_trace)
{
    size_t parts = expression_parts(expression);
    struct part_result *trace = arena_alloc_array(court->arena, parts, sizeof *trace);
    struct value value;
    if (!expression_evaluate(expression, court->facts, trace, &value, court->err)) {
        policy_name_missing(court->policy, court->days, expression, trace, court->err);
        return refuse(court, condition);
    }
    for (size_t i = 0; i < parts; i++) {
        struct part part = expression_part(expression, i);
        if (part.is_symbol && trace[i].evaluated) {
            court->read[part.symbol] = true;
        }
    }
    *ret = value_truth(value);
    *ret_trace = trace;
    return true;
}

static bool decide_condition(struct court *court, const struct condition *condition,
                             struct decided_condition *ret)
{
    bool holds = true;
    *ret = (struct decided_condition){.id = condition->id,
                                      .outcome = OUTCOME_PASS,
                                      .may_override = condition->may_override,
                                      .asked = true,
                                      .message_zh = condition->message_zh,
                                      .message_en = condition->message_en,
                                      .clause = condition->clause,
                                      .from = condition->from,
                                      .when = condition->when,
                                      .require = condition->require};
    if (condition->when != NULL &&
        !ask(court, condition, condition->when, &ret->asked, &ret->when_trace)) {
        return false;
    }
    if (ret->asked && !ask(court, condition, condition->require, &holds, &ret->require_trace)) {
        return false;
    }
    ret->outcome = holds ? OUTCOME_PASS : condition->otherwise;
    ret->at_least = holds ? CLASS_NORMAL : condition->at_least;
    return true;
}

static bool decide_all(struct court *court, struct decision *ret)
{
    struct decided_condition *decided =
        arena_alloc_array(court->arena, court->list->count, sizeof *decided);
    for (size_t i = 0; i < court->list->count; i++) {
        const struct condition *condition = &court->list->rows[i];
        if (!condition_is_in_force(condition, ret->on)) {
            continue;
        }
        struct decided_condition *one = &decided[ret->condition_count];
        if (!decide_condition(court, condition, one)) {
            return false;
        }
        ret->condition_count++;
        ret->outcome = one->outcome > ret->outcome ? one->outcome : ret->outcome;
    }
    ret->conditions = decided;
    return true;
}

static enum loan_class worse_class(enum loan_class a, enum loan_class b)
{
    return a > b ? a : b;
}

/* By the table, whatever the conditions read. */
static bool classify(struct court *court, struct decision *ret)
{
    const struct policy *policy = court->policy;
    const struct fact *days = &court->facts[FACT_DAYS_OVERDUE];
    size_t table = SYMBOL_TABLES + policy->class_table;
    const struct band_row *row = court->facts[table].bands;

    if (!days->known) {
        return error_set(court->err, FAULT_REFUSED, "expression.unknown-fact",
                         _("“%s” is not known"), fact_symbol(FACT_DAYS_OVERDUE).name);
    }
    if (row == NULL) {
        return policy_refuse_symbol(policy, table, court->days, court->err);
    }
    court->read[FACT_DAYS_OVERDUE] = court->read[table] = true;
    ret->class_by_table = (enum loan_class)band_find(row, days->value.number).number;
    ret->class = ret->class_by_table;
    for (size_t i = 0; i < ret->condition_count; i++) {
        ret->class = worse_class(ret->class, ret->conditions[i].at_least);
    }
    return true;
}

static void list_tables(const struct court *court, struct decision *ret)
{
    const struct band_tables *bands = &court->policy->bands;
    struct used_table *tables = arena_alloc_array(court->arena, bands->count, sizeof *tables);
    for (size_t i = 0; i < bands->count; i++) {
        const struct band_row *row = court->facts[SYMBOL_TABLES + i].bands;
        if (court->read[SYMBOL_TABLES + i]) {
            tables[ret->table_count++] =
                (struct used_table){bands->tables[i].name, row->from, row->clause};
        }
    }
    ret->tables = tables;
}

/* Of `count` symbols from the first on. */
static size_t count_read(const struct court *court, size_t first, size_t count)
{
    size_t read = 0;
    for (size_t i = 0; i < count; i++) {
        read += court->read[first + i] ? 1 : 0;
    }
    return read;
}

static void list_what_was_read(const struct court *court, struct decision *ret)
{
    struct used_fact *facts =
        arena_alloc_array(court->arena, count_read(court, 0, FACT_COUNT), sizeof *facts);
    struct used_parameter *parameters = arena_alloc_array(
        court->arena, count_read(court, FACT_COUNT, PARAMETER_COUNT), sizeof *parameters);
    for (size_t i = 0; i < FACT_COUNT; i++) {
        if (court->read[i]) {
            facts[ret->fact_count++] = (struct used_fact){(enum fact_name)i, court->facts[i].value};
        }
    }
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        const struct dated_parameter *dated = &court->policy->parameters[i];
        if (court->read[FACT_COUNT + i]) {
            const struct dated_value *row =
                parameter_on(dated, court->days->of[dated->governed_by]);
            parameters[ret->parameter_count++] = (struct used_parameter){
                (enum parameter)i, row->value, row->written, row->from, row->clause};
        }
    }
    ret->facts = facts;
    ret->parameters = parameters;
    list_tables(court, ret);
}

bool policy_decide(const struct policy *policy, struct arena *arena, enum decision_point point,
                   const struct governing_days *days, struct date on,
                   const struct case_facts *facts, struct decision *ret, struct error *err)
{
    assert(point < DECISION_POINT_COUNT);
    struct court court = {.policy = policy,
                          .list = &policy->conditions[point],
                          .arena = arena,
                          .days = days,
                          .err = err};
    struct decision decision = {.point = point,
                                .on = on,
                                .days = *days,
                                .outcome = OUTCOME_PASS,
                                .policy_name = policy->name,
                                .policy = policy->digest};
    policy_take_facts(policy, days, facts, court.facts);
    if (!decide_all(&court, &decision) ||
        (point == DECISION_CLASSIFICATION && !classify(&court, &decision))) {
        return false;
    }
    list_what_was_read(&court, &decision);
    *ret = decision;
    return true;
}

bool policy_has_point(const struct policy *policy, enum decision_point point)
{
    assert(point < DECISION_POINT_COUNT);
    return policy->conditions[point].given;
}

bool policy_may_override(const struct policy *policy, enum decision_point point, const char *id)
{
    const struct condition_list *list = &policy->conditions[point];

    for (size_t i = 0; i < list->count; i++) {
        if (list->rows[i].may_override && text_equal(list->rows[i].id, id)) {
            return true;
        }
    }
    return false;
}
