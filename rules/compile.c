/* compile.c - an expression from its text to its tree. */
#include "ledger/base/text.h"
#include "rules/expression_tree.h"

#include <string.h>

/* Line and column of a byte, counted from the start of the text. */
static void set_place(struct error *err, const char *text, size_t at)
{
    int line = 1;
    int column = 1;
    size_t i = 0;
    uint32_t code_point = 0;
    while (i < at && text_next_code_point(text, strlen(text), &i, &code_point)) {
        column = code_point == '\n' ? 1 : column + 1;
        line += code_point == '\n' ? 1 : 0;
    }
    error_at(err, "", line, column);
}

bool expression_compile(struct arena *arena, const char *text, const struct symbol_table *symbols,
                        enum value_kind wanted, const struct expression **ret, size_t *ret_at,
                        struct error *err)
{
    size_t length = strlen(text);
    *ret_at = 0;
    if (length > EXPRESSION_BYTES_MAX) {
        error_set(err, FAULT_INPUT, "expression.too-large", _("the condition is too long"));
        error_limit(err, _("at most %d bytes"), EXPRESSION_BYTES_MAX);
        error_next(err, _("make two conditions of it"));
        return error_at(err, "", 1, 1);
    }
    struct op_node nodes[EXPRESSION_NODES_MAX];
    char *blanked = arena_text(arena, text);
    for (char *at = blanked; *at != '\0'; at++) {
        *at = *at == '\n' ? ' ' : *at;
    }
    struct expression *tree = arena_alloc(arena, sizeof *tree);
    *tree = (struct expression){.text = blanked, .symbols = symbols, .nodes = nodes};
    if (!op_tree_parse(tree, wanted, ret_at, err)) {
        set_place(err, text, *ret_at);
        return false;
    }
    tree->nodes = arena_alloc_array(arena, tree->count, sizeof *nodes);
    memcpy(tree->nodes, nodes, tree->count * sizeof *nodes);
    *ret = tree;
    return true;
}
