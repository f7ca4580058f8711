#include "rules/parameter.h"

#include "ledger/base/text.h"
#include "rules/scalar.h"

#include <assert.h>
#include <string.h>

#define SIGNING (1U << GOVERNED_BY_SIGNING)
#define APPLICATION (1U << GOVERNED_BY_APPLICATION)
#define ACCRUAL (1U << GOVERNED_BY_ACCRUAL)
#define CLAIM (1U << GOVERNED_BY_CLAIM)

#define YUAN(amount) (INT64_C(100) * (amount))
#define PERCENT(number) (INT64_C(10000) * (number))

/* The ranges stop slips of the hand (an extra zero), not decisions of a county. */
static const struct parameter_rule rules[PARAMETER_COUNT] = {
    [PARAMETER_HOUSEHOLD_LIMIT] = {"household_limit", VALUE_MONEY, APPLICATION | SIGNING, YUAN(1),
                                   YUAN(10000000)},
    [PARAMETER_MICRO_ENTREPRENEUR_LIMIT] = {"micro_entrepreneur_limit", VALUE_MONEY,
                                            APPLICATION | SIGNING, YUAN(1), YUAN(10000000)},
    [PARAMETER_COVERED_LIMIT] = {"covered_limit", VALUE_MONEY, APPLICATION | SIGNING, YUAN(0),
                                 YUAN(10000000)},
    [PARAMETER_TERM_MAX] = {"term_max", VALUE_MONTHS, APPLICATION | SIGNING, 1, 360},
    [PARAMETER_AGE_MIN] = {"age_min", VALUE_YEARS, APPLICATION | SIGNING, 0, 150},
    [PARAMETER_AGE_MAX] = {"age_max", VALUE_YEARS, APPLICATION | SIGNING, 0, 150},
    [PARAMETER_SUBSIDY_RATE] = {"subsidy_rate", VALUE_RATE, SIGNING | ACCRUAL, PERCENT(0),
                                PERCENT(36)},
    [PARAMETER_SUBSIDY_SHARE] = {"subsidy_share", VALUE_RATE, SIGNING | ACCRUAL, PERCENT(0),
                                 PERCENT(100)},
    [PARAMETER_SUBSIDY_WHILE_OVERDUE] = {"subsidy_while_overdue", VALUE_TRUTH, SIGNING | ACCRUAL, 0,
                                         1},
    [PARAMETER_PENALTY_FACTOR] = {"penalty_factor", VALUE_RATE, SIGNING | ACCRUAL, PERCENT(100),
                                  PERCENT(200)},
    [PARAMETER_SETTLE_DAY] = {"settle_day", VALUE_INTEGER, SIGNING | ACCRUAL, 1, 28},
    [PARAMETER_CLAIM_AFTER_DAYS] = {"claim_after_days", VALUE_DAYS, SIGNING | CLAIM, 1, 3650},
    [PARAMETER_NON_ACCRUAL_AFTER_DAYS] = {"non_accrual_after_days", VALUE_DAYS, SIGNING | ACCRUAL,
                                          1, 3650},
    [PARAMETER_TOP_UP_SHARE] = {"top_up_share", VALUE_RATE, ACCRUAL, PERCENT(0), PERCENT(100)},
    [PARAMETER_PREMIUM_SHARE] = {"premium_share", VALUE_RATE, APPLICATION | SIGNING, PERCENT(0),
                                 PERCENT(100)},
};

static const char *const governing_names[GOVERNING_DATE_COUNT] = {
    [GOVERNED_BY_SIGNING] = "signing",
    [GOVERNED_BY_APPLICATION] = "application",
    [GOVERNED_BY_ACCRUAL] = "accrual",
    [GOVERNED_BY_CLAIM] = "claim",
};

const struct parameter_rule *parameter_rule(enum parameter parameter)
{
    assert(parameter < PARAMETER_COUNT);
    return &rules[parameter];
}

const char *parameter_name(enum parameter parameter)
{
    return parameter_rule(parameter)->name;
}

bool parameter_find(const char *name, enum parameter *ret)
{
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        if (strcmp(rules[i].name, name) == 0) {
            *ret = (enum parameter)i;
            return true;
        }
    }
    return false;
}

const char *governing_date_name(enum governing_date date)
{
    return governing_names[date];
}

bool governing_date_read(const struct node *node, unsigned allowed, enum governing_date *ret,
                         struct error *err)
{
    const char *words[COUNT_OF(governing_names)];
    enum governing_date dates[COUNT_OF(governing_names)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(governing_names); i++) {
        if ((allowed & 1U << i) != 0) {
            words[count] = governing_names[i];
            dates[count++] = (enum governing_date)i;
        }
    }
    size_t chosen = 0;
    if (!node_read_word(node, words, count, &chosen, err)) {
        return false;
    }
    *ret = dates[chosen];
    return true;
}

bool dated_read(const struct node *node, unsigned allowed, enum governing_date *ret,
                const struct node **ret_rows, struct error *err)
{
    static const struct node_key keys[] = {{"governed_by", NODE_SCALAR, false},
                                           {"values", NODE_LIST, false}};
    const struct node *found[COUNT_OF(keys)];
    if (!node_read_map(node, keys, COUNT_OF(keys), found, err) ||
        !governing_date_read(found[0], allowed, ret, err)) {
        return false;
    }
    if (found[1]->count == 0) {
        return node_error(found[1], err, "policy.missing-key",
                          _("at least one row must stand here"));
    }
    *ret_rows = found[1];
    return true;
}

bool clause_read(struct arena *arena, const struct node *node, struct clause *ret,
                 struct error *err)
{
    static const struct node_key keys[] = {{"zh", NODE_SCALAR, false}, {"en", NODE_SCALAR, false}};
    const struct node *found[COUNT_OF(keys)];
    if (node->kind == NODE_SCALAR) {
        const char *text = NULL;
        bool read = node_read_text(arena, node, CLAUSE_CODE_POINTS_MAX, &text, err);
        *ret = (struct clause){text, text};
        return read;
    }
    return node_read_map(node, keys, COUNT_OF(keys), found, err) &&
           node_read_chinese(arena, found[0], CLAUSE_CODE_POINTS_MAX, &ret->zh, err) &&
           node_read_text(arena, found[1], CLAUSE_CODE_POINTS_MAX, &ret->en, err);
}

static bool read_scalar(const struct node *node, enum value_kind kind, struct value *ret,
                        struct error *err)
{
    return scalar_parse(node->text, kind, ret, err) || node_place(node, err);
}

bool dated_from(const struct node *node, const struct date *before, struct date *ret,
                struct error *err)
{
    struct value from = {.kind = VALUE_DATE};
    if (!read_scalar(node, VALUE_DATE, &from, err)) {
        return false;
    }
    if (before != NULL && date_compare(value_date(from), *before) <= 0) {
        char text[DATE_TEXT_SIZE];
        node_error(node, err, "policy.order", _("“%s” is not after the row before it"), node->text);
        return error_limit(err, _("must be after %s"), date_format(*before, text));
    }
    *ret = value_date(from);
    return true;
}

static bool check_range(const struct parameter_rule *rule, const struct node *node,
                        struct value value, struct error *err)
{
    if (rule->min <= value.number && value.number <= rule->max) {
        return true;
    }
    char min[VALUE_TEXT_SIZE];
    char max[VALUE_TEXT_SIZE];
    node_error(node, err, "policy.range", _("“%s” is outside what %s may be"), node->text,
               rule->name);
    return error_limit(err, _("from %s to %s"),
                       value_format((struct value){.kind = rule->kind, .number = rule->min}, min),
                       value_format((struct value){.kind = rule->kind, .number = rule->max}, max));
}

static bool read_row(struct arena *arena, const struct parameter_rule *rule,
                     const struct node *node, const struct date *before, struct dated_value *ret,
                     struct error *err)
{
    static const struct node_key keys[] = {{"from", NODE_SCALAR, false},
                                           {"value", NODE_SCALAR, false},
                                           {"clause", NODE_SCALAR_OR_MAP, false}};
    const struct node *found[COUNT_OF(keys)];
    if (!node_read_map(node, keys, COUNT_OF(keys), found, err) ||
        !dated_from(found[0], before, &ret->from, err) ||
        !read_scalar(found[1], rule->kind, &ret->value, err) ||
        !check_range(rule, found[1], ret->value, err) ||
        !clause_read(arena, found[2], &ret->clause, err)) {
        return false;
    }
    ret->written = found[1]->text;
    ret->node = found[1];
    return true;
}

bool parameter_read(struct arena *arena, enum parameter parameter, const struct node *node,
                    struct dated_parameter *ret, struct error *err)
{
    const struct parameter_rule *rule = parameter_rule(parameter);
    const struct node *rows = NULL;
    if (!dated_read(node, rule->governed_by, &ret->governed_by, &rows, err)) {
        return false;
    }
    assert(rows != NULL);
    ret->rows = arena_alloc_array(arena, rows->count, sizeof *ret->rows);
    ret->count = 0;
    const struct date *before = NULL;
    for (const struct node *row = rows->first; row != NULL; row = row->next) {
        if (!read_row(arena, rule, row, before, &ret->rows[ret->count], err)) {
            return false;
        }
        before = &ret->rows[ret->count++].from;
    }
    return true;
}

const struct dated_value *parameter_on(const struct dated_parameter *parameter, struct date on)
{
    return dated_row_on(parameter->rows, parameter->count, sizeof *parameter->rows, on);
}

const void *dated_row_on(const void *rows, size_t count, size_t size, struct date on)
{
    const void *in_force = NULL;
    for (size_t i = 0; i < count; i++) {
        const void *row = (const char *)rows + i * size;
        struct date from;
        memcpy(&from, row, sizeof from);
        if (date_compare(from, on) <= 0) {
            in_force = row;
        }
    }
    return in_force;
}
