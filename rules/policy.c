#include "rules/policy.h"

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"
#include "rules/parameter.h"
#include "rules/waterfall.h"
#include "rules/yaml_tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What the largest file allowed can come to once read. */
#define POLICY_MEMORY_MAX ((size_t)32 << 20)
#define NAME_LENGTH_MAX 64
#define TITLE_CODE_POINTS_MAX 200

static_assert(POLICY_BYTES_MAX == YAML_BYTES_MAX, "one limit for the bytes of a policy");

struct policy {
    struct arena arena; /* owns the tree and every text */
    struct sha256 digest;
    const char *name;
    const char *title_zh;
    const char *title_en;
    struct dated_parameter parameters[PARAMETER_COUNT];
    struct loss_waterfall loss;
    struct recovery_waterfall recovery;
};

/* --- Loading ---------------------------------------------------------------------------------- */

static bool read_name(const struct node *node, const char **ret, struct error *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    size_t length = strlen(node->text);
    if (length == 0 || length > NAME_LENGTH_MAX || strspn(node->text, allowed) != length) {
        node_error(node, err, "policy.value", _("「%s」 cannot be the name of a policy"),
                   node->text);
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

static bool read_policy(const struct node *root, struct policy *policy, struct error *err)
{
    static const struct node_key keys[] = {{"policy", NODE_SCALAR, false},
                                           {"title", NODE_MAP, false},
                                           {"parameters", NODE_MAP, false},
                                           {"loss", NODE_MAP, false},
                                           {"recovery", NODE_MAP, false}};
    const struct node *found[COUNT_OF(keys)];
    return node_read_map(root, keys, COUNT_OF(keys), found, err) &&
           read_name(found[0], &policy->name, err) && read_title(found[1], policy, err) &&
           read_parameters(found[2], policy, err) && check_ages(policy, err) &&
           loss_waterfall_read(&policy->arena, found[3], &policy->loss, err) &&
           recovery_waterfall_read(&policy->arena, found[4], &policy->recovery, err);
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

/* --- Asking ----------------------------------------------------------------------------------- */

const char *policy_name(const struct policy *policy)
{
    return policy->name;
}

const char *policy_title(const struct policy *policy, bool chinese)
{
    return chinese ? policy->title_zh : policy->title_en;
}

struct sha256 policy_digest(const struct policy *policy)
{
    return policy->digest;
}

static bool refuse_not_in_force(const struct policy *policy, const char *what, struct date on,
                                struct date first, struct error *err)
{
    char on_text[DATE_TEXT_SIZE];
    char first_text[DATE_TEXT_SIZE];
    error_set(err, FAULT_REFUSED, "policy.not-in-force",
              _("policy 「%s」 does not say what %s is on %s"), policy->name, what,
              date_format(on, on_text));
    return error_limit(err, _("its first row is from %s"), date_format(first, first_text));
}

static bool find_value(const struct policy *policy, enum parameter parameter, struct date on,
                       struct value *ret, const char **ret_clause, struct error *err)
{
    assert(parameter < PARAMETER_COUNT);
    const struct dated_parameter *dated = &policy->parameters[parameter];
    const struct dated_value *row = parameter_on(dated, on);
    if (row == NULL) {
        return refuse_not_in_force(policy, parameter_name(parameter), on, dated->rows[0].from, err);
    }
    *ret = row->value;
    if (ret_clause != NULL) {
        *ret_clause = row->clause;
    }
    return true;
}

bool policy_money(const struct policy *policy, enum parameter parameter, struct date on,
                  struct money *ret, const char **ret_clause, struct error *err)
{
    assert(parameter_rule(parameter)->kind == VALUE_MONEY);
    struct value value;
    if (!find_value(policy, parameter, on, &value, ret_clause, err)) {
        return false;
    }
    *ret = value_money(value);
    return true;
}

bool policy_rate(const struct policy *policy, enum parameter parameter, struct date on,
                 struct rate *ret, const char **ret_clause, struct error *err)
{
    assert(parameter_rule(parameter)->kind == VALUE_RATE);
    struct value value;
    if (!find_value(policy, parameter, on, &value, ret_clause, err)) {
        return false;
    }
    *ret = value_rate(value);
    return true;
}

static bool is_count(enum value_kind kind)
{
    return kind == VALUE_INTEGER || kind == VALUE_DAYS || kind == VALUE_MONTHS ||
           kind == VALUE_YEARS;
}

bool policy_int(const struct policy *policy, enum parameter parameter, struct date on, int64_t *ret,
                const char **ret_clause, struct error *err)
{
    assert(is_count(parameter_rule(parameter)->kind));
    struct value value;
    if (!find_value(policy, parameter, on, &value, ret_clause, err)) {
        return false;
    }
    *ret = value.number;
    return true;
}

bool policy_truth(const struct policy *policy, enum parameter parameter, struct date on, bool *ret,
                  const char **ret_clause, struct error *err)
{
    assert(parameter_rule(parameter)->kind == VALUE_TRUTH);
    struct value value;
    if (!find_value(policy, parameter, on, &value, ret_clause, err)) {
        return false;
    }
    *ret = value_truth(value);
    return true;
}

bool policy_next_change(const struct policy *policy, enum parameter parameter, struct date on,
                        struct date *ret)
{
    assert(parameter < PARAMETER_COUNT);
    const struct dated_parameter *dated = &policy->parameters[parameter];
    for (size_t i = 0; i < dated->count; i++) {
        if (date_compare(dated->rows[i].from, on) > 0) {
            *ret = dated->rows[i].from;
            return true;
        }
    }
    return false;
}

size_t policy_rows(const struct policy *policy, enum parameter parameter)
{
    assert(parameter < PARAMETER_COUNT);
    return policy->parameters[parameter].count;
}

struct parameter_row policy_row(const struct policy *policy, enum parameter parameter, size_t index)
{
    assert(index < policy_rows(policy, parameter));
    const struct dated_value *row = &policy->parameters[parameter].rows[index];
    return (struct parameter_row){row->from, row->written, row->clause};
}

enum governing_date policy_governed_by(const struct policy *policy, enum parameter parameter)
{
    assert(parameter < PARAMETER_COUNT);
    return policy->parameters[parameter].governed_by;
}

/* --- The waterfalls --------------------------------------------------------------------------- */

enum governing_date policy_loss_governed_by(const struct policy *policy)
{
    return policy->loss.governed_by;
}

enum governing_date policy_recovery_governed_by(const struct policy *policy)
{
    return policy->recovery.governed_by;
}

bool policy_split_loss(const struct policy *policy, struct date on, struct money loss,
                       struct money fund_free_balance, struct shares *ret, struct error *err)
{
    const struct loss_rule *rule = loss_rule_on(&policy->loss, on);
    if (rule == NULL) {
        return refuse_not_in_force(policy, "loss", on, policy->loss.rows[0].from, err);
    }
    *ret = loss_split(rule, loss, fund_free_balance);
    return true;
}

static bool sum_borne(const struct shares *borne, struct money *ret)
{
    *ret = MONEY_ZERO;
    for (size_t i = 0; i < PAYER_COUNT; i++) {
        assert(!money_is_negative(borne->of[i]));
        if (!money_add(*ret, borne->of[i], ret)) {
            return false;
        }
    }
    return true;
}

bool policy_split_recovery(const struct policy *policy, struct date on, const struct shares *borne,
                           struct money recovered_total, struct shares *ret, struct error *err)
{
    const struct recovery_rule *rule = recovery_rule_on(&policy->recovery, on);
    if (rule == NULL) {
        return refuse_not_in_force(policy, "recovery", on, policy->recovery.rows[0].from, err);
    }
    struct money total = MONEY_ZERO;
    bool fits = sum_borne(borne, &total);
    assert(fits);
    (void)fits;
    assert(!money_is_negative(recovered_total));
    if (money_compare(recovered_total, total) > 0) {
        char got[MONEY_TEXT_SIZE];
        char limit[MONEY_TEXT_SIZE];
        error_set(err, FAULT_REFUSED, "policy.recovery-over-loss",
                  _("%s yuan recovered is more than the loss that was shared"),
                  money_format_grouped(recovered_total, got));
        return error_limit(err, _("at most %s yuan over all recoveries of the claim"),
                           money_format_grouped(total, limit));
    }
    *ret = recovery_split(rule, borne, recovered_total);
    return true;
}

size_t policy_loss_steps(const struct policy *policy, struct date on)
{
    const struct loss_rule *rule = loss_rule_on(&policy->loss, on);
    return rule == NULL ? 0 : rule->count + 1;
}

const char *policy_loss_step(const struct policy *policy, struct date on, size_t index,
                             bool chinese)
{
    assert(index < policy_loss_steps(policy, on));
    return loss_rule_on(&policy->loss, on)->sentences[chinese ? 1 : 0][index];
}

const char *policy_loss_clause(const struct policy *policy, struct date on)
{
    const struct loss_rule *rule = loss_rule_on(&policy->loss, on);
    return rule == NULL ? NULL : rule->clause;
}

const char *policy_recovery_clause(const struct policy *policy, struct date on)
{
    const struct recovery_rule *rule = recovery_rule_on(&policy->recovery, on);
    return rule == NULL ? NULL : rule->clause;
}
