#include "rules/yaml_tree.h"

#include "ledger/base/buffer.h"
#include "ledger/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool node_error(const struct node *node, struct error *err, const char *reason, const char *text,
                ...)
{
    char message[sizeof err->text];
    va_list arguments;
    va_start(arguments, text);
    vsnprintf(message, sizeof message, text, arguments);
    va_end(arguments);
    error_set(err, FAULT_INPUT, reason, "%s", message);
    return error_at(err, node->file, node->line, node->column);
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

static bool refuse_unknown(const struct node *child, const struct node_key *keys, size_t count,
                           struct error *err)
{
    const char *names[YAML_CHILDREN_MAX];
    for (size_t i = 0; i < count && i < COUNT_OF(names); i++) {
        names[i] = keys[i].name;
    }
    node_error(child->key, err, "policy.unknown-key", _("the key 「%s」 is not known here"),
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
        if (child->kind != keys[i].kind) {
            return node_error(child, err, "policy.value", _("「%s」 should be %s, not %s"),
                              keys[i].name, kind_name(keys[i].kind), kind_name(child->kind));
        }
        ret[i] = child;
    }
    for (size_t i = 0; i < count; i++) {
        if (ret[i] == NULL && !keys[i].optional) {
            return node_error(map, err, "policy.missing-key", _("the key 「%s」 is missing"),
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
        return node_error(node, err, "policy.value", _("the text is longer than %zu characters"),
                          max_code_points);
    }
    *ret = text;
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
    node_error(node, err, "policy.value", _("「%s」 is not a word that can stand here"),
               node->kind == NODE_SCALAR ? node->text : kind_name(node->kind));
    return list_known(err, words, count);
}
