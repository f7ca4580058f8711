#include "rules/repayment.h"

#include "ledger/base/text.h"
#include "rules/scalar.h"

#include <assert.h>
#include <string.h>

#define DAYS_MAX 3650
#define REPAYMENT_GOVERNED_BY (1U << GOVERNED_BY_SIGNING | 1U << GOVERNED_BY_ACCRUAL)

static const char *const due_names[DUE_COUNT] = {
    [DUE_COSTS] = "costs",       [DUE_PENALTY] = "penalty",     [DUE_COMPOUND] = "compound",
    [DUE_INTEREST] = "interest", [DUE_PRINCIPAL] = "principal",
};

const char *due_name(enum due due)
{
    assert(due < DUE_COUNT);
    return due_names[due];
}

const struct repayment_row *repayment_row_on(const struct repayment_orders *orders, struct date on)
{
    return dated_row_on(orders->rows, orders->count, sizeof *orders->rows, on);
}

/* Each due stands in the list exactly once. */
static bool read_order(const struct node *list, enum due ret[static DUE_COUNT], struct error *err)
{
    bool named[DUE_COUNT] = {false};
    size_t count = 0;
    for (const struct node *node = list->first; node != NULL; node = node->next) {
        size_t chosen = 0;
        if (!node_read_word(node, due_names, DUE_COUNT, &chosen, err)) {
            return false;
        }
        if (named[chosen]) {
            return node_error(node, err, "policy.shares", _("“%s” stands in the order already"),
                              due_names[chosen]);
        }
        named[chosen] = true;
        ret[count++] = (enum due)chosen;
    }
    for (size_t i = 0; i < DUE_COUNT; i++) {
        if (!named[i]) {
            node_error(list, err, "policy.shares", _("“%s” is missing from the order"),
                       due_names[i]);
            return error_limit(err, "costs, penalty, compound, interest, principal");
        }
    }
    return true;
}

static bool read_long_overdue(const struct node *node, struct repayment_row *ret, struct error *err)
{
    static const struct node_key keys[] = {{"after", NODE_SCALAR, false},
                                           {"order", NODE_LIST, false}};
    const struct node *found[COUNT_OF(keys)];
    struct value after = {.kind = VALUE_DAYS};
    if (!node_read_map(node, keys, COUNT_OF(keys), found, err)) {
        return false;
    }
    if (!scalar_parse(found[0]->text, VALUE_DAYS, &after, err)) {
        return node_place(found[0], err);
    }
    if (after.number > DAYS_MAX) {
        node_error(found[0], err, "policy.range", _("“%s” is outside what %s may be"),
                   found[0]->text, "after");
        return error_limit(err, _("at most %d days"), DAYS_MAX);
    }
    ret->has_long_overdue = true;
    ret->long_overdue_after = after.number;
    return read_order(found[1], ret->long_overdue_order, err);
}

static bool read_row(struct arena *arena, const struct node *node, const struct date *before,
                     struct repayment_row *ret, struct error *err)
{
    static const struct node_key keys[] = {{"from", NODE_SCALAR, false},
                                           {"order", NODE_LIST, false},
                                           {"long_overdue", NODE_MAP, true},
                                           {"clause", NODE_SCALAR_OR_MAP, false}};
    const struct node *found[COUNT_OF(keys)];
    return node_read_map(node, keys, COUNT_OF(keys), found, err) &&
           dated_from(found[0], before, &ret->from, err) && read_order(found[1], ret->order, err) &&
           (found[2] == NULL || read_long_overdue(found[2], ret, err)) &&
           clause_read(arena, found[3], &ret->clause, err);
}

bool repayment_read(struct arena *arena, const struct node *node, struct repayment_orders *ret,
                    struct error *err)
{
    const struct node *rows = NULL;
    const struct date *before = NULL;
    if (!dated_read(node, REPAYMENT_GOVERNED_BY, &ret->governed_by, &rows, err)) {
        return false;
    }
    ret->rows = arena_alloc_array(arena, rows->count, sizeof *ret->rows);
    for (const struct node *row = rows->first; row != NULL; row = row->next) {
        if (!read_row(arena, row, before, &ret->rows[ret->count], err)) {
            return false;
        }
        before = &ret->rows[ret->count++].from;
    }
    return true;
}

struct dues dues_take(const enum due order[static DUE_COUNT], const struct dues *due,
                      struct money paid, struct money *ret_over)
{
    struct dues taken = {0};
    struct money left = paid;
    assert(!money_is_negative(paid));
    for (size_t i = 0; i < DUE_COUNT; i++) {
        struct money part = money_min(left, due->of[order[i]]);
        assert(!money_is_negative(part));
        taken.of[order[i]] = part;
        bool fits = money_sub(left, part, &left);
        assert(fits);
        (void)fits;
    }
    *ret_over = left;
    return taken;
}
