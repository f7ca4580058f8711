/* waterfall_read.c - the steps of a loss from the file. */
#include "rules/waterfall_model.h"

#include "ledger/base/text.h"
#include "rules/parameter.h"
#include "rules/scalar.h"

#include <assert.h>
#include <string.h>

/* Parts of the whole loss while its steps are added up: finer than ppm, because a share of the rest
 * is a share of a share. */
#define WHOLE_LOSS INT64_C(1000000000000)
#define DAYS_MAX 3650

bool rounding_read(const struct node *node, enum rounding *ret, struct error *err)
{
    static const char *const words[] = {"down", "half_up", "half_even"};
    static const enum rounding roundings[] = {ROUND_DOWN, ROUND_HALF_UP, ROUND_HALF_EVEN};
    size_t chosen = 0;
    if (node != NULL && !node_read_word(node, words, COUNT_OF(words), &chosen, err)) {
        return false;
    }
    *ret = roundings[chosen];
    return true;
}

bool share_read(const struct node *node, struct rate *ret, struct error *err)
{
    struct value share = {.kind = VALUE_RATE};
    if (!scalar_parse(node->text, VALUE_RATE, &share, err)) {
        return node_place(node, err);
    }
    if (share.number > RATE_WHOLE_PPM) {
        node_error(node, err, "policy.shares", _("“%s” is more than the whole"), node->text);
        return error_limit(err, _("at most 100%%"));
    }
    *ret = value_rate(share);
    return true;
}

static bool read_days(const struct node *node, int64_t *ret, struct error *err)
{
    struct value days = {.kind = VALUE_DAYS};
    if (!scalar_parse(node->text, VALUE_DAYS, &days, err)) {
        return node_place(node, err);
    }
    if (days.number > DAYS_MAX) {
        node_error(node, err, "policy.range", _("“%s” is outside what %s may be"), node->text,
                   node->key->text);
        return error_limit(err, _("at most %d days"), DAYS_MAX);
    }
    *ret = days.number;
    return true;
}

/* --- Caps, floors, deductibles ---------------------------------------------------------------- */

/* An amount such as 500 yuan, or an expression in quotes. */
static bool read_amount(const struct waterfall_reader *reader, const struct node *node,
                        struct money_rule *ret, struct error *err)
{
    size_t at = 0;
    ret->written = node->text;
    if (node->style != SCALAR_PLAIN) {
        return expression_read(reader->arena, node, reader->symbols, VALUE_MONEY, &ret->expression,
                               err);
    }
    struct value amount = {.kind = VALUE_MONEY};
    if (!scalar_parse(node->text, VALUE_MONEY, &amount, err)) {
        node_place(node, err);
        return error_next(err, _("an expression must stand in quotes"));
    }
    return expression_compile(reader->arena, node->text, reader->symbols, VALUE_MONEY,
                              &ret->expression, &at, err) ||
           node_place(node, err);
}

/* "free balance" is how people say fund_free_balance. */
static bool read_cap(const struct waterfall_reader *reader, const struct node *node,
                     struct loss_step *step, struct error *err)
{
    struct money_rule *cap = &step->at_most[step->cap_count++];
    size_t at = 0;
    if (node->kind != NODE_SCALAR || strcmp(node->text, "free balance") != 0) {
        return read_amount(reader, node, cap, err);
    }
    if (reader->payers->of[step->payer].booked_as != PAYER_FUND) {
        return node_error(node, err, "policy.value", _("only the fund has a free balance"));
    }
    cap->written = node->text;
    return expression_compile(reader->arena, "fund_free_balance", reader->symbols, VALUE_MONEY,
                              &cap->expression, &at, err);
}

static bool read_caps(const struct waterfall_reader *reader, const struct node *node,
                      struct loss_step *step, struct error *err)
{
    if (node->kind == NODE_SCALAR) {
        return read_cap(reader, node, step, err);
    }
    if (node->count == 0 || node->count > CAPS_MAX) {
        node_error(node, err, node->count == 0 ? "policy.missing-key" : "policy.too-large",
                   _("the list of caps is empty or too long"));
        return error_limit(err, _("1 to %d"), CAPS_MAX);
    }
    for (const struct node *one = node->first; one != NULL; one = one->next) {
        if (one->kind != NODE_SCALAR) {
            return node_error(one, err, "policy.value", _("here should stand a single value"));
        }
        if (!read_cap(reader, one, step, err)) {
            return false;
        }
    }
    return true;
}

/* --- Payment in parts ------------------------------------------------------------------------- */

static bool read_instalment(const struct node *node, struct loss_step *step, int64_t *left,
                            struct error *err)
{
    static const struct node_key keys[] = {{"share", NODE_SCALAR, false},
                                           {"within", NODE_SCALAR, false}};
    const struct node *found[COUNT_OF(keys)];
    struct instalment *one = &step->instalments[step->instalment_count];
    if (!node_read_map(node, keys, COUNT_OF(keys), found, err) ||
        !share_read(found[0], &one->share, err) || !read_days(found[1], &one->within, err)) {
        return false;
    }
    if (step->instalment_count > 0 && one->within <= one[-1].within) {
        return node_error(found[1], err, "policy.order",
                          _("this instalment is not due after the one before it"));
    }
    step->instalment_count++;
    *left -= one->share.ppm;
    return true;
}

static bool read_instalments(const struct node *list, struct loss_step *step, struct error *err)
{
    int64_t left = RATE_WHOLE_PPM;
    char sum[RATE_TEXT_SIZE];
    if (list->count > INSTALMENTS_MAX) {
        node_error(list, err, "policy.too-large", _("there are too many instalments"));
        return error_limit(err, _("at most %d"), INSTALMENTS_MAX);
    }
    for (const struct node *node = list->first; node != NULL; node = node->next) {
        if (!read_instalment(node, step, &left, err)) {
            return false;
        }
    }
    if (left != 0) {
        node_error(list, err, "policy.shares", _("the instalments come to %s%%"),
                   rate_format(rate_from_ppm(RATE_WHOLE_PPM - left), sum));
        return error_limit(err, _("they must come to 100%%"));
    }
    return true;
}

/* --- One step of the loss --------------------------------------------------------------------- */

/* What the steps read so far have used up. */
struct taken {
    int64_t left;             /* of WHOLE_LOSS */
    int64_t part[PAYERS_MAX]; /* likewise: what each payer took */
    int64_t kept[PAYERS_MAX]; /* and what is left of it when others took some over */
    bool named[PAYERS_MAX];
};

static bool take_payer(const struct waterfall_reader *reader, const struct node *node,
                       struct taken *taken, size_t *ret, struct error *err)
{
    if (!payer_read(reader->payers, node, ret, err)) {
        return false;
    }
    if (taken->named[*ret]) {
        return node_error(node, err, "policy.shares",
                          _("%s stands in another step already, or takes the remainder"),
                          reader->payers->of[*ret].name);
    }
    return true;
}

/* "loss", "rest", or "what fund bears": then the step takes that share over from the fund. */
static bool read_base(const struct waterfall_reader *reader, const struct node *node,
                      const struct taken *taken, struct loss_step *ret, struct error *err)
{
    const char *words[PAYERS_MAX + 2] = {"loss", "rest"};
    size_t payer[PAYERS_MAX + 2] = {0};
    size_t count = 2;
    size_t chosen = 0;
    for (size_t i = 0; i < reader->payers->count; i++) {
        if (taken->named[i] && taken->part[i] > 0) {
            payer[count] = i;
            words[count++] =
                arena_printf(reader->arena, "what %s bears", reader->payers->of[i].name);
        }
    }
    if (!node_read_word(node, words, count, &chosen, err)) {
        return false;
    }
    ret->base = chosen < 2 ? (enum loss_base)chosen : LOSS_BASE_PAYER;
    ret->of_payer = payer[chosen];
    return true;
}

/* Takes the step's share off what the steps before it left of the whole, or of a payer's part. */
static bool take_share(const struct node *node, const struct loss_step *step, struct taken *taken,
                       struct error *err)
{
    bool over = step->base == LOSS_BASE_PAYER;
    int64_t *from = over ? &taken->kept[step->of_payer] : &taken->left;
    int64_t whole = over ? taken->part[step->of_payer]
                         : (step->base == LOSS_BASE_LOSS ? WHOLE_LOSS : taken->left);
    int64_t part = whole / RATE_WHOLE_PPM * step->share.ppm;
    if (part > *from) {
        char left[RATE_TEXT_SIZE];
        node_error(node, err, "policy.shares",
                   _("the shares up to here come to more than the whole loss"));
        return error_limit(err, _("at most %s%% are left for it"),
                           rate_format(rate_from_ppm(*from / (whole / RATE_WHOLE_PPM)), left));
    }
    *from -= part;
    taken->named[step->payer] = true;
    taken->part[step->payer] = taken->kept[step->payer] = part;
    return true;
}

enum step_key {
    PAYER,
    SHARE,
    OF,
    ROUNDING,
    DEDUCTIBLE,
    AT_LEAST,
    AT_MOST,
    EXCESS,
    INSTALMENTS,
    ADVANCED_BY,
    REFUND_WITHIN,
    STEP_KEYS
};

static bool read_advance(const struct waterfall_reader *reader,
                         const struct node *const found[STEP_KEYS], struct loss_step *ret,
                         struct error *err)
{
    ret->refund_within = -1;
    if (found[ADVANCED_BY] == NULL) {
        return found[REFUND_WITHIN] == NULL ||
               node_error(found[REFUND_WITHIN], err, "policy.value",
                          _("nothing is given back where nobody advances"));
    }
    ret->is_advanced = true;
    if (!payer_read(reader->payers, found[ADVANCED_BY], &ret->advanced_by, err)) {
        return false;
    }
    if (ret->advanced_by == ret->payer) {
        return node_error(found[ADVANCED_BY], err, "policy.value",
                          _("a payer cannot advance its own part"));
    }
    if (reader->payers->of[ret->advanced_by].booked_as == PAYER_BANK) {
        return node_error(found[ADVANCED_BY], err, "policy.value",
                          _("who is booked as the bank advances nothing: the bank is paid"));
    }
    return found[REFUND_WITHIN] == NULL ||
           read_days(found[REFUND_WITHIN], &ret->refund_within, err);
}

static bool read_limits(const struct waterfall_reader *reader,
                        const struct node *const found[STEP_KEYS], struct loss_step *ret,
                        struct error *err)
{
    static const char *const words[] = {"remainder", "next steps"};
    size_t chosen = 0;
    if (found[EXCESS] != NULL) {
        if (found[AT_MOST] == NULL) {
            return node_error(found[EXCESS], err, "policy.value",
                              _("nothing exceeds where there is no at_most"));
        }
        if (ret->base == LOSS_BASE_PAYER) {
            return node_error(found[EXCESS], err, "policy.value",
                              _("what is not taken over stays with the payer that bears it"));
        }
        if (!node_read_word(found[EXCESS], words, COUNT_OF(words), &chosen, err)) {
            return false;
        }
        ret->excess_to_rest = chosen == 1;
    }
    return (found[DEDUCTIBLE] == NULL ||
            read_amount(reader, found[DEDUCTIBLE], &ret->deductible, err)) &&
           (found[AT_LEAST] == NULL || read_amount(reader, found[AT_LEAST], &ret->at_least, err)) &&
           (found[AT_MOST] == NULL || read_caps(reader, found[AT_MOST], ret, err));
}

static bool read_step(const struct waterfall_reader *reader, const struct node *node,
                      struct taken *taken, struct loss_step *ret, struct error *err)
{
    static const struct node_key keys[STEP_KEYS] = {
        [PAYER] = {"payer", NODE_SCALAR, false},
        [SHARE] = {"share", NODE_SCALAR, false},
        [OF] = {"of", NODE_SCALAR, false},
        [ROUNDING] = {"rounding", NODE_SCALAR, true},
        [DEDUCTIBLE] = {"deductible", NODE_SCALAR, true},
        [AT_LEAST] = {"at_least", NODE_SCALAR, true},
        [AT_MOST] = {"at_most", NODE_SCALAR_OR_LIST, true},
        [EXCESS] = {"excess", NODE_SCALAR, true},
        [INSTALMENTS] = {"instalments", NODE_LIST, true},
        [ADVANCED_BY] = {"advanced_by", NODE_SCALAR, true},
        [REFUND_WITHIN] = {"refund_within", NODE_SCALAR, true},
    };
    const struct node *found[STEP_KEYS];
    return node_read_map(node, keys, STEP_KEYS, found, err) &&
           take_payer(reader, found[PAYER], taken, &ret->payer, err) &&
           share_read(found[SHARE], &ret->share, err) &&
           read_base(reader, found[OF], taken, ret, err) &&
           take_share(found[SHARE], ret, taken, err) &&
           rounding_read(found[ROUNDING], &ret->rounding, err) &&
           read_limits(reader, found, ret, err) && read_advance(reader, found, ret, err) &&
           (found[INSTALMENTS] == NULL || read_instalments(found[INSTALMENTS], ret, err));
}

/* --- Rows ------------------------------------------------------------------------------------- */

static bool read_steps(const struct waterfall_reader *reader, const struct node *list,
                       struct loss_rule *ret, struct error *err)
{
    if (list->count > PAYERS_MAX) {
        node_error(list, err, "policy.too-large", _("the waterfall has too many steps"));
        return error_limit(err, _("at most %d"), PAYERS_MAX);
    }
    ret->steps = arena_alloc_array(reader->arena, list->count, sizeof *ret->steps);
    struct taken taken = {.left = WHOLE_LOSS};
    taken.named[ret->remainder] = true;
    for (const struct node *node = list->first; node != NULL; node = node->next) {
        if (!read_step(reader, node, &taken, &ret->steps[ret->count], err)) {
            return false;
        }
        ret->count++;
    }
    return true;
}

static bool read_row(const struct waterfall_reader *reader, const struct node *node,
                     const struct date *before, struct loss_rule *ret, struct error *err)
{
    static const struct node_key keys[] = {{"from", NODE_SCALAR, false},
                                           {"steps", NODE_LIST, false},
                                           {"remainder", NODE_SCALAR, false},
                                           {"clause", NODE_SCALAR_OR_MAP, false},
                                           {"amount", NODE_SCALAR, true}};
    const struct node *found[COUNT_OF(keys)];
    if (!node_read_map(node, keys, COUNT_OF(keys), found, err) ||
        !dated_from(found[0], before, &ret->from, err) ||
        !payer_read(reader->payers, found[2], &ret->remainder, err) ||
        (found[4] != NULL && !read_amount(reader, found[4], &ret->amount, err)) ||
        !read_steps(reader, found[1], ret, err) ||
        !clause_read(reader->arena, found[3], &ret->clause, err)) {
        return false;
    }
    loss_rule_explain(reader, ret);
    return true;
}

bool loss_waterfall_read(const struct waterfall_reader *reader, const struct node *node,
                         struct loss_waterfall *ret, struct error *err)
{
    const struct node *rows = NULL;
    if (!dated_read(node, WATERFALL_GOVERNED_BY, &ret->governed_by, &rows, err)) {
        return false;
    }
    ret->rows = arena_alloc_array(reader->arena, rows->count, sizeof *ret->rows);
    const struct date *before = NULL;
    for (const struct node *row = rows->first; row != NULL; row = row->next) {
        if (!read_row(reader, row, before, &ret->rows[ret->count], err)) {
            return false;
        }
        before = &ret->rows[ret->count++].from;
    }
    return true;
}
