/* repayment.h - in which order a payment of the borrower is taken. Layer: rules.
 *
 * Law: costs, interest, principal, if nothing else is agreed (Civil Code 561); what stands between
 * them, and whether long overdue loans pay principal first, is the contract's (domain.md 3.4). */
#ifndef YICANG_RULES_REPAYMENT_H
#define YICANG_RULES_REPAYMENT_H

#include "rules/parameter.h"
#include "rules/policy.h"

#include <stdbool.h>
#include <stddef.h>

struct repayment_orders {
    enum governing_date governed_by;
    struct repayment_row *rows;
    size_t count;
};

/* Reads {governed_by, values: [{from, order, long_overdue, clause}]}. Reason ids policy.shares (a
 * due that is missing or named twice), policy.value, policy.order, policy.missing-key,
 * policy.unknown-key. */
MUST_CHECK bool repayment_read(struct arena *arena, const struct node *node,
                               struct repayment_orders *ret, struct error *err);
/* The row in force on the day, or NULL before the first. */
const struct repayment_row *repayment_row_on(const struct repayment_orders *orders, struct date on);

#endif
