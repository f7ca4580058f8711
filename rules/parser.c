#include "rules/expression_tree.h"

#include "ledger/base/text.h"
#include "rules/lexer.h"

#include <assert.h>
#include <string.h>

/* Precedence, loosest first: or; and; not; comparison, between, in, is known; + and -; *; minus
 * sign. One function each. */
struct parser {
    struct lexer lexer;
    struct token token; /* the one to be looked at */
    size_t end;         /* of the token before it */
    struct expression *tree;
    int depth;
    size_t *ret_at;
    struct error *err;
};

static bool parse_or(struct parser *parser, uint16_t *ret);

static bool refuse(struct parser *parser, size_t at, const char *reason, const char *text)
{
    *parser->ret_at = at;
    return error_set(parser->err, FAULT_INPUT, reason, "%s", text);
}

static bool advance(struct parser *parser)
{
    parser->end = parser->token.end;
    return lexer_next(&parser->lexer, &parser->token, parser->ret_at, parser->err);
}

static bool refuse_token(struct parser *parser, const char *wanted)
{
    const struct token *token = &parser->token;
    if (token->kind == TOKEN_END) {
        refuse(parser, token->begin, "expression.syntax", _("the condition ends too early"));
    } else {
        *parser->ret_at = token->begin;
        error_set(parser->err, FAULT_INPUT, "expression.syntax", _("“%.*s” cannot stand here"),
                  (int)(token->end - token->begin), parser->lexer.text + token->begin);
    }
    return error_limit(parser->err, _("expected: %s"), wanted);
}

static bool expect(struct parser *parser, enum token_kind kind, const char *wanted)
{
    return parser->token.kind == kind ? advance(parser) : refuse_token(parser, wanted);
}

static bool enter(struct parser *parser)
{
    if (++parser->depth > EXPRESSION_DEPTH_MAX) {
        refuse(parser, parser->token.begin, "expression.too-large",
               _("the condition is nested too deeply"));
        error_limit(parser->err, _("at most %d levels"), EXPRESSION_DEPTH_MAX);
        return error_next(parser->err, _("make two conditions of it"));
    }
    return true;
}

/* --- Nodes ------------------------------------------------------------------------------------ */

static bool add_node(struct parser *parser, struct op_node node, uint16_t *ret)
{
    struct expression *tree = parser->tree;
    if (tree->count == EXPRESSION_NODES_MAX) {
        refuse(parser, node.at, "expression.too-large", _("the condition has too many parts"));
        error_limit(parser->err, _("at most %d"), EXPRESSION_NODES_MAX);
        return error_next(parser->err, _("make two conditions of it"));
    }
    node.end = parser->end;
    node.next = NO_NODE;
    tree->nodes[tree->count] = node;
    *ret = tree->count++;
    return op_node_type(tree, *ret, parser->ret_at, parser->err);
}

static bool add_binary(struct parser *parser, enum op op, size_t begin, size_t at, uint16_t left,
                       uint16_t right, uint16_t *ret)
{
    parser->tree->nodes[left].next = right;
    return add_node(parser, (struct op_node){.op = op, .begin = begin, .at = at, .first = left},
                    ret);
}

/* --- Values and names ------------------------------------------------------------------------- */

/* The symbol the token names, or NULL. */
static const struct symbol *find_symbol(const struct parser *parser, uint16_t *ret)
{
    const struct symbol_table *table = parser->tree->symbols;
    const char *name = parser->lexer.text + parser->token.begin;
    size_t length = parser->token.end - parser->token.begin;
    for (size_t i = 0; i < table->count; i++) {
        const struct symbol *symbol = &table->symbols[i];
        if (strlen(symbol->name) == length && memcmp(symbol->name, name, length) == 0) {
            *ret = (uint16_t)i;
            return symbol;
        }
    }
    return NULL;
}

/* A name right before a parenthesis. */
static bool refuse_function(struct parser *parser, size_t at)
{
    *parser->ret_at = at;
    error_set(parser->err, FAULT_INPUT, "expression.unknown-name",
              _("there is no function called “%.*s”"), (int)(parser->end - at),
              parser->lexer.text + at);
    return error_limit(parser->err, _("known here: %s"), "band, share");
}

static bool parse_name(struct parser *parser, uint16_t *ret)
{
    struct op_node node = {.op = OP_WORD,
                           .kind = VALUE_WORD,
                           .begin = parser->token.begin,
                           .at = parser->token.begin,
                           .first = NO_NODE};
    const struct symbol *symbol = find_symbol(parser, &node.symbol);
    if (symbol != NULL && symbol->table != NULL) {
        refuse(parser, node.begin, "expression.syntax", _("a table of bands has no value itself"));
        return error_next(parser->err, _("write band(%s, value)"), symbol->name);
    }
    if (symbol != NULL) {
        node.op = OP_SYMBOL;
        node.kind = symbol->kind;
        node.words = symbol->words;
    }
    if (!advance(parser)) {
        return false;
    }
    if (symbol == NULL && parser->token.kind == TOKEN_OPEN) {
        return refuse_function(parser, node.begin);
    }
    return add_node(parser, node, ret);
}

static bool parse_literal(struct parser *parser, uint16_t *ret)
{
    struct op_node node = {.op = OP_LITERAL,
                           .kind = parser->token.value.kind,
                           .begin = parser->token.begin,
                           .at = parser->token.begin,
                           .first = NO_NODE,
                           .literal = parser->token.value};
    return advance(parser) && add_node(parser, node, ret);
}

/* "half_up" and its like; ROUND_HALF_UP where nothing is said. */
static bool parse_rounding(struct parser *parser, enum rounding *ret)
{
    static const struct {
        const char *name;
        enum rounding rounding;
    } names[] = {{"half_up", ROUND_HALF_UP}, {"half_even", ROUND_HALF_EVEN}, {"down", ROUND_DOWN}};
    *ret = ROUND_HALF_UP;
    if (parser->token.kind != TOKEN_COMMA) {
        return true;
    }
    if (!advance(parser)) {
        return false;
    }
    const char *name = parser->lexer.text + parser->token.begin;
    size_t length = parser->token.end - parser->token.begin;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strlen(names[i].name) == length && memcmp(names[i].name, name, length) == 0) {
            *ret = names[i].rounding;
            return advance(parser);
        }
    }
    return refuse_token(parser, _("half_up, half_even or down"));
}

static bool parse_share(struct parser *parser, uint16_t *ret)
{
    struct op_node node = {.op = OP_SHARE, .begin = parser->token.begin, .at = parser->token.begin};
    uint16_t rate = NO_NODE;
    if (!advance(parser) || !expect(parser, TOKEN_OPEN, "(") || !parse_or(parser, &node.first) ||
        !expect(parser, TOKEN_COMMA, ",") || !parse_or(parser, &rate) ||
        !parse_rounding(parser, &node.rounding) || !expect(parser, TOKEN_CLOSE, ")")) {
        return false;
    }
    parser->tree->nodes[node.first].next = rate;
    return add_node(parser, node, ret);
}

/* The first word of band(...): the name of a table. */
static bool parse_table(struct parser *parser, uint16_t *ret)
{
    struct op_node node = {
        .op = OP_SYMBOL, .begin = parser->token.begin, .at = parser->token.begin, .first = NO_NODE};
    const struct symbol *symbol = find_symbol(parser, &node.symbol);
    if (parser->token.kind != TOKEN_NAME) {
        return refuse_token(parser, _("the name of a table of bands"));
    }
    if (symbol == NULL || symbol->table == NULL) {
        *parser->ret_at = node.begin;
        error_set(parser->err, FAULT_INPUT, "expression.unknown-name",
                  _("there is no table of bands called “%.*s”"),
                  (int)(parser->token.end - node.begin), parser->lexer.text + node.begin);
        return advise_table(parser->tree->symbols, parser->err);
    }
    node.kind = symbol->kind;
    node.words = symbol->words;
    return advance(parser) && add_node(parser, node, ret);
}

static bool parse_band(struct parser *parser, uint16_t *ret)
{
    struct op_node node = {.op = OP_BAND, .begin = parser->token.begin, .at = parser->token.begin};
    uint16_t value = NO_NODE;
    if (!advance(parser) || !expect(parser, TOKEN_OPEN, "(") || !parse_table(parser, &node.first) ||
        !expect(parser, TOKEN_COMMA, ",") || !parse_or(parser, &value) ||
        !expect(parser, TOKEN_CLOSE, ")")) {
        return false;
    }
    parser->tree->nodes[node.first].next = value;
    return add_node(parser, node, ret);
}

static bool parse_primary(struct parser *parser, uint16_t *ret)
{
    if (parser->token.kind == TOKEN_LITERAL) {
        return parse_literal(parser, ret);
    }
    if (parser->token.kind == TOKEN_NAME) {
        return parse_name(parser, ret);
    }
    if (parser->token.kind == TOKEN_SHARE) {
        return parse_share(parser, ret);
    }
    if (parser->token.kind == TOKEN_BAND) {
        return parse_band(parser, ret);
    }
    if (parser->token.kind == TOKEN_OPEN) {
        return advance(parser) && parse_or(parser, ret) && expect(parser, TOKEN_CLOSE, ")");
    }
    return refuse_token(parser, _("a value or a name"));
}

/* --- Operators, tightest first ---------------------------------------------------------------- */

static bool parse_sign(struct parser *parser, uint16_t *ret)
{
    size_t begin = parser->token.begin;
    uint16_t operand = NO_NODE;
    if (parser->token.kind != TOKEN_MINUS) {
        return parse_primary(parser, ret);
    }
    if (!enter(parser) || !advance(parser) || !parse_sign(parser, &operand)) {
        return false;
    }
    parser->depth--;
    return add_node(
        parser, (struct op_node){.op = OP_NEGATE, .begin = begin, .at = begin, .first = operand},
        ret);
}

static bool parse_product(struct parser *parser, uint16_t *ret)
{
    size_t begin = parser->token.begin;
    if (!parse_sign(parser, ret)) {
        return false;
    }
    while (parser->token.kind == TOKEN_TIMES) {
        size_t at = parser->token.begin;
        uint16_t right = NO_NODE;
        if (!advance(parser) || !parse_sign(parser, &right) ||
            !add_binary(parser, OP_MULTIPLY, begin, at, *ret, right, ret)) {
            return false;
        }
    }
    return true;
}

static bool parse_sum(struct parser *parser, uint16_t *ret)
{
    size_t begin = parser->token.begin;
    if (!parse_product(parser, ret)) {
        return false;
    }
    while (parser->token.kind == TOKEN_PLUS || parser->token.kind == TOKEN_MINUS) {
        enum op op = parser->token.kind == TOKEN_PLUS ? OP_ADD : OP_SUBTRACT;
        size_t at = parser->token.begin;
        uint16_t right = NO_NODE;
        if (!advance(parser) || !parse_product(parser, &right) ||
            !add_binary(parser, op, begin, at, *ret, right, ret)) {
            return false;
        }
    }
    return true;
}

static bool parse_between(struct parser *parser, struct op_node node, uint16_t *ret)
{
    uint16_t low = NO_NODE;
    uint16_t high = NO_NODE;
    if (!advance(parser) || !parse_sum(parser, &low) || !expect(parser, TOKEN_AND, "and") ||
        !parse_sum(parser, &high)) {
        return false;
    }
    parser->tree->nodes[node.first].next = low;
    parser->tree->nodes[low].next = high;
    return add_node(parser, node, ret);
}

static bool parse_in(struct parser *parser, struct op_node node, uint16_t *ret)
{
    if (!advance(parser) || !expect(parser, TOKEN_OPEN, "(")) {
        return false;
    }
    uint16_t last = node.first;
    for (;;) {
        uint16_t item = NO_NODE;
        if (!parse_sum(parser, &item)) {
            return false;
        }
        parser->tree->nodes[last].next = item;
        last = item;
        if (parser->token.kind != TOKEN_COMMA) {
            break;
        }
        if (!advance(parser)) {
            return false;
        }
    }
    return expect(parser, TOKEN_CLOSE, ")") && add_node(parser, node, ret);
}

static bool parse_is(struct parser *parser, struct op_node node, uint16_t *ret)
{
    if (!advance(parser)) {
        return false;
    }
    node.op = OP_IS_KNOWN;
    if (parser->token.kind == TOKEN_NOT) {
        node.op = OP_IS_NOT_KNOWN;
        if (!advance(parser)) {
            return false;
        }
    }
    return expect(parser, TOKEN_KNOWN, "known") && add_node(parser, node, ret);
}

/* The operation of a comparing sign; false for every other token. */
static bool comparing_op(enum token_kind kind, enum op *ret)
{
    static const struct {
        enum token_kind token;
        enum op op;
    } rows[] = {
        {TOKEN_EQUAL, OP_EQUAL},     {TOKEN_NOT_EQUAL, OP_NOT_EQUAL},
        {TOKEN_LESS, OP_LESS},       {TOKEN_LESS_EQUAL, OP_LESS_EQUAL},
        {TOKEN_GREATER, OP_GREATER}, {TOKEN_GREATER_EQUAL, OP_GREATER_EQUAL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].token == kind) {
            *ret = rows[i].op;
            return true;
        }
    }
    return false;
}

/* "between", "in" and "is", each with its "not". */
static bool parse_test(struct parser *parser, struct op_node node, uint16_t *ret)
{
    bool negated = parser->token.kind == TOKEN_NOT;
    if (parser->token.kind == TOKEN_IS) {
        return parse_is(parser, node, ret);
    }
    if (negated && !advance(parser)) {
        return false;
    }
    if (parser->token.kind == TOKEN_BETWEEN) {
        node.op = negated ? OP_NOT_BETWEEN : OP_BETWEEN;
        return parse_between(parser, node, ret);
    }
    if (parser->token.kind == TOKEN_IN) {
        node.op = negated ? OP_NOT_IN : OP_IN;
        return parse_in(parser, node, ret);
    }
    return refuse_token(parser, _("between or in"));
}

static bool parse_comparison(struct parser *parser, uint16_t *ret)
{
    struct op_node node = {.begin = parser->token.begin};
    if (!parse_sum(parser, ret)) {
        return false;
    }
    node.first = *ret;
    node.at = parser->token.begin;
    if (comparing_op(parser->token.kind, &node.op)) {
        uint16_t right = NO_NODE;
        return advance(parser) && parse_sum(parser, &right) &&
               add_binary(parser, node.op, node.begin, node.at, *ret, right, ret);
    }
    enum token_kind kind = parser->token.kind;
    if (kind == TOKEN_NOT || kind == TOKEN_BETWEEN || kind == TOKEN_IN || kind == TOKEN_IS) {
        return parse_test(parser, node, ret);
    }
    return true;
}

static bool parse_not(struct parser *parser, uint16_t *ret)
{
    size_t begin = parser->token.begin;
    uint16_t operand = NO_NODE;
    if (parser->token.kind != TOKEN_NOT) {
        return parse_comparison(parser, ret);
    }
    if (!enter(parser) || !advance(parser) || !parse_not(parser, &operand)) {
        return false;
    }
    parser->depth--;
    return add_node(
        parser, (struct op_node){.op = OP_NOT, .begin = begin, .at = begin, .first = operand}, ret);
}

static bool parse_and(struct parser *parser, uint16_t *ret)
{
    size_t begin = parser->token.begin;
    if (!parse_not(parser, ret)) {
        return false;
    }
    while (parser->token.kind == TOKEN_AND) {
        size_t at = parser->token.begin;
        uint16_t right = NO_NODE;
        if (!advance(parser) || !parse_not(parser, &right) ||
            !add_binary(parser, OP_AND, begin, at, *ret, right, ret)) {
            return false;
        }
    }
    return true;
}

static bool parse_or(struct parser *parser, uint16_t *ret)
{
    size_t begin = parser->token.begin;
    if (!enter(parser) || !parse_and(parser, ret)) {
        return false;
    }
    while (parser->token.kind == TOKEN_OR) {
        size_t at = parser->token.begin;
        uint16_t right = NO_NODE;
        if (!advance(parser) || !parse_and(parser, &right) ||
            !add_binary(parser, OP_OR, begin, at, *ret, right, ret)) {
            return false;
        }
    }
    parser->depth--;
    return true;
}

/* --- The whole -------------------------------------------------------------------------------- */

static bool parse_whole(struct parser *parser, enum value_kind wanted)
{
    uint16_t root = NO_NODE;
    if (!advance(parser) || !parse_or(parser, &root)) {
        return false;
    }
    if (parser->token.kind != TOKEN_END) {
        return refuse_token(parser, _("and, or, or the end"));
    }
    if (!op_node_is_value(parser->tree, root, parser->ret_at, parser->err)) {
        return false;
    }
    if (parser->tree->nodes[root].kind != wanted) {
        *parser->ret_at = parser->tree->nodes[root].begin;
        error_set(parser->err, FAULT_INPUT, "expression.kinds", _("the whole is of the kind %s"),
                  value_kind_name(parser->tree->nodes[root].kind));
        return error_limit(parser->err, _("wanted here: %s"), value_kind_name(wanted));
    }
    return true;
}

bool op_tree_parse(struct expression *tree, enum value_kind wanted, size_t *ret_at,
                   struct error *err)
{
    *ret_at = 0;
    struct parser parser = {
        .lexer = {tree->text, strlen(tree->text), 0}, .tree = tree, .ret_at = ret_at, .err = err};
    return parse_whole(&parser, wanted);
}
