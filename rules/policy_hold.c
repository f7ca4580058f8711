/* policy_hold.c - a policy as if one of its days lasted for ever. */
#include "rules/policy_model.h"

#include "rules/waterfall_model.h"

#include <string.h>

/* Of rows that each begin with their from-date: the one in force becomes the only one. */
static void hold_rows(void *rows, size_t *count, size_t size, struct date on)
{
    const struct date always = date_from_day(DATE_DAY_MIN);
    const void *row = dated_row_on(rows, *count, size, on);

    if (row == NULL) {
        return; /* policy_is_in_force() said so before */
    }
    memmove(rows, row, size);
    memcpy(rows, &always, sizeof always);
    *count = 1;
}

static void hold_conditions(struct condition_list *list, struct date on)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (condition_is_in_force(&list->rows[i], on)) {
            list->rows[kept] = list->rows[i];
            list->rows[kept].from = date_from_day(DATE_DAY_MIN);
            list->rows[kept].until = date_from_day((int64_t)DATE_DAY_MAX + 1);
            kept++;
        }
    }
    list->count = kept;
}

bool policy_hold(struct policy *policy, struct date on, struct error *err)
{
    if (!policy_is_in_force(policy, on, err)) {
        return false;
    }
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        struct dated_parameter *parameter = &policy->parameters[i];
        hold_rows(parameter->rows, &parameter->count, sizeof *parameter->rows, on);
    }
    for (size_t i = 0; i < policy->bands.count; i++) {
        struct band_table *table = &policy->bands.tables[i];
        hold_rows(table->rows, &table->count, sizeof *table->rows, on);
    }
    for (size_t i = 0; i < DECISION_POINT_COUNT; i++) {
        hold_conditions(&policy->conditions[i], on);
    }
    hold_rows(policy->loss.rows, &policy->loss.count, sizeof *policy->loss.rows, on);
    hold_rows(policy->recovery.rows, &policy->recovery.count, sizeof *policy->recovery.rows, on);
    hold_rows(policy->repayment.rows, &policy->repayment.count, sizeof *policy->repayment.rows, on);
    return true;
}
