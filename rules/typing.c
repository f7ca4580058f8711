#include "rules/expression_tree.h"

#include "ledger/base/text.h"
#include "rules/band.h"

#include <assert.h>
#include <string.h>

char *op_node_show(const struct expression *expression, uint16_t index,
                   char buffer[static EXPRESSION_SHOWN_SIZE])
{
    const struct op_node *node = &expression->nodes[index];
    size_t at = node->begin;
    size_t used = 0;
    for (int shown = 0; at < node->end; shown++) {
        size_t begin = at;
        uint32_t code_point = 0;
        if (shown == EXPRESSION_SHOWN_MAX ||
            !text_next_code_point(expression->text, node->end, &at, &code_point)) {
            memcpy(buffer + used, "…", strlen("…"));
            used += strlen("…");
            break;
        }
        memcpy(buffer + used, expression->text + begin, at - begin);
        used += at - begin;
    }
    buffer[used] = '\0';
    return buffer;
}

/* --- Refusals --------------------------------------------------------------------------------- */

static bool refuse_pair(const struct expression *expression, const struct op_node *node, uint16_t a,
                        uint16_t b, size_t *ret_at, struct error *err)
{
    char text_a[EXPRESSION_SHOWN_SIZE];
    char text_b[EXPRESSION_SHOWN_SIZE];
    const struct op_node *nodes = expression->nodes;
    *ret_at = node->at;
    return error_set(err, FAULT_INPUT, "expression.kinds",
                     _("these do not go together: “%s” (%s) and “%s” (%s)"),
                     op_node_show(expression, a, text_a), value_kind_name(nodes[a].kind),
                     op_node_show(expression, b, text_b), value_kind_name(nodes[b].kind));
}

static bool refuse_kind(const struct expression *expression, uint16_t index, const char *wanted,
                        size_t *ret_at, struct error *err)
{
    char text[EXPRESSION_SHOWN_SIZE];
    *ret_at = expression->nodes[index].begin;
    error_set(err, FAULT_INPUT, "expression.kinds", _("“%s” is of the kind %s"),
              op_node_show(expression, index, text),
              value_kind_name(expression->nodes[index].kind));
    return error_limit(err, _("wanted here: %s"), wanted);
}

bool op_node_is_value(const struct expression *expression, uint16_t index, size_t *ret_at,
                      struct error *err)
{
    char text[EXPRESSION_SHOWN_SIZE];
    const struct op_node *node = &expression->nodes[index];
    if (node->op != OP_WORD) {
        return true;
    }
    *ret_at = node->begin;
    error_set(err, FAULT_INPUT, "expression.unknown-name",
              _("there is no fact or parameter called “%s” here"),
              op_node_show(expression, index, text));
    return advise_name(expression->symbols, text, err);
}

/* --- Words and bare numbers ------------------------------------------------------------------- */

static bool resolve_word(struct expression *expression, uint16_t index,
                         const struct word_list *list, size_t *ret_at, struct error *err)
{
    char word[EXPRESSION_SHOWN_SIZE];
    struct op_node *node = &expression->nodes[index];
    size_t position = 0;
    if (!word_find(list, op_node_show(expression, index, word), &position)) {
        *ret_at = node->begin;
        error_set(err, FAULT_INPUT, "expression.unknown-word",
                  _("“%s” is not a word of the list %s"), word, list->name);
        return advise_word(list, err);
    }
    node->op = OP_LITERAL;
    node->kind = VALUE_WORD;
    node->words = list;
    node->literal = (struct value){VALUE_WORD, (int64_t)position, list};
    return true;
}

/* Makes a word or a bare number what is wanted beside it: a word of the list, or years. */
static bool adapt_to(struct expression *expression, uint16_t index, enum value_kind kind,
                     const struct word_list *words, size_t *ret_at, struct error *err)
{
    struct op_node *node = &expression->nodes[index];
    if (node->op == OP_WORD && kind == VALUE_WORD) {
        return resolve_word(expression, index, words, ret_at, err);
    }
    if (node->op == OP_LITERAL && node->kind == VALUE_INTEGER && kind == VALUE_YEARS) {
        node->kind = VALUE_YEARS;
        node->literal.kind = VALUE_YEARS;
    }
    return op_node_is_value(expression, index, ret_at, err);
}

/* Words take their meaning from the other operand, and ages may be compared with a bare number. */
static bool adapt(struct expression *expression, uint16_t index, uint16_t other, size_t *ret_at,
                  struct error *err)
{
    const struct op_node *beside = &expression->nodes[other];
    if (beside->op == OP_WORD) {
        return op_node_is_value(expression, index, ret_at, err);
    }
    return adapt_to(expression, index, beside->kind, beside->words, ret_at, err);
}

static bool type_pair(struct expression *expression, const struct op_node *node, uint16_t a,
                      uint16_t b, size_t *ret_at, struct error *err)
{
    const struct op_node *nodes = expression->nodes;
    if (!adapt(expression, a, b, ret_at, err) || !adapt(expression, b, a, ret_at, err)) {
        return false;
    }
    if (nodes[a].kind != nodes[b].kind || nodes[a].words != nodes[b].words) {
        return refuse_pair(expression, node, a, b, ret_at, err);
    }
    return true;
}

/* --- Each operation --------------------------------------------------------------------------- */

static bool is_quantity(enum value_kind kind)
{
    return kind != VALUE_DATE && kind != VALUE_TRUTH && kind != VALUE_WORD;
}

static bool type_operands(struct expression *expression, struct op_node *node,
                          enum value_kind wanted, size_t *ret_at, struct error *err)
{
    for (uint16_t i = node->first; i != NO_NODE; i = expression->nodes[i].next) {
        if (!op_node_is_value(expression, i, ret_at, err)) {
            return false;
        }
        if (expression->nodes[i].kind != wanted) {
            return refuse_kind(expression, i, value_kind_name(wanted), ret_at, err);
        }
    }
    node->kind = wanted;
    return true;
}

/* The kind of a sum, difference or product; false if there is none. */
static bool arithmetic_kind(enum op op, enum value_kind a, enum value_kind b, enum value_kind *ret)
{
    if (op == OP_MULTIPLY) {
        *ret = a == VALUE_INTEGER ? b : a;
        return (a == VALUE_INTEGER || b == VALUE_INTEGER) && is_quantity(a) && is_quantity(b);
    }
    if (a == VALUE_DATE || b == VALUE_DATE) {
        *ret = a == VALUE_DATE && b == VALUE_DATE ? VALUE_DAYS : VALUE_DATE;
        bool between_dates = op == OP_SUBTRACT && a == VALUE_DATE && b == VALUE_DATE;
        bool shifted = a == VALUE_DATE && b == VALUE_DAYS;
        return between_dates || shifted || (op == OP_ADD && a == VALUE_DAYS);
    }
    *ret = a;
    return a == b && is_quantity(a);
}

static bool type_arithmetic(struct expression *expression, struct op_node *node, size_t *ret_at,
                            struct error *err)
{
    uint16_t a = node->first;
    uint16_t b = expression->nodes[a].next;
    if (!op_node_is_value(expression, a, ret_at, err) ||
        !op_node_is_value(expression, b, ret_at, err)) {
        return false;
    }
    enum value_kind kind_a = expression->nodes[a].kind;
    enum value_kind kind_b = expression->nodes[b].kind;
    if (arithmetic_kind(node->op, kind_a, kind_b, &node->kind)) {
        return true;
    }
    refuse_pair(expression, node, a, b, ret_at, err);
    if (node->op == OP_MULTIPLY && (kind_a == VALUE_RATE || kind_b == VALUE_RATE)) {
        return error_next(err, _("a share of an amount is written share(amount, rate)"));
    }
    return false;
}

static bool type_share(struct expression *expression, struct op_node *node, size_t *ret_at,
                       struct error *err)
{
    uint16_t amount = node->first;
    uint16_t rate = expression->nodes[amount].next;
    if (!op_node_is_value(expression, amount, ret_at, err) ||
        !op_node_is_value(expression, rate, ret_at, err)) {
        return false;
    }
    if (expression->nodes[amount].kind != VALUE_MONEY) {
        return refuse_kind(expression, amount, value_kind_name(VALUE_MONEY), ret_at, err);
    }
    if (expression->nodes[rate].kind != VALUE_RATE) {
        return refuse_kind(expression, rate, value_kind_name(VALUE_RATE), ret_at, err);
    }
    node->kind = VALUE_MONEY;
    return true;
}

/* What is looked up must be what the table is of. */
static bool type_band(struct expression *expression, struct op_node *node, size_t *ret_at,
                      struct error *err)
{
    const struct op_node *nodes = expression->nodes;
    const struct op_node *symbol = &nodes[node->first];
    const struct band_table *table = expression->symbols->symbols[symbol->symbol].table;
    uint16_t value = symbol->next;
    if (!adapt_to(expression, value, table->of.kind, table->of.words, ret_at, err)) {
        return false;
    }
    if (nodes[value].kind != table->of.kind) {
        return refuse_kind(expression, value, value_kind_name(table->of.kind), ret_at, err);
    }
    if (nodes[value].words != table->of.words) {
        return refuse_kind(expression, value, table->of.words->name, ret_at, err);
    }
    node->kind = table->gives.kind;
    node->words = table->gives.words;
    return true;
}

static bool has_order(const struct expression *expression, uint16_t index, size_t *ret_at,
                      struct error *err)
{
    enum value_kind kind = expression->nodes[index].kind;
    if (kind == VALUE_TRUTH || kind == VALUE_WORD) {
        return refuse_kind(expression, index, _("something that has an order"), ret_at, err);
    }
    return true;
}

/* The first operand is compared with each of the others. */
static bool type_comparison(struct expression *expression, struct op_node *node, bool ordered,
                            size_t *ret_at, struct error *err)
{
    uint16_t first = node->first;
    for (uint16_t i = expression->nodes[first].next; i != NO_NODE; i = expression->nodes[i].next) {
        if (!type_pair(expression, node, first, i, ret_at, err)) {
            return false;
        }
    }
    node->kind = VALUE_TRUTH;
    return !ordered || has_order(expression, first, ret_at, err);
}

static bool type_is_known(const struct expression *expression, struct op_node *node, size_t *ret_at,
                          struct error *err)
{
    if (!op_node_is_value(expression, node->first, ret_at, err)) {
        return false;
    }
    if (expression->nodes[node->first].op != OP_SYMBOL) {
        *ret_at = node->begin;
        return error_set(err, FAULT_INPUT, "expression.syntax",
                         _("only a single fact can be asked whether it is known"));
    }
    node->kind = VALUE_TRUTH;
    return true;
}

static bool type_negation(const struct expression *expression, struct op_node *node, size_t *ret_at,
                          struct error *err)
{
    if (!op_node_is_value(expression, node->first, ret_at, err)) {
        return false;
    }
    node->kind = expression->nodes[node->first].kind;
    return is_quantity(node->kind) ||
           refuse_kind(expression, node->first, _("something that can be negative"), ret_at, err);
}

bool op_node_type(struct expression *expression, uint16_t index, size_t *ret_at, struct error *err)
{
    struct op_node *node = &expression->nodes[index];
    switch (node->op) {
    case OP_LITERAL:
    case OP_SYMBOL:
    case OP_WORD:
        return true;
    case OP_NEGATE:
        return type_negation(expression, node, ret_at, err);
    case OP_NOT:
    case OP_AND:
    case OP_OR:
        return type_operands(expression, node, VALUE_TRUTH, ret_at, err);
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
        return type_arithmetic(expression, node, ret_at, err);
    case OP_SHARE:
        return type_share(expression, node, ret_at, err);
    case OP_BAND:
        return type_band(expression, node, ret_at, err);
    case OP_EQUAL:
    case OP_NOT_EQUAL:
    case OP_IN:
    case OP_NOT_IN:
        return type_comparison(expression, node, false, ret_at, err);
    case OP_LESS:
    case OP_LESS_EQUAL:
    case OP_GREATER:
    case OP_GREATER_EQUAL:
    case OP_BETWEEN:
    case OP_NOT_BETWEEN:
        return type_comparison(expression, node, true, ret_at, err);
    case OP_IS_KNOWN:
    case OP_IS_NOT_KNOWN:
        return type_is_known(expression, node, ret_at, err);
    }
    return false;
}
