/* expression_tree.h - the typed tree of an expression. Layer: rules; part of expression.h. */
#ifndef YICANG_RULES_EXPRESSION_TREE_H
#define YICANG_RULES_EXPRESSION_TREE_H

#include "ledger/base/money.h"
#include "rules/expression.h"

#include <stdint.h>

enum op {
    OP_LITERAL,
    OP_SYMBOL,
    OP_WORD, /* while parsing: a name that is no symbol, so it must be a word of a list */
    OP_NEGATE,
    OP_NOT,
    OP_AND,
    OP_OR,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_SHARE,
    OP_BAND, /* first the symbol of the table, then the value */
    OP_EQUAL,
    OP_NOT_EQUAL,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_BETWEEN,
    OP_NOT_BETWEEN,
    OP_IN,
    OP_NOT_IN,
    OP_IS_KNOWN,
    OP_IS_NOT_KNOWN,
};

#define NO_NODE UINT16_MAX

struct op_node {
    enum op op;
    enum value_kind kind;
    const struct word_list *words;
    size_t begin; /* bytes of the text */
    size_t end;
    size_t at;      /* where a mistake in this operation is shown: its sign */
    uint16_t first; /* operands: the first, and each one's next */
    uint16_t next;
    uint16_t symbol;        /* of OP_SYMBOL */
    enum rounding rounding; /* of OP_SHARE */
    struct value literal;   /* of OP_LITERAL */
};

struct expression {
    const char *text; /* line breaks are blanks, so places stay the same */
    const struct symbol_table *symbols;
    struct op_node *nodes; /* operands stand before what is made of them */
    uint16_t count;
};

/* Parses tree->text into tree->nodes, which has room for EXPRESSION_NODES_MAX. Errors as for
 * expression_compile, but for the place. */
MUST_CHECK bool op_tree_parse(struct expression *tree, enum value_kind wanted, size_t *ret_at,
                              struct error *err);

/* Gives the newest node, whose operands have their kinds, its own. A bare whole number becomes
 * years beside years, and a word becomes a value beside its list. Reason ids expression.kinds,
 * expression.unknown-word, expression.unknown-name, expression.syntax. */
MUST_CHECK bool op_node_type(struct expression *expression, uint16_t index, size_t *ret_at,
                             struct error *err);
/* Refuses a word that stands where no list says what it means. */
MUST_CHECK bool op_node_is_value(const struct expression *expression, uint16_t index,
                                 size_t *ret_at, struct error *err);

#define EXPRESSION_SHOWN_MAX 60 /* characters of a part that messages show */
#define EXPRESSION_SHOWN_SIZE (EXPRESSION_SHOWN_MAX * 4 + 4)
/* The text of a node for messages, shortened if need be. Returns buffer. */
char *op_node_show(const struct expression *expression, uint16_t index,
                   char buffer[static EXPRESSION_SHOWN_SIZE]);

/* What may stand there instead, into an error: the words of the list; the tables; the decisions
 * that know the fact, or the name that is near. Each returns false. */
bool advise_word(const struct word_list *list, struct error *err);
bool advise_table(const struct symbol_table *symbols, struct error *err);
bool advise_name(const struct symbol_table *symbols, const char *name, struct error *err);

#endif
