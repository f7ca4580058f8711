/* yaml_tree.h - a YAML file as a small tree that knows where each word stood. Layer: rules.
 *
 * Only the plain part of YAML is let in: one document of maps, lists and scalars. Anchors, aliases,
 * merge keys, tags, directives, further documents and repeated keys are refused, and so is whatever
 * a reader could not see on a screen (tabs, carriage returns, byte order marks, direction marks):
 * the text travels in the log line by line. Every error is FAULT_INPUT with line and column. */
#ifndef YICANG_RULES_YAML_TREE_H
#define YICANG_RULES_YAML_TREE_H

#include "ledger/base/arena.h"
#include "ledger/base/attributes.h"
#include "ledger/base/error.h"
#include "rules/yaml_source.h"

#include <stdbool.h>
#include <stddef.h>

#define YAML_DEPTH_MAX 12
#define YAML_NODES_MAX 16384
#define YAML_CHILDREN_MAX 512 /* of one map or list */

enum node_kind {
    NODE_SCALAR,
    NODE_LIST,
    NODE_MAP,
    /* of a struct node_key only: either may stand there */
    NODE_SCALAR_OR_LIST,
    NODE_SCALAR_OR_MAP,
};
enum scalar_style { SCALAR_PLAIN, SCALAR_QUOTED, SCALAR_BLOCK };

struct node {
    enum node_kind kind;
    enum scalar_style style; /* of a scalar */
    const struct yaml_source *source;
    int line;               /* 1-based */
    int column;             /* 1-based, counted in characters */
    const char *text;       /* of a scalar; "" for an empty one; never holds a NUL */
    const struct node *key; /* the scalar in front of the colon, when the node stands in a map */
    struct node *first;     /* children in the order of the file */
    struct node *next;
    size_t count;
};

/* The tree lives in the arena. Reason ids policy.yaml, policy.too-large (POLICY_BYTES_MAX, nodes,
 * depth), policy.not-utf8, policy.invisible, policy.anchor, policy.tag, policy.second-document,
 * policy.duplicate-key. */
MUST_CHECK bool yaml_tree_load(struct arena *arena, const char *file, const char *bytes,
                               size_t length, const struct node **ret, struct error *err);

/* Fills err with FAULT_INPUT and the place of the node; returns false. */
bool node_error(const struct node *node, struct error *err, const char *reason, const char *text,
                ...) PRINTF_LIKE(4, 5);

/* Adds the place of the node to a filled err; returns false. */
bool node_place(const struct node *node, struct error *err);
/* The same for a byte of the scalar's text, whatever the quotes, line breaks and indentation. */
bool node_place_inside(const struct node *node, size_t at, struct error *err);

/* One key a map may have. */
struct node_key {
    const char *name;
    enum node_kind kind;
    bool optional;
};

/* Reads a map that has exactly the keys of the table: ret[i] is the value of keys[i], or NULL if it
 * is optional and absent. Reason ids policy.value (not a map, or a value of another kind),
 * policy.unknown-key, policy.missing-key. */
MUST_CHECK bool node_read_map(const struct node *map, const struct node_key *keys, size_t count,
                              const struct node **ret, struct error *err);

/* The scalar as one line of text for people: surrounding space trimmed, line breaks become spaces,
 * 1 to max_code_points characters. Reason id policy.value. */
MUST_CHECK bool node_read_text(struct arena *arena, const struct node *node, size_t max_code_points,
                               const char **ret, struct error *err);

/* The same for a text that is Chinese: a line break, or a blank, between two Chinese characters is
 * none, so that a long text may stand on several lines. */
MUST_CHECK bool node_read_chinese(struct arena *arena, const struct node *node,
                                  size_t max_code_points, const char **ret, struct error *err);

/* The position of the scalar's text in a list of words. Reason id policy.value, which lists them.
 */
MUST_CHECK bool node_read_word(const struct node *node, const char *const *words, size_t count,
                               size_t *ret, struct error *err);

#endif
