#include "rules/expression_tree.h"

#include "ledger/base/text.h"
#include "rules/band.h"

#include <assert.h>

/* One evaluation: what goes in, and what was found out about each part. */
struct run {
    const struct expression *expression;
    const struct fact *facts;
    struct part_result *trace;
    struct error *err;
};

static bool value_of(const struct run *run, uint16_t index, struct value *ret);

static struct value truth(bool yes)
{
    return (struct value){.kind = VALUE_TRUTH, .number = yes ? 1 : 0};
}

static bool refuse_overflow(const struct run *run, const struct op_node *node)
{
    char text[EXPRESSION_SHOWN_SIZE];
    uint16_t index = (uint16_t)(node - run->expression->nodes);
    return error_set(run->err, FAULT_REFUSED, "expression.overflow",
                     _("the value of “%s” is too large"),
                     op_node_show(run->expression, index, text));
}

static bool evaluate_symbol(const struct run *run, const struct op_node *node, struct value *ret)
{
    const struct fact *fact = &run->facts[node->symbol];
    const struct symbol *symbol = &run->expression->symbols->symbols[node->symbol];
    if (!fact->known) {
        error_set(run->err, FAULT_REFUSED, "expression.unknown-fact", _("“%s” is not known"),
                  symbol->name);
        return error_next(run->err, _("enter it, or let the condition ask “%s is known” first"),
                          symbol->name);
    }
    assert(symbol->table == NULL);
    assert(fact->value.kind == symbol->kind && fact->value.words == symbol->words);
    *ret = fact->value;
    return true;
}

/* --- Arithmetic ------------------------------------------------------------------------------- */

static bool in_calendar(int64_t day)
{
    return DATE_DAY_MIN <= day && day <= DATE_DAY_MAX;
}

static bool calculate_money(enum op op, struct value a, struct value b, struct money *ret)
{
    if (op == OP_ADD) {
        return money_add(value_money(a), value_money(b), ret);
    }
    if (op == OP_SUBTRACT) {
        return money_sub(value_money(a), value_money(b), ret);
    }
    bool amount_first = a.kind == VALUE_MONEY;
    return money_mul_div(value_money(amount_first ? a : b), amount_first ? b.number : a.number, 1,
                         ROUND_EXACT, ret);
}

static bool calculate_number(enum op op, int64_t a, int64_t b, int64_t *ret)
{
    if (op == OP_ADD) {
        return !__builtin_add_overflow(a, b, ret);
    }
    if (op == OP_SUBTRACT) {
        return !__builtin_sub_overflow(a, b, ret);
    }
    return !__builtin_mul_overflow(a, b, ret);
}

static bool evaluate_arithmetic(const struct run *run, const struct op_node *node,
                                struct value *ret)
{
    struct value a;
    struct value b;
    struct value result = {.kind = node->kind};
    if (!value_of(run, node->first, &a) ||
        !value_of(run, run->expression->nodes[node->first].next, &b)) {
        return false;
    }
    if (node->kind == VALUE_MONEY) {
        struct money amount = MONEY_ZERO;
        if (!calculate_money(node->op, a, b, &amount)) {
            return refuse_overflow(run, node);
        }
        result.number = money_fen(amount);
    } else if (!calculate_number(node->op, a.number, b.number, &result.number) ||
               (node->kind == VALUE_DATE && !in_calendar(result.number))) {
        return refuse_overflow(run, node);
    }
    *ret = result;
    return true;
}

static bool evaluate_share(const struct run *run, const struct op_node *node, struct value *ret)
{
    struct value amount;
    struct value rate;
    struct money part = MONEY_ZERO;
    if (!value_of(run, node->first, &amount) ||
        !value_of(run, run->expression->nodes[node->first].next, &rate)) {
        return false;
    }
    if (!money_share(value_money(amount), value_rate(rate), node->rounding, &part)) {
        return refuse_overflow(run, node);
    }
    *ret = (struct value){.kind = VALUE_MONEY, .number = money_fen(part)};
    return true;
}

/* The part that names the table is shown with what was found in it. */
static bool evaluate_band(const struct run *run, const struct op_node *node, struct value *ret)
{
    const struct op_node *table = &run->expression->nodes[node->first];
    const struct fact *fact = &run->facts[table->symbol];
    struct value value;
    if (fact->bands == NULL) {
        if (run->trace != NULL) {
            run->trace[node->first].missing = true;
        }
        return error_set(run->err, FAULT_REFUSED, "expression.unknown-fact", _("“%s” is not known"),
                         run->expression->symbols->symbols[table->symbol].name);
    }
    if (!value_of(run, table->next, &value)) {
        return false;
    }
    *ret = band_find(fact->bands, value.number);
    if (run->trace != NULL) {
        run->trace[node->first] = (struct part_result){.evaluated = true, .value = *ret};
    }
    return true;
}

static bool evaluate_negation(const struct run *run, const struct op_node *node, struct value *ret)
{
    struct value value;
    if (!value_of(run, node->first, &value)) {
        return false;
    }
    if (__builtin_sub_overflow(INT64_C(0), value.number, &value.number)) {
        return refuse_overflow(run, node);
    }
    *ret = value;
    return true;
}

/* --- Comparison ------------------------------------------------------------------------------- */

static bool compare(enum op op, int64_t a, int64_t b)
{
    if (op == OP_EQUAL || op == OP_NOT_EQUAL) {
        return (a == b) == (op == OP_EQUAL);
    }
    if (op == OP_LESS || op == OP_GREATER_EQUAL) {
        return (a < b) == (op == OP_LESS);
    }
    return (a <= b) == (op == OP_LESS_EQUAL);
}

static bool evaluate_comparison(const struct run *run, const struct op_node *node,
                                struct value *ret)
{
    struct value a;
    struct value b;
    if (!value_of(run, node->first, &a) ||
        !value_of(run, run->expression->nodes[node->first].next, &b)) {
        return false;
    }
    *ret = truth(compare(node->op, a.number, b.number));
    return true;
}

static bool evaluate_between(const struct run *run, const struct op_node *node, struct value *ret)
{
    const struct op_node *nodes = run->expression->nodes;
    uint16_t second = nodes[node->first].next;
    struct value value;
    struct value low;
    struct value high;
    if (!value_of(run, node->first, &value) || !value_of(run, second, &low) ||
        !value_of(run, nodes[second].next, &high)) {
        return false;
    }
    bool inside = low.number <= value.number && value.number <= high.number;
    *ret = truth(inside == (node->op == OP_BETWEEN));
    return true;
}

/* All items are looked at, so that an unknown one never hides behind a hit. */
static bool evaluate_in(const struct run *run, const struct op_node *node, struct value *ret)
{
    const struct op_node *nodes = run->expression->nodes;
    struct value value;
    bool found = false;
    if (!value_of(run, node->first, &value)) {
        return false;
    }
    for (uint16_t i = nodes[node->first].next; i != NO_NODE; i = nodes[i].next) {
        struct value item;
        if (!value_of(run, i, &item)) {
            return false;
        }
        found = found || item.number == value.number;
    }
    *ret = truth(found == (node->op == OP_IN));
    return true;
}

static bool evaluate_is_known(const struct run *run, const struct op_node *node, struct value *ret)
{
    const struct fact *fact = &run->facts[run->expression->nodes[node->first].symbol];
    /* What is known was read, too: asked again with the facts on record it must be known again. */
    if (fact->known && run->trace != NULL) {
        run->trace[node->first] = (struct part_result){.evaluated = true, .value = fact->value};
    }
    *ret = truth(fact->known == (node->op == OP_IS_KNOWN));
    return true;
}

/* --- Logic ------------------------------------------------------------------------------------ */

/* From left to right, and no further than needed: "x is known and x > 0" is safe. */
static bool evaluate_logic(const struct run *run, const struct op_node *node, struct value *ret)
{
    struct value left;
    if (!value_of(run, node->first, &left)) {
        return false;
    }
    if (value_truth(left) == (node->op == OP_OR)) {
        *ret = left;
        return true;
    }
    return value_of(run, run->expression->nodes[node->first].next, ret);
}

static bool evaluate_not(const struct run *run, const struct op_node *node, struct value *ret)
{
    struct value value;
    if (!value_of(run, node->first, &value)) {
        return false;
    }
    *ret = truth(!value_truth(value));
    return true;
}

static bool evaluate_node(const struct run *run, const struct op_node *node, struct value *ret)
{
    switch (node->op) {
    case OP_LITERAL:
        *ret = node->literal;
        return true;
    case OP_SYMBOL:
        return evaluate_symbol(run, node, ret);
    case OP_WORD:
        break;
    case OP_NEGATE:
        return evaluate_negation(run, node, ret);
    case OP_NOT:
        return evaluate_not(run, node, ret);
    case OP_AND:
    case OP_OR:
        return evaluate_logic(run, node, ret);
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
        return evaluate_arithmetic(run, node, ret);
    case OP_SHARE:
        return evaluate_share(run, node, ret);
    case OP_BAND:
        return evaluate_band(run, node, ret);
    case OP_EQUAL:
    case OP_NOT_EQUAL:
    case OP_LESS:
    case OP_LESS_EQUAL:
    case OP_GREATER:
    case OP_GREATER_EQUAL:
        return evaluate_comparison(run, node, ret);
    case OP_BETWEEN:
    case OP_NOT_BETWEEN:
        return evaluate_between(run, node, ret);
    case OP_IN:
    case OP_NOT_IN:
        return evaluate_in(run, node, ret);
    case OP_IS_KNOWN:
    case OP_IS_NOT_KNOWN:
        return evaluate_is_known(run, node, ret);
    }
    assert(node->op != OP_WORD);
    return false;
}

static bool value_of(const struct run *run, uint16_t index, struct value *ret)
{
    const struct op_node *node = &run->expression->nodes[index];
    bool evaluated = evaluate_node(run, node, ret);
    if (run->trace != NULL && evaluated) {
        run->trace[index] = (struct part_result){.evaluated = true, .value = *ret};
    } else if (run->trace != NULL && node->op == OP_SYMBOL) {
        run->trace[index].missing = true;
    }
    return evaluated;
}

bool expression_evaluate(const struct expression *expression, const struct fact *facts,
                         struct part_result *trace, struct value *ret, struct error *err)
{
    struct run run = {expression, facts, trace, err};
    for (uint16_t i = 0; trace != NULL && i < expression->count; i++) {
        trace[i] = (struct part_result){.evaluated = false};
    }
    struct value value;
    if (!value_of(&run, (uint16_t)(expression->count - 1), &value)) {
        return false;
    }
    *ret = value;
    return true;
}

size_t expression_parts(const struct expression *expression)
{
    return expression->count;
}

struct part expression_part(const struct expression *expression, size_t index)
{
    assert(index < expression->count);
    const struct op_node *node = &expression->nodes[index];
    return (struct part){.text = expression->text + node->begin,
                         .length = node->end - node->begin,
                         .is_literal = node->op == OP_LITERAL,
                         .is_symbol = node->op == OP_SYMBOL,
                         .symbol = node->symbol,
                         .literal = node->literal};
}

const char *expression_text(const struct expression *expression)
{
    return expression->text;
}
