/* expression.h - a small typed language for conditions: "amount <= 50000 yuan and not overdue".
 * Layer: rules.
 *
 * It has values, names, comparison, between, in, is known, and, or, not, + - *, share(money, rate)
 * and band(table, value); no loops and no functions of one's own. Kinds never mix by accident,
 * arithmetic is checked, and a fact that is not known is an error, never a "no".
 * docs/policy-language.md is the reference. An expression is bounded in length, size and depth, and
 * immutable once compiled. */
#ifndef YICANG_RULES_EXPRESSION_H
#define YICANG_RULES_EXPRESSION_H

#include "ledger/base/arena.h"
#include "ledger/base/attributes.h"
#include "ledger/base/error.h"
#include "rules/value.h"

#include <stdbool.h>
#include <stddef.h>

#define EXPRESSION_BYTES_MAX 4000
#define EXPRESSION_NODES_MAX 256
#define EXPRESSION_DEPTH_MAX 32

struct band_table; /* band.h */
struct band_row;

/* A name that may stand in an expression: a fact of the case, a parameter of the policy, or a table
 * of bands, which is asked as band(name, value). */
struct symbol {
    const char *name; /* a-z, 0-9 and _, beginning with a letter; no word of the language */
    enum value_kind kind;
    const struct word_list *words;  /* of a VALUE_WORD */
    const struct band_table *table; /* kind and words are of what it gives; else NULL */
};

struct symbol_table {
    const struct symbol *symbols;
    size_t count;
};

/* What is known about the symbol with the same index. */
struct fact {
    bool known;
    struct value value;           /* of the symbol's kind */
    const struct band_row *bands; /* of a table: the row in force */
};

struct expression; /* lives in the arena it was compiled into */

/* Compiles text to an expression of the wanted kind. FAULT_INPUT; *ret_at is then the byte at which
 * the mistake stands, and line and column count from the start of the text. Reason ids
 * expression.syntax, expression.value (a number or date that cannot be read),
 * expression.unknown-name, expression.unknown-word, expression.kinds, expression.too-large. The
 * symbols must outlive it. */
MUST_CHECK bool expression_compile(struct arena *arena, const char *text,
                                   const struct symbol_table *symbols, enum value_kind wanted,
                                   const struct expression **ret, size_t *ret_at,
                                   struct error *err);

/* What became of one part of an expression. */
struct part_result {
    bool evaluated; /* false: the answer was certain before it was looked at */
    bool missing;   /* a fact that was needed and is not known */
    struct value value;
};

/* The value for one case. `facts` has an entry for each symbol; `trace` is NULL or has
 * expression_parts() entries. FAULT_REFUSED: expression.unknown-fact, expression.overflow; the
 * trace then holds what was evaluated before. */
MUST_CHECK bool expression_evaluate(const struct expression *expression, const struct fact *facts,
                                    struct part_result *trace, struct value *ret,
                                    struct error *err);

/* A part of the expression: a name, or an operation with its operands. Parts are numbered so that
 * operands come before what is made of them; the last is the whole. */
struct part {
    const char *text; /* as written, line breaks as blanks; not NUL-terminated: */
    size_t length;
    bool is_literal; /* not worth showing: its value is its text */
    bool is_symbol;
    size_t symbol; /* index in the symbol table */
    struct value literal;
};
size_t expression_parts(const struct expression *expression);
struct part expression_part(const struct expression *expression, size_t index);
const char *expression_text(const struct expression *expression);

#endif
