/* waterfall.h - who bears a loss, and who gets what is recovered. Layer: rules. */
#ifndef YICANG_RULES_WATERFALL_H
#define YICANG_RULES_WATERFALL_H

#include "ledger/base/arena.h"
#include "rules/policy.h"
#include "rules/yaml_tree.h"

#include <stdbool.h>
#include <stddef.h>

/* What a step's share is a share of. */
enum loss_base { LOSS_BASE_LOSS, LOSS_BASE_REST };

struct loss_step {
    enum payer payer;
    struct rate share;
    enum loss_base base;
    bool at_most_free_balance; /* of the fund */
};

/* The order in which a loss is borne, from a date on. */
struct loss_rule {
    struct date from; /* first member: see dated_row_on() */
    const char *clause;
    struct loss_step *steps;
    size_t count;
    enum payer remainder;
    const char **sentences[2]; /* count + 1 of each: English, Chinese */
};

/* How recoveries of a claim go back, from a date on. */
struct recovery_rule {
    struct date from; /* first member: see dated_row_on() */
    const char *clause;
    enum payer remainder;
};

struct loss_waterfall {
    enum governing_date governed_by;
    struct loss_rule *rows;
    size_t count;
};

struct recovery_waterfall {
    enum governing_date governed_by;
    struct recovery_rule *rows;
    size_t count;
};

/* Reason ids policy.shares (a share over what is left, a payer named twice), policy.value,
 * policy.order, policy.missing-key, policy.unknown-key. */
MUST_CHECK bool loss_waterfall_read(struct arena *arena, const struct node *node,
                                    struct loss_waterfall *ret, struct error *err);
MUST_CHECK bool recovery_waterfall_read(struct arena *arena, const struct node *node,
                                        struct recovery_waterfall *ret, struct error *err);

/* The rule in force on the day, or NULL before the first. */
const struct loss_rule *loss_rule_on(const struct loss_waterfall *waterfall, struct date on);
const struct recovery_rule *recovery_rule_on(const struct recovery_waterfall *waterfall,
                                             struct date on);

/* loss is not negative; a fund that is overdrawn pays nothing. */
struct shares loss_split(const struct loss_rule *rule, struct money loss,
                         struct money fund_free_balance);
/* 0 <= recovered_total <= sum borne. */
struct shares recovery_split(const struct recovery_rule *rule, const struct shares *borne,
                             struct money recovered_total);

#endif
