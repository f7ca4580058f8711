#include "rules/yaml_tree.h"

#include <assert.h>
#include <limits.h>
#include <string.h>
#include <yaml.h>

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"
#include "rules/policy.h"

/* What is known while the events come in. */
struct builder {
    yaml_parser_t parser;
    struct arena *arena;
    const struct yaml_source *source;
    struct error *err;
    struct node *open[YAML_DEPTH_MAX];      /* maps and lists not yet closed, outermost first */
    struct node *last[YAML_DEPTH_MAX];      /* the newest child of each */
    const struct node *key[YAML_DEPTH_MAX]; /* a map's key that still waits for its value */
    size_t depth;
    size_t nodes;
    size_t documents;
    struct node *root;
};

static int place(size_t zero_based)
{
    return zero_based < INT_MAX ? (int)zero_based + 1 : INT_MAX;
}

static bool refuse(const struct builder *builder, const yaml_mark_t *mark, const char *reason,
                   const char *text)
{
    error_set(builder->err, FAULT_INPUT, reason, "%s", text);
    return error_at(builder->err, builder->source->name, place(mark->line), place(mark->column));
}

/* One of the limits of yaml_tree.h was met. */
static bool refuse_size(const struct builder *builder, const yaml_mark_t *mark, const char *text,
                        const char *limit, int most, const char *next)
{
    refuse(builder, mark, "policy.too-large", text);
    error_limit(builder->err, limit, most);
    return error_next(builder->err, "%s", next);
}

static bool refuse_syntax(const struct builder *builder)
{
    const yaml_parser_t *parser = &builder->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        alloc_exhausted(POLICY_BYTES_MAX);
    }
    error_set(builder->err, FAULT_INPUT, "policy.yaml", _("the file is not valid YAML: %s"),
              parser->problem == NULL ? "unreadable" : parser->problem);
    return error_at(builder->err, builder->source->name, place(parser->problem_mark.line),
                    place(parser->problem_mark.column));
}

/* --- Putting a node in its place ------------------------------------------------------------- */

static bool take_key(struct builder *builder, struct node *node, const yaml_mark_t *mark)
{
    const struct node *map = builder->open[builder->depth - 1];
    if (node->kind != NODE_SCALAR) {
        return refuse(builder, mark, "policy.yaml", _("a key must be a word"));
    }
    if (strcmp(node->text, "<<") == 0) {
        return refuse(builder, mark, "policy.anchor",
                      _("merge keys (<<) are not allowed: write the value out where it is used"));
    }
    for (const struct node *child = map->first; child != NULL; child = child->next) {
        if (strcmp(child->key->text, node->text) == 0) {
            return node_error(node, builder->err, "policy.duplicate-key",
                              _("the key “%s” stands here a second time; the first is on line %d"),
                              node->text, child->key->line);
        }
    }
    builder->key[builder->depth - 1] = node;
    return true;
}

static bool attach(struct builder *builder, struct node *node, const yaml_mark_t *mark)
{
    if (builder->depth == 0) {
        builder->root = node;
        return true;
    }
    size_t top = builder->depth - 1;
    struct node *parent = builder->open[top];
    if (parent->kind == NODE_MAP && builder->key[top] == NULL) {
        return take_key(builder, node, mark);
    }
    if (parent->count == YAML_CHILDREN_MAX) {
        return refuse_size(builder, mark, _("the list or map is too long"), _("at most %d entries"),
                           YAML_CHILDREN_MAX, _("take out what is no longer needed"));
    }
    node->key = builder->key[top];
    builder->key[top] = NULL;
    if (builder->last[top] == NULL) {
        parent->first = node;
    } else {
        builder->last[top]->next = node;
    }
    builder->last[top] = node;
    parent->count++;
    return true;
}

static bool add_node(struct builder *builder, enum node_kind kind, enum scalar_style style,
                     const char *text, const yaml_mark_t *mark)
{
    if (builder->nodes == YAML_NODES_MAX) {
        return refuse_size(builder, mark, _("the file holds too many values"), _("at most %d"),
                           YAML_NODES_MAX, _("take out what is no longer needed"));
    }
    builder->nodes++;
    struct node *node = arena_alloc(builder->arena, sizeof *node);
    *node = (struct node){.kind = kind,
                          .style = style,
                          .source = builder->source,
                          .line = place(mark->line),
                          .column = place(mark->column),
                          .text = text};
    if (!attach(builder, node, mark)) {
        return false;
    }
    if (kind == NODE_SCALAR) {
        return true;
    }
    if (builder->depth == YAML_DEPTH_MAX) {
        return refuse_size(builder, mark, _("the file is nested too deeply"),
                           _("at most %d levels"), YAML_DEPTH_MAX,
                           _("look for a bracket that is not closed, or a line indented too far"));
    }
    builder->open[builder->depth] = node;
    builder->last[builder->depth] = NULL;
    builder->key[builder->depth] = NULL;
    builder->depth++;
    return true;
}

/* --- One event of libyaml -------------------------------------------------------------------- */

/* Tags are refused in all their spellings; a plain or quoted scalar has none. */
static bool is_plain(const struct builder *builder, const yaml_event_t *event,
                     const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL) {
        return refuse(builder, &event->start_mark, "policy.anchor",
                      _("anchors (&) are not allowed: write the value out where it is used"));
    }
    if (tag != NULL) {
        return refuse(builder, &event->start_mark, "policy.tag",
                      _("tags (!) are not allowed: the kind of a value follows from its key"));
    }
    return true;
}

static enum scalar_style style_of(yaml_scalar_style_t style)
{
    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE) {
        return SCALAR_BLOCK;
    }
    return style == YAML_PLAIN_SCALAR_STYLE ? SCALAR_PLAIN : SCALAR_QUOTED;
}

static bool take_scalar(struct builder *builder, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (!is_plain(builder, event, event->data.scalar.anchor, event->data.scalar.tag)) {
        return false;
    }
    if (!yaml_source_is_visible(value, length)) {
        return refuse(builder, &event->start_mark, "policy.invisible",
                      _("the value holds a character that cannot be seen on a screen"));
    }
    return add_node(builder, NODE_SCALAR, style_of(event->data.scalar.style),
                    arena_text_n(builder->arena, value, length), &event->start_mark);
}

static bool start_document(struct builder *builder, const yaml_event_t *event)
{
    if (builder->documents++ > 0) {
        return refuse(builder, &event->start_mark, "policy.second-document",
                      _("the file holds a second document: one file is one policy"));
    }
    if (event->data.document_start.tag_directives.start !=
        event->data.document_start.tag_directives.end) {
        return refuse(builder, &event->start_mark, "policy.tag", _("%TAG lines are not allowed"));
    }
    if (event->data.document_start.version_directive != NULL) {
        return refuse(builder, &event->start_mark, "policy.yaml", _("%YAML lines are not allowed"));
    }
    return true;
}

static bool take_event(struct builder *builder, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return true;
    case YAML_DOCUMENT_START_EVENT:
        return start_document(builder, event);
    case YAML_ALIAS_EVENT:
        return refuse(builder, &event->start_mark, "policy.anchor",
                      _("aliases (*) are not allowed: write the value out where it is used"));
    case YAML_SCALAR_EVENT:
        return take_scalar(builder, event);
    case YAML_SEQUENCE_START_EVENT:
        return is_plain(builder, event, event->data.sequence_start.anchor,
                        event->data.sequence_start.tag) &&
               add_node(builder, NODE_LIST, SCALAR_PLAIN, NULL, &event->start_mark);
    case YAML_MAPPING_START_EVENT:
        return is_plain(builder, event, event->data.mapping_start.anchor,
                        event->data.mapping_start.tag) &&
               add_node(builder, NODE_MAP, SCALAR_PLAIN, NULL, &event->start_mark);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        assert(builder->depth > 0);
        builder->depth--;
        return true;
    }
    return true;
}

static bool build(struct builder *builder)
{
    for (;;) {
        yaml_event_t event;
        if (yaml_parser_parse(&builder->parser, &event) == 0) {
            return refuse_syntax(builder);
        }
        bool last = event.type == YAML_STREAM_END_EVENT;
        bool taken = take_event(builder, &event);
        yaml_event_delete(&event);
        if (!taken || last) {
            return taken;
        }
    }
}

bool yaml_tree_load(struct arena *arena, const char *file, const char *bytes, size_t length,
                    const struct node **ret, struct error *err)
{
    struct yaml_source given = {file, bytes, length};
    if (!yaml_source_check(&given, err)) {
        return false;
    }
    struct yaml_source *source = arena_alloc(arena, sizeof *source);
    *source =
        (struct yaml_source){arena_text(arena, file), arena_text_n(arena, bytes, length), length};
    struct builder builder = {.arena = arena, .source = source, .err = err};
    if (yaml_parser_initialize(&builder.parser) == 0) {
        alloc_exhausted(sizeof builder.parser);
    }
    yaml_parser_set_encoding(&builder.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&builder.parser, (const unsigned char *)source->bytes, length);
    bool built = build(&builder);
    yaml_parser_delete(&builder.parser);
    if (!built) {
        return false;
    }
    if (builder.root == NULL) {
        error_set(err, FAULT_INPUT, "policy.yaml", _("the file is empty"));
        return error_at(err, file, 1, 1);
    }
    *ret = builder.root;
    return true;
}
