#include "rules/policy_model.h"

#include "ledger/base/text.h"

#include <assert.h>

const char *policy_name(const struct policy *policy)
{
    return policy->name;
}

const char *policy_title(const struct policy *policy, bool chinese)
{
    return chinese ? policy->title_zh : policy->title_en;
}

struct sha256 policy_digest(const struct policy *policy)
{
    return policy->digest;
}

bool policy_refuse_not_in_force(const struct policy *policy, const char *what, struct date on,
                                struct date first, struct error *err)
{
    char on_text[DATE_TEXT_SIZE];
    char first_text[DATE_TEXT_SIZE];
    error_set(err, FAULT_REFUSED, "policy.not-in-force",
              _("policy “%s” does not say what %s is on %s"), policy->name, what,
              date_format(on, on_text));
    return error_limit(err, _("its first row is from %s"), date_format(first, first_text));
}

bool policy_find_row(const struct policy *policy, enum parameter parameter, struct date on,
                     const struct dated_value **ret, struct error *err)
{
    assert(parameter < PARAMETER_COUNT);
    const struct dated_parameter *dated = &policy->parameters[parameter];
    *ret = parameter_on(dated, on);
    return *ret != NULL || policy_refuse_not_in_force(policy, parameter_name(parameter), on,
                                                      dated->rows[0].from, err);
}

bool policy_refuse_symbol(const struct policy *policy, size_t symbol,
                          const struct governing_days *days, struct error *err)
{
    if (symbol >= SYMBOL_TABLES) {
        const struct band_table *table = &policy->bands.tables[symbol - SYMBOL_TABLES];
        return policy_refuse_not_in_force(policy, table->name, days->of[table->governed_by],
                                          table->rows[0].from, err);
    }
    const struct dated_parameter *dated = &policy->parameters[symbol - FACT_COUNT];
    return policy_refuse_not_in_force(policy, parameter_name((enum parameter)(symbol - FACT_COUNT)),
                                      days->of[dated->governed_by], dated->rows[0].from, err);
}

/* --- Tables of bands -------------------------------------------------------------------------- */

size_t policy_tables(const struct policy *policy)
{
    return policy->bands.count;
}

struct table_facts policy_table(const struct policy *policy, size_t index)
{
    assert(index < policy->bands.count);
    const struct band_table *table = &policy->bands.tables[index];
    return (struct table_facts){table->name, table->governed_by, table->count};
}

struct table_row policy_table_row(const struct policy *policy, size_t index, size_t row)
{
    assert(index < policy->bands.count && row < policy->bands.tables[index].count);
    const struct band_row *found = &policy->bands.tables[index].rows[row];
    return (struct table_row){found->from, found->count, found->clause};
}

const char *policy_table_band(const struct policy *policy, size_t index, size_t row, size_t band)
{
    assert(index < policy->bands.count && row < policy->bands.tables[index].count);
    assert(band < policy->bands.tables[index].rows[row].count);
    return policy->bands.tables[index].rows[row].bands[band].written;
}

bool policy_class(const struct policy *policy, struct date on, int64_t days_overdue,
                  enum loan_class *ret, struct clause *ret_clause, struct error *err)
{
    const struct band_table *table = &policy->bands.tables[policy->class_table];
    const struct band_row *row = band_row_on(table, on);
    if (row == NULL) {
        return policy_refuse_not_in_force(policy, table->name, on, table->rows[0].from, err);
    }
    *ret = (enum loan_class)band_find(row, days_overdue).number;
    if (ret_clause != NULL) {
        *ret_clause = row->clause;
    }
    return true;
}

bool policy_days_to_class(const struct policy *policy, struct date on, enum loan_class least,
                          int64_t *ret, struct error *err)
{
    const struct band_table *table = &policy->bands.tables[policy->class_table];
    const struct band_row *row = band_row_on(table, on);
    if (row == NULL) {
        return policy_refuse_not_in_force(policy, table->name, on, table->rows[0].from, err);
    }
    *ret = INT64_MAX;
    for (size_t i = row->count; i > 0 && row->bands[i - 1].value.number >= (int64_t)least; i--) {
        *ret = row->bands[i - 1].low;
    }
    return true;
}

static bool find_value(const struct policy *policy, enum parameter parameter, struct date on,
                       struct value *ret, struct clause *ret_clause, struct error *err)
{
    const struct dated_value *row = NULL;
    if (!policy_find_row(policy, parameter, on, &row, err)) {
        return false;
    }
    *ret = row->value;
    if (ret_clause != NULL) {
        *ret_clause = row->clause;
    }
    return true;
}

bool policy_money(const struct policy *policy, enum parameter parameter, struct date on,
                  struct money *ret, struct clause *ret_clause, struct error *err)
{
    assert(parameter_rule(parameter)->kind == VALUE_MONEY);
    struct value value;
    if (!find_value(policy, parameter, on, &value, ret_clause, err)) {
        return false;
    }
    *ret = value_money(value);
    return true;
}

bool policy_rate(const struct policy *policy, enum parameter parameter, struct date on,
                 struct rate *ret, struct clause *ret_clause, struct error *err)
{
    assert(parameter_rule(parameter)->kind == VALUE_RATE);
    struct value value;
    if (!find_value(policy, parameter, on, &value, ret_clause, err)) {
        return false;
    }
    *ret = value_rate(value);
    return true;
}

static bool is_count(enum value_kind kind)
{
    return kind == VALUE_INTEGER || kind == VALUE_DAYS || kind == VALUE_MONTHS ||
           kind == VALUE_YEARS;
}

bool policy_int(const struct policy *policy, enum parameter parameter, struct date on, int64_t *ret,
                struct clause *ret_clause, struct error *err)
{
    assert(is_count(parameter_rule(parameter)->kind));
    struct value value;
    if (!find_value(policy, parameter, on, &value, ret_clause, err)) {
        return false;
    }
    *ret = value.number;
    return true;
}

bool policy_truth(const struct policy *policy, enum parameter parameter, struct date on, bool *ret,
                  struct clause *ret_clause, struct error *err)
{
    assert(parameter_rule(parameter)->kind == VALUE_TRUTH);
    struct value value;
    if (!find_value(policy, parameter, on, &value, ret_clause, err)) {
        return false;
    }
    *ret = value_truth(value);
    return true;
}

bool policy_next_change(const struct policy *policy, enum parameter parameter, struct date on,
                        struct date *ret)
{
    assert(parameter < PARAMETER_COUNT);
    const struct dated_parameter *dated = &policy->parameters[parameter];
    for (size_t i = 0; i < dated->count; i++) {
        if (date_compare(dated->rows[i].from, on) > 0) {
            *ret = dated->rows[i].from;
            return true;
        }
    }
    return false;
}

size_t policy_rows(const struct policy *policy, enum parameter parameter)
{
    assert(parameter < PARAMETER_COUNT);
    return policy->parameters[parameter].count;
}

struct parameter_row policy_row(const struct policy *policy, enum parameter parameter, size_t index)
{
    assert(index < policy_rows(policy, parameter));
    const struct dated_value *row = &policy->parameters[parameter].rows[index];
    return (struct parameter_row){row->from, row->written, row->value, row->clause};
}

enum governing_date policy_governed_by(const struct policy *policy, enum parameter parameter)
{
    assert(parameter < PARAMETER_COUNT);
    return policy->parameters[parameter].governed_by;
}

bool policy_is_in_force(const struct policy *policy, struct date on, struct error *err)
{
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        const struct dated_value *row = NULL;
        if (!policy_find_row(policy, (enum parameter)i, on, &row, err)) {
            return false;
        }
    }
    if (loss_rule_on(&policy->loss, on) == NULL) {
        return policy_refuse_not_in_force(policy, "loss", on, policy->loss.rows[0].from, err);
    }
    if (recovery_rule_on(&policy->recovery, on) == NULL) {
        return policy_refuse_not_in_force(policy, "recovery", on, policy->recovery.rows[0].from,
                                          err);
    }
    for (size_t i = 0; i < policy->bands.count; i++) {
        const struct band_table *table = &policy->bands.tables[i];
        if (band_row_on(table, on) == NULL) {
            return policy_refuse_not_in_force(policy, table->name, on, table->rows[0].from, err);
        }
    }
    return repayment_row_on(&policy->repayment, on) != NULL ||
           policy_refuse_not_in_force(policy, "repayment", on, policy->repayment.rows[0].from, err);
}

/* --- The order of repayment ------------------------------------------------------------------- */

enum governing_date policy_repayment_governed_by(const struct policy *policy)
{
    return policy->repayment.governed_by;
}

bool policy_repayment_order(const struct policy *policy, struct date on, int64_t days_overdue,
                            enum due ret[static DUE_COUNT], struct clause *ret_clause,
                            struct error *err)
{
    const struct repayment_row *row = repayment_row_on(&policy->repayment, on);
    if (row == NULL) {
        return policy_refuse_not_in_force(policy, "repayment", on, policy->repayment.rows[0].from,
                                          err);
    }
    bool is_long = row->has_long_overdue && days_overdue > row->long_overdue_after;
    for (size_t i = 0; i < DUE_COUNT; i++) {
        ret[i] = is_long ? row->long_overdue_order[i] : row->order[i];
    }
    if (ret_clause != NULL) {
        *ret_clause = row->clause;
    }
    return true;
}

size_t policy_repayment_rows(const struct policy *policy)
{
    return policy->repayment.count;
}

struct repayment_row policy_repayment_row(const struct policy *policy, size_t index)
{
    assert(index < policy->repayment.count);
    return policy->repayment.rows[index];
}
