/* waterfall_model.h - loss and recovery as they stand in a policy. Layer: rules; only rules/
 * includes it. */
#ifndef YICANG_RULES_WATERFALL_MODEL_H
#define YICANG_RULES_WATERFALL_MODEL_H

#include "ledger/base/arena.h"
#include "rules/condition.h"
#include "rules/payer.h"
#include "rules/waterfall.h"

#define CAPS_MAX 6 /* of one step */

/* What a step's share is a share of. */
enum loss_base { LOSS_BASE_LOSS, LOSS_BASE_REST, LOSS_BASE_PAYER };

/* An amount of money that a cap, a floor or a deductible stands for. */
struct money_rule {
    const struct expression *expression; /* NULL: there is none */
    const char *written;
};

struct instalment {
    struct rate share;
    int64_t within; /* days */
};

struct loss_step {
    size_t payer;
    struct rate share;
    enum loss_base base;
    size_t of_payer; /* of LOSS_BASE_PAYER: whose part is taken over */
    enum rounding rounding;
    struct money_rule deductible;
    struct money_rule at_least;
    struct money_rule at_most[CAPS_MAX];
    size_t cap_count;
    bool excess_to_rest; /* what a cap cuts off is shared by the steps after it */
    struct instalment instalments[INSTALMENTS_MAX];
    size_t instalment_count;
    bool is_advanced;
    size_t advanced_by;
    int64_t refund_within; /* -1: not said */
};

/* The sentences that explain a rule, English and Chinese. */
struct sentences {
    const char **of[2];
    size_t count;
};

/* The order in which a loss is borne, from a date on. */
struct loss_rule {
    struct date from; /* first member: see dated_row_on() */
    struct clause clause;
    struct money_rule amount; /* what the loss is; none: the unpaid covered principal */
    struct loss_step *steps;
    size_t count;
    size_t remainder;
    struct sentences sentences;
};

struct recovery_step {
    size_t payer;
    struct rate share;
    bool of_rest; /* else of all that is recovered */
    enum rounding rounding;
};

/* How recoveries of a claim go back, from a date on. */
struct recovery_rule {
    struct date from; /* first member: see dated_row_on() */
    struct clause clause;
    bool by_what_each_bore; /* else by the steps */
    struct recovery_step *steps;
    size_t count;
    size_t remainder;
    struct sentences sentences;
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

/* What the readers share. */
struct waterfall_reader {
    struct arena *arena;
    const struct payers *payers;
    const struct symbol_table *symbols; /* of FACTS_OF_LOSS */
};

#define WATERFALL_GOVERNED_BY (1U << GOVERNED_BY_SIGNING | 1U << GOVERNED_BY_CLAIM)

/* Reason ids policy.shares (a share over what is left, a payer named twice, instalments that do not
 * come to the whole), policy.value, policy.order, policy.missing-key, policy.unknown-key, and those
 * of expression.h. */
MUST_CHECK bool loss_waterfall_read(const struct waterfall_reader *reader, const struct node *node,
                                    struct loss_waterfall *ret, struct error *err);
MUST_CHECK bool recovery_waterfall_read(const struct waterfall_reader *reader,
                                        const struct node *node, struct recovery_waterfall *ret,
                                        struct error *err);
/* down, half_up, half_even; down where nothing is said (NULL). */
MUST_CHECK bool rounding_read(const struct node *node, enum rounding *ret, struct error *err);
/* A share between 0 and 100 %. */
MUST_CHECK bool share_read(const struct node *node, struct rate *ret, struct error *err);

void loss_rule_explain(const struct waterfall_reader *reader, struct loss_rule *rule);
void recovery_rule_explain(const struct waterfall_reader *reader, struct recovery_rule *rule);

/* The rule in force on the day, or NULL before the first. */
const struct loss_rule *loss_rule_on(const struct loss_waterfall *waterfall, struct date on);
const struct recovery_rule *recovery_rule_on(const struct recovery_waterfall *waterfall,
                                             struct date on);

/* 0 <= recovered_total <= sum borne. */
struct shares recovery_split(const struct recovery_rule *rule, size_t payers,
                             const struct shares *borne, struct money recovered_total);

#endif
