/* policy_model.h - a loaded policy from the inside. Layer: rules; only rules/ includes it. */
#ifndef YICANG_RULES_POLICY_MODEL_H
#define YICANG_RULES_POLICY_MODEL_H

#include "ledger/base/arena.h"
#include "rules/band.h"
#include "rules/condition.h"
#include "rules/parameter.h"
#include "rules/policy.h"
#include "rules/repayment.h"
#include "rules/waterfall_model.h"

struct policy {
    struct arena arena; /* owns the tree and every text */
    struct sha256 digest;
    const char *name;
    const char *title_zh;
    const char *title_en;
    struct dated_parameter parameters[PARAMETER_COUNT];
    struct band_tables bands;
    size_t class_table; /* the one called loan_class */
    struct condition_list conditions[DECISION_POINT_COUNT];
    struct payers payers;
    struct loss_waterfall loss;
    struct recovery_waterfall recovery;
    struct repayment_orders repayment;
};

/* The row in force. Reason id policy.not-in-force (FAULT_REFUSED). */
MUST_CHECK bool policy_find_row(const struct policy *policy, enum parameter parameter,
                                struct date on, const struct dated_value **ret, struct error *err);
/* Says that the policy has nothing called `what` on the day. Returns false. */
bool policy_refuse_not_in_force(const struct policy *policy, const char *what, struct date on,
                                struct date first, struct error *err);
/* What is known about every symbol: the facts of the case, the parameters and the tables. */
void policy_take_facts(const struct policy *policy, const struct governing_days *days,
                       const struct case_facts *facts, struct fact ret[static SYMBOL_MAX]);
/* If an evaluation failed for want of a parameter or a table, says so in err. */
void policy_name_missing(const struct policy *policy, const struct governing_days *days,
                         const struct expression *expression, const struct part_result *trace,
                         struct error *err);
/* Says that a parameter or a table, by its index among the symbols, is not in force on the day that
 * governs it. Returns false. */
bool policy_refuse_symbol(const struct policy *policy, size_t symbol,
                          const struct governing_days *days, struct error *err);

#endif
