/* recovery_read.c - who gets what is recovered, from the file. */
#include "rules/waterfall_model.h"

#include "ledger/base/text.h"
#include "rules/parameter.h"

struct taken {
    int64_t left; /* ppm of what is recovered */
    bool named[PAYERS_MAX];
};

static bool read_step(const struct waterfall_reader *reader, const struct node *node,
                      struct taken *taken, struct recovery_step *ret, struct error *err)
{
    static const struct node_key keys[] = {{"payer", NODE_SCALAR, false},
                                           {"share", NODE_SCALAR, false},
                                           {"of", NODE_SCALAR, false},
                                           {"rounding", NODE_SCALAR, true}};
    static const char *const bases[] = {"recovered", "rest"};
    const struct node *found[COUNT_OF(keys)];
    size_t base = 0;
    if (!node_read_map(node, keys, COUNT_OF(keys), found, err) ||
        !payer_read(reader->payers, found[0], &ret->payer, err) ||
        !share_read(found[1], &ret->share, err) ||
        !node_read_word(found[2], bases, COUNT_OF(bases), &base, err) ||
        !rounding_read(found[3], &ret->rounding, err)) {
        return false;
    }
    if (taken->named[ret->payer]) {
        return node_error(found[0], err, "policy.shares",
                          _("%s stands in another step already, or takes the remainder"),
                          reader->payers->of[ret->payer].name);
    }
    taken->named[ret->payer] = true;
    ret->of_rest = base == 1;
    if (!ret->of_rest && ret->share.ppm > taken->left) {
        char left[RATE_TEXT_SIZE];
        node_error(found[1], err, "policy.shares",
                   _("the shares up to here come to more than what is recovered"));
        return error_limit(err, _("at most %s%% are left for it"),
                           rate_format(rate_from_ppm(taken->left), left));
    }
    taken->left -= ret->of_rest ? 0 : ret->share.ppm;
    return true;
}

static bool read_steps(const struct waterfall_reader *reader, const struct node *list,
                       struct recovery_rule *ret, struct error *err)
{
    struct taken taken = {.left = RATE_WHOLE_PPM};
    if (list->count > PAYERS_MAX) {
        node_error(list, err, "policy.too-large", _("the waterfall has too many steps"));
        return error_limit(err, _("at most %d"), PAYERS_MAX);
    }
    taken.named[ret->remainder] = true;
    ret->steps = arena_alloc_array(reader->arena, list->count, sizeof *ret->steps);
    for (const struct node *node = list->first; node != NULL; node = node->next) {
        if (!read_step(reader, node, &taken, &ret->steps[ret->count], err)) {
            return false;
        }
        ret->count++;
    }
    return true;
}

/* Either by what each bore, or by steps. */
static bool read_way(const struct waterfall_reader *reader, const struct node *node,
                     const struct node *shared_by, const struct node *steps,
                     struct recovery_rule *ret, struct error *err)
{
    static const char *const words[] = {"what each bore"};
    size_t chosen = 0;
    if (shared_by != NULL && steps != NULL) {
        node_error(steps, err, "policy.value", _("a recovery is shared in one way only"));
        return error_next(err, _("leave out shared_by, or the steps"));
    }
    if (shared_by == NULL && steps == NULL) {
        return node_error(node, err, "policy.missing-key", _("the key “%s” is missing"),
                          "shared_by");
    }
    ret->by_what_each_bore = shared_by != NULL;
    return shared_by != NULL ? node_read_word(shared_by, words, COUNT_OF(words), &chosen, err)
                             : read_steps(reader, steps, ret, err);
}

static bool read_row(const struct waterfall_reader *reader, const struct node *node,
                     const struct date *before, struct recovery_rule *ret, struct error *err)
{
    static const struct node_key keys[] = {{"from", NODE_SCALAR, false},
                                           {"shared_by", NODE_SCALAR, true},
                                           {"steps", NODE_LIST, true},
                                           {"remainder", NODE_SCALAR, false},
                                           {"clause", NODE_SCALAR_OR_MAP, false}};
    const struct node *found[COUNT_OF(keys)];
    if (!node_read_map(node, keys, COUNT_OF(keys), found, err) ||
        !dated_from(found[0], before, &ret->from, err) ||
        !payer_read(reader->payers, found[3], &ret->remainder, err) ||
        !read_way(reader, node, found[1], found[2], ret, err) ||
        !clause_read(reader->arena, found[4], &ret->clause, err)) {
        return false;
    }
    recovery_rule_explain(reader, ret);
    return true;
}

bool recovery_waterfall_read(const struct waterfall_reader *reader, const struct node *node,
                             struct recovery_waterfall *ret, struct error *err)
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
