#include "rules/payer.h"

#include "ledger/base/text.h"

#include <assert.h>
#include <string.h>

#define NAME_LENGTH_MAX 40
#define TITLE_CODE_POINTS_MAX 60

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

const char *payer_name(enum payer payer)
{
    assert(payer < PAYER_COUNT);
    return payer_names[payer];
}

static bool read_name(const struct payers *payers, const struct node *node, const char **ret,
                      struct error *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    size_t length = strlen(node->text);
    if (length == 0 || length > NAME_LENGTH_MAX || strspn(node->text, allowed) != length ||
        node->text[0] < 'a') {
        node_error(node, err, "policy.value", _("“%s” cannot be the name of a payer"), node->text);
        return error_limit(err, _("1 to %d of a-z, 0-9 and _, beginning with a letter"),
                           NAME_LENGTH_MAX);
    }
    for (size_t i = 0; i < payers->count; i++) {
        if (text_equal(payers->of[i].name, node->text)) {
            node_error(node, err, "policy.duplicate-key", _("there is a payer “%s” already"),
                       node->text);
            return error_next(err, _("choose another name"));
        }
    }
    *ret = node->text;
    return true;
}

static bool read_payer(struct arena *arena, const struct node *node, struct payers *payers,
                       struct error *err)
{
    static const struct node_key keys[] = {{"name", NODE_SCALAR, false},
                                           {"booked_as", NODE_SCALAR, false},
                                           {"title", NODE_MAP, false}};
    static const struct node_key titles[] = {{"zh", NODE_SCALAR, false},
                                             {"en", NODE_SCALAR, false}};
    const struct node *found[COUNT_OF(keys)];
    const struct node *title[COUNT_OF(titles)];
    struct payer_facts *payer = &payers->of[payers->count];
    size_t book = 0;
    if (!node_read_map(node, keys, COUNT_OF(keys), found, err) ||
        !read_name(payers, found[0], &payer->name, err) ||
        !node_read_word(found[1], payer_names, PAYER_COUNT, &book, err) ||
        !node_read_map(found[2], titles, COUNT_OF(titles), title, err) ||
        !node_read_text(arena, title[0], TITLE_CODE_POINTS_MAX, &payer->title_zh, err) ||
        !node_read_text(arena, title[1], TITLE_CODE_POINTS_MAX, &payer->title_en, err)) {
        return false;
    }
    payer->booked_as = (enum payer)book;
    payers->count++;
    return true;
}

bool payers_read(struct arena *arena, const struct node *node, struct payers *ret,
                 struct error *err)
{
    for (size_t i = 0; i < PAYER_COUNT; i++) {
        ret->of[i] =
            (struct payer_facts){payer_names[i], payer_titles_zh[i], payer_names[i], (enum payer)i};
    }
    ret->count = PAYER_COUNT;
    if (node != NULL && node->count > PAYERS_MAX - PAYER_COUNT) {
        node_error(node, err, "policy.too-large", _("the policy has too many payers"));
        return error_limit(err, _("at most %d beside insurer, fund and bank"),
                           PAYERS_MAX - PAYER_COUNT);
    }
    for (const struct node *one = node == NULL ? NULL : node->first; one != NULL; one = one->next) {
        if (!read_payer(arena, one, ret, err)) {
            return false;
        }
    }
    return true;
}

bool payer_read(const struct payers *payers, const struct node *node, size_t *ret,
                struct error *err)
{
    const char *names[PAYERS_MAX];
    for (size_t i = 0; i < payers->count; i++) {
        names[i] = payers->of[i].name;
    }
    return node_read_word(node, names, payers->count, ret, err);
}
