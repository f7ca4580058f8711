#include "rules/waterfall.h"

#include "ledger/base/text.h"
#include "rules/parameter.h"
#include "rules/scalar.h"

#include <assert.h>

/* Parts of the whole loss while its steps are added up: finer than ppm, because a share of the rest
 * is a share of a share. */
#define WHOLE_LOSS INT64_C(1000000000000)

#define WATERFALL_GOVERNED_BY (1U << GOVERNED_BY_SIGNING | 1U << GOVERNED_BY_CLAIM)

static const char *const payer_names[PAYER_COUNT] = {
    [PAYER_INSURER] = "insurer",
    [PAYER_FUND] = "fund",
    [PAYER_BANK] = "bank",
};

static const char *const payer_titles_zh[PAYER_COUNT] = {
    [PAYER_INSURER] = "保险公司",
    [PAYER_FUND] = "风险补偿金",
    [PAYER_BANK] = "贷款银行",
};

static const char *const base_names[] = {
    [LOSS_BASE_LOSS] = "loss",
    [LOSS_BASE_REST] = "rest",
};

const char *payer_name(enum payer payer)
{
    assert(payer < PAYER_COUNT);
    return payer_names[payer];
}

static bool read_payer(const struct node *node, enum payer *ret, struct error *err)
{
    size_t chosen = 0;
    if (!node_read_word(node, payer_names, PAYER_COUNT, &chosen, err)) {
        return false;
    }
    *ret = (enum payer)chosen;
    return true;
}

/* --- One step of the loss --------------------------------------------------------------------- */

static bool read_cap(const struct node *node, struct loss_step *step, struct error *err)
{
    static const char *const words[] = {"free balance"};
    size_t chosen = 0;
    if (!node_read_word(node, words, COUNT_OF(words), &chosen, err)) {
        return false;
    }
    if (step->payer != PAYER_FUND) {
        return node_error(node, err, "policy.value", _("only the fund has a free balance"));
    }
    step->at_most_free_balance = true;
    return true;
}

/* What the steps read so far have used up. */
struct taken {
    int64_t left; /* of WHOLE_LOSS */
    bool named[PAYER_COUNT];
};

static bool take_payer(const struct node *node, enum payer payer, struct taken *taken,
                       struct error *err)
{
    if (taken->named[payer]) {
        return node_error(node, err, "policy.shares",
                          _("%s stands in another step already, or takes the remainder"),
                          payer_names[payer]);
    }
    taken->named[payer] = true;
    return true;
}

/* Takes the step's share off what the steps before it left of the whole. */
static bool take_share(const struct node *node, const struct loss_step *step, struct taken *taken,
                       struct error *err)
{
    if (step->share.ppm > RATE_WHOLE_PPM) {
        node_error(node, err, "policy.shares", _("「%s」 is more than the whole"), node->text);
        return error_limit(err, _("at most 100%%"));
    }
    int64_t part = step->base == LOSS_BASE_LOSS ? step->share.ppm * (WHOLE_LOSS / RATE_WHOLE_PPM)
                                                : taken->left / RATE_WHOLE_PPM * step->share.ppm;
    if (part > taken->left) {
        return node_error(node, err, "policy.shares",
                          _("the shares up to here come to more than the whole loss"));
    }
    taken->left -= part;
    return true;
}

static bool read_step(const struct node *node, struct taken *taken, struct loss_step *ret,
                      struct error *err)
{
    static const struct node_key keys[] = {{"payer", NODE_SCALAR, false},
                                           {"share", NODE_SCALAR, false},
                                           {"of", NODE_SCALAR, false},
                                           {"at_most", NODE_SCALAR, true}};
    const struct node *found[COUNT_OF(keys)];
    size_t base = 0;
    struct value share = {.kind = VALUE_RATE};
    if (!node_read_map(node, keys, COUNT_OF(keys), found, err) ||
        !read_payer(found[0], &ret->payer, err) || !take_payer(found[0], ret->payer, taken, err)) {
        return false;
    }
    if (!scalar_parse(found[1]->text, VALUE_RATE, &share, err)) {
        return node_place(found[1], err);
    }
    ret->share = value_rate(share);
    if (!node_read_word(found[2], base_names, COUNT_OF(base_names), &base, err)) {
        return false;
    }
    ret->base = (enum loss_base)base;
    return take_share(found[1], ret, taken, err) &&
           (found[3] == NULL || read_cap(found[3], ret, err));
}

/* --- The sentences that explain it ------------------------------------------------------------ */

static const char *sentence_en(struct arena *arena, const struct loss_step *step)
{
    char share[RATE_TEXT_SIZE];
    return arena_printf(arena, "%s %s%% of %s%s", payer_names[step->payer],
                        rate_format(step->share, share), base_names[step->base],
                        step->at_most_free_balance ? ", at most its free balance" : "");
}

static const char *sentence_zh(struct arena *arena, const struct loss_step *step)
{
    char share[RATE_TEXT_SIZE];
    return arena_printf(arena, "%s承担%s的%s%%%s", payer_titles_zh[step->payer],
                        step->base == LOSS_BASE_LOSS ? "损失" : "余下部分",
                        rate_format(step->share, share),
                        step->at_most_free_balance ? "，以可用余额为限" : "");
}

static void explain(struct arena *arena, struct loss_rule *rule)
{
    rule->sentences[0] = arena_alloc_array(arena, rule->count + 1, sizeof(char *));
    rule->sentences[1] = arena_alloc_array(arena, rule->count + 1, sizeof(char *));
    for (size_t i = 0; i < rule->count; i++) {
        rule->sentences[0][i] = sentence_en(arena, &rule->steps[i]);
        rule->sentences[1][i] = sentence_zh(arena, &rule->steps[i]);
    }
    rule->sentences[0][rule->count] =
        arena_printf(arena, "%s the remainder", payer_names[rule->remainder]);
    rule->sentences[1][rule->count] =
        arena_printf(arena, "%s承担其余部分", payer_titles_zh[rule->remainder]);
}

/* --- Rows ------------------------------------------------------------------------------------- */

static bool read_steps(struct arena *arena, const struct node *list, struct loss_rule *ret,
                       struct error *err)
{
    if (list->count > PAYERS_MAX) {
        node_error(list, err, "policy.too-large", _("the waterfall has too many steps"));
        return error_limit(err, _("at most %d"), PAYERS_MAX);
    }
    ret->steps = arena_alloc_array(arena, list->count, sizeof *ret->steps);
    struct taken taken = {.left = WHOLE_LOSS};
    taken.named[ret->remainder] = true;
    for (const struct node *node = list->first; node != NULL; node = node->next) {
        if (!read_step(node, &taken, &ret->steps[ret->count], err)) {
            return false;
        }
        ret->count++;
    }
    return true;
}

static bool read_loss_row(struct arena *arena, const struct node *node, const struct date *before,
                          struct loss_rule *ret, struct error *err)
{
    static const struct node_key keys[] = {{"from", NODE_SCALAR, false},
                                           {"steps", NODE_LIST, false},
                                           {"remainder", NODE_SCALAR, false},
                                           {"clause", NODE_SCALAR, false}};
    const struct node *found[COUNT_OF(keys)];
    if (!node_read_map(node, keys, COUNT_OF(keys), found, err) ||
        !dated_from(found[0], before, &ret->from, err) ||
        !read_payer(found[2], &ret->remainder, err) || !read_steps(arena, found[1], ret, err) ||
        !node_read_text(arena, found[3], CLAUSE_CODE_POINTS_MAX, &ret->clause, err)) {
        return false;
    }
    explain(arena, ret);
    return true;
}

bool loss_waterfall_read(struct arena *arena, const struct node *node, struct loss_waterfall *ret,
                         struct error *err)
{
    const struct node *rows = NULL;
    if (!dated_read(node, WATERFALL_GOVERNED_BY, &ret->governed_by, &rows, err)) {
        return false;
    }
    ret->rows = arena_alloc_array(arena, rows->count, sizeof *ret->rows);
    const struct date *before = NULL;
    for (const struct node *row = rows->first; row != NULL; row = row->next) {
        if (!read_loss_row(arena, row, before, &ret->rows[ret->count], err)) {
            return false;
        }
        before = &ret->rows[ret->count++].from;
    }
    return true;
}

static bool read_recovery_row(struct arena *arena, const struct node *node,
                              const struct date *before, struct recovery_rule *ret,
                              struct error *err)
{
    static const struct node_key keys[] = {{"from", NODE_SCALAR, false},
                                           {"shared_by", NODE_SCALAR, false},
                                           {"remainder", NODE_SCALAR, false},
                                           {"clause", NODE_SCALAR, false}};
    static const char *const words[] = {"what each bore"};
    const struct node *found[COUNT_OF(keys)];
    size_t chosen = 0;
    return node_read_map(node, keys, COUNT_OF(keys), found, err) &&
           dated_from(found[0], before, &ret->from, err) &&
           node_read_word(found[1], words, COUNT_OF(words), &chosen, err) &&
           read_payer(found[2], &ret->remainder, err) &&
           node_read_text(arena, found[3], CLAUSE_CODE_POINTS_MAX, &ret->clause, err);
}

bool recovery_waterfall_read(struct arena *arena, const struct node *node,
                             struct recovery_waterfall *ret, struct error *err)
{
    const struct node *rows = NULL;
    if (!dated_read(node, WATERFALL_GOVERNED_BY, &ret->governed_by, &rows, err)) {
        return false;
    }
    ret->rows = arena_alloc_array(arena, rows->count, sizeof *ret->rows);
    const struct date *before = NULL;
    for (const struct node *row = rows->first; row != NULL; row = row->next) {
        if (!read_recovery_row(arena, row, before, &ret->rows[ret->count], err)) {
            return false;
        }
        before = &ret->rows[ret->count++].from;
    }
    return true;
}
