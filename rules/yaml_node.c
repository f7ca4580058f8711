#include "rules/yaml_tree.h"

#include "ledger/base/buffer.h"
#include "ledger/base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIRST_CHINESE 0x2e80 /* radicals; then punctuation, characters, full-width letters */

bool node_error(const struct node *node, struct error *err, const char *reason, const char *text,
                ...)
{
    char message[sizeof err->text];
    va_list arguments;
    va_start(arguments, text);
    vsnprintf(message, sizeof message, text, arguments);
    va_end(arguments);
    error_set(err, FAULT_INPUT, reason, "%s", message);
    return node_place(node, err);
}

bool node_place(const struct node *node, struct error *err)
{
    return error_at(err, node->source->name, node->line, node->column);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n';
}

/* Where the scalar's own characters begin: behind the quote, or on the line below the | or >. */
static size_t content_begin(const struct node *node)
{
    size_t at = yaml_source_find(node->source, node->line, node->column);
    if (node->style == SCALAR_QUOTED) {
        return at + 1;
    }
    while (node->style == SCALAR_BLOCK && at < node->source->length &&
           node->source->bytes[at] != '\n') {
        at++;
    }
    return at;
}

/* YAML folds lines and strips indentation, but leaves the visible characters and their order alone
 * (escapes apart, which need a backslash): the same number of them stands before the place in the
 * text and in the file. */
bool node_place_inside(const struct node *node, size_t at, struct error *err)
{
    const struct yaml_source *source = node->source;
    size_t before = 0;
    for (size_t i = 0; i < at; i++) {
        before += is_blank(node->text[i]) ? 0 : 1;
    }
    bool at_end = node->text[at + strspn(node->text + at, " \n")] == '\0';
    size_t in_file = content_begin(node);
    while (in_file < source->length &&
           (before > 0 || (!at_end && is_blank(source->bytes[in_file])))) {
        if (node->style == SCALAR_QUOTED && source->bytes[in_file] == '\\') {
            return node_place(node, err);
        }
        before -= is_blank(source->bytes[in_file]) ? 0 : 1;
        in_file++;
    }
    int line = node->line;
    int column = node->column;
    yaml_source_place(source, in_file, &line, &column);
    return error_at(err, source->name, line, column);
}

static const char *kind_name(enum node_kind kind)
{
    switch (kind) {
    case NODE_SCALAR:
        return _("a single value");
    case NODE_LIST:
        return _("a list");
    case NODE_MAP:
        return _("a group of keys");
    case NODE_SCALAR_OR_LIST:
        return _("a single value or a list");
    case NODE_SCALAR_OR_MAP:
        return _("a single value or a group of keys");
    }
    return "";
}

/* The known names as error limit, so that a typing mistake is easily put right. */
static bool list_known(struct error *err, const char *const *names, size_t count)
{
    AUTO_BUFFER known;
    buffer_init(&known, sizeof err->limit);
    for (size_t i = 0; i < count; i++) {
        buffer_printf(&known, "%s%s", i == 0 ? "" : ", ", names[i]);
    }
    return error_limit(err, _("known here: %s"), known.data);
}

static bool is_known(const struct node *child, const struct node_key *keys, size_t count,
                     size_t *ret)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(keys[i].name, child->key->text) == 0) {
            *ret = i;
            return true;
        }
    }
    return false;
}

static bool is_of_kind(const struct node *node, enum node_kind kind)
{
    return node->kind == kind || (kind == NODE_SCALAR_OR_LIST && node->kind != NODE_MAP) ||
           (kind == NODE_SCALAR_OR_MAP && node->kind != NODE_LIST);
}

static bool refuse_unknown(const struct node *child, const struct node_key *keys, size_t count,
                           struct error *err)
{
    const char *names[YAML_CHILDREN_MAX];
    for (size_t i = 0; i < count && i < COUNT_OF(names); i++) {
        names[i] = keys[i].name;
    }
    node_error(child->key, err, "policy.unknown-key", _("the key “%s” is not known here"),
               child->key->text);
    return list_known(err, names, count);
}

bool node_read_map(const struct node *map, const struct node_key *keys, size_t count,
                   const struct node **ret, struct error *err)
{
    if (map->kind != NODE_MAP) {
        return node_error(map, err, "policy.value", _("here should stand %s, not %s"),
                          kind_name(NODE_MAP), kind_name(map->kind));
    }
    for (size_t i = 0; i < count; i++) {
        ret[i] = NULL;
    }
    for (const struct node *child = map->first; child != NULL; child = child->next) {
        size_t i = 0;
        if (!is_known(child, keys, count, &i)) {
            return refuse_unknown(child, keys, count, err);
        }
        if (!is_of_kind(child, keys[i].kind)) {
            return node_error(child, err, "policy.value", _("“%s” should be %s, not %s"),
                              keys[i].name, kind_name(keys[i].kind), kind_name(child->kind));
        }
        ret[i] = child;
    }
    for (size_t i = 0; i < count; i++) {
        if (ret[i] == NULL && !keys[i].optional) {
            return node_error(map, err, "policy.missing-key", _("the key “%s” is missing"),
                              keys[i].name);
        }
    }
    return true;
}

bool node_read_text(struct arena *arena, const struct node *node, size_t max_code_points,
                    const char **ret, struct error *err)
{
    char *text = arena_text(arena, node->text);
    for (char *at = text; *at != '\0'; at++) {
        if (*at == '\n') {
            *at = ' ';
        }
    }
    while (*text == ' ') {
        text++;
    }
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == ' ') {
        text[--length] = '\0';
    }
    if (length == 0) {
        return node_error(node, err, "policy.value", _("here should stand some text"));
    }
    if (text_code_points(text) > max_code_points) {
        node_error(node, err, "policy.value", _("the text has %zu characters"),
                   text_code_points(text));
        error_limit(err, _("at most %zu characters"), max_code_points);
        return error_next(err, _("say it in fewer words"));
    }
    *ret = text;
    return true;
}

bool node_read_chinese(struct arena *arena, const struct node *node, size_t max_code_points,
                       const char **ret, struct error *err)
{
    const char *text = NULL;
    bool after_chinese = false;
    if (!node_read_text(arena, node, max_code_points, &text, err)) {
        return false;
    }
    assert(text != NULL);
    size_t end = strlen(text);
    size_t length = 0;
    char *joined = arena_text(arena, text);
    for (size_t at = 0; at < end;) {
        size_t begin = at + strspn(text + at, " ");
        size_t next = begin;
        uint32_t code_point = 0;
        if (!text_next_code_point(text, end, &next, &code_point)) {
            break; /* never: the source is UTF-8 and the text ends in no blank */
        }
        bool is_chinese = code_point >= FIRST_CHINESE;
        size_t from = is_chinese && after_chinese ? begin : at;
        memcpy(joined + length, text + from, next - from);
        length += next - from;
        after_chinese = is_chinese;
        at = next;
    }
    joined[length] = '\0';
    *ret = joined;
    return true;
}

bool node_read_word(const struct node *node, const char *const *words, size_t count, size_t *ret,
                    struct error *err)
{
    for (size_t i = 0; node->kind == NODE_SCALAR && i < count; i++) {
        if (strcmp(node->text, words[i]) == 0) {
            *ret = i;
            return true;
        }
    }
    node_error(node, err, "policy.value", _("“%s” is not a word that can stand here"),
               node->kind == NODE_SCALAR ? node->text : kind_name(node->kind));
    return list_known(err, words, count);
}
