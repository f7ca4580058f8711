#include "rules/policy_model.h"

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"
#include "rules/yaml_tree.h"

#include <stdlib.h>
#include <string.h>

/* What the largest file allowed can come to once read. */
#define POLICY_MEMORY_MAX ((size_t)32 << 20)
#define NAME_LENGTH_MAX 64
#define TITLE_CODE_POINTS_MAX 200

static bool read_name(const struct node *node, const char **ret, struct error *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    size_t length = strlen(node->text);
    if (length == 0 || length > NAME_LENGTH_MAX || strspn(node->text, allowed) != length) {
        node_error(node, err, "policy.value", _("“%s” cannot be the name of a policy"), node->text);
        return error_limit(err, _("1 to %d of a-z, 0-9 and -"), NAME_LENGTH_MAX);
    }
    *ret = node->text;
    return true;
}

static bool read_title(const struct node *node, struct policy *policy, struct error *err)
{
    static const struct node_key keys[] = {{"zh", NODE_SCALAR, false}, {"en", NODE_SCALAR, false}};
    const struct node *found[COUNT_OF(keys)];
    return node_read_map(node, keys, COUNT_OF(keys), found, err) &&
           node_read_text(&policy->arena, found[0], TITLE_CODE_POINTS_MAX, &policy->title_zh,
                          err) &&
           node_read_text(&policy->arena, found[1], TITLE_CODE_POINTS_MAX, &policy->title_en, err);
}

static bool read_parameters(const struct node *node, struct policy *policy, struct error *err)
{
    struct node_key keys[PARAMETER_COUNT];
    const struct node *found[PARAMETER_COUNT];
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        keys[i] = (struct node_key){parameter_name((enum parameter)i), NODE_MAP, false};
    }
    if (!node_read_map(node, keys, PARAMETER_COUNT, found, err)) {
        return false;
    }
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        if (!parameter_read(&policy->arena, (enum parameter)i, found[i], &policy->parameters[i],
                            err)) {
            return false;
        }
    }
    return true;
}

/* Whenever one of the two ages changes, the range between them must not be empty. */
static bool check_ages(const struct policy *policy, struct error *err)
{
    const struct dated_parameter *min = &policy->parameters[PARAMETER_AGE_MIN];
    const struct dated_parameter *max = &policy->parameters[PARAMETER_AGE_MAX];
    for (size_t i = 0; i < min->count + max->count; i++) {
        const struct dated_value *changed =
            i < min->count ? &min->rows[i] : &max->rows[i - min->count];
        const struct dated_value *low = parameter_on(min, changed->from);
        const struct dated_value *high = parameter_on(max, changed->from);
        if (low != NULL && high != NULL && low->value.number > high->value.number) {
            return node_error(changed->node, err, "policy.range",
                              _("from this row on age_min (%s) is above age_max (%s)"),
                              low->written, high->written);
        }
    }
    return true;
}

static bool check_classes_rise(const struct node *node, const struct band_table *table,
                               struct error *err)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct band_row *row = &table->rows[i];
        for (size_t j = 1; j < row->count; j++) {
            if (row->bands[j].value.number < row->bands[j - 1].value.number) {
                char from[DATE_TEXT_SIZE];
                return node_error(node, err, "policy.bands",
                                  _("in the row from %s the class gets better with more days"),
                                  date_format(row->from, from));
            }
        }
    }
    return true;
}

/* The engine asks for the classes itself: bad loans are counted by them. More days never make a
 * better class. */
static bool check_classes(const struct node *node, struct policy *policy, struct error *err)
{
    for (const struct node *at = node->first; at != NULL; at = at->next) {
        const struct band_table *table = &policy->bands.tables[policy->class_table];
        if (text_equal(at->key->text, "loan_class")) {
            if (table->of.kind != VALUE_DAYS ||
                table->gives.words != fact_word_list("loan_class")) {
                node_error(at, err, "policy.value", _("this table is not what it must be"));
                return error_limit(err, "of: days, gives: loan_class");
            }
            return check_classes_rise(at, table, err);
        }
        policy->class_table++;
    }
    return node_error(node, err, "policy.missing-key", _("the key “%s” is missing"), "loan_class");
}

static bool read_waterfalls(const struct node *payers, const struct node *loss,
                            const struct node *recovery, struct policy *policy, struct error *err)
{
    struct symbol_table *symbols = arena_alloc(&policy->arena, sizeof *symbols);
    struct waterfall_reader reader = {&policy->arena, &policy->payers, symbols};
    *symbols = symbols_of(&policy->arena, &policy->bands, FACTS_OF_LOSS);
    return payers_read(&policy->arena, payers, &policy->payers, err) &&
           loss_waterfall_read(&reader, loss, &policy->loss, err) &&
           recovery_waterfall_read(&reader, recovery, &policy->recovery, err);
}

static bool read_policy(const struct node *root, struct policy *policy, struct error *err)
{
    static const struct node_key keys[] = {
        {"policy", NODE_SCALAR, false},  {"title", NODE_MAP, false},
        {"parameters", NODE_MAP, false}, {"bands", NODE_MAP, false},
        {"conditions", NODE_MAP, false}, {"loss", NODE_MAP, false},
        {"recovery", NODE_MAP, false},   {"repayment", NODE_MAP, false},
        {"payers", NODE_LIST, true}};
    const struct node *found[COUNT_OF(keys)];
    return node_read_map(root, keys, COUNT_OF(keys), found, err) &&
           read_name(found[0], &policy->name, err) && read_title(found[1], policy, err) &&
           read_parameters(found[2], policy, err) && check_ages(policy, err) &&
           bands_read(&policy->arena, found[3], &policy->bands, err) &&
           check_classes(found[3], policy, err) &&
           conditions_read(&policy->arena, found[4], &policy->bands, policy->conditions, err) &&
           read_waterfalls(found[8], found[5], found[6], policy, err) &&
           repayment_read(&policy->arena, found[7], &policy->repayment, err);
}

bool policy_load(const char *name, const char *bytes, size_t length, struct policy **ret,
                 struct error *err)
{
    struct policy *policy = alloc_zeroed(1, sizeof *policy);
    const struct node *root = NULL;
    arena_init(&policy->arena, POLICY_MEMORY_MAX);
    if (!yaml_tree_load(&policy->arena, name, bytes, length, &root, err) ||
        !read_policy(root, policy, err)) {
        policy_free(policy);
        return false;
    }
    policy->digest = sha256_of(bytes, length);
    *ret = policy;
    return true;
}

struct policy *policy_free(struct policy *policy)
{
    if (policy != NULL) {
        arena_release(&policy->arena);
        free(policy);
    }
    return NULL;
}
