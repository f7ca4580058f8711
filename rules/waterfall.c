/* waterfall.c - the steps of a loss and of a recovery, taken. */
#include "rules/waterfall.h"

#include "ledger/base/text.h"
#include "rules/policy_model.h"

#include <assert.h>

const struct loss_rule *loss_rule_on(const struct loss_waterfall *waterfall, struct date on)
{
    return dated_row_on(waterfall->rows, waterfall->count, sizeof *waterfall->rows, on);
}

const struct recovery_rule *recovery_rule_on(const struct recovery_waterfall *waterfall,
                                             struct date on)
{
    return dated_row_on(waterfall->rows, waterfall->count, sizeof *waterfall->rows, on);
}

/* What is taken from an amount never makes it negative, so these cannot fail. */
static struct money less(struct money a, struct money b)
{
    struct money rest = MONEY_ZERO;
    bool fits = money_sub(a, b, &rest);
    assert(fits);
    (void)fits;
    assert(!money_is_negative(rest));
    return rest;
}

static struct money part_of(struct money amount, int64_t num, int64_t den, enum rounding rounding)
{
    struct money part = MONEY_ZERO;
    bool fits = money_mul_div(amount, num, den, rounding, &part);
    assert(fits);
    (void)fits;
    return part;
}

static struct money not_negative(struct money amount)
{
    return money_max(amount, MONEY_ZERO);
}

/* --- A loss ----------------------------------------------------------------------------------- */

/* A loss while it is shared. */
struct sharing {
    const struct policy *policy;
    const struct loss_rule *rule;
    const struct loss_case *loss;
    struct fact known[SYMBOL_MAX];
    struct money rest;   /* what the shares leave for the steps after */
    struct money unpaid; /* what nobody bears yet */
    struct shares bore;  /* what each took, before others took some of it over */
    struct loss_split *split;
    struct error *err;
};

static void know(struct sharing *sharing, enum fact_name name, struct money amount)
{
    sharing->known[name] = (struct fact){true, {VALUE_MONEY, money_fen(amount), NULL}, NULL};
}

/* What a cap, a floor or a deductible of “who” comes to in this case; never below zero. */
static bool amount_of(struct sharing *sharing, const char *who, const struct money_rule *rule,
                      struct money *ret)
{
    struct part_result trace[EXPRESSION_NODES_MAX];
    struct value value;
    if (expression_evaluate(rule->expression, sharing->known, trace, &value, sharing->err)) {
        *ret = not_negative(value_money(value));
        return true;
    }
    policy_name_missing(sharing->policy, sharing->loss->days, rule->expression, trace,
                        sharing->err);
    return error_limit(sharing->err, _("asked by the step of “%s” of the loss: %s"), who,
                       clause_text(sharing->rule->clause, text_language_is_chinese()));
}

static struct money base_of(const struct sharing *sharing, const struct loss_step *step)
{
    switch (step->base) {
    case LOSS_BASE_LOSS:
        return sharing->loss->loss;
    case LOSS_BASE_REST:
        return sharing->rest;
    case LOSS_BASE_PAYER:
        break;
    }
    return sharing->bore.of[step->of_payer];
}

/* The step's share before its caps: above the deductible, not below the floor, not above what there
 * is to be had. */
static bool share_of(struct sharing *sharing, const struct loss_step *step,
                     struct loss_step_result *result)
{
    const char *who = sharing->policy->payers.of[step->payer].name;
    struct money floor = MONEY_ZERO;
    struct money deductible = MONEY_ZERO;
    struct money there =
        step->base == LOSS_BASE_PAYER ? sharing->split->shares.of[step->of_payer] : sharing->rest;
    result->base = base_of(sharing, step);
    if ((step->deductible.expression != NULL &&
         !amount_of(sharing, who, &step->deductible, &deductible)) ||
        (step->at_least.expression != NULL && !amount_of(sharing, who, &step->at_least, &floor))) {
        return false;
    }
    deductible = money_min(deductible, result->base);
    result->base = less(result->base, deductible);
    result->deducted = money_is_positive(deductible);
    struct money part = part_of(result->base, step->share.ppm, RATE_WHOLE_PPM, step->rounding);
    result->share = money_min(money_max(part, floor), there);
    result->raised = money_compare(result->share, part) > 0;
    return true;
}

static bool cap(struct sharing *sharing, const struct loss_step *step,
                struct loss_step_result *result)
{
    const char *who = sharing->policy->payers.of[step->payer].name;
    struct money most[CAPS_MAX] = {{0}};
    result->part = result->share;
    for (size_t i = 0; i < step->cap_count; i++) {
        if (!amount_of(sharing, who, &step->at_most[i], &most[i])) {
            return false;
        }
        result->part = money_min(result->part, most[i]);
    }
    for (size_t i = 0; i < step->cap_count; i++) {
        bool cuts = money_compare(most[i], result->share) < 0;
        result->met |= cuts && money_compare(most[i], result->part) == 0 ? 1U << i : 0;
    }
    return true;
}

/* What a cap cuts off is not shared again unless the policy says so: it stays with the remainder's
 * taker, or with the payer whose part was to be taken over. */
static bool take_step(struct sharing *sharing, const struct loss_step *step)
{
    struct shares *shares = &sharing->split->shares;
    struct loss_step_result *result = &sharing->split->steps[sharing->split->step_count++];
    *result = (struct loss_step_result){.payer = step->payer};
    if (sharing->loss->has_history) {
        know(sharing, FACT_BORNE_THIS_YEAR, sharing->loss->this_year.of[step->payer]);
        know(sharing, FACT_BORNE_IN_ALL, sharing->loss->in_all.of[step->payer]);
    }
    if (!share_of(sharing, step, result) || !cap(sharing, step, result)) {
        return false;
    }
    shares->of[step->payer] = sharing->bore.of[step->payer] = result->part;
    if (step->base == LOSS_BASE_PAYER) {
        shares->of[step->of_payer] = less(shares->of[step->of_payer], result->part);
        return true;
    }
    sharing->rest = less(sharing->rest, step->excess_to_rest ? result->part : result->share);
    sharing->unpaid = less(sharing->unpaid, result->part);
    return true;
}

static void add_payment(struct loss_split *split, const struct loss_payment *payment)
{
    if (money_is_positive(payment->amount)) {
        split->payments[split->payment_count++] = *payment;
    }
}

/* The last instalment takes the odd fen. */
static void list_payments(struct loss_split *split, const struct loss_step *step)
{
    struct money whole = split->shares.of[step->payer];
    struct money left = whole;
    struct loss_payment payment = {.payer = step->payer,
                                   .by = step->is_advanced ? step->advanced_by : step->payer,
                                   .within = -1,
                                   .refund_within = step->refund_within};
    for (size_t i = 0; i < step->instalment_count; i++) {
        bool last = i + 1 == step->instalment_count;
        payment.within = step->instalments[i].within;
        payment.amount =
            last ? left
                 : part_of(whole, step->instalments[i].share.ppm, RATE_WHOLE_PPM, ROUND_DOWN);
        left = less(left, payment.amount);
        add_payment(split, &payment);
    }
    if (step->instalment_count == 0) {
        payment.amount = whole;
        add_payment(split, &payment);
    }
}

static bool share_out(struct sharing *sharing)
{
    const struct loss_rule *rule = sharing->rule;
    const struct payers *payers = &sharing->policy->payers;
    struct loss_split *split = sharing->split;
    for (size_t i = 0; i < rule->count; i++) {
        if (!take_step(sharing, &rule->steps[i])) {
            return false;
        }
    }
    split->shares.of[rule->remainder] = sharing->unpaid;
    for (size_t i = 0; i < rule->count; i++) {
        if (payers->of[rule->steps[i].payer].booked_as != PAYER_BANK) {
            list_payments(split, &rule->steps[i]);
        }
    }
    if (payers->of[rule->remainder].booked_as != PAYER_BANK) {
        struct loss_step rest = {.payer = rule->remainder, .refund_within = -1};
        list_payments(split, &rest);
    }
    return true;
}

bool policy_split_loss(const struct policy *policy, struct date on, const struct loss_case *loss,
                       struct loss_split *ret, struct error *err)
{
    const struct loss_rule *rule = loss_rule_on(&policy->loss, on);
    struct sharing sharing = {.policy = policy,
                              .rule = rule,
                              .loss = loss,
                              .rest = loss->loss,
                              .unpaid = loss->loss,
                              .split = ret,
                              .err = err};
    assert(!money_is_negative(loss->loss));
    *ret = (struct loss_split){0};
    if (rule == NULL) {
        return policy_refuse_not_in_force(policy, "loss", on, policy->loss.rows[0].from, err);
    }
    policy_take_facts(policy, loss->days, loss->facts, sharing.known);
    know(&sharing, FACT_LOSS, loss->loss);
    return share_out(&sharing);
}

bool policy_loss_amount(const struct policy *policy, struct date on,
                        const struct governing_days *days, const struct case_facts *facts,
                        struct money *ret, struct error *err)
{
    const struct loss_rule *rule = loss_rule_on(&policy->loss, on);
    struct loss_case loss = {.days = days, .facts = facts};
    struct sharing sharing = {.policy = policy, .rule = rule, .loss = &loss, .err = err};
    const struct fact *unpaid = &facts->of[FACT_COVERED_UNPAID];
    if (rule == NULL) {
        return policy_refuse_not_in_force(policy, "loss", on, policy->loss.rows[0].from, err);
    }
    if (rule->amount.expression == NULL) {
        assert(unpaid->known);
        *ret = not_negative(value_money(unpaid->value));
        return true;
    }
    policy_take_facts(policy, days, facts, sharing.known);
    return amount_of(&sharing, "amount", &rule->amount, ret);
}

bool policy_loss_has_interest(const struct policy *policy, struct date on)
{
    const struct loss_rule *rule = loss_rule_on(&policy->loss, on);

    if (rule == NULL || rule->amount.expression == NULL) {
        return false;
    }
    for (size_t i = 0; i < expression_parts(rule->amount.expression); i++) {
        struct part part = expression_part(rule->amount.expression, i);
        if (part.is_symbol && part.symbol == FACT_INTEREST_UNPAID) {
            return true;
        }
    }
    return false;
}

struct shares shares_booked(const struct policy *policy, const struct shares *shares)
{
    struct shares booked = {0};
    for (size_t i = 0; i < policy->payers.count; i++) {
        struct money *sum = &booked.of[policy->payers.of[i].booked_as];
        bool fits = money_add(*sum, shares->of[i], sum);
        assert(fits);
        (void)fits;
    }
    return booked;
}

/* --- A recovery ------------------------------------------------------------------------------- */

/* Everything is shared by cutting what is left in two again and again: one payer takes its part of
 * it, the others share the rest. Unlike rounding every part of the whole, this never lets a part
 * shrink when more is recovered. */

/* In the proportion of what each bore to what it and those after it bore. */
static struct shares by_what_each_bore(const struct recovery_rule *rule, size_t payers,
                                       const struct shares *borne, int64_t borne_left,
                                       struct money rest)
{
    struct shares shares = {0};
    for (size_t i = 0; i < payers; i++) {
        int64_t own = money_fen(borne->of[i]);
        if (i == rule->remainder || own == 0) {
            continue;
        }
        shares.of[i] = part_of(rest, own, borne_left, ROUND_DOWN);
        rest = less(rest, shares.of[i]);
        borne_left -= own;
    }
    shares.of[rule->remainder] = rest;
    return shares;
}

/* A share of the whole is taken as its proportion to the shares that are left. Nobody gets more
 * than it bore: what is above that goes to the remainder's taker, and from there to whoever lacks.
 */
static struct shares by_steps(const struct recovery_rule *rule, size_t payers,
                              const struct shares *borne, struct money rest)
{
    struct shares shares = {0};
    int64_t whole = RATE_WHOLE_PPM;
    for (size_t i = 0; i < rule->count; i++) {
        const struct recovery_step *step = &rule->steps[i];
        int64_t of = step->of_rest ? RATE_WHOLE_PPM : whole;
        struct money part =
            of == 0 ? MONEY_ZERO : part_of(rest, step->share.ppm, of, step->rounding);
        whole -= step->of_rest ? 0 : step->share.ppm;
        shares.of[step->payer] = money_min(part, borne->of[step->payer]);
        rest = less(rest, shares.of[step->payer]);
    }
    shares.of[rule->remainder] = money_min(rest, borne->of[rule->remainder]);
    rest = less(rest, shares.of[rule->remainder]);
    for (size_t i = 0; i < payers; i++) {
        struct money lacks = money_min(rest, less(borne->of[i], shares.of[i]));
        bool fits = money_add(shares.of[i], lacks, &shares.of[i]);
        assert(fits);
        (void)fits;
        rest = less(rest, lacks);
    }
    assert(money_is_zero(rest));
    return shares;
}

static bool sum_borne(const struct shares *borne, struct money *ret)
{
    *ret = MONEY_ZERO;
    for (size_t i = 0; i < PAYERS_MAX; i++) {
        assert(!money_is_negative(borne->of[i]));
        if (!money_add(*ret, borne->of[i], ret)) {
            return false;
        }
    }
    return true;
}

bool policy_split_recovery(const struct policy *policy, struct date on, const struct shares *borne,
                           struct money recovered_total, struct shares *ret, struct error *err)
{
    const struct recovery_rule *rule = recovery_rule_on(&policy->recovery, on);
    if (rule == NULL) {
        return policy_refuse_not_in_force(policy, "recovery", on, policy->recovery.rows[0].from,
                                          err);
    }
    struct money total = MONEY_ZERO;
    bool fits = sum_borne(borne, &total);
    assert(fits);
    (void)fits;
    assert(!money_is_negative(recovered_total));
    if (money_compare(recovered_total, total) > 0) {
        char got[MONEY_TEXT_SIZE];
        char limit[MONEY_TEXT_SIZE];
        error_set(err, FAULT_REFUSED, "policy.recovery-over-loss",
                  _("%s yuan recovered is more than the loss that was shared"),
                  money_format_grouped(recovered_total, got));
        return error_limit(err, _("at most %s yuan over all recoveries of the claim"),
                           money_format_grouped(total, limit));
    }
    *ret = rule->by_what_each_bore ? by_what_each_bore(rule, policy->payers.count, borne,
                                                       money_fen(total), recovered_total)
                                   : by_steps(rule, policy->payers.count, borne, recovered_total);
    return true;
}

/* --- For explanations and diff ---------------------------------------------------------------- */

size_t policy_payers(const struct policy *policy)
{
    return policy->payers.count;
}

struct payer_facts policy_payer(const struct policy *policy, size_t payer)
{
    assert(payer < policy->payers.count);
    return policy->payers.of[payer];
}

enum governing_date policy_loss_governed_by(const struct policy *policy)
{
    return policy->loss.governed_by;
}

enum governing_date policy_recovery_governed_by(const struct policy *policy)
{
    return policy->recovery.governed_by;
}

size_t policy_loss_steps(const struct policy *policy, struct date on)
{
    const struct loss_rule *rule = loss_rule_on(&policy->loss, on);
    return rule == NULL ? 0 : rule->sentences.count;
}

const char *policy_loss_step(const struct policy *policy, struct date on, size_t index,
                             bool chinese)
{
    assert(index < policy_loss_steps(policy, on));
    return loss_rule_on(&policy->loss, on)->sentences.of[chinese ? 1 : 0][index];
}

struct clause policy_loss_clause(const struct policy *policy, struct date on)
{
    const struct loss_rule *rule = loss_rule_on(&policy->loss, on);
    return rule == NULL ? (struct clause){NULL, NULL} : rule->clause;
}

size_t policy_recovery_steps(const struct policy *policy, struct date on)
{
    const struct recovery_rule *rule = recovery_rule_on(&policy->recovery, on);
    return rule == NULL ? 0 : rule->sentences.count;
}

const char *policy_recovery_step(const struct policy *policy, struct date on, size_t index,
                                 bool chinese)
{
    assert(index < policy_recovery_steps(policy, on));
    return recovery_rule_on(&policy->recovery, on)->sentences.of[chinese ? 1 : 0][index];
}

struct clause policy_recovery_clause(const struct policy *policy, struct date on)
{
    const struct recovery_rule *rule = recovery_rule_on(&policy->recovery, on);
    return rule == NULL ? (struct clause){NULL, NULL} : rule->clause;
}
