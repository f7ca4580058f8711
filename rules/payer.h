/* payer.h - who can bear a part of a loss under a policy. Layer: rules. */
#ifndef YICANG_RULES_PAYER_H
#define YICANG_RULES_PAYER_H

#include "rules/waterfall.h"
#include "rules/yaml_tree.h"

#include <stdbool.h>
#include <stddef.h>

/* insurer, fund and bank come first, by their numbers in enum payer; then those of the policy. */
struct payers {
    struct payer_facts of[PAYERS_MAX];
    size_t count;
};

/* Reads [{name, booked_as, title}]; NULL leaves the three. Reason ids policy.value,
 * policy.too-large, policy.duplicate-key (a name that is taken). */
MUST_CHECK bool payers_read(struct arena *arena, const struct node *node, struct payers *ret,
                            struct error *err);
/* The number of the payer that the scalar names. Reason id policy.value. */
MUST_CHECK bool payer_read(const struct payers *payers, const struct node *node, size_t *ret,
                           struct error *err);

#endif
