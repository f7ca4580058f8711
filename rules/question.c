/* question.c - what the conditions of a day read, and when that may change. */
#include "rules/decision.h"

#include "rules/policy_model.h"

static void change_at(struct policy_question *question, struct date on, struct date day)
{
    if (date_compare(day, on) > 0 && day.day <= DATE_DAY_MAX &&
        (!question->changes || date_compare(day, question->change) < 0)) {
        question->changes = true;
        question->change = day;
    }
}

/* Rows looked up by a day that stays the same never change for the case. */
static bool moves_on(enum governing_date governed_by)
{
    return governed_by == GOVERNED_BY_ACCRUAL || governed_by == GOVERNED_BY_CLAIM;
}

static void read_parameter(const struct dated_parameter *dated, struct date on,
                           struct policy_question *question)
{
    for (size_t i = 0; moves_on(dated->governed_by) && i < dated->count; i++) {
        change_at(question, on, dated->rows[i].from);
    }
}

static void read_table(const struct band_table *table, struct date on,
                       struct policy_question *question)
{
    for (size_t i = 0; moves_on(table->governed_by) && i < table->count; i++) {
        change_at(question, on, table->rows[i].from);
    }
}

static void read_expression(const struct policy *policy, const struct expression *expression,
                            struct date on, struct policy_question *question)
{
    for (size_t i = 0; expression != NULL && i < expression_parts(expression); i++) {
        struct part part = expression_part(expression, i);
        if (!part.is_symbol) {
            continue;
        }
        if (part.symbol < FACT_COUNT) {
            question->reads[part.symbol] = true;
        } else if (part.symbol < SYMBOL_TABLES) {
            read_parameter(&policy->parameters[part.symbol - FACT_COUNT], on, question);
        } else {
            read_table(&policy->bands.tables[part.symbol - SYMBOL_TABLES], on, question);
        }
    }
}

void policy_question(const struct policy *policy, enum decision_point point, struct date on,
                     struct policy_question *ret)
{
    const struct condition_list *list = &policy->conditions[point];

    *ret = (struct policy_question){0};
    for (size_t i = 0; i < list->count; i++) {
        const struct condition *condition = &list->rows[i];
        change_at(ret, on, condition->from);
        change_at(ret, on, condition->until);
        if (condition_is_in_force(condition, on)) {
            ret->asks = true;
            read_expression(policy, condition->when, on, ret);
            read_expression(policy, condition->require, on, ret);
        }
    }
    if (ret->reads[FACT_CLASS] || (point == DECISION_CLASSIFICATION && list->given)) {
        read_table(&policy->bands.tables[policy->class_table], on, ret);
    }
}
